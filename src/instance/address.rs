//! Reads the address of an instance as people paste it.

use url::{Host, Url};

use crate::error::{Error, Kind, Result};

/// Reads an address and keeps its root: scheme, host and port, ending with `/`.
///
/// What a browser's address bar shows is understood, path and query included; without a scheme it is https.
///
/// # Errors
/// [`Kind::Usage`] for what is no address, has a user name or password in it, or is neither https nor http to this
/// very machine. The sentence never shows a text that may hold a password.
pub fn read_address(pasted: &str) -> Result<Url> {
    let pasted = pasted.trim();
    let text = if pasted.contains("://") {
        pasted.to_owned()
    } else {
        format!("https://{pasted}")
    };
    // An unreadable address may still have a password in it, so it is shown only where it cannot.
    let shown = if pasted.contains(['@', '?', '#']) {
        "The address".to_owned()
    } else {
        format!("`{pasted}`")
    };
    let example = "an address looks like `https://stage.plateau.com`";
    let mut url = Url::parse(&text).map_err(|cause| {
        Error::new(Kind::Usage, format!("{shown} is no web address."))
            .caused_by(cause)
            .hint(example)
    })?;
    let Some(host) = url.host() else {
        return Err(Error::new(Kind::Usage, format!("{shown} names no host.")).hint(example));
    };
    let this_machine = is_loopback(&host);
    let host = host.to_string();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new(
            Kind::Usage,
            format!("The address at `{host}` has a user name or a password in it."),
        )
        .hint("leave them out of the address; name the admin with `--user USER`"));
    }
    match url.scheme() {
        "https" => {}
        "http" if this_machine => {}
        "http" => {
            return Err(Error::new(
                Kind::Usage,
                format!("`{host}` would be reached over plain http, where passwords can be read on the way."),
            )
            .hint(format!(
                "use `https://{host}`; plain http is for `localhost` and `127.0.0.1` only"
            )));
        }
        other => {
            return Err(
                Error::new(Kind::Usage, format!("An LMS is not reached over `{other}`.")).hint(example),
            );
        }
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// Tells whether a host is this very machine: `localhost`, 127.0.0.0/8 or `[::1]`.
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
