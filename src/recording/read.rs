//! From the bytes of a file to a recording, within limits.

use std::io::{self, Read};

use serde::de::DeserializeSeed as _;
use serde_json::error::Category;

use crate::error::{Error, Kind, Result};
use crate::recording::Recording;
use crate::recording::gather::Gather;
use crate::recording::har::{Log, Root};
use crate::recording::lenient::{Budget, Into};
use crate::recording::text::Lean;

/// How much memory all may take that is no body: 20,000 requests of an ordinary browser.
const PLAIN: usize = 80 << 20;

/// How much memory all bodies may take together, packed.
const BODIES: usize = 64 << 20;

const AGAIN: &str = "record again, and export with content (\"Save all as HAR with content\")";

/// Reads a HAR 1.2 file.
///
/// Takes less than 256 MiB of memory, whatever the file is made of: of a body beyond 4 MiB, and of the largest ones
/// where all are too much, only the reason is kept why they are missing.
///
/// # Errors
/// Of kind [`Kind::Usage`]: the source cannot be read, is no JSON, is no HAR, is cut off, holds no request, or more
/// requests than fit.
pub fn read(source: impl Read) -> Result<Recording> {
    read_within(source, PLAIN, BODIES)
}

pub(super) fn read_within(source: impl Read, plain: usize, bodies: usize) -> Result<Recording> {
    let budget = Budget::new(plain);
    let mut lean = Lean::new(source);
    let mut root = Root {
        log: Log::new(Gather::new(&budget, bodies), &budget),
    };
    let mut json = serde_json::Deserializer::from_reader(&mut lean);
    let ended = Into(&mut root).deserialize(&mut json).and_then(|()| json.end());
    drop(json);
    let log = root.log;
    if let Err(cause) = ended {
        let requests = log.entries.taker.requests();
        return Err(if budget.is_spent() {
            too_many(requests)
        } else if let Some(cause) = lean.failure() {
            unreadable(cause)
        } else {
            no_json(&cause, &lean, requests)
        });
    }
    if !log.is_har {
        return Err(no_har());
    }
    let creator = format!("{} {}", log.creator.name.text, log.creator.version.text);
    let recording = log.entries.taker.finish(creator.trim().to_owned());
    if recording.exchanges.is_empty() {
        return Err(empty(recording.left_out));
    }
    Ok(recording)
}

fn usage(sentence: impl std::convert::Into<String>) -> Error {
    Error::new(Kind::Usage, sentence)
}

fn unreadable(cause: io::Error) -> Error {
    usage("The recording cannot be read.").caused_by(cause)
}

fn no_har() -> Error {
    usage("The file is JSON, but no recording: it has no list `log.entries`, as every HAR file has.")
        .hint(AGAIN)
}

fn empty(left_out: usize) -> Error {
    let sentence = match left_out {
        0 => "The recording is empty: it holds no request.".to_owned(),
        1 => "The recording holds no request to a server: its only entry is none.".to_owned(),
        _ => format!("The recording holds no request to a server: its {left_out} entries are none."),
    };
    usage(sentence)
        .hint("open the developer tools before the first click, tick \"Preserve log\", and record again")
}

fn too_many(requests: usize) -> Error {
    usage(format!(
        "The recording is too large: {requests} requests of it are all that fits into memory."
    ))
    .hint("record only the steps that are asked for")
}

fn no_json<R: Read>(cause: &serde_json::Error, lean: &Lean<R>, requests: usize) -> Error {
    let read = match requests {
        0 => "no request was read whole".to_owned(),
        1 => "1 request was read whole".to_owned(),
        _ => format!("{requests} requests were read whole"),
    };
    let what = lean.looks_like();
    if cause.classify() == Category::Eof {
        let length = lean.read_bytes();
        if lean.is_blank() {
            return usage("The file is empty: it holds no recording.").hint(AGAIN);
        }
        let sentence = format!("The recording is cut off: it ends at byte {length}, and {read} until there.");
        return usage(sentence).hint("export it again, and wait until the browser has written all of it");
    }
    if requests == 0
        && let Some(what) = what
    {
        return usage(format!("The file is {what}, and no recording (HAR).")).hint(AGAIN);
    }
    let (line, column) = (cause.line(), cause.column());
    let sentence = format!(
        "The file is no recording (HAR): in line {line}, at byte {column} of it, it is no JSON any more; {read} until there."
    );
    usage(sentence).hint(AGAIN)
}
