//! The errors of a plan, and their hints.

use seedbed_build::{Environment, Name, ScriptKind};

use super::text::{command_prefix, join};
use super::{Selector, Warning};

/// The reason why a request is refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No script has that name or version.
    #[error("there is no {kind} {given}", kind = kind.as_str())]
    Unknown {
        /// Migration or seed.
        kind: ScriptKind,
        /// What was asked for.
        given: Selector,
        /// The names that contain the text, or else the most similar name.
        nearest: Vec<Name>,
    },
    /// Several scripts have that version or those words in their names.
    #[error("{given} is what several are called: {}", join(names, ", "))]
    Ambiguous {
        /// What was asked for.
        given: Selector,
        /// The scripts that have it.
        names: Vec<Name>,
    },
    /// The script belongs to another environment.
    #[error("{file} runs in {environment} only")]
    OtherEnvironment {
        /// The file.
        file: String,
        /// The environment that it belongs to.
        environment: Environment,
    },
    /// A revert of the script, without a transaction, was interrupted.
    #[error(
        "{name} was being reverted and was not finished, so it is neither applied nor gone; nothing was applied"
    )]
    HalfReverted {
        /// Migration or seed.
        kind: ScriptKind,
        /// Its name.
        name: Name,
    },
    /// The script to revert is not applied.
    #[error("{file} is not applied, so there is nothing to revert")]
    NotApplied {
        /// The file.
        file: String,
        /// Migration or seed.
        kind: ScriptKind,
    },
    /// The file of the script to revert is missing.
    #[error(
        "{name} is applied, but its file is gone, and with it the way back; nothing was reverted"
    )]
    FileGone {
        /// The name in the history.
        name: Name,
    },
    /// The script to revert has no `down`.
    #[error("{file} has no `down`; nothing was reverted")]
    NoDown {
        /// The file.
        file: String,
    },
    /// The script to revert declares that it is irreversible.
    #[error("{file} is irreversible: {why}; nothing was reverted")]
    Irreversible {
        /// The file.
        file: String,
        /// The reason that it declares.
        why: String,
    },
    /// Two files have the same full timestamp.
    #[error("{other} and {renamed} have the same date and time, so their order is not sure")]
    SameVersion {
        /// The pending file that may get another timestamp.
        renamed: String,
        /// The other file, which is applied or has the smaller name.
        other: String,
    },
    /// The timestamp of a file is more than a day ahead of the clock.
    #[error(
        "{file} is dated more than a day ahead of the clock: everything that comes until then would be out of order"
    )]
    Future {
        /// The file.
        file: String,
    },
    /// Pending, but older than the newest applied one.
    #[error("out of order: {} older than {newest}, which is applied already", are(files))]
    OutOfOrder {
        /// Migration or seed.
        kind: ScriptKind,
        /// The pending ones.
        files: Vec<String>,
        /// The newest applied one.
        newest: String,
    },
    /// The history comes from another tool, which applied newer scripts and not these ones.
    #[error("this database was migrated by another tool, which never applied what is older than {newest}:\n  {}", files.join("\n  "))]
    OlderThanImported {
        /// Migration or seed.
        kind: ScriptKind,
        /// The pending ones.
        files: Vec<String>,
        /// The newest applied one.
        newest: String,
    },
    /// A strict run found problems.
    #[error("refused by --strict:\n  {}", join(problems, "\n  "))]
    Strict {
        /// The problems.
        problems: Vec<Warning>,
    },
}

fn are(files: &[String]) -> String {
    match files {
        [one] => format!("{one} is"),
        several => format!("{} are", several.join(", ")),
    }
}

impl PlanError {
    /// Returns what to do about the error.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { nearest, .. } if !nearest.is_empty() => {
                format!("did you mean {}?", join(nearest, " or "))
            }
            Self::Unknown { kind, .. } | Self::NotApplied { kind, .. } => {
                format!("`make {}-status` lists them", command_prefix(*kind))
            }
            Self::HalfReverted { kind, name } => format!(
                "`make {0}-down name={name}` starts that again; if you have mended it by hand, \
                 `make migrate-repair args='--applied {name}'` or `--not-applied {name}` says what it is",
                command_prefix(*kind)
            ),
            Self::Ambiguous { .. } => "give the whole name".to_owned(),
            Self::OtherEnvironment { environment, .. } => {
                format!("run it with env={environment}")
            }
            Self::FileGone { name } => format!(
                "bring the file back from version control: git log --diff-filter=D -- '*{name}.rs'"
            ),
            Self::NoDown { .. } => "write `pub async fn down` in it, or say why there is none: \
                                    `pub const IRREVERSIBLE: &str = \"…\";`"
                .to_owned(),
            Self::Irreversible { .. } => {
                "write a new script that changes things the way you want them".to_owned()
            }
            Self::SameVersion { renamed, .. } => {
                format!("give {renamed} a later time in its name")
            }
            Self::Future { .. } => {
                "give it a new time in its name; `make create-migration` stamps the present"
                    .to_owned()
            }
            Self::OutOfOrder { kind, .. } => format!(
                "give it a new time in its name, or let it pass: \
                 `make {}-up args=--allow-out-of-order`",
                command_prefix(*kind)
            ),
            Self::OlderThanImported { kind, .. } => {
                format!(
                    "apply them now: `make {}-up args=--allow-out-of-order`",
                    command_prefix(*kind)
                )
            }
            Self::Strict { .. } => {
                "an applied script stays as it was: undo the change and write a new script"
                    .to_owned()
            }
        }
    }
}
