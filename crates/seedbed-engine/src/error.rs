//! The errors of the engine, and their hints.

mod extension;
mod hint;
mod not_null;
mod partial_effects;
mod script;
mod script_hint;
mod statement;

use std::sync::Arc;
use std::time::Duration;

pub use partial_effects::PartialEffects;
pub(crate) use script::position;
pub use script::{DatabaseDetails, ScriptError};
use seedbed_build::Name;
use seedbed_config::reason;
use serde::Deserialize;
pub(crate) use statement::StatementError;

use crate::connect::ConnectError;
use crate::direction::Direction;
use crate::driver_error::{ends_session, loss_reason};
use crate::other_history::OtherHistory;
use crate::plan::{PlanError, quoted};
use crate::script::ScriptsError;
use crate::session_info::{SessionInfo, blocked_by};

/// The reason why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection could not be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Two files give their scripts the same name.
    #[error(transparent)]
    Scripts(#[from] ScriptsError),
    /// The request was refused before anything happened.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A script failed.
    #[error(transparent)]
    Script(Box<ScriptError>),
    /// The run was canceled, by SIGINT or SIGTERM for example.
    #[error("interrupted")]
    Interrupted,
    /// Another runner has the lock.
    #[error(
        "another runner still has the lock after {waited:.0?}{}",
        holder.as_ref().map(|holder| format!(": {holder}")).unwrap_or_default()
    )]
    LockWait {
        /// The time that this runner has waited.
        waited: Duration,
        /// The session that holds the lock, if the server shows it.
        holder: Option<SessionInfo>,
    },
    /// Seeds cannot run, because migrations are pending.
    #[error("{count} {} pending, but seeds require all migrations; the first is `{first}`", if *count == 1 { "migration is" } else { "migrations are" })]
    MigrationsPending {
        /// The number of pending migrations.
        count: usize,
        /// The file of the first pending migration.
        first: String,
    },
    /// A transaction-mode pooler is between the runner and the server.
    #[error(
        "`{server}` is a pooler in transaction mode, which would lose the runner lock; nothing was run"
    )]
    Pooler {
        /// Host and port.
        server: String,
    },
    /// The session is no longer the one that holds the lock.
    #[error(
        "`{server}` gave this run another server session, as a pooler in transaction mode does, so the runner lock is lost; the run has stopped"
    )]
    OtherSession {
        /// Host and port.
        server: String,
    },
    /// The role may not have the two connections that a temporary database needs: one to lock its name and one to use it.
    #[error(
        "a temporary database needs two connections at once, but the role `{role}` may open only {limit}; nothing was run"
    )]
    TwoConnections {
        /// The role that connects.
        role: String,
        /// The connection limit of the role.
        limit: i32,
    },
    /// A row-level security policy may hide rows of the history from the role.
    #[error(
        "the role `{role}` may not see every row of `{table}`, because {policies} may hide some"
    )]
    HiddenRows {
        /// The role.
        role: String,
        /// The table of the history.
        table: String,
        /// The policies of the table, or row-level security if it has none.
        policies: String,
    },
    /// The recreated database would have no schema that the search path names.
    #[error("a new database has none of the schemas in `search_path`; nothing was dropped")]
    NoSchemaInNewDatabase,
    /// The role may not drop the database.
    #[error(
        "the role `{role}` may not drop the database `{database}`, which belongs to `{owner}`; nothing was dropped"
    )]
    NoRightToDropDatabase {
        /// The role.
        role: String,
        /// The name in the URL.
        database: String,
        /// The owner.
        owner: String,
    },
    /// A database could not be recreated.
    #[error("{cause}; nothing was dropped")]
    NotDropped {
        /// The reason for the failure.
        cause: Box<Error>,
    },
    /// The search path names no schema that exists and that the role may use.
    #[error("the role `{role}` can use no schema of the search path `{search_path}`")]
    NoSchema {
        /// The setting `search_path`.
        search_path: String,
        /// The role.
        role: String,
    },
    /// The role may not create databases.
    #[error("the role `{role}` may not create the database `{database}`: {message}")]
    NoRightToCreateDatabase {
        /// The role.
        role: String,
        /// The name in the URL.
        database: String,
        /// The message of the database.
        message: String,
    },
    /// The role may not create a temporary database.
    #[error(
        "the command needs a temporary database, but the role `{role}` may create none on `{server}`: {message}"
    )]
    NoRightToCreateTemporaryDatabase {
        /// The role.
        role: String,
        /// Host and port, or the socket.
        server: String,
        /// The message of the database.
        message: String,
    },
    /// Another session has locked a table of the history.
    #[error("failed to {doing}: {}{}", reason(source), blocked_by(blocker.as_deref()))]
    HistoryLocked {
        /// The activity of the engine, such as `read the history`.
        doing: &'static str,
        /// The error of the driver.
        source: Arc<sqlx::Error>,
        /// The session that has locked the table, if the server shows it.
        blocker: Option<Box<SessionInfo>>,
        /// The time during which the engine retried.
        retried_for: Duration,
    },
    /// The history was not corrected, because the database suppressed a row.
    #[error("failed to correct the history: {reason}")]
    NotRecorded {
        /// The trigger or rule, and its table.
        reason: String,
        /// The statement that disables it.
        statement: String,
    },
    /// The role may not read the history.
    #[error("the role `{role}` may not read the history: {message}")]
    MayNotRead {
        /// The role.
        role: String,
        /// The history tables that exist, with their schema.
        tables: Vec<String>,
        /// The message of the database.
        message: String,
    },
    /// The role may not create the tables of the history.
    #[error("the role `{role}` may not create tables in the schema `{schema}`: {message}")]
    NoRight {
        /// The role.
        role: String,
        /// The schema.
        schema: String,
        /// The message of the database.
        message: String,
    },
    /// The session that holds the lock is lost.
    #[error("the connection to the server was lost ({reason}) {doing}")]
    SessionLost {
        /// The activity during which the session was lost, such as `while m… ran`.
        doing: String,
        /// The message of the driver.
        reason: String,
    },
    /// The connection was lost during COMMIT, and the server does not answer the query for the outcome.
    #[error(
        "the connection was lost while {} was being committed, and the server does not answer, so it is not known whether the script is applied",
        direction.change_text(name)
    )]
    CommitUnknown {
        /// The script.
        name: Name,
        /// The direction in which the script ran.
        direction: Direction,
    },
    /// The server crashed and lost commits of a run on an empty database, where commits do not wait for the disk.
    #[error(
        "{cause}; the server crashed and lost its last commits: {} no longer applied",
        format_args!("{} {}", quoted(names), if names.len() == 1 { "is" } else { "are" })
    )]
    CommitsLost {
        /// The scripts.
        names: Vec<Name>,
        /// The error that ended the run.
        cause: Box<Error>,
    },
    /// The session was lost in a run on an empty database, where commits do not wait for the disk, and the server does
    /// not answer which of these commits remain.
    #[error(
        "{cause}; the server does not answer, so it is not known which of the applied scripts are on its disk"
    )]
    CommitsUnknown {
        /// The error that ended the run.
        cause: Box<Error>,
    },
    /// The database has another history, and none of Seedbed in the current schema.
    #[error("{other}; nothing was run")]
    OtherHistory {
        /// The other history.
        other: OtherHistory,
    },
    /// The server is a standby.
    #[error("the server at `{server}` is a standby, which accepts no changes; nothing was run")]
    Standby {
        /// Host and port, or the socket.
        server: String,
    },
    /// The transactions of the session are read-only by default.
    #[error(
        "the sessions of the role `{role}` in the database `{database}` are read-only, because \
         `default_transaction_read_only` is on; nothing was run"
    )]
    ReadOnly {
        /// The role that connects.
        role: String,
        /// The name in the URL.
        database: String,
    },
    /// The database refused a statement of the engine.
    #[error("failed to {doing}: {}", reason(source))]
    Database {
        /// The activity of the engine, such as `acquire the runner lock`.
        doing: &'static str,
        /// The error of the driver.
        source: Arc<sqlx::Error>,
    },
}

impl Error {
    /// Returns a function for `map_err` that wraps an error of the driver with the activity of the engine.
    pub(crate) fn database(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| {
            if ends_session(&source) {
                let doing = format!("before Seedbed could {doing}");
                return Self::SessionLost { doing, reason: loss_reason(&source) };
            }
            Self::Database { doing, source: Arc::new(source) }
        }
    }
}

/// The error that a statement reached another server session than the one that holds the lock.
#[derive(Debug, thiserror::Error)]
#[error("the session is not the one that holds the runner lock")]
pub(crate) struct SessionChanged;

/// The error that the session no longer holds the runner's lock, although the engine did not release it.
#[derive(Debug, thiserror::Error)]
#[error("the script released the runner lock")]
pub(crate) struct RunnerLockReleased;

/// The error that a script ended the transaction that it runs in.
#[derive(Debug, thiserror::Error)]
#[error("the script ended its transaction")]
pub(crate) struct TransactionEnded;

/// The error that a trigger or a rule of the database suppressed a row of the history.
#[derive(Debug, thiserror::Error, Deserialize)]
#[error("the history has no row of the script; the {kind} `{name}` on `{table}` may suppress it")]
pub(crate) struct RowSuppressed {
    kind: String,
    /// The name, quoted where SQL requires it. The name of the table is quoted in the same way.
    name: String,
    table: String,
}

impl RowSuppressed {
    /// Returns the statement that disables the trigger or rule.
    pub(crate) fn disable_sql(&self) -> String {
        let Self { kind, name, table } = self;
        format!("ALTER TABLE {table} DISABLE {} {name};", kind.to_uppercase())
    }
}

/// The error that a script without a transaction began a transaction itself and did not end it.
#[derive(Debug, thiserror::Error)]
#[error("the script began a transaction and did not end it, so that transaction was rolled back")]
pub(crate) struct TransactionLeftOpen;
