//! Splits text at separators that are outside of parentheses and quotes.

use super::super::FieldError;
use super::super::default::unquoted;
use super::EXAMPLE;

/// Splits a text at spaces outside of parentheses and quotes.
pub(crate) fn split(text: &str) -> Result<Vec<String>, FieldError> {
    let mut fields = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = top_level(rest, char::is_whitespace)
            .map_err(|problem| FieldError::new(rest, problem, EXAMPLE))?;
        let (field, after) = rest.split_at(end.unwrap_or(rest.len()));
        fields.push(field.to_owned());
        rest = after.trim_start();
    }
    Ok(fields)
}

/// Reads the values of an enum type, separated by spaces or commas. A value in single quotes may
/// contain both.
pub(crate) fn values(text: &str) -> Result<Vec<String>, FieldError> {
    const QUOTED: &str =
        "put a value with a space or a comma in single quotes, such as `'on hold'`";
    let is_separator = |c: char| c.is_whitespace() || c == ',';
    let (mut values, mut rest) = (Vec::new(), text.trim_matches(is_separator));
    while !rest.is_empty() {
        let end = top_level(rest, is_separator)
            .map_err(|problem| FieldError::new(rest, problem, QUOTED))?;
        let (one, after) = rest.split_at(end.unwrap_or(rest.len()));
        if one.contains('"') {
            return Err(FieldError::new(one, "a value cannot have double quotes", QUOTED));
        }
        values.push(unquoted(one).unwrap_or_else(|| one.to_owned()));
        rest = after.trim_start_matches(is_separator);
    }
    Ok(values)
}

/// Returns the position of the first matching character outside of parentheses, brackets and
/// quotes.
pub(super) fn top_level(
    text: &str,
    is_match: impl Fn(char) -> bool,
) -> Result<Option<usize>, &'static str> {
    let mut closers = Vec::new();
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            _ if closers.is_empty() && is_match(c) => return Ok(Some(at)),
            '(' => closers.push(')'),
            '[' => closers.push(']'),
            '{' => closers.push('}'),
            ')' | ']' | '}' if closers.pop() != Some(c) => {
                return Err("unbalanced closing parenthesis");
            }
            _ => {}
        }
    }
    match (quoted, closers.is_empty()) {
        (true, _) => Err("unbalanced quotation mark"),
        (_, false) => Err("unbalanced opening parenthesis"),
        _ => Ok(None),
    }
}

/// Fails if the text would not remain a single expression when it is put in parentheses.
pub(crate) fn ensure_single_expression(text: &str) -> Result<(), &'static str> {
    top_level(text, |_| false)?;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        quoted ^= c == '\'';
        let rest = &text[at..];
        if !quoted && (rest.starts_with("--") || rest.starts_with("/*")) {
            return Err("a comment would hide the rest of the statement");
        }
        if !quoted && c == ';' {
            return Err("a semicolon would end the statement");
        }
    }
    Ok(())
}
