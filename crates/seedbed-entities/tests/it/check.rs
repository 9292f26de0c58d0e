//! Tests of the comparison with a matching schema, and with one that differs in one object.

use crate::support::catalog;
use rstest::rstest;
use sea_orm::{ActiveEnum as _, ConnectionTrait as _, DbBackend, Schema};
use seedbed_entities::{CheckError, CompiledEntities, check};
use seedbed_testdb::TestDatabase;

mod shelf {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shelves")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub label: String,
        #[sea_orm(has_many)]
        pub books: HasMany<super::book::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod book {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "books")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(unique_key = "place")]
        pub shelf_id: i64,
        #[sea_orm(unique_key = "place")]
        pub place: i32,
        #[sea_orm(column_type = "Text", nullable)]
        pub title: Option<String>,
        pub genre: Genre,
        pub read_at: Option<DateTimeWithTimeZone>,
        #[sea_orm(belongs_to, from = "shelf_id", to = "id")]
        pub shelf: BelongsTo<super::shelf::Entity>,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "genre")]
    pub enum Genre {
        #[sea_orm(string_value = "novel")]
        Novel,
        #[sea_orm(string_value = "it's true")]
        True,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The schema also contains objects that entities cannot express.
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
    CREATE UNIQUE INDEX books_place ON books (place DESC, shelf_id);
    CREATE UNIQUE INDEX books_lower ON books (lower(title));
    CREATE UNIQUE INDEX books_unread ON books (title) WHERE read_at IS NULL;
    CREATE INDEX books_title ON books (title);
    CREATE VIEW ids AS SELECT id FROM shelves;";

fn compiled() -> CompiledEntities {
    let schema = Schema::new(DbBackend::Postgres);
    CompiledEntities {
        tables: vec![
            schema.create_table_from_entity(shelf::Entity),
            schema.create_table_from_entity(book::Entity),
        ],
        indexes: schema.create_index_from_entity(book::Entity),
        enums: vec![book::Genre::db_type()],
        fields: Vec::new(),
    }
}

/// Returns the differences after the schema was changed.
async fn differences(change: &str) -> Vec<String> {
    let (migrated, empty) = (TestDatabase::empty().await, TestDatabase::empty().await);
    let catalog = catalog(&migrated, &format!("{SCHEMA} {change}")).await;
    match check(&catalog, empty.connection(), &compiled()).await {
        Ok(()) => Vec::new(),
        Err(CheckError::Differences(found)) => found.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn entities_match_a_schema_with_objects_that_they_cannot_express() {
    assert_eq!(differences("").await, [""; 0]);
}

#[tokio::test]
async fn internal_and_unknown_options_are_not_differences() {
    let kept =
        "UPDATE pg_attribute SET attoptions = ARRAY['pg_attver=' || attnum, 'something_new=1']
        WHERE attrelid IN ('shelves'::regclass, 'books'::regclass) AND attnum > 0";
    assert_eq!(differences(kept).await, [""; 0]);
}

#[rstest]
#[case(
    "ALTER TABLE books ALTER title TYPE varchar(80)",
    "books.title: character varying(80) NULL in the migrations, text NULL in the entity"
)]
#[case(
    "ALTER TABLE books ALTER title SET NOT NULL",
    "books.title: text NOT NULL in the migrations, text NULL in the entity"
)]
#[case(
    "ALTER TABLE books ADD pages integer",
    "books.pages: integer NULL in the migrations, missing in the entities"
)]
#[case(
    "ALTER TABLE books DROP read_at",
    "books.read_at: timestamp with time zone NULL in the entity, missing in the migrations"
)]
#[case(
    "ALTER TABLE shelves DROP CONSTRAINT shelves_label_key",
    "unique key (label) of shelves: exists in the entity, missing in the migrations"
)]
#[case(
    "CREATE UNIQUE INDEX ON books (title DESC)",
    "unique key (title) of books: exists in the migrations, missing in the entities"
)]
#[case(
    "DROP INDEX books_place",
    "unique key (place, shelf_id) of books: exists in the entity, missing in the migrations"
)]
#[case(
    "ALTER TABLE books DROP CONSTRAINT books_shelf_id_fkey",
    "foreign key (shelf_id) of books to shelves (id): exists in the entity, missing in the migrations"
)]
#[case(
    "ALTER TABLE books ADD FOREIGN KEY (place) REFERENCES shelves",
    "foreign key (place) of books to shelves (id): exists in the migrations, missing in the entities"
)]
#[case(
    "ALTER TYPE genre ADD VALUE 'poem'",
    "enum genre: novel, it's true, poem in the migrations, novel, it's true in the entity"
)]
#[case(
    "ALTER TYPE genre RENAME VALUE 'novel' TO 'roman'",
    "enum genre: roman, it's true in the migrations, novel, it's true in the entity"
)]
#[case(
    "CREATE TYPE mood AS ENUM ('glad')",
    "enum mood: glad in the migrations, missing in the entities"
)]
#[case(
    "ALTER TABLE books ALTER genre TYPE text",
    "books.genre: text NOT NULL in the migrations, genre NOT NULL in the entity"
)]
#[case(
    "CREATE DOMAIN title AS text; ALTER TABLE books ALTER title TYPE title",
    "books.title: title NULL in the migrations, text NULL in the entity"
)]
#[case(
    "ALTER TABLE books DROP CONSTRAINT books_pkey, ADD PRIMARY KEY (place, id)",
    "primary key of books: (id, place) in the migrations, (id) in the entity"
)]
#[case(
    "CREATE TABLE extra.covers (id integer PRIMARY KEY)",
    "table extra.covers: exists in the migrations, missing in the entities"
)]
#[case("DROP TABLE books", "table books: exists in the entity, missing in the migrations")]
#[tokio::test]
async fn each_difference_is_reported(#[case] change: &str, #[case] expected: &str) {
    assert_eq!(differences(&format!("; {change}")).await, [expected]);
}

#[tokio::test]
async fn a_table_without_a_key_needs_no_entity_but_may_have_a_hand_written_one() {
    assert_eq!(differences("; CREATE TABLE extra.logs (line text)").await, [""; 0]);
    let keyless = "; ALTER TABLE books DROP CONSTRAINT books_pkey";
    assert_eq!(differences(keyless).await, [""; 0]);
    let expected = ["books.pages: integer NULL in the migrations, missing in the entities"];
    assert_eq!(differences(&format!("{keyless}, ADD pages integer")).await, expected);
}

#[tokio::test]
async fn several_differences_are_reported_together() {
    let found = differences(
        "; ALTER TABLE books RENAME title TO name; DROP TABLE shelves CASCADE; DROP TYPE genre CASCADE",
    );
    let expected = [
        "books.genre: genre NOT NULL in the entity, missing in the migrations",
        "books.name: text NULL in the migrations, missing in the entities",
        "books.title: text NULL in the entity, missing in the migrations",
        "foreign key (shelf_id) of books to shelves (id): exists in the entity, missing in the migrations",
        "table shelves: exists in the entity, missing in the migrations",
        "enum genre: novel, it's true in the entity, missing in the migrations",
    ];
    assert_eq!(found.await, expected);
}

#[tokio::test]
async fn a_database_that_is_not_empty_is_refused_with_a_hint() {
    let database = TestDatabase::empty().await;
    let db = database.connection();
    db.execute_unprepared("CREATE TABLE shelves ()").await.expect("it is SQL");

    let nothing = catalog(&TestDatabase::empty().await, "").await;
    let checked = check(&nothing, db, &compiled()).await;

    let error = checked.expect_err("the table was there");
    assert!(error.to_string().contains("shelves"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("empty")), "{error:?}");
}
