//! The sample application: what is done with the rows of `entity`, and how the backend starts.
//!
//! Every table has its model, a file in [`models`]. Its functions take any
//! [`ConnectionTrait`](sea_orm::ConnectionTrait): a connection, or a transaction around several.
#![deny(missing_docs)]

mod error;
pub mod models;
mod start;

pub use error::Error;
pub use start::{StartError, start};
