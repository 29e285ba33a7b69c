//! What was asked of an instance, as its log tells.

use serde_json::Value;

use crate::rehearsal::Rehearsal;

/// Where the sign-in form goes.
const SIGN_IN: &str = "/learning/admin/nativeLogin.do";
/// The edit page of a file.
pub(crate) const EDIT: &str = "editConfiguration.do";
/// Where the form of an edit page goes.
pub(crate) const SAVE: &str = "saveConfiguration.do";

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) fields: Vec<String>,
    /// Whether an answer was given.
    pub(crate) answered: bool,
}

impl Asked {
    fn of(entry: &Value) -> Self {
        let fields = entry["fields"].as_array().unwrap().iter();
        Self {
            method: entry["method"].as_str().unwrap().to_owned(),
            path: entry["path"].as_str().unwrap().to_owned(),
            fields: fields.map(|f| f.as_str().unwrap().to_owned()).collect(),
            answered: !entry["status"].is_null(),
        }
    }

    pub(crate) fn is_post(&self) -> bool {
        self.method == "POST"
    }

    pub(crate) fn is_sign_in(&self) -> bool {
        self.is_post() && self.path.starts_with(SIGN_IN)
    }

    pub(crate) fn is_save(&self) -> bool {
        self.is_post() && self.path.contains(SAVE)
    }

    /// Whether this is the edit page of a file, as its address names it.
    pub(crate) fn is_edit_of(&self, document: &str) -> bool {
        self.edited() == Some(document)
    }

    /// The file whose edit page was asked for, as the address writes it.
    pub(crate) fn edited(&self) -> Option<&str> {
        let query = self.path.split_once(EDIT).filter(|_| !self.is_post())?.1;
        query
            .split(['?', '&'])
            .find_map(|pair| pair.strip_prefix("configurationID="))
    }
}

impl Rehearsal {
    /// The requests to stage since they were last forgotten, in order.
    pub(crate) fn requests(&self) -> Vec<Asked> {
        self.requests_to("stage")
    }

    /// The same of either instance.
    pub(crate) fn requests_to(&self, side: &str) -> Vec<Asked> {
        self.look("requests", side)
            .as_array()
            .unwrap()
            .iter()
            .map(Asked::of)
            .collect()
    }

    /// Forgets the requests so far, of both instances.
    pub(crate) fn forget_requests(&self) {
        for side in ["stage", "production"] {
            self.forget("requests", side);
        }
    }

    /// Waits until the log of stage shows what is looked for.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, shown: impl Fn(&[Asked]) -> bool) {
        for _ in 0..1500 {
            if shown(&self.requests()) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("{what} did not come: {:#?}", self.requests());
    }

    /// Waits for the first request of a sort, then for one of another sort after it; gives the seconds between them.
    #[track_caller]
    pub(crate) fn seconds_between(&self, one: impl Fn(&Asked) -> bool, next: impl Fn(&Asked) -> bool) -> f64 {
        let first = |requests: &[Asked]| requests.iter().position(&one);
        self.wait_for("the first", |requests| first(requests).is_some());
        let begun = std::time::Instant::now();
        self.wait_for("the next", |requests| {
            requests.iter().skip(first(requests).unwrap() + 1).any(&next)
        });
        begun.elapsed().as_secs_f64()
    }

    /// Wants that one sign-in and no other POST reached stage.
    #[track_caller]
    pub(crate) fn nothing_was_sent(&self) {
        let posts: Vec<Asked> = self.requests().into_iter().filter(Asked::is_post).collect();
        assert!(posts.len() == 1 && posts[0].is_sign_in(), "{posts:#?}");
    }

    /// How many saves reached stage.
    pub(crate) fn saves(&self) -> usize {
        self.requests().iter().filter(|asked| asked.is_save()).count()
    }

    /// How many sign-ins reached stage.
    pub(crate) fn sign_ins(&self) -> usize {
        self.requests().iter().filter(|asked| asked.is_sign_in()).count()
    }
}
