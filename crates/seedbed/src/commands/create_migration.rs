//! `seedbed create-migration NAME`

use std::collections::BTreeSet;
use std::path::Path;

use seedbed_files::{Kind, Slug, Template};
use seedbed_generate::{Intent, Present, Request, Written};

use super::new_script::{self, NewScripts};
use crate::output::say;
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
    #[arg(long, conflicts_with = "fields")]
    unwritten: bool,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::slug(&args.name, "make create-migration name=createWidgets")?;
    let intent = if args.unwritten { Intent::Other } else { Intent::parse(slug.as_str()) };
    let mut request = Request {
        slug: slug.as_str(),
        intent: &intent,
        fields: args.fields.as_deref(),
        present: &Present::default(),
        extensions: &BTreeSet::new(),
    };
    // What is wrong with the words alone is told before disk and database are looked at.
    if let Err(error) = seedbed_generate::write(&request)
        && error.is_wrong_use()
    {
        return Err(error.into());
    }
    let workspace = Workspace::find(root)?;
    let folder = workspace.migrations();
    let names = intent.reads();
    let present = match names.as_slice() {
        [] => Present::default(),
        names => present::read(&workspace, names)?,
    };
    let extensions = new_script::extensions(&folder)?;
    (request.present, request.extensions) = (&present, &extensions);
    match seedbed_generate::write(&request)? {
        Written::Files { files, notes } => {
            NewScripts::of(&folder, &slug, files, &workspace)?.create(Kind::Migration, &folder)?;
            notes.iter().for_each(|note| say(&format!("note: {note}")));
            Ok(())
        }
        unwritten => write_unwritten(&folder, &slug, &unwritten, args),
    }
}

fn write_unwritten(
    folder: &Path,
    slug: &Slug,
    unwritten: &Written,
    args: &Args,
) -> anyhow::Result<()> {
    new_script::create(folder, slug, Template::Migration)?;
    if let Written::Unwritten { why } = unwritten
        && !args.unwritten
    {
        say(&format!("note: up and down are yours to write: {why}"));
    }
    Ok(())
}
