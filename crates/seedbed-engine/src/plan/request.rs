//! What is asked for.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};

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
    /// Up to this name or version, or down to it; it is included in both directions.
    To(String),
    /// Just these names.
    Only(Vec<String>),
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
    /// The environment, whose seeds are meant.
    pub environment: String,
    /// About pending scripts that are older than the newest applied one.
    pub out_of_order: OutOfOrder,
    /// Whether drift (modified, missing, out of order) is an error.
    pub strict: bool,
    /// The time, against which future timestamps are seen.
    pub now: DateTime<Utc>,
}

impl Request {
    /// The action on that target in `development`, as of now.
    #[must_use]
    pub fn new(action: Action, target: Target) -> Self {
        Self {
            action,
            target,
            environment: "development".to_owned(),
            out_of_order: OutOfOrder::Warn,
            strict: false,
            now: Utc::now(),
        }
    }
}
