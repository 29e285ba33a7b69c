//! What a certificate says of itself: whose it is, who issued it, and from when to when it holds.
//!
//! It reads for messages only and trusts nothing: whether a certificate is accepted is decided elsewhere.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;
/// `[0]` in front of the version, `[3]` around the extensions.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// In a subject alternative name: a host, and an address.
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// Names that tell whom a certificate is of, the most telling first: common name, unit, organization.
const TELLING: [&[u8]; 3] = [&[0x55, 4, 3], &[0x55, 4, 11], &[0x55, 4, 10]];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 29, 17];

/// Letters of a name that are shown, at most.
const LONGEST: usize = 100;

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// Whose it is.
    pub(super) subject: String,
    /// Who issued it.
    pub(super) issuer: String,
    /// Whether these two are the same.
    pub(super) own: bool,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    /// Hosts and addresses that it is for.
    pub(super) names: Vec<String>,
}

impl Facts {
    /// Reads a certificate (DER); none where it is not understood.
    pub(super) fn of(der: &[u8]) -> Option<Self> {
        let mut certificate = Reader(Reader(der).of(SEQUENCE)?);
        let mut body = Reader(certificate.of(SEQUENCE)?);
        if body.0.first() == Some(&VERSION) {
            body.next()?;
        }
        // Serial number and algorithm.
        body.next()?;
        body.next()?;
        let issuer = body.of(SEQUENCE)?;
        let mut validity = Reader(body.of(SEQUENCE)?);
        let subject = body.of(SEQUENCE)?;
        Some(Self {
            subject: name(subject),
            issuer: name(issuer),
            own: subject == issuer,
            not_before: moment(validity.next()?)?,
            not_after: moment(validity.next()?)?,
            names: alternative_names(body).unwrap_or_default(),
        })
    }
}

/// Reads one element after the other.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next element: its tag and what is in it.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..0x80 => (usize::from(first), rest),
            _ => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = bytes.iter().try_fold(0_usize, |sum, byte| {
                    sum.checked_mul(256)?.checked_add(usize::from(*byte))
                })?;
                (length, rest)
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The same where it must be of a sort.
    fn of(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next()
            .filter(|(tag, _)| *tag == wanted)
            .map(|(_, content)| content)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        Reader::next(self)
    }
}

/// The most telling part of a name.
fn name(parts: &[u8]) -> String {
    let mut found: Vec<(&[u8], String)> = Vec::new();
    for (_, set) in Reader(parts) {
        for (_, pair) in Reader(set) {
            let mut pair = Reader(pair);
            if let (Some(kind), Some((tag, text))) = (pair.of(OID), pair.next()) {
                found.push((kind, words(tag, text)));
            }
        }
    }
    let telling = TELLING
        .iter()
        .find_map(|kind| found.iter().find(|(known, _)| known == kind))
        .or(found.first());
    telling.map_or_else(|| "nobody named".to_owned(), |(_, text)| text.clone())
}

fn words(tag: u8, text: &[u8]) -> String {
    let text = match tag {
        BMP_STRING => {
            let units = text
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        _ => String::from_utf8_lossy(text).into_owned(),
    };
    let plain = |c: char| if c.is_control() || c == '`' { ' ' } else { c };
    text.chars().take(LONGEST).map(plain).collect()
}

fn moment((tag, text): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let text = match (tag, text.get(..2)?.parse::<u8>().ok()?) {
        (GENERALIZED_TIME, _) => text.to_owned(),
        (UTC_TIME, 50..) => format!("19{text}"),
        (UTC_TIME, _) => format!("20{text}"),
        _ => return None,
    };
    let moment = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn alternative_names(body: Reader<'_>) -> Option<Vec<String>> {
    let (_, extensions) = body.into_iter().find(|(tag, _)| *tag == EXTENSIONS)?;
    for (_, extension) in Reader(Reader(extensions).of(SEQUENCE)?) {
        let mut parts = Reader(extension);
        if parts.of(OID)? != ALTERNATIVE_NAMES {
            continue;
        }
        // Whether it is critical stands in between, or nothing does.
        let (_, value) = parts.last()?;
        let named = Reader(Reader(value).of(SEQUENCE)?).filter_map(|(tag, content)| match tag {
            DNS_NAME => Some(words(tag, content)),
            IP_ADDRESS => address(content),
            _ => None,
        });
        return Some(named.collect());
    }
    None
}

fn address(bytes: &[u8]) -> Option<String> {
    match bytes.len() {
        4 => Some(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).to_string()),
        16 => Some(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, DnValue, Issuer, KeyPair, date_time_ymd};

    use super::*;

    fn params(name: &str) -> CertificateParams {
        let mut params =
            CertificateParams::new(vec!["lms.example.com".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        params.distinguished_name = Default::default();
        params
            .distinguished_name
            .push(DnType::OrganizationName, "Example");
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(2020, 1, 2);
        params.not_after = date_time_ymd(2060, 3, 4);
        params
    }

    #[test]
    fn says_whose_it_is_and_how_long_it_holds() {
        let (authority, own) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut above = params("Example Prüf-CA");
        above.distinguished_name.push(
            DnType::CommonName,
            DnValue::BmpString("Example Prüf-CA".try_into().unwrap()),
        );
        let issuer = Issuer::new(above, authority);
        let facts = Facts::of(params("lms").signed_by(&own, &issuer).unwrap().der()).unwrap();
        assert_eq!(
            facts,
            Facts {
                subject: "lms".to_owned(),
                issuer: "Example Prüf-CA".to_owned(),
                own: false,
                not_before: "2020-01-02T00:00:00Z".parse().unwrap(),
                not_after: "2060-03-04T00:00:00Z".parse().unwrap(),
                names: vec!["lms.example.com".to_owned(), "127.0.0.1".to_owned()],
            }
        );
        assert!(
            Facts::of(params("lms").self_signed(&own).unwrap().der())
                .unwrap()
                .own
        );
    }

    #[test]
    fn what_is_no_certificate_says_nothing() {
        let own = KeyPair::generate().unwrap();
        let whole = params("lms").self_signed(&own).unwrap().der().to_vec();
        for length in 0..whole.len() {
            // Cut anywhere: no panic, and nothing made up.
            assert_eq!(Facts::of(&whole[..length]), None, "{length}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            let _any = Facts::of(&damaged);
        }
        assert_eq!(Facts::of(b"\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }
}
