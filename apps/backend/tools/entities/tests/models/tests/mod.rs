//! Their tests.

pub mod country;
pub mod gadget;
pub mod gadgets_mood;
pub mod number;
pub mod owner;
pub mod visit;
