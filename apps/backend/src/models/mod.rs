//! The operations on rows, one file for each table.

pub mod organization;
pub mod organization_member;
pub mod product;
pub mod role;
pub mod user;
