//! Objects: contents that are compressed and named by the SHA-256 of what they hold.
//!
//! An object file is one zstd frame with the content and its checksum, then one skippable frame with the SHA-256 of
//! the bytes before it. Decompressors pass that over; we find by it any changed byte, also one that decompression
//! would forgive.

use std::io::Read;

use sha2::{Digest, Sha256};

use crate::backup::content_hash;
use crate::error::{Error, Kind, Result};
use crate::store::{Put, Store};

/// Level of compression: zstd's own default.
const LEVEL: i32 = 3;

/// Magic number 0x184D2A50 and length 32 of the skippable frame, little-endian (RFC 8878, 3.1.2).
const SEAL: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];

/// Larger than any content; a damaged frame must not fill the memory.
const LARGEST: u64 = 1 << 30;

/// What keeping one object came to.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) created: bool,
    pub(crate) mended: bool,
    pub(crate) bytes: u64,
    pub(crate) folder: String,
}

/// Path of the object with this hash.
pub(crate) fn path(hash: &str) -> String {
    let (folder, name) = hash.split_at_checked(2).unwrap_or((hash, ""));
    format!("objects/{folder}/{name}")
}

/// The hash that an object's path names, if it is one.
pub(crate) fn hash_of(path: &str) -> Option<String> {
    let (folder, name) = path.strip_prefix("objects/")?.split_once('/')?;
    let hash = format!("{folder}{name}");
    let is_hash = folder.len() == 2 && hash.len() == 64;
    (is_hash && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))).then_some(hash)
}

/// Makes sure that the store holds this content, sound; a damaged object in its place is mended.
pub(crate) async fn keep(store: &Store, hash: impl Into<String>, content: &[u8]) -> Result<Kept> {
    let path = path(&hash.into());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let reused = |mended, bytes| Kept {
        created: false,
        mended,
        bytes,
        folder: folder.clone(),
    };
    // Reading first is cheaper than a durable write that finds its place taken.
    let mut there = store.get(&path).await?;
    if there.is_none() {
        let packed = pack(content)?;
        let bytes = packed.len() as u64;
        if store.put_if_absent(&path, packed).await? == Put::Created {
            return Ok(Kept {
                created: true,
                mended: false,
                bytes,
                folder,
            });
        }
        there = store.get(&path).await?;
    }
    if there
        .as_deref()
        .is_some_and(|stored| unpack(stored).is_ok_and(|found| found == content))
    {
        return Ok(reused(false, 0));
    }
    let packed = pack(content)?;
    let bytes = packed.len() as u64;
    store.put(&path, packed).await?;
    Ok(reused(true, bytes))
}

/// Reads an object and checks it; the error names it.
pub(crate) async fn read(store: &Store, hash: &str) -> Result<Vec<u8>> {
    let path = path(hash);
    let damaged = |why: &str| {
        Error::new(
            Kind::Archive,
            format!("The object `{}/{path}` is damaged: {why}.", store.place()),
        )
        .hint("see what else is damaged: `lmskeep verify`")
    };
    let stored = store.get(&path).await?.ok_or_else(|| damaged("it is missing"))?;
    let content = unpack(&stored).map_err(damaged)?;
    if content_hash(&content) != hash {
        return Err(damaged("its content has another hash than its name"));
    }
    Ok(content)
}

fn pack(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = zstd::bulk::compress(content, LEVEL)
        .map_err(|cause| Error::new(Kind::Archive, "A document could not be compressed.").caused_by(cause))?;
    let seal = Sha256::digest(&packed);
    packed.extend_from_slice(&SEAL);
    packed.extend_from_slice(&seal);
    Ok(packed)
}

fn unpack(stored: &[u8]) -> std::result::Result<Vec<u8>, &'static str> {
    let (frame, seal) = stored
        .split_at_checked(stored.len().saturating_sub(40))
        .ok_or("it is cut short")?;
    let digest = seal
        .strip_prefix(&SEAL)
        .ok_or("it is cut short or its end has changed")?;
    if digest != Sha256::digest(frame).as_slice() {
        return Err("its bytes have changed");
    }
    let mut content = Vec::new();
    let decoder = zstd::Decoder::new(frame).map_err(|_| "it cannot be decompressed")?;
    decoder
        .take(LARGEST)
        .read_to_end(&mut content)
        .map_err(|_| "it cannot be decompressed")?;
    Ok(content)
}
