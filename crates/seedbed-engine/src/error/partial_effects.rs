//! The effects of a failed script that remain in the database.

use std::fmt;

/// The effects of a failed script that remain in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartialEffects {
    /// The script was rolled back, so none of its effects remain.
    None,
    /// The script runs without a transaction, so the statements before the failed one remain.
    EarlierStatements,
    /// The script ended its transaction itself, so the effects that it committed remain. The engine cannot know which
    /// effects these are.
    CommittedByScript,
}

impl fmt::Display for PartialEffects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "the script was rolled back, and none of its changes remain",
            Self::EarlierStatements => {
                "the script runs without a transaction: the effects of its earlier statements remain, \
                 and the next run starts it again"
            }
            Self::CommittedByScript => {
                "its changes may remain, and it is not recorded as applied"
            }
        })
    }
}
