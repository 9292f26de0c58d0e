//! The database side of Seedbed: history, lock, plan, run.
//!
//! A [`Script`] is one migration or seed. [`plan`] decides, without a database, which scripts a [`RunRequest`] selects.
//! A [`Runner`] reads the history, acquires the lock, reads the history again, plans and applies, all on one session
//! ([`Session`]).
//!
//! ```text
//!  read history ─► plan ─► nothing pending? done, no lock was acquired
//!                    │
//!                    ▼
//!  try the lock, poll ─► read history again ─► plan again ─► apply, each script and its row together
//! ```
//!
//! A script uses the [`prelude`]: [`Schema`] with its verbs, the column helpers, and SeaORM.
#![deny(missing_docs)]

mod apply;
mod cancellation;
pub mod columns;
mod concurrent_statement;
mod concurrently;
mod connect;
mod database;
mod direction;
mod driver_error;
mod durability;
mod error;
mod event;
mod history;
mod history_store;
mod lock;
mod lost_rows;
mod notices;
mod other_database;
mod other_history;
mod plan;
mod pooler;
pub mod prelude;
mod report;
mod retry;
mod run;
mod schema;
mod schema_check;
mod script;
mod script_connection;
mod script_log;
mod session;
mod session_info;
mod session_monitor;
mod session_reset;
mod sqlstate;
mod status;
mod temporary_database;
mod temporary_name;
mod transaction;
mod write_access;

pub use apply::script_panicked;
pub use cancellation::Cancellation;
pub use connect::{ConnectError, DatabaseLifetime, SessionOptions, Url, connection};
pub use database::{
    DatabaseCreation, Recreation, create_database, ensure_can_recreate, recreate_database,
};
pub use direction::Direction;
pub use error::{DatabaseDetails, Error, PartialEffects, ScriptError};
pub use event::{Event, Events, Subject};
pub use history::{History, HistoryRow};
pub use lost_rows::LostRows;
pub use notices::{Notice, NoticeSeverity};
pub use other_history::OtherHistory;
pub use plan::{
    Action, OutOfOrder, Plan, PlanError, PlanWarning, RunRequest, Selector, Step, Target,
    find_script, plan,
};
pub use report::{Outcome, RunReport};
pub use run::{Repair, RepairedScript, RunFailure, Runner};
pub use schema::{BoxFuture, Schema, SchemaFuture};
pub use schema_check::{SchemaCheckError, ensure_schema_is_current};
pub use script::{Project, Script, ScriptFn, Scripts, ScriptsError};
pub use seedbed_build::{Environment, Environments, Name, ScriptKind, ScriptVersion};
pub use seedbed_config::{CommandSpelling, Hint, SuggestedCommand};
pub use seedbed_config::{SUPPORTED_VERSIONS, UrlError, VersionSupport, untested_message};
pub use session::Session;
pub use session_info::SessionInfo;
pub use status::{ScriptState, ScriptStatus};
pub use temporary_database::TemporaryDatabase;
