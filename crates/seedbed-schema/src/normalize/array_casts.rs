//! Replaces the cast of an array with casts of its elements.
//!
//! `status IN ('a', 'b')` over a varchar is stored as an array of varchar that is cast to text, and is written as
//! `(ARRAY['a'::character varying, …])::text[]`. When PostgreSQL parses this text, it applies a cast that follows
//! `ARRAY[…]` to each element, so after a reload the server writes `ARRAY[('a'::character varying)::text, …]`.

use super::nesting::{NestedToken, tokens};

/// Replaces each cast of an array with casts of its elements.
pub(super) fn distribute_casts(mut sql: String) -> String {
    // An element may contain a cast of an array, too.
    while let Some(rewritten) = rewrite_first(&sql) {
        sql = rewritten;
    }
    sql
}

fn rewrite_first(sql: &str) -> Option<String> {
    // Most texts contain no such cast and need no tokens.
    if !sql.contains("(ARRAY[") {
        return None;
    }
    let tokens = tokens(sql);
    (0..tokens.len()).find_map(|start| rewrite_at(sql, &tokens[start..]))
}

/// Rewrites `( ARRAY [ element, … ] ) : : type [ ]`, if the tokens start with it.
fn rewrite_at(sql: &str, tokens: &[NestedToken<'_>]) -> Option<String> {
    let begins = |place: usize, texts: &[&str]| {
        tokens[place.min(tokens.len())..]
            .iter()
            .map(|token| token.text)
            .take(texts.len())
            .eq(texts.iter().copied())
    };
    if !begins(0, &["(", "ARRAY", "["]) || begins(3, &["]"]) {
        return None;
    }
    let mut open = 0;
    let mut elements: Vec<&str> = Vec::new();
    let mut element = tokens.get(3)?.start;
    let mut close = 3;
    for (place, token) in tokens.iter().enumerate().skip(3) {
        if matches!(token.text, "]" | ",") && open == 0 {
            elements.push(&sql[element..token.start]);
            element = token.start + 1;
            close = place;
        }
        match token.text {
            "(" | "[" => open += 1,
            "]" if open == 0 => break,
            ")" | "]" => open -= 1,
            _ => {}
        }
    }
    if !begins(close, &["]", ")", ":", ":"]) {
        return None;
    }
    let is_type = |token: &&NestedToken<'_>| {
        token.is_name() || token.depth > tokens[0].depth || matches!(token.text, "." | "(" | ")")
    };
    let type_start = close + 4;
    let type_end = type_start + tokens[type_start..].iter().take_while(is_type).count();
    if type_end == type_start || !begins(type_end, &["[", "]"]) {
        return None;
    }
    let type_name = &sql[tokens[type_start].start..tokens[type_end].start];
    let cast = |element: &&str| {
        let element = element.trim();
        // The server distributes the cast of an array of arrays too. The next call distributes this cast.
        let brackets = if element.starts_with("ARRAY[") { "[]" } else { "" };
        format!("({element})::{type_name}{brackets}")
    };
    let elements: Vec<String> = elements.iter().map(cast).collect();
    let rest = &sql[tokens[type_end + 1].start + 1..];
    Some(format!("{}ARRAY[{}]{rest}", &sql[..tokens[0].start], elements.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::distribute_casts;

    #[test]
    fn an_array_cast_becomes_casts_of_its_elements() {
        for (stored, loaded) in [
            (
                "s = ANY ((ARRAY['a,]'::character varying, 'b'::character varying])::text[])",
                "s = ANY (ARRAY[('a,]'::character varying)::text, ('b'::character varying)::text])",
            ),
            (
                "(n = ANY ((ARRAY[f(b, 1), (1)::bigint, a[1]])::numeric[])) AND x",
                "(n = ANY (ARRAY[(f(b, 1))::numeric, ((1)::bigint)::numeric, (a[1])::numeric])) AND x",
            ),
            ("(ARRAY[1])::numeric(5,2)[]", "ARRAY[(1)::numeric(5,2)]"),
            ("(ARRAY[1])::s.\"my type\"[]", "ARRAY[(1)::s.\"my type\"]"),
            (
                "(ARRAY[ARRAY[a, 'x'], ARRAY['y', b]])::text[]",
                "ARRAY[ARRAY[(a)::text, ('x')::text], ARRAY[('y')::text, (b)::text]]",
            ),
            (
                "(ARRAY[((ARRAY[1])::text[])[1]])::character varying[]",
                "ARRAY[((ARRAY[(1)::text])[1])::character varying]",
            ),
        ] {
            assert_eq!(distribute_casts(stored.to_owned()), loaded);
        }
    }

    #[test]
    fn texts_without_a_cast_of_an_array_stay_unchanged() {
        for text in [
            "(ARRAY[1, 2])[1]",
            "(ARRAY[])::text[]",
            "'(ARRAY[1])::text[]'",
            "(ARRAY[1])::text",
            "(ARRAY[1",
        ] {
            assert_eq!(distribute_casts(text.to_owned()), text);
        }
    }
}
