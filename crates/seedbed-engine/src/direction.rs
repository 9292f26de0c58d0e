//! The direction in which a script runs.

use seedbed_build::Name;
use serde::{Deserialize, Serialize};

/// The direction in which a script runs: `up` applies it, `down` reverts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Applies the script.
    Up,
    /// Reverts the script.
    Down,
}

impl Direction {
    /// Returns the word that the log stores: `up` or `down`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// Returns the text that names the change that a script makes in this direction: the script, or its revert.
    pub(crate) fn change_text(self, name: &Name) -> String {
        match self {
            Self::Up => format!("`{name}`"),
            Self::Down => format!("the revert of `{name}`"),
        }
    }
}
