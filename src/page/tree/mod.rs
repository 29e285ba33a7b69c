//! Text to tree, with what the tree alone forgets: which form a control belongs to where a table breaks the form
//! up, which forms were closed, and whether the page ended too early.

mod sink;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use ego_tree::{NodeId, NodeRef};
use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tokenizer::{EndTag, StartTag};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use scraper::{Html, HtmlTreeSink, Node};

use crate::page::tree::sink::Sink;

/// How much walking up and down its open elements a page may cause beyond what is usual: the parser looks through
/// all of them at many tags, so that a page nested tens of thousands deep would take minutes.
const WALK_BUDGET: u64 = 20_000_000;

/// Nesting that costs nothing of the budget.
const USUAL_DEPTH: u32 = 256;

/// Elements whose end tag may be left out before the end of the page.
const MAY_STAY_OPEN: [&str; 22] = [
    "html", "head", "body", "p", "li", "dd", "dt", "optgroup", "option", "rb", "rp", "rt", "rtc", "caption",
    "colgroup", "col", "tbody", "thead", "tfoot", "tr", "td", "th",
];

/// Tags that may stand before a page's body; a `<meta>` after any other does not change the encoding.
const OF_HEAD: [&str; 10] = [
    "html", "head", "title", "base", "link", "meta", "script", "style", "noscript", "object",
];

/// Elements that decide about what is sent and whose end tags the parser treats like those of unknown elements.
const ENDED_BY_NAME: [&str; 5] = ["option", "optgroup", "legend", "datalist", "label"];

/// A parsed page.
pub(super) struct Parsed {
    /// The tree.
    pub(super) html: Html,
    /// The form that the parser gave a control to.
    owners: HashMap<NodeId, NodeId>,
    /// The form that was open when a control with a `form` attribute was made.
    made_in: HashMap<NodeId, NodeId>,
    /// Elements the parser moved, with the newest element there was when it did.
    moved: HashMap<NodeId, NodeId>,
    /// Forms whose end tag was seen.
    pub(super) closed: HashSet<NodeId>,
    /// Why the page looks cut off.
    pub(super) cut: Option<String>,
    /// The encoding label of a `<meta>` in the head.
    pub(super) charset: Option<String>,
}

impl Parsed {
    /// Gives the form that the parser gave a control to when it made it.
    pub(super) fn first_owner(&self, control: NodeId) -> Option<NodeId> {
        self.owners.get(&control).copied()
    }

    /// Gives the form that was open when the parser made a control whose `form` attribute names its form.
    ///
    /// For as long as it reads the tag, a browser takes the control for one of that form.
    pub(super) fn made_in(&self, control: NodeId) -> Option<NodeId> {
        self.made_in.get(&control).copied()
    }

    /// Gives the form that the parser gave a control to, and that it still has: misnested markup is moved, and what
    /// leaves its form's tree for a moment loses its form, unless that is around it.
    pub(super) fn owner(&self, control: NodeRef<'_, Node>) -> Option<NodeId> {
        let form = *self.owners.get(&control.id())?;
        if self.moved.is_empty() {
            return Some(form);
        }
        let around_form = |id: NodeId| {
            let form = self.html.tree.get(form);
            form.is_some_and(|form| form.id() == id || form.ancestors().any(|around| around.id() == id))
        };
        for around in std::iter::once(control).chain(control.ancestors()) {
            let moved = self
                .moved
                .get(&around.id())
                .is_some_and(|newest| *newest >= control.id());
            if moved {
                return around_form(around.id()).then_some(form);
            }
            if around.id() == form {
                break;
            }
        }
        Some(form)
    }
}

/// Parses a page as a browser with scripts switched on does, without running any.
pub(super) fn parse(text: &str) -> Parsed {
    let sink = Sink::new(HtmlTreeSink::new(Html::new_document()));
    let gate = Gate {
        builder: TreeBuilder::new(sink, TreeBuilderOpts::default()),
        limit: text.len() as u64 + 1024,
        walked: Cell::new(0),
        stopped: Cell::new(false),
        at_end: Cell::new(false),
        broke_off: Cell::new(false),
        body_ended: Cell::new(None),
        html_ended: Cell::new(false),
        in_head: Cell::new(true),
        closed: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(
        gate,
        TokenizerOpts {
            discard_bom: false,
            ..TokenizerOpts::default()
        },
    );
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let mut charset = None;
    loop {
        match tokenizer.feed(&input) {
            TokenizerResult::Done => break,
            TokenizerResult::Script(_) => {}
            TokenizerResult::EncodingIndicator(label) => {
                if tokenizer.sink.in_head.get() && charset.is_none() {
                    charset = Some(label.to_string());
                }
            }
        }
    }
    tokenizer.sink.at_end.set(true);
    tokenizer.sink.builder.sink.at_end.set(true);
    tokenizer.end();
    let gate = tokenizer.sink;
    let cut = gate.cut();
    let closed = gate.closed.into_inner();
    let Sink {
        inner,
        owners,
        made_in,
        moved,
        ..
    } = gate.builder.sink;
    Parsed {
        html: inner.finish(),
        owners: owners.into_inner(),
        made_in: made_in.into_inner(),
        moved: moved.into_inner(),
        closed,
        cut,
        charset,
    }
}

/// Stands between the tokenizer and the tree builder and notes what only the tokens tell.
struct Gate {
    builder: TreeBuilder<NodeId, Sink>,
    /// No more elements than this are made: more come only of pages made to grow without end.
    limit: u64,
    walked: Cell<u64>,
    stopped: Cell<bool>,
    at_end: Cell<bool>,
    /// The end came in the middle of a tag or a comment.
    broke_off: Cell<bool>,
    /// The newest element when `</body>` or `</html>` came.
    body_ended: Cell<Option<Option<NodeId>>>,
    html_ended: Cell<bool>,
    in_head: Cell<bool>,
    closed: RefCell<HashSet<NodeId>>,
}

impl Gate {
    /// Says whether the page ended before it was complete.
    fn cut(&self) -> Option<String> {
        if self.stopped.get() {
            return Some("its elements are nested too deeply".to_owned());
        }
        if self.broke_off.get() && !self.html_ended.get() {
            return Some("it ends in the middle of a tag or a comment".to_owned());
        }
        let sink = &self.builder.sink;
        if sink.templates.get() > 0 {
            return Some("it ends while `<template>` is still open".to_owned());
        }
        let html = sink.inner.0.borrow();
        let open = sink.open_at_end.borrow();
        let name = open.iter().find_map(|id| {
            let inside = self
                .body_ended
                .get()
                .is_none_or(|newest| newest.is_none_or(|n| *id > n));
            let name = html.tree.get(*id)?.value().as_element()?.name();
            (inside && !MAY_STAY_OPEN.contains(&name)).then(|| name.to_owned())
        })?;
        Some(format!("it ends while `<{name}>` is still open"))
    }

    fn start_tag(&self, name: &str) {
        if !OF_HEAD.contains(&name) {
            self.in_head.set(false);
        }
        let sink = &self.builder.sink;
        let walked = self.walked.get() + u64::from(sink.depth.get().saturating_sub(USUAL_DEPTH));
        self.walked.set(walked);
        if walked > WALK_BUDGET || sink.created.get() > self.limit {
            self.stopped.set(true);
        }
    }
}

impl TokenSink for Gate {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let sink = &self.builder.sink;
        let mut form_tag = None;
        match &token {
            Token::ParseError(message) => {
                if self.at_end.get() && message.contains("EOF") {
                    self.broke_off.set(true);
                }
                // The tree builder would forget over it that it must drop a line end after `<textarea>`.
                return TokenSinkResult::Continue;
            }
            Token::TagToken(tag) => {
                if self.stopped.get() {
                    return TokenSinkResult::Continue;
                }
                self.start_tag(&tag.name);
                if tag.kind == EndTag && ENDED_BY_NAME.contains(&&*tag.name) {
                    *sink.ending.borrow_mut() = Some(tag.name.clone());
                }
                match (tag.kind, &*tag.name) {
                    (kind, "form") => form_tag = Some(kind),
                    (EndTag, "template") => sink.templates.set(sink.templates.get().saturating_sub(1)),
                    (EndTag, "body") => self.body_ended.set(Some(sink.newest.get())),
                    (EndTag, "html") => {
                        self.body_ended.set(Some(sink.newest.get()));
                        self.html_ended.set(true);
                    }
                    _ => {}
                }
            }
            Token::CharacterTokens(_) | Token::NullCharacterToken | Token::CommentToken(_)
                if self.stopped.get() =>
            {
                return TokenSinkResult::Continue;
            }
            _ => {}
        }
        let before = sink.newest_form.get();
        sink.foreign_form.set(false);
        let result = self.builder.process_token(token, line);
        *sink.ending.borrow_mut() = None;
        match form_tag {
            Some(StartTag) if sink.newest_form.get() != before && sink.templates.get() == 0 => {
                sink.form.set(sink.newest_form.get());
            }
            Some(EndTag) if sink.templates.get() == 0 && !sink.foreign_form.get() => {
                if let Some(form) = sink.form.take() {
                    self.closed.borrow_mut().insert(form);
                }
            }
            _ => {}
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
