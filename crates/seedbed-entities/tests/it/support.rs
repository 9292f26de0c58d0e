//! Schemas and the files that are generated from them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sea_orm::ConnectionTrait as _;
use sea_orm::sqlx::{Executor as _, raw_sql};
use seedbed_config::{EntityOptions, ProjectFile};
use seedbed_entities::{GeneratedEntities, write};
use seedbed_schema::{DatabaseSchema, ReadOptions};
use seedbed_testdb::TestDatabase;

/// Sources by the names of their modules.
pub(crate) type Sources = BTreeMap<String, String>;

/// Returns the schema of a database in which the statements were executed.
pub(crate) async fn schema(database: &TestDatabase, sql: &str) -> DatabaseSchema {
    database.connection().execute_unprepared(sql).await.expect("the statements are SQL");
    read(database).await
}

/// Returns the schema of a database.
pub(crate) async fn read(database: &TestDatabase) -> DatabaseSchema {
    let pool = database.connection().get_postgres_connection_pool();
    let mut connection = pool.acquire().await.expect("the pool has four connections");
    // Otherwise, the server spends most of the time on planning the joins.
    let settings = raw_sql("SET join_collapse_limit = 1; SET from_collapse_limit = 1");
    connection.execute(settings).await.expect("both settings exist");
    DatabaseSchema::read(&mut connection, &ReadOptions::default())
        .await
        .expect("the schema can be read")
}

/// Returns the schema that the statements create in an empty database.
pub(crate) async fn schema_of(sql: &str) -> DatabaseSchema {
    schema(&TestDatabase::empty().await, sql).await
}

/// Returns the options of a `seedbed.toml`.
pub(crate) fn options(toml: &str) -> EntityOptions {
    ProjectFile::parse(toml).expect("the text is TOML").entities
}

/// Generates the entities with the default options and without hand-written files.
pub(crate) fn written(schema: &DatabaseSchema) -> GeneratedEntities {
    write(schema, &EntityOptions::default(), &Sources::new()).expect("the schema has entities")
}

/// Returns the warnings of generated entities, each with its hint.
pub(crate) fn warnings(generated: &GeneratedEntities) -> String {
    let lines =
        generated.warnings.iter().map(|warning| format!("{warning}\n  hint: {}", warning.hint()));
    lines.collect::<Vec<_>>().join("\n")
}

/// Asserts that the folder has the generated files. `SEEDBED_WRITE=1` writes them after an intended
/// change.
pub(crate) fn assert_written(folder: &str, generated: &GeneratedEntities) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tests().join(folder);
    let is_update = std::env::var_os("SEEDBED_WRITE").is_some();
    if is_update && folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
    for file in &generated.files {
        let text = seedbed_generate::format(&file.text, &root.join("../..")).expect("valid Rust");
        let path = folder.join(&file.name);
        if is_update {
            std::fs::create_dir_all(&folder).expect("the folder can be created");
            std::fs::write(&path, &text).expect("the file can be written");
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "{}", file.name);
    }
    let files = std::fs::read_dir(folder).expect("the folder exists").count();
    assert_eq!(files, generated.files.len());
}

/// Returns the sources in a folder of these tests.
pub(crate) fn sources(folder: &str) -> Sources {
    let entries = std::fs::read_dir(tests().join(folder)).expect("the folder exists");
    let sources = entries.map(|entry| {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("the file can be read"))
    });
    sources.collect()
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")
}

/// Creates a database with the tables of the shop.
pub(crate) async fn shop_database() -> TestDatabase {
    let database = TestDatabase::empty().await;
    let created = database.connection().execute_unprepared(include_str!("shop/schema.sql")).await;
    created.expect("valid SQL");
    database
}
