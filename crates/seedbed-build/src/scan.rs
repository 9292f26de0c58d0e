//! Scans a folder for scripts.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use crate::checksum::normalize_line_ends;
use crate::declarations::{self, Declarations, Format};
use crate::lexer::lex;
use crate::{Checksum, Environment, Name, NameError, ScanError, ScriptKind, Slug};

/// The source file of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The stem of the file name.
    pub name: Name,
    /// The path of the file, which starts with the folder that was scanned.
    pub path: PathBuf,
    /// The only environment that the script runs in, or `None` if the script runs in all environments.
    pub environment: Option<Environment>,
    /// The checksum of the tokens of the file.
    pub checksum: Checksum,
    /// The format of the file.
    pub format: Format,
    /// The items that the file declares.
    pub declarations: Declarations,
    /// The name in the history of a file in SeaORM's format: the string literal that its `MigrationName::name()`
    /// returns, if it returns a literal.
    pub history_name: Option<Name>,
}

impl SourceFile {
    /// Returns the name of the script in the history. If a SeaORM file computes its `MigrationName`, only a run knows
    /// it, and the result is the stem of the file name.
    #[must_use]
    pub fn name_in_history(&self) -> &Name {
        self.history_name.as_ref().unwrap_or(&self.name)
    }
}

/// Reads the migrations in the folder `dir`, sorted by the bytes of their names. Ignores hidden files and the backups
/// of editors.
///
/// # Errors
///
/// Fails if the folder is missing or unreadable, or if it holds anything but scripts.
pub fn scan(dir: &Path) -> Result<Vec<SourceFile>, ScanError> {
    scan_kind(ScriptKind::Migration, dir)
}

/// Reads the seeds in the folder `dir` and in its subfolders, each of which is named after an environment. Sorts the
/// seeds of all folders by the bytes of their names.
///
/// # Errors
///
/// Fails as [`scan`] does, and also for a folder inside a subfolder, and for the same name in two folders.
pub fn scan_seeds(dir: &Path) -> Result<Vec<SourceFile>, ScanError> {
    scan_kind(ScriptKind::Seed, dir)
}

fn scan_kind(kind: ScriptKind, dir: &Path) -> Result<Vec<SourceFile>, ScanError> {
    let list = |dir: &Path| entries(dir).map_err(|source| ScanError::folder(kind, dir, source));
    let mut found = Vec::new();
    for entry in list(dir)? {
        if !entry.is_dir {
            found.push((entry.path, None));
            continue;
        }
        let environment = folder_environment(kind, &entry.path)?;
        for inner in list(&entry.path)? {
            if inner.is_dir {
                return Err(ScanError::UnexpectedFolder {
                    kind,
                    path: inner.path,
                    reason: "it is a folder inside the folder of an environment",
                    hint: "move its files to the folder of the environment",
                });
            }
            found.push((inner.path, Some(environment.clone())));
        }
    }
    let mut files = read_all(kind, &found)?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    match files.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some([first, second]) => {
            Err(ScanError::DuplicateName { first: first.path.clone(), second: second.path.clone() })
        }
        _ => Ok(files),
    }
}

/// The path of a script, and the environment of its folder.
type Found = (PathBuf, Option<Environment>);

/// Reads the files on all processors, because every build waits for it. Reports the first file with an error,
/// regardless of how the files are distributed.
fn read_all(kind: ScriptKind, found: &[Found]) -> Result<Vec<SourceFile>, ScanError> {
    // A thread pays off from about ten files on.
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share_size = found.len().div_ceil(processors).max(10);
    let read_share = |share: &[Found]| -> Result<Vec<SourceFile>, ScanError> {
        share.iter().map(|(path, environment)| read(kind, path, environment.clone())).collect()
    };
    thread::scope(|scope| {
        let shares: Vec<_> =
            found.chunks(share_size).map(|share| scope.spawn(move || read_share(share))).collect();
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

/// A file or a folder that is not hidden.
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) is_dir: bool,
}

/// Returns the entries of a folder that are not hidden, sorted by name.
pub(crate) fn entries(dir: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if is_hidden(&entry.file_name()) {
            continue;
        }
        let path = entry.path();
        // The listing already has the type of each entry. Reading the metadata of each file would double the time of
        // the scan.
        let is_dir = match entry.file_type() {
            Ok(file_type) if !file_type.is_symlink() => file_type.is_dir(),
            _ => path.is_dir(),
        };
        entries.push(Entry { path, is_dir });
    }
    entries.sort_by(|one, other| one.path.as_os_str().cmp(other.path.as_os_str()));
    Ok(entries)
}

/// Returns whether a file is hidden, such as `.gitkeep`, or belongs to an editor, such as `.#x.rs`, `#x.rs#` and
/// `x.rs~`. A build must not fail because a file is open in an editor.
fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"#") || name.ends_with(b"~")
}

fn not_a_script(kind: ScriptKind, path: PathBuf, reason: &'static str) -> ScanError {
    ScanError::NotAScript { kind, path, reason, slug: None }
}

/// Returns the environment that a folder of seeds is named after. Fails for a folder of migrations.
fn folder_environment(kind: ScriptKind, dir: &Path) -> Result<Environment, ScanError> {
    let name = dir.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let (reason, hint) = match kind {
        ScriptKind::Migration => ("it is a folder", "move the folder to another place"),
        ScriptKind::Seed => match Environment::parse(name) {
            Some(environment) if environment.is_valid_folder_name() => return Ok(environment),
            _ => (
                "a folder of seeds must be named after an environment, with only a-z, 0-9, `_` and `-`",
                "rename the folder, for example to `development`",
            ),
        },
    };
    Err(ScanError::UnexpectedFolder { kind, path: dir.to_owned(), reason, hint })
}

fn read(
    kind: ScriptKind,
    path: &Path,
    environment: Option<Environment>,
) -> Result<SourceFile, ScanError> {
    let name = script_name(kind, path)?;
    let path = path.to_owned();
    let source = match fs::read_to_string(&path) {
        Ok(source) => source,
        Err(source) => return Err(ScanError::Read { path, source }),
    };
    let source = normalize_line_ends(&source);
    let tokens = lex(&source);
    let read = match &tokens {
        None => Ok((Format::Functions, Declarations::UNREADABLE)),
        Some(tokens) => declarations::read(tokens),
    };
    match read {
        Err(error) => Err(ScanError::Misdeclared { path, item: error.item, write: error.write }),
        Ok((Format::Functions, declarations)) if !declarations.up => Err(ScanError::NoUp { path }),
        Ok((format, declarations)) => Ok(SourceFile {
            name,
            environment,
            checksum: Checksum::from_tokens(&source, tokens.as_deref()),
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

/// Returns the name of the script in the file at the given path.
fn script_name(kind: ScriptKind, path: &Path) -> Result<Name, ScanError> {
    let Some(file_name) = path.file_name().and_then(OsStr::to_str) else {
        return Err(ScanError::NotUnicode { path: path.to_owned() });
    };
    let Some(stem) = file_name.strip_suffix(".rs") else {
        return Err(not_a_script(kind, path.to_owned(), "its name does not end in .rs"));
    };
    if matches!(stem, "mod" | "lib" | "main") {
        let reason = "Seedbed finds the scripts without a list of modules";
        return Err(not_a_script(kind, path.to_owned(), reason));
    }
    Name::parse(stem).map_err(|error| ScanError::NotAScript {
        kind,
        path: path.to_owned(),
        reason: match error {
            NameError::InvalidName { reason, .. } => reason,
            _ => "its name does not have the form `m20250303_045013_create_users`",
        },
        slug: Slug::parse(without_timestamp(stem)).ok(),
    })
}

/// Returns the stem without the digits that were meant as a timestamp.
fn without_timestamp(stem: &str) -> &str {
    let rest = match stem.strip_prefix('m') {
        Some(rest) if rest.starts_with(|char: char| char.is_ascii_digit()) => rest,
        _ => stem,
    };
    rest.trim_start_matches(|char: char| char.is_ascii_digit() || char == '_')
}

#[cfg(test)]
mod tests;
