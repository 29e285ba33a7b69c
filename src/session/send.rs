//! Sends a document's new text, exactly once (promise 11).

use reqwest::StatusCode;

use crate::error::{Error, Kind, Result};
use crate::find::{Editor, Guarded, sends_onward, shown_path};
use crate::session::Session;
use crate::session::http::Answer;

/// What became of a writing request.
#[derive(Debug)]
pub enum Sent {
    /// The instance answered with a page that is inside.
    Answered {
        /// The guard's token was one that another page or an earlier script has shown: it may have been too old.
        kept_token: bool,
    },
    /// It says that what is there is not what the request was made from: it is not to be sent again.
    Conflict(String),
    /// It did not, or with an error, or with a sign-in page: only reading tells what happened.
    Unsettled(String),
}

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
        let ((tokens, kept_token), referer) = match editor.guarded() {
            Guarded::Form(page, form) => (self.token_for(page, form).await?, &page.url),
            Guarded::Header(rules) => ((vec![self.token_by(rules).await?], false), &self.start.url),
            Guarded::Not => ((Vec::new(), false), &self.start.url),
        };
        let request = editor.request(text, &tokens)?;
        if request.url.origin() != self.way.root.origin() {
            return Err(Error::new(
                Kind::Page,
                format!(
                    "The form of `{}` is sent to another place: not sent.",
                    shown_path(&editor.page().url)
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
            Err(failure) if failure.is_no_connection() => return Err(failure.in_words(&request.url)),
            Err(failure) => {
                if let Some(wait) = failure.asked_wait() {
                    tokio::time::sleep(wait).await;
                }
                let error = failure.in_words(&request.url);
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
            Ok(answer) if answer.status.is_client_error() => Sent::Unsettled(format!(
                "the instance answered with status {}",
                answer.status.as_u16()
            )),
            Ok(_) => Sent::Answered { kept_token },
        })
    }

    /// Forgets the guard's token and reads the page that showed it again, so that the next form takes a fresh one.
    pub async fn renew_token(&self) {
        let kept = self.token.lock().await.take();
        if let Some(page) = kept.and_then(|kept| kept.page)
            && let Err(error) = self.read(&page, None).await
        {
            // The form's own page may still have one.
            tracing::debug!("the guard's token is not renewed: {}", error.message());
        }
    }

    /// Tells whether an answer to a form is outside, or sends a browser there.
    async fn leads_outside(&self, answer: &Answer) -> bool {
        self.is_outside(answer)
            || match sends_onward(&answer.page) {
                Some(url) => self
                    .http
                    .get(&url, Some(&answer.page.url))
                    .await
                    .is_ok_and(|a| self.is_outside(&a)),
                None => false,
            }
    }
}
