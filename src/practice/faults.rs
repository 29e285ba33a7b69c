//! Faults as data: which request goes wrong, and how.

use serde::Deserialize;

/// One fault; it applies to requests that match, after `skip` of them, `times` times.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// The method it applies to; none means any.
    #[serde(default)]
    method: Option<String>,
    /// A part of the path with its query; empty means any.
    #[serde(default)]
    path: String,
    /// How many matching requests pass before.
    #[serde(default)]
    skip: u64,
    /// How many matching requests go wrong.
    #[serde(default = "once")]
    times: u64,
    effect: Effect,
}

fn once() -> u64 {
    1
}

/// What goes wrong.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub(super) enum Effect {
    Status(Status),
    Delay(Delay),
    Redirect(Redirect),
    Cache(Cache),
    Named(Named),
}

/// An answer with this status in place of the work.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) status: u16,
    /// Seconds, for the header of that name.
    #[serde(default)]
    pub(super) retry_after: Option<u64>,
}

/// The work is done after this many milliseconds.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Delay {
    pub(super) delay_ms: u64,
}

/// An answer that leads elsewhere, in place of the work.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Redirect {
    pub(super) redirect: String,
}

/// The save is done, but pages show the old text for this many milliseconds more.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Cache {
    pub(super) cache_ms: u64,
    /// The connection is cut before any answer, too.
    #[serde(default)]
    pub(super) lose_answer: bool,
}

/// The effects that need no value.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Named {
    /// The work is done, the connection is cut before any answer.
    LoseAnswer,
    /// The connection is cut before any work.
    Drop,
    /// Half of the body is sent under its true length, then the connection is cut.
    CutBody,
    /// Half of the body is sent as if it were the whole.
    CutBodyQuietly,
    /// The login page answers, though the session is alive.
    LoginPage,
    /// The session ends before the request is looked at.
    Expire,
    /// The edit page is that of another file.
    WrongDocument,
    /// The save page says that it refuses, and stores nothing.
    RefuseSave,
    /// The save page says that changes were applied, and stores nothing.
    IgnoreSave,
    /// The save stores something slightly different.
    AlterSave,
    /// The edit page lacks its version field.
    FieldMissing,
    /// The edit page has a second text area; a service answers with its text twice.
    TwoTextareas,
    /// The service's list lacks its last row, but counts it.
    ShortList,
    /// The session has another token before the request is looked at.
    NewToken,
}

/// Takes the effect that the first matching fault has on this request, if any, and counts it.
pub(super) fn take(faults: &mut [Fault], method: &str, path: &str) -> Option<Effect> {
    for fault in faults {
        let fits = fault
            .method
            .as_deref()
            .is_none_or(|m| m.eq_ignore_ascii_case(method));
        if !fits || !path.contains(&fault.path) || fault.times == 0 {
            continue;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
            continue;
        }
        fault.times -= 1;
        return Some(fault.effect.clone());
    }
    None
}
