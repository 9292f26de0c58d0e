//! Compares texts with snapshots. Each snapshot is in a file beside the test, and the test fails if the text differs from
//! the file.
//!
//! The files are snapshots of the crate insta, so `cargo insta review` and the variable `INSTA_UPDATE` work. This
//! module adds placeholders for values that differ in each run.

use std::path::{Path, PathBuf};

/// Expands to the snapshot with the given name, which belongs to the calling module.
#[macro_export]
macro_rules! snapshot {
    ($name:expr) => {
        $crate::Snapshot::new(env!("CARGO_MANIFEST_DIR"), file!(), module_path!(), $name.as_ref())
    };
}

/// Fails the test if the text differs from the snapshot.
#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $text:expr) => {
        $crate::snapshot!($name).assert_matches($text.as_ref())
    };
}

/// The expected text in the file `snapshots/<module>__<name>.snap` beside a test.
#[derive(Debug, Clone)]
pub struct Snapshot {
    dir: PathBuf,
    name: String,
    /// The values that differ in each run, and their placeholders.
    replaced: Vec<(String, &'static str)>,
}

impl Snapshot {
    /// Creates the value. The macro [`snapshot!`](crate::snapshot!) calls this function.
    ///
    /// # Panics
    /// Panics if the source file is not in the checkout.
    #[doc(hidden)]
    #[must_use]
    pub fn new(manifest_dir: &str, source: &'static str, module: &str, name: &str) -> Self {
        // The path of a source file begins at the root of the workspace.
        let root = Path::new(manifest_dir).ancestors().find(|dir| dir.join(source).exists());
        let source_file = root.expect("the source file is in the checkout").join(source);
        let name = format!("{}__{name}", module.replace("::", "__"));
        Self { dir: source_file.with_file_name("snapshots"), name, replaced: Vec::new() }
    }

    /// Replaces a value that differs in each run, such as the name of a database, with a placeholder.
    #[must_use]
    pub fn replacing(mut self, value: &str, placeholder: &'static str) -> Self {
        self.replaced.push((value.to_owned(), placeholder));
        self
    }

    /// Fails the test if the text differs from the snapshot. First replaces values that differ in each run: process ids,
    /// ports, measured times, clients, line numbers in source files, and the values of [`replacing`](Self::replacing).
    ///
    /// # Panics
    /// Panics if the text differs, or if the snapshot does not exist.
    #[track_caller]
    pub fn assert_matches(&self, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&self.dir);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(self.name.as_str(), self.stable(text)));
    }

    /// Returns the text with placeholders for the values that differ in each run.
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

/// The texts before and after a number that differs in each run, and the placeholder for the number.
const NUMBERS: [(&str, &str, &str); 9] = [
    // This is a line number in the source of the server, which differs in each version.
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

/// Replaces each number that stands between the two texts.
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

/// Replaces the client and the start time of the session that the line describes.
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
