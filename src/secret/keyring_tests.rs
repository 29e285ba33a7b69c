//! The door to the keyring, over the store that `keyring-core` offers for tests, and, when asked for, a real one.

use std::process::{Command, Stdio};
use std::time::Duration;

use keyring_core::Error as KeyringError;

use crate::error::Kind;
use crate::secret::Secret;
use crate::secret::keyring::{
    Account, Entry, SERVICE, Slot, explain, keyring_get, keyring_remove, keyring_set, within_limit,
};

fn account(user: &str, slot: Slot) -> Account {
    Account {
        user: user.to_owned(),
        origin: "https://stage.example.com:8443".to_owned(),
        slot,
    }
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

#[test]
fn names_user_origin_and_slot() {
    assert_eq!(
        account("ADMIN", Slot::Own).entry().0,
        "ADMIN@https://stage.example.com:8443#own"
    );
    assert_eq!(
        account("ADMIN", Slot::AfterRefresh).entry().0,
        "ADMIN@https://stage.example.com:8443#after-refresh"
    );
}

#[tokio::test]
async fn keeps_reads_and_removes() {
    keyring_core::set_default_store(keyring_core::mock::Store::new().unwrap());
    let (own, after) = (account("ADMIN", Slot::Own), account("ADMIN", Slot::AfterRefresh));
    assert!(keyring_get(&own.entry()).await.unwrap().is_none());
    keyring_set(&own.entry(), &secret("first")).await.unwrap();
    keyring_set(&after.entry(), &secret("second")).await.unwrap();
    keyring_set(&own.entry(), &secret("third")).await.unwrap();
    assert_eq!(
        keyring_get(&own.entry()).await.unwrap().unwrap().expose(),
        "third"
    );
    assert_eq!(
        keyring_get(&after.entry()).await.unwrap().unwrap().expose(),
        "second"
    );
    assert!(keyring_remove(&own.entry()).await.unwrap());
    assert!(!keyring_remove(&own.entry()).await.unwrap());
    assert!(keyring_get(&own.entry()).await.unwrap().is_none());
}

#[tokio::test]
async fn gives_up_on_a_keyring_that_does_not_answer() {
    let error = within_limit(Duration::from_millis(20), &Entry::state_key(), || {
        std::thread::sleep(Duration::from_secs(2))
    })
    .await
    .unwrap_err();
    assert_eq!(error.kind(), Kind::SignIn);
    assert!(error.message().contains("did not answer"), "{error}");
}

#[test]
fn says_what_is_the_matter_and_names_the_other_ways() {
    let own = account("ADMIN", Slot::Own);
    let cases = [
        (KeyringError::NoDefaultStore, "offers no keyring"),
        (
            KeyringError::NoStorageAccess("prompt dismissed".into()),
            "is locked",
        ),
        (KeyringError::PlatformFailure("no".into()), "refused"),
        (
            KeyringError::TooLong("password encoded as UTF-16".into(), 2560),
            "takes 2560 bytes",
        ),
        (KeyringError::BadEncoding(b"\xffhidden".to_vec()), "no text"),
    ];
    for (error, part) in cases {
        let error = explain(error, &own.entry());
        assert_eq!(error.kind(), Kind::SignIn);
        assert!(error.message().contains(part), "{error}");
        let hints = error.hints().join(" ");
        for way in ["--password-stdin", "LMSKEEP_PASSWORD", "password_command"] {
            assert!(hints.contains(way), "{hints}");
        }
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
}

/// Needs an unlocked Secret Service and `secret-tool`, which `.ci/run` starts.
#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "needs an unlocked Secret Service and secret-tool"]
async fn real_secret_service_keeps_reads_and_removes() {
    let own = account("real-ADMIN", Slot::Own);
    // The platform's own keyring, even where another test has put another in its place.
    assert!(
        keyring::Entry::store_status().is_ok(),
        "{:?}",
        keyring::Entry::store_status()
    );
    let witness = |verb: &str| {
        let mut command = Command::new("secret-tool");
        command
            .args([verb, "service", SERVICE, "username", &own.entry().0])
            .stderr(Stdio::inherit());
        command.output().unwrap()
    };
    keyring_set(&own.entry(), &secret("pässwörd 1")).await.unwrap();
    assert_eq!(String::from_utf8(witness("lookup").stdout).unwrap(), "pässwörd 1");
    keyring_set(&own.entry(), &secret("second")).await.unwrap();
    assert_eq!(
        keyring_get(&own.entry()).await.unwrap().unwrap().expose(),
        "second"
    );
    let long = "k".repeat(100_000);
    keyring_set(&own.entry(), &secret(&long)).await.unwrap();
    assert_eq!(keyring_get(&own.entry()).await.unwrap().unwrap().expose(), long);
    assert!(keyring_remove(&own.entry()).await.unwrap());
    assert!(!keyring_remove(&own.entry()).await.unwrap());
    assert!(keyring_get(&own.entry()).await.unwrap().is_none());
    assert!(!witness("lookup").status.success());
}
