//! Quoting, for the statements that cannot bind values.

use crate::keyword::is_keyword;

/// Returns `name` as a quoted identifier.
#[must_use]
pub fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns `name` as somebody would type it: quoted only if SQL requires it, as for a keyword.
#[must_use]
pub fn quote_ident_if_needed(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_plain = !name.is_empty()
        && name.chars().all(plain)
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !is_keyword(name);
    if is_plain { name.to_owned() } else { quote_ident(name) }
}

/// Returns `text` as a string literal that means the same under every setting of the session: `E''` if the text
/// contains a backslash, since a session may change `standard_conforming_strings`.
#[must_use]
pub fn quote_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_inside_identifiers_and_literals_are_doubled() {
        assert_eq!(quote_ident(r#"a"b"#), r#""a""b""#);
        assert_eq!(quote_ident_if_needed("a_1"), "a_1");
        assert_eq!(quote_ident_if_needed("a-b"), r#""a-b""#);
        assert_eq!(quote_ident_if_needed("_1"), "_1");
        for quoted in ["user", "json_table", "1a", "Users", "größe", ""] {
            assert_eq!(quote_ident_if_needed(quoted), format!("\"{quoted}\""));
        }
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal(r"a\b"), r"E'a\\b'");
        assert_eq!(quote_literal(r"a\'b"), r"E'a\\''b'");
    }
}
