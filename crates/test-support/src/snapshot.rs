//! Texts that a reviewer accepts as a whole: each is in a file beside the test, and a test fails if the text changes.
//!
//! The files and the variable `INSTA_UPDATE` are those of the crate insta.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

/// Returns the snapshot of that name, which belongs to the module that calls it.
#[macro_export]
macro_rules! snapshot {
    ($name:expr) => {
        $crate::Snapshot::new(env!("CARGO_MANIFEST_DIR"), file!(), module_path!(), $name.as_ref())
    };
}

/// Fails the test if the text is not that of the snapshot.
#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $text:expr) => {
        $crate::snapshot!($name).assert_matches($text.as_ref())
    };
}

/// The expected text in the file `snapshots/<module>__<name>.snap` beside a test.
#[derive(Debug, Clone)]
pub struct Snapshot {
    file: PathBuf,
    source: &'static str,
    replaced: Vec<(String, &'static str)>,
}

/// What a test does with a text that differs from its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Update {
    /// It replaces the file.
    Always,
    /// It writes the text beside the file, and fails.
    New,
    /// It fails.
    No,
}

impl Update {
    fn from_env() -> Self {
        match std::env::var("INSTA_UPDATE").as_deref() {
            Ok("always") => Self::Always,
            Ok("no") => Self::No,
            Ok("new") => Self::New,
            _ if std::env::var_os("CI").is_some() => Self::No,
            _ => Self::New,
        }
    }
}

/// The texts that this process has written. Two texts for one file are an error also while files are replaced.
static WRITTEN: LazyLock<Mutex<HashMap<PathBuf, String>>> = LazyLock::new(Mutex::default);

impl Snapshot {
    /// Is called by [`snapshot!`](crate::snapshot!).
    ///
    /// # Panics
    /// Panics if the source file is not in the checkout.
    #[doc(hidden)]
    #[must_use]
    pub fn new(manifest_dir: &str, source: &'static str, module: &str, name: &str) -> Self {
        // The path of a source file begins at the root of the workspace.
        let root = Path::new(manifest_dir).ancestors().find(|dir| dir.join(source).exists());
        let source_file = root.expect("the source file is in the checkout").join(source);
        let file = format!("{}__{name}.snap", module.replace("::", "__"));
        let file = source_file.with_file_name("snapshots").join(file);
        Self { file, source, replaced: Vec::new() }
    }

    /// Replaces a value that differs in each run, such as the name of a database, by a placeholder.
    #[must_use]
    pub fn replacing(mut self, value: &str, placeholder: &'static str) -> Self {
        self.replaced.push((value.to_owned(), placeholder));
        self
    }

    /// Fails the test if the text is not that of the snapshot. What differs in each run is replaced first: process ids,
    /// ports, measured times, and the lines of source files.
    ///
    /// # Panics
    /// Panics if the text differs, or if there is no snapshot.
    #[track_caller]
    pub fn assert_matches(&self, text: &str) {
        let text = self.stable(text);
        let expected = fs::read_to_string(&self.file).ok().map(|file| contents(&file).to_owned());
        let update = Update::from_env();
        if expected.as_ref() == Some(&text) {
            if update != Update::Always {
                return;
            }
        } else if update == Update::New {
            self.write(&self.file.with_extension("snap.new"), &text);
        }
        if update == Update::Always {
            let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
            let first = written.entry(self.file.clone()).or_insert_with(|| text.clone());
            if *first == text {
                return self.write(&self.file, &text);
            }
        }
        panic!(
            "the text differs from {}\nhint: `INSTA_UPDATE=always` replaces the file\n--- expected\n{}\n--- found\n{text}\n---",
            self.file.display(),
            expected.as_deref().unwrap_or("there is no snapshot"),
        );
    }

    fn write(&self, file: &Path, text: &str) {
        let text = format!("---\nsource: {}\nexpression: text\n---\n{text}\n", self.source);
        if fs::read_to_string(file).is_ok_and(|old| old == text) {
            return;
        }
        fs::create_dir_all(file.parent().expect("it is in a directory")).expect("a directory");
        fs::write(file, text).expect("the snapshot can be written");
    }

    fn stable(&self, text: &str) -> String {
        let mut text = text.trim_end().to_owned();
        for (value, placeholder) in &self.replaced {
            text = text.replace(value, placeholder);
        }
        for (before, after, placeholder) in NUMBERS {
            text = without_numbers(&text, before, after, placeholder);
        }
        text.lines().map(without_client).collect::<Vec<_>>().join("\n")
    }
}

/// What stands before and after a number that differs in each run, and its placeholder.
const NUMBERS: [(&str, &str, &str); 9] = [
    // The line of the server's own source, which differs in each version.
    (" at line ", "", "[line]"),
    ("pid ", "", "[pid]"),
    ("127.0.0.1:", "", "[port]"),
    ("localhost:", "", "[port]"),
    (".rs:", "", "[line]"),
    (".rs:[line]:", "", "[column]"),
    ("", " ms", "[time]"),
    (" in ", " s", "[time]"),
    ("", " s so far", "[time]"),
];

/// Replaces the numbers that stand between the two texts.
fn without_numbers(text: &str, before: &str, after: &str, placeholder: &str) -> String {
    let is_digit = |char: char| char.is_ascii_digit() || char == '.';
    let (mut result, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(|char: char| char.is_ascii_digit()) {
        let number = rest[start..].find(|char| !is_digit(char)).unwrap_or(rest.len() - start);
        let end = start + number;
        result += &rest[..start];
        let is_replaced = result.ends_with(before) && rest[end..].starts_with(after);
        result += if is_replaced { placeholder } else { &rest[start..end] };
        rest = &rest[end..];
    }
    result + rest
}

/// Replaces the client of the session that a line names, and when it connected.
fn without_client(line: &str) -> String {
    let Some((start, rest)) = line.split_once(" since ") else { return line.to_owned() };
    let Some((start, _)) = start.rsplit_once(" from ") else { return line.to_owned() };
    let is_time = |char: char| char.is_ascii_digit() || char.is_ascii_uppercase();
    let rest = rest.trim_start_matches(|char| is_time(char) || ":+- ".contains(char));
    if !start.contains("pid ") {
        return line.to_owned();
    }
    format!("{start} from [client] since [time]{rest}")
}

/// Returns what stands below the header of the file.
fn contents(file: &str) -> &str {
    let text = file.strip_prefix("---\n").and_then(|file| file.split_once("\n---\n"));
    text.map_or(file, |(_, text)| text).trim_end()
}
