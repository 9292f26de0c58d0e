//! Names and texts as SQL has them.

/// Words that PostgreSQL 14 to 18 do not take as a name everywhere: `pg_get_keywords()` of all of them,
/// without the unreserved ones. One list, because a file shall not depend on the server's version.
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

/// A name as somebody would type it: quoted only if it has to be.
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

/// `schema.name`.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", ident(schema), ident(name))
}

/// The last part of a qualified name, without its quotes.
pub(crate) fn unqualified(name: &str) -> String {
    let mut quoted = false;
    let start = name.char_indices().filter(|(_, c)| {
        quoted ^= *c == '"';
        *c == '.' && !quoted
    });
    let last = start.last().map_or(name, |(dot, _)| &name[dot + 1..]);
    last.trim_matches('"').replace("\"\"", "\"")
}

/// A text as a literal, where `standard_conforming_strings` is on.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `name=value` as stored in the catalogue, as SQL takes it.
pub(crate) fn option(stored: &str) -> String {
    let Some((name, value)) = stored.split_once('=') else {
        return ident(stored);
    };
    // A parameter of TOAST has a dot in it, and is no quoted name.
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
    fn a_name_is_quoted_only_if_it_has_to_be() {
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
    fn the_last_part_of_a_name_is_found_behind_quotes() {
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
    fn options_are_quoted_where_sql_needs_it() {
        assert_eq!(option("fillfactor=70"), "fillfactor=70");
        assert_eq!(option("check_option=local"), "check_option=local");
        assert_eq!(option("user_catalog=a b"), "user_catalog='a b'");
    }
}
