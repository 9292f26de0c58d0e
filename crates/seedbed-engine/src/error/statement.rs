//! The statements that the engine refuses.

use seedbed_config::{Hint, SuggestedCommand};
use seedbed_sql::StatementTokens;

use crate::driver_error::driver_error;
use crate::script_connection::CommitUnit;

/// The reason why the engine refuses a statement or the effect of a statement.
///
/// This error is wrapped in an error of the driver, since an error of SeaORM can hold no other error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StatementError {
    /// `IF NOT EXISTS` skipped an index because an invalid one exists.
    #[error("the index `{index}` exists and is invalid, so it was not built")]
    InvalidIndex {
        /// The index, quoted where SQL requires it.
        index: String,
    },
    /// The statement is `COPY … FROM STDIN`.
    #[error(
        "`COPY … FROM STDIN` waits for rows from the client, but a script sends none; the statement was not sent"
    )]
    CopyFromStdin,
    /// The statement is `COPY … TO STDOUT`.
    #[error(
        "`COPY … TO STDOUT` sends rows to the client, but a script reads none; the statement was not sent"
    )]
    CopyToStdout,
    /// The statement is `PREPARE TRANSACTION` in a script with a transaction.
    #[error(
        "`PREPARE TRANSACTION` would take the transaction of the script away from the runner; the statement was not sent"
    )]
    PrepareTransaction,
}

impl StatementError {
    /// Fails if a statement would leave the server and the driver waiting for each other, or the transaction of a script
    /// prepared on the server, with all of its locks.
    pub(crate) fn check(statements: &[StatementTokens<'_>], unit: CommitUnit) -> Result<(), Self> {
        for statement in statements {
            if unit == CommitUnit::Script && statement.begins_with(&["prepare", "transaction"]) {
                return Err(Self::PrepareTransaction);
            }
            if !statement.begins_with(&["copy"]) {
                continue;
            }
            if statement.find_word(1, "stdin").is_some() {
                return Err(Self::CopyFromStdin);
            }
            if statement.find_word(1, "stdout").is_some() {
                return Err(Self::CopyToStdout);
            }
        }
        Ok(())
    }

    /// Finds an error of this type in the chain of errors of a script.
    pub(crate) fn find(error: &anyhow::Error) -> Option<&Self> {
        match driver_error(error)? {
            sqlx::Error::AnyDriverError(inner) => inner.downcast_ref(),
            _ => None,
        }
    }

    /// Returns the hint that says how to correct the error.
    pub(crate) fn hint(&self) -> Hint {
        match self {
            Self::InvalidIndex { index } => Hint::text(format!(
                "run `DROP INDEX CONCURRENTLY {index};`, and then the same command again"
            )),
            Self::CopyFromStdin => {
                Hint::text("use `schema.bulk_insert(…)`, or generate a seed from the file: ")
                    .then_command(SuggestedCommand::CreateSeed {
                        name: "…".to_owned(),
                        table: Some("…".to_owned()),
                        rows: Some("FILE.csv".to_owned()),
                    })
            }
            Self::PrepareTransaction => Hint::text(
                "remove `PREPARE TRANSACTION` from the script, because the runner commits the script",
            ),
            Self::CopyToStdout => Hint::text(
                "read the rows with SeaORM, `Entity::find().all(schema)`, or write them to a file \
                 on the server, `COPY … TO 'FILE'`",
            ),
        }
    }
}

impl From<StatementError> for sqlx::Error {
    fn from(error: StatementError) -> Self {
        Self::AnyDriverError(Box::new(error))
    }
}
