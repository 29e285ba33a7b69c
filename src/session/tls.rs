//! TLS: whom the program trusts, as whom it comes, and why a certificate is not accepted.
//!
//! Verification is the operating system's own, with further authorities where a person names some; there is no way to
//! turn it off. What is added here only keeps what a refused certificate says of itself, for the message.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, OtherError, RootCertStore,
    SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Kind, Result};
use crate::instance::{Pem, Route};
use crate::session::certificate::Facts;

/// Sets TLS up for a way to an instance: 1.2 at least.
///
/// # Errors
/// [`Kind::Usage`] for a file that is not what it should be; [`Kind::Unreachable`] where this computer trusts nobody.
pub(super) fn config(route: &Route) -> Result<ClientConfig> {
    let provider = Arc::new(default_provider());
    let verifier = Witness(verifier(route, &provider)?);
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(unable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &route.client {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let (chain, key) = client(pem)?;
            builder.with_client_auth_cert(chain, key).map_err(|cause| {
                wrong(
                    pem,
                    "holds a key that is not the certificate's, or of an unknown sort",
                )
                .caused_by(cause)
            })?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The operating system's verifier, with the authorities of a file.
fn verifier(route: &Route, provider: &Arc<CryptoProvider>) -> Result<Verifier> {
    let authorities = match &route.ca {
        None => Vec::new(),
        Some(pem) => authorities(pem)?,
    };
    let verifier = Verifier::new_with_extra_roots(authorities, Arc::clone(provider));
    verifier.map_err(|cause| match &cause {
        // Said in its own words below.
        rustls::Error::General(why) if why.contains("No CA certificates") => Error::new(
            Kind::Unreachable,
            "This computer has no CA certificates, so no instance can prove who it is.",
        )
        .hint("install them (Debian: `apt install ca-certificates`), or name a file of them: `--ca FILE`"),
        _ => unable(cause),
    })
}

fn unable(cause: rustls::Error) -> Error {
    Error::new(Kind::Unreachable, "TLS cannot be set up on this computer.").caused_by(cause)
}

fn authorities(pem: &Pem) -> Result<Vec<CertificateDer<'static>>> {
    let found = certificates(pem)?;
    let mut tried = RootCertStore::empty();
    for certificate in &found {
        tried
            .add(certificate.clone())
            .map_err(|cause| wrong(pem, "holds a certificate that cannot be read").caused_by(cause))?;
    }
    Ok(found)
}

fn certificates(pem: &Pem) -> Result<Vec<CertificateDer<'static>>> {
    let all: std::result::Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(pem.text.expose().as_bytes()).collect();
    let all = all.map_err(|_| wrong(pem, "is a damaged PEM file"))?;
    match all.is_empty() {
        true => Err(wrong(pem, "holds no certificate").hint("it begins with `-----BEGIN CERTIFICATE-----`")),
        false => Ok(all),
    }
}

fn client(pem: &Pem) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain = certificates(pem)?;
    let file = pem.file.display();
    let text = pem.text.expose();
    if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
        let error = wrong(pem, "holds a key under a password, which is not supported");
        return Err(error.hint(format!(
            "take the password off, into a file that nobody else can read: (openssl x509 -in {file}; openssl pkey -in {file}) \
             > client.pem"
        )));
    }
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| {
        wrong(pem, "holds no private key").hint("certificate and key stand one after the other in one file")
    })?;
    Ok((chain, key))
}

fn wrong(pem: &Pem, what: &str) -> Error {
    Error::new(Kind::Usage, format!("The file `{}` {what}.", pem.file.display()))
}

/// The real verifier; where that refuses, it says of which certificate.
#[derive(Debug)]
struct Witness(Verifier);

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        self.0
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| {
                let rustls::Error::InvalidCertificate(why) = error else {
                    return error;
                };
                let shown = std::iter::once(end_entity).chain(intermediates);
                let refused = Refused {
                    host: server_name.to_str().into_owned(),
                    why,
                    shown: shown.filter_map(|der| Facts::of(der)).collect(),
                    now: i64::try_from(now.as_secs())
                        .ok()
                        .and_then(|s| Timestamp::from_second(s).ok()),
                };
                rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.0.root_hint_subjects()
    }
}

/// A certificate that was refused, and why.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    /// Who it should have been.
    host: String,
    why: CertificateError,
    /// The certificates that were shown, the host's own first.
    shown: Vec<Facts>,
    now: Option<Timestamp>,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |moment: Timestamp| moment.strftime("%Y-%m-%d").to_string();
        let (own, top) = (self.shown.first(), self.shown.last());
        match (&self.why, own, top) {
            (CertificateError::Expired | CertificateError::ExpiredContext { .. }, Some(own), _) => match self
                .shown
                .iter()
                .find(|facts| self.now.is_some_and(|now| facts.not_after < now))
            {
                Some(facts) if facts == own => {
                    write!(f, "its certificate has expired since {}", day(own.not_after))
                }
                Some(facts) => write!(
                    f,
                    "the certificate of `{}`, which issued its certificate, has expired since {}",
                    facts.subject,
                    day(facts.not_after)
                ),
                None => write!(
                    f,
                    "the certificate of `{}`, which issued its certificate, has expired",
                    own.issuer
                ),
            },
            (CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }, Some(own), _) => {
                let late = self
                    .shown
                    .iter()
                    .find(|facts| self.now.is_some_and(|now| facts.not_before > now));
                let late = late.unwrap_or(own);
                write!(f, "its certificate holds only from {} on", day(late.not_before))?;
                self.now.map_or(Ok(()), |now| {
                    write!(f, ", and the clock of this computer says {}", day(now))
                })
            }
            (
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                Some(own),
                _,
            ) => {
                let named: Vec<String> = own
                    .names
                    .iter()
                    .take(MOST_NAMED)
                    .map(|name| format!("`{name}`"))
                    .collect();
                match (named.as_slice(), own.names.len().saturating_sub(MOST_NAMED)) {
                    ([], _) => write!(f, "its certificate is for no host at all"),
                    (named, 0) => write!(f, "its certificate is for {}", named.join(", ")),
                    (named, more) => write!(f, "its certificate is for {} and {more} more", named.join(", ")),
                }
            }
            // An authority's own certificate in place of a host's is refused in other words.
            (CertificateError::UnknownIssuer | CertificateError::Other(_), Some(own), _) if own.own => {
                write!(
                    f,
                    "its certificate is self-signed, by `{}`, which this computer does not trust",
                    own.subject
                )
            }
            (CertificateError::UnknownIssuer, Some(own), Some(top)) => {
                let issuer = if top.own { &top.subject } else { &top.issuer };
                write!(f, "its certificate is issued by `{}`", own.issuer)?;
                if *issuer != own.issuer {
                    write!(f, " below `{issuer}`")?;
                }
                write!(f, ", which this computer does not trust")
            }
            (CertificateError::Revoked, Some(own), _) => {
                write!(f, "its certificate was revoked by `{}`", own.issuer)
            }
            (why, Some(own), _) => write!(
                f,
                "its certificate, issued by `{}`, is not accepted: {why}",
                own.issuer
            ),
            (why, None, _) => write!(f, "its certificate is not accepted: {why}"),
        }
    }
}

/// Names of a certificate that are shown, at most.
const MOST_NAMED: usize = 3;

impl Refused {
    /// Whom the connection was meant for: the instance, or a proxy that is spoken to by TLS.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Tells whether trusting one more authority would help.
    pub(super) fn is_about_trust(&self) -> bool {
        let is_own = self.shown.first().is_some_and(|facts| facts.own);
        self.why == CertificateError::UnknownIssuer
            || is_own && matches!(self.why, CertificateError::Other(_))
    }
}
