//! What `create-migration` and `create-seed` have in common.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use seedbed_files::{CreateError, Kind, Name, NameError, Slug, Template, Version};
use seedbed_generate::GeneratedFile;

use crate::output::{Advice, print, say};
use crate::path;
use crate::workspace::{Workspace, script_files};

/// The name that somebody typed. `make` passes an empty one when there was none.
pub(super) fn slug(name: &str, example: &str) -> anyhow::Result<Slug> {
    Slug::parse(name).map_err(|error| {
        let hint = match error {
            NameError::Empty => example.to_owned(),
            _ => error.hint(),
        };
        Advice::wrong_use(error.to_string(), hint)
    })
}

/// Writes the file and prints where it is, as seen from the current folder.
pub(super) fn create(dir: &Path, slug: &Slug, template: Template) -> anyhow::Result<()> {
    let file =
        seedbed_files::create(dir, slug, Version::now(), template).map_err(seen_from_here)?;
    print(&path::from_here(&file).display().to_string())
}

/// Complete scripts, formatted, under names that are free.
#[derive(Debug)]
pub(super) struct NewScripts {
    files: Vec<(Slug, String)>,
    /// What each of them does.
    summaries: Vec<String>,
}

impl NewScripts {
    /// The scripts as they will be written into `dir`. The one that was asked for keeps its name; those
    /// that come with it go out of the way of what is there.
    pub(super) fn of(
        dir: &Path,
        asked_for: &Slug,
        files: Vec<GeneratedFile>,
        workspace: &Workspace,
    ) -> anyhow::Result<Self> {
        let mut taken = slugs(dir)?;
        let (mut scripts, mut summaries) = (Vec::new(), Vec::new());
        for file in files {
            summaries.push(file.summary());
            let slug =
                if file.slug == asked_for.as_str() { file.slug } else { free(&file.slug, &taken) };
            taken.insert(slug.clone());
            let slug = Slug::parse(&slug)
                .map_err(|error| Advice::wrong_use(format!("{slug}: {error}"), error.hint()))?;
            scripts.push((slug, formatted(file.text, workspace)?));
        }
        Ok(Self { files: scripts, summaries })
    }

    /// Writes all of them or none, prints where they are and tells what they do.
    pub(super) fn create(&self, kind: Kind, dir: &Path) -> anyhow::Result<()> {
        let files = seedbed_files::create_all(kind, dir, Version::now(), &self.files)
            .map_err(seen_from_here)?;
        for (file, summary) in files.iter().zip(&self.summaries) {
            print(&path::from_here(file).display().to_string())?;
            say(&format!("    {summary}"));
        }
        Ok(())
    }
}

/// The error with the path as a person sees it.
fn seen_from_here(mut error: CreateError) -> CreateError {
    match &mut error {
        CreateError::MissingFolder { path, .. }
        | CreateError::Read { path, .. }
        | CreateError::Taken { path, .. }
        | CreateError::NoTimeLeft { path }
        | CreateError::Write { path, .. } => *path = path::from_here(path),
        _ => {}
    }
    error
}

/// The slug, or the first with a number behind it that no file has: what was backfilled once may be
/// backfilled again.
fn free(slug: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(slug) {
        return slug.to_owned();
    }
    let numbered = (2..).map(|number| format!("{slug}_{number}"));
    numbered.into_iter().find(|slug| !taken.contains(slug)).unwrap_or_else(|| slug.to_owned())
}

pub(super) fn formatted(text: String, workspace: &Workspace) -> anyhow::Result<String> {
    match seedbed_generate::format(&text, workspace.root()) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            say("rustfmt is missing: `make fmt` formats what is written now");
            Ok(text)
        }
        Err(error) => Err(error).context("could not format the script"),
    }
}

/// The slugs of the scripts in a folder. A missing one is told when it is written to.
fn slugs(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let names = script_files(dir)?.into_iter().filter_map(|file| {
        let stem = file.file_stem()?.to_str()?.to_owned();
        Some(Name::parse(&stem).ok()?.slug().to_owned())
    });
    Ok(names.collect())
}

/// The extensions that a script in the folder creates already.
pub(super) fn extensions(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut extensions = BTreeSet::new();
    for file in script_files(dir)? {
        // What is no text is no script either.
        let text = fs::read_to_string(file).unwrap_or_default();
        let calls = text.split("create_extension(\"").skip(1);
        extensions.extend(calls.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    Ok(extensions)
}
