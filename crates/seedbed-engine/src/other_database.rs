//! Recognizes statements that name and change a database other than the one that the script runs in.
//!
//! In a temporary database a statement such as `ALTER DATABASE` would silently change the developer's own database.

use std::ops::Range;

use seedbed_sql::{StatementTokens, quote_literal, statements};

/// A statement that changes another database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OtherDatabaseStatement<'s> {
    /// The name of the other database.
    pub(crate) database: String,
    /// The statement as it was written.
    pub(crate) sql: &'s str,
    /// The range in the text from the statement to the start of the next one, or to the end of the text. The range
    /// includes the semicolon and the comments after the statement.
    pub(crate) range: Range<usize>,
    /// The range of the database name in the statement.
    name: Range<usize>,
}

impl OtherDatabaseStatement<'_> {
    /// Returns the warning that the statement was skipped, with a block that makes the same change to the database that
    /// the script runs in.
    pub(crate) fn skipped_warning(&self, script: &str) -> String {
        let before = self.sql[..self.name.start].replace('%', "%%");
        let after = self.sql[self.name.end..].replace('%', "%%");
        let format = quote_literal(&format!("{before}%I{after}"));
        format!(
            "{script}: a statement that changes the database `{}` was skipped in this temporary database: {}\n  \
             To change the database that the script runs in, whatever its name is:\n  \
             DO $do$ BEGIN EXECUTE format({format}, current_database()); END $do$;",
            self.database, self.sql
        )
    }
}

/// Returns the statements that change a database other than `own`, in the order of the text.
pub(crate) fn other_database_statements<'s>(
    sql: &'s str,
    own: &str,
) -> Vec<OtherDatabaseStatement<'s>> {
    let statements = statements(sql);
    let starts = statements.iter().skip(1).map(|statement| statement.start_of(0));
    let ends = starts.chain([sql.len()]);
    let found = statements.iter().zip(ends).filter_map(|(statement, next)| {
        let at = database_name_index(statement)?;
        let database = statement.tokens().get(at)?.name().filter(|name| name != own)?;
        let (start, end) = (statement.start_of(0), statement.end());
        let name = &statement.tokens()[at];
        let name = name.start - start..name.end() - start;
        Some(OtherDatabaseStatement { database, sql: &sql[start..end], range: start..next, name })
    });
    found.collect()
}

/// Returns the text without the given statements.
pub(crate) fn without(sql: &str, statements: &[OtherDatabaseStatement<'_>]) -> String {
    let mut rest = sql.to_owned();
    for statement in statements.iter().rev() {
        rest.replace_range(statement.range.clone(), "");
    }
    rest
}

/// Returns the index of the token with the name of the database that the statement changes.
fn database_name_index(statement: &StatementTokens<'_>) -> Option<usize> {
    let after = |words: [&str; 2]| {
        let last = statement.tokens().len();
        (1..last)
            .find(|at| statement.is_word(*at, words[0]) && statement.is_word(at + 1, words[1]))
            .map(|at| at + 2)
    };
    let begins_with = |words: &[&str]| statement.begins_with(words);
    if begins_with(&["alter", "database"]) {
        Some(2)
    } else if begins_with(&["drop", "database"]) {
        Some(if statement.is_word(2, "if") { 4 } else { 2 })
    } else if begins_with(&["alter", "role"]) || begins_with(&["alter", "user"]) {
        after(["in", "database"])
    } else if ["grant", "revoke", "comment", "security"].iter().any(|word| begins_with(&[word])) {
        // In `GRANT SELECT ON database TO x`, `database` is a table: the next word is TO or FROM, and not a name.
        after(["on", "database"])
            .filter(|at| !["to", "from"].iter().any(|word| statement.is_word(*at, word)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn databases(sql: &str) -> Vec<String> {
        other_database_statements(sql, "own").into_iter().map(|found| found.database).collect()
    }

    #[test]
    fn statements_that_name_another_database_are_found() {
        for sql in [
            "ALTER DATABASE shop SET timezone = 'UTC'",
            "alter database SHOP owner to x;",
            "GRANT CONNECT ON DATABASE \"shop\" TO reader",
            "REVOKE ALL ON DATABASE shop FROM PUBLIC",
            "COMMENT ON DATABASE shop IS 'x'",
            "ALTER ROLE reader IN DATABASE shop SET work_mem = '1MB'",
            "/* x */ DROP DATABASE IF EXISTS shop",
        ] {
            assert_eq!(databases(sql), ["shop"], "{sql}");
        }
    }

    #[test]
    fn statements_about_the_current_database_or_other_objects_are_ignored() {
        for sql in [
            "ALTER DATABASE own SET timezone = 'UTC'",
            "GRANT SELECT ON database TO reader",
            "REVOKE SELECT ON TABLE database FROM reader",
            "SELECT 'ALTER DATABASE shop SET x = 1'",
            "ALTER ROLE reader SET work_mem = '1MB'",
            "COMMENT ON TABLE shop IS 'ON DATABASE shop'",
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET x = 1', current_database()); END $$",
        ] {
            assert_eq!(databases(sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn only_statements_about_another_database_are_removed_from_a_text() {
        let sql = "CREATE TABLE a (); ALTER DATABASE shop SET x = ';'; -- y\nCREATE TABLE b ();";
        let found = other_database_statements(sql, "own");
        assert_eq!(without(sql, &found), "CREATE TABLE a (); CREATE TABLE b ();");
        let only = "GRANT CONNECT ON DATABASE shop TO a";
        assert_eq!(without(only, &other_database_statements(only, "own")), "");
    }

    #[test]
    fn the_suggested_do_block_changes_the_current_database() {
        let sql = "ALTER DATABASE \"Shop\" SET log_line_prefix = '%m '";
        let warning = other_database_statements(sql, "own")[0].skipped_warning("m1");
        let block = "DO $do$ BEGIN EXECUTE format(\
                     'ALTER DATABASE %I SET log_line_prefix = ''%%m ''', current_database()); END $do$;";
        assert!(warning.ends_with(block), "{warning}");
    }
}
