//! A new script.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::scan::entries;
use crate::{CreateError, Kind, Name, Slug, Template, Version};

/// The hidden file that a new script is written to before it gets its name. Only who holds the lock
/// on the folder touches it.
const UNFINISHED: &str = ".seedbed-new";

/// Writes a new script into `dir` and returns its path.
///
/// Its timestamp is the later of `at` and one second after the newest file, so that it runs last.
/// For seeds, the subfolders of `dir` count too. Files that are not scripts, or do not compile, are
/// in nobody's way.
///
/// Any number of processes may do this at once: each gets a timestamp of its own, and of several
/// with one slug the first wins. A process that is killed leaves no half-written script.
///
/// # Errors
///
/// A [`CreateError`] if the slug is taken, or if the folder is missing, unreadable or read-only.
pub fn create(
    dir: &Path,
    slug: &Slug,
    at: Version,
    template: Template,
) -> Result<PathBuf, CreateError> {
    let script = (slug.clone(), template.text().to_owned());
    let mut paths = create_all(template.kind(), dir, at, &[script])?;
    // One script in, one path out.
    Ok(paths.pop().unwrap_or_default())
}

/// Writes new scripts of these slugs and texts into `dir`, as [`create`] writes one, and returns their
/// paths. Their timestamps are consecutive seconds.
///
/// If one cannot be written, those before it are removed again.
///
/// # Errors
///
/// A [`CreateError`] as of [`create`]; also if two of the slugs are the same.
pub fn create_all(
    kind: Kind,
    dir: &Path,
    at: Version,
    scripts: &[(Slug, String)],
) -> Result<Vec<PathBuf>, CreateError> {
    let _lock = lock(kind, dir)?;
    let mut existing = existing(kind, dir)?;
    let mut planned = Vec::new();
    for (slug, text) in scripts {
        if let Some((_, path)) = existing.iter().find(|(name, _)| name.slug() == slug.as_str()) {
            return Err(CreateError::Taken { kind, slug: slug.clone(), path: path.clone() });
        }
        let name = Name::new(version(at, &existing)?, slug);
        let path = dir.join(format!("{name}.rs"));
        existing.push((name, path.clone()));
        planned.push((path, text));
    }
    let mut written: Vec<PathBuf> = Vec::new();
    for (path, text) in planned {
        if let Err(source) = write(dir, &path, text) {
            for path in &written {
                // What cannot be removed is told by nobody: the error that follows is the cause.
                fs::remove_file(path).ok();
            }
            return Err(CreateError::Write { path, source });
        }
        written.push(path);
    }
    Ok(written)
}

/// Locks the folder itself, which leaves no file behind; the lock goes with the returned handle, or
/// with the process.
///
/// Some file systems (NFS, folders shared with a virtual machine) cannot lock a folder. There, two
/// at the same instant might get one timestamp, which the next run would refuse by name; that is
/// better than to refuse every new script now.
fn lock(kind: Kind, dir: &Path) -> Result<File, CreateError> {
    let folder = File::open(dir).map_err(|source| CreateError::folder(kind, dir, source))?;
    while let Err(error) = folder.lock() {
        if error.kind() != io::ErrorKind::Interrupted {
            break;
        }
    }
    Ok(folder)
}

/// The scripts in the folder; for seeds, also those in the folders of the environments.
fn existing(kind: Kind, dir: &Path) -> Result<Vec<(Name, PathBuf)>, CreateError> {
    let list = |dir: &Path| entries(dir).map_err(|source| CreateError::folder(kind, dir, source));
    let (folders, mut files): (Vec<_>, Vec<_>) =
        list(dir)?.into_iter().partition(|entry| entry.is_dir);
    if kind == Kind::Seed {
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

/// The later of `at` and one second after the newest script.
fn version(at: Version, existing: &[(Name, PathBuf)]) -> Result<Version, CreateError> {
    let newest =
        existing.iter().filter_map(|(name, path)| Some((newest_second(name)?, path))).max();
    match newest {
        Some((newest, path)) if newest >= at => {
            newest.next_second().ok_or_else(|| CreateError::NoTimeLeft { path: path.clone() })
        }
        _ => Ok(at),
    }
}

/// The second that a new name must come after to sort after this one. An older name may hold only a
/// day: `m20261123_create_user` sorts after `m20261123_235959_…`, as letters do after digits.
fn newest_second(name: &Name) -> Option<Version> {
    name.timestamp().or_else(|| Version::end_of_day(name.version()?))
}

/// Writes the whole file under a hidden name, then gives it its own: cargo never sees half of it.
fn write(dir: &Path, path: &Path, text: &str) -> io::Result<()> {
    let unfinished = dir.join(UNFINISHED);
    // Left by a process that was killed. It may be a link to a finished script, so it must not be
    // opened for writing.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| name(&unfinished, path));
    let removed = fs::remove_file(&unfinished);
    match (written, removed) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A link, unlike a renaming, never replaces a file that came to be in between.
fn name(unfinished: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(unfinished, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // A file system without links. Everybody who creates holds the lock, and it was looked.
        Err(_) if !path.exists() => fs::rename(unfinished, path),
        result => result,
    }
}

#[cfg(test)]
mod tests;
