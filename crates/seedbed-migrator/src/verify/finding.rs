//! The result of verifying a script.

use std::time::Duration;

use seedbed_engine::{Environment, Error, Name, PlanError, ScriptKind};
use seedbed_schema::Change;
use serde::Serialize;

use crate::print;

/// The result of verifying one script.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verification {
    pub(crate) kind: ScriptKind,
    pub(crate) name: Name,
    /// The path of the script's file.
    pub(crate) file: &'static str,
    /// The reason why the script, or only its `down`, was not verified.
    pub(crate) skipped: Option<SkipReason>,
    /// The faults of the script. The list is empty if the script has no fault.
    pub(crate) findings: Vec<Finding>,
    /// The tables that the script alters and that had no row while it was applied to a database with rows.
    pub(crate) unfilled: Vec<UnfilledTable>,
    pub(crate) elapsed: Duration,
}

/// The reason why a script was not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SkipReason {
    /// The script declares that it cannot be reverted. The value is the reason.
    Irreversible(&'static str),
    /// The script runs in another environment only.
    Environment(Environment),
}

/// A fault of a script.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub(crate) enum Finding {
    /// `down` fails.
    DownFails(ScriptFailure),
    /// After `up` and `down`, the schema differs from the one before.
    DownDiffers {
        /// The changes from the schema before `up` to the schema after `down`.
        changes: Vec<Change>,
    },
    /// `up` fails after `down`.
    UpFailsAfterDown(ScriptFailure),
    /// After `up`, `down` and `up`, the schema differs from the one after the first `up`.
    UpDiffersAfterDown {
        /// The changes from the schema after the first `up` to the schema after the second one.
        changes: Vec<Change>,
    },
    /// `up` fails if the tables have rows.
    UpFailsOnRows(ScriptFailure),
    /// The second `up` of a seed fails.
    SecondUpFails(ScriptFailure),
    /// The second `up` of a seed changes rows.
    SecondUpChangesRows {
        /// The changes from the rows after the first `up` to the rows after the second one.
        tables: Vec<RowChanges>,
    },
    /// After `up` and `down` of a seed, the tables have different rows than before.
    DownRowsDiffer {
        /// The changes from the rows before `up` to the rows after `down`.
        tables: Vec<RowChanges>,
    },
}

/// The error of a script, as the engine reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ScriptFailure {
    pub(crate) error: String,
    pub(crate) hint: Option<String>,
}

impl ScriptFailure {
    /// Returns the failure of the script, or `None` if the run succeeded. Fails if the run failed for another reason,
    /// such as a lost connection or an interruption.
    pub(super) fn from_run(result: Result<(), Error>) -> Result<Option<Self>, Error> {
        match result {
            Ok(()) => Ok(None),
            Err(error @ (Error::Script(_) | Error::Plan(PlanError::NoDown { .. }))) => {
                let hint = error.hint().map(|hint| print::spelled(&hint));
                Ok(Some(Self { hint, error: error.to_string() }))
            }
            Err(error) => Err(error),
        }
    }
}

/// The rows of one table that differ. Each is given by its primary key, or as a whole if the table has no key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RowChanges {
    /// The qualified name of the table.
    pub(crate) table: String,
    pub(crate) added: Vec<serde_json::Value>,
    pub(crate) removed: Vec<serde_json::Value>,
    pub(crate) changed: Vec<ChangedRow>,
}

/// A row of which some columns differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChangedRow {
    pub(crate) row: serde_json::Value,
    pub(crate) columns: Vec<String>,
}

/// A table into which no row could be inserted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct UnfilledTable {
    /// The qualified name of the table.
    pub(crate) table: String,
    /// The message of the server.
    pub(crate) reason: String,
}
