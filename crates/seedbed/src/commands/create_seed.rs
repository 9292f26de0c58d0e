//! `seedbed create-seed NAME`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use seedbed_files::{Kind, Slug, Template};
use seedbed_generate::{Rows, SeedRequest, TableName, write_seed};

use super::new_script::{self, NewScripts};
use crate::output::{Advice, say};
use crate::present;
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
    let table = args.table.as_deref().map(table).transpose()?;
    let rows = args.rows.as_deref().map(rows).transpose()?;
    let workspace = Workspace::find(root)?;
    let written = match &table {
        Some(table) => Some(generate(&workspace, &slug, table, rows.as_ref())?),
        None => None,
    };
    let folder = folder(&workspace.seeds(), environment)?;
    match written {
        Some(scripts) => scripts.create(Kind::Seed, &folder),
        None => new_script::create(&folder, &slug, Template::Seed),
    }
}

fn generate(
    workspace: &Workspace,
    slug: &Slug,
    table: &TableName,
    rows: Option<&Rows>,
) -> anyhow::Result<NewScripts> {
    let instead = "leave table= out to write the seed by hand";
    let present = present::read(workspace, &[&table.typed, &table.plural], instead)?;
    let file = write_seed(&SeedRequest { slug: slug.as_str(), table, rows, present: &present })?;
    NewScripts::of(&workspace.seeds(), slug, vec![file], workspace)
}

/// The folder of all seeds, or that of an environment, which is made.
fn folder(seeds: &Path, environment: Option<&str>) -> anyhow::Result<PathBuf> {
    let Some(environment) = environment else {
        return Ok(seeds.to_owned());
    };
    let folder = seeds.join(environment);
    match fs::create_dir(&folder) {
        // The error that follows says that the folder of all seeds is missing.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(seeds.to_owned()),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("could not create {}", folder.display()))
        }
        // Or a slip of the hand, which the folder makes an environment.
        Ok(()) => {
            say(&format!("note: {environment} is a new environment: this is its first seed"));
            Ok(folder)
        }
        Err(_) => Ok(folder),
    }
}

/// Any case will do, as in a name.
fn table(name: &str) -> anyhow::Result<TableName> {
    let slug =
        new_script::slug(name, "make create-seed name=createDefaultProducts table=products")?;
    Ok(TableName::new(slug.as_str()))
}

fn rows(path: &Path) -> anyhow::Result<Rows> {
    let read = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Rows::from_csv,
        Some("json") => Rows::from_json,
        _ => {
            return Err(Advice::wrong_use(
                format!("{} is neither a .csv nor a .json", path.display()),
                "make create-seed name=createDefaultProducts table=products rows=products.csv",
            ));
        }
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    Ok(read(&text)?)
}

/// It becomes the name of a folder, and of a Rust module.
fn environment(name: &str) -> anyhow::Result<&str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) {
        return Ok(name);
    }
    Err(Advice::wrong_use(
        format!("`{name}` is not the name of an environment"),
        "use the letters a-z, digits and _, such as development",
    ))
}
