//! The command `seedbed create-migration NAME`.

use std::collections::BTreeSet;
use std::path::Path;

use seedbed_build::{ScriptKind, ScriptTemplate, Slug};
use seedbed_generate::{Interpretations, MigrationOutcome, MigrationRequest, WriteError};
use seedbed_schema::DatabaseSchema;

use super::new_script::{self, NewScripts};
use crate::cli_error::CliError;
use crate::dry_run;
use crate::introspect::{self, WRITE_BY_HAND};
use crate::output::{print_message, prompt};
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The change, such as createWidgets; in any letter case, also with spaces.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,

    /// The columns, such as "name:string! price:decimal(10,2)=0 organization:references:cascade".
    #[arg(long, value_name = "FIELDS")]
    fields: Option<String>,

    /// Write a template to fill in by hand, even if the name describes a change that can be generated.
    #[arg(long)]
    unwritten: bool,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::parse_slug(&args.name, "`make create-migration name=createWidgets`")?;
    if args.unwritten {
        if args.fields.is_some() {
            return Err(CliError::usage(
                "`fields=` cannot be used with `args=--unwritten`",
                "leave out `fields=` or `args=--unwritten`",
            ));
        }
        return create_template(&Workspace::find(root)?, &slug, None);
    }
    let interpretations = Interpretations::parse(slug.as_str());
    let fields = match (&args.fields, interpretations.example()) {
        (None, Some(example)) => {
            prompt(&format!("fields, such as {example}\n(empty: write up and down by hand): "))?
        }
        (fields, _) => fields.clone(),
    };
    let generate = |schema: Option<&DatabaseSchema>, extensions: &BTreeSet<String>| {
        let chosen = interpretations.choose(fields.as_deref(), schema)?;
        let written = seedbed_generate::write_migration(&MigrationRequest {
            slug: slug.as_str(),
            operation: &chosen.operation,
            fields: fields.as_deref(),
            schema,
            extensions,
        })?;
        Ok::<_, WriteError>((written, chosen.notes))
    };
    // Errors in the name and the fields are reported before any access to the disk or the database.
    match generate(None, &BTreeSet::new()) {
        Err(error) if error.is_wrong_use() => return Err(error.into()),
        Ok((MigrationOutcome::Manual { reason }, _)) => {
            return create_template(&Workspace::find(root)?, &slug, Some(&reason));
        }
        _ => {}
    }
    let workspace = Workspace::find(root)?;
    let folder = workspace.migrations();
    let introspection = if interpretations.needs_database() {
        Some(introspect::introspect(&workspace, WRITE_BY_HAND)?)
    } else {
        introspect::introspect_if_running(&workspace)?
    };
    let schema = introspection.as_ref().map(|one| &one.schema);
    let (written, other_notes) = generate(schema, &new_script::created_extensions(&folder)?)?;
    match written {
        MigrationOutcome::Generated { files, notes, dry_runs } => {
            if let Some(mut introspection) = introspection {
                dry_run::dry_run(&mut introspection.connection, &dry_runs)?;
            }
            NewScripts::from_generated(&folder, &slug, files, &workspace)?
                .create(ScriptKind::Migration, &folder)?;
            for note in other_notes.iter().chain(&notes) {
                print_message(&format!("note: {note}"));
            }
            Ok(())
        }
        MigrationOutcome::Manual { reason } => create_template(&workspace, &slug, Some(&reason)),
        _ => Ok(()),
    }
}

fn create_template(workspace: &Workspace, slug: &Slug, why: Option<&str>) -> anyhow::Result<()> {
    new_script::create_from_template(&workspace.migrations(), slug, ScriptTemplate::Migration)?;
    if let Some(why) = why {
        print_message(&format!("note: write `up` and `down` by hand; {why}"));
    }
    Ok(())
}
