//! The command `seedbed create-migration NAME`.

use std::collections::BTreeSet;
use std::path::Path;

use seedbed_build::{ScriptKind, ScriptTemplate, Slug};
use seedbed_config::{CommandSpelling, Hint, SuggestedCommand};
use seedbed_generate::{Interpretations, MigrationOutcome, MigrationRequest, WriteError};
use seedbed_schema::DatabaseSchema;

use super::new_script::{self, NewScripts};
use crate::cli_error::CliError;
use crate::dry_run;
use crate::introspect::{self, write_by_hand};
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

pub(crate) fn run(
    root: Option<&Path>,
    spelling: CommandSpelling,
    args: &Args,
) -> anyhow::Result<()> {
    let example =
        SuggestedCommand::CreateMigration { name: "createWidgets".to_owned(), fields: None };
    let slug = new_script::parse_slug(&args.name, example)?;
    if args.unwritten {
        return create_unwritten(root, args, &slug);
    }
    let interpretations = Interpretations::parse(slug.as_str());
    let fields = match (&args.fields, interpretations.example()) {
        (None, Some(example)) => {
            prompt(&format!("fields, such as {example}\n(empty: write up and down by hand): "))?
        }
        (fields, _) => fields.clone(),
    };
    let input = Input { slug: &slug, interpretations: &interpretations, fields: fields.as_deref() };
    // Errors in the name and the fields are reported before any access to the disk or the database.
    match input.generate(None, &BTreeSet::new()) {
        Err(error) if error.is_wrong_use() => return Err(error.into()),
        Ok((MigrationOutcome::Manual { reason }, _)) => {
            return create_template(&Workspace::find(root)?, &slug, Some(&reason));
        }
        _ => {}
    }
    let workspace = Workspace::find(root)?;
    let folder = workspace.migrations();
    let introspection = if interpretations.needs_database() {
        Some(introspect::introspect(&workspace, &write_by_hand())?)
    } else {
        introspect::introspect_if_running(&workspace, spelling)?
    };
    let schema = introspection.as_ref().map(|one| &one.schema);
    let extensions = new_script::created_extensions(&folder)?;
    let (outcome, other_notes) = input.generate(schema, &extensions)?;
    match outcome {
        MigrationOutcome::Generated { files, notes, dry_runs } => {
            if let Some(mut introspection) = introspection {
                dry_run::dry_run(&mut introspection.connection, &dry_runs)?;
            }
            NewScripts::from_generated(&folder, &slug, files, &workspace)?
                .create(ScriptKind::Migration, &folder)?;
            for note in other_notes.into_iter().map(Hint::from).chain(notes) {
                print_message(&format!("note: {}", note.spelled(spelling)));
            }
            Ok(())
        }
        MigrationOutcome::Manual { reason } => create_template(&workspace, &slug, Some(&reason)),
        _ => Ok(()),
    }
}

/// The name of the migration and the fields, as the user typed them.
struct Input<'a> {
    slug: &'a Slug,
    interpretations: &'a Interpretations,
    fields: Option<&'a str>,
}

impl Input<'_> {
    /// Generates the migration, checked against the schema if there is one. Also returns the notes about other meanings
    /// of the name.
    fn generate(
        &self,
        schema: Option<&DatabaseSchema>,
        extensions: &BTreeSet<String>,
    ) -> Result<(MigrationOutcome, Vec<String>), WriteError> {
        let chosen = self.interpretations.choose(self.fields, schema)?;
        let outcome = seedbed_generate::write_migration(&MigrationRequest {
            slug: self.slug.as_str(),
            operation: &chosen.operation,
            fields: self.fields,
            schema,
            extensions,
        })?;
        Ok((outcome, chosen.notes))
    }
}

/// Creates a template, because the user asks for one.
fn create_unwritten(root: Option<&Path>, args: &Args, slug: &Slug) -> anyhow::Result<()> {
    if args.fields.is_some() {
        return Err(CliError::usage(
            "a migration that is written by hand takes no fields",
            Hint::text("leave out the fields or ").then_flag("--unwritten"),
        ));
    }
    create_template(&Workspace::find(root)?, slug, None)
}

fn create_template(workspace: &Workspace, slug: &Slug, why: Option<&str>) -> anyhow::Result<()> {
    new_script::create_from_template(&workspace.migrations(), slug, ScriptTemplate::Migration)?;
    if let Some(why) = why {
        print_message(&format!("note: write `up` and `down` by hand; {why}"));
    }
    Ok(())
}
