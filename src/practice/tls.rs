//! TLS for the practice instances: an authority of its own that nobody trusts yet, and a server certificate from it.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::error::{Error, Kind, Result};

/// Days that the certificates hold; some systems accept no more than 825.
const DAYS: i64 = 397;
/// The authority's name.
const AUTHORITY: &str = "lmskeep practice CA";

/// What the instances prove themselves by.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    /// The authority's certificate, which a client has to trust.
    pub(super) ca_pem: String,
}

impl Identity {
    /// Makes an authority and a certificate for this machine's own names, good from yesterday on.
    ///
    /// Errors: [`Kind::Usage`] where the machine gives no keys.
    pub(super) fn make(now: Timestamp) -> Result<Self> {
        let failed = |cause: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(Kind::Usage, "The practice LMS cannot make its certificates.").caused_by(cause)
        };
        Self::made(now).map_err(failed)
    }

    fn made(now: Timestamp) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let (from, to) = (today.checked_sub(1.day())?, today.checked_add(DAYS.days())?);

        let mut above = CertificateParams::default();
        above.distinguished_name.push(DnType::CommonName, AUTHORITY);
        above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        above.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        held(&mut above, from, to);
        let authority_key = KeyPair::generate()?;
        let authority = above.self_signed(&authority_key)?;
        let issuer = Issuer::new(above, authority_key);

        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let mut own = CertificateParams::new(names)?;
        own.distinguished_name
            .push(DnType::CommonName, "lmskeep practice");
        own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        own.use_authority_key_identifier_extension = true;
        held(&mut own, from, to);
        let key = KeyPair::generate()?;
        let certificate = own.signed_by(&key, &issuer)?;

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            ca_pem: authority.pem(),
        })
    }
}

fn held(params: &mut CertificateParams, from: Date, to: Date) {
    let day = |date: Date| {
        date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = day(from);
    params.not_after = day(to);
}
