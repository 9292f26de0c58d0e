//! Creates script files, for `create-migration` and `create-seed`.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use seedbed_build::{
    CreateError, Name, NameError, ScriptKind, ScriptTemplate, ScriptVersion, Slug,
};
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_generate::GeneratedFile;

use crate::cli_error::CliError;
use crate::display_path::display_relative;
use crate::output::{print_data, print_message};
use crate::workspace::{Workspace, rust_files};

/// Parses the name of a new script. `make` passes an empty name if none was given.
pub(super) fn parse_slug(name: &str, example: SuggestedCommand) -> anyhow::Result<Slug> {
    Slug::parse(name).map_err(|error| {
        let hint = match error {
            NameError::Empty => Hint::text("run ").then_command(example),
            _ => error.hint().into(),
        };
        CliError::usage(error.to_string(), hint)
    })
}

/// Creates a script from a template and prints its path.
pub(super) fn create_from_template(
    dir: &Path,
    slug: &Slug,
    template: ScriptTemplate,
) -> anyhow::Result<()> {
    let file = seedbed_build::create(dir, slug, ScriptVersion::now(), template)
        .map_err(with_relative_path)?;
    print_data(&display_relative(&file).display().to_string())
}

/// Generated scripts, formatted, with names that are not taken.
#[derive(Debug)]
pub(super) struct NewScripts {
    files: Vec<(Slug, String)>,
    /// The summary of each script, which is printed after its path.
    summaries: Vec<String>,
}

impl NewScripts {
    /// Formats and names the generated files for the folder `dir`. The requested script keeps its name; the other
    /// scripts get a number if their name is taken.
    pub(super) fn from_generated(
        dir: &Path,
        requested: &Slug,
        files: Vec<GeneratedFile>,
        workspace: &Workspace,
    ) -> anyhow::Result<Self> {
        let mut taken = existing_slugs(dir)?;
        let (mut scripts, mut summaries) = (Vec::new(), Vec::new());
        for file in files {
            summaries.push(file.summary);
            let slug = if file.slug == requested.as_str() {
                file.slug
            } else {
                free_slug(&file.slug, &taken)
            };
            taken.insert(slug.clone());
            let slug = Slug::parse(&slug)
                .map_err(|error| CliError::usage(format!("{slug}: {error}"), error.hint()))?;
            scripts.push((slug, format_source(file.text, workspace)?));
        }
        Ok(Self { files: scripts, summaries })
    }

    /// Creates all files or none, and prints the path and the summary of each.
    pub(super) fn create(&self, kind: ScriptKind, dir: &Path) -> anyhow::Result<()> {
        let files = seedbed_build::create_all(kind, dir, ScriptVersion::now(), &self.files)
            .map_err(with_relative_path)?;
        for (file, summary) in files.iter().zip(&self.summaries) {
            print_data(&display_relative(file).display().to_string())?;
            print_message(&format!("    {summary}"));
        }
        Ok(())
    }
}

/// Makes the path in the error relative to the current folder.
fn with_relative_path(mut error: CreateError) -> CreateError {
    match &mut error {
        CreateError::MissingFolder { path, .. }
        | CreateError::Read { path, .. }
        | CreateError::AlreadyExists { path, .. }
        | CreateError::NoTimestampLeft { path }
        | CreateError::Write { path, .. } => *path = display_relative(path),
        _ => {}
    }
    error
}

/// Returns the slug, or if it is taken, the slug with the lowest number that is free. For example, a second backfill of
/// the same column gets a number.
fn free_slug(slug: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(slug) {
        return slug.to_owned();
    }
    let numbered = (2..).map(|number| format!("{slug}_{number}"));
    numbered.into_iter().find(|slug| !taken.contains(slug)).unwrap_or_else(|| slug.to_owned())
}

/// Formats a Rust source. Returns it unformatted, and prints a note, if rustfmt is missing.
pub(super) fn format_source(text: String, workspace: &Workspace) -> anyhow::Result<String> {
    match seedbed_generate::format(&text, workspace.root()) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            print_message(
                "note: the new file is not formatted, because rustfmt is not installed; `rustup component add rustfmt` installs it",
            );
            Ok(text)
        }
        Err(error) => Err(error).context("failed to format the script"),
    }
}

/// Returns the slugs of the scripts in a folder. Returns none if the folder is missing, because creating the file
/// reports this.
fn existing_slugs(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let names = rust_files(dir)?.into_iter().filter_map(|file| {
        let stem = file.file_stem()?.to_str()?.to_owned();
        Some(Name::parse(&stem).ok()?.slug().to_owned())
    });
    Ok(names.collect())
}

/// Returns the extensions that the scripts in a folder create.
pub(super) fn created_extensions(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut extensions = BTreeSet::new();
    for file in rust_files(dir)? {
        // A file that is not UTF-8 is not a script.
        let text = fs::read_to_string(file).unwrap_or_default();
        let created = seedbed_build::string_arguments(&text, "create_extension");
        extensions.extend(created.into_iter().map(str::to_owned));
    }
    Ok(extensions)
}
