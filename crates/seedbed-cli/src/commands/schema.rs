//! `schema`: prints the schema as SQL, writes and draws it, compares two, or checks the files of it.
//!
//! The document of `--json`, beside its `version`:
//!
//! | | |
//! | --- | --- |
//! | `schema` | `sql`, and `unsupported`: the names of the objects that the SQL does not create |
//! | `schema --diff A B` | `changes`, and `unsupported`, with the names of the objects that each side has and whose definitions are not compared, under `before` and `after`: what only one of them has is a change, too |
//! | `schema --check` | `changes`, which is empty; stale files are an `error` |
//!
//! A change has an `object` (its `kind`, `name`, `aspect`, and the `part` of it with `kind` and `name`, if it is
//! one), and as SQL what A has `before` and what B has `after`, or null. The words are those of
//! [`seedbed_catalog::Object`].

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use seedbed_catalog::{Catalog, diff};
use serde_json::json;

use super::Running;
use super::schema_source::catalog_of;
use crate::args::{Schema, SchemaSource};
use crate::failure::{Failure, Success};
use crate::output::{print_document, warning};

pub(crate) async fn run(command: &Running<'_>, args: &Schema) -> Result<Success, Failure> {
    if let [before, after] = args.diff.as_slice() {
        let has_data = ![before, after].iter().any(|side| matches!(side, SchemaSource::File(_)));
        let mut before = catalog_of(command, before).await?;
        let mut after = catalog_of(command, after).await?;
        if !has_data {
            (before, after) = (before.without_runtime_state(), after.without_runtime_state());
        }
        return Ok(print_diff(command, &before, &after));
    }
    if !args.check.is_empty() {
        return check(command, &args.check).await;
    }
    let database = SchemaSource::Database(Box::new(command.context.options.url.clone()));
    let catalog = read(command, args.of.as_ref().unwrap_or(&database)).await?;
    for file in &args.output {
        let text = text_for(file, &catalog);
        if std::fs::read_to_string(file).is_ok_and(|present| present == text) {
            anstream::eprintln!("{} is unchanged", file.display());
        } else {
            write(file, &text)?;
            anstream::eprintln!("{} written", file.display());
        }
    }
    if args.output.is_empty() {
        let sql = catalog.to_sql();
        if command.context.output.json {
            print_document(json!({ "sql": sql, "unsupported": catalog.unsupported() }));
        } else {
            anstream::print!("{sql}");
        }
    }
    Ok(Success::Done)
}

/// What a file of that name holds.
fn text_for(file: &Path, catalog: &Catalog) -> String {
    match file.extension().and_then(OsStr::to_str) {
        Some("svg") => catalog.to_svg(),
        Some("md") => {
            let image = file.with_extension("svg");
            catalog.to_page(&image.file_name().unwrap_or_default().to_string_lossy())
        }
        _ => catalog.to_sql(),
    }
}

async fn read(command: &Running<'_>, source: &SchemaSource) -> Result<Catalog, Failure> {
    let catalog = catalog_of(command, source).await?;
    for object in catalog.unsupported() {
        anstream::eprintln!("{}", warning(&format!("not written: {object}")));
    }
    Ok(catalog)
}

fn print_diff(command: &Running<'_>, before: &Catalog, after: &Catalog) -> Success {
    let changes = diff(before, after);
    let (ours, theirs) = (before.unsupported(), after.unsupported());
    // What only one side has is a change.
    for object in ours.intersection(theirs) {
        anstream::eprintln!("{}", warning(&format!("compared by its name only: {object}")));
    }
    if command.context.output.json {
        let unsupported = json!({ "before": ours, "after": theirs });
        print_document(json!({ "changes": changes, "unsupported": unsupported }));
    } else {
        let texts: Vec<String> = changes.iter().map(|change| format!("{change}\n")).collect();
        anstream::print!("{}", texts.join("\n"));
    }
    if changes.is_empty() { Success::Done } else { Success::Differs }
}

/// Compares texts: the same schema has the same text, and loading the file would take a moment more.
async fn check(command: &Running<'_>, files: &[PathBuf]) -> Result<Success, Failure> {
    let mut written = Vec::new();
    for file in files {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| {
            Failure::refused(
                format!("could not read {name}: {error}"),
                format!(
                    "`make schema`, or `migrator schema migrations --output {name}`, writes it"
                ),
            )
        })?;
        written.push((file, text));
    }
    let catalog = read(command, &SchemaSource::Migrations).await?;
    // A checkout may have given it other line ends, and the body of a function may have such too.
    let unix = |text: &str| text.replace("\r\n", "\n");
    let stale = written.iter().filter(|(file, text)| unix(text) != unix(&text_for(file, &catalog)));
    let stale: Vec<&Path> = stale.map(|(file, _)| file.as_path()).collect();
    if !stale.is_empty() {
        return Err(refuse(&stale));
    }
    for file in files {
        anstream::eprintln!("{} is the schema that the migrations make", file.display());
    }
    if command.context.output.json {
        print_document(json!({ "changes": [] }));
    }
    Ok(Success::Done)
}

fn refuse(stale: &[&Path]) -> Failure {
    let names: Vec<String> = stale.iter().map(|file| file.display().to_string()).collect();
    let (are, them) = if stale.len() == 1 { ("is", "it") } else { ("are", "them") };
    let mut hint = format!("`make schema` writes {them} again");
    // Pages and pictures follow from the same catalogue.
    if let Some(sql) = names.iter().find(|name| name.ends_with(".sql")) {
        hint += &format!("; `make schema args=\"--diff {sql} migrations\"` shows what differs");
    }
    let message = format!("{} {are} not the schema that the migrations make", names.join(", "));
    Failure::refused(message, hint)
}

/// By way of a file beside it, so that a full disk leaves the old one.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let written = std::fs::File::create(beside)
        .and_then(|mut new| new.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(beside, file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(beside);
        let hint = "the folder has to be there, and be yours to write in";
        Failure::refused(format!("could not write {}: {error}", file.display()), hint)
    })
}
