//! Adds `AS` before the alias of a modified table in a rule or a function.
//!
//! Servers since November 2026 write `UPDATE public.t AS x`, and older ones `UPDATE public.t x`.
//! The same applies to `DELETE` and `MERGE`.

use super::nesting::{NestedToken, tokens};

/// Adds `AS` before the alias of each table that a statement modifies.
pub(super) fn add_as_keyword(sql: &str) -> String {
    let tokens = tokens(sql);
    let mut text = String::new();
    let mut end = 0;
    for place in 0..tokens.len() {
        if let Some(alias) = target(&tokens[place..]).and_then(|target| alias(target)) {
            text += &sql[end..alias.start];
            text += "AS ";
            end = alias.start;
        }
    }
    text + &sql[end..]
}

/// Returns the tokens behind the keywords of a statement that modifies a table.
fn target<'t, 'q>(statement: &'t [NestedToken<'q>]) -> Option<&'t [NestedToken<'q>]> {
    let word = |place: usize| statement.get(place).map_or("", |token| token.text);
    match (word(0), word(1)) {
        // The `UPDATE` of a trigger or of ON CONFLICT has no qualified table name behind it.
        ("UPDATE", "ONLY") | ("DELETE", "FROM") | ("MERGE", "INTO") => statement.get(2..),
        ("UPDATE", _) => statement.get(1..),
        _ => None,
    }
}

/// Returns the token after `schema.table`, unless it is a keyword of the statement.
fn alias<'t, 'q>(target: &'t [NestedToken<'q>]) -> Option<&'t NestedToken<'q>> {
    let target = if target.first()?.text == "ONLY" { &target[1..] } else { target };
    let [schema, dot, table, next, ..] = target else { return None };
    let is_table = schema.is_name() && dot.text == "." && table.is_name();
    let words = ["AS", "SET", "WHERE", "USING", "RETURNING"];
    (is_table && next.is_name() && !words.contains(&next.text)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::add_as_keyword;

    #[test]
    fn the_alias_of_a_modified_table_gets_an_as() {
        for (older, newer) in [
            ("UPDATE public.t x SET a = 1", "UPDATE public.t AS x SET a = 1"),
            (
                "UPDATE ONLY public.t \"set\" SET a = 1;",
                "UPDATE ONLY public.t AS \"set\" SET a = 1;",
            ),
            (
                "DELETE FROM s.\"T\" x\n WHERE (x.a = 1);",
                "DELETE FROM s.\"T\" AS x\n WHERE (x.a = 1);",
            ),
            ("DELETE FROM ONLY s.t x", "DELETE FROM ONLY s.t AS x"),
            ("MERGE INTO s.t x USING s.u y ON (true)", "MERGE INTO s.t AS x USING s.u y ON (true)"),
            (
                "WITH w AS (UPDATE s.t x SET a = 1 RETURNING x.a) DELETE FROM s.u y USING w",
                "WITH w AS (UPDATE s.t AS x SET a = 1 RETURNING x.a) DELETE FROM s.u AS y USING w",
            ),
        ] {
            assert_eq!(add_as_keyword(older), newer);
            assert_eq!(add_as_keyword(newer), newer);
        }
    }

    #[test]
    fn statements_without_a_bare_alias_of_the_modified_table_stay_unchanged() {
        for sql in [
            "UPDATE public.t SET a = 1",
            "DELETE FROM public.t WHERE (t.a = 1)",
            "DELETE FROM public.t",
            "CREATE RULE r AS ON UPDATE TO public.t DO  DELETE FROM public.u USING public.v x",
            "INSERT INTO public.t AS x VALUES (1) ON CONFLICT DO UPDATE SET a = 'UPDATE s.t x'",
            "SELECT a FROM public.t x FOR UPDATE OF x",
        ] {
            assert_eq!(add_as_keyword(sql), sql);
        }
    }
}
