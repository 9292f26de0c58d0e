//! The sample application: the operations on the rows of `entity`, and the start of the backend.
//!
//! Each table has a model, which is a file in [`models`]. Its functions take any
//! [`ConnectionTrait`](sea_orm::ConnectionTrait): a connection, or a transaction around several calls.
#![deny(missing_docs)]

mod error;
pub mod models;
mod start;

pub use error::Error;
pub use start::{StartError, start};
