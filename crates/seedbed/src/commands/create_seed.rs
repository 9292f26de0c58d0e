//! `seedbed create-seed NAME`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use seedbed_files::{Environment, Environments, Kind, Slug, Template};
use seedbed_generate::{Present, Rows, Seed, SeedError, SeedRequest, TableName};

use super::new_script::{self, NewScripts};
use crate::database::Database;
use crate::output::{Advice, say};
use crate::present;
use crate::psql::{self, Refusal};
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it does, such as createAdminUser; any case and spaces will do.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,

    /// Only for this environment; otherwise it runs in all of them.
    #[arg(long, value_name = "ENVIRONMENT")]
    env: Option<String>,

    /// The table whose rows it puts in, as the database has it now.
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,

    /// The rows: a .csv with the names of the columns in its first line, or a .json with a list of objects.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::slug(&args.name, "make create-seed name=createAdminUser")?;
    let environment = args.env.as_deref().map(environment).transpose()?;
    if let (Some(rows), None) = (&args.rows, &args.table) {
        let rows = rows.display();
        return Err(Advice::wrong_use(
            format!("rows={rows} needs table=, the table that they are for"),
            format!("make create-seed name={} table=roles rows={rows}", args.name),
        ));
    }
    let table = args.table.as_deref().map(Table::parse).transpose()?;
    let file = args.rows.as_deref();
    let rows = about(file, file.map(rows).transpose())?;
    let workspace = Workspace::find(root)?;
    if let Some(environment) = &environment {
        let seeds = workspace.seeds();
        let known = Environments::in_folder(&seeds)
            .with_context(|| format!("could not read {}", seeds.display()))?;
        ensure_not_misspelled(&known, environment)?;
    }
    let written = match &table {
        Some(table) => Some(about(file, generate(&workspace, &slug, table, rows.as_ref()))?),
        None => None,
    };
    let folder = folder(&workspace.seeds(), environment.as_ref())?;
    match written {
        Some(scripts) => scripts.create(Kind::Seed, &folder),
        None => new_script::create(&folder, &slug, Template::Seed),
    }
}

/// Names the file if that is what the error is about.
fn about<T>(file: Option<&Path>, result: anyhow::Result<T>) -> anyhow::Result<T> {
    result.map_err(|error| match (file, error.downcast_ref::<SeedError>()) {
        (Some(file), Some(cause)) if cause.is_about_rows() => {
            error.context(file.display().to_string())
        }
        _ => error,
    })
}

fn generate(
    workspace: &Workspace,
    slug: &Slug,
    table: &Table,
    rows: Option<&Rows>,
) -> anyhow::Result<NewScripts> {
    let instead = "leave table= out to write the seed by hand";
    let names = [&table.typed, &table.snake.typed, &table.snake.plural].map(String::as_str);
    let present = present::read(workspace, &names, instead)?;
    let table = table.name(&present);
    let request = SeedRequest { slug: slug.as_str(), table: &table, rows, present: &present };
    let seed = Seed::plan(&request)?;
    if let Some(trial) = seed.trial() {
        let variables = Variables::load(workspace)?;
        let database = Database::choose(workspace, &variables)?;
        let psql = psql::command(&database, &variables)?;
        let answer = psql::ask(psql, &trial, 10).map_err(|refusal| {
            let why = match refusal {
                Refusal::Refused(why) => why,
                other => other.to_string(),
            };
            Advice::failure(
                format!("the rows were not tried: {why}"),
                "they are put in and rolled back, by a role that may insert there and while nobody locks the \
                 table; leave rows= out to fill them in by hand",
            )
        })?;
        seed.judge(&answer)?;
    }
    NewScripts::of(&workspace.seeds(), slug, vec![seed.file()], workspace)
}

/// The folder of all seeds, or that of an variables, which is made.
fn folder(seeds: &Path, environment: Option<&Environment>) -> anyhow::Result<PathBuf> {
    let Some(environment) = environment else {
        return Ok(seeds.to_owned());
    };
    let folder = seeds.join(environment.as_str());
    match fs::create_dir(&folder) {
        // The error that follows says that the folder of all seeds is missing.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(seeds.to_owned()),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("could not create {}", folder.display()))
        }
        // Or a word that was not meant, which the folder makes an environment.
        Ok(()) => {
            say(&format!("note: {environment} is a new environment: this is its first seed"));
            Ok(folder)
        }
        Err(_) => Ok(folder),
    }
}

/// The table as it was typed, and as tables are called here: any case will do, as in a name.
#[derive(Debug)]
struct Table {
    typed: String,
    snake: TableName,
}

impl Table {
    fn parse(typed: &str) -> anyhow::Result<Self> {
        const EXAMPLE: &str = "make create-seed name=createDefaultProducts table=products";
        if let Some((schema, table)) = typed.split_once('.') {
            return Err(Advice::wrong_use(
                format!("table={typed} names a schema, and a seed goes by the search path"),
                format!(
                    "table={table}, if {schema} is on the search_path of the database; else leave \
                     table= out, and write the seed by hand"
                ),
            ));
        }
        let slug = new_script::slug(typed, EXAMPLE)?;
        Ok(Self { typed: typed.to_owned(), snake: TableName::new(slug.as_str()) })
    }

    /// Letter by letter, if the database has one that is called so.
    fn name(&self, present: &Present) -> TableName {
        if present.has_table(&self.typed) {
            return TableName { typed: self.typed.clone(), ..self.snake.clone() };
        }
        self.snake.clone()
    }
}

fn rows(path: &Path) -> anyhow::Result<Rows> {
    let read = match path.extension().and_then(|extension| extension.to_str()) {
        Some(name) if name.eq_ignore_ascii_case("csv") => Rows::from_csv,
        Some(name) if name.eq_ignore_ascii_case("json") => Rows::from_json,
        _ => {
            return Err(Advice::wrong_use(
                format!("{} is neither a .csv nor a .json", path.display()),
                "make create-seed name=createDefaultProducts table=products rows=products.csv",
            ));
        }
    };
    let bytes = fs::read(path).map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => "rows= is a path as seen from the folder of the Makefile",
            _ => "rows= is a file that you may read",
        };
        Advice::failure(format!("could not read {}: {error}", path.display()), hint)
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        let file = path.display();
        Advice::failure(
            format!("{file}: line {line}: it is not UTF-8"),
            format!("if it is Latin-1: {}; a spreadsheet exports UTF-8 too", to_utf8(path)),
        )
    })?;
    Ok(read(&text)?)
}

/// The command that writes it anew in UTF-8, beside it.
fn to_utf8(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().display();
    let copy = path.with_file_name(format!("utf8-{name}"));
    format!("iconv -f latin1 -t utf8 {} > {}", shell_word(path), shell_word(&copy))
}

/// As a shell takes it for one word.
fn shell_word(path: &Path) -> String {
    let path = path.display().to_string();
    if path.chars().all(|c| c.is_alphanumeric() || "/._-+".contains(c)) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

/// It becomes the name of a folder, and of a Rust module.
fn environment(name: &str) -> anyhow::Result<Environment> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if let Some(environment) = Environment::parse(name) {
        if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) {
            return Ok(environment);
        }
        ensure_not_misspelled(&Environments::default(), &environment)?;
    }
    Err(Advice::wrong_use(
        format!("`{name}` is not the name of an environment"),
        "use the letters a-z, digits and _, such as development",
    ))
}

/// As the migrator does: the folder would make it an environment that every command takes.
fn ensure_not_misspelled(known: &Environments, environment: &Environment) -> anyhow::Result<()> {
    known
        .ensure_not_misspelled(environment)
        .map_err(|error| Advice::wrong_use(error.to_string(), error.hint()))
}
