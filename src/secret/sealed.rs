//! What is too large for the keyring: sealed with `age` under a key that lies in the keyring.

use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

/// Makes a key.
pub fn new_key() -> Secret {
    Secret::from(Identity::generate().to_string().expose_secret().to_owned())
}

/// Seals a text under a key.
///
/// # Errors
/// [`Kind::Archive`] where the key is none.
pub fn seal(key: &Secret, text: &[u8]) -> Result<Vec<u8>> {
    let failed =
        |cause: String| Error::new(Kind::Archive, "What is secret could not be sealed.").caused_by(cause);
    age::encrypt(&identity(key)?.to_public(), text).map_err(|cause| failed(cause.to_string()))
}

/// Opens what was sealed; none where it was sealed under another key, or its bytes have changed.
///
/// # Errors
/// [`Kind::Archive`] where the key is none.
pub fn open(key: &Secret, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
    Ok(age::decrypt(&identity(key)?, sealed).ok().map(Zeroizing::new))
}

fn identity(key: &Secret) -> Result<Identity> {
    Identity::from_str(key.expose()).map_err(|cause| {
        Error::new(
            Kind::Archive,
            "What the keyring holds as the key of the state is no key.",
        )
        .caused_by(cause)
    })
}
