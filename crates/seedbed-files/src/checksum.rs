//! The checksum of a script.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::lexer::{Token, TokenKind, lex};

/// SHA-256 over the tokens of a source.
///
/// What does not change the program does not change it: comments, doc attributes (`///`, `//!`,
/// `#[doc…]`), white space, line ends, a byte order mark, and a comma before a closing delimiter. So a
/// script may be reformatted and explained after it was applied, and is not *modified*.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// The checksum of `source`; that of its bytes if it does not lex.
    #[must_use]
    pub fn of(source: &str) -> Self {
        let source = unix_lines(source);
        Self::of_tokens(&source, lex(&source).as_deref())
    }

    /// The same, with the tokens that `source` (which has only `\n` for line ends) was found to have.
    pub(crate) fn of_tokens(source: &str, tokens: Option<&[Token<'_>]>) -> Self {
        // One call of the hash over one buffer: in a debug build, a call per token would cost more
        // than the hashing.
        let digest = match tokens {
            Some(tokens) => Sha256::digest(canonical(source.len(), tokens)),
            None => Sha256::digest(source),
        };
        Self(digest.into())
    }
}

/// Rust reads `\r\n` as `\n`, inside strings too.
pub(crate) fn unix_lines(source: &str) -> Cow<'_, str> {
    if source.contains('\r') {
        Cow::Owned(source.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(source)
    }
}

/// The tokens that count, a space after each. Lexed again it gives the same tokens, so that no two
/// programs share it.
fn canonical(length: usize, tokens: &[Token<'_>]) -> Vec<u8> {
    let mut text = Vec::with_capacity(length * 2);
    let mut comma = false;
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let closes = match token.kind {
            TokenKind::Sign(b'#') => match doc_attribute(tokens, at) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => false,
            },
            // It closes a list of generics; after a comma it can be nothing else.
            TokenKind::Sign(b'>') | TokenKind::Close(_) => true,
            _ => false,
        };
        if comma && !closes {
            text.extend_from_slice(b", ");
        }
        comma = matches!(token.kind, TokenKind::Sign(b','));
        if !comma {
            text.extend_from_slice(token.text.as_bytes());
            text.push(b' ');
        }
        at += 1;
    }
    if comma {
        text.extend_from_slice(b", ");
    }
    text
}

/// Where the attribute ends that starts at `at`, if it is `#[doc…]` or `#![doc…]`.
fn doc_attribute(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let inner = matches!(tokens.get(at + 1)?.kind, TokenKind::Sign(b'!'));
    let open = at + 1 + usize::from(inner);
    if tokens.get(open)?.kind != TokenKind::Open(b'[') || tokens.get(open + 1)?.text != "doc" {
        return None;
    }
    let mut depth = 0;
    let mut end = open;
    loop {
        match tokens.get(end)?.kind {
            TokenKind::Open(_) => depth += 1,
            TokenKind::Close(_) => depth -= 1,
            _ => {}
        }
        end += 1;
        if depth == 0 {
            return Some(end);
        }
    }
}

impl Checksum {
    /// Reads the 64 hexadecimal digits that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    ///
    /// [`NotAChecksum`] for any other text.
    pub fn parse(text: &str) -> Result<Self, NotAChecksum> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let read = || {
            let mut bytes = [0; 32];
            if text.len() != 64 {
                return None;
            }
            for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                *byte = digit(pair[0])? << 4 | digit(pair[1])?;
            }
            Some(Self(bytes))
        };
        read().ok_or_else(|| NotAChecksum { text: text.to_owned() })
    }
}

/// A text that is not 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a checksum of 64 hexadecimal digits")]
pub struct NotAChecksum {
    text: String,
}

impl FromStr for Checksum {
    type Err = NotAChecksum;

    fn from_str(text: &str) -> Result<Self, NotAChecksum> {
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
