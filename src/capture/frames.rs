//! Pages that show other pages in frames.

use crate::error::{Kind, Result};
use crate::page::Page;
use crate::session::Session;

/// Frames that are read at most for one page.
const MOST_FRAMES: usize = 8;

/// Reads the frames of a page, and theirs: the page itself first. A frame that is not there shows nothing.
///
/// What the page around says in its title and headings holds for its frames, too.
pub(super) async fn unfold(session: &Session, page: Page) -> Result<Vec<Page>> {
    let mut pages = vec![page];
    let mut at = 0;
    while at < pages.len() && pages.len() <= MOST_FRAMES {
        let around = pages[at].clone();
        at += 1;
        for frame in &around.frames {
            let known = pages.iter().any(|page| page.url == frame.url);
            if known || frame.url.origin() != around.url.origin() || pages.len() > MOST_FRAMES {
                continue;
            }
            match session.read(&frame.url, Some(&around.url)).await {
                Ok(mut page) => {
                    page.headings
                        .extend(std::iter::once(&around.title).chain(&around.headings).cloned());
                    pages.push(page);
                }
                Err(e) if e.kind() == Kind::Page => {}
                Err(e) => return Err(e),
            }
        }
    }
    Ok(pages)
}
