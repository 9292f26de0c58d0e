//! A lexer for Rust sources, as exact as the checksum and the search for top-level items require.
//!
//! The lexer does not use proc-macro2, because it runs unoptimized in a build script at every edit, where it is nine
//! times as fast as proc-macro2. A number with a point or a sign is several tokens here, and operators are single
//! characters. Apart from `a && b` and `a & &b`, two different programs that compile never have the same tokens.

/// The kind of a [`RustToken`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RustTokenKind {
    /// An identifier, a keyword or the digits of a number.
    Word,
    /// A string or character literal with its prefix, or a lifetime.
    Quoted,
    /// A character of punctuation.
    Punctuation(u8),
    /// An open delimiter: `(`, `[` or `{`.
    Open(u8),
    /// A closing delimiter: `)`, `]` or `}`.
    Close(u8),
}

/// A token of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RustToken<'a> {
    pub(crate) kind: RustTokenKind,
    pub(crate) text: &'a str,
}

/// Returns the tokens of a source, without comments and doc comments. Returns `None` if the source does not lex, an
/// error that rustc explains better.
pub(crate) fn lex(source: &str) -> Option<Vec<RustToken<'_>>> {
    let mut lexer = Lexer {
        source,
        bytes: source.as_bytes(),
        at: 0,
        open: Vec::new(),
        tokens: Vec::with_capacity(source.len() / 4),
    };
    lexer.skip_prologue();
    while lexer.at < lexer.bytes.len() {
        lexer.step()?;
    }
    lexer.open.is_empty().then_some(lexer.tokens)
}

/// Returns whether a Rust source uses an identifier, outside of comments and strings. Returns `None` if the source does
/// not lex.
///
/// ```
/// use seedbed_build::contains_identifier;
///
/// assert_eq!(contains_identifier("#[derive(Debug)] struct A;", "Debug"), Some(true));
/// assert_eq!(contains_identifier("struct A; // Has no Debug.", "Debug"), Some(false));
/// assert_eq!(contains_identifier("struct A {", "Debug"), None);
/// ```
#[must_use]
pub fn contains_identifier(source: &str, identifier: &str) -> Option<bool> {
    let tokens = lex(source)?;
    Some(tokens.iter().any(|token| token.kind == RustTokenKind::Word && token.text == identifier))
}

/// Returns the string literals that are the first argument of calls of a function in a Rust source. Leaves out raw
/// strings, and does not decode escapes. Returns an empty list if the source does not lex.
///
/// ```
/// use seedbed_build::string_arguments;
///
/// let source = "schema.create_extension(\"citext\").await // not create_extension(\"hstore\")";
/// assert_eq!(string_arguments(source, "create_extension"), ["citext"]);
/// ```
#[must_use]
pub fn string_arguments<'s>(source: &'s str, function: &str) -> Vec<&'s str> {
    let tokens = lex(source).unwrap_or_default();
    let arguments = tokens.windows(3).filter_map(|tokens| match tokens {
        [name, open, argument]
            if name.text == function
                && open.kind == RustTokenKind::Open(b'(')
                && argument.kind == RustTokenKind::Quoted =>
        {
            argument.text.strip_prefix('"')?.strip_suffix('"')
        }
        _ => None,
    });
    arguments.collect()
}

/// The kind of token that a byte starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    NonAscii,
    Punctuation,
    Open,
    Close,
    DoubleQuote,
    Quote,
    Invalid,
}

/// The class of each byte. Without optimization, a lookup is faster than a `match` over ranges, which becomes a chain
/// of comparisons.
static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Invalid; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => Class::Word,
            128.. => Class::NonAscii,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b'"' => Class::DoubleQuote,
            b'\'' => Class::Quote,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'+' | b',' | b'-' | b'.' | b'/' | b':'
            | b';' | b'<' | b'=' | b'>' | b'?' | b'@' | b'^' | b'|' | b'~' => Class::Punctuation,
            _ => Class::Invalid,
        };
        byte += 1;
    }
    classes
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The open delimiters, innermost last.
    open: Vec<u8>,
    tokens: Vec<RustToken<'a>>,
}

impl<'a> Lexer<'a> {
    /// Skips a byte order mark, and a first line such as `#!/usr/bin/env run-cargo-script`.
    fn skip_prologue(&mut self) {
        if self.source.starts_with('\u{feff}') {
            self.at = 3;
        }
        let rest = &self.source[self.at..];
        if let Some(line) = rest.strip_prefix("#!")
            && !line.trim_start().starts_with('[')
        {
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// Returns the byte at the given distance from the current position, or 0 after the end.
    fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.bytes.len() { self.bytes[at] } else { 0 }
    }

    /// Lexes one token, or skips one comment or one character of white space.
    fn step(&mut self) -> Option<()> {
        let start = self.at;
        let byte = self.bytes[start];
        match CLASSES[byte as usize] {
            Class::Space => self.at += 1,
            Class::Word => self.word()?,
            Class::NonAscii => self.non_ascii()?,
            Class::Punctuation if byte == b'/' && self.peek(1) == b'/' => self.line_comment(),
            Class::Punctuation if byte == b'/' && self.peek(1) == b'*' => self.block_comment()?,
            Class::Punctuation => self.single(RustTokenKind::Punctuation(byte)),
            Class::Open => {
                self.open.push(byte);
                self.single(RustTokenKind::Open(byte));
            }
            Class::Close => {
                let opened = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if self.open.pop() != Some(opened) {
                    return None;
                }
                self.single(RustTokenKind::Close(byte));
            }
            Class::DoubleQuote => self.string(start)?,
            Class::Quote => self.quote(start)?,
            Class::Invalid => return None,
        }
        Some(())
    }

    fn push(&mut self, kind: RustTokenKind, start: usize) {
        self.tokens.push(RustToken { kind, text: &self.source[start..self.at] });
    }

    /// Lexes a token of one byte.
    fn single(&mut self, kind: RustTokenKind) {
        self.at += 1;
        self.push(kind, self.at - 1);
    }

    fn line_comment(&mut self) {
        let bytes = self.bytes;
        let mut at = self.at;
        while at < bytes.len() && bytes[at] != b'\n' {
            at += 1;
        }
        self.at = at;
    }

    fn block_comment(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ if self.at >= self.bytes.len() => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Skips a non-ASCII white space character that Rust accepts, or lexes a word that starts with a non-ASCII letter.
    fn non_ascii(&mut self) -> Option<()> {
        let char = self.source[self.at..].chars().next()?;
        if is_non_ascii_space(char) {
            self.at += char.len_utf8();
            Some(())
        } else {
            self.word()
        }
    }

    /// Lexes an identifier (including `r#raw`), a number, or a literal with a prefix, such as `br"…"`.
    fn word(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_word();
        let next = self.peek(0);
        if self.at - start <= 2 && matches!(next, b'"' | b'\'' | b'#') {
            match &self.bytes[start..self.at] {
                b"r" | b"br" | b"cr" => {
                    let mut hashes = 0;
                    while self.peek(hashes) == b'#' {
                        hashes += 1;
                    }
                    let after = self.peek(hashes);
                    if after == b'"' {
                        return self.raw_string(start, hashes);
                    }
                    if hashes == 1
                        && matches!(CLASSES[after as usize], Class::Word | Class::NonAscii)
                    {
                        self.at += 1;
                        self.skip_word();
                    }
                }
                b"b" | b"c" if next == b'"' => return self.string(start),
                b"b" if next == b'\'' => return self.quote(start),
                _ => {}
            }
        }
        self.push(RustTokenKind::Word, start);
        Some(())
    }

    fn skip_word(&mut self) {
        let bytes = self.bytes;
        let mut at = self.at;
        while at < bytes.len() {
            match CLASSES[bytes[at] as usize] {
                Class::Word => at += 1,
                Class::NonAscii => match self.source[at..].chars().next() {
                    Some(char) if !is_non_ascii_space(char) => at += char.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        self.at = at;
    }

    /// Lexes a string from its opening quote at the current position. `start` is the position of its prefix.
    fn string(&mut self, start: usize) -> Option<()> {
        let bytes = self.bytes;
        let mut at = self.at + 1;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    self.at = at + 1;
                    self.push(RustTokenKind::Quoted, start);
                    return Some(());
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        None
    }

    /// Lexes a raw string from the end of its prefix, which is the current position. `start` is the position of the
    /// prefix, and `hashes` is the number of `#` before the opening quote.
    fn raw_string(&mut self, start: usize, hashes: usize) -> Option<()> {
        self.at += hashes + 1;
        while self.at < self.bytes.len() {
            if self.bytes[self.at] == b'"' {
                let mut closing = 0;
                while closing < hashes && self.peek(closing + 1) == b'#' {
                    closing += 1;
                }
                if closing == hashes {
                    self.at += 1 + hashes;
                    self.push(RustTokenKind::Quoted, start);
                    return Some(());
                }
            }
            self.at += 1;
        }
        None
    }

    /// Lexes a character, such as `'a'` or `'\n'`, or a lifetime, such as `'a`, from its quote at the current position.
    /// `start` is the position of its prefix.
    fn quote(&mut self, start: usize) -> Option<()> {
        let char = self.source[self.at + 1..].chars().next()?;
        if char == '\\' {
            // The character after the backslash may be a quote.
            self.at += 3;
            while self.peek(0) != b'\'' {
                if self.at >= self.bytes.len() || self.bytes[self.at] == b'\n' {
                    return None;
                }
                self.at += 1;
            }
            self.at += 1;
        } else if self.peek(1 + char.len_utf8()) == b'\'' {
            self.at += 2 + char.len_utf8();
        } else if char == '_' || char.is_alphabetic() {
            self.at += 1;
            self.skip_word();
        } else {
            return None;
        }
        self.push(RustTokenKind::Quoted, start);
        Some(())
    }
}

/// Returns whether a non-ASCII character is white space in Rust. The Rust reference calls it `Pattern_White_Space`.
fn is_non_ascii_space(char: char) -> bool {
    matches!(char, '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
