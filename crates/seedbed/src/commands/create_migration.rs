//! `seedbed create-migration NAME`

use std::collections::BTreeSet;
use std::path::Path;

use seedbed_files::{Kind, Slug, Template};
use seedbed_generate::{Interpretations, MigrationOutcome, MigrationRequest, Present, WriteError};

use super::new_script::{self, NewScripts};
use crate::output::{Advice, ask, say};
use crate::present;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it does, such as createWidgets; any case and spaces will do.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,

    /// The columns, such as "name:string! price:decimal(10,2)=0 organization:references:cascade".
    #[arg(long, value_name = "FIELDS")]
    fields: Option<String>,

    /// Leave the script to be written by hand, whatever its name says.
    #[arg(long)]
    unwritten: bool,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::slug(&args.name, "make create-migration name=createWidgets")?;
    if args.unwritten {
        if args.fields.is_some() {
            return Err(Advice::wrong_use(
                "there is fields=, and the script is to be left unwritten",
                "leave out fields=, or args=--unwritten",
            ));
        }
        return write_unwritten(&Workspace::find(root)?, &slug, None);
    }
    let interpretations = Interpretations::parse(slug.as_str());
    let fields = match (&args.fields, interpretations.example()) {
        (None, Some(example)) => ask(&format!(
            "fields, such as {example}\n(an empty line: up and down are yours to write): "
        ))?,
        (fields, _) => fields.clone(),
    };
    let write = |present: Option<&Present>, extensions: &BTreeSet<String>| {
        let chosen = interpretations.choose(fields.as_deref(), present)?;
        let written = seedbed_generate::write_migration(&MigrationRequest {
            slug: slug.as_str(),
            operation: &chosen.operation,
            fields: fields.as_deref(),
            present,
            extensions,
        })?;
        Ok::<_, WriteError>((written, chosen.notes))
    };
    // What the words alone tell is told before disk and database are looked at.
    match write(None, &BTreeSet::new()) {
        Err(error) if error.is_wrong_use() => return Err(error.into()),
        Ok((MigrationOutcome::Manual { reason }, _)) => {
            return write_unwritten(&Workspace::find(root)?, &slug, Some(&reason));
        }
        _ => {}
    }
    let workspace = Workspace::find(root)?;
    let folder = workspace.migrations();
    let present = if interpretations.needs_database() {
        Some(present::read(&workspace, &interpretations.object_names(), present::UNWRITTEN)?)
    } else {
        present::look(&workspace, &interpretations.object_names())?
    };
    let (written, others) = write(present.as_ref(), &new_script::extensions(&folder)?)?;
    match written {
        MigrationOutcome::Generated { files, notes, dry_runs } => {
            if present.is_some() {
                present::try_out(&workspace, &dry_runs)?;
            }
            NewScripts::of(&folder, &slug, files, &workspace)?.create(Kind::Migration, &folder)?;
            others.iter().chain(&notes).for_each(|note| say(&format!("note: {note}")));
            Ok(())
        }
        MigrationOutcome::Manual { reason } => write_unwritten(&workspace, &slug, Some(&reason)),
        _ => Ok(()),
    }
}

fn write_unwritten(workspace: &Workspace, slug: &Slug, why: Option<&str>) -> anyhow::Result<()> {
    new_script::create(&workspace.migrations(), slug, Template::Migration)?;
    if let Some(why) = why {
        say(&format!("note: up and down are yours to write: {why}"));
    }
    Ok(())
}
