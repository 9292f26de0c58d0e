//! What the generator writes, one script of each kind (`generated/kinds.txt`): applied, reverted and applied again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use seedbed_files::Slug;
use seedbed_generate::{Intent, Present};
use seedbed_testdb::TestDatabase;
use serde_json::Value;

use crate::support::{Fixture, text};

const FOLDER: &str = concat!(env!("OUT_DIR"), "/generated/src/migrations");

/// What is in the catalogue of the names that the scripts are about, one line each.
const CATALOGUE: &str = "
    WITH ours AS (
        SELECT c.* FROM pg_class c WHERE relnamespace = 'public'::regnamespace
        AND relname NOT LIKE 'seaql\\_%' AND relname NOT LIKE 'seedbed\\_%'
    ),
    lines (line) AS (
        SELECT format('relation %s %s %s', relname, relkind, obj_description(oid, 'pg_class')) FROM ours
        UNION ALL SELECT 'extension ' || extname FROM pg_extension
        UNION ALL SELECT format('type %s %s %s', t.typname, e.enumsortorder, e.enumlabel)
        FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
        UNION ALL SELECT format('column %s.%s %s null %s default %s identity %s generated %s collation %s comment %s',
            relname, attname, format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid),
            attidentity, attgenerated, attcollation::regcollation, col_description(attrelid, attnum))
        FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped AND relkind = 'r'
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        UNION ALL SELECT format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid)
        FROM ours JOIN pg_index ON indrelid = ours.oid
        UNION ALL SELECT format('constraint %s %s %s %s', relname, conname, convalidated, pg_get_constraintdef(c.oid))
        FROM ours JOIN pg_constraint c ON conrelid = ours.oid
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid)
        FROM ours JOIN pg_trigger t ON tgrelid = ours.oid AND NOT tgisinternal
    )
    SELECT string_agg(line, E'\\n' ORDER BY line) FROM lines";

/// The generated files, in the order in which they run.
fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The slugs that read the database, and the names that they read.
fn readers() -> Vec<(Slug, Vec<String>)> {
    let kinds = fs::read_to_string("generated/kinds.txt").unwrap();
    let names = kinds.lines().filter(|line| !line.starts_with('#') && !line.starts_with("sql "));
    let slugs = names.filter_map(|line| Slug::parse(line.split_whitespace().next()?).ok());
    slugs
        .map(|slug| {
            let intent = Intent::parse(slug.as_str());
            let reads = intent.reads().into_iter().map(str::to_owned).collect();
            (slug, reads)
        })
        .filter(|(_, reads): &(Slug, Vec<String>)| !reads.is_empty())
        .collect()
}

#[tokio::test]
async fn every_kind_of_script_that_is_generated_round_trips() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("generated", db.url());
    let step = async |command| {
        fixture.run([command, "--step", "1"]).await.succeeded();
        text(db.connection(), CATALOGUE).await
    };
    let mut before = String::new();
    for file in files() {
        let applied = step("migrate-up").await;
        if !fs::read_to_string(&file).unwrap().contains("IRREVERSIBLE") {
            let reverted = step("migrate-down").await;
            assert_eq!(reverted, before, "`down` of {} is not the inverse", file.display());
            let again = step("migrate-up").await;
            assert_eq!(again, applied, "{}", file.display());
        }
        if file.to_str().unwrap().ends_with("_changed.rs") {
            the_definitions_are_what_the_server_says(&db).await;
        }
        before = applied;
    }
    let filled =
        "SELECT count(*)::text FROM products WHERE color = '' AND size = 'small' AND code = title";
    assert_eq!(text(db.connection(), filled).await, "2500");
}

/// What the scripts were generated from is what the query returns before the first of them runs.
async fn the_definitions_are_what_the_server_says(db: &TestDatabase) {
    let readers = readers();
    assert!(readers.len() > 10, "{readers:?}");
    let mut wrong = Vec::new();
    for (slug, names) in readers {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let said = text(db.connection(), &Present::query(&names)).await;
        let mut said: Value = serde_json::from_str(&said).unwrap();
        // The names of all tables, which are there for "did you mean".
        said["others"] = Value::Array(Vec::new());
        let name = format!("{slug}.json");
        let kept = fs::read_to_string(Path::new("generated").join(&name)).unwrap_or_default();
        if serde_json::from_str(&kept).ok() != Some(said.clone()) {
            let text = serde_json::to_string_pretty(&said).unwrap();
            fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name), text + "\n").unwrap();
            wrong.push(name);
        }
    }
    let now = env!("CARGO_TARGET_TMPDIR");
    assert!(wrong.is_empty(), "not what the server says, which is in {now}: {wrong:?}");
}

#[test]
fn a_generated_script_is_formatted() {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", "--config-path", "../../rustfmt.toml"]);
    let output = rustfmt.args(files()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn no_line_of_a_generated_script_is_too_long() {
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        if !text.contains("IRREVERSIBLE") {
            let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
            assert!(long.is_empty(), "{}: {long:?}", file.display());
        }
    }
}
