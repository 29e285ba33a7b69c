//! Addresses without what changes from visit to visit.

use url::Url;

/// Gives an address without its fragment, the guard's token, and a session that stands in its path (`;jsessionid=…`).
pub fn bare(url: &Url, tokens: &[String]) -> Url {
    let mut bare = url.clone();
    bare.set_fragment(None);
    if url.path().contains(';') {
        let segments: Vec<&str> = url.path().split('/').map(without_parameters).collect();
        bare.set_path(&segments.join("/"));
    }
    let Some(query) = url.query() else { return bare };
    let is_token = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        tokens.iter().any(|token| *token == decoded(name))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_token(pair)).collect();
    bare.set_query(Some(kept.join("&").as_str()).filter(|query| !query.is_empty()));
    bare
}

/// Gives the path of an address as it may be shown: without a session that stands in it.
pub fn shown_path(url: &Url) -> String {
    bare(url, &[]).path().to_owned()
}

/// Tells whether an address is one of the web; scripts and mail are none.
pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn without_parameters(segment: &str) -> &str {
    segment.split(';').next().unwrap_or_default()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Gives the parts of an address by their places: path segments, then parameters, decoded.
pub(super) fn slots(bare: &Url) -> Vec<(String, String)> {
    let segments: Vec<&str> = bare.path_segments().into_iter().flatten().collect();
    let count = segments.len();
    let path = segments
        .into_iter()
        .enumerate()
        .map(|(at, segment)| (format!("/{at} of {count}"), decoded(segment)));
    let query = bare
        .query_pairs()
        .map(|(name, value)| (format!("?{name}"), value.into_owned()));
    path.chain(query).collect()
}
