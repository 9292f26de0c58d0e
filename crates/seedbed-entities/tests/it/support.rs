//! Schemas and the files that are generated from them.

use std::collections::BTreeMap;
use std::path::Path;

use sea_orm::ConnectionTrait as _;
use sea_orm::sqlx::{Executor as _, raw_sql};
use seedbed_entities::{HandWritten, write_entities};
use seedbed_schema::{Catalog, ReadOptions};
use seedbed_testdb::TestDatabase;

/// Returns the catalog of a database in which the statements were executed.
pub(crate) async fn catalog(database: &TestDatabase, sql: &str) -> Catalog {
    let db = database.connection();
    db.execute_unprepared(sql).await.expect("it is SQL");
    let pool = db.get_postgres_connection_pool();
    let mut connection = pool.acquire().await.expect("there are four");
    // The server spends most of the time on planning the joins.
    let in_this_order = raw_sql("SET join_collapse_limit = 1; SET from_collapse_limit = 1");
    connection.execute(in_this_order).await.expect("they are settings");
    Catalog::read(&mut connection, &ReadOptions::default()).await.expect("it can be read")
}

/// Asserts that the folder has the generated files. `SEEDBED_WRITE=1` writes them after an intended
/// change.
pub(crate) fn assert_written(
    folder: &str,
    catalog: &Catalog,
    by_hand: &BTreeMap<String, HandWritten>,
) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/it").join(folder);
    let files = write_entities(catalog, by_hand).expect("it can be said").files;
    for file in &files {
        let text = seedbed_generate::format(&file.text, &root.join("../..")).expect("it is Rust");
        let path = folder.join(&file.name);
        if std::env::var_os("SEEDBED_WRITE").is_some() {
            std::fs::create_dir_all(&folder).expect("there is room");
            std::fs::write(&path, &text).expect("the folder is there");
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "{}", file.name);
    }
    assert_eq!(std::fs::read_dir(folder).expect("the folder is there").count(), files.len());
}
