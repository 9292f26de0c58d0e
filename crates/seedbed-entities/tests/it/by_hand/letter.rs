//! The handwritten code for `letters`.
use super::*;

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether somebody wrote to himself.
    pub fn is_a_diary(&self) -> bool {
        self.from == self.to_id
    }
}
