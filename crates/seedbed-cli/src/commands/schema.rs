//! The commands `seedbed schema` and `seedbed schema-check`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use seedbed_config::{Hint, SuggestedCommand};
use seedbed_schema::{DatabaseSchema, ReadOptions};

use super::migrator::{self, Build};
use crate::cli_error::CliError;
use crate::connection::Connection;
use crate::derived_files::{DerivedFiles, StaleFile};
use crate::display_path::display_relative;
use crate::migrated_schema;
use crate::output::{print_data, print_message};
use crate::programs::MigratorBuild;
use crate::workspace::Workspace;

/// The schema files: the SQL, the page and the diagram.
const FILES: [&str; 3] = [
    "apps/backend/tools/rds/schema.sql",
    "apps/backend/tools/rds/schema.md",
    "apps/backend/tools/rds/schema.svg",
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file instead: a page with a diagram if its name ends in .md, the diagram alone if it ends in .svg, SQL
    /// otherwise; may be repeated
    #[arg(long, value_name = "FILE")]
    output: Vec<PathBuf>,

    /// With `--output`: a URL, the path of an SQL file, or the word `migrations`, and flags of the migrator. Without it,
    /// all arguments are those of `migrator schema`, which prints a schema or compares two: `--diff A B`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Flags of the migrator.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Writes the schema files and prints the paths of the files that changed. With arguments and without `--output`, runs
/// `migrator schema` instead.
pub(crate) fn run(root: Option<&Path>, build: Build, args: &Args) -> anyhow::Result<()> {
    if args.output.is_empty() && !args.arguments.is_empty() {
        return migrator::run(root, build, MigratorBuild::WithoutSeeds, "schema", &args.arguments);
    }
    let workspace = Workspace::find(root)?;
    let paths = if args.output.is_empty() { files(&workspace) } else { args.output.clone() };
    let schema = match args.arguments.first().and_then(|source| source.to_str()) {
        Some(url) if url.contains("://") => {
            Connection::to_url(url)?.read_schema(&ReadOptions::default())?
        }
        _ => migrated_schema::read(&workspace, build, &args.arguments)?,
    };
    warn_unsupported(&schema);
    let files = render(paths, &schema);
    let changed = files.write()?;
    if changed.is_empty() {
        print_message("nothing to do: the schema files are current");
    }
    changed.iter().try_for_each(|path| print_data(&display_relative(path).display().to_string()))
}

/// Fails unless the schema files match the migrations.
pub(crate) fn check(root: Option<&Path>, build: Build, args: &CheckArgs) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let schema = migrated_schema::read(&workspace, build, &args.arguments)?;
    warn_unsupported(&schema);
    // The texts are compared, because the same schema has the same text, and loading the file would take longer.
    let files = render(files(&workspace), &schema);
    let stale = files.stale()?;
    if stale.is_empty() {
        print_message("the schema files match the migrations");
        return Ok(());
    }
    Err(stale_files(&stale))
}

fn files(workspace: &Workspace) -> Vec<PathBuf> {
    FILES.iter().map(|file| workspace.root().join(file)).collect()
}

/// Renders the schema in the format that the extension of each file names.
fn render(paths: Vec<PathBuf>, schema: &DatabaseSchema) -> DerivedFiles {
    let text = |path: &Path| match path.extension().and_then(OsStr::to_str) {
        Some("svg") => seedbed_diagram::svg(schema),
        Some("md") => {
            let image = path.with_extension("svg");
            let image = image.file_name().unwrap_or_default().to_string_lossy().into_owned();
            seedbed_diagram::page(schema, &image)
        }
        _ => schema.to_sql(),
    };
    let texts = paths.into_iter().map(|path| {
        let text = text(&path);
        (path, text)
    });
    DerivedFiles::new(texts.collect())
}

/// Warns about every object that the SQL does not create.
fn warn_unsupported(schema: &DatabaseSchema) {
    for object in schema.unsupported_names() {
        print_message(&format!(
            "warning: `{object}` is not supported, so the SQL does not create it"
        ));
    }
}

fn stale_files(stale: &[StaleFile<'_>]) -> anyhow::Error {
    let list: String = stale.iter().map(|file| format!("\n  {file}")).collect();
    let mut hint = Hint::text("run ")
        .then_command(SuggestedCommand::Schema)
        .then(" to write the schema files again");
    // Pages and diagrams are rendered from the same schema, so the SQL shows every difference.
    let sql = stale.iter().find(|file| file.path.extension().is_some_and(|end| end == "sql"));
    if let Some(sql) = sql {
        let file = display_relative(sql.path).display().to_string();
        hint = hint
            .then("; run ")
            .then_command(SuggestedCommand::SchemaDiff { file })
            .then(" to show the differences");
    }
    CliError::failure(format!("the schema files do not match the migrations:{list}"), hint)
}
