//! Quoting, for statements that cannot bind values.

/// Returns `name` as a quoted identifier.
#[must_use]
pub fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns `name` as a person would type it, quoted only if necessary. Does not know keywords, so use it only in messages.
#[must_use]
pub fn quote_ident_if_needed(name: &str) -> String {
    let is_plain_character = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_plain = !name.is_empty()
        && name.chars().all(is_plain_character)
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_plain { name.to_owned() } else { quote_ident(name) }
}

/// Returns `text` as a string literal that means the same with all settings of the session. Uses `E''` if the text
/// contains a backslash, because a session can change `standard_conforming_strings`.
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
    fn quotes_inside_are_doubled() {
        assert_eq!(quote_ident(r#"a"b"#), r#""a""b""#);
        assert_eq!(quote_ident_if_needed("a_1"), "a_1");
        assert_eq!(quote_ident_if_needed("a-b"), r#""a-b""#);
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal(r"a\b"), r"E'a\\b'");
        assert_eq!(quote_literal(r"a\'b"), r"E'a\\''b'");
    }
}
