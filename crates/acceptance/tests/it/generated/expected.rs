//! Tests that the scripts in `generated/src` are those that the generator writes for the lines of
//! `generated/kinds.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use seedbed_build::{ScriptKind, ScriptVersion, Slug};
use seedbed_generate::{
    GeneratedFile, Interpretations, MigrationOutcome, MigrationRequest, Rows, Seed, SeedRequest,
    TableName,
};
use seedbed_testdb::TestDatabase;

use super::{FOLDER, existing, files, stem};
use test_fixture::Fixture;

/// The script after which the generator reads the schema of the database.
const LAST_WITHOUT_DATABASE: &str = "changed";

/// Generates all scripts again, and compares them with the files. Replaces the files if `UPDATE_GENERATED=1` is in the
/// environment.
#[tokio::test]
async fn the_checked_in_scripts_are_what_the_generator_writes() {
    let db = TestDatabase::empty().await;
    let suffix = format!("_{LAST_WITHOUT_DATABASE}");
    let migrations = files("migrations");
    let last = migrations.iter().map(|file| stem(file)).find(|name| name.ends_with(&suffix));
    Fixture::new("generated", db.url())
        .run(["migrate-up", "--to", last.unwrap()])
        .await
        .succeeded();

    let folder = tempfile::tempdir().unwrap();
    generate_all(&db, folder.path()).await;

    let (expected, written) = (texts(Path::new(FOLDER)), texts(folder.path()));
    if std::env::var_os("UPDATE_GENERATED").is_some() && expected != written {
        replace(&written);
    }
    let names = |texts: &BTreeMap<PathBuf, String>| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&expected), names(&written));
    for (file, text) in &written {
        assert_eq!(text, &expected[file], "{}", file.display());
    }
}

/// Writes the scripts of all lines of `kinds.txt` into the folder.
async fn generate_all(db: &TestDatabase, folder: &Path) {
    for kind in ["migrations", "seeds"] {
        fs::create_dir(folder.join(kind)).unwrap();
    }
    let (mut migrations, mut seeds) = (Vec::new(), Vec::new());
    let (mut reads_database, mut extensions) = (false, BTreeSet::new());
    for line in fs::read_to_string("generated/kinds.txt").unwrap().lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(sql) = line.strip_prefix("sql ") {
            let (slug, sql) = sql.split_once(": ").unwrap();
            reads_database |= slug == LAST_WITHOUT_DATABASE;
            migrations.push(formatted(&statements(slug, sql)));
        } else if let Some(seed) = line.strip_prefix("seed ") {
            seeds.push(formatted(&seed_file(db, seed).await));
        } else {
            for file in migration_files(db, line, reads_database, &extensions).await {
                // The generator creates an extension only once, so it needs to know those of earlier scripts.
                let created = file.text.split("create_extension(\"").nth(1);
                extensions
                    .extend(created.and_then(|name| Some(name.split_once('"')?.0.to_owned())));
                migrations.push(formatted(&file));
            }
        }
    }
    let first = ScriptVersion::parse("20250101_000000").unwrap();
    let create = |kind, name, scripts: &[(Slug, String)]| {
        seedbed_build::create_all(kind, &folder.join(name), first, scripts).unwrap();
    };
    create(ScriptKind::Migration, "migrations", &migrations);
    create(ScriptKind::Seed, "seeds", &seeds);
}

/// Returns the files of a line with a name and fields.
async fn migration_files(
    db: &TestDatabase,
    line: &str,
    reads_database: bool,
    extensions: &BTreeSet<String>,
) -> Vec<GeneratedFile> {
    let (name, fields) = line.split_once(' ').unwrap_or((line, ""));
    let slug = Slug::parse(name).unwrap();
    let interpretations = Interpretations::parse(slug.as_str());
    let existing = if reads_database { Some(existing(db).await) } else { None };
    let chosen = interpretations.choose(Some(fields), existing.as_ref()).unwrap();
    let request = MigrationRequest {
        slug: slug.as_str(),
        operation: &chosen.operation,
        fields: Some(fields),
        schema: existing.as_ref(),
        extensions,
    };
    match seedbed_generate::write_migration(&request).unwrap() {
        MigrationOutcome::Generated { files, .. } => files,
        other => panic!("{line}: {other:?}"),
    }
}

/// Returns the file of a line with the name of a seed, its table and its rows.
async fn seed_file(db: &TestDatabase, line: &str) -> GeneratedFile {
    let [name, table, rows] = line.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("seed NAME TABLE ROWS: {line}");
    };
    let slug = Slug::parse(name).unwrap();
    let existing = existing(db).await;
    let text = fs::read_to_string(Path::new("generated").join(rows)).unwrap();
    let rows = if rows.ends_with(".csv") { Rows::from_csv(&text) } else { Rows::from_json(&text) };
    let table = TableName { input: table.to_owned(), ..TableName::new(table) };
    let request = SeedRequest {
        slug: slug.as_str(),
        environment: None,
        table: &table,
        rows: Some(&rows.unwrap()),
        schema: &existing,
    };
    Seed::plan(&request).unwrap().file()
}

/// Returns the script of a line with SQL. The generator does not write this script.
fn statements(slug: &str, sql: &str) -> GeneratedFile {
    let text = format!(
        "//! Executes statements whose effects other scripts need.\nuse crate::prelude::*;\n\n\
         pub const IRREVERSIBLE: &str = \"other scripts need its effects\";\n\n\
         pub async fn up(schema: &Schema<'_>) -> Result {{\n    schema.execute({sql:?}).await\n}}\n"
    );
    GeneratedFile { slug: slug.to_owned(), summary: String::new(), text }
}

/// Returns the name of the script and its formatted text.
fn formatted(file: &GeneratedFile) -> (Slug, String) {
    let text = seedbed_generate::format(&file.text, Path::new("../.."));
    (Slug::parse(&file.slug).unwrap(), text.unwrap())
}

/// Returns the text of each script by its path in the folder.
fn texts(folder: &Path) -> BTreeMap<PathBuf, String> {
    let kinds = ["migrations", "seeds"].into_iter();
    let entries = kinds.flat_map(|kind| fs::read_dir(folder.join(kind)).unwrap());
    let text = |entry: fs::DirEntry| {
        let path = entry.path();
        (path.strip_prefix(folder).unwrap().to_owned(), fs::read_to_string(&path).unwrap())
    };
    entries.map(|entry| text(entry.unwrap())).collect()
}

/// Replaces the scripts in `generated/src` with the given ones.
fn replace(written: &BTreeMap<PathBuf, String>) {
    for kind in ["migrations", "seeds"] {
        let folder = Path::new(FOLDER).join(kind);
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
    }
    for (file, text) in written {
        fs::write(Path::new(FOLDER).join(file), text).unwrap();
    }
}
