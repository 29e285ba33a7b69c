//! The ledger of encrypted values: where the real value of each lies, who owns it, when it was entered.
//!
//! Of what live carried after a value was entered only a salted hash is kept. Values that are too large for the keyring
//! lie in files beside it, sealed under the key that lies there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::backup::content_hash;
use crate::error::Result;
use crate::secret::{Secret, sealed};
use crate::state::{Place, State, of_instance, record};

/// Where a real value lies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "lies", content = "command")]
pub enum Lies {
    /// Nowhere that this program knows.
    #[default]
    Nowhere,
    /// In the operating system's keyring.
    Keyring,
    /// In a sealed file of the state, whose key is in the keyring.
    File,
    /// This command prints it.
    Command(String),
}

/// What is known of one value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Known {
    /// Where it lies.
    #[serde(flatten)]
    pub lies: Lies,
    /// Who can tell it.
    pub owner: Option<String>,
    /// When it was entered last by this program.
    pub entered: Option<Timestamp>,
    /// When a person reported that it works.
    pub proven: Option<Timestamp>,
    /// Whether the value was corrected since: what was entered is another.
    #[serde(default)]
    pub due: bool,
    /// Salted hash of what live read after it was entered.
    reads: Option<String>,
}

/// The values of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    salt: String,
    lines: BTreeMap<Place, Known>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    salt: String,
    values: Vec<StoredLine>,
}

#[derive(Serialize, Deserialize)]
struct StoredLine {
    document: String,
    key: String,
    occurrence: usize,
    known: Known,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    sealed: String,
}

impl Default for Ledger {
    /// Nothing is known; the salt is new.
    fn default() -> Self {
        Self {
            salt: hex::encode(rand::random::<[u8; 16]>()),
            lines: BTreeMap::new(),
        }
    }
}

impl Ledger {
    /// Gives the values that are known, sorted.
    pub fn lines(&self) -> impl Iterator<Item = (&Place, &Known)> {
        self.lines.iter()
    }

    /// What is known of a value.
    pub fn known(&self, place: &Place) -> Option<&Known> {
        self.lines.get(place)
    }

    /// The same to be changed; a new line where there is none.
    pub fn line(&mut self, place: &Place) -> &mut Known {
        self.lines.entry(place.clone()).or_default()
    }

    /// Forgets a value; `false` where it is not known.
    pub fn forget(&mut self, place: &Place) -> bool {
        self.lines.remove(place).is_some()
    }

    /// Notes that a value was entered, and what live reads there since. Whether it works is not known any more.
    pub fn entered(&mut self, place: &Place, when: Timestamp, live: &str) {
        let reads = self.hash(place, live);
        let line = self.line(place);
        line.entered = Some(when);
        line.proven = None;
        line.due = false;
        line.reads = Some(reads);
    }

    /// Tells whether live still reads as it did after the value was entered; `None` where it never was.
    pub fn reads_as_entered(&self, place: &Place, live: &str) -> Option<bool> {
        let reads = self.lines.get(place)?.reads.as_ref()?;
        Some(*reads == self.hash(place, live))
    }

    fn hash(&self, place: &Place, live: &str) -> String {
        let Place {
            document,
            key,
            occurrence,
        } = place;
        content_hash(format!("{}\0{document}\0{key}\0{occurrence}\0{live}", self.salt).as_bytes())
    }
}

impl State {
    /// Reads the ledger of an instance.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn ledger(&self, instance: &str) -> Result<Ledger> {
        let stored: Option<Stored> = record::read(&self.store, &of_instance(instance, "values")?).await?;
        let Some(stored) = stored else {
            return Ok(Ledger::default());
        };
        let line = |line: StoredLine| {
            let (document, key, occurrence) = (line.document, line.key, line.occurrence);
            (
                Place {
                    document,
                    key,
                    occurrence,
                },
                line.known,
            )
        };
        Ok(Ledger {
            salt: stored.salt,
            lines: stored.values.into_iter().map(line).collect(),
        })
    }

    /// Keeps the ledger of an instance.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_ledger(&self, instance: &str, ledger: &Ledger) -> Result<()> {
        let line = |(place, known): (&Place, &Known)| StoredLine {
            document: place.document.clone(),
            key: place.key.clone(),
            occurrence: place.occurrence,
            known: known.clone(),
        };
        let stored = Stored {
            salt: ledger.salt.clone(),
            values: ledger.lines().map(line).collect(),
        };
        record::write(&self.store, &of_instance(instance, "values")?, &stored).await
    }

    /// Keeps a value in a sealed file.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn keep_value(
        &self,
        instance: &str,
        place: &Place,
        value: &Secret,
        key: &Secret,
    ) -> Result<()> {
        let sealed = hex::encode(sealed::seal(key, value.expose().as_bytes())?);
        record::write(&self.store, &value_path(instance, place)?, &Sealed { sealed }).await
    }

    /// Opens a value that lies in a sealed file; `None` where there is none.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged, or sealed under another key.
    pub async fn kept_value(&self, instance: &str, place: &Place, key: &Secret) -> Result<Option<Secret>> {
        let path = value_path(instance, place)?;
        let Some(Sealed { sealed }) = record::read(&self.store, &path).await? else {
            return Ok(None);
        };
        let damaged = |why: &str| record::damaged(&self.store, &path, why);
        let bytes = hex::decode(&sealed).map_err(|_| damaged("what it holds is not sealed"))?;
        let opened =
            sealed::open(key, &bytes)?.ok_or_else(|| damaged("the keyring's key does not open it"))?;
        let text = Zeroizing::new(String::from_utf8_lossy(&opened).into_owned());
        Ok(Some(Secret::from(text.as_str().to_owned())))
    }

    /// Removes a value's sealed file; `false` where there is none.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be removed.
    pub async fn remove_value(&self, instance: &str, place: &Place) -> Result<bool> {
        self.store.delete(&value_path(instance, place)?).await
    }
}

fn value_path(instance: &str, place: &Place) -> Result<String> {
    let Place {
        document,
        key,
        occurrence,
    } = place;
    let name = content_hash(format!("{document}\0{key}\0{occurrence}").as_bytes());
    of_instance(instance, &format!("values/{}", &name[..32]))
}
