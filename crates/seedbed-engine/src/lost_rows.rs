//! The reason why an applied seed is pending again.

use std::fmt;

use seedbed_build::Name;
use serde::{Deserialize, Serialize};

/// The reason why an applied seed is pending again, as the log stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostRows {
    /// The names of the dropped tables, with their schemas, quoted where SQL requires it.
    pub tables: Vec<String>,
    /// The reverted migration that dropped the tables.
    pub reverted: Name,
}

impl fmt::Display for LostRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables: Vec<String> = self.tables.iter().map(|table| format!("`{table}`")).collect();
        write!(
            f,
            "its rows were dropped with {} when `{}` was reverted",
            tables.join(", "),
            self.reverted
        )
    }
}
