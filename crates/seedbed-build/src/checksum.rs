//! The checksum of a script.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::lexer::{RustToken, RustTokenKind, lex};

/// The SHA-256 of the tokens of a source.
///
/// Comments, doc attributes (`///`, `//!`, `#[doc…]`), white space, line ends, a byte order mark, and a comma before a
/// closing delimiter do not change the checksum. For this reason, a script can be reformatted and documented after it
/// was applied without becoming *modified*.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// Computes the checksum of a source. If the source does not lex, the checksum is that of its bytes.
    #[must_use]
    pub fn from_source(source: &str) -> Self {
        let source = normalize_line_ends(source);
        Self::from_tokens(&source, lex(&source).as_deref())
    }

    /// Computes the checksum of a source whose tokens are known. The source must have only `\n` as line ends.
    pub(crate) fn from_tokens(source: &str, tokens: Option<&[RustToken<'_>]>) -> Self {
        // One call hashes one buffer, because in a debug build a call for each token costs more than the hashing.
        let digest = match tokens {
            Some(tokens) => Sha256::digest(canonical_text(source.len(), tokens)),
            None => Sha256::digest(source),
        };
        Self(digest.into())
    }
}

/// Replaces `\r\n` with `\n`, as Rust does, even inside strings.
pub(crate) fn normalize_line_ends(source: &str) -> Cow<'_, str> {
    if source.contains('\r') {
        Cow::Owned(source.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(source)
    }
}

/// Returns the text that is hashed: each token and a space after it, without doc attributes and without a comma before
/// a closing delimiter. A change of any other token changes the text.
fn canonical_text(length: usize, tokens: &[RustToken<'_>]) -> Vec<u8> {
    let mut text = Vec::with_capacity(length * 2);
    // A comma is written together with the next token, so that it can be left out before a closing delimiter.
    let mut pending_comma = false;
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let closes = match token.kind {
            RustTokenKind::Punctuation(b'#') => match doc_attribute_end(tokens, at) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => false,
            },
            // After a comma, `>` can only close a list of generics.
            RustTokenKind::Punctuation(b'>') | RustTokenKind::Close(_) => true,
            _ => false,
        };
        if pending_comma && !closes {
            text.extend_from_slice(b", ");
        }
        pending_comma = matches!(token.kind, RustTokenKind::Punctuation(b','));
        if !pending_comma {
            text.extend_from_slice(token.text.as_bytes());
            text.push(b' ');
        }
        at += 1;
    }
    if pending_comma {
        text.extend_from_slice(b", ");
    }
    text
}

/// Returns the index of the first token after the attribute that starts at `at`, if it is `#[doc…]` or `#![doc…]`.
fn doc_attribute_end(tokens: &[RustToken<'_>], at: usize) -> Option<usize> {
    let inner = matches!(tokens.get(at + 1)?.kind, RustTokenKind::Punctuation(b'!'));
    let open = at + 1 + usize::from(inner);
    if tokens.get(open)?.kind != RustTokenKind::Open(b'[') || tokens.get(open + 1)?.text != "doc" {
        return None;
    }
    let mut depth = 0;
    let mut end = open;
    loop {
        match tokens.get(end)?.kind {
            RustTokenKind::Open(_) => depth += 1,
            RustTokenKind::Close(_) => depth -= 1,
            _ => {}
        }
        end += 1;
        if depth == 0 {
            return Some(end);
        }
    }
}

impl Checksum {
    /// Parses the 64 hexadecimal digits that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    ///
    /// Returns [`ChecksumParseError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, ChecksumParseError> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let parse = || {
            let mut bytes = [0; 32];
            if text.len() != 64 {
                return None;
            }
            for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                *byte = digit(pair[0])? << 4 | digit(pair[1])?;
            }
            Some(Self(bytes))
        };
        parse().ok_or_else(|| ChecksumParseError { text: text.to_owned() })
    }
}

/// The error for a text that is not 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a checksum of 64 lowercase hexadecimal digits")]
pub struct ChecksumParseError {
    text: String,
}

impl FromStr for Checksum {
    type Err = ChecksumParseError;

    fn from_str(text: &str) -> Result<Self, ChecksumParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = String::with_capacity(64);
        for byte in self.0 {
            hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
            hex.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        f.pad(&hex)
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

#[cfg(test)]
mod tests;
