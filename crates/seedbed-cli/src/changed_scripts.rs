//! Finds the scripts that have changed since a git reference.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use seedbed_build::{Name, SourceFile, scan, scan_seeds};
use seedbed_config::{Hint, SuggestedCommand};

use crate::cli_error::CliError;
use crate::workspace::Workspace;

/// Returns the names, as in the history, of the scripts that differ from the merge base of `HEAD` and the reference,
/// including uncommitted changes. A script also counts as changed if a file that it includes has changed.
///
/// # Errors
/// Fails if git is missing or does not know the reference, or if the folders hold anything but scripts.
pub(crate) fn changed_scripts(
    workspace: &Workspace,
    reference: &str,
) -> anyhow::Result<BTreeSet<Name>> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(CliError::usage(
            format!("`{reference}` is not a git reference"),
            Hint::text("name a branch or a commit: ")
                .then_command(SuggestedCommand::VerifySince { reference: "origin/main" }),
        ));
    }
    let changed = changed_files(workspace, reference)?;
    let mut scripts = Vec::new();
    if workspace.migrations().exists() {
        scripts.extend(scan(&workspace.migrations())?);
    }
    if workspace.seeds().exists() {
        scripts.extend(scan_seeds(&workspace.seeds())?);
    }
    let names = changed.iter().flat_map(|file| scripts_of(&scripts, file));
    Ok(names.cloned().collect())
}

/// Returns the names of the scripts that a changed file belongs to. This is the script in the file itself, or the
/// script beside it with whose name and a dot the name of the file begins. Otherwise it is every script whose text
/// contains the name of the file, as in `include_str!`.
fn scripts_of<'s>(scripts: &'s [SourceFile], changed: &Path) -> Vec<&'s Name> {
    let file_name = changed.file_name().unwrap_or_default().to_string_lossy();
    let is_own = |script: &&SourceFile| {
        script.path == changed
            || script.path.parent() == changed.parent()
                && file_name
                    .strip_prefix(script.name.as_str())
                    .is_some_and(|end| end.starts_with('.'))
    };
    let own: Vec<&Name> = scripts.iter().filter(is_own).map(SourceFile::name_in_history).collect();
    if !own.is_empty() {
        return own;
    }
    let mentions = |script: &&SourceFile| {
        fs::read_to_string(&script.path).is_ok_and(|text| text.contains(&*file_name))
    };
    scripts.iter().filter(mentions).map(SourceFile::name_in_history).collect()
}

/// Returns the paths of the files in the folders of scripts that differ from the merge base of `HEAD` and the
/// reference, and of the files there that git does not track yet.
fn changed_files(workspace: &Workspace, reference: &str) -> anyhow::Result<Vec<PathBuf>> {
    let base = git(workspace, &["merge-base", reference, "HEAD"])
        .map_err(|message| unknown_reference(reference, &message))?;
    let base = String::from_utf8_lossy(&base).trim().to_owned();
    let failed = |message: String| anyhow::anyhow!("failed to list the changed files: {message}");
    let differing =
        git(workspace, &["diff", "--name-only", "--relative", "-z", &base]).map_err(failed)?;
    let untracked =
        git(workspace, &["ls-files", "--others", "--exclude-standard", "-z"]).map_err(failed)?;
    let paths = [differing, untracked].concat();
    let paths = paths.split(|byte| *byte == 0).filter(|path| !path.is_empty());
    let paths = paths.map(|path| workspace.root().join(OsStr::from_bytes(path)));
    let folders = [workspace.migrations(), workspace.seeds()];
    let is_below = |path: &PathBuf| folders.iter().any(|folder| path.starts_with(folder));
    Ok(paths.filter(is_below).collect())
}

/// Runs git at the root of the checkout and returns its output, or else its message.
fn git(workspace: &Workspace, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(workspace.root())
        .args(arguments)
        .output()
        .context("failed to run git")
        .map_err(|error| format!("{error:#}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

fn unknown_reference(reference: &str, message: &str) -> anyhow::Error {
    let reason = if message.is_empty() { "it has no commit in common with HEAD" } else { message };
    CliError::failure(
        format!("failed to list the files that changed since `{reference}`: {reason}"),
        "fetch the branch and its history, which a clone of CI may lack: `git fetch --unshallow`, or \
         `fetch-depth: 0` in a workflow",
    )
}
