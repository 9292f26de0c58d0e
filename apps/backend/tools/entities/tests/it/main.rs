//! The program, and the models that `create-model` begins: written, compiled and used.
#![expect(unreachable_pub, dead_code, reason = "it is as public as in a library, and here is none")]

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
