//! From entries to exchanges, as they come, and letting go of what is too much.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use url::Url;

use crate::recording::body::{Body, LARGEST, MissingBody, Packed, is_of_no_use, is_script};
use crate::recording::har::{Content, Entry, PostData, Taker};
use crate::recording::lenient::{Budget, Long, cost};
use crate::recording::sent::{SentBody, pairs_of};
use crate::recording::{Exchange, Recording};

/// What lies in memory beside the texts of an exchange.
const HANDLE: usize = size_of::<Exchange>() + 64;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What was read so far.
pub(super) struct Gather<'a> {
    budget: &'a Budget,
    /// How many bytes all bodies may take.
    room: usize,
    exchanges: Vec<Exchange>,
    entries: usize,
    left_out: usize,
    let_go: usize,
    /// What all but bodies takes.
    held: usize,
    bodies: usize,
    /// Some answer has its body: the recording was exported with content.
    has_content: bool,
}

impl<'a> Gather<'a> {
    pub(super) fn new(budget: &'a Budget, room: usize) -> Self {
        Self {
            budget,
            room,
            exchanges: Vec::new(),
            entries: 0,
            left_out: 0,
            let_go: 0,
            held: 0,
            bodies: 0,
            has_content: false,
        }
    }

    /// How many entries were read whole.
    pub(super) fn requests(&self) -> usize {
        self.entries
    }

    /// Gives what was read, in the order of time; what has no time stays behind what stood before it.
    pub(super) fn finish(mut self, creator: String) -> Recording {
        if self.has_content {
            for exchange in &mut self.exchanges {
                if exchange.body == Body::Missing(MissingBody::NotExported) {
                    exchange.body = Body::Missing(MissingBody::Evicted);
                }
            }
        }
        let mut latest = None;
        let mut timed: Vec<(Option<Timestamp>, Exchange)> = Vec::with_capacity(self.exchanges.len());
        for exchange in self.exchanges {
            latest = exchange.started.or(latest);
            timed.push((latest, exchange));
        }
        timed.sort_by_key(|(time, _)| *time);
        Recording {
            exchanges: timed.into_iter().map(|(_, exchange)| exchange).collect(),
            creator,
            left_out: self.left_out,
            let_go: self.let_go,
        }
    }

    /// Lets bodies go until there is room again: scripts first, what was sent last, large ones before small ones.
    fn let_go(&mut self) {
        let mut all: Vec<(u8, std::cmp::Reverse<usize>, usize)> = Vec::new();
        for (place, exchange) in self.exchanges.iter().enumerate() {
            let rank = u8::from(!is_script(exchange.content_type.as_deref().unwrap_or_default()));
            all.push((rank, std::cmp::Reverse(exchange.body.held()), place));
            let sent = exchange.sent.as_ref().map_or(0, |sent| sent.body.held());
            all.push((2, std::cmp::Reverse(sent), place));
        }
        all.retain(|(_, size, _)| size.0 > 0);
        all.sort_unstable();
        for (rank, size, place) in all {
            if self.bodies <= self.room / 4 * 3 {
                break;
            }
            let exchange = &mut self.exchanges[place];
            let gone = Body::Missing(MissingBody::TooLarge);
            match (rank, &mut exchange.sent) {
                (2, Some(sent)) => sent.body = gone,
                _ => exchange.body = gone,
            }
            self.bodies -= size.0;
            self.let_go += 1;
        }
    }
}

impl Taker for Gather<'_> {
    fn take(&mut self, entry: Entry<'_>) -> bool {
        if self.budget.is_spent() {
            return false;
        }
        self.entries += 1;
        match exchange(entry, self.entries) {
            Some(exchange) => {
                self.held += held(&exchange);
                self.bodies += exchange.body.held();
                self.bodies += exchange.sent.as_ref().map_or(0, |sent| sent.body.held());
                self.has_content |= matches!(exchange.body, Body::Kept(_));
                self.has_content |= exchange.body.missing() == Some(MissingBody::TooLarge);
                self.exchanges.push(exchange);
            }
            None => self.left_out += 1,
        }
        self.budget.settle(self.held);
        if self.bodies > self.room {
            self.let_go();
        }
        true
    }
}

fn held(exchange: &Exchange) -> usize {
    let lists = [
        &exchange.request_headers,
        &exchange.request_cookies,
        &exchange.response_headers,
    ];
    let params = exchange.sent.as_ref().map(|sent| &sent.params);
    let pairs = lists.into_iter().chain(params).flatten();
    HANDLE
        + exchange.url.as_str().len()
        + pairs
            .map(|(name, value)| cost(name.len()) + cost(value.len()))
            .sum::<usize>()
}

/// Makes an exchange of an entry; nothing of one that went to no server.
fn exchange(entry: Entry<'_>, number: usize) -> Option<Exchange> {
    let (request, response) = (entry.request, entry.response);
    let mut url = Url::parse(request.url.text.trim()).ok()?;
    let method = request.method.text.trim().to_ascii_uppercase();
    if !matches!(url.scheme(), "http" | "https")
        || !url.has_host()
        || method.is_empty()
        || method == "CONNECT"
    {
        return None;
    }
    url.set_fragment(None);
    let request_headers = real(request.headers.list);
    let mut request_cookies = request.cookies.list;
    if request_cookies.is_empty() {
        request_cookies = cookies(&request_headers);
    }
    let mut response_headers = real(response.headers.list);
    let named = |wanted: &str| {
        let mut found = response_headers.iter();
        found.find(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    if named("location").is_none() && !response.location.text.is_empty() {
        response_headers.push(("Location".to_owned(), response.location.text));
    }
    let status = status(response.status.0);
    let content_type = response_headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.clone())
        .or_else(|| Some(response.content.content_type.text.clone()).filter(|kind| kind.contains('/')));
    let nothing = match (status, entry.from_cache) {
        (0, _) => MissingBody::NoAnswer,
        (304, _) => MissingBody::Cached,
        (100..200 | 204 | 205 | 300..400, _) => MissingBody::None,
        _ if method == "HEAD" => MissingBody::None,
        (_, true) => MissingBody::Cached,
        _ if is_empty(&response.content, &response_headers) => MissingBody::None,
        _ => MissingBody::NotExported,
    };
    let body = body(response.content, content_type.as_deref(), nothing);
    Some(Exchange {
        number,
        started: started(&entry.started.text),
        sent: sent(request.post, &request_headers),
        method,
        url,
        request_headers,
        request_cookies,
        status,
        response_headers,
        content_type,
        body,
    })
}

/// Headers of HTTP/2 such as `:authority` are no headers.
fn real(mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers.retain(|(name, _)| !name.starts_with(':'));
    headers.shrink_to_fit();
    headers
}

fn cookies(headers: &[(String, String)]) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Some browsers write -1 where there was no answer.
fn status(number: Option<f64>) -> u16 {
    let number = number.unwrap_or_default();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    if (100.0..1000.0).contains(&number) {
        number as u16
    } else {
        0
    }
}

fn started(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // Some proxies leave the offset out.
    let naive = || {
        let time: DateTime = text.parse().ok()?;
        Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(naive)
}

/// Tells whether an answer without a body is said to have none.
fn is_empty(content: &Content<'_>, headers: &[(String, String)]) -> bool {
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<u64>().ok());
    content.size.0 == Some(0.0) && length.unwrap_or_default() == 0
}

fn body(content: Content<'_>, content_type: Option<&str>, nothing: MissingBody) -> Body {
    let own = content.content_type.text.as_str();
    // A browser that was told nothing, or something wrong, has looked at the bytes.
    let kind = if own.contains('/') {
        own
    } else {
        content_type.unwrap_or_default()
    };
    if is_of_no_use(kind) {
        return Body::Missing(MissingBody::OfNoUse);
    }
    let is_base64 = content.encoding.text.trim().eq_ignore_ascii_case("base64");
    match bytes(content.text, is_base64) {
        Ok(bytes) if bytes.is_empty() => Body::Missing(nothing),
        Ok(bytes) if !is_base64 => kept(&marked(bytes)),
        Ok(bytes) if is_binary(&bytes) => Body::Missing(MissingBody::Binary),
        Ok(bytes) => kept(&bytes),
        Err(why) => Body::Missing(why),
    }
}

fn kept(bytes: &[u8]) -> Body {
    Body::Kept(Packed::new(bytes))
}

/// Gives the bytes of a text, none where there is no text.
fn bytes(long: Long, is_base64: bool) -> Result<Vec<u8>, MissingBody> {
    if long.is_cut {
        return Err(MissingBody::TooLarge);
    }
    let mut bytes = long.text.unwrap_or_default().into_bytes();
    if is_base64 {
        bytes.retain(|byte| !byte.is_ascii_whitespace());
        bytes = BASE64.decode(&bytes).map_err(|_| MissingBody::Binary)?;
    }
    if bytes.len() > LARGEST {
        return Err(MissingBody::TooLarge);
    }
    Ok(bytes)
}

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Puts a byte order mark before a text: it is UTF-8 now, whatever its header or a `<meta>` says that it was.
fn marked(text: Vec<u8>) -> Vec<u8> {
    if text.starts_with(MARK) {
        text
    } else {
        [MARK, &text].concat()
    }
}

/// Text holds no NUL, unless its characters are two bytes wide.
fn is_binary(bytes: &[u8]) -> bool {
    let begin = &bytes[..bytes.len().min(1024)];
    begin.contains(&0) && encoding_rs::Encoding::for_bom(begin).is_none()
}

fn sent(post: PostData<'_>, headers: &[(String, String)]) -> Option<SentBody> {
    if !post.is_there {
        return None;
    }
    let mut content_type = post.content_type.text;
    // Some write the type without its parameters, or not at all.
    let header = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some((_, header)) = header
        && header.len() > content_type.len()
    {
        content_type = header.clone();
    }
    let is_base64 = post.encoding.text.trim().eq_ignore_ascii_case("base64");
    let mut params = post.params.list;
    let body = match bytes(post.text, is_base64).map(without_headers) {
        Ok(bytes) if bytes.is_empty() => Body::Missing(if params.is_empty() {
            MissingBody::None
        } else {
            MissingBody::NotExported
        }),
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            if !pairs_of(&text, &content_type).is_empty() {
                params = Vec::new();
            }
            kept(&bytes)
        }
        Err(why) => Body::Missing(why),
    };
    if post.params.is_cut {
        params = Vec::new();
    }
    Some(SentBody {
        content_type,
        body,
        params,
    })
}

/// Firefox writes the headers of a form's body before it.
fn without_headers(mut bytes: Vec<u8>) -> Vec<u8> {
    const BEGIN: &[u8] = b"content-type:";
    let begins = bytes
        .get(..BEGIN.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(BEGIN));
    let end = memchr::memmem::find(&bytes, b"\r\n\r\n");
    if let Some(end) = end.filter(|_| begins) {
        bytes.drain(..end + 4);
    }
    bytes
}
