//! The origin of an entity: generated, or hand-written.

use crate::declared::DeclaredEntity;

/// The origin of an entity.
#[derive(Debug)]
pub(crate) enum EntityOrigin {
    Generated,
    /// A hand-written entity replaces the generated one.
    HandWritten(DeclaredEntity),
    /// A hand-written entity replaces the generated one, but its source cannot be read.
    Unreadable,
}

impl EntityOrigin {
    pub(crate) fn is_generated(&self) -> bool {
        matches!(self, Self::Generated)
    }

    /// Returns the hand-written entity, if there is one that can be read.
    pub(crate) fn declared(&self) -> Option<&DeclaredEntity> {
        match self {
            Self::HandWritten(entity) => Some(entity),
            Self::Generated | Self::Unreadable => None,
        }
    }
}
