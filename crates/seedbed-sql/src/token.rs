//! The tokens of SQL.

use crate::name::cut_name;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, or a name without quotes.
    Word,
    /// A name in double quotes.
    QuotedName,
    /// A string literal, in quotes of any kind.
    StringLiteral,
    /// A number.
    Number,
    /// A parameter such as `$1`.
    Parameter,
    /// Any other character. Each such character is a token of its own.
    Symbol,
}

/// One token of SQL. Comments and white space are not tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'s> {
    /// The kind of the token.
    pub kind: TokenKind,
    /// The text of the token as it was written.
    pub text: &'s str,
    /// The position in the SQL, in bytes, at which the token starts.
    pub start: usize,
}

impl Token<'_> {
    /// Returns whether the token is the keyword `word`. A quoted name is not a keyword.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Returns whether the token is the character `symbol`.
    #[must_use]
    pub fn is_symbol(&self, symbol: char) -> bool {
        self.kind == TokenKind::Symbol && self.text.starts_with(symbol)
    }

    /// Returns the position in the SQL, in bytes, at which the token ends.
    #[must_use]
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Returns the token as a name, as the server reads it. A name without quotes is folded to lower case, a quoted
    /// name loses its quotes, and both are truncated. The escapes in a `U&""` name are not decoded. Returns `None` if
    /// the token is neither a word nor a quoted name.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match self.kind {
            TokenKind::Word => Some(cut_name(&self.text.to_ascii_lowercase()).to_owned()),
            TokenKind::QuotedName => {
                // The text before the first quote is empty or `U&`.
                let (_, inner) = self.text.split_once('"')?;
                let inner = inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"");
                Some(cut_name(&inner).to_owned())
            }
            _ => None,
        }
    }
}

/// Splits SQL into tokens. An unterminated string, quoted name or comment extends to the end of the text; the server
/// refuses such SQL.
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

    fn skip_while(&mut self, matches: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !matches(c)).unwrap_or(rest.len());
    }

    /// Skips the input up to the end of the next occurrence of `text`, or to the end of the input.
    fn skip_past(&mut self, text: &str) {
        let rest = self.rest();
        self.at += rest.find(text).map_or(rest.len(), |found| found + text.len());
    }

    fn skip_space_and_comments(&mut self) {
        loop {
            self.skip_while(char::is_whitespace);
            if self.rest().starts_with("--") {
                self.skip_past("\n");
            } else if self.rest().starts_with("/*") {
                self.skip_block_comment();
            } else {
                return;
            }
        }
    }

    /// Skips a block comment. Block comments nest:
    /// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS>.
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
            '\'' => self.string(false),
            '"' => self.quoted('"', false, TokenKind::QuotedName),
            'e' | 'E' if second == Some('\'') => {
                self.at += 1;
                self.string(true)
            }
            'b' | 'B' | 'x' | 'X' | 'n' | 'N' if second == Some('\'') => {
                self.at += 1;
                self.string(false)
            }
            'u' | 'U' if second == Some('&') && third == Some('\'') => {
                self.at += 2;
                self.string(false)
            }
            'u' | 'U' if second == Some('&') && third == Some('"') => {
                self.at += 2;
                self.quoted('"', false, TokenKind::QuotedName)
            }
            '$' if second.is_some_and(|c| c.is_ascii_digit()) => {
                self.at += 1;
                self.skip_while(|c| c.is_ascii_digit());
                TokenKind::Parameter
            }
            '$' => self.dollar_quoted(),
            '.' if second.is_some_and(|c| c.is_ascii_digit()) => self.number(),
            c if c.is_ascii_digit() => self.number(),
            c if is_word_start(c) => {
                self.skip_while(|c| is_word_start(c) || c.is_ascii_digit() || c == '$');
                TokenKind::Word
            }
            c => {
                self.advance(c);
                TokenKind::Symbol
            }
        })
    }

    fn string(&mut self, has_escapes: bool) -> TokenKind {
        self.quoted('\'', has_escapes, TokenKind::StringLiteral)
    }

    /// Scans to the closing quote. A doubled quote is part of the content, as is the character after a backslash in
    /// `E''`.
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

    /// Scans a string such as `$tag$ … $tag$`. A `$` that starts no such string is a symbol.
    fn dollar_quoted(&mut self) -> TokenKind {
        // The tag includes both dollar signs.
        let tag = self.rest()[1..].find('$').map(|end| &self.rest()[..end + 2]);
        let is_tag = |tag: &&str| {
            tag[1..].chars().all(|c| is_word_start(c) || c.is_ascii_digit() || c == '$')
        };
        match tag.filter(is_tag) {
            Some(tag) => {
                self.at += tag.len();
                self.skip_past(tag);
                TokenKind::StringLiteral
            }
            None => {
                self.at += 1;
                TokenKind::Symbol
            }
        }
    }

    fn number(&mut self) -> TokenKind {
        self.skip_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        TokenKind::Number
    }
}

fn is_word_start(c: char) -> bool {
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
    fn strings_names_and_comments_end_where_the_server_ends_them(
        #[case] sql: &str,
        #[case] expected: &[&str],
    ) {
        let texts: Vec<&str> = tokens(sql).iter().map(|token| token.text).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn names_are_folded_and_unquoted_like_on_the_server() {
        let names: Vec<Option<String>> =
            tokens(r#"Users "Us""ers" 'x' ÄB U&"c""#).iter().map(Token::name).collect();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(names, [name("users"), name("Us\"ers"), None, name("Äb"), name("c")]);
        assert_eq!(tokens(&"x".repeat(70))[0].name(), Some("x".repeat(63)));
    }

    proptest! {
        #[test]
        fn lexing_terminates_and_tokens_do_not_overlap(sql in "[-'\"$/*;a-eE0-9. \\\\\\nö]{0,40}") {
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
