//! The reason why an applied seed is pending again.

use std::fmt;

use seedbed_build::Name;
use serde::{Deserialize, Serialize};

/// The reason why an applied seed is pending again, as the log stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostRows {
    /// The names of the dropped tables, with their schemas, quoted where SQL requires it.
    pub tables: Vec<String>,
    /// The names of the tables that were dropped before, and that the reverted migration created again without rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub created_again: Vec<String>,
    /// The reverted migration.
    pub reverted: Name,
}

impl LostRows {
    pub(crate) fn new(reverted: Name) -> Self {
        Self { tables: Vec::new(), created_again: Vec::new(), reverted }
    }
}

impl fmt::Display for LostRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |tables: &[String]| {
            let tables: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
            tables.join(", ")
        };
        if !self.tables.is_empty() {
            f.write_str("its rows were dropped with ")?;
            write!(f, "{} when `{}` was reverted", quoted(&self.tables), self.reverted)?;
        }
        if !self.created_again.is_empty() {
            let and = if self.tables.is_empty() { "" } else { ", and " };
            let tables = quoted(&self.created_again);
            write!(
                f,
                "{and}the revert of `{}` created {tables} again without its rows",
                self.reverted
            )?;
        }
        Ok(())
    }
}
