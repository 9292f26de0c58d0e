//! Tests the generated files, and the errors and warnings. The files are modules of this test crate, so that they are
//! compiled too.

use seedbed_config::EntityOptions;
use seedbed_entities::{Error, write};
use seedbed_testdb::TestDatabase;
use test_support::assert_snapshot;

use crate::support::{
    Sources, assert_written, options, schema, schema_of, sources, warnings, written,
};

#[tokio::test]
async fn the_files_of_an_odd_schema_are_as_expected() {
    let schema = schema_of(include_str!("odd.sql")).await;
    let generated = write(&schema, &EntityOptions::default(), &sources("by_hand"));
    assert_written("odd", &generated.expect("the schema has entities"));
}

#[tokio::test]
async fn the_files_of_a_schema_with_every_type_are_as_expected() {
    assert_written("types", &written(&schema_of(include_str!("types.sql")).await));
}

#[tokio::test]
async fn the_files_of_a_nasty_schema_are_as_expected() {
    assert_written("nasty", &written(&schema_of(include_str!("nasty.sql")).await));
}

#[tokio::test]
async fn the_files_of_a_schema_with_settings_are_as_expected() {
    let schema = schema_of(include_str!("settings.sql")).await;
    let generated = write(&schema, &options(include_str!("settings.toml")), &Sources::new());
    assert_written("settings", &generated.expect("the settings fit the schema"));
}

#[tokio::test]
async fn the_files_of_a_long_chain_are_as_expected() {
    assert_written("chain", &written(&schema_of(include_str!("chain.sql")).await));
}

#[tokio::test]
async fn the_order_of_creation_does_not_change_the_files() {
    let tables = ["CREATE TABLE a (id uuid PRIMARY KEY);", "CREATE TABLE b (id uuid PRIMARY KEY);"];
    let keys = "ALTER TABLE a ADD x uuid REFERENCES b UNIQUE; ALTER TABLE b ADD y uuid UNIQUE;";
    let one = written(&schema_of(&format!("{}{}{keys}", tables[0], tables[1])).await);
    let other = written(&schema_of(&format!("{}{}{keys}", tables[1], tables[0])).await);
    assert_eq!(one, other);
    let names: Vec<&str> = one.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.rs", "b.rs", "prelude.rs", "mod.rs"]);
}

#[tokio::test]
async fn a_schema_without_tables_has_an_empty_module_list() {
    let generated = written(&schema_of("").await);
    let names: Vec<&str> = generated.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["prelude.rs", "mod.rs"]);
}

#[tokio::test]
async fn a_table_without_a_supported_key_is_skipped_with_its_relations() {
    let sql = "
        CREATE TABLE logs (line text, number int UNIQUE);
        CREATE TABLE lists (id uuid[] PRIMARY KEY);
        CREATE TABLE wide (a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int, m int,
            PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, l, m));
        CREATE TABLE things (id uuid PRIMARY KEY, log int REFERENCES logs (number));";
    let schema = schema_of(sql).await;

    let generated = written(&schema);
    let names: Vec<&str> = generated.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["prelude.rs", "thing.rs", "mod.rs"]);
    assert!(!generated.files[1].text.contains("belongs_to"), "{}", generated.files[1].text);
    assert_snapshot!("no_supported_key", warnings(&generated));

    // A hand-written entity defines the columns that identify a row.
    let entity = "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"logs\")]
        pub struct Model { pub line: Option<String>, #[sea_orm(primary_key)] pub number: i32 }";
    let by_hand = Sources::from([("journal".to_owned(), entity.to_owned())]);
    let generated =
        write(&schema, &EntityOptions::default(), &by_hand).expect("the schema has entities");
    assert_eq!(generated.warnings.len(), 2);
    let thing = &generated.files[1].text;
    assert!(thing.contains("to = \"super::journal::Column::Number\""), "{thing}");
}

#[tokio::test]
async fn tables_whose_names_collide_in_rust_do_not_affect_other_tables() {
    let sql = "
        CREATE TABLE queue (id uuid PRIMARY KEY, mood mood); CREATE TABLE queues (id uuid PRIMARY KEY);
        CREATE TABLE things (id uuid PRIMARY KEY, \"ID\" uuid, line_2 text, line2 text);
        CREATE TABLE users (id uuid PRIMARY KEY, mood mood, queue_id uuid REFERENCES queue);
        CREATE TABLE user_roles (id uuid PRIMARY KEY); CREATE TABLE \"userRole\" (id uuid PRIMARY KEY);";
    let types = "CREATE TYPE mood AS ENUM ('a'); CREATE TYPE \"Mood\" AS ENUM ('b');";
    let database = TestDatabase::empty().await;
    let schema = schema(&database, &format!("{types}{sql}")).await;

    let generated = written(&schema);

    let names: Vec<&str> = generated.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["prelude.rs", "user.rs", "mod.rs"]);
    let user = &generated.files[1].text;
    assert!(user.contains("pub mood: Option<String>") && !user.contains("queue::"), "{user}");
    assert_snapshot!("same_names", warnings(&generated));

    let names = "
        [entities.tables.queues]\nname = \"task_queue\"
        [entities.tables.userRole]\nname = \"old_user_role\"
        [entities.tables.things.columns]\nID.name = \"key\"\nline2.name = \"second_line\"
        [entities.enums.Mood]\nname = \"Temper\"";
    let generated =
        write(&schema, &options(names), &Sources::new()).expect("the names are all different");
    assert_eq!(generated.warnings, []);
    assert_eq!(generated.files.len(), 6 + 3);

    // A hand-written entity has the name of its file.
    let entity = "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"queues\")]
        pub struct Model { #[sea_orm(primary_key)] pub id: Uuid }";
    let by_hand = Sources::from([("line".to_owned(), entity.to_owned())]);
    let generated =
        write(&schema, &EntityOptions::default(), &by_hand).expect("the file has another name");
    assert!(generated.files.iter().any(|file| file.name == "queue.rs"));
}

#[tokio::test]
async fn a_definition_or_a_condition_with_an_infinite_date_is_reported() {
    let schema = schema_of(
        "CREATE DOMAIN day AS date CHECK (VALUE > '-infinity');
        CREATE TABLE bookings (id uuid PRIMARY KEY, starts date NOT NULL, until timestamptz NOT NULL DEFAULT 'infinity',
            at day, weight double precision DEFAULT 'Infinity', CHECK (starts < 'infinity'::date),
            \"End\" date GENERATED ALWAYS AS (coalesce(starts, 'infinity'::date)) STORED,
            seen timestamp, paid timestamp CHECK (isfinite(paid)));
        CREATE INDEX ON bookings (id, paid) WHERE seen = 'infinity';",
    )
    .await;
    let generated = written(&schema);
    assert_snapshot!("infinite_dates", warnings(&generated));

    let finite = options("[entities.types]\ntimestamptz = \"DateTimeWithTimeZone\"");
    let finite = write(&schema, &finite, &Sources::new()).expect("the type exists");
    assert_snapshot!("infinite_dates_of_a_chosen_type", warnings(&finite));

    let as_text = options(
        "[entities.tables.bookings.columns]\nstarts.type = \"text\"\nuntil.type = \"text\"\nat.type = \"text\"\n\
         End.type = \"text\"\nseen.type = \"text\"",
    );
    let generated = write(&schema, &as_text, &Sources::new()).expect("the columns exist");
    assert_eq!(generated.warnings, []);
}

#[tokio::test]
async fn a_setting_that_contradicts_the_schema_is_refused() {
    let schema = schema_of(
        "CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE users (id uuid PRIMARY KEY);
        CREATE VIEW adults AS SELECT id FROM users;",
    )
    .await;
    let settings = [
        "[entities.tables.user]\n",
        "[entities.views.users]\nkey = [\"id\"]",
        "[entities.views.adults]\n",
        "[entities.views.adults]\nkey = [\"ID\"]",
        "[entities.enums.moods]\n",
        "[entities.types]\ntim = \"text\"",
        "[entities.tables.users.columns.mail]\n",
        "[entities.tables.users]\nname = \"enums\"",
        "[entities.tables.users.columns.id]\nname = \"type\"",
        "[entities.tables.users.columns.id]\ntype = \"a b\"",
        "[entities.enums.mood]\nname = \"Option\"",
        "[entities]\nmodel_derives = [\"a b\"]",
    ];
    let report = settings.map(|toml| {
        let error = write(&schema, &options(toml), &Sources::new()).expect_err(toml);
        format!("{error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("settings_that_do_not_fit", report.join("\n"));
}

#[tokio::test]
async fn a_hand_written_file_without_a_table_is_refused() {
    let by_hand = Sources::from([("gone".to_owned(), "impl Model {}".to_owned())]);
    let written = write(&schema_of("").await, &EntityOptions::default(), &by_hand);
    let error = written.expect_err("there is no table");
    assert_eq!(error, Error::UnknownTable("gone".to_owned()));
    assert_snapshot!("unknown_table", format!("{error}\n  hint: {}", error.hint()));
}

#[test]
fn the_example_of_the_guide_is_read() {
    let guide = include_str!("../../../../docs/guide/entities-and-models.md");
    let example = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let options = options(example.expect("the guide has an example"));
    assert_eq!(options.tables["queues"].name.as_deref(), Some("task_queue"));
    assert!(options.enums["mood"].other);
    assert_eq!(options.views["open_bookings"].key, ["id"]);
}
