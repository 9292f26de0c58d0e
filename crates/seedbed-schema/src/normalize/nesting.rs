//! The tokens of SQL with their depth.

use seedbed_sql::TokenKind;

/// A token of the SQL that the server writes.
pub(super) struct NestedToken<'q> {
    pub(super) text: &'q str,
    pub(super) start: usize,
    pub(super) kind: TokenKind,
    /// The number of open parentheses around the token. A parenthesis is not inside itself.
    pub(super) depth: usize,
    /// Whether one of the open parentheses starts a subquery.
    pub(super) in_subquery: bool,
}

impl NestedToken<'_> {
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedName)
    }
}

/// Splits SQL into tokens with their depth.
pub(super) fn tokens(sql: &str) -> Vec<NestedToken<'_>> {
    let mut tokens: Vec<NestedToken<'_>> = Vec::new();
    // Each entry says whether an open parenthesis starts a subquery.
    let mut open: Vec<bool> = Vec::new();
    for token in seedbed_sql::tokens(sql) {
        let seedbed_sql::Token { text, start, kind } = token;
        if tokens.last().is_some_and(|last| last.text == "(")
            && let Some(last) = open.last_mut()
        {
            *last = matches!(text, "SELECT" | "WITH" | "VALUES");
        }
        if text == ")" {
            open.pop();
        }
        let in_subquery = open.contains(&true);
        tokens.push(NestedToken { text, start, kind, depth: open.len(), in_subquery });
        if text == "(" {
            open.push(false);
        }
    }
    tokens
}
