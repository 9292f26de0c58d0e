//! What is asked for.

use std::fmt;
use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use seedbed_files::Name;

/// What to do with the scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Apply pending ones.
    Up,
    /// Revert applied ones, newest first.
    Down,
    /// Revert applied ones, newest first, and apply them again.
    Redo,
}

/// Where to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All of them.
    All,
    /// So many.
    Steps(NonZeroU32),
    /// Up to this script, or down to it; it is included in both directions.
    To(Selector),
    /// Just these scripts.
    Only(Vec<Selector>),
}

/// Which script somebody means: its name, its version, or its words in any case; of a path the file counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(String);

impl Selector {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Selector {
    fn from(given: &str) -> Self {
        // A path is pasted more often than a name.
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

/// What to do about a pending script that is older than the newest applied one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfOrder {
    /// Apply it, with a warning: a developer has merged a branch.
    Warn,
    /// Refuse: elsewhere nobody has tried that order.
    Refuse,
    /// Apply it: somebody has looked at it.
    Allow,
}

/// A request to apply or revert scripts of one kind.
#[derive(Debug, Clone)]
pub struct Request {
    /// What to do.
    pub action: Action,
    /// Where to stop.
    pub target: Target,
    /// About pending scripts that are older than the newest applied one.
    pub out_of_order: OutOfOrder,
    /// Whether drift (modified, missing, out of order) is an error.
    pub strict: bool,
    /// The time, against which future timestamps are seen.
    pub now: DateTime<Utc>,
}

impl Request {
    /// The action on that target, as of now, as it is in development.
    #[must_use]
    pub fn new(action: Action, target: Target) -> Self {
        Self { action, target, out_of_order: OutOfOrder::Warn, strict: false, now: Utc::now() }
    }
}
