//! The history of applied scripts, as a value.

use std::collections::BTreeMap;

use seedbed_build::{Name, ScriptKind};

use crate::direction::Direction;

/// The state of one script in the database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryRow {
    /// Whether the script is applied.
    pub applied: bool,
    /// The checksum of the script's file when it was applied; `None` if the history is older than the log.
    pub checksum: Option<String>,
    /// The direction in which the script was started without a transaction and never finished.
    pub interrupted: Option<Direction>,
    /// The position of the script in the order in which scripts were applied; `None` if the history is older than the
    /// log.
    pub applied_order: Option<usize>,
}

/// The states of all scripts of one kind in the database, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The scripts that are applied or interrupted.
    pub rows: BTreeMap<Name, HistoryRow>,
    /// Whether another tool applied the scripts, so that the log knows none of them.
    pub imported: bool,
}

impl History {
    /// Returns whether the script is applied.
    #[must_use]
    pub fn is_applied(&self, name: &Name) -> bool {
        self.rows.get(name).is_some_and(|row| row.applied)
    }

    /// Returns the name of the script that was applied last, if the log knows it.
    #[must_use]
    pub fn applied_last(&self) -> Option<&Name> {
        let applied =
            self.rows.iter().filter(|(_, row)| row.applied && row.applied_order.is_some());
        applied.max_by_key(|(_, row)| row.applied_order).map(|(name, _)| name)
    }

    /// Returns the names of the applied scripts, in ascending order.
    pub fn applied(&self) -> impl DoubleEndedIterator<Item = &Name> {
        self.rows.iter().filter(|(_, row)| row.applied).map(|(name, _)| name)
    }
}

/// Both histories, as one query reads them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histories {
    pub(crate) migrations: History,
    pub(crate) seeds: History,
}

impl Histories {
    /// Returns whether both histories are empty: nothing was ever applied, or everything was reverted.
    pub(crate) fn is_empty(&self) -> bool {
        self.migrations.rows.is_empty() && self.seeds.rows.is_empty()
    }

    pub(crate) fn for_kind(&self, kind: ScriptKind) -> &History {
        match kind {
            ScriptKind::Migration => &self.migrations,
            ScriptKind::Seed => &self.seeds,
        }
    }
}
