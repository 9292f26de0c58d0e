//! A lexer for the SQL that the server writes.

/// A token of SQL.
pub(crate) struct Token<'q> {
    pub(crate) text: &'q str,
    pub(crate) start: usize,
    /// The number of open parentheses.
    pub(crate) depth: usize,
    /// Whether one of the open parentheses starts a subquery.
    pub(crate) in_subquery: bool,
}

impl Token<'_> {
    pub(crate) fn is_name(&self) -> bool {
        self.text.starts_with(|c: char| c == '"' || c == '_' || c.is_alphabetic())
    }
}

/// Splits SQL of the server, which contains no comments and no dollar quotes, into tokens.
pub(crate) fn tokens(query: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    // Whether each open parenthesis starts a subquery.
    let mut open: Vec<bool> = Vec::new();
    let mut start = 0;
    while let Some(first) = query[start..].chars().next() {
        let length = token_length(&query[start..], first);
        let text = &query[start..start + length];
        if !first.is_whitespace() {
            if tokens.last().is_some_and(|last| last.text == "(")
                && let Some(last) = open.last_mut()
            {
                *last = matches!(text, "SELECT" | "WITH" | "VALUES");
            }
            if text == ")" {
                open.pop();
            }
            let in_subquery = open.contains(&true);
            tokens.push(Token { text, start, depth: open.len(), in_subquery });
            if text == "(" {
                open.push(false);
            }
        }
        start += length;
    }
    tokens
}

/// Returns the length of the next token: a word, a quoted name, a literal, or one other character.
fn token_length(rest: &str, first: char) -> usize {
    let is_escape = rest.starts_with("E'");
    if matches!(first, '\'' | '"') || is_escape {
        let opening = if is_escape { 2 } else { 1 };
        let quote = if is_escape { '\'' } else { first };
        let mut chars = rest.char_indices().skip(opening).peekable();
        while let Some((at, c)) = chars.next() {
            if is_escape && c == '\\'
                || c == quote && chars.peek().is_some_and(|next| next.1 == quote)
            {
                chars.next();
            } else if c == quote {
                return at + 1;
            }
        }
        return rest.len();
    }
    let is_word = |c: char| c == '_' || c == '$' || c.is_alphanumeric();
    if is_word(first) {
        return rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    }
    first.len_utf8()
}
