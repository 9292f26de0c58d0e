//! The scripts of a folder.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use crate::checksum::unix_lines;
use crate::declarations::{self, Declarations, Format};
use crate::lexer::lex;
use crate::{Checksum, Environment, Kind, Name, NameError, ScanError, Slug};

/// One script on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The stem of the file name.
    pub name: Name,
    /// The folder as it was given to the scan, and the file in it.
    pub path: PathBuf,
    /// The only environment that it runs in; none if it runs in all.
    pub environment: Option<Environment>,
    /// Of its tokens.
    pub checksum: Checksum,
    /// Which of the two formats it has.
    pub format: Format,
    /// What it declares.
    pub declarations: Declarations,
    /// What the `MigrationName::name()` of one of SeaORM's files returns, if the file writes it out:
    /// its name in the history.
    pub history_name: Option<Name>,
}

impl SourceFile {
    /// Returns the name of the script in the history, as far as the file tells.
    #[must_use]
    pub fn name_in_history(&self) -> &Name {
        self.history_name.as_ref().unwrap_or(&self.name)
    }
}

/// Reads the migrations in `dir`, sorted by the bytes of their names. Hidden files and the backups
/// of editors do not count.
///
/// # Errors
///
/// A [`ScanError`] if the folder is missing or unreadable, or if it holds anything but scripts.
pub fn scan(dir: &Path) -> Result<Vec<SourceFile>, ScanError> {
    scan_kind(Kind::Migration, dir)
}

/// Reads the seeds in `dir` and in its subfolders, each of which is named after an environment,
/// sorted by the bytes of their names over all folders.
///
/// # Errors
///
/// A [`ScanError`] as of [`scan`]; also for a folder inside a subfolder, and for one name in two
/// folders.
pub fn scan_seeds(dir: &Path) -> Result<Vec<SourceFile>, ScanError> {
    scan_kind(Kind::Seed, dir)
}

fn scan_kind(kind: Kind, dir: &Path) -> Result<Vec<SourceFile>, ScanError> {
    let list = |dir: &Path| entries(dir).map_err(|source| ScanError::folder(kind, dir, source));
    let mut found = Vec::new();
    for entry in list(dir)? {
        if !entry.is_dir {
            found.push((entry.path, None));
            continue;
        }
        let environment = environment(kind, &entry.path)?;
        for inner in list(&entry.path)? {
            if inner.is_dir {
                let reason = "it is a folder inside that of an environment";
                return Err(not_a_script(kind, inner.path, reason));
            }
            found.push((inner.path, Some(environment.clone())));
        }
    }
    let mut files = read_all(kind, &found)?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    match files.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some([first, second]) => {
            Err(ScanError::SameName { first: first.path.clone(), second: second.path.clone() })
        }
        _ => Ok(files),
    }
}

/// The path of a script, and the environment that its folder names.
type Found = (PathBuf, Option<Environment>);

/// Reads the files, each with its environment, on all processors: a build waits for this at every
/// edit, and for nothing else meanwhile. The first wrong file is reported, however they share the work.
fn read_all(kind: Kind, found: &[Found]) -> Result<Vec<SourceFile>, ScanError> {
    // A thread is worth it from some ten files on.
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share = found.len().div_ceil(processors).max(10);
    let read_share = |share: &[Found]| -> Result<Vec<SourceFile>, ScanError> {
        share.iter().map(|(path, environment)| read(kind, path, environment.clone())).collect()
    };
    thread::scope(|scope| {
        let shares: Vec<_> =
            found.chunks(share).map(|share| scope.spawn(move || read_share(share))).collect();
        let mut files = Vec::with_capacity(found.len());
        for share in shares {
            match share.join() {
                Ok(read) => files.extend(read?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(files)
    })
}

/// A file or a folder that somebody put there on purpose.
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) is_dir: bool,
}

/// What is in a folder, in the order of the names.
pub(crate) fn entries(dir: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if is_hidden(&entry.file_name()) {
            continue;
        }
        let path = entry.path();
        // The type comes with the listing: asking for the metadata of each file would double the
        // time of the scan.
        let is_dir = match entry.file_type() {
            Ok(of) if !of.is_symlink() => of.is_dir(),
            _ => path.is_dir(),
        };
        entries.push(Entry { path, is_dir });
    }
    entries.sort_by(|one, other| one.path.as_os_str().cmp(other.path.as_os_str()));
    Ok(entries)
}

/// `.gitkeep`, and what editors leave while a file is open: `.#x.rs`, `#x.rs#`, `x.rs~`. A build
/// must not fail because somebody is typing.
fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"#") || name.ends_with(b"~")
}

fn not_a_script(kind: Kind, path: PathBuf, reason: &'static str) -> ScanError {
    ScanError::NotAScript { kind, path, reason, slug: None }
}

/// The environment that a folder is named after.
fn environment(kind: Kind, dir: &Path) -> Result<Environment, ScanError> {
    let name = dir.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let reason = match kind {
        Kind::Migration => "it is a folder",
        Kind::Seed => match Environment::parse(name) {
            Some(environment) if environment.may_be_a_folder() => return Ok(environment),
            _ => "a folder of seeds is named after an environment, in a-z, 0-9, _ and -",
        },
    };
    Err(not_a_script(kind, dir.to_owned(), reason))
}

fn read(
    kind: Kind,
    path: &Path,
    environment: Option<Environment>,
) -> Result<SourceFile, ScanError> {
    let name = name_of(kind, path)?;
    let path = path.to_owned();
    let source = match fs::read_to_string(&path) {
        Ok(source) => source,
        Err(source) => return Err(ScanError::Read { path, source }),
    };
    let source = unix_lines(&source);
    let tokens = lex(&source);
    let read = match &tokens {
        None => Ok((Format::Functions, Declarations::UNREADABLE)),
        Some(tokens) => declarations::read(tokens),
    };
    match read {
        Err(wrong) => Err(ScanError::Misdeclared { path, item: wrong.item, write: wrong.write }),
        Ok((Format::Functions, declarations)) if !declarations.up => Err(ScanError::NoUp { path }),
        Ok((format, declarations)) => Ok(SourceFile {
            name,
            environment,
            checksum: Checksum::of_tokens(&source, tokens.as_deref()),
            format,
            declarations,
            history_name: match format {
                Format::Functions => None,
                Format::SeaOrm => {
                    tokens.as_deref().and_then(declarations::history_name).map(Name::from)
                }
            },
            path,
        }),
    }
}

/// The name that a file gives its script.
fn name_of(kind: Kind, path: &Path) -> Result<Name, ScanError> {
    let Some(file_name) = path.file_name().and_then(OsStr::to_str) else {
        return Err(ScanError::NotUnicode { path: path.to_owned() });
    };
    let Some(stem) = file_name.strip_suffix(".rs") else {
        return Err(not_a_script(kind, path.to_owned(), "it does not end in .rs"));
    };
    if matches!(stem, "mod" | "lib" | "main") {
        let reason = "it is no script, and no list of the files is needed";
        return Err(not_a_script(kind, path.to_owned(), reason));
    }
    Name::parse(stem).map_err(|error| ScanError::NotAScript {
        kind,
        path: path.to_owned(),
        reason: match error {
            NameError::NotAName { reason, .. } => reason,
            _ => "its name is not that of a script",
        },
        slug: Slug::parse(words(stem)).ok(),
    })
}

/// A stem without what was meant to be a timestamp.
fn words(stem: &str) -> &str {
    let rest = match stem.strip_prefix('m') {
        Some(rest) if rest.starts_with(|char: char| char.is_ascii_digit()) => rest,
        _ => stem,
    };
    rest.trim_start_matches(|char: char| char.is_ascii_digit() || char == '_')
}

#[cfg(test)]
mod tests;
