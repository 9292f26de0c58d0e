//! `schema`: prints the schema as SQL, writes and draws it, compares two schemas, or checks schema files.
//!
//! The `--json` document has these members, beside its `version`:
//!
//! | command | members |
//! | --- | --- |
//! | `schema` | `sql`, and `unsupported`: the names of the objects that the SQL does not create |
//! | `schema --diff A B` | `changes`, `excluded`: the objects that differ and that an option left out, and `unsupported`: under `before` and `after`, the names of the objects of each side whose definitions are not compared. An object that only one side has is a change |
//! | `schema --check` | `changes`, which is empty. Stale files are an `error` |
//!
//! A change has an `object`, and the SQL of A as `before` and that of B as `after`, either of which may be null. The
//! object has a `kind`, a `name`, an `aspect`, and for a part of an object a `part` with its own `kind` and `name`. The
//! values are those of [`seedbed_schema::model::Object`]. If both sides have the object, `fields` has each field of it
//! that differs, with its values as `before` and `after`.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use seedbed_schema::{Catalog, DatabaseSchema, diff};
use serde_json::json;

use super::command_context::CommandContext;
use super::schema_source::read_schema;
use crate::args::{SchemaArgs, SchemaSource};
use crate::command_error::{CommandError, Success};
use crate::exclusion::{Exclusions, FilteredChanges};
use crate::output::print_document;
use crate::print;

pub(crate) async fn run(
    context: &CommandContext<'_>,
    args: &SchemaArgs,
) -> Result<Success, CommandError> {
    if let [before, after] = args.diff.as_slice() {
        // A file has no runtime state, such as the current values of sequences, so it is compared without.
        let has_file = [before, after].iter().any(|side| matches!(side, SchemaSource::File(_)));
        let mut before = read_schema(context, before).await?;
        let mut after = read_schema(context, after).await?;
        if has_file {
            (before, after) = (before.without_runtime_state(), after.without_runtime_state());
        }
        let exclusions =
            Exclusions { patterns: &args.exclude, partitions: args.exclude_partitions };
        return Ok(print_diff(context, &before, &after, &exclusions));
    }
    if !args.check.is_empty() {
        return check(context, &args.check).await;
    }
    let database = SchemaSource::Database(Box::new(context.config.options.url.clone()));
    let schema = read_and_warn(context, args.source.as_ref().unwrap_or(&database)).await?;
    for file in &args.output {
        let text = render_for(file, &schema);
        if std::fs::read_to_string(file).is_ok_and(|current| current == text) {
            print::stderr_line(&format!("{} is unchanged", file.display()));
        } else {
            write_atomically(file, &text)?;
            print::stderr_line(&format!("wrote {}", file.display()));
        }
    }
    if args.output.is_empty() {
        let sql = schema.to_sql();
        if context.config.output.json {
            print_document(json!({ "sql": sql, "unsupported": schema.unsupported_names() }));
        } else {
            print::stdout(&sql);
        }
    }
    Ok(Success::Done)
}

/// Renders the schema in the format that the extension of the file names.
fn render_for(file: &Path, schema: &DatabaseSchema) -> String {
    match file.extension().and_then(OsStr::to_str) {
        Some("svg") => seedbed_diagram::svg(&Catalog::from(schema)),
        Some("md") => {
            let image = file.with_extension("svg");
            let image = image.file_name().unwrap_or_default().to_string_lossy();
            seedbed_diagram::page(&Catalog::from(schema), &image)
        }
        _ => schema.to_sql(),
    }
}

/// Reads the catalog and warns about every object that the SQL does not create.
async fn read_and_warn(
    context: &CommandContext<'_>,
    source: &SchemaSource,
) -> Result<DatabaseSchema, CommandError> {
    let schema = read_schema(context, source).await?;
    for object in schema.unsupported_names() {
        print::stderr_line(&print::warning(&format!(
            "`{object}` is not supported, so the SQL does not create it"
        )));
    }
    Ok(schema)
}

fn print_diff(
    context: &CommandContext<'_>,
    before: &DatabaseSchema,
    after: &DatabaseSchema,
    exclusions: &Exclusions<'_>,
) -> Success {
    let FilteredChanges { changes, excluded, unmatched } =
        exclusions.apply(diff(before, after), before, after);
    for pattern in unmatched {
        print::stderr_line(&print::warning(&format!("`--exclude {pattern}` matches no object")));
    }
    if !excluded.is_empty() {
        let names: Vec<String> = excluded.iter().map(ToString::to_string).collect();
        let differences = if names.len() == 1 { "difference" } else { "differences" };
        print::stderr_line(&format!(
            "left out {} {differences}: {}",
            names.len(),
            names.join(", ")
        ));
    }
    let (before_unsupported, after_unsupported) =
        (before.unsupported_names(), after.unsupported_names());
    // An object that only one side has is a change already.
    for (object, definition) in &before.unsupported {
        let is_known = definition.is_some() || object.is_runtime_state();
        if after.unsupported.contains_key(object) && !is_known {
            print::stderr_line(&print::warning(&format!("`{object}` is compared only by name")));
        }
    }
    if context.config.output.json {
        let unsupported = json!({ "before": before_unsupported, "after": after_unsupported });
        print_document(
            json!({ "changes": changes, "excluded": excluded, "unsupported": unsupported }),
        );
    } else {
        let texts: Vec<String> = changes.iter().map(|change| format!("{change}\n")).collect();
        print::stdout(&texts.join("\n"));
    }
    if changes.is_empty() { Success::Done } else { Success::Differs }
}

/// Fails unless the files are up to date. Compares the texts, because the same schema has the same text, and loading the
/// file would take longer.
async fn check(context: &CommandContext<'_>, files: &[PathBuf]) -> Result<Success, CommandError> {
    let mut texts = Vec::new();
    for file in files {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| {
            CommandError::failure(
                format!("failed to read `{name}`: {error}"),
                format!(
                    "`make schema`, or `migrator schema migrations --output {name}`, to write it"
                ),
            )
        })?;
        texts.push((file, text));
    }
    let schema = read_and_warn(context, &SchemaSource::Migrations).await?;
    // A checkout may have changed the line ends of the file, and the body of a function may contain CRLF as well.
    let normalize = |text: &str| text.replace("\r\n", "\n");
    let stale = texts
        .iter()
        .filter(|(file, text)| normalize(text) != normalize(&render_for(file, &schema)));
    let stale: Vec<&Path> = stale.map(|(file, _)| file.as_path()).collect();
    if !stale.is_empty() {
        return Err(stale_files(&stale));
    }
    for file in files {
        print::stderr_line(&format!("{} is up to date", file.display()));
    }
    if context.config.output.json {
        print_document(json!({ "changes": [] }));
    }
    Ok(Success::Done)
}

fn stale_files(stale: &[&Path]) -> CommandError {
    let names: Vec<String> = stale.iter().map(|file| file.display().to_string()).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (do_not, them) = if stale.len() == 1 { ("does not", "it") } else { ("do not", "them") };
    let mut hint = format!("`make schema` to write {them} again");
    // Pages and diagrams are rendered from the same schema, so the SQL shows every difference.
    if let Some(sql) = names.iter().find(|name| name.ends_with(".sql")) {
        hint +=
            &format!("; `make schema args=\"--diff {sql} migrations\"` to show the differences");
    }
    let message = format!("{} {do_not} match the schema of the migrations", quoted.join(", "));
    CommandError::failure(message, hint)
}

/// Writes a file beside the target and renames it, so that a full disk leaves the old file intact.
fn write_atomically(file: &Path, text: &str) -> Result<(), CommandError> {
    let mut temporary = file.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = Path::new(&temporary);
    let result = std::fs::File::create(temporary)
        .and_then(|mut new| new.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(temporary, file));
    result.map_err(|error| {
        let _ = std::fs::remove_file(temporary);
        let hint = "the folder has to exist and be writable";
        CommandError::failure(format!("failed to write `{}`: {error}", file.display()), hint)
    })
}
