//! The requests of a freeze, as the log of the practice LMS tells them, and what each was for.
//!
//! What a request is for follows from where it stands: before a save its page is read again, after it comes where the
//! save leads to, and the reading that proves it. The rest tells its address.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Any;

/// Addresses of the practice LMS.
const SIGN_IN: [&str; 2] = ["/admin/nativelogin.jsp", "/admin/nativeLogin.do"];
const START: &str = "/admin/main.do";
const MAIL: &str = "/config/globalSettings.do";
const ITEMS: [&str; 3] = [MAIL, "/connectors/connectorDetail.do", "/apm/editProcess.do"];
const LISTS: [&str; 2] = ["/connectors/listConnectors.do", "/apm/listProcesses.do"];
/// The page by which a refresh is seen.
const MARKER: &str = "/sysconfig/editConfiguration.do?configurationID=BIZX";

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) post: bool,
    pub(crate) path: String,
    pub(crate) fields: BTreeSet<String>,
    status: u64,
    came: f64,
    answered: f64,
}

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum For {
    SignIn,
    StartPage,
    Refresh,
    ToRefresh,
    List,
    Switched,
    LeftAlone,
    Again,
    Save,
    LedTo,
    ReadBack,
    Other,
}

/// Each with its words, and whether a browser that knows the addresses, and keeps promises 2 and 3, sends it.
pub(crate) const KINDS: [(For, &str, bool); 12] = [
    (For::SignIn, "sign-in: page, form, where it leads", true),
    (For::StartPage, "start page of the profile", false),
    (For::Refresh, "seeing the refresh: BIZX", true),
    (For::ToRefresh, "on the way to BIZX", false),
    (For::List, "pages of lists", true),
    (For::Switched, "items that are switched", true),
    (For::LeftAlone, "items that are off already", false),
    (For::Again, "read again before a save (promise 2)", true),
    (For::Save, "saves", true),
    (For::LedTo, "where a save leads", true),
    (For::ReadBack, "read back (promise 3)", true),
    (For::Other, "anything else", false),
];

impl Asked {
    fn of(entry: &Value) -> Option<Self> {
        let fields = entry["fields"].as_array()?.iter();
        Some(Self {
            post: entry["method"] == "POST",
            path: entry["path"].as_str()?.to_owned(),
            fields: fields.filter_map(|f| f.as_str().map(str::to_owned)).collect(),
            status: entry["status"].as_u64()?,
            came: entry["came"].as_f64()?,
            answered: entry["answered"].as_f64()?,
        })
    }

    fn is_at(&self, address: &str) -> bool {
        self.path.contains(address)
    }

    fn is_save(&self) -> bool {
        self.post && !self.is_sign_in()
    }

    pub(crate) fn is_sign_in(&self) -> bool {
        SIGN_IN.iter().any(|address| self.is_at(address))
    }

    /// Tells whether it came in before another one was answered.
    fn overlaps(&self, other: &Asked) -> bool {
        self.came < other.answered
    }
}

/// Reads the log; every request must have been answered.
pub(crate) fn asked(log: &Value) -> Any<Vec<Asked>> {
    let entries = log.as_array().ok_or("no log of requests")?.iter();
    let all: Option<Vec<Asked>> = entries.map(Asked::of).collect();
    all.ok_or_else(|| "a request was not answered".into())
}

/// Says of each request what it was for.
pub(crate) fn kinds(all: &[Asked]) -> Vec<For> {
    let mut kinds: Vec<For> = all.iter().map(by_address).collect();
    let landed = |at: usize| all.get(at + 1).filter(|_| (300..400).contains(&all[at].status));
    for (at, save) in all.iter().enumerate().filter(|(_, asked)| asked.post) {
        let led = usize::from(landed(at).is_some());
        if save.is_sign_in() {
            // A page that a sign-in leads to is a part of it.
            kinds[at + led] = For::SignIn;
            continue;
        }
        kinds[at] = For::Save;
        kinds[at - 1] = For::Again;
        if led == 1 {
            kinds[at + 1] = For::LedTo;
        }
        if let Some(kind) = kinds.get_mut(at + led + 1) {
            *kind = For::ReadBack;
        }
    }
    let switched: BTreeSet<&str> = (0..all.len())
        .filter(|at| kinds[*at] == For::Again)
        .map(|at| all[at].path.as_str())
        .collect();
    for (at, kind) in kinds.iter_mut().enumerate() {
        if *kind == For::Switched && !switched.contains(all[at].path.as_str()) {
            *kind = For::LeftAlone;
        }
    }
    kinds
}

fn by_address(asked: &Asked) -> For {
    let is_at = |address: &&str| asked.is_at(address);
    match () {
        () if asked.is_sign_in() => For::SignIn,
        () if asked.is_at(START) => For::StartPage,
        () if asked.is_at(MARKER) => For::Refresh,
        () if LISTS.iter().any(is_at) => For::List,
        () if ITEMS.iter().any(is_at) => For::Switched,
        // Nothing else is asked for before mail is read.
        () if asked.is_at("/sysconfig/") || asked.is_at("/help/") => For::ToRefresh,
        () => For::Other,
    }
}

/// How many of each kind there are.
pub(crate) fn counted(kinds: &[For]) -> BTreeMap<For, usize> {
    kinds.iter().fold(BTreeMap::new(), |mut counts, kind| {
        *counts.entry(*kind).or_default() += 1;
        counts
    })
}

/// How many of these requests the ideal has as well.
pub(crate) fn ideal(kinds: &[For]) -> usize {
    kinds.iter().filter(|kind| is_ideal(**kind)).count()
}

/// Tells whether the ideal has requests of a kind.
pub(crate) fn is_ideal(kind: For) -> bool {
    KINDS.iter().any(|(of, _, ideal)| *of == kind && *ideal)
}

/// How many requests it takes until it is proved that mail is off.
pub(crate) fn until_mail_off(all: &[Asked], kinds: &[For]) -> Any<usize> {
    let proof = |at: &usize| kinds[*at] == For::ReadBack && all[*at].is_at(MAIL);
    let at = (0..all.len()).find(proof).ok_or("mail was not switched off")?;
    Ok(at + 1)
}

/// How many requests it takes until it is proved that nothing can leave.
pub(crate) fn until_nothing_leaves(all: &[Asked]) -> Any<usize> {
    let save = all
        .iter()
        .rposition(Asked::is_save)
        .ok_or("nothing was switched off")?;
    Ok(all
        .len()
        .min(save + 2 + usize::from((300..400).contains(&all[save].status))))
}

/// Seconds from the moment the first request came in until the last of these was answered.
pub(crate) fn seconds(all: &[Asked]) -> f64 {
    let began = all.first().map_or(0.0, |first| first.came);
    let ended = all.iter().map(|asked| asked.answered).fold(began, f64::max);
    ended - began
}

/// Puts requests together that were under way at the same time: how many in each group, in order.
pub(crate) fn groups(all: &[Asked]) -> Vec<usize> {
    let mut groups: Vec<usize> = Vec::new();
    for (at, asked) in all.iter().enumerate() {
        let beside = at > 0 && !asked.post && !all[at - 1].post && asked.overlaps(&all[at - 1]);
        match groups.last_mut().filter(|_| beside) {
            Some(last) => *last += 1,
            None => groups.push(1),
        }
    }
    groups
}
