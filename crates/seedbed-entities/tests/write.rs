//! Entities of an odd schema: written, compiled, and compared with it again.
#![expect(unreachable_pub, reason = "SeaORM's macros want public fields")]

use std::collections::BTreeSet;
use std::path::Path;

use rstest::rstest;
use sea_orm::ConnectionTrait;
use seedbed_catalog::{Catalog, Options};
use seedbed_entities::{File, check, write};
use seedbed_testdb::TestDatabase;

mod odd;

const SCHEMA: &str = include_str!("odd.sql");

async fn catalog(sql: &str) -> Catalog {
    let database = TestDatabase::empty().await;
    let db = database.connection();
    db.execute_unprepared(sql).await.expect("it is SQL");
    let pool = db.get_postgres_connection_pool();
    let mut connection = pool.acquire().await.expect("there are four");
    Catalog::read(&mut connection, &Options::default()).await.expect("it can be read")
}

fn formatted(files: Vec<File>) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let format = |text: &str| seedbed_generate::format(text, &root).expect("it is Rust");
    files.into_iter().map(|file| (file.name, format(&file.text))).collect()
}

/// `SEEDBED_WRITE=1` writes them anew, for a change that is meant.
#[tokio::test]
async fn the_files_of_an_odd_schema_are_these() {
    let by_hand = BTreeSet::from(["letter".to_owned()]);
    let files = formatted(write(&catalog(SCHEMA).await, &by_hand).expect("it can be said"));

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/odd");
    for (name, text) in &files {
        let file = folder.join(name);
        if std::env::var_os("SEEDBED_WRITE").is_some() {
            std::fs::write(&file, text).expect("the folder is there");
        }
        assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), *text, "{name}");
    }
    assert_eq!(std::fs::read_dir(folder).expect("the folder is there").count(), files.len());
}

#[tokio::test]
async fn the_entities_of_an_odd_schema_are_what_it_is() {
    let empty = TestDatabase::empty().await;
    let checked = check(&catalog(SCHEMA).await, empty.connection(), odd::register).await;
    assert!(checked.is_ok(), "{}", checked.expect_err("it is not ok"));
}

#[test]
fn what_is_written_by_hand_is_part_of_the_entity() {
    let at = sea_orm::prelude::DateTimeWithTimeZone::default();
    let letter = odd::letter::Model { from: 1, to_id: 1, at, mood: None };
    assert!(letter.is_a_diary());
}

#[tokio::test]
async fn the_same_schema_made_in_another_order_gives_the_same_files() {
    let tables = ["CREATE TABLE a (id uuid PRIMARY KEY);", "CREATE TABLE b (id uuid PRIMARY KEY);"];
    let keys = "ALTER TABLE a ADD x uuid REFERENCES b UNIQUE; ALTER TABLE b ADD y uuid UNIQUE;";
    let one = catalog(&format!("{}{}{keys}", tables[0], tables[1])).await;
    let other = catalog(&format!("{}{}{keys}", tables[1], tables[0])).await;
    let files = |catalog| write(catalog, &BTreeSet::new()).expect("it can be said");
    assert_eq!(files(&one), files(&other));
    assert_eq!(files(&one).len(), 3);
}

#[rstest]
#[case(
    "CREATE TABLE things (id uuid PRIMARY KEY, price numeric(10,2))",
    "public.things.price is numeric(10,2), for which the entities have no type",
    "with-rust_decimal"
)]
#[case("CREATE TABLE things (id uuid)", "public.things has no primary key", "`.col(id())`")]
#[case(
    "CREATE TABLE things (id uuid PRIMARY KEY, \"ID\" uuid)",
    "id and \"ID\" would both be id in the entities",
    "rename \"ID\""
)]
#[case(
    "CREATE TYPE x AS ENUM ('a b', 'a-b'); CREATE TABLE things (id uuid PRIMARY KEY, x x)",
    "a b and a-b would both be AB in the entities",
    "rename a-b"
)]
#[tokio::test]
async fn what_no_entity_can_say_is_an_error_with_a_hint(
    #[case] sql: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    let error = write(&catalog(sql).await, &BTreeSet::new()).expect_err("it cannot be said");
    assert!(error.to_string().contains(message), "{error}");
    assert!(error.hint().is_some_and(|text| text.contains(hint)), "{:?}", error.hint());
}
