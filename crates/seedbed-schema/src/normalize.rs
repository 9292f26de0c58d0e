//! Normalization of the SQL that servers of different versions write for the same object.

pub(crate) mod aliases;
pub(crate) mod array_casts;
mod nesting;
pub(crate) mod qualifiers;
