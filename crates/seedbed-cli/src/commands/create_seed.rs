//! The command `seedbed create-seed NAME`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use seedbed_build::{Environment, Environments, ScriptKind, ScriptTemplate, Slug};
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_generate::{Rows, Seed, SeedError, SeedRequest, TableName, has_table};
use seedbed_schema::DatabaseSchema;
use sqlx::Row as _;

use super::new_script::{self, NewScripts};
use crate::cli_error::CliError;
use crate::connection::ServerMessage;
use crate::introspect::{self, Introspection};
use crate::output::print_message;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The purpose of the seed, such as createAdminUser; in any letter case, also with spaces.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,

    /// The only environment that the seed runs in [default: all].
    #[arg(long, value_name = "ENVIRONMENT")]
    env: Option<String>,

    /// The table that the seed inserts rows into; the database must have it.
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,

    /// The rows: a .csv file with the column names in its first line, or a .json file with a list of objects.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let example = create_seed_command("createAdminUser", None, None);
    let slug = new_script::parse_slug(&args.name, example)?;
    let environment = args.env.as_deref().map(parse_environment).transpose()?;
    if let (Some(rows), None) = (&args.rows, &args.table) {
        let rows = rows.display().to_string();
        let command = create_seed_command(&args.name, Some("roles"), Some(&rows));
        return Err(CliError::usage(
            format!("`{rows}` is given without the table of its rows"),
            Hint::text("run ").then_command(command),
        ));
    }
    let table = args.table.as_deref().map(TableArgument::parse).transpose()?;
    let file = args.rows.as_deref();
    let rows = with_file_name(file, file.map(read_rows).transpose())?;
    let workspace = Workspace::find(root)?;
    if let Some(environment) = &environment {
        let seeds = workspace.seeds();
        let known = Environments::in_folder(&seeds)
            .with_context(|| format!("failed to read `{}`", seeds.display()))?;
        ensure_not_misspelled(&known, environment)?;
    }
    let generated = match &table {
        Some(table) => Some(with_file_name(
            file,
            generate(&workspace, (&slug, environment.as_ref()), table, rows.as_ref()),
        )?),
        None => None,
    };
    let folder = ensure_seed_folder(&workspace.seeds(), environment.as_ref())?;
    match generated {
        Some(scripts) => scripts.create(ScriptKind::Seed, &folder),
        None => new_script::create_from_template(&folder, &slug, ScriptTemplate::Seed),
    }
}

fn create_seed_command(name: &str, table: Option<&str>, rows: Option<&str>) -> SuggestedCommand {
    SuggestedCommand::CreateSeed {
        name: name.to_owned(),
        table: table.map(str::to_owned),
        rows: rows.map(str::to_owned),
    }
}

/// Adds the name of the file to an error about its rows.
fn with_file_name<T>(file: Option<&Path>, result: anyhow::Result<T>) -> anyhow::Result<T> {
    result.map_err(|error| match (file, error.downcast_ref::<SeedError>()) {
        (Some(file), Some(cause)) if cause.is_about_rows() => {
            error.context(format!("`{}`", file.display()))
        }
        _ => error,
    })
}

fn generate(
    workspace: &Workspace,
    (slug, environment): (&Slug, Option<&Environment>),
    table: &TableArgument,
    rows: Option<&Rows>,
) -> anyhow::Result<NewScripts> {
    let alternative = "to write the seed by hand, leave out the table".into();
    let Introspection { mut connection, schema } = introspect::introspect(workspace, &alternative)?;
    let table = table.name(&schema);
    let request = SeedRequest {
        slug: slug.as_str(),
        environment: environment.map(Environment::as_str),
        table: &table,
        rows,
        schema: &schema,
    };
    let seed = Seed::plan(&request)?;
    if let Some(sql) = seed.dry_run_sql() {
        let tried = connection.row(sql).and_then(|row| row.try_get::<String, _>(0));
        let output = tried.map_err(|error| {
            let message = ServerMessage::new(&error);
            CliError::failure(
                format!("failed to test the rows: {}", message.text),
                message.with_hint(
                    "to test the rows, Seedbed inserts them and rolls back; this requires the INSERT privilege, and a table \
                     that no other session locks; to write the rows by hand, leave the file out of the command"
                        .into(),
                ),
            )
        })?;
        seed.check_dry_run(&output)?;
    }
    NewScripts::from_generated(&workspace.seeds(), slug, vec![seed.file()], workspace)
}

/// Returns the folder of all seeds, or the folder of an environment, which it creates.
fn ensure_seed_folder(seeds: &Path, environment: Option<&Environment>) -> anyhow::Result<PathBuf> {
    let Some(environment) = environment else {
        return Ok(seeds.to_owned());
    };
    let folder = seeds.join(environment.as_str());
    match fs::create_dir(&folder) {
        // Creating the seed then fails with the error that the folder of all seeds is missing.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(seeds.to_owned()),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("failed to create `{}`", folder.display()))
        }
        // If the name is misspelled, the note shows the user that the new folder defines a new environment.
        Ok(()) => {
            print_message(&format!(
                "note: `{environment}` is a new environment, and this is its first seed"
            ));
            Ok(folder)
        }
        Err(_) => Ok(folder),
    }
}

/// The table, as the user typed it and in snake_case.
#[derive(Debug)]
struct TableArgument {
    input: String,
    snake_case: TableName,
}

impl TableArgument {
    fn parse(input: &str) -> anyhow::Result<Self> {
        if let Some((schema, table)) = input.split_once('.') {
            return Err(CliError::usage(
                format!(
                    "the table `{input}` is given with a schema, but a seed finds its table by the search path"
                ),
                Hint::text("write ").then_variable("table", table).then(format!(
                    " if `{schema}` is on the search path of the database; otherwise leave out the table and write the \
                     seed by hand"
                )),
            ));
        }
        let example = create_seed_command("createDefaultProducts", Some("products"), None);
        let slug = new_script::parse_slug(input, example)?;
        Ok(Self { input: input.to_owned(), snake_case: TableName::new(slug.as_str()) })
    }

    /// Returns the name as the user typed it if the database has such a table, else the name in snake_case.
    fn name(&self, schema: &DatabaseSchema) -> TableName {
        if has_table(schema, &self.input) {
            return TableName { input: self.input.clone(), ..self.snake_case.clone() };
        }
        self.snake_case.clone()
    }
}

fn read_rows(path: &Path) -> anyhow::Result<Rows> {
    let read = match path.extension().and_then(|extension| extension.to_str()) {
        Some(name) if name.eq_ignore_ascii_case("csv") => Rows::from_csv,
        Some(name) if name.eq_ignore_ascii_case("json") => Rows::from_json,
        _ => {
            return Err(CliError::usage(
                format!("`{}` is neither a `.csv` nor a `.json` file", path.display()),
                Hint::text("run ").then_command(create_seed_command(
                    "createDefaultProducts",
                    Some("products"),
                    Some("products.csv"),
                )),
            ));
        }
    };
    let bytes = fs::read(path).map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => {
                "write the path relative to the current folder; with `make`, relative to the folder of the Makefile"
            }
            _ => "make the file readable with `chmod u+r`",
        };
        CliError::failure(format!("failed to read `{}`: {error}", path.display()), hint)
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        let file = path.display();
        CliError::failure(
            format!("failed to read `{file}`: line {line} is not UTF-8"),
            format!(
                "if the file is Latin-1, convert it with `{}`; a spreadsheet can also export UTF-8",
                iconv_command(path)
            ),
        )
    })?;
    Ok(read(&text)?)
}

/// Returns the command that writes a copy of the file in UTF-8 beside it.
fn iconv_command(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().display();
    let copy = path.with_file_name(format!("utf8-{name}"));
    format!("iconv -f latin1 -t utf8 {} > {}", shell_word(path), shell_word(&copy))
}

/// Quotes a path for a shell, if necessary.
fn shell_word(path: &Path) -> String {
    let path = path.display().to_string();
    if path.chars().all(|c| c.is_alphanumeric() || "/._-+".contains(c)) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

/// Parses the name of an environment, which becomes the name of a folder.
fn parse_environment(name: &str) -> anyhow::Result<Environment> {
    if let Some(environment) = Environment::parse(name) {
        if environment.is_valid_folder_name() {
            return Ok(environment);
        }
        ensure_not_misspelled(&Environments::default(), &environment)?;
    }
    Err(CliError::usage(
        format!("`{name}` is not a valid environment name"),
        "use the letters a-z, digits, `_` and `-`, such as `development`",
    ))
}

/// Fails if the name is a misspelled name of a known environment, because its new folder would turn it into an
/// environment that every command accepts.
fn ensure_not_misspelled(known: &Environments, environment: &Environment) -> anyhow::Result<()> {
    known
        .ensure_not_misspelled(environment)
        .map_err(|error| CliError::usage(error.to_string(), error.hint()))
}
