//! Tests round trips of demanding schemas. Each schema has an expected SQL file beside it, which is the same for all
//! versions of PostgreSQL.

use std::path::Path;

use crate::clauses::assert_clauses_match_those_of_the_server;
use crate::support::{TestConnection, round_trip};

/// Asserts that the schema of a file is written as its expected SQL file, and that it round trips. The files contain no
/// statement that only a newer version supports. `object_kinds` tests such statements.
async fn assert_sql_file(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sql_files");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let sql = read(&folder.join(format!("{name}.sql")));
    assert!(!sql.is_empty());
    let schema = TestConnection::with(&sql).await.read().await;
    assert_eq!(schema.unsupported_names(), [].into());
    assert_clauses_match_those_of_the_server(&schema);
    round_trip(&schema, &mut TestConnection::new().await).await;
    let (written, expected) = (schema.to_sql(), folder.join(format!("{name}.expected.sql")));
    if written != read(&expected) {
        let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.expected.sql"));
        std::fs::write(&actual, &written).expect("cargo has created the folder");
        panic!(
            "the SQL differs from the expected file; if this is intended, run cp {} {}",
            actual.display(),
            expected.display()
        );
    }
}

#[tokio::test]
async fn quoted_and_long_names_round_trip() {
    assert_sql_file("names").await;
}

#[tokio::test]
async fn defaults_round_trip() {
    assert_sql_file("defaults").await;
}

#[tokio::test]
async fn function_bodies_with_dollars_and_quotes_round_trip() {
    assert_sql_file("functions").await;
}

#[tokio::test]
async fn dependencies_between_tables_functions_views_and_types_round_trip() {
    assert_sql_file("cycles").await;
}

#[tokio::test]
async fn objects_of_extensions_in_several_schemas_round_trip() {
    assert_sql_file("extensions").await;
}

#[tokio::test]
async fn views_have_the_same_text_in_every_version() {
    assert_sql_file("views").await;
}

#[tokio::test]
async fn privileges_round_trip() {
    assert_sql_file("privileges").await;
}

#[tokio::test]
async fn partitions_and_inheriting_tables_round_trip() {
    assert_sql_file("partitions").await;
}

#[tokio::test]
async fn names_that_hide_built_in_names_are_qualified() {
    assert_sql_file("search_path").await;
}

#[tokio::test]
async fn settings_with_separate_statements_round_trip() {
    assert_sql_file("settings").await;
}

#[tokio::test]
async fn objects_that_take_several_statements_round_trip() {
    assert_sql_file("stubs").await;
}

#[tokio::test]
async fn other_objects_round_trip() {
    assert_sql_file("others").await;
}

#[tokio::test]
async fn text_search_round_trips() {
    assert_sql_file("text_search").await;
}

#[tokio::test]
async fn unusual_types_and_signatures_in_several_schemas_round_trip() {
    assert_sql_file("mixture").await;
}
