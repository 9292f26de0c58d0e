//! Tests SeaORM's migration files and SeaORM's history table. Seedbed runs the files, and both tools agree on the
//! table.

mod agreement;
mod formats;
mod takeover;
