//! The harm that an instance did in the world: mail that people got, files that are gone.

use serde_json::{Value, json};

/// What happened and cannot be undone; no refresh takes it back.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::practice) struct Damage {
    /// Mail that stage sent to learners whose address is not masked.
    pub(in crate::practice) mail_to_real_people: u64,
    /// Mail that stage sent to admins or operators of production.
    pub(in crate::practice) mail_to_admins: u64,
    /// Feed files of production that connectors of stage took.
    pub(in crate::practice) feed_files_eaten: u64,
    /// Runs that somebody began with Run Now.
    pub(in crate::practice) ran_by_hand: u64,
    /// Mail of production that was dropped, or deleted before it was sent.
    pub(in crate::practice) unsent_lost: u64,
}

impl Damage {
    fn add(&mut self, other: &Damage) {
        self.mail_to_real_people += other.mail_to_real_people;
        self.mail_to_admins += other.mail_to_admins;
        self.feed_files_eaten += other.feed_files_eaten;
        self.ran_by_hand += other.ran_by_hand;
        self.unsent_lost += other.unsent_lost;
    }
}

/// What `GET /harm` answers: that of several instances together.
pub(in crate::practice) fn report(all: &[Damage]) -> Value {
    let mut sum = Damage::default();
    all.iter().for_each(|damage| sum.add(damage));
    json!({
        "mailToRealPeople": sum.mail_to_real_people,
        "mailToAdmins": sum.mail_to_admins,
        "feedFilesEaten": sum.feed_files_eaten,
        "ranByHand": sum.ran_by_hand,
        "unsentLost": sum.unsent_lost,
    })
}
