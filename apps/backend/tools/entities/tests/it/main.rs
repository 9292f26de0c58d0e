//! The program, and the models that `create-model` begins: written, compiled and used.
#![expect(
    unreachable_pub,
    dead_code,
    reason = "the entities are generated as for a library, and this is not one"
)]

use sea_orm::ConnectionTrait as _;
use seedbed_testdb::TestDatabase;

mod begun;
mod entities;
mod written;

#[path = "../../../../src/error.rs"]
mod error;
mod models;
mod shop;

use error::Error;

async fn shop_database() -> TestDatabase {
    let database = TestDatabase::empty().await;
    let made = database.connection().execute_unprepared(include_str!("shop/schema.sql")).await;
    made.expect("it is SQL");
    database
}
