//! The tokens of SQL.

use crate::name::cut_name;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in double quotes.
    QuotedName,
    /// A string, in whichever quotes.
    Text,
    /// A number.
    Number,
    /// A parameter such as `$1`.
    Parameter,
    /// Any other character, one token each.
    Symbol,
}

/// One token of SQL. Comments and white space are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'s> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, as it was written.
    pub text: &'s str,
    /// Where it begins, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Whether it is that keyword. A quoted name is none.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is that character.
    #[must_use]
    pub fn is_symbol(&self, symbol: char) -> bool {
        self.kind == TokenKind::Symbol && self.text.starts_with(symbol)
    }

    /// Where it ends, in bytes.
    #[must_use]
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Returns the name that the server reads, or `None` if it is no name: in lower case if it has no quotes, without the
    /// quotes if it has some, and cut to what the server keeps.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match self.kind {
            TokenKind::Word => Some(cut_name(&self.text.to_ascii_lowercase()).to_owned()),
            TokenKind::QuotedName => {
                let inner = self.text.strip_prefix('"').unwrap_or(self.text);
                let inner = inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"");
                Some(cut_name(&inner).to_owned())
            }
            _ => None,
        }
    }
}

/// Returns the tokens of SQL. A string, quoted name or comment without its end reaches to the end of the text, which the
/// server refuses.
#[must_use]
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner { sql, at: 0 };
    let mut tokens = Vec::new();
    loop {
        scanner.skip_space_and_comments();
        let start = scanner.at;
        let Some(kind) = scanner.token() else {
            return tokens;
        };
        tokens.push(Token { kind, text: &sql[start..scanner.at], start });
    }
}

struct Scanner<'s> {
    sql: &'s str,
    at: usize,
}

impl<'s> Scanner<'s> {
    fn rest(&self) -> &'s str {
        &self.sql[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn advance(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn take_while(&mut self, takes: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !takes(c)).unwrap_or(rest.len());
    }

    /// Goes behind the next place where the text stands, or to the end.
    fn skip_past(&mut self, text: &str) {
        let rest = self.rest();
        self.at += rest.find(text).map_or(rest.len(), |found| found + text.len());
    }

    fn skip_space_and_comments(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if self.rest().starts_with("--") {
                self.skip_past("\n");
            } else if self.rest().starts_with("/*") {
                self.skip_block_comment();
            } else {
                return;
            }
        }
    }

    /// Comments nest: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS>.
    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.advance(c);
            }
        }
    }

    fn token(&mut self) -> Option<TokenKind> {
        let first = self.peek()?;
        let mut next = self.rest().chars().skip(1);
        let (second, third) = (next.next(), next.next());
        Some(match first {
            '\'' => self.text(false),
            '"' => self.quoted('"', false, TokenKind::QuotedName),
            'e' | 'E' if second == Some('\'') => {
                self.at += 1;
                self.text(true)
            }
            'b' | 'B' | 'x' | 'X' | 'n' | 'N' if second == Some('\'') => {
                self.at += 1;
                self.text(false)
            }
            'u' | 'U' if second == Some('&') && third == Some('\'') => {
                self.at += 2;
                self.text(false)
            }
            'u' | 'U' if second == Some('&') && third == Some('"') => {
                self.at += 2;
                self.quoted('"', false, TokenKind::QuotedName)
            }
            '$' if second.is_some_and(|c| c.is_ascii_digit()) => {
                self.at += 1;
                self.take_while(|c| c.is_ascii_digit());
                TokenKind::Parameter
            }
            '$' => self.dollar_quoted(),
            '.' if second.is_some_and(|c| c.is_ascii_digit()) => self.number(),
            c if c.is_ascii_digit() => self.number(),
            c if begins_word(c) => {
                self.take_while(|c| begins_word(c) || c.is_ascii_digit() || c == '$');
                TokenKind::Word
            }
            c => {
                self.advance(c);
                TokenKind::Symbol
            }
        })
    }

    fn text(&mut self, has_escapes: bool) -> TokenKind {
        self.quoted('\'', has_escapes, TokenKind::Text)
    }

    /// Scans to the closing quote; a doubled one is part of the content, and so is what follows a backslash in `E''`.
    fn quoted(&mut self, quote: char, has_escapes: bool, kind: TokenKind) -> TokenKind {
        self.advance(quote);
        while let Some(c) = self.peek() {
            self.advance(c);
            if has_escapes && c == '\\' {
                if let Some(escaped) = self.peek() {
                    self.advance(escaped);
                }
            } else if c == quote {
                if self.peek() != Some(quote) {
                    break;
                }
                self.advance(quote);
            }
        }
        kind
    }

    fn dollar_quoted(&mut self) -> TokenKind {
        let tag = self.rest()[1..].find('$').map(|end| &self.rest()[..end + 2]);
        let is_tag =
            |tag: &&str| tag[1..].chars().all(|c| begins_word(c) || c.is_ascii_digit() || c == '$');
        match tag.filter(is_tag) {
            Some(tag) => {
                self.at += tag.len();
                self.skip_past(tag);
                TokenKind::Text
            }
            None => {
                self.at += 1;
                TokenKind::Symbol
            }
        }
    }

    fn number(&mut self) -> TokenKind {
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        TokenKind::Number
    }
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/* why /* nested */ this */ CREATE", &["CREATE"])]
    #[case("-- why; 'this'\nCREATE -- end", &["CREATE"])]
    #[case("'it''s' E'a\\'b' B'1' U&'x'", &["'it''s'", "E'a\\'b'", "B'1'", "U&'x'"])]
    #[case("'a\\' b", &["'a\\'", "b"])]
    #[case(r#""a""b".c U&"d""#, &[r#""a""b""#, ".", "c", r#"U&"d""#])]
    #[case("$$a;$b$ 'c$$ $x$ $$ $x$ $1", &["$$a;$b$ 'c$$", "$x$ $$ $x$", "$1"])]
    #[case("a$b 1.5e3 .5 x", &["a$b", "1.5e3", ".5", "x"])]
    #[case("größe::text[]", &["größe", ":", ":", "text", "[", "]"])]
    #[case("/* open", &[])]
    #[case("'open", &["'open"])]
    #[case("$open$ x", &["$open$ x"])]
    fn tokens_are_those_of_the_server(#[case] sql: &str, #[case] expected: &[&str]) {
        let texts: Vec<&str> = tokens(sql).iter().map(|token| token.text).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_name_is_as_the_server_reads_it() {
        let names: Vec<Option<String>> =
            tokens(r#"Users "Us""ers" 'x' ÄB"#).iter().map(Token::name).collect();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(names, [name("users"), name("Us\"ers"), None, name("Äb")]);
        assert_eq!(tokens(&"x".repeat(70))[0].name(), Some("x".repeat(63)));
    }

    proptest! {
        #[test]
        fn every_text_has_an_end_and_no_token_overlaps(sql in "[-'\"$/*;a-eE0-9. \\\\\\nö]{0,40}") {
            let mut end = 0;
            for token in tokens(&sql) {
                prop_assert!(token.start >= end);
                prop_assert!(!token.text.is_empty());
                end = token.end();
            }
            prop_assert!(end <= sql.len());
        }
    }
}
