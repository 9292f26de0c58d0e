//! The command `schema` prints a schema as SQL, or compares two schemas. It writes no file, unlike `seedbed schema`.
//!
//! The `--json` document has these members, besides its `version`:
//!
//! | command | members |
//! | --- | --- |
//! | `schema` | `sql`, and `unsupported`: the names of the objects that the SQL does not create |
//! | `schema --diff A B` | `changes`; `excluded`: the objects whose changes an option left out; `unsupported`: as `before` and `after`, the names of the objects of each side that are compared only by their name |
//!
//! A change has an `object`, and the SQL of A as `before` and that of B as `after`, either of which may be null. The
//! object has a `kind`, a `name`, an `aspect`, and for a part of an object a `part` with its own `kind` and `name`. The
//! values are those of [`seedbed_schema::model::Object`]. If both sides have the object, `fields` has each field of it
//! that differs, with its values as `before` and `after`.

use seedbed_schema::{DatabaseSchema, diff};
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
        // A file has no runtime state, such as the current values of sequences, so the other side is compared without
        // runtime state.
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
    let database = SchemaSource::Database(Box::new(context.config.options.url.clone()));
    let schema = read_and_warn(context, args.source.as_ref().unwrap_or(&database)).await?;
    let sql = schema.to_sql();
    if context.config.output.json {
        print_document(json!({ "sql": sql, "unsupported": schema.unsupported_names() }));
    } else {
        print::stdout(&sql);
    }
    Ok(Success::Done)
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
    if changes.iter().any(|change| !change.to_string().is_ascii()) {
        warn_of_encodings(before, after);
    }
    let (before_unsupported, after_unsupported) =
        (before.unsupported_names(), after.unsupported_names());
    // An object that only one side has is already among the changes. If both sides have it, its definition may differ
    // without being noticed.
    for (object, definition) in &before.unsupported {
        let is_compared = definition.is_some() || object.is_runtime_state();
        if after.unsupported.contains_key(object) && !is_compared {
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

/// Warns if a database has an encoding other than UTF8. The same file may have become another text there.
fn warn_of_encodings(before: &DatabaseSchema, after: &DatabaseSchema) {
    let encodings = [before, after].map(|schema| schema.read_context.encoding.as_str());
    if encodings != ["UTF8", "UTF8"] {
        let [before, after] = encodings;
        print::stderr_line(&print::warning(&format!(
            "the encodings are {before} and {after}, so texts beyond ASCII may differ because a file was loaded with another \
             `client_encoding`"
        )));
    }
}
