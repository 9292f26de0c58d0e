//! Creates the files of new scripts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::scan::entries;
use crate::{CreateError, Name, ScriptKind, ScriptTemplate, ScriptVersion, Slug};

/// The hidden file to which a new script is written before it gets its name. Only the process that holds the lock on
/// the folder touches it.
const UNFINISHED: &str = ".seedbed-new";

/// Creates a new script in the folder `dir` from a template and returns its path.
///
/// The timestamp of the script is the later of `at` and one second after the newest file, so that the script runs last.
/// For seeds, the files in the subfolders of `dir` count too. Files that are not scripts are ignored, and scripts need
/// not compile.
///
/// Any number of processes may do this at the same time. Each of them gets its own timestamp. If several processes
/// create the same slug, the first one succeeds. A process that is killed leaves no half-written script.
///
/// # Errors
///
/// Fails if another script has the slug, or if the folder is missing, unreadable or read-only.
pub fn create(
    dir: &Path,
    slug: &Slug,
    at: ScriptVersion,
    template: ScriptTemplate,
) -> Result<PathBuf, CreateError> {
    let script = (slug.clone(), template.text().to_owned());
    let mut paths = create_all(template.kind(), dir, at, &[script])?;
    // One script results in exactly one path.
    Ok(paths.pop().unwrap_or_default())
}

/// Creates new scripts with these slugs and texts in the folder `dir`, as [`create`] does, and returns their paths. The
/// timestamps are consecutive seconds.
///
/// If one script cannot be written, removes the scripts that were written before it.
///
/// # Errors
///
/// Fails as [`create`] does, and if two of the slugs are the same.
pub fn create_all(
    kind: ScriptKind,
    dir: &Path,
    at: ScriptVersion,
    scripts: &[(Slug, String)],
) -> Result<Vec<PathBuf>, CreateError> {
    let _lock = lock(kind, dir)?;
    let mut existing = existing_scripts(kind, dir)?;
    let mut planned = Vec::new();
    for (slug, text) in scripts {
        if let Some((_, path)) = existing.iter().find(|(name, _)| name.slug() == slug.as_str()) {
            return Err(CreateError::AlreadyExists {
                kind,
                slug: slug.clone(),
                path: path.clone(),
            });
        }
        let name = Name::new(next_version(at, &existing)?, slug);
        let path = dir.join(format!("{name}.rs"));
        existing.push((name, path.clone()));
        planned.push((path, text));
    }
    let mut written: Vec<PathBuf> = Vec::new();
    for (path, text) in planned {
        if let Err(source) = write(dir, &path, text) {
            for path in &written {
                // If this fails too, the error of the write is still the one to report.
                fs::remove_file(path).ok();
            }
            return Err(CreateError::Write { path, source });
        }
        written.push(path);
    }
    Ok(written)
}

/// Locks the folder itself, so that no lock file is needed. Dropping the returned handle, or the end of the process,
/// releases the lock.
///
/// Some file systems (NFS, folders shared with a virtual machine) cannot lock a folder. The function then continues
/// without a lock. Two scripts that are created at the same instant might then get the same timestamp, which the next
/// run reports.
/// This is better than refusing every new script.
fn lock(kind: ScriptKind, dir: &Path) -> Result<File, CreateError> {
    let folder = File::open(dir).map_err(|source| CreateError::folder(kind, dir, source))?;
    while let Err(error) = folder.lock() {
        if error.kind() != io::ErrorKind::Interrupted {
            break;
        }
    }
    Ok(folder)
}

/// Returns the scripts in the folder, and for seeds also those in the folders of the environments.
fn existing_scripts(kind: ScriptKind, dir: &Path) -> Result<Vec<(Name, PathBuf)>, CreateError> {
    let list = |dir: &Path| entries(dir).map_err(|source| CreateError::folder(kind, dir, source));
    let (folders, mut files): (Vec<_>, Vec<_>) =
        list(dir)?.into_iter().partition(|entry| entry.is_dir);
    if kind == ScriptKind::Seed {
        for folder in folders {
            files.extend(list(&folder.path)?);
        }
    }
    let mut scripts: Vec<_> = files
        .into_iter()
        .filter_map(|file| {
            let stem = file.path.file_name()?.to_str()?.strip_suffix(".rs")?;
            Some((Name::parse(stem).ok()?, file.path))
        })
        .collect();
    scripts.sort();
    Ok(scripts)
}

/// Returns the later of `at` and one second after the newest script.
fn next_version(
    at: ScriptVersion,
    existing: &[(Name, PathBuf)],
) -> Result<ScriptVersion, CreateError> {
    let newest =
        existing.iter().filter_map(|(name, path)| Some((last_second_of(name)?, path))).max();
    match newest {
        Some((newest, path)) if newest >= at => {
            newest.next_second().ok_or_else(|| CreateError::NoTimestampLeft { path: path.clone() })
        }
        _ => Ok(at),
    }
}

/// Returns the last second at which a new name could still sort before the given name. A name in an older form may have
/// only a date: `m20261123_create_user` sorts after `m20261123_235959_…`, because letters sort after digits.
fn last_second_of(name: &Name) -> Option<ScriptVersion> {
    name.timestamp().or_else(|| ScriptVersion::end_of_day(name.version()?))
}

/// Writes the file under a hidden name and then links it to its final name, so that cargo never sees half a file.
fn write(dir: &Path, path: &Path, text: &str) -> io::Result<()> {
    let unfinished = dir.join(UNFINISHED);
    // A process that was killed may have left the file. It may be a link to a finished script, so it must not be opened
    // for writing.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let result = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| link(&unfinished, path));
    let removed = fs::remove_file(&unfinished);
    // The file is not found if it was renamed instead of linked.
    match (result, removed) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives the file its final name with a hard link. Unlike a rename, a hard link never replaces an existing file.
fn link(unfinished: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(unfinished, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // The file system may not support hard links. The lock keeps other processes from creating the file after this
        // check.
        Err(_) if !path.exists() => fs::rename(unfinished, path),
        result => result,
    }
}

#[cfg(test)]
mod tests;
