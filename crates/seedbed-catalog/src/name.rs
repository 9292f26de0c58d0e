//! Identifiers, literals and options in SQL.

/// The words that PostgreSQL 14 to 18 do not accept as a name everywhere: the union of
/// `pg_get_keywords()` without the unreserved ones. One list serves all versions, so that a file
/// does not depend on the server.
const KEYWORDS: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit \
    boolean both case cast char character check coalesce collate collation column concurrently \
    constraint create cross current_catalog current_date current_role current_schema \
    current_time current_timestamp current_user dec decimal default deferrable desc distinct do \
    else end except exists extract false fetch float for foreign freeze from full grant \
    greatest group grouping having ilike in initially inner inout int integer intersect \
    interval into is isnull join json json_array json_arrayagg json_exists json_object \
    json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading \
    least left like limit localtime localtimestamp merge_action national natural nchar none \
    normalize not notnull null nullif numeric offset on only or order out outer overlaps \
    overlay placing position precision primary real references returning right row select \
    session_user setof similar smallint some substring symmetric system_user table tablesample \
    then time timestamp to trailing treat trim true union unique user using values varchar \
    variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists \
    xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

/// Returns an identifier with quotes only if it needs them.
pub(crate) fn ident(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if starts && name.chars().all(plain) && !is_keyword(name) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

fn is_keyword(name: &str) -> bool {
    KEYWORDS.split_ascii_whitespace().any(|word| word == name)
}

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
    fn an_identifier_is_quoted_only_if_needed() {
        for (name, sql) in [
            ("users", "users"),
            ("_1", "_1"),
            ("user", "\"user\""),
            ("json_table", "\"json_table\""),
            ("1a", "\"1a\""),
            ("Users", "\"Users\""),
            ("a\"b", "\"a\"\"b\""),
            ("größe", "\"größe\""),
        ] {
            assert_eq!(ident(name), sql);
        }
        assert_eq!(qualified("public", "user"), "public.\"user\"");
    }

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
