//! Removes an `AS` name from a column of a query if PostgreSQL would give the column the same name by itself, which is
//! the name of its cast.
//!
//! In `SELECT x FROM a UNION ALL SELECT NULL FROM b`, the column of the second SELECT has no name. The server writes it
//! as `NULL::integer`. After this text has been executed, the server writes it as `NULL::integer AS int4`.

use seedbed_sql::TokenKind;

use super::nesting::{NestedToken, tokens};

/// Removes the `AS` name of each constant that equals the name of the type that the constant is cast to.
pub(super) fn remove_names_of_casts(sql: String) -> String {
    if !sql.contains("::") || !sql.contains(" AS ") {
        return sql;
    }
    let tokens = tokens(&sql);
    let mut text = String::new();
    let mut end = 0;
    for index in 2..tokens.len() {
        let (value, name) = (&tokens[index - 2], &tokens[index]);
        // In other places than the list of a SELECT, such as `xmlforest('a'::text AS text)`, SQL may require the name.
        if tokens[index - 1].text == "AS"
            && name.is_of_query
            && name.is_name()
            && cast_name(&tokens[..index - 1]).is_some_and(|cast| cast == unquoted(name))
        {
            text += &sql[end..value.start + value.text.len()];
            end = name.start + name.text.len();
        }
    }
    text + &sql[end..]
}

fn unquoted<'q>(name: &NestedToken<'q>) -> &'q str {
    name.text.trim_matches('"')
}

/// Returns the name that the server gives to a column without a name, if the tokens end with a constant and
/// a cast.
fn cast_name(tokens: &[NestedToken<'_>]) -> Option<String> {
    let is_cast = |index: &usize| tokens[*index].text == ":" && tokens[*index + 1].text == ":";
    let cast = (1..tokens.len().checked_sub(2)?).rev().find(is_cast)?;
    let constant = &tokens[..cast];
    let is_constant = match constant {
        [.., token] if token.kind == TokenKind::StringLiteral => true,
        [.., token] if token.kind == TokenKind::Number => true,
        [.., token] if token.text == "NULL" => true,
        [.., open, number, close] if open.text == "(" && close.text == ")" => {
            number.kind == TokenKind::Number
        }
        _ => false,
    };
    let type_tokens = &tokens[cast + 2..];
    let depth = tokens[cast].depth;
    let is_type = |token: &NestedToken<'_>| {
        let is_symbol = matches!(token.text, "." | "(" | ")" | "," | "[" | "]");
        token.depth >= depth && (token.is_name() || token.kind == TokenKind::Number || is_symbol)
    };
    if !is_constant || !type_tokens.iter().all(is_type) {
        return None;
    }
    let words = type_tokens.iter().filter(|token| token.depth == depth && token.is_name());
    let words: Vec<&str> = words.map(unquoted).collect();
    let is_quoted = type_tokens.first()?.kind == TokenKind::QuotedName;
    if is_quoted || type_tokens.iter().any(|token| token.depth == depth && token.text == ".") {
        return words.last().map(|name| (*name).to_owned());
    }
    Some(match words.as_slice() {
        ["integer"] => "int4".to_owned(),
        ["bigint"] => "int8".to_owned(),
        ["smallint"] => "int2".to_owned(),
        ["boolean"] => "bool".to_owned(),
        ["real"] => "float4".to_owned(),
        ["double", "precision"] => "float8".to_owned(),
        ["character", "varying"] => "varchar".to_owned(),
        ["character"] => "bpchar".to_owned(),
        ["bit", "varying"] => "varbit".to_owned(),
        ["timestamp", "with", ..] => "timestamptz".to_owned(),
        ["timestamp", ..] => "timestamp".to_owned(),
        ["time", "with", ..] => "timetz".to_owned(),
        ["time", ..] => "time".to_owned(),
        ["interval", ..] => "interval".to_owned(),
        [name] => (*name).to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::remove_names_of_casts;

    #[test]
    fn the_name_of_a_cast_is_removed_from_constants_only() {
        for (loaded, stored) in [
            (
                "SELECT a.x FROM a UNION ALL SELECT NULL::integer AS int4 FROM b",
                "SELECT a.x FROM a UNION ALL SELECT NULL::integer FROM b",
            ),
            ("SELECT 'a'::text AS text, 1 AS n", "SELECT 'a'::text, 1 AS n"),
            (
                "SELECT NULL::character varying(3)[] AS varchar",
                "SELECT NULL::character varying(3)[]",
            ),
            (
                "SELECT NULL::timestamp(3) with time zone AS timestamptz",
                "SELECT NULL::timestamp(3) with time zone",
            ),
            (
                "SELECT '-1'::integer AS int4, NULL::s.mood AS mood",
                "SELECT '-1'::integer, NULL::s.mood",
            ),
        ] {
            assert_eq!(remove_names_of_casts(loaded.to_owned()), stored);
        }
        for kept in [
            "SELECT a.x::integer AS int4 FROM a",
            "SELECT lower('a'::text) AS text",
            "SELECT NULL::integer AS x",
            "SELECT (a.x)::text AS text FROM a",
            "SELECT xmlforest('x'::text AS text, t.a AS b) AS f FROM t",
            "SELECT x.x FROM XMLTABLE(XMLNAMESPACES('http://x'::text AS text), '/a' PASSING a) x",
            "SELECT 'a'::\"timestamp\".mood AS \"timestamp\", 1 AS x",
        ] {
            assert_eq!(remove_names_of_casts(kept.to_owned()), kept);
        }
    }
}
