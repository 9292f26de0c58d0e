//! Replaces the cast of an array with casts of its elements.
//!
//! `status IN ('a', 'b')` over a varchar is stored as an array of varchar that is cast to text, and is written as
//! `(ARRAY['a'::character varying, …])::text[]`. When PostgreSQL parses this text, it applies a cast that follows
//! `ARRAY[…]` to each element, so after a reload the server writes `ARRAY[('a'::character varying)::text, …]`.

use std::collections::HashMap;

use super::nesting::{NestedToken, tokens};

/// The names of columns and functions whose type is an array, and whether everything with the name has an array type.
pub(crate) type ArrayNames = HashMap<String, bool>;

/// Replaces each cast of an array with casts of its elements. An array stays unchanged if it is not certain whether its
/// elements are arrays themselves.
pub(super) fn distribute_casts(mut sql: String, array_names: &ArrayNames) -> String {
    // An element may contain a cast of an array, too.
    while let Some(rewritten) = rewrite_first(&sql, array_names) {
        sql = rewritten;
    }
    sql
}

fn rewrite_first(sql: &str, array_names: &ArrayNames) -> Option<String> {
    // Most texts contain no such cast and need no tokens.
    if !sql.contains("(ARRAY[") {
        return None;
    }
    let tokens = tokens(sql);
    (0..tokens.len()).find_map(|start| rewrite_at(sql, &tokens[start..], array_names))
}

/// Returns whether the tokens are the name of a column that is an array in every table.
fn is_array_column(element: &[NestedToken<'_>], array_names: &ArrayNames) -> bool {
    let is_name = element.iter().all(|token| token.is_name() || token.text == ".");
    let last = element.last().map(|token| token.text.trim_matches('"'));
    is_name && last.and_then(|name| array_names.get(name)).copied().unwrap_or(false)
}

/// Returns whether the token at the start of the list names an array, and not an element of one.
fn names_array(tokens: &[NestedToken<'_>], array_names: &ArrayNames) -> bool {
    const FUNCTIONS: [&str; 4] = ["regexp_match", "current_schemas", "parse_ident", "enum_range"];
    let [token, rest @ ..] = tokens else { return false };
    let name = token.text.trim_matches('"');
    let is_array = FUNCTIONS.contains(&name)
        || (name.contains("array") && rest.first().is_some_and(|next| next.text == "("))
        || array_names.contains_key(name);
    is_array && token.is_name() && rest.first().is_none_or(|next| next.text != "[")
}

/// Rewrites `( ARRAY [ element, … ] ) : : type [ ]`, if the tokens start with it.
fn rewrite_at(sql: &str, tokens: &[NestedToken<'_>], array_names: &ArrayNames) -> Option<String> {
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
    let mut elements: Vec<&[NestedToken<'_>]> = Vec::new();
    let mut element = 3;
    let mut close = 3;
    for (place, token) in tokens.iter().enumerate().skip(3) {
        if matches!(token.text, "]" | ",") && open == 0 {
            elements.push(&tokens[element..place]);
            element = place + 1;
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
    let is_array = |element: &&[NestedToken<'_>]| is_array_column(element, array_names);
    let is_uncertain = |element: &&[NestedToken<'_>]| {
        (0..element.len()).any(|place| names_array(&element[place..], array_names))
    };
    if elements.iter().filter(|element| !is_array(element)).any(is_uncertain) {
        return None;
    }
    let depth = tokens[0].depth;
    let is_type = |token: &&NestedToken<'_>| {
        token.depth > depth
            || (token.depth == depth && (token.is_name() || matches!(token.text, "." | "(" | ")")))
    };
    let type_start = close + 4;
    let type_end = type_start + tokens[type_start..].iter().take_while(is_type).count();
    if type_end == type_start || !begins(type_end, &["[", "]"]) {
        return None;
    }
    let type_name = &sql[tokens[type_start].start..tokens[type_end].start];
    let cast = |element: &&[NestedToken<'_>]| {
        let (Some(first), Some(last)) = (element.first(), element.last()) else {
            return String::new();
        };
        let text = &sql[first.start..last.start + last.text.len()];
        // The server distributes the cast of an array of arrays too. The next call distributes the cast of `ARRAY[…]`.
        let is_array = text.starts_with("ARRAY[") || is_array_column(element, array_names);
        format!("({text})::{type_name}{}", if is_array { "[]" } else { "" })
    };
    let elements: Vec<String> = elements.iter().map(cast).collect();
    let rest = &sql[tokens[type_end + 1].start + 1..];
    Some(format!("{}ARRAY[{}]{rest}", &sql[..tokens[0].start], elements.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{HashMap, distribute_casts};

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
            assert_eq!(distribute_casts(stored.to_owned(), &HashMap::new()), loaded);
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
            "(f((ARRAY[1])::public.dom), x(a integer[]))",
        ] {
            assert_eq!(distribute_casts(text.to_owned(), &HashMap::new()), text);
        }
    }

    #[test]
    fn an_array_of_possible_arrays_stays_unchanged() {
        let names = HashMap::from([("tags".to_owned(), true), ("kinds".to_owned(), false)]);
        for text in [
            "(ARRAY[t.kinds, t.x])::text[]",
            "(ARRAY[(t.tags || 'x')])::text[]",
            "(ARRAY[string_to_array('a', 'b')])::character varying[]",
        ] {
            assert_eq!(distribute_casts(text.to_owned(), &names), text);
        }
        let element = distribute_casts("(ARRAY[tags[1]])::text[]".to_owned(), &names);
        assert_eq!(element, "ARRAY[(tags[1])::text]");
        let columns = distribute_casts("(ARRAY[t.tags, tags])::text[]".to_owned(), &names);
        assert_eq!(columns, "ARRAY[(t.tags)::text[], (tags)::text[]]");
    }
}
