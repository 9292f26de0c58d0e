//! Removes redundant qualifiers from the query of a view.
//!
//! PostgreSQL 16 and later write a view over one relation as `SELECT a FROM public.t`. Older servers write
//! `SELECT t.a FROM public.t`, because the query of a view also had the relations `OLD` and `NEW` there. In subqueries,
//! all servers qualify every column.

use super::nesting::{NestedToken, tokens};

/// Removes the relation's name from the columns of a query with only one relation, except in
/// subqueries. Other queries stay unchanged.
pub(super) fn remove_redundant_qualifiers(query: &str) -> String {
    let tokens = tokens(query);
    let Some(from) = the_from_clause(&tokens) else {
        return query.to_owned();
    };
    let Some(alias) = only_relation(&tokens[from.clone()]) else {
        return query.to_owned();
    };
    let aliases = output_names(&tokens[..from.start]);
    let order_by = tokens.iter().position(|token| token.depth == 0 && token.text == "ORDER");
    let distinct_on = distinct_on(&tokens);
    let mut text = String::new();
    let mut end = 0;
    for (place, token) in tokens.iter().enumerate() {
        let next = |n: usize| tokens.get(place + n).map_or("", |token| token.text);
        let before = place.checked_sub(1).map_or("", |place| tokens[place].text);
        let is_column = token.text == alias && next(1) == "." && next(2) != "*" && next(3) != "(";
        // Without its qualifier, the name would refer to an output column.
        let is_sorted_by = (token.depth == 0 && order_by.is_some_and(|order_by| place > order_by))
            || (token.depth == 1 && distinct_on.contains(&place));
        let is_ambiguous = is_sorted_by && aliases.contains(&next(2));
        let is_elsewhere = token.in_subquery || from.contains(&place);
        // The name of a schema may be equal to that of the relation.
        let two_before = place.checked_sub(2).map_or("", |place| tokens[place].text);
        let is_schema =
            matches!(before, "." | ":" | "COLLATE") || (before == "(" && two_before == "OPERATOR");
        if is_column && !is_ambiguous && !is_elsewhere && !is_schema {
            text += &query[end..token.start];
            end = token.start + token.text.len() + 1;
        }
    }
    text + &query[end..]
}

/// Returns the range of the expressions in `SELECT DISTINCT ON (…)`, which is empty for another query.
fn distinct_on(tokens: &[NestedToken<'_>]) -> std::ops::Range<usize> {
    let is_on = |pair: &[NestedToken<'_>]| {
        pair[0].depth == 0 && pair[0].text == "DISTINCT" && pair[1].text == "ON"
    };
    let Some(distinct) = tokens.windows(2).position(is_on) else { return 0..0 };
    let start = distinct + 3;
    let end = tokens.iter().skip(start).position(|token| token.depth == 0);
    start..end.map_or(tokens.len(), |length| start + length)
}

/// Returns the range of the outermost FROM clause of a query, or `None` if the query has no such clause, or has UNION,
/// INTERSECT or EXCEPT.
fn the_from_clause(tokens: &[NestedToken<'_>]) -> Option<std::ops::Range<usize>> {
    let is_outermost = |place: &usize| tokens[*place].depth == 0;
    let mut places = (0..tokens.len()).filter(is_outermost);
    if places.clone().any(|place| matches!(tokens[place].text, "UNION" | "INTERSECT" | "EXCEPT")) {
        return None;
    }
    let is_from = |place: &usize| {
        tokens[*place].text == "FROM"
            && place.checked_sub(1).is_none_or(|place| tokens[place].text != "DISTINCT")
    };
    let start = places.find(is_from)? + 1;
    let ends = |place: &usize| {
        let words =
            ["WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", ";"];
        words.contains(&tokens[*place].text)
    };
    Some(start..places.find(ends).unwrap_or(tokens.len()))
}

/// Returns the name of the only relation in a FROM clause.
fn only_relation<'q>(from: &[NestedToken<'q>]) -> Option<&'q str> {
    let outermost = || from.iter().filter(|token| token.depth == 0);
    if outermost().any(|token| matches!(token.text, "," | "JOIN")) {
        return None;
    }
    let names = outermost().take_while(|token| token.text != "TABLESAMPLE");
    let last = names.filter(|token| token.is_name()).last().map(|token| token.text);
    // PostgreSQL gives XMLTABLE without an alias the name "xmltable".
    if last == Some("XMLTABLE") { Some("\"xmltable\"") } else { last }
}

/// Returns the names after AS.
fn output_names<'q>(select: &[NestedToken<'q>]) -> Vec<&'q str> {
    let pairs = select.windows(2).filter(|pair| pair[0].depth == 0 && pair[0].text == "AS");
    pairs.map(|pair| pair[1].text).collect()
}

#[cfg(test)]
mod tests {
    use super::remove_redundant_qualifiers;

    #[test]
    fn redundant_qualifiers_are_removed() {
        for (older, newer) in [
            (" SELECT t.a,\n    t.b\n   FROM public.t", " SELECT a,\n    b\n   FROM public.t"),
            (
                " SELECT x.a AS n, x.*::public.t AS x FROM public.t x(a, b) WHERE (x.a > 0)",
                " SELECT a AS n, x.*::public.t AS x FROM public.t x(a, b) WHERE (a > 0)",
            ),
            (
                " SELECT 't.a' AS t, \"T\".a, E'\\'t.a' FROM public.\"T\"",
                " SELECT 't.a' AS t, a, E'\\'t.a' FROM public.\"T\"",
            ),
            (
                " SELECT EXTRACT(year FROM t.at), (t.a IS DISTINCT FROM t.b) FROM public.t \
                 TABLESAMPLE system (10)",
                " SELECT EXTRACT(year FROM at), (a IS DISTINCT FROM b) FROM public.t \
                 TABLESAMPLE system (10)",
            ),
            (
                " SELECT t.a, ( SELECT max(u.b) FROM public.u WHERE (u.a = t.a)) FROM public.t",
                " SELECT a, ( SELECT max(u.b) FROM public.u WHERE (u.a = t.a)) FROM public.t",
            ),
            (
                " WITH c AS ( SELECT t.a FROM public.t) SELECT c.a FROM c GROUP BY c.a ORDER BY c.a",
                " WITH c AS ( SELECT t.a FROM public.t) SELECT a FROM c GROUP BY a ORDER BY a",
            ),
            (
                " SELECT s.a FROM ( SELECT t.a FROM public.t) s LIMIT 5",
                " SELECT a FROM ( SELECT t.a FROM public.t) s LIMIT 5",
            ),
            (
                " SELECT public.lower(public.a) FROM s.public",
                " SELECT public.lower(a) FROM s.public",
            ),
            (
                " SELECT \"xmltable\".x FROM XMLTABLE(('/a'::text) PASSING (t.b) COLUMNS x text)",
                " SELECT x FROM XMLTABLE(('/a'::text) PASSING (t.b) COLUMNS x text)",
            ),
            (
                " SELECT max(t.a) AS a FROM public.t ORDER BY (max(t.a))",
                " SELECT max(a) AS a FROM public.t ORDER BY (max(a))",
            ),
            (
                " SELECT DISTINCT ON (t.a) (- t.a) AS a, t.b FROM public.t ORDER BY t.a, t.b",
                " SELECT DISTINCT ON (t.a) (- a) AS a, b FROM public.t ORDER BY t.a, b",
            ),
            (
                " SELECT (x.a COLLATE x.c) AS a, (x.b OPERATOR(x.===) 3) AS b FROM public.t x",
                " SELECT (a COLLATE x.c) AS a, (b OPERATOR(x.===) 3) AS b FROM public.t x",
            ),
            (
                " SELECT t.a FROM t WHERE (EXISTS (( SELECT x.a FROM x LIMIT 1) UNION SELECT u.a FROM u WHERE (u.a = t.a)))",
                " SELECT a FROM t WHERE (EXISTS (( SELECT x.a FROM x LIMIT 1) UNION SELECT u.a FROM u WHERE (u.a = t.a)))",
            ),
            (
                " SELECT t.a FROM t WHERE (EXISTS ((( SELECT x.a FROM x WHERE (x.a = t.a)))))",
                " SELECT a FROM t WHERE (EXISTS ((( SELECT x.a FROM x WHERE (x.a = t.a)))))",
            ),
            (
                " SELECT (- t.a) AS a, t.b FROM public.t ORDER BY t.a, t.b",
                " SELECT (- a) AS a, b FROM public.t ORDER BY t.a, b",
            ),
        ] {
            assert_eq!(remove_redundant_qualifiers(older), newer);
        }
    }

    #[test]
    fn a_query_over_several_relations_stays_unchanged() {
        for query in [
            " SELECT t.a FROM public.t, public.u",
            " SELECT t.a FROM (public.t JOIN public.u ON ((t.a = u.a)))",
            " SELECT t.a FROM public.t UNION SELECT u.a FROM public.u",
            " SELECT 1 AS t",
        ] {
            assert_eq!(remove_redundant_qualifiers(query), query);
        }
    }
}
