//! Executes an SQL file.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::error::Error;

/// Executes an SQL script in one transaction, and then resets the settings of the session.
///
/// The script may be a plain file of `pg_dump --schema-only`: the lines `\\restrict` and `\\unrestrict`, which are for
/// `psql`, are skipped.
///
/// # Errors
/// Fails if a statement fails. The error has the line if the server reports a position. Fails before anything is
/// executed if the script contains rows or other commands of `psql`.
pub async fn execute_script(connection: &mut PgConnection, sql: &str) -> Result<(), Error> {
    let sql = &*without_psql_commands(sql)?;
    let failed = |source: sqlx::Error| Error::Execute { line: line(&source, sql), source };
    let mut transaction = connection.begin().await.map_err(failed)?;
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    connection.execute("RESET ALL").await.map(drop).map_err(failed)
}

/// Returns the line of the position in the server's error, which counts characters.
fn line(error: &sqlx::Error, sql: &str) -> Option<usize> {
    use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    let Some(PgErrorPosition::Original(position)) = error.position() else {
        return None;
    };
    Some(sql.chars().take(position.saturating_sub(1)).filter(|c| *c == '\n').count() + 1)
}

/// Replaces the commands that `pg_dump` writes for `psql` with blanks, so that the lines stay the same.
fn without_psql_commands(sql: &str) -> Result<Cow<'_, str>, Error> {
    let line = |place: usize| sql[..place].matches('\n').count() + 1;
    let tokens = seedbed_sql::tokens(sql);
    let mut text = Cow::Borrowed(sql);
    // The end of the statement or the command that is being examined.
    let mut skipped = 0;
    let mut first = 0;
    for (place, token) in tokens.iter().enumerate() {
        if token.start < skipped {
            first = place + 1;
        } else if token.is_symbol('\\') && place == first {
            let command = tokens.get(place + 1).map_or("", |command| command.text);
            if !matches!(command, "restrict" | "unrestrict") {
                let command = command.to_owned();
                return Err(Error::PsqlCommand { line: line(token.start), command });
            }
            skipped = sql[token.start..].find('\n').map_or(sql.len(), |end| token.start + end);
            text.to_mut().replace_range(token.start..skipped, &" ".repeat(skipped - token.start));
            first = place + 1;
        } else if token.is_symbol(';') {
            first = place + 1;
        } else if token.is_word("stdin")
            && tokens[place - 1].is_word("from")
            && tokens[first].is_word("copy")
        {
            let names = tokens[first + 1..place - 1].iter().take_while(|one| !one.is_symbol('('));
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
    fn the_commands_of_a_dump_are_passed_over_and_others_are_refused() {
        let dump =
            "--\n\n\\restrict 1aB9\n\nSET a = 'b\\';\nSELECT E'\\\\restrict';\n\\unrestrict 1aB9\n";
        let sql = without_psql_commands(dump).expect("it is a dump of a schema");
        assert_eq!(
            sql,
            "--\n\n              \n\nSET a = 'b\\';\nSELECT E'\\\\restrict';\n                \n"
        );
        let rows = without_psql_commands("SET a = b;\nCOPY s.\"T\" (a) FROM stdin;\n1\n\\.\n");
        assert!(matches!(rows, Err(Error::Rows { line: 2, table }) if table == "s.\"T\""));
        let command = without_psql_commands("SELECT 1;\n\\connect other\n");
        assert!(
            matches!(command, Err(Error::PsqlCommand { line: 2, command }) if command == "connect")
        );
    }
}
