//! Tests of the generated files, which `compiled.rs` compiles, and of the errors.

use std::collections::BTreeMap;

use crate::support::{assert_written, catalog};
use seedbed_entities::{HandWritten, write_entities};
use seedbed_testdb::TestDatabase;

#[tokio::test]
async fn the_files_of_an_odd_schema_are_as_expected() {
    let database = TestDatabase::empty().await;
    let files = [
        ("adult", include_str!("by_hand/adult.rs")),
        ("letter", include_str!("by_hand/letter.rs")),
        ("log", include_str!("by_hand/log.rs")),
    ];
    let by_hand =
        files.map(|(name, text)| (name.to_owned(), HandWritten::from_source(text))).into();
    assert_written("odd", &catalog(&database, include_str!("odd.sql")).await, &by_hand);
}

#[tokio::test]
async fn the_files_of_a_schema_with_every_type_are_as_expected() {
    let database = TestDatabase::empty().await;
    let schema = catalog(&database, include_str!("types.sql")).await;
    assert_written("types", &schema, &BTreeMap::new());
}

#[tokio::test]
async fn the_files_of_a_nasty_schema_are_as_expected() {
    let database = TestDatabase::empty().await;
    let schema = catalog(&database, include_str!("nasty.sql")).await;
    assert_written("nasty", &schema, &BTreeMap::new());
}

#[tokio::test]
async fn the_order_of_creation_does_not_change_the_files() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    let tables = ["CREATE TABLE a (id uuid PRIMARY KEY);", "CREATE TABLE b (id uuid PRIMARY KEY);"];
    let keys = "ALTER TABLE a ADD x uuid REFERENCES b UNIQUE; ALTER TABLE b ADD y uuid UNIQUE;";
    let one = catalog(&one, &format!("{}{}{keys}", tables[0], tables[1])).await;
    let other = catalog(&other, &format!("{}{}{keys}", tables[1], tables[0])).await;
    let files = |catalog| write_entities(catalog, &BTreeMap::new()).expect("it can be said").files;
    assert_eq!(files(&one), files(&other));
    assert_eq!(files(&one).len(), 3);
}

#[tokio::test]
async fn a_schema_without_tables_has_an_empty_module_list() {
    let database = TestDatabase::empty().await;
    let files = write_entities(&catalog(&database, "").await, &BTreeMap::new())
        .expect("it can be said")
        .files;
    assert_eq!(files.len(), 1);
    assert!(files[0].text.contains("vec![\n]"), "{}", files[0].text);
}

#[tokio::test]
async fn a_table_without_a_supported_key_is_skipped_with_its_relations() {
    let sql = "
        CREATE TABLE logs (line text, number int UNIQUE);
        CREATE TABLE lists (id uuid[] PRIMARY KEY);
        CREATE TABLE wide (a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int, m int,
            PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, l, m));
        CREATE TABLE things (id uuid PRIMARY KEY, log int REFERENCES logs (number));";
    let database = TestDatabase::empty().await;
    let catalog = catalog(&database, sql).await;

    let written = write_entities(&catalog, &BTreeMap::new()).expect("there is one table left");
    let names: Vec<&str> = written.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["thing.rs", "mod.rs"]);
    assert!(!written.files[0].text.contains("belongs_to"), "{}", written.files[0].text);
    let said: Vec<String> = written.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "public.lists has no entity, because its primary key is uuid[], which SeaORM does not support",
            "public.logs has no entity, because it has no primary key",
            "public.wide has no entity, because its primary key has 13 columns, more than SeaORM supports",
        ]
    );
    let hint = "ALTER TABLE public.logs ADD PRIMARY KEY (…); or write the entity in by_hand/log.rs";
    assert!(written.skipped[1].hint().contains(hint), "{}", written.skipped[1].hint());

    // A hand-written entity defines the columns that identify a row.
    let by_hand = BTreeMap::from([("log".to_owned(), HandWritten::Entity)]);
    let written = write_entities(&catalog, &by_hand).expect("there is one table left");
    assert!(!written.skipped.iter().any(|table| table.table == "public.logs"));
    assert!(written.files[0].text.contains("belongs_to"), "{}", written.files[0].text);
}

#[tokio::test]
async fn all_name_collisions_are_reported_at_once() {
    let sql = "
        CREATE TABLE things (id uuid PRIMARY KEY, \"ID\" uuid, line_2 text, line2 text);
        CREATE TABLE user_roles (id uuid PRIMARY KEY); CREATE TABLE \"userRole\" (id uuid PRIMARY KEY);
        CREATE TYPE mood AS ENUM ('a'); CREATE TYPE \"Mood\" AS ENUM ('b'); CREATE TYPE mood_enum AS ENUM ('c')";
    let database = TestDatabase::empty().await;
    let error =
        write_entities(&catalog(&database, sql).await, &BTreeMap::new()).expect_err("they are one");
    assert_eq!(
        error.to_string(),
        "several names of the schema become the same name in Rust:
  enums: public.\"Mood\", public.mood become Mood
  enums: public.\"Mood\", public.mood, public.mood_enum become MoodEnum
  enums: public.\"Mood\", public.mood become MoodVariant
  tables: public.\"userRole\", public.user_roles become UserRole
  columns of public.things: \"ID\", id become Id
  columns of public.things: line2, line_2 become Line2"
    );
    assert_eq!(error.hint(), "rename all but one of each in a migration");
}

#[tokio::test]
async fn a_hand_written_file_without_a_table_is_refused() {
    let database = TestDatabase::empty().await;
    let by_hand = BTreeMap::from([("gone".to_owned(), HandWritten::Extension)]);
    let error =
        write_entities(&catalog(&database, "").await, &by_hand).expect_err("there is no table");
    assert_eq!(error.to_string(), "by_hand/gone.rs does not belong to a table");
    assert!(error.hint().contains("DeriveEntityModel"));
}
