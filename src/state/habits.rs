//! What an instance was seen to do with what it is sent, kept from run to run.

use crate::backup::Habits;
use crate::error::Result;
use crate::state::{State, of_instance, record};

impl State {
    /// Reads what is known of an instance's habits.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn habits(&self, instance: &str) -> Result<Habits> {
        let stored = record::read(&self.store, &of_instance(instance, "habits")?).await?;
        Ok(stored.unwrap_or_default())
    }

    /// Keeps what is known of an instance's habits.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_habits(&self, instance: &str, habits: &Habits) -> Result<()> {
        record::write(&self.store, &of_instance(instance, "habits")?, habits).await
    }
}
