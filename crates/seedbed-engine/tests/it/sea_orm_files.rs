//! SeaORM's own files and its own table: what runs there runs here, and both agree.

mod agreement;
mod formats;
mod takeover;
