//! Writes the files that a command derives from the schema, and finds the files that are not current.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::display_path::display_relative;

/// The files with their expected contents.
#[derive(Debug, Default)]
pub(crate) struct DerivedFiles {
    texts: Vec<(PathBuf, String)>,
    /// Other files in the folder that should not exist.
    surplus: Vec<PathBuf>,
}

impl DerivedFiles {
    /// Creates the value from the texts of the files, each with its path.
    pub(crate) fn new(texts: Vec<(PathBuf, String)>) -> Self {
        Self { texts, surplus: Vec::new() }
    }

    /// Treats every other Rust file in the folder as one that should not exist.
    pub(crate) fn with_surplus_files_of(mut self, folder: &Path) -> anyhow::Result<Self> {
        let mut surplus = crate::workspace::rust_files(folder)?;
        surplus.retain(|file| !self.texts.iter().any(|(path, _)| path == file));
        self.surplus = surplus;
        Ok(self)
    }

    /// Returns the files that differ from their expected contents, in the order of their names.
    pub(crate) fn stale(&self) -> anyhow::Result<Vec<StaleFile<'_>>> {
        let mut stale = Vec::new();
        for (path, text) in &self.texts {
            let state = match fs::read_to_string(path) {
                Ok(current) => FileState::compare(&current, text),
                Err(error) if error.kind() == ErrorKind::NotFound => Some(FileState::Missing),
                Err(error) if error.kind() == ErrorKind::InvalidData => Some(FileState::NotText),
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("failed to read `{}`", display_relative(path).display())
                    });
                }
            };
            stale.extend(state.map(|state| StaleFile { path, state }));
        }
        stale.extend(self.surplus.iter().map(|path| StaleFile { path, state: FileState::Surplus }));
        stale.sort_by_key(|file| file.path);
        Ok(stale)
    }

    /// Writes the files that are stale and removes those that should not exist. Returns the paths of both. Leaves every
    /// other file alone, because cargo recompiles every crate that depends on a changed file.
    pub(crate) fn write(&self) -> anyhow::Result<Vec<&Path>> {
        let mut changed = Vec::new();
        for StaleFile { path, .. } in self.stale()? {
            let text = self.texts.iter().find(|(file, _)| file == path).map(|(_, text)| text);
            let (verb, result) = match text {
                Some(text) => ("write", replace_file(path, text)),
                None => ("remove", fs::remove_file(path)),
            };
            result.with_context(|| {
                format!("failed to {verb} `{}`", display_relative(path).display())
            })?;
            changed.push(path);
        }
        Ok(changed)
    }
}

/// A file that differs from its expected contents.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StaleFile<'a> {
    pub(crate) path: &'a Path,
    state: FileState,
}

/// The difference between a file and its expected contents.
#[derive(Debug, PartialEq, Eq)]
enum FileState {
    Missing,
    /// The file contains bytes that are not UTF-8.
    NotText,
    /// The number and the text of the first line that differs, in the file and in the expected contents.
    Differs {
        number: usize,
        current: String,
        expected: String,
    },
    /// The file should not exist.
    Surplus,
}

impl FileState {
    /// Compares the texts without their line ends, which a checkout may have changed.
    fn compare(current: &str, expected: &str) -> Option<Self> {
        let (mut current_lines, mut expected_lines) = (current.lines(), expected.lines());
        let mut number = 0;
        loop {
            number += 1;
            match (current_lines.next(), expected_lines.next()) {
                (None, None) if current.ends_with('\n') == expected.ends_with('\n') => return None,
                (Some(current), Some(expected)) if current == expected => {}
                (current, expected) => {
                    let text = |line: Option<&str>| line.unwrap_or("").trim().to_owned();
                    let (current, expected) = (text(current), text(expected));
                    return Some(Self::Differs { number, current, expected });
                }
            }
        }
    }
}

impl fmt::Display for StaleFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = display_relative(self.path);
        let path = path.display();
        match &self.state {
            FileState::Missing => write!(f, "`{path}` is missing"),
            FileState::NotText => write!(f, "`{path}` is not UTF-8"),
            FileState::Surplus => write!(f, "`{path}` should not exist"),
            FileState::Differs { number, current, expected } => {
                write!(f, "`{path}` differs on line {number}: `{current}` instead of `{expected}`")
            }
        }
    }
}

/// Replaces a file in one step, so that a full disk leaves the old file intact. Creates the folder if it is missing.
fn replace_file(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // A temporary file is private by default. The umask still applies to this mode.
    let mode = fs::Permissions::from_mode(0o666);
    let mut new = tempfile::Builder::new().permissions(mode).tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(number: usize, current: &str, expected: &str) -> Option<FileState> {
        let (current, expected) = (current.to_owned(), expected.to_owned());
        Some(FileState::Differs { number, current, expected })
    }

    #[test]
    fn the_first_line_that_differs_is_found_whatever_the_line_ends_are() {
        assert_eq!(FileState::compare("a\r\nb\r\n", "a\nb\n"), None);
        assert_eq!(FileState::compare("a\n  b\n", "a\n  c\n"), differs(2, "b", "c"));
        assert_eq!(FileState::compare("a\n", "a\nb\n"), differs(2, "", "b"));
        assert_eq!(FileState::compare("a\nb\n", "a\n"), differs(2, "b", ""));
        assert_eq!(FileState::compare("a", "a\n"), differs(2, "", ""));
    }

    #[test]
    fn only_stale_files_are_written_and_surplus_ones_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join("tables").join(name);
        let texts = ["same.rs", "changed.rs", "missing.rs", "bytes.rs"];
        let texts = texts.map(|name| (path(name), format!("// {name}\n"))).to_vec();
        fs::create_dir(folder.path().join("tables")).unwrap();
        fs::write(path("same.rs"), "// same.rs\r\n").unwrap();
        fs::write(path("changed.rs"), "// mine\n").unwrap();
        fs::write(path("bytes.rs"), b"\xff").unwrap();
        fs::write(path("gone.rs"), "").unwrap();
        fs::write(path("notes.txt"), "").unwrap();
        let files =
            DerivedFiles::new(texts).with_surplus_files_of(&folder.path().join("tables")).unwrap();

        let stale = files.stale().unwrap();
        let changed = FileState::compare("// mine\n", "// changed.rs\n").unwrap();
        let expected = [
            ("bytes.rs", FileState::NotText),
            ("changed.rs", changed),
            ("gone.rs", FileState::Surplus),
            ("missing.rs", FileState::Missing),
        ];
        let paths: Vec<PathBuf> = expected.iter().map(|(name, _)| path(name)).collect();
        let expected = expected.into_iter().zip(&paths);
        let expected: Vec<_> =
            expected.map(|((_, state), path)| StaleFile { path, state }).collect();
        assert_eq!(stale, expected);

        assert_eq!(files.write().unwrap(), paths);
        assert!(!path("gone.rs").exists());
        assert_eq!(fs::read_to_string(path("same.rs")).unwrap(), "// same.rs\r\n");
        assert_eq!(fs::read_to_string(path("changed.rs")).unwrap(), "// changed.rs\n");
        let names = fs::read_dir(folder.path().join("tables")).unwrap().count();
        assert_eq!(names, 5, "no temporary file is left");
    }
}
