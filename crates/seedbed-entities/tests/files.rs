//! What is written of a schema: the files that `compiled.rs` compiles, and what is refused.

use std::collections::BTreeMap;

use rstest::rstest;
use seedbed_entities::{ByHand, write};
use seedbed_testdb::TestDatabase;
use support::{assert_written, catalog};

mod support;

#[tokio::test]
async fn the_files_of_an_odd_schema_are_these() {
    let database = TestDatabase::empty().await;
    let files = [
        ("adult", include_str!("by_hand/adult.rs")),
        ("letter", include_str!("by_hand/letter.rs")),
        ("log", include_str!("by_hand/log.rs")),
    ];
    let by_hand = files.map(|(name, text)| (name.to_owned(), ByHand::of(text))).into();
    assert_written("odd", &catalog(&database, include_str!("odd.sql")).await, &by_hand);
}

#[tokio::test]
async fn the_files_of_a_schema_with_every_type_are_these() {
    let database = TestDatabase::empty().await;
    let schema = catalog(&database, include_str!("types.sql")).await;
    assert_written("types", &schema, &BTreeMap::new());
}

#[tokio::test]
async fn the_same_schema_made_in_another_order_gives_the_same_files() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    let tables = ["CREATE TABLE a (id uuid PRIMARY KEY);", "CREATE TABLE b (id uuid PRIMARY KEY);"];
    let keys = "ALTER TABLE a ADD x uuid REFERENCES b UNIQUE; ALTER TABLE b ADD y uuid UNIQUE;";
    let one = catalog(&one, &format!("{}{}{keys}", tables[0], tables[1])).await;
    let other = catalog(&other, &format!("{}{}{keys}", tables[1], tables[0])).await;
    let files = |catalog| write(catalog, &BTreeMap::new()).expect("it can be said");
    assert_eq!(files(&one), files(&other));
    assert_eq!(files(&one).len(), 3);
}

#[tokio::test]
async fn a_schema_without_tables_has_a_list_without_entities() {
    let database = TestDatabase::empty().await;
    let files = write(&catalog(&database, "").await, &BTreeMap::new()).expect("it can be said");
    assert_eq!(files.len(), 1);
    assert!(files[0].text.contains("vec![\n]"), "{}", files[0].text);
}

#[rstest]
#[case("CREATE TABLE things (id uuid)", "public.things has no primary key", "`.col(id())`")]
#[case(
    "CREATE TABLE things (id uuid[] PRIMARY KEY)",
    "the primary key of public.things is uuid[]",
    "another primary key"
)]
#[case(
    "CREATE TABLE things (id uuid PRIMARY KEY, \"ID\" uuid)",
    "id and \"ID\" would both be Id in the entities",
    "rename \"ID\""
)]
#[case(
    "CREATE TABLE things (id uuid PRIMARY KEY, line_2 text, line2 text)",
    "line_2 and line2 would both be Line2 in the entities",
    "rename line2"
)]
#[case(
    "CREATE TABLE user_roles (id uuid PRIMARY KEY); CREATE TABLE \"userRole\" (id uuid PRIMARY KEY)",
    "public.\"userRole\" and public.user_roles would both be user_role in the entities",
    "rename public.user_roles"
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
    let database = TestDatabase::empty().await;
    let catalog = catalog(&database, sql).await;
    let error = write(&catalog, &BTreeMap::new()).expect_err("it cannot be said");
    assert!(error.to_string().contains(message), "{error}");
    assert!(error.hint().is_some_and(|text| text.contains(hint)), "{:?}", error.hint());
}

#[tokio::test]
async fn a_file_by_hand_that_belongs_to_no_table_is_named() {
    let database = TestDatabase::empty().await;
    let by_hand = BTreeMap::from([("gone".to_owned(), ByHand::Part)]);
    let error = write(&catalog(&database, "").await, &by_hand).expect_err("there is no table");
    assert_eq!(error.to_string(), "by_hand/gone.rs belongs to no table");
    assert!(error.hint().is_some_and(|hint| hint.contains("DeriveEntityModel")));
}
