//! What is written of a schema: the files that `compiled.rs` compiles, and what is refused.

use std::collections::BTreeMap;

use crate::support::{assert_written, catalog};
use seedbed_entities::{ByHand, write};
use seedbed_testdb::TestDatabase;

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
async fn the_files_of_a_nasty_schema_are_these() {
    let database = TestDatabase::empty().await;
    let schema = catalog(&database, include_str!("nasty.sql")).await;
    assert_written("nasty", &schema, &BTreeMap::new());
}

#[tokio::test]
async fn the_same_schema_made_in_another_order_gives_the_same_files() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    let tables = ["CREATE TABLE a (id uuid PRIMARY KEY);", "CREATE TABLE b (id uuid PRIMARY KEY);"];
    let keys = "ALTER TABLE a ADD x uuid REFERENCES b UNIQUE; ALTER TABLE b ADD y uuid UNIQUE;";
    let one = catalog(&one, &format!("{}{}{keys}", tables[0], tables[1])).await;
    let other = catalog(&other, &format!("{}{}{keys}", tables[1], tables[0])).await;
    let files = |catalog| write(catalog, &BTreeMap::new()).expect("it can be said").files;
    assert_eq!(files(&one), files(&other));
    assert_eq!(files(&one).len(), 3);
}

#[tokio::test]
async fn a_schema_without_tables_has_a_list_without_entities() {
    let database = TestDatabase::empty().await;
    let files =
        write(&catalog(&database, "").await, &BTreeMap::new()).expect("it can be said").files;
    assert_eq!(files.len(), 1);
    assert!(files[0].text.contains("vec![\n]"), "{}", files[0].text);
}

#[tokio::test]
async fn a_table_without_a_key_that_seaorm_takes_is_left_out_and_what_leads_to_it() {
    let sql = "
        CREATE TABLE logs (line text, number int UNIQUE);
        CREATE TABLE lists (id uuid[] PRIMARY KEY);
        CREATE TABLE wide (a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int, m int,
            PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, l, m));
        CREATE TABLE things (id uuid PRIMARY KEY, log int REFERENCES logs (number));";
    let database = TestDatabase::empty().await;
    let catalog = catalog(&database, sql).await;

    let written = write(&catalog, &BTreeMap::new()).expect("there is one table left");
    let names: Vec<&str> = written.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["thing.rs", "mod.rs"]);
    assert!(!written.files[0].text.contains("belongs_to"), "{}", written.files[0].text);
    let said: Vec<String> = written.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "the primary key of public.lists is uuid[], which SeaORM finds no row by, so it has no entity",
            "public.logs has no primary key, and so no entity",
            "the primary key of public.wide has 13 columns, more than SeaORM takes, so it has no entity",
        ]
    );
    let hint = "ALTER TABLE public.logs ADD PRIMARY KEY (…); or write the entity in by_hand/log.rs";
    assert!(written.left_out[1].hint().contains(hint), "{}", written.left_out[1].hint());

    // What is written by hand says by which columns a row is known.
    let by_hand = BTreeMap::from([("log".to_owned(), ByHand::Whole)]);
    let written = write(&catalog, &by_hand).expect("there is one table left");
    assert!(!written.left_out.iter().any(|table| table.table == "public.logs"));
    assert!(written.files[0].text.contains("belongs_to"), "{}", written.files[0].text);
}

#[tokio::test]
async fn all_names_that_would_be_one_are_told_at_once() {
    let sql = "
        CREATE TABLE things (id uuid PRIMARY KEY, \"ID\" uuid, line_2 text, line2 text);
        CREATE TABLE user_roles (id uuid PRIMARY KEY); CREATE TABLE \"userRole\" (id uuid PRIMARY KEY);
        CREATE TYPE mood AS ENUM ('a'); CREATE TYPE \"Mood\" AS ENUM ('b'); CREATE TYPE mood_enum AS ENUM ('c')";
    let database = TestDatabase::empty().await;
    let error = write(&catalog(&database, sql).await, &BTreeMap::new()).expect_err("they are one");
    assert_eq!(
        error.to_string(),
        "these would have one name in the entities:
  enums: public.\"Mood\", public.mood would all be Mood
  enums: public.\"Mood\", public.mood, public.mood_enum would all be MoodEnum
  enums: public.\"Mood\", public.mood would all be MoodVariant
  tables: public.\"userRole\", public.user_roles would all be UserRole
  columns of public.things: \"ID\", id would all be Id
  columns of public.things: line2, line_2 would all be Line2"
    );
    assert_eq!(error.hint().as_deref(), Some("rename all but one of each in a migration"));
}

#[tokio::test]
async fn a_file_by_hand_that_belongs_to_no_table_is_named() {
    let database = TestDatabase::empty().await;
    let by_hand = BTreeMap::from([("gone".to_owned(), ByHand::Part)]);
    let error = write(&catalog(&database, "").await, &by_hand).expect_err("there is no table");
    assert_eq!(error.to_string(), "by_hand/gone.rs belongs to no table");
    assert!(error.hint().is_some_and(|hint| hint.contains("DeriveEntityModel")));
}
