//! The `.env` file, which sets environment variables.
//!
//! | written | value |
//! | --- | --- |
//! | `NAME=value`, `export NAME=value`, `NAME = value # comment` | `value` |
//! | `NAME='a $b "c"'` | the text between the quotes, unchanged |
//! | `NAME="a \"b\" \$c\n"` | `\` before `"`, `'`, `\`, `$` and a space stands for that character, `\n` for a line feed |
//! | `NAME=$OTHER`, `NAME="${OTHER}"` | the value of `OTHER` if the environment or an earlier line sets it, else the text unchanged |
//!
//! If two lines set the same variable, the first one counts. A variable of the process takes precedence over the file.

use std::fs;
use std::io::ErrorKind;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::str::Chars;

/// The variables of a `.env` file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// The names and values in the order of the file, without duplicate names.
    variables: Vec<(String, String)>,
}

/// The reason why a `.env` file could not be read. The message does not quote the line, which may contain a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnvFileError {
    /// The file cannot be read.
    #[error("failed to read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A line is not `NAME=value`.
    #[error("failed to read `{}`: {source}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The error with the number of the line.
        source: EnvSyntaxError,
    },
}

impl EnvFileError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "make the file readable, or remove it",
            Self::Syntax { .. } => {
                "write each line as `NAME=value`; put a value with spaces, `\"`, `#` or `\\` in single quotes"
            }
        }
    }
}

/// The error for a line that is not `NAME=value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} does not have the form `NAME=value`")]
pub struct EnvSyntaxError {
    /// The number of the line, starting at 1.
    pub line: usize,
}

impl EnvFile {
    /// Reads the file. A file that does not exist sets nothing.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or if one of its lines is not `NAME=value`.
    pub fn read(path: &Path) -> Result<Self, EnvFileError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(EnvFileError::Io { path: path.to_owned(), source }),
        };
        let parsed = Self::parse(&text, |name| std::env::var(name).ok());
        parsed.map_err(|source| EnvFileError::Syntax { path: path.to_owned(), source })
    }

    /// Reads the nearest `.env` file, in `folder` or above it. Returns no variables if there is no such file.
    ///
    /// # Errors
    /// Fails as [`read`](Self::read) does.
    pub fn find(folder: &Path) -> Result<Self, EnvFileError> {
        let mut files = folder.ancestors().map(|folder| folder.join(".env"));
        match files.find(|file| file.exists() && !file.is_dir()) {
            Some(file) => Self::read(&file),
            None => Ok(Self::default()),
        }
    }

    /// Parses the text of a `.env` file. `lookup` returns the value of a variable of the environment.
    ///
    /// # Errors
    /// Fails if a line is not `NAME=value`.
    pub fn parse(
        text: &str,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, EnvSyntaxError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let mut file = Self::default();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let line = 1 + text[..text.len() - rest.len()].matches('\n').count();
            let resolve = |name: &str| lookup(name).or_else(|| file.get(name).map(str::to_owned));
            let mut parser = VariableParser { rest: rest.chars().peekable(), resolve: &resolve };
            let variable = parser.line().filter(|variable| {
                variable.as_ref().is_none_or(|(_, value)| !value.contains('\0'))
            });
            let variable = variable.ok_or(EnvSyntaxError { line })?;
            let remaining = parser.rest.collect::<String>().len();
            rest = &rest[rest.len() - remaining..];
            if let Some((name, value)) = variable
                && file.get(&name).is_none()
            {
                file.variables.push((name, value));
            }
        }
        Ok(file)
    }

    /// Returns the value of a variable, which may be empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut variables = self.variables.iter();
        variables.find(|(variable, _)| variable == name).map(|(_, value)| value.as_str())
    }

    /// Returns every name with its value, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Parses the variables of a file one after the other. A quoted value may span several lines. Each function returns
/// `None` for invalid input.
struct VariableParser<'r> {
    rest: Peekable<Chars<'r>>,
    /// The function that returns the value of a variable for `$NAME`.
    resolve: &'r dyn Fn(&str) -> Option<String>,
}

impl VariableParser<'_> {
    /// Parses a line. Returns `Some(None)` for an empty line or a comment.
    fn line(&mut self) -> Option<Option<(String, String)>> {
        self.skip_spaces();
        if self.consume_line_end()? {
            return Some(None);
        }
        let mut name = self.name()?;
        self.skip_spaces();
        if name == "export" && self.rest.peek() != Some(&'=') {
            name = self.name()?;
            self.skip_spaces();
        }
        self.rest.next_if_eq(&'=')?;
        self.skip_spaces();
        let value = if self.consume_line_end()? { String::new() } else { self.value()? };
        Some(Some((name, value)))
    }

    /// Consumes the end of the line, with a comment before it if there is one. Returns false, and consumes nothing, if
    /// the rest of the line contains something else.
    fn consume_line_end(&mut self) -> Option<bool> {
        match self.rest.peek() {
            None => Some(true),
            Some('\n') => {
                self.rest.next();
                Some(true)
            }
            Some('#') => {
                while self.rest.next().is_some_and(|c| c != '\n') {}
                Some(true)
            }
            Some(_) => Some(false),
        }
    }

    fn skip_spaces(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace() && *c != '\n').is_some() {}
    }

    fn name(&mut self) -> Option<String> {
        let first = self.rest.next_if(|c| c.is_ascii_alphabetic() || *c == '_')?;
        let mut name = String::from(first);
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || "_.".contains(*c)) {
            name.push(c);
        }
        Some(name)
    }

    /// Parses the value, whose parts may be quoted differently, and the end of the line.
    fn value(&mut self) -> Option<String> {
        let mut value = String::new();
        loop {
            match self.rest.peek().copied() {
                None | Some('\n') => {
                    self.rest.next();
                    return Some(value);
                }
                Some(c) if c.is_whitespace() => {
                    self.skip_spaces();
                    return self.consume_line_end()?.then_some(value);
                }
                Some('\'') => {
                    self.rest.next();
                    loop {
                        match self.rest.next()? {
                            '\'' => break,
                            c => value.push(c),
                        }
                    }
                }
                Some('"') => {
                    self.rest.next();
                    while self.rest.next_if_eq(&'"').is_none() {
                        self.character(&mut value)?;
                    }
                }
                Some(_) => self.character(&mut value)?,
            }
        }
    }

    /// Parses a character, an escaped character or a variable, and appends it to the value.
    fn character(&mut self, value: &mut String) -> Option<()> {
        match self.rest.next()? {
            '\\' => value.push(match self.rest.next()? {
                'n' => '\n',
                c @ ('\\' | '\'' | '"' | '$' | ' ') => c,
                _ => return None,
            }),
            '$' => value.push_str(&self.variable()),
            c => value.push(c),
        }
        Some(())
    }

    /// Parses the rest of `$NAME` or `${NAME}` and returns its value. If no such variable is set, consumes nothing and
    /// returns the `$`.
    fn variable(&mut self) -> String {
        let mut ahead = self.rest.clone();
        let is_braced = ahead.next_if_eq(&'{').is_some();
        let mut name = String::new();
        while let Some(c) = ahead.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
            name.push(c);
        }
        let is_name = name.starts_with(|c: char| !c.is_ascii_digit());
        if !is_name || (is_braced && ahead.next_if_eq(&'}').is_none()) {
            return "$".to_owned();
        }
        match (self.resolve)(&name) {
            Some(value) => {
                self.rest = ahead;
                value
            }
            None => "$".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use test_support::snapshot;

    use super::*;

    fn parse(text: &str) -> Result<EnvFile, EnvSyntaxError> {
        EnvFile::parse(text, |name| (name == "SET").then(|| "from the environment".to_owned()))
    }

    #[rstest]
    #[case("A=b", "b")]
    #[case("export A = b # comment", "b")]
    #[case("  A=b#c  ", "b#c")]
    #[case("A=", "")]
    #[case("A= # nothing", "")]
    #[case("A=''", "")]
    #[case("A='it is $SET \\n # \"so\"'", "it is $SET \\n # \"so\"")]
    #[case("A=\"a \\\"b\\\" \\$SET\\n # c\" # d", "a \"b\" $SET\n # c")]
    #[case("A=\"two\nlines\"", "two\nlines")]
    #[case("A=a'b'\"c\"\\ d", "abc d")]
    #[case("A=ab$defgh", "ab$defgh")]
    #[case("A=\"ab$defgh\"", "ab$defgh")]
    #[case("A=postgres://u:a$b$$c$@h/d?x=${y}", "postgres://u:a$b$$c$@h/d?x=${y}")]
    #[case("A=$SET", "from the environment")]
    #[case("A=\"<${SET}>$SET_TO$1\"", "<from the environment>$SET_TO$1")]
    #[case("B=one\nA=$B-$B_", "one-$B_")]
    #[case("A=$B\nB=later", "$B")]
    #[case("A=first\nA=second", "first")]
    #[case("\u{feff}# a comment\r\n\r\nA=b\r\nC=d\r\n", "b")]
    fn values_are_unquoted_and_expanded(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parse(text).expect(text).get("A"), Some(expected));
    }

    #[rstest]
    #[case("A=b\nnot a line\n", 2)]
    #[case("A=b c", 1)]
    #[case("\n\nA='b\n\n", 3)]
    #[case("A=\"two\nlines\"\nB=\\x", 3)]
    #[case("1A=b", 1)]
    #[case("A=b\\", 1)]
    #[case("=b", 1)]
    #[case("A=a\0b", 1)]
    fn an_invalid_line_is_reported_by_its_number(#[case] text: &str, #[case] line: usize) {
        assert_eq!(parse(text), Err(EnvSyntaxError { line }));
    }

    #[test]
    fn the_nearest_file_is_read_and_a_missing_one_sets_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("below");
        fs::create_dir(&below).expect("a folder");
        assert_eq!(EnvFile::find(&below).expect("none").iter().count(), 0);
        fs::write(folder.path().join(".env"), "A=b").expect("a file");
        assert_eq!(EnvFile::find(&below).expect("one").get("A"), Some("b"));
        fs::write(below.join(".env"), "A b").expect("a file");
        let error = EnvFile::find(&below).expect_err("malformed");
        let message = format!("{error}\nhint: {}", error.hint());
        let snapshot =
            snapshot!("malformed").replacing(&folder.path().to_string_lossy(), "[folder]");
        snapshot.assert_matches(&message);
    }

    #[test]
    fn every_line_of_the_example_can_be_uncommented() {
        let example = include_str!("../../../.env.example");
        let uncommented: String = example
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(variable) if !variable.starts_with(' ') => format!("{variable}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = parse(&uncommented).expect("each line is a comment or a variable");
        for name in ["DATABASE_URL", "TEST_DATABASE_URL", "APP_ENV", "ADMIN_EMAIL"] {
            assert!(file.get(name).is_some(), "{name}");
        }
    }
}
