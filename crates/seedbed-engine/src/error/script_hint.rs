//! Hints for the errors of scripts.

use std::time::Duration;

use seedbed_config::{Hint, SuggestedCommand};
use seedbed_sql::{LOG, quote_ident_if_needed, quote_literal, statements};
use sqlx::postgres::PgDatabaseError;

use super::not_null::{ident_in_rust_string, not_null_steps_hint};
use super::{RowSuppressed, RunnerLockReleased, StatementError, TransactionLeftOpen, extension};
use crate::concurrent_statement::is_safe_to_retry;
use crate::connect::SessionOptions;
use crate::direction::Direction;
use crate::driver_error::{database_error, needed_second_connection};
use crate::plan::Step;
use crate::schema::UnwrittenScript;
use crate::script::{Script, ScriptDefinition};
use crate::sqlstate;

/// The method by which the migration of a SeaORM file declares that it runs without a transaction.
const SEA_ORM_WITHOUT_TRANSACTION: &str =
    "fn use_transaction(&self) -> Option<bool> { Some(false) }";

/// Returns the hint that says how to correct the error of a script, or `None` if there is no hint for this error.
pub(super) fn script_hint(
    step: &Step,
    error: &anyhow::Error,
    statement: Option<&str>,
    options: &SessionOptions,
) -> Option<Hint> {
    let file = step.script.file;
    if error.downcast_ref::<UnwrittenScript>().is_some() {
        return Some(format!("write `up` and `down` in `{file}`").into());
    }
    if let Some(refused) = StatementError::find(error) {
        return Some(refused.hint());
    }
    if needed_second_connection(error) {
        return Some(
            format!("in `{file}`, send every statement through the transaction until the transaction ends").into(),
        );
    }
    if let Some(suppressed) = error.downcast_ref::<RowSuppressed>() {
        return Some(format!("as the owner, run `{}`", suppressed.disable_sql()).into());
    }
    if error.is::<TransactionLeftOpen>() {
        return Some(format!("in `{file}`, add the `COMMIT` that ends the transaction").into());
    }
    if error.is::<RunnerLockReleased>() {
        return Some(
            format!("remove `pg_advisory_unlock_all()` and `DISCARD ALL` from `{file}`").into(),
        );
    }
    let database = database_error(error)?;
    match (database.code(), step.direction) {
        // The error for a row that is inserted or updated has a detail. The error for a column that is altered has
        // none.
        (sqlstate::NOT_NULL_VIOLATION, direction) if database.detail().is_none() => {
            let (table, column) = (database.table()?, database.column()?);
            Some(match direction {
                Direction::Up => {
                    not_null_steps_hint(file, table, column, statement.unwrap_or_default())
                }
                Direction::Down => missing_values_hint(file, table, column).into(),
            })
        }
        (sqlstate::FOREIGN_KEY_VIOLATION, Direction::Down) => {
            Some(referencing_rows_hint(database.table()?, database.constraint()?))
        }
        _ => database_hint(step, database, statement, options).map(Hint::from),
    }
}

/// Returns the hint for one of the database errors whose hint suggests no command of Seedbed.
fn database_hint(
    step: &Step,
    database: &PgDatabaseError,
    statement: Option<&str>,
    options: &SessionOptions,
) -> Option<String> {
    let file = step.script.file;
    Some(match database.code() {
        // The server translates its messages, but not their keywords.
        sqlstate::ACTIVE_SQL_TRANSACTION if database.message().contains("SET TRANSACTION") => {
            set_transaction_hint(&step.script)
        }
        sqlstate::ACTIVE_SQL_TRANSACTION => transaction_block_hint(step, statement),
        sqlstate::READ_ONLY_SQL_TRANSACTION => format!(
            "remove `READ ONLY` from `{file}`, because a script and its row in the history are written in one transaction"
        ),
        sqlstate::IN_FAILED_SQL_TRANSACTION => format!(
            "in `{file}`, return the error of each statement: an earlier statement failed, and the script ignored its error"
        ),
        sqlstate::DISK_FULL => disk_full_hint().to_owned(),
        sqlstate::LOCK_NOT_AVAILABLE
            if statement.is_some_and(|sql| !is_safe_to_retry(&statements(sql)))
                && !step.script.uses_transaction() =>
        {
            format!(
                "a statement that may commit by itself is not retried: end the session that blocks it, and run the same \
                 command again, which starts `{file}` again from the beginning"
            )
        }
        sqlstate::LOCK_NOT_AVAILABLE => longer_retry_hint(options.lock_retry_for),
        sqlstate::QUERY_CANCELED => match options.statement_timeout {
            None => format!(
                "the runner sets no limit: another session canceled the statement, or `{file}` sets `statement_timeout` itself"
            ),
            Some(limit) => format!(
                "allow the statement to run for longer than {limit:.0?} with `--statement-timeout`; 0 sets no limit"
            ),
        },
        sqlstate::UNIQUE_VIOLATION if database.table() == Some(LOG) => {
            log_sequence_hint(database.schema().unwrap_or_default())
        }
        _ if sqlstate::is_role_exists(database) => {
            role_hint(file, statement.unwrap_or_default(), database.message())
        }
        sqlstate::UNSAFE_NEW_ENUM_VALUE => {
            "a new enum value can be used only after it is committed: use it in a separate script"
                .to_owned()
        }
        sqlstate::UNDEFINED_FUNCTION if database.message().contains("uuid_generate_v4") => {
            "create the extension in an earlier script: `schema.create_extension(\"uuid-ossp\").await?`"
                .to_owned()
        }
        // PostgreSQL 14 reports UNDEFINED_FILE for an extension that is not installed.
        sqlstate::FEATURE_NOT_SUPPORTED | sqlstate::UNDEFINED_FILE | sqlstate::UNDEFINED_OBJECT => {
            extension::hint(statement?, database.message())?
        }
        sqlstate::INSUFFICIENT_PRIVILEGE => {
            "run the command as the owner, or ask the owner to grant the privilege".to_owned()
        }
        _ => return None,
    })
}

/// Returns the hint for a log whose sequence is behind its rows, as after a logical replication, which copies no sequences.
fn log_sequence_hint(schema: &str) -> String {
    let log = format!("{}.{LOG}", quote_ident_if_needed(schema));
    format!(
        "the sequence of the log is behind its rows, and the script is not the reason: run `SELECT \
         setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {log};`",
        quote_literal(&log)
    )
}

/// Returns the hint for a lock that another session did not release while the engine retried.
pub(super) fn longer_retry_hint(retried_for: Duration) -> String {
    format!(
        "end the session that blocks it, or retry for longer than {retried_for:.0?}: `--lock-retry-for 10m`"
    )
}

/// Returns the hint for a statement that the server refuses in a transaction.
fn transaction_block_hint(step: &Step, statement: Option<&str>) -> String {
    let file = step.script.file;
    match step.script.definition {
        // PostgreSQL runs several statements in one text as one transaction.
        _ if !step.script.uses_transaction()
            && statement.is_some_and(|sql| statements(sql).len() > 1) =>
        {
            format!(
                "in `{file}`, execute each statement alone, with one `schema.execute(\"…\").await?` for each"
            )
        }
        _ if !step.script.uses_transaction() => format!(
            "in `{file}`, execute the statement outside of the transaction that the script begins"
        ),
        ScriptDefinition::Functions { .. } => {
            format!("add `pub const TRANSACTION: bool = false;` to `{file}`")
        }
        ScriptDefinition::SeaOrm(_) => {
            format!("add `{SEA_ORM_WITHOUT_TRANSACTION}` to the migration in `{file}`")
        }
    }
}

/// Returns the hint for a script that ends its transaction itself.
pub(super) fn transaction_control_hint(script: &Script) -> String {
    let addition = without_transaction(script);
    format!("remove COMMIT and ROLLBACK from `{}`, or add {addition}", script.file)
}

/// Returns the hint for a script that sets the isolation level of the transaction that the runner has begun for it.
fn set_transaction_hint(script: &Script) -> String {
    format!(
        "change `{}`: add {}, and begin a transaction with `BEGIN ISOLATION LEVEL …`, because the runner has already used \
         the one that it began",
        script.file,
        without_transaction(script)
    )
}

/// Returns the declaration that makes a script run without a transaction, and where it goes.
fn without_transaction(script: &Script) -> String {
    match script.definition {
        ScriptDefinition::Functions { .. } => {
            "`pub const TRANSACTION: bool = false;` to it".to_owned()
        }
        ScriptDefinition::SeaOrm(_) => format!("`{SEA_ORM_WITHOUT_TRANSACTION}` to its migration"),
    }
}

/// Returns the hint for a server whose disk is full.
pub(super) fn disk_full_hint() -> &'static str {
    "free space on the disk of the server, and run the same command again"
}

/// Returns the hint for a role that exists, with a block that creates the role only if it is missing. The block checks
/// this first, because the role that runs it may have no right to create roles. Another session may still create the
/// role in between.
fn role_hint(file: &str, sql: &str, message: &str) -> String {
    let mut created = statements(sql).into_iter().filter_map(|statement| {
        let is_role = ["role", "user", "group"].iter().any(|word| statement.is_word(1, word));
        let name = statement.tokens().get(2)?.name().filter(|_| is_role)?;
        let text = &sql[statement.start_of(0)..statement.end()];
        (statement.begins_with(&["create"]) && message.contains(&format!("\"{name}\"")))
            .then(|| (quote_literal(&name), text.to_owned()))
    });
    let (name, create) =
        created.next_back().unwrap_or_else(|| ("'…'".to_owned(), "CREATE ROLE …".to_owned()));
    format!(
        "create the role only if it is missing, because a role belongs to the server and not to a database. In `{file}`:\n  \
         DO $do$ BEGIN\n    \
           IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN\n      \
             {create};\n    \
           END IF;\n  \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another session was faster\n  \
         END $do$;"
    )
}

/// Returns the hint for a `down` that adds a NOT NULL column back to a table with rows.
fn missing_values_hint(file: &str, table: &str, column: &str) -> String {
    let (sql_table, sql_column) = (ident_in_rust_string(table), ident_in_rust_string(column));
    format!(
        "the existing rows have no value for the column. Give the rows a temporary default in `down` of\n  \
         `{file}`: add `.default(…)` to the column `{column}`, and then drop the default with\n  \
         `schema.execute(\"ALTER TABLE {sql_table} ALTER COLUMN {sql_column} DROP DEFAULT\").await?;`"
    )
}

/// Returns the hint for a `down` that deletes rows to which rows of another table refer. PostgreSQL's message names the
/// other table.
fn referencing_rows_hint(table: &str, constraint: &str) -> Hint {
    let sql_table = quote_ident_if_needed(table);
    Hint::text(format!(
        "rows of `{table}` refer to the deleted rows through the constraint `{constraint}`: list them with "
    ))
    .then_command(SuggestedCommand::DbPsql)
    .then(format!(
        " and `SELECT * FROM {sql_table};`, delete or change them, and run the same command again"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_quoted_in_the_sql_of_a_hint() {
        let hint = not_null_steps_hint("m.rs", "order", "user", "").to_string();
        assert!(
            hint.contains(r#"schema.add_column("order", string_null("user")).await?;"#),
            "{hint}"
        );
        let update =
            r#"schema.execute("UPDATE \"order\" SET \"user\" = … WHERE \"user\" IS NULL").await?;"#;
        assert!(hint.contains(update), "{hint}");
        let hint = missing_values_hint("m.rs", "order", "user");
        let alter = r#"("ALTER TABLE \"order\" ALTER COLUMN \"user\" DROP DEFAULT")"#;
        assert!(hint.contains(alter), "{hint}");
        let hint = referencing_rows_hint("order", "order_user_id_fkey").to_string();
        assert!(hint.contains(r#"SELECT * FROM "order";"#), "{hint}");
    }

    #[test]
    fn another_identifier_is_not_quoted_in_the_sql_of_a_hint() {
        let hint = not_null_steps_hint("m.rs", "products", "price", "").to_string();
        let update =
            r#"schema.execute("UPDATE products SET price = … WHERE price IS NULL").await?;"#;
        assert!(hint.contains(update), "{hint}");
        let hint = referencing_rows_hint("products", "products_user_id_fkey").to_string();
        assert!(hint.contains("SELECT * FROM products;"), "{hint}");
    }
}
