//! What is done with rows, one file per table.

pub mod organization;
pub mod organization_member;
pub mod product;
pub mod role;
pub mod user;
