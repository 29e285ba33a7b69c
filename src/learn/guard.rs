//! Where a session would take the guard's token from, in a recording that is played.

use url::Url;

use crate::find::{Editor, Guarded, Token, token_in_page, token_in_script};
use crate::learn::rehearse::{Play, Played, Step};
use crate::page::{Json, Page};
use crate::profile::ServiceToken;

impl Play<'_, '_> {
    /// Finds the token as a session would, in the answers that were recorded.
    pub(super) fn token(&self, editor: &Editor) -> Played<Vec<(String, String)>> {
        match editor.guarded() {
            Guarded::Not => Ok(Vec::new()),
            Guarded::Header(rules) => self.token_by(rules).map(|token| vec![token]),
            Guarded::Form(page, form) => {
                let names = &self.profile.token.names;
                let in_field = form
                    .controls
                    .iter()
                    .any(|c| names.contains(&c.name) && !c.value.is_empty());
                let in_address = form
                    .action
                    .query_pairs()
                    .any(|(name, _)| names.iter().any(|n| *n == name));
                if names.is_empty() || in_field || in_address {
                    return Ok(Vec::new());
                }
                let found = token_in_page(page, &self.profile.token).or_else(|| self.token_in_scripts(page));
                Ok(found
                    .or_else(|| self.token_of_start())
                    .map(|t| (t.name, t.value))
                    .into_iter()
                    .collect())
            }
        }
    }

    fn token_in_scripts(&self, page: &Page) -> Option<Token> {
        let guards = |url: &&Url| {
            let address = url.as_str().to_lowercase();
            self.profile
                .token
                .scripts
                .iter()
                .any(|part| address.contains(&part.to_lowercase()))
        };
        let scripts = page
            .scripts
            .iter()
            .filter_map(|script| script.src.as_ref())
            .filter(guards);
        scripts.into_iter().find_map(|url| {
            let at = self.answer(url, self.scene.all.len())?;
            token_in_script(&self.scene.page(at)?.source, &self.profile.token)
        })
    }

    fn token_of_start(&self) -> Option<Token> {
        let at = self.answer(&self.address(&self.profile.sign_in.start)?, self.scene.all.len())?;
        let page = self.scene.html(at)?;
        token_in_page(&page, &self.profile.token).or_else(|| self.token_in_scripts(&page))
    }

    fn token_by(&self, rules: &ServiceToken) -> Played<(String, String)> {
        let named = |value: String| (rules.sent_as().to_owned(), value);
        if let Some(cookie) = &rules.cookie {
            // What a browser's cookies held is not for a rehearsal.
            return Ok(named(format!("‹the cookie {cookie}›")));
        }
        let address = rules.address.as_deref().unwrap_or(&self.profile.sign_in.start);
        let fails = |why: &str| Box::new(Step::fails("token", format!("`{address}` {why}")));
        let url = self.address(address).ok_or_else(|| fails("is no address"))?;
        let all = (0..self.scene.all.len())
            .rev()
            .filter(|ix| self.scene.is_at(&url, *ix));
        for asked in all {
            let ix = self.scene.shown_after(asked);
            if let Some(header) = &rules.response_header {
                if let Some(value) = self.scene.all[ix].response_header(header) {
                    return Ok(named(value.to_owned()));
                }
                continue;
            }
            let Some(page) = self.scene.page(ix) else { continue };
            let found = match &rules.pointer {
                Some(pointer) => Json::parse(&page.source)
                    .ok()
                    .and_then(|json| json.at(pointer).ok()??.text()),
                None => token_in_page(&page, &self.profile.token)
                    .or_else(|| token_in_script(&page.source, &self.profile.token))
                    .or_else(|| self.token_in_scripts(&page))
                    .map(|token| token.value),
            };
            if let Some(value) = found {
                return Ok(named(value));
            }
        }
        Err(fails("shows no token in the recording"))
    }
}
