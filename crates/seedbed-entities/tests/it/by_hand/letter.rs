//! The handwritten code for `letters`.
use super::*;

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Returns whether the sender and the recipient are the same person.
    pub fn is_a_diary(&self) -> bool {
        self.from == self.to_id
    }
}
