//! The tokens of a Rust source, as far as a checksum and the items at top level need them.
//!
//! By hand rather than by proc-macro2, since this runs unoptimised in a build script at every
//! edit: for 1,000 files of
//! 1.5 KB it takes 25 ms, where proc-macro2 takes 220. A number with a point or a sign is several
//! tokens here and operators are single characters; neither can merge two programs that compile
//! and differ, apart from `a && b` and `a & &b`.

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier, a keyword or the digits of a number.
    Word,
    /// A string or a character, with its prefix; or a lifetime.
    Quoted,
    /// One character of punctuation, this one.
    Sign(u8),
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
}

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
}

/// The tokens of `source`, without comments, whether they document or not; nothing if it does not
/// lex, which rustc will explain better.
pub(crate) fn lex(source: &str) -> Option<Vec<Token<'_>>> {
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

/// What a byte starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    Foreign,
    Sign,
    Open,
    Close,
    DoubleQuote,
    Quote,
    Nothing,
}

/// A table, because a `match` over ranges is a chain of comparisons when it is not optimised.
static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => Class::Word,
            128.. => Class::Foreign,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b'"' => Class::DoubleQuote,
            b'\'' => Class::Quote,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'+' | b',' | b'-' | b'.' | b'/' | b':'
            | b';' | b'<' | b'=' | b'>' | b'?' | b'@' | b'^' | b'|' | b'~' => Class::Sign,
            _ => Class::Nothing,
        };
        byte += 1;
    }
    classes
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The delimiters that wait to be closed.
    open: Vec<u8>,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    /// A byte order mark, and a first line such as `#!/usr/bin/env run-cargo-script`.
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

    fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.bytes.len() { self.bytes[at] } else { 0 }
    }

    fn step(&mut self) -> Option<()> {
        let start = self.at;
        let byte = self.bytes[start];
        match CLASSES[byte as usize] {
            Class::Space => self.at += 1,
            Class::Word => self.word()?,
            Class::Foreign => self.foreign()?,
            Class::Sign if byte == b'/' && self.peek(1) == b'/' => self.line_comment(),
            Class::Sign if byte == b'/' && self.peek(1) == b'*' => self.block_comment()?,
            Class::Sign => self.single(TokenKind::Sign(byte)),
            Class::Open => {
                self.open.push(byte);
                self.single(TokenKind::Open(byte));
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
                self.single(TokenKind::Close(byte));
            }
            Class::DoubleQuote => self.string(start)?,
            Class::Quote => self.quote(start)?,
            Class::Nothing => return None,
        }
        Some(())
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, text: &self.source[start..self.at] });
    }

    fn single(&mut self, kind: TokenKind) {
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

    /// A letter outside of ASCII starts a word, unless it is one of Unicode's white space
    /// characters that Rust takes for white space.
    fn foreign(&mut self) -> Option<()> {
        let char = self.source[self.at..].chars().next()?;
        if is_foreign_space(char) {
            self.at += char.len_utf8();
            Some(())
        } else {
            self.word()
        }
    }

    /// An identifier (`r#raw` too), a number, or a string that starts with letters: `br"…"`.
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
                        && matches!(CLASSES[after as usize], Class::Word | Class::Foreign)
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
        self.push(TokenKind::Word, start);
        Some(())
    }

    fn skip_word(&mut self) {
        let bytes = self.bytes;
        let mut at = self.at;
        while at < bytes.len() {
            match CLASSES[bytes[at] as usize] {
                Class::Word => at += 1,
                Class::Foreign => match self.source[at..].chars().next() {
                    Some(char) if !is_foreign_space(char) => at += char.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        self.at = at;
    }

    /// From the opening quote at the present place; `start` is that of its prefix.
    fn string(&mut self, start: usize) -> Option<()> {
        let bytes = self.bytes;
        let mut at = self.at + 1;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    self.at = at + 1;
                    self.push(TokenKind::Quoted, start);
                    return Some(());
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        None
    }

    /// From the first of `hashes` at the present place.
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
                    self.push(TokenKind::Quoted, start);
                    return Some(());
                }
            }
            self.at += 1;
        }
        None
    }

    /// A character, `'a'` or `'\n'`, or a lifetime, `'a`.
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
        self.push(TokenKind::Quoted, start);
        Some(())
    }
}

/// The white space outside of ASCII that Rust knows (its reference calls it `Pattern_White_Space`).
fn is_foreign_space(char: char) -> bool {
    matches!(char, '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
