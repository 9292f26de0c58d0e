//! The effects of a failed script that remain in the database.

use std::fmt;

/// The effects of a failed script that remain in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartialEffects {
    /// The script was rolled back, so nothing of it remains.
    None,
    /// The script runs without a transaction, so the statements before the failed one remain.
    EarlierStatements,
    /// The script ended its transaction itself, so whatever it committed remains. The engine cannot know what that is.
    CommittedByScript,
}

impl fmt::Display for PartialEffects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "it was rolled back, nothing of it remains",
            Self::EarlierStatements => {
                "it runs without a transaction: what its statements did before this one remains, \
                 and the next run starts it again"
            }
            Self::CommittedByScript => {
                "it ended its transaction by itself: what it did may remain, and it is not recorded"
            }
        })
    }
}
