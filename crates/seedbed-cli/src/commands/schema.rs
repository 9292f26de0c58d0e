//! `schema`: prints the schema as SQL, compares two, or checks the file of it.

use std::io::Write as _;
use std::path::Path;

use seedbed_catalog::{Catalog, Change, diff};
use serde_json::json;

use super::Running;
use super::schema_source::catalog_of;
use crate::args::{Schema, SchemaSource};
use crate::failure::{Failure, Success};
use crate::output::warning;

pub(crate) async fn run(command: &Running<'_>, args: &Schema) -> Result<Success, Failure> {
    if let [before, after] = args.diff.as_slice() {
        let before = read(command, before).await?;
        let after = read(command, after).await?;
        return Ok(print_diff(command, &diff(&before, &after)));
    }
    if let Some(file) = &args.check {
        return check(command, file).await;
    }
    let database = SchemaSource::Database(Box::new(command.context.options.url.clone()));
    let sql = read(command, args.of.as_ref().unwrap_or(&database)).await?.to_sql();
    match &args.output {
        Some(file) => write(file, &sql)?,
        None if command.context.output.json => anstream::println!("{:#}", json!({ "sql": sql })),
        None => anstream::print!("{sql}"),
    }
    Ok(Success::Done)
}

async fn read(command: &Running<'_>, source: &SchemaSource) -> Result<Catalog, Failure> {
    let catalog = catalog_of(command, source).await?;
    for object in catalog.not_seen() {
        let message = format!("{object} is of a kind that is neither written nor compared");
        anstream::eprintln!("{}", warning(&message));
    }
    Ok(catalog)
}

fn print_diff(command: &Running<'_>, changes: &[Change]) -> Success {
    if command.context.output.json {
        anstream::println!("{:#}", json!({ "changes": changes }));
    } else {
        let texts: Vec<String> = changes.iter().map(|change| format!("{change}\n")).collect();
        anstream::print!("{}", texts.join("\n"));
    }
    if changes.is_empty() { Success::Done } else { Success::Differs }
}

/// Compares texts: the same schema has the same text, and loading the file would take a moment more.
async fn check(command: &Running<'_>, file: &Path) -> Result<Success, Failure> {
    let name = file.display();
    let written = match std::fs::read_to_string(file) {
        Ok(written) => written,
        Err(error) => {
            return Err(Failure::refused(
                format!("could not read {name}: {error}"),
                format!(
                    "`make schema`, or `migrator schema migrations --output {name}`, writes it"
                ),
            ));
        }
    };
    let sql = read(command, &SchemaSource::Migrations).await?.to_sql();
    // A checkout may have given it other line ends, and the body of a function may have such too.
    if written.replace("\r\n", "\n") != sql.replace("\r\n", "\n") {
        return Err(Failure::refused(
            format!("{name} is not the schema that the migrations make"),
            format!(
                "`make schema` writes it again; `migrator schema --diff {name} migrations` shows \
                 what differs"
            ),
        ));
    }
    if command.context.output.json {
        anstream::println!("{:#}", json!({ "changes": [] }));
    }
    Ok(Success::Done)
}

/// By way of a file beside it, so that a full disk leaves the old one.
fn write(file: &Path, sql: &str) -> Result<(), Failure> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let written = std::fs::File::create(beside)
        .and_then(|mut new| new.write_all(sql.as_bytes()))
        .and_then(|()| std::fs::rename(beside, file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(beside);
        let hint = "the folder has to be there, and be yours to write in";
        Failure::refused(format!("could not write {}: {error}", file.display()), hint)
    })
}
