//! Executes an SQL file.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::error::Error;

/// Executes the text of an SQL file in one transaction, and then resets the settings of the session.
///
/// The file may be one that `pg_dump --schema-only` wrote in its plain format. The commands `\restrict` and
/// `\unrestrict` in such a file are for `psql`, and are skipped.
///
/// # Errors
/// Fails if a statement fails. The error has the line if the server reports a position. Fails before anything is
/// executed if the file contains the rows of a `COPY … FROM stdin`, or any other command of `psql`.
pub async fn execute_sql_file(connection: &mut PgConnection, sql: &str) -> Result<(), Error> {
    let sql = &*without_psql_commands(sql)?;
    let failed = |source: sqlx::Error| Error::Execute { line: line(&source, sql), source };
    let mut transaction = connection.begin().await.map_err(failed)?;
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    connection.execute("RESET ALL").await.map(drop).map_err(failed)
}

/// Returns the line of the position in the server's error. The server counts the position in characters.
fn line(error: &sqlx::Error, sql: &str) -> Option<usize> {
    use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    let Some(PgErrorPosition::Original(position)) = error.position() else {
        return None;
    };
    Some(sql.chars().take(position.saturating_sub(1)).filter(|c| *c == '\n').count() + 1)
}

/// Replaces the commands that `pg_dump` writes for `psql` with blanks, so that every statement keeps its line and
/// position.
fn without_psql_commands(sql: &str) -> Result<Cow<'_, str>, Error> {
    let line = |position: usize| sql[..position].matches('\n').count() + 1;
    let tokens = seedbed_sql::tokens(sql);
    let mut text = Cow::Borrowed(sql);
    // The position of the end of the last command, which extends to the end of its line.
    let mut command_end = 0;
    // The index of the first token of the current statement.
    let mut first = 0;
    for (index, token) in tokens.iter().enumerate() {
        if token.start < command_end {
            first = index + 1;
        } else if token.is_symbol('\\') && index == first {
            let command = tokens.get(index + 1).map_or("", |command| command.text);
            if !matches!(command, "restrict" | "unrestrict") {
                let command = command.to_owned();
                return Err(Error::PsqlCommand { line: line(token.start), command });
            }
            command_end = sql[token.start..].find('\n').map_or(sql.len(), |end| token.start + end);
            let blanks = " ".repeat(command_end - token.start);
            text.to_mut().replace_range(token.start..command_end, &blanks);
            first = index + 1;
        } else if token.is_symbol(';') {
            first = index + 1;
        } else if token.is_word("stdin")
            && index > first
            && tokens[index - 1].is_word("from")
            && tokens[first].is_word("copy")
        {
            let names = tokens[first + 1..index - 1].iter().take_while(|one| !one.is_symbol('('));
            let table: String = names.map(|token| token.text).collect();
            return Err(Error::Rows { line: line(tokens[first].start), table });
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_psql_commands_of_a_dump_are_replaced_with_blanks_and_others_are_refused() {
        let dump =
            "--\n\n\\restrict 1aB9\n\nSET a = 'b\\';\nSELECT E'\\\\restrict';\n\\unrestrict 1aB9\n";
        let sql = without_psql_commands(dump).expect("a dump of a schema");
        assert_eq!(
            sql,
            "--\n\n              \n\nSET a = 'b\\';\nSELECT E'\\\\restrict';\n                \n"
        );

        let command = without_psql_commands("SELECT 1;\n\\connect other\n");
        assert!(
            matches!(command, Err(Error::PsqlCommand { line: 2, command }) if command == "connect")
        );
    }

    #[test]
    fn rows_of_a_table_are_refused() {
        let rows = without_psql_commands("SET a = b;\nCOPY s.\"T\" (a) FROM stdin;\n1\n\\.\n");
        assert!(matches!(rows, Err(Error::Rows { line: 2, table }) if table == "s.\"T\""));
        assert!(without_psql_commands("stdin").is_ok(), "it is not a COPY");
    }
}
