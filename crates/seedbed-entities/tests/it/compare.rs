//! Tests the comparison of entities with a schema that matches them, and with schemas that differ from them.

use rstest::rstest;
use seedbed_config::EntityOptions;
use seedbed_entities::compare;
use test_support::assert_snapshot;

use crate::support::{Sources, options, schema_of, sources, written};

const SHELF: &str = r#"
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shelves")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub label: String,
        #[sea_orm(has_many)]
        pub books: HasMany<super::book::Entity>,
    }"#;

const BOOK: &str = r#"
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "books")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub shelf_id: i64,
        pub place: i32,
        #[sea_orm(column_type = "Text", nullable)]
        pub title: Option<String>,
        pub genre: Genre,
        pub read_at: Option<DateTimeUtc>,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "genre")]
    pub enum Genre {
        #[sea_orm(string_value = "novel")]
        Novel,
        #[sea_orm(string_value = "it's true")]
        True,
    }"#;

/// The entity of a view, written by hand.
const ADULT: &str = r#"
    #[derive(DeriveEntityModel)]
    #[sea_orm(table_name = "adults")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub label: String,
    }"#;

/// The schema, which also contains objects that entities cannot express.
const SCHEMA: &str = "
    CREATE SCHEMA extra;
    CREATE TYPE genre AS ENUM ('novel', 'it''s true');
    CREATE TABLE shelves (id bigserial PRIMARY KEY, label varchar NOT NULL UNIQUE);
    CREATE TABLE books (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        title text CHECK (title <> ''),
        shelf_id bigint NOT NULL REFERENCES shelves ON DELETE CASCADE,
        place integer NOT NULL,
        genre genre NOT NULL,
        read_at timestamptz
    );
    CREATE UNIQUE INDEX books_lower ON books (lower(title));
    CREATE UNIQUE INDEX books_unread ON books (title) WHERE read_at IS NULL;
    CREATE INDEX books_title ON books (title);
    CREATE VIEW adults AS SELECT id, label, 1 AS one FROM shelves;";

/// Returns the differences after the statements in `change` have changed the schema.
async fn differences(change: &str) -> Vec<String> {
    let schema = schema_of(&format!("{SCHEMA} {change}")).await;
    let source = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let generated = Sources::from([source("shelf", SHELF), source("book", BOOK)]);
    let by_hand = Sources::from([source("adult", ADULT)]);
    let found = compare(&schema, &EntityOptions::default(), &generated, &by_hand);
    found.expect("there are no settings").iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn entities_match_a_schema_with_objects_that_they_cannot_express() {
    assert_eq!(differences("").await, [""; 0]);
}

#[rstest]
#[case("ALTER TABLE books ALTER title TYPE varchar(80)")]
#[case("DROP VIEW adults; CREATE MATERIALIZED VIEW adults AS SELECT id, label FROM shelves")]
#[tokio::test]
async fn a_change_that_entities_do_not_express_is_no_difference(#[case] change: &str) {
    assert_eq!(differences(&format!("; {change}")).await, [""; 0]);
}

#[tokio::test]
async fn each_difference_is_reported() {
    let changes = [
        "ALTER TABLE books ALTER title SET NOT NULL",
        "ALTER TABLE books ALTER shelf_id DROP NOT NULL",
        "ALTER TABLE books ALTER place TYPE bigint",
        "DROP INDEX books_lower; ALTER TABLE books DROP CONSTRAINT books_title_check, ALTER title TYPE bytea USING title::bytea",
        "ALTER TABLE books ALTER read_at TYPE date",
        "ALTER TABLE books ADD pages integer",
        "ALTER TABLE books DROP read_at",
        "ALTER TABLE shelves DROP CONSTRAINT shelves_label_key",
        "CREATE UNIQUE INDEX ON books (title DESC)",
        "ALTER TYPE genre ADD VALUE 'poem'",
        "ALTER TYPE genre RENAME VALUE 'novel' TO 'roman'",
        "CREATE TYPE mood AS ENUM ('glad')",
        "ALTER TABLE books DROP CONSTRAINT books_pkey, ADD PRIMARY KEY (place, id)",
        "CREATE TABLE extra.covers (id integer PRIMARY KEY)",
        "DROP TABLE books",
        "DROP VIEW adults",
        "DROP VIEW adults; CREATE VIEW adults AS SELECT id FROM shelves",
        "DROP VIEW adults; CREATE VIEW adults AS SELECT id, 1 AS label FROM shelves",
    ];
    let mut report = String::new();
    for change in changes {
        let found = differences(&format!("; {change}")).await;
        report += &format!("{change}\n  {}\n", found.join("\n  "));
    }
    assert_snapshot!("differences", report);
}

#[tokio::test]
async fn a_table_without_a_key_needs_no_entity_but_may_have_a_hand_written_one() {
    assert_eq!(differences("; CREATE TABLE extra.logs (line text)").await, [""; 0]);
}

#[tokio::test]
async fn several_differences_are_reported_together() {
    let found =
        differences("; ALTER TABLE books RENAME title TO name; DROP TABLE shelves CASCADE").await;
    assert_snapshot!("several_differences", found.join("\n"));
}

#[rstest]
#[case("odd", include_str!("odd.sql"), "")]
#[case("types", include_str!("types.sql"), "")]
#[case("nasty", include_str!("nasty.sql"), "")]
#[case("settings", include_str!("settings.sql"), include_str!("settings.toml"))]
#[tokio::test]
async fn generated_entities_match_their_schema(
    #[case] folder: &str,
    #[case] sql: &str,
    #[case] toml: &str,
) {
    let schema = schema_of(sql).await;
    let by_hand = if folder == "odd" { sources("by_hand") } else { Sources::new() };
    let found = compare(&schema, &options(toml), &sources(folder), &by_hand);
    assert_eq!(found.expect("the settings fit"), []);
}

#[tokio::test]
async fn a_hand_written_entity_is_compared_too() {
    let sql = include_str!("odd.sql");
    let schema = schema_of(&format!(
        "{sql} ALTER TABLE logs ALTER line TYPE bytea USING line::bytea, ADD at date;
        DROP VIEW adults; CREATE VIEW adults AS SELECT born FROM people;"
    ))
    .await;
    let generated = written(&schema).files.into_iter();
    let generated: Sources = generated
        .filter(|file| file.name != "log.rs")
        .map(|file| (file.name.trim_end_matches(".rs").to_owned(), file.text))
        .collect();
    let found = compare(&schema, &EntityOptions::default(), &generated, &sources("by_hand"));
    let found: Vec<String> =
        found.expect("there are no settings").iter().map(ToString::to_string).collect();
    assert_snapshot!("hand_written", found.join("\n"));
}
