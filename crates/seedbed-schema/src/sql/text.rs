//! Literals, options and lists in SQL.

use std::collections::BTreeMap;

use seedbed_sql::quote_ident_if_needed as ident;

/// Returns a literal for a session with `standard_conforming_strings`, which the file sets.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns options as they are written between the parentheses of `SET (…)` or `WITH (…)`.
pub(crate) fn options(options: &BTreeMap<String, String>) -> String {
    options.iter().map(|(name, value)| option(name, value)).collect::<Vec<_>>().join(", ")
}

/// Returns the WITH clause for the options, or an empty text if there are no options.
pub(crate) fn with_options(parameters: &BTreeMap<String, String>) -> String {
    if parameters.is_empty() { String::new() } else { format!(" WITH ({})", options(parameters)) }
}

fn option(name: &str, value: &str) -> String {
    // A TOAST parameter contains a dot and must not be quoted.
    let name = if name.contains('.') { name.to_owned() } else { ident(name) };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    if !value.is_empty() && value.chars().all(plain) && !value.contains("null") {
        format!("{name}={value}")
    } else {
        format!("{name}={}", literal(value))
    }
}

/// Returns the items separated by commas, one per line.
pub(crate) fn one_per_line(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("\n    {item}")).collect();
    if items.is_empty() { String::new() } else { items.join(",") + "\n" }
}

/// Returns a clause with a keyword and a value, or an empty text if there is no value.
pub(crate) fn clause(word: &str, value: Option<impl std::fmt::Display>) -> String {
    value.map(|value| format!(" {word} {value}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_quoted_only_if_needed() {
        assert_eq!(option("fillfactor", "70"), "fillfactor=70");
        assert_eq!(option("check_option", "local"), "check_option=local");
        assert_eq!(option("user_catalog", "a b"), "user_catalog='a b'");
    }
}
