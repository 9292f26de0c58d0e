//! Generates one script of each kind in `generated/kinds.txt`, so that the build of the workspace compiles them.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use seedbed_build::{ScriptKind, ScriptVersion, Slug};
use seedbed_generate::{
    GeneratedFile, Interpretations, MigrationOutcome, MigrationRequest, Present, Rows, Seed,
    SeedRequest, TableName,
};

const KINDS: &str = "generated/kinds.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=generated");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let project = out.join("generated");
    let folder = project.join("src/migrations");
    match fs::remove_dir_all(&project) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::create_dir_all(&folder)?;
    fs::create_dir_all(project.join("src/seeds"))?;
    let (mut migrations, mut seeds) = (Vec::new(), Vec::new());
    let mut extensions = BTreeSet::new();
    for line in fs::read_to_string(KINDS)?.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (files, scripts) = match line.strip_prefix("seed ") {
            Some(seed) => (seed_file(seed), &mut seeds),
            None => (files(line, &extensions), &mut migrations),
        };
        for file in files.map_err(|error| format!("{line}: {error}"))? {
            if let Some(extension) = file.text.split("create_extension(\"").nth(1) {
                extensions.extend(extension.split('"').next().map(str::to_owned));
            }
            scripts.push((Slug::parse(&file.slug)?, formatted(&file.text)?));
        }
    }
    let first = ScriptVersion::parse("20250101_000000")?;
    let mut paths = seedbed_build::create_all(ScriptKind::Migration, &folder, first, &migrations)?;
    paths.extend(seedbed_build::create_all(
        ScriptKind::Seed,
        &project.join("src/seeds"),
        first,
        &seeds,
    )?);
    // Cargo runs this again when something below is newer than its last run, and it was written in it.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400);
    let folders = ["src/migrations", "src/seeds"].map(|folder| project.join(folder));
    for path in paths.iter().chain(&folders) {
        fs::File::open(path)?.set_modified(long_ago)?;
    }
    seedbed_build::emit_registry(&project, &out)?;
    Ok(())
}

/// The files that one line stands for.
fn files(line: &str, extensions: &BTreeSet<String>) -> Result<Vec<GeneratedFile>, Box<dyn Error>> {
    if let Some(rest) = line.strip_prefix("sql ") {
        let (slug, sql) = rest.split_once(": ").ok_or("sql NAME: STATEMENTS")?;
        return Ok(vec![GeneratedFile { slug: slug.to_owned(), text: by_hand(sql) }]);
    }
    let (name, fields) = line.split_once(' ').unwrap_or((line, ""));
    let slug = Slug::parse(name)?;
    let interpretations = Interpretations::parse(slug.as_str());
    let present = match (interpretations.needs_database(), present(&slug)?) {
        (_, Some(present)) => Some(present),
        (false, None) => None,
        (true, None) => return Ok(unknown(&slug)),
    };
    let chosen = interpretations.choose(Some(fields), present.as_ref())?;
    let request = MigrationRequest {
        slug: slug.as_str(),
        operation: &chosen.operation,
        fields: Some(fields),
        present: present.as_ref(),
        extensions,
    };
    match seedbed_generate::write_migration(&request)? {
        MigrationOutcome::Generated { files, .. } => Ok(files),
        other => Err(format!("it is not written: {other:?}").into()),
    }
}

/// The seed of a line: name, table and rows.
fn seed_file(line: &str) -> Result<Vec<GeneratedFile>, Box<dyn Error>> {
    let [name, table, rows] = line.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err("seed NAME TABLE ROWS".into());
    };
    let slug = Slug::parse(name)?;
    let Some(present) = present(&slug)? else {
        return Ok(unknown(&slug));
    };
    let text = fs::read_to_string(Path::new("generated").join(rows))?;
    let rows = if rows.ends_with(".csv") { Rows::from_csv(&text) } else { Rows::from_json(&text) }?;
    let table = TableName::new(table);
    let request =
        SeedRequest { slug: slug.as_str(), table: &table, rows: Some(&rows), present: &present };
    Ok(vec![Seed::plan(&request)?.file()])
}

/// What the server says before the script runs; nothing if the test has not asked it yet.
fn present(slug: &Slug) -> Result<Option<Present>, Box<dyn Error>> {
    match fs::read_to_string(Path::new("generated").join(format!("{slug}.json"))) {
        Ok(json) => Ok(Some(Present::read(&json)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// In place of a script whose definition is not there yet: the test says where to find it.
fn unknown(slug: &Slug) -> Vec<GeneratedFile> {
    vec![GeneratedFile { slug: slug.to_string(), text: by_hand("SELECT 1") }]
}

/// A script that the generator has no part in. What it did is undone with the database.
fn by_hand(sql: &str) -> String {
    format!(
        "//! The ground for the others.\nuse crate::prelude::*;\n\npub const IRREVERSIBLE: &str = \"it is only the ground\";\n\n\
         pub async fn up(schema: &Schema<'_>) -> Result {{\n    schema.execute({sql:?}).await\n}}\n"
    )
}

/// Who builds without rustfmt tests without it.
fn formatted(text: &str) -> Result<String, Box<dyn Error>> {
    match seedbed_generate::format(text, Path::new("../..")) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(text.to_owned()),
        formatted => Ok(formatted?),
    }
}
