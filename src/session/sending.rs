//! What a session sends that changes something: once, with the guard's token, and never to another place.

use reqwest::StatusCode;

use crate::error::{Error, Kind, Result};
use crate::find::{Editor, Guarded, Removal, shown_path};
use crate::page::{Page, Request};
use crate::session::Session;
use crate::session::sent::{Sent, said, words};

/// Makes a writing request, given the guard's tokens.
type Requesting<'r> = dyn Fn(&[(String, String)]) -> Result<Request> + Sync + 'r;

impl Session {
    /// Looks whether a document could be sent: whether the guard's token for it is found.
    ///
    /// # Errors
    /// [`Kind::Page`] where it is not; nothing is sent.
    pub async fn find_token(&self, editor: &Editor) -> Result<()> {
        match editor.guarded() {
            Guarded::Form(page, form) => self.token_for(page, form).await.map(drop),
            Guarded::Header(rules) => self.token_by(rules).await.map(drop),
            Guarded::Not => Ok(()),
        }
    }

    /// Sends a document's new text once, with the guard's token, and says what came back; nothing is repeated here. Where
    /// the instance asks to come back later, that is waited for: what comes next is a reading.
    ///
    /// # Errors
    /// Only what goes wrong before the request leaves: nothing was sent then.
    pub async fn send(&self, editor: &Editor, text: &str) -> Result<Sent> {
        let request = |tokens: &[(String, String)]| editor.request(text, tokens);
        self.send_once(editor.guarded(), editor.page(), &request).await
    }

    /// Presses a button that deletes, once, as [`Session::send`] sends a text.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub async fn remove(&self, removal: &Removal) -> Result<Sent> {
        let request = |tokens: &[(String, String)]| removal.request(tokens);
        self.send_once(removal.guarded(), removal.page(), &request).await
    }

    async fn send_once(&self, guarded: Guarded<'_>, page: &Page, request: &Requesting<'_>) -> Result<Sent> {
        let ((tokens, kept_token), referer) = match guarded {
            Guarded::Form(page, form) => (self.token_for(page, form).await?, &page.url),
            Guarded::Header(rules) => ((vec![self.token_by(rules).await?], false), &self.start.url),
            Guarded::Not => ((Vec::new(), false), &self.start.url),
        };
        let request = request(&tokens)?;
        if request.url.origin() != self.way.root.origin() {
            return Err(Error::new(
                Kind::Page,
                format!(
                    "The form of `{}` is sent to another place: not sent.",
                    shown_path(&page.url)
                ),
            ));
        }
        let answer = self.http.send(&request, referer).await;
        if let Err(error) = self.keep().await {
            // It was sent: what became of it counts more.
            tracing::warn!("{}", error.message());
        }
        Ok(match answer {
            // Without a connection nothing has left.
            Err(failure) if failure.is_no_connection() => {
                return Err(self.http.in_words(failure, &request.url).await);
            }
            Err(failure) => {
                if let Some(wait) = failure.asked_wait() {
                    tokio::time::sleep(wait).await;
                }
                let error = self.http.in_words(failure, &request.url).await;
                Sent::Unsettled(error.message().trim_end_matches('.').to_owned())
            }
            Ok(answer) if self.leads_outside(&answer).await => {
                Sent::Unsettled("a sign-in page came back".to_owned())
            }
            Ok(answer)
                if matches!(
                    answer.status,
                    StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED
                ) =>
            {
                Sent::Conflict(format!(
                    "somebody else has saved it in the meantime, as the instance says (status {})",
                    answer.status.as_u16()
                ))
            }
            Ok(answer) if answer.status.is_client_error() => Sent::Declined {
                why: format!("the instance answered with status {}", answer.status.as_u16()),
                words: words(&answer.page, page),
                said: said(answer.page),
            },
            Ok(answer) => Sent::Answered {
                kept_token,
                words: words(&answer.page, page),
                said: said(answer.page),
            },
        })
    }
}
