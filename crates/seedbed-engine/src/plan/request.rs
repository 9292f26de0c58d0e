//! The request of a run.

use std::fmt;
use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use seedbed_build::Name;

/// The action of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Applies pending scripts.
    Up,
    /// Reverts applied scripts, newest first.
    Down,
    /// Reverts applied scripts, newest first, and applies them again.
    Redo,
}

/// The scripts that a request selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All scripts.
    All,
    /// The given number of scripts.
    Steps(NonZeroU32),
    /// Every script up to and including this one for `up`, or down to and including this one for `down`.
    To(Selector),
    /// Only these scripts.
    Only(Vec<Selector>),
}

/// Selects a script by its name, its version, or the words of its name in upper or lower case. If the text is a path,
/// only the file name counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(String);

impl Selector {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Selector {
    fn from(given: &str) -> Self {
        // Users paste a path more often than a name.
        let file = given.rsplit('/').next().unwrap_or(given);
        Self(file.trim_end_matches(".rs").to_owned())
    }
}

impl From<&Name> for Selector {
    fn from(name: &Name) -> Self {
        Self(name.to_string())
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The treatment of a pending script that is older than the newest applied one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfOrder {
    /// Applies it with a warning, as after the merge of a branch in development.
    Warn,
    /// Refuses it, because nobody has tested this order.
    Refuse,
    /// Applies it, because the user has approved this order.
    Allow,
}

/// A request to apply or revert scripts of one kind.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The action.
    pub action: Action,
    /// The scripts that the request selects.
    pub target: Target,
    /// The treatment of pending scripts that are older than the newest applied one.
    pub out_of_order: OutOfOrder,
    /// Whether drift (modified, missing, out of order) is an error.
    pub strict: bool,
    /// The current time, with which timestamps in the future are compared.
    pub now: DateTime<Utc>,
}

impl RunRequest {
    /// Creates a request with the current time and the defaults of development.
    #[must_use]
    pub fn new(action: Action, target: Target) -> Self {
        Self { action, target, out_of_order: OutOfOrder::Warn, strict: false, now: Utc::now() }
    }
}
