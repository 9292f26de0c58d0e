//! The effects of a failed script that remain in the database.

use crate::direction::Direction;

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

impl PartialEffects {
    /// Returns the part of the error message that describes these effects of a script that ran in the given direction.
    pub(super) const fn message(self, direction: Direction) -> &'static str {
        match (self, direction) {
            (Self::None, Direction::Up) => {
                "the script was rolled back, and none of its changes remain"
            }
            (Self::None, Direction::Down) => {
                "the revert was rolled back, and the script is still applied"
            }
            (Self::EarlierStatements, Direction::Up) => {
                "the script runs without a transaction: the effects of its earlier statements remain, \
                 and the next run starts it again"
            }
            (Self::EarlierStatements, Direction::Down) => {
                "the script runs without a transaction: the effects of the earlier statements of `down` remain, \
                 and the same command starts `down` again"
            }
            (Self::CommittedByScript, Direction::Up) => {
                "the changes of the script may remain, and the script is not recorded as applied"
            }
            (Self::CommittedByScript, Direction::Down) => {
                "the changes of `down` may remain, and the script is still recorded as applied"
            }
        }
    }
}
