//! Tests of the generated files, which `compiled.rs` compiles, and of the errors and warnings.

use rstest::rstest;
use seedbed_config::EntityOptions;
use seedbed_entities::{Error, write};
use seedbed_testdb::TestDatabase;

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
    assert_eq!(
        warnings(&generated),
        [
            "`lists` has no entity, because its primary key is `uuid[]`, which SeaORM does not support",
            "`logs` has no entity, because it has no primary key",
            "`wide` has no entity, because its primary key has 13 columns, more than SeaORM supports",
        ]
    );
    let hint = "ALTER TABLE public.logs ADD PRIMARY KEY (…); or write the entity in by_hand/log.rs";
    assert!(generated.warnings[1].hint().contains(hint), "{}", generated.warnings[1].hint());

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
    assert_eq!(
        warnings(&generated),
        [
            "the enums `Mood` and `mood` are read as text, because the name of each one in Rust is `Mood`",
            "`queue` and `queues` have no entities, because the name of each one in Rust is `queue`",
            "`userRole` and `user_roles` have no entities, because the name of each one in Rust is `user_role`",
            "`things` has no entity, because the name of each of its columns `ID` and `id` in Rust is `id`",
        ]
    );
    assert_eq!(
        generated.warnings[1].hint(),
        "give one of them a name in seedbed.toml: `[entities.tables.queues]` with `name = \"other_queue\"`"
    );

    let names = "
        [entities.tables.queues]\nname = \"task_queue\"
        [entities.tables.userRole]\nname = \"old_user_role\"
        [entities.tables.things.columns]\nID.name = \"key\"\nline2.name = \"second_line\"
        [entities.enums.Mood]\nname = \"Temper\"";
    let generated =
        write(&schema, &options(names), &Sources::new()).expect("the names are all different");
    assert_eq!(warnings(&generated), [""; 0]);
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
async fn a_default_or_a_check_with_an_infinite_date_is_reported() {
    let schema = schema_of(
        "CREATE DOMAIN day AS date CHECK (VALUE > '-infinity');
        CREATE TABLE bookings (id uuid PRIMARY KEY, starts date NOT NULL, until timestamptz NOT NULL DEFAULT 'infinity',
            at day, weight double precision DEFAULT 'Infinity', CHECK (starts < 'infinity'::date));",
    )
    .await;
    let generated = written(&schema);
    let warning = |column: &str, rust: &str| {
        format!(
            "`bookings.{column}` may be infinite by its default or a check, but `{rust}` cannot: SeaORM's driver \
             panics when it reads such a row"
        )
    };
    assert_eq!(
        warnings(&generated),
        [
            warning("starts", "Date"),
            warning("until", "DateTimeWithTimeZone"),
            warning("at", "Date")
        ]
    );
    assert_eq!(
        generated.warnings[1].hint(),
        "read it as text, in seedbed.toml: `[entities.tables.bookings.columns.until]` with `type = \"text\"`"
    );
    let as_text = options(
        "[entities.tables.bookings.columns]\nstarts.type = \"text\"\nuntil.type = \"text\"\nat.type = \"text\"",
    );
    let generated = write(&schema, &as_text, &Sources::new()).expect("the columns exist");
    assert_eq!(warnings(&generated), [""; 0]);
}

#[rstest]
#[case("[entities.tables.user]\n", "for the table `user`, which the migrations do not create")]
#[case("[entities.views.users]\nkey = [\"id\"]", "for the view `users`, which the")]
#[case("[entities.views.adults]\n", "`seedbed.toml` has no `key` for the view `adults`")]
#[case("[entities.views.adults]\nkey = [\"ID\"]", "for the column `adults.ID`, which the")]
#[case("[entities.enums.moods]\n", "for the enum `moods`, which the")]
#[case("[entities.types]\ntim = \"text\"", "for the type `tim`, which the")]
#[case("[entities.tables.users.columns.mail]\n", "for the column `users.mail`, which the")]
#[case(
    "[entities.tables.users]\nname = \"enums\"",
    "has `enums` for the table `users`, which is not the name of a module"
)]
#[case(
    "[entities.tables.users.columns.id]\nname = \"type\"",
    "has `type` for the column `users.id`, which is not the name of a field"
)]
#[case(
    "[entities.tables.users.columns.id]\ntype = \"a b\"",
    "has `a b` for the column `users.id`, which is not a type in Rust or `text`"
)]
#[case(
    "[entities.enums.mood]\nname = \"Option\"",
    "has `Option` for the enum `mood`, which is not the name of a type"
)]
#[case(
    "[entities]\nmodel_derives = [\"a b\"]",
    "has `a b` for the key `derives`, which is not the path of a derive macro"
)]
#[tokio::test]
async fn a_setting_that_contradicts_the_schema_is_refused(
    #[case] toml: &str,
    #[case] message: &str,
) {
    let schema = schema_of(
        "CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE users (id uuid PRIMARY KEY);
        CREATE VIEW adults AS SELECT id FROM users;",
    )
    .await;
    let error = write(&schema, &options(toml), &Sources::new()).expect_err("the setting is wrong");
    assert!(error.to_string().contains(message), "{error}");
    assert!(!error.hint().is_empty());
}

#[tokio::test]
async fn a_hand_written_file_without_a_table_is_refused() {
    let by_hand = Sources::from([("gone".to_owned(), "impl Model {}".to_owned())]);
    let written = write(&schema_of("").await, &EntityOptions::default(), &by_hand);
    let error = written.expect_err("there is no table");
    assert_eq!(error, Error::UnknownTable("gone".to_owned()));
    assert_eq!(error.to_string(), "by_hand/gone.rs does not belong to a table");
    assert!(error.hint().contains("DeriveEntityModel"));
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
