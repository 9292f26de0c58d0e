//! SeaORM's own files and its own table: Seedbed runs the files, and both agree on the table.

mod agreement;
mod formats;
mod takeover;
