//! The `.env` file, which counts as the environment.
//!
//! | written | read |
//! | --- | --- |
//! | `NAME=value`, `export NAME=value`, `NAME = value # comment` | `value` |
//! | `NAME='a $b "c"'` | everything between the quotes, as it is |
//! | `NAME="a \"b\" \$c\n"` | `\` before `"`, `'`, `\`, `$` and a space stands for that sign, `\n` for a new line |
//! | `NAME=$OTHER`, `NAME="${OTHER}"` | the value of `OTHER`, if the environment or a line above sets it; else the text as it is |
//!
//! The first of two lines of one name counts, and a variable of the process before both.

use std::fs;
use std::io::ErrorKind;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::str::Chars;

/// The variables of a `.env` file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// In the order of the file; no name twice.
    variables: Vec<(String, String)>,
}

/// Why a `.env` file could not be read. The message quotes no line, which may hold a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnvFileError {
    /// The file cannot be read.
    #[error("could not read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A line is not what a line has to be.
    #[error("could not read {}: {source}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Which line.
        source: EnvSyntaxError,
    },
}

impl EnvFileError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "make it readable, or remove it",
            Self::Syntax { .. } => {
                "each line is NAME=value; put a value that has spaces, quotes, # or \\ into single quotes"
            }
        }
    }
}

/// A line that is not `NAME=value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not NAME=value")]
pub struct EnvSyntaxError {
    /// The number of the line, from 1.
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

    /// Reads the nearest `.env` file of a folder and of those above it.
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

    /// Reads the text of such a file; `lookup` says what the environment sets.
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
            let set = |name: &str| lookup(name).or_else(|| file.get(name).map(str::to_owned));
            let mut reader = Reader { rest: rest.chars().peekable(), set: &set };
            let variable = reader.line().filter(|variable| {
                variable.as_ref().is_none_or(|(_, value)| !value.contains('\0'))
            });
            let variable = variable.ok_or(EnvSyntaxError { line })?;
            let left = reader.rest.collect::<String>().len();
            rest = &rest[rest.len() - left..];
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
        variables.find(|(has, _)| has == name).map(|(_, value)| value.as_str())
    }

    /// Returns every name with its value, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Reads one line after the other; a value in quotes may have several. Every function returns `None` at what it does not
/// understand.
struct Reader<'r> {
    rest: Peekable<Chars<'r>>,
    set: &'r dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    /// A line that is empty or a comment sets no variable.
    fn line(&mut self) -> Option<Option<(String, String)>> {
        self.skip_spaces();
        if self.ends()? {
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
        let value = if self.ends()? { String::new() } else { self.value()? };
        Some(Some((name, value)))
    }

    /// Whether nothing but a comment is left of the line, which is then read to its end.
    fn ends(&mut self) -> Option<bool> {
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

    /// The value, whose pieces may be quoted in different ways, and the end of the line.
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
                    return self.ends()?.then_some(value);
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
                        self.piece(&mut value)?;
                    }
                }
                Some(_) => self.piece(&mut value)?,
            }
        }
    }

    /// A character, an escaped one, or a variable.
    fn piece(&mut self, value: &mut String) -> Option<()> {
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

    /// What `$NAME` or `${NAME}` stands for: itself if no variable of that name is set.
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
        match (self.set)(&name) {
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
    fn a_value_is_read_in_one_way(#[case] text: &str, #[case] expected: &str) {
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
    fn a_line_that_is_none_is_named_by_its_number(#[case] text: &str, #[case] line: usize) {
        assert_eq!(parse(text), Err(EnvSyntaxError { line }));
    }

    #[test]
    fn the_nearest_file_counts_and_none_sets_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("below");
        fs::create_dir(&below).expect("a folder");
        assert_eq!(EnvFile::find(&below).expect("none").iter().count(), 0);
        fs::write(folder.path().join(".env"), "A=b").expect("a file");
        assert_eq!(EnvFile::find(&below).expect("one").get("A"), Some("b"));
        fs::write(below.join(".env"), "A b").expect("a file");
        let error = EnvFile::find(&below).expect_err("malformed").to_string();
        assert!(error.ends_with(".env: line 1 is not NAME=value"), "{error}");
    }
}
