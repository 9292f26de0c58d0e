//! Splits SQL into statements, and examines the keywords and names of a statement.

use crate::name::SqlName;
use crate::token::{Token, tokens};

/// The tokens of one statement, without its final semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementTokens<'s> {
    tokens: Vec<Token<'s>>,
}

/// Splits SQL into statements and drops empty ones. A semicolon inside parentheses, or inside the `BEGIN ATOMIC … END`
/// of a routine, does not end a statement.
#[must_use]
pub fn statements(sql: &str) -> Vec<StatementTokens<'_>> {
    let mut statements = Vec::new();
    let mut statement = Vec::new();
    // The number of open parentheses, and of open `BEGIN ATOMIC … END` and `CASE … END` blocks.
    let (mut parentheses, mut blocks) = (0_usize, 0_usize);
    for token in tokens(sql) {
        let previous = statement.last().copied();
        let is_after =
            |word: &str| previous.is_some_and(|previous: Token<'_>| previous.is_word(word));
        if token.is_symbol('(') {
            parentheses += 1;
        } else if token.is_symbol(')') {
            parentheses = parentheses.saturating_sub(1);
        } else if token.is_word("atomic") && is_after("begin") {
            blocks += 1;
        } else if token.is_word("case") && blocks > 0 {
            // Inside BEGIN ATOMIC, the END of a CASE must not count as the END of the routine.
            blocks += 1;
        } else if token.is_word("end") {
            blocks = blocks.saturating_sub(1);
        }
        if token.is_symbol(';') && parentheses == 0 && blocks == 0 {
            statements.push(std::mem::take(&mut statement));
        } else {
            statement.push(token);
        }
    }
    statements.push(statement);
    statements.retain(|tokens| !tokens.is_empty());
    statements.into_iter().map(|tokens| StatementTokens { tokens }).collect()
}

impl<'s> StatementTokens<'s> {
    /// Returns whether the statement begins with these keywords.
    #[must_use]
    pub fn begins_with(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.is_word(index, word))
    }

    /// Returns whether the token at `index` is the keyword `word`.
    #[must_use]
    pub fn is_word(&self, index: usize, word: &str) -> bool {
        self.tokens.get(index).is_some_and(|token| token.is_word(word))
    }

    /// Returns whether the token at `index` is the character `symbol`.
    #[must_use]
    pub fn is_symbol(&self, index: usize, symbol: char) -> bool {
        self.tokens.get(index).is_some_and(|token| token.is_symbol(symbol))
    }

    /// Returns the index of the next keyword `word`, starting at the index `from`.
    #[must_use]
    pub fn find_word(&self, from: usize, word: &str) -> Option<usize> {
        (from..self.tokens.len()).find(|index| self.is_word(*index, word))
    }

    /// Parses the name at `index`, with its schema if the SQL names one. Returns the name and the index of the token
    /// after it, or `None` if there is no name at `index`. A database name before the schema is ignored.
    #[must_use]
    pub fn qualified_name(&self, index: usize) -> Option<(SqlName, usize)> {
        let mut parts = vec![self.tokens.get(index)?.name()?];
        let mut index = index + 1;
        while self.is_symbol(index, '.') {
            parts.push(self.tokens.get(index + 1)?.name()?);
            index += 2;
        }
        let name = parts.pop()?;
        Some((SqlName { schema: parts.pop(), name }, index))
    }

    /// Returns the position in the SQL, in bytes, at which the token at `index` starts. Returns the end of the
    /// statement if there is no such token.
    #[must_use]
    pub fn start_of(&self, index: usize) -> usize {
        self.tokens.get(index).map_or_else(|| self.end(), |token| token.start)
    }

    /// Returns the position in the SQL, in bytes, at which the statement ends.
    #[must_use]
    pub fn end(&self) -> usize {
        self.tokens.last().map_or(0, Token::end)
    }

    /// Returns the tokens of the statement.
    #[must_use]
    pub fn tokens(&self) -> &[Token<'s>] {
        &self.tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_semicolons_do_not_end_a_statement() {
        let sql = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; \
                   CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); \
                   DO $$ BEGIN PERFORM 1; END $$;; BEGIN; SELECT ';'";
        let all = statements(sql);
        let first: Vec<&str> = all.iter().map(|statement| statement.tokens()[0].text).collect();
        assert_eq!(first, ["CREATE", "CREATE", "DO", "BEGIN", "SELECT"]);
    }

    #[test]
    fn a_name_is_read_with_its_schema() {
        let all = statements(r#"DROP INDEX "Sales".Orders_idx, x"#);
        let (name, at) = all[0].qualified_name(2).expect("a name");
        assert_eq!(name.to_string(), r#""Sales"."orders_idx""#);
        assert!(all[0].is_symbol(at, ','));
        assert!(all[0].qualified_name(at).is_none());
    }
}
