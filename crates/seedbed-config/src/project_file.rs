//! The settings of a project, in `seedbed.toml` at the root of its workspace.

mod entities;
mod section;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml_edit::Document;

pub use self::entities::{
    ColumnOptions, EntityFieldType, EntityOptions, EnumOptions, SerdeDerives, TableOptions,
    ViewOptions,
};
use self::section::{Section, SectionError};

/// The name of the file, at the root of the workspace.
pub const PROJECT_FILE_NAME: &str = "seedbed.toml";

/// The settings of a project. A key that is missing has its default.
///
/// ```
/// use seedbed_config::{ProjectFile, SerdeDerives};
///
/// let project = ProjectFile::parse("[entities]\nserde = \"both\"")?;
/// assert_eq!(project.entities.serde, SerdeDerives::Both);
/// # Ok::<(), seedbed_config::ProjectFileError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ProjectFile {
    /// The section `[entities]`: how entities are generated.
    pub entities: EntityOptions,
}

/// The reason why the settings of a project could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectFileError {
    /// The file could not be read.
    #[error("failed to read `{}`: {source}", path.display())]
    Read {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The text is not TOML.
    #[error("failed to read `seedbed.toml`, line {line}: {message}")]
    Syntax {
        /// The line of the error.
        line: usize,
        /// The parser's message.
        message: String,
    },
    /// A key has no meaning.
    #[error("failed to read `seedbed.toml`, line {line}: unknown key `{key}`")]
    UnknownKey {
        /// The line of the key.
        line: usize,
        /// The key with its section, such as `entities.serd`.
        key: String,
        /// The known keys of the section.
        known: Vec<&'static str>,
    },
    /// A value is not one that its key expects.
    #[error("failed to read `seedbed.toml`, line {line}: `{key}` must be {expected}")]
    Value {
        /// The line of the value.
        line: usize,
        /// The key with its section.
        key: String,
        /// The values that the key expects, such as `true or false`.
        expected: &'static str,
    },
}

impl ProjectFile {
    /// Reads the settings. A project without the file has the defaults.
    ///
    /// # Errors
    /// Fails if the file cannot be read or understood.
    pub fn read(path: &Path) -> Result<Self, ProjectFileError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ProjectFileError::Read { path: path.to_owned(), source }),
        }
    }

    /// Parses the text of the file.
    ///
    /// # Errors
    /// Fails if the text is not TOML, or if a key or a value is not known.
    pub fn parse(text: &str) -> Result<Self, ProjectFileError> {
        let line = |at: Option<usize>| {
            text.as_bytes().iter().take(at.unwrap_or(0)).filter(|byte| **byte == b'\n').count() + 1
        };
        let document = Document::parse(text).map_err(|error| ProjectFileError::Syntax {
            line: line(error.span().map(|span| span.start)),
            message: error.message().to_owned(),
        })?;
        let root = Section::root(document.as_item());
        Self::from_section(&root).map_err(|error| match error {
            SectionError::UnknownKey { at, key, known } => {
                ProjectFileError::UnknownKey { line: line(at), key, known }
            }
            SectionError::Value { at, key, expected } => {
                ProjectFileError::Value { line: line(at), key, expected }
            }
        })
    }

    fn from_section(root: &Section<'_>) -> Result<Self, SectionError> {
        root.ensure_only_keys(&["entities"])?;
        let entities = root.section("entities")?.map(|entities| EntityOptions::parse(&entities));
        Ok(Self { entities: entities.transpose()?.unwrap_or_default() })
    }
}

impl ProjectFileError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { known, .. } => {
                let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
                Some(format!("the keys of this section are {}", known.join(", ")))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use test_support::assert_snapshot;

    use super::*;

    #[test]
    fn every_key_of_the_project_file_is_read() {
        let text = r#"
[entities]
serde = "serialize"
model_derives = ["Hash"]
enum_derives = ["strum::Display"]
types = { time = "Time", jsonb = "text" }

[entities.tables.queues]
name = "task_queue"

[entities.tables."extra.products".columns]
type.name = "kind"
valid_until = { type = "text" }
price.type = "crate::Money"

[entities.enums.mood]
name = "Temper"
other = true

[entities.views.active_users]
key = ["id"]
required = ["id", "email"]
"#;
        let entities = ProjectFile::parse(text).expect("the text is valid").entities;
        assert_eq!(entities.serde, SerdeDerives::Serialize);
        assert_eq!(entities.model_derives, ["Hash"]);
        assert_eq!(entities.enum_derives, ["strum::Display"]);
        assert_eq!(entities.types["time"], EntityFieldType::Rust("Time".to_owned()));
        assert_eq!(entities.types["jsonb"], EntityFieldType::Text);
        assert_eq!(entities.tables["queues"].name.as_deref(), Some("task_queue"));
        let columns = &entities.tables["extra.products"].columns;
        assert_eq!(columns["type"].name.as_deref(), Some("kind"));
        assert_eq!(columns["valid_until"].field_type, Some(EntityFieldType::Text));
        assert_eq!(
            columns["price"].field_type,
            Some(EntityFieldType::Rust("crate::Money".to_owned()))
        );
        assert_eq!(entities.enums["mood"].name.as_deref(), Some("Temper"));
        assert!(entities.enums["mood"].other);
        assert_eq!(entities.views["active_users"].key, ["id"]);
        assert_eq!(entities.views["active_users"].required, ["id", "email"]);
    }

    #[test]
    fn an_error_in_the_project_file_is_reported_with_its_line() {
        let texts = [
            "[entities",
            "\n[entity]\n",
            "[entities]\nserd = 1",
            "entities = 1",
            "[entities]\nserde = \"all\"",
            "[entities.enums.mood]\n\nother = 1",
            "[entities.tables.t.columns.c]\nnam = \"d\"",
            "[entities.views.v]\nkey = [1]",
            "[entities.types]\ntime = 1",
        ];
        let errors =
            texts.map(|text| ProjectFile::parse(text).expect_err("the text is wrong").to_string());
        assert_snapshot!("mistakes", errors.join("\n"));
    }

    #[test]
    fn a_project_without_the_file_has_the_defaults() {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let read = ProjectFile::read(&folder.path().join(PROJECT_FILE_NAME))
            .expect("a missing file has the defaults");
        assert_eq!(read, ProjectFile::default());
    }
}
