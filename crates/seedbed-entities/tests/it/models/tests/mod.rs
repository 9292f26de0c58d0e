//! The tests of the models.

pub mod code;
pub mod country;
pub mod gadget;
pub mod gadgets_label;
pub mod gadgets_mood;
pub mod gadgets_owner;
pub mod label;
pub mod mood;
pub mod number;
pub mod owner;
pub mod visit;
