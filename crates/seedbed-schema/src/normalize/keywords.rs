//! Quotes names that are keywords in a later version.
//!
//! A column called `json` needs quotes since PostgreSQL 17, and a parameter called `json` without quotes is a syntax
//! error there. Older servers write no quotes, but accept them.

use seedbed_sql::TokenKind;

use super::nesting::{NestedToken, tokens};

/// The keywords that PostgreSQL 16 and 17 added and that need quotes as a name.
const NEWER: [&str; 13] = [
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "merge_action",
    "system_user",
];

/// Quotes the names in an expression or a query. `json` is the type if it follows `::` or the name of a column, and
/// otherwise a name.
pub(super) fn quote_in_expression(sql: String) -> String {
    quote(sql, |tokens, index| {
        let Some(before) = index.checked_sub(1).map(|index| &tokens[index]) else { return true };
        before.text != ":" && !is_ordinary_name(before)
    })
}

/// Quotes the names in the head of a function. `json` is the name of a parameter if a type follows it, and otherwise
/// the type.
pub(super) fn quote_in_signature(sql: String) -> String {
    quote(sql, |tokens, index| tokens.get(index + 1).is_some_and(is_ordinary_name))
}

/// Returns whether the token is a name and not a keyword. The server writes its own keywords in capitals.
fn is_ordinary_name(token: &NestedToken<'_>) -> bool {
    token.is_name() && token.text.contains(|c: char| !c.is_ascii_uppercase() && c != '_')
}

/// Quotes the newer keywords. `is_json_a_name` returns whether the token `json` at an index is a name and not the type.
fn quote(sql: String, is_json_a_name: impl Fn(&[NestedToken<'_>], usize) -> bool) -> String {
    if !NEWER.iter().any(|word| sql.contains(word)) {
        return sql;
    }
    let tokens = tokens(&sql);
    let mut quoted = String::new();
    let mut end = 0;
    for (index, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Word
            && NEWER.contains(&token.text)
            && (token.text != "json" || is_json_a_name(&tokens, index))
        {
            quoted += &sql[end..token.start];
            quoted += &seedbed_sql::quote_ident(token.text);
            end = token.start + token.text.len();
        }
    }
    quoted + &sql[end..]
}

#[cfg(test)]
mod tests {
    use super::{quote_in_expression, quote_in_signature};

    #[test]
    fn names_equal_to_keywords_are_quoted_and_types_are_not() {
        for (older, newer) in [
            (
                "SELECT json, t.json AS json FROM t",
                "SELECT \"json\", t.\"json\" AS \"json\" FROM t",
            ),
            ("('{}'::json IS NULL)", "('{}'::json IS NULL)"),
            ("json_object('{a,1}'::text[])", "\"json_object\"('{a,1}'::text[])"),
            ("f(a) x(a json, b integer)", "f(a) x(a json, b integer)"),
            ("(json > 'json'::text)", "(\"json\" > 'json'::text)"),
        ] {
            assert_eq!(quote_in_expression(older.to_owned()), newer);
            assert_eq!(quote_in_expression(newer.to_owned()), newer);
        }
        for (older, newer) in [
            (
                "FUNCTION f(json integer, OUT b json)\n RETURNS json\nAS $$ json $$",
                "FUNCTION f(\"json\" integer, OUT b json)\n RETURNS json\nAS $$ json $$",
            ),
            (
                "FUNCTION f(json)\n RETURNS TABLE(json json)",
                "FUNCTION f(json)\n RETURNS TABLE(\"json\" json)",
            ),
        ] {
            assert_eq!(quote_in_signature(older.to_owned()), newer);
            assert_eq!(quote_in_signature(newer.to_owned()), newer);
        }
    }
}
