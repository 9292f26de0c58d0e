//! The tokens of SQL with their depth.

use seedbed_sql::TokenKind;

/// A token of the SQL that the server writes.
pub(super) struct NestedToken<'q> {
    pub(super) text: &'q str,
    pub(super) start: usize,
    pub(super) kind: TokenKind,
    /// The number of open parentheses around the token. A parenthesis is not inside itself.
    pub(super) depth: usize,
    /// Whether one of the open parentheses contains a subquery.
    pub(super) in_subquery: bool,
    /// Whether the innermost open parenthesis contains a subquery. Outside of all parentheses, whether the text is a query.
    pub(super) is_of_query: bool,
}

impl NestedToken<'_> {
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedName)
    }
}

/// Splits SQL into tokens with their depth.
pub(super) fn tokens(sql: &str) -> Vec<NestedToken<'_>> {
    let mut tokens: Vec<NestedToken<'_>> = Vec::new();
    // Each entry says whether an open parenthesis contains a subquery.
    let mut open: Vec<bool> = Vec::new();
    let mut is_query = false;
    for token in seedbed_sql::tokens(sql) {
        let seedbed_sql::Token { text, start, kind } = token;
        if kind == TokenKind::Word && matches!(text, "SELECT" | "WITH" | "VALUES") {
            let begins = tokens.last().is_none_or(|last| last.text == "(");
            match open.last_mut() {
                // In `((SELECT …) UNION SELECT …)`, the outer parenthesis contains a subquery too.
                Some(last) => *last = *last || begins || text == "SELECT",
                None => is_query = is_query || begins || text == "SELECT",
            }
        }
        if text == ")" {
            open.pop();
        }
        let in_subquery = open.contains(&true);
        let is_of_query = open.last().copied().unwrap_or(is_query);
        tokens.push(NestedToken { text, start, kind, depth: open.len(), in_subquery, is_of_query });
        if text == "(" {
            open.push(false);
        }
    }
    tokens
}
