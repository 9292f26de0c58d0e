//! Schemas that are hard to write down: each is written, loaded elsewhere and equal, and its text is the one
//! that lies beside it, whichever version of PostgreSQL runs this.

use std::path::Path;

use crate::support::{Scratch, round_trip};

/// What only needs a server that has it is in `kinds`.
async fn is_written(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/written");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let schema = read(&folder.join(format!("{name}.sql")));
    assert!(!schema.is_empty());
    let catalog = Scratch::with(&schema).await.read().await;
    let nothing: [&String; 0] = [];
    assert_eq!(catalog.not_seen().iter().collect::<Vec<_>>(), nothing);
    round_trip(&catalog, &mut Scratch::new().await).await;
    let (written, expected) = (catalog.to_sql(), folder.join(format!("{name}.written.sql")));
    if written != read(&expected) {
        let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.written.sql"));
        std::fs::write(&actual, &written).expect("the folder is cargo's");
        panic!(
            "it is written otherwise; if that is meant: cp {} {}",
            actual.display(),
            expected.display()
        );
    }
}

#[tokio::test]
async fn names_that_need_quotes_or_have_63_bytes_are_written() {
    is_written("names").await;
}

#[tokio::test]
async fn defaults_of_every_sort_are_written() {
    is_written("defaults").await;
}

#[tokio::test]
async fn bodies_with_dollars_and_quotes_are_written() {
    is_written("functions").await;
}

#[tokio::test]
async fn tables_functions_views_and_types_that_need_each_other_are_written_in_order() {
    is_written("circles").await;
}

#[tokio::test]
async fn what_extensions_in_several_schemas_bring_is_written_with_its_schema() {
    is_written("extensions").await;
}

#[tokio::test]
async fn views_are_written_as_every_version_writes_them() {
    is_written("views").await;
}

#[tokio::test]
async fn privileges_are_written() {
    is_written("privileges").await;
}

#[tokio::test]
async fn partitions_and_children_are_written() {
    is_written("partitions").await;
}

#[tokio::test]
async fn a_name_that_hides_one_of_the_servers_own_is_written_with_its_schema() {
    is_written("search_path").await;
}

#[tokio::test]
async fn what_is_set_by_a_statement_of_its_own_is_written() {
    is_written("settings").await;
}

#[tokio::test]
async fn what_only_comes_to_be_in_steps_is_written() {
    is_written("stubs").await;
}

#[tokio::test]
async fn the_rest_is_written() {
    is_written("others").await;
}

#[tokio::test]
async fn odd_types_signatures_and_several_schemas_are_written() {
    is_written("mixture").await;
}
