//! How practice instances encrypt values: enough to behave like the product, no protection of anything.
//!
//! A ciphertext carries no marker and looks like any other base64 text. It differs at every save, because a
//! random nonce is part of it, and it can be read only with the key of the instance that made it.

use sha2::{Digest, Sha256};

use crate::practice::content::Side;

const NONCE: usize = 12;
const TAG: usize = 8;

/// Encrypts a value with the key of one instance and a fresh nonce.
pub(super) fn encrypt(side: Side, plain: &str) -> String {
    let nonce: [u8; NONCE] = rand::random();
    let mut bytes = nonce.to_vec();
    bytes.extend(mix(side, &nonce, plain.as_bytes()));
    bytes.extend(tag(side, &nonce, plain.as_bytes()));
    to_base64(&bytes)
}

/// Decrypts what [`encrypt`] made with the same key; anything else gives nothing.
pub(super) fn decrypt(side: Side, cipher: &str) -> Option<String> {
    let bytes = from_base64(cipher)?;
    let body = bytes.len().checked_sub(TAG).filter(|end| *end >= NONCE)?;
    let (nonce, rest) = bytes.split_at(NONCE);
    let (mixed, found) = rest.split_at(body - NONCE);
    let plain = mix(side, nonce, mixed);
    if tag(side, nonce, &plain) != found {
        return None;
    }
    String::from_utf8(plain).ok()
}

fn key(side: Side) -> [u8; 32] {
    Sha256::digest(format!("practice key of {}", side.name())).into()
}

/// Mixes bytes with the key stream; mixing twice gives the bytes again.
fn mix(side: Side, nonce: &[u8], bytes: &[u8]) -> Vec<u8> {
    let key = key(side);
    let mut out = Vec::with_capacity(bytes.len());
    for (block, chunk) in bytes.chunks(32).enumerate() {
        let stream = Sha256::new()
            .chain_update(key)
            .chain_update(nonce)
            .chain_update(block.to_be_bytes())
            .finalize();
        out.extend(chunk.iter().zip(stream.iter()).map(|(byte, mask)| byte ^ mask));
    }
    out
}

fn tag(side: Side, nonce: &[u8], plain: &[u8]) -> Vec<u8> {
    let hash = Sha256::new()
        .chain_update(key(side))
        .chain_update(nonce)
        .chain_update(plain)
        .finalize();
    hash.iter().take(TAG).copied().collect()
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(char::from(DIGITS[(group >> (18 - 6 * place)) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.as_bytes().chunks(4) {
        let mut group = 0u32;
        for digit in chunk {
            let value = DIGITS.iter().position(|d| d == digit)?;
            group = (group << 6) | u32::try_from(value).ok()?;
        }
        group <<= 6 * (4 - chunk.len());
        bytes.extend(group.to_be_bytes().iter().skip(1).take(chunk.len() - 1));
    }
    Some(bytes)
}

#[cfg(test)]
#[path = "cipher_tests.rs"]
mod tests;
