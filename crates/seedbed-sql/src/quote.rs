//! Quotes names and literals, for the places in SQL where a parameter such as `$1` is not allowed.

use crate::keyword::is_keyword;

/// Returns `name` as a quoted identifier.
#[must_use]
pub fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns `name` as a person would type it: quoted only if SQL requires it, as it does for a keyword.
#[must_use]
pub fn quote_ident_if_needed(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_plain = !name.is_empty()
        && name.chars().all(plain)
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !is_keyword(name);
    if is_plain { name.to_owned() } else { quote_ident(name) }
}

/// Returns `text` as a string literal that means the same under every setting of the session. A text with a backslash
/// becomes an `E''` literal, because `'\'` depends on `standard_conforming_strings`.
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
    fn a_name_is_quoted_only_if_sql_requires_it() {
        for plain in ["a_1", "_1"] {
            assert_eq!(quote_ident_if_needed(plain), plain);
        }
        for special in ["user", "json_table", "1a", "a-b", "Users", "größe", ""] {
            assert_eq!(quote_ident_if_needed(special), format!("\"{special}\""));
        }
    }

    #[test]
    fn quotes_and_backslashes_inside_names_and_literals_are_escaped() {
        assert_eq!(quote_ident(r#"a"b"#), r#""a""b""#);
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal(r"a\b"), r"E'a\\b'");
        assert_eq!(quote_literal(r"a\'b"), r"E'a\\''b'");
    }
}
