//! Identifiers, literals and options in SQL.

pub(crate) use seedbed_sql::quote_ident_if_needed as ident;

/// Returns `schema.name`.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", ident(schema), ident(name))
}

/// Returns the last part of a qualified name without quotes.
pub(crate) fn unqualified(name: &str) -> String {
    let mut quoted = false;
    let start = name.char_indices().filter(|(_, c)| {
        quoted ^= *c == '"';
        *c == '.' && !quoted
    });
    let last = start.last().map_or(name, |(dot, _)| &name[dot + 1..]);
    last.trim_matches('"').replace("\"\"", "\"")
}

/// Returns a literal for a server with `standard_conforming_strings`.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns an option, which the catalog stores as `name=value`, as SQL accepts it.
pub(crate) fn option(stored: &str) -> String {
    let Some((name, value)) = stored.split_once('=') else {
        return ident(stored);
    };
    // A TOAST parameter contains a dot and must not be quoted.
    let name = if name.contains('.') { name.to_owned() } else { ident(name) };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    if !value.is_empty() && value.chars().all(plain) && !value.contains("null") {
        format!("{name}={value}")
    } else {
        format!("{name}={}", literal(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_are_split_correctly() {
        for (name, last) in [
            ("public.users", "users"),
            ("\"a.b\".users", "users"),
            ("public.\"a.b\"", "a.b"),
            ("public.\"a\"\"b\"", "a\"b"),
        ] {
            assert_eq!(unqualified(name), last);
        }
    }

    #[test]
    fn options_are_quoted_only_if_needed() {
        assert_eq!(option("fillfactor=70"), "fillfactor=70");
        assert_eq!(option("check_option=local"), "check_option=local");
        assert_eq!(option("user_catalog=a b"), "user_catalog='a b'");
    }
}
