//! Why a request is refused, and what to type next.

use seedbed_files::{Environment, Kind, Name};

use super::text::{command_prefix, join};
use super::{Selector, Warning};

/// Why a request is refused. Nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing has that name or version.
    #[error("there is no {kind} {given}", kind = kind.as_str())]
    Unknown {
        /// Migration or seed.
        kind: Kind,
        /// What was asked for.
        given: Selector,
        /// Those whose names have it in them, or else the one that looks most like it.
        nearest: Vec<Name>,
    },
    /// Several scripts have that version, or those words.
    #[error("{given} is what several are called: {}", join(names, ", "))]
    Ambiguous {
        /// What was asked for.
        given: Selector,
        /// The scripts that have it.
        names: Vec<Name>,
    },
    /// The script is one of another environment.
    #[error("{file} runs in {environment} only")]
    OtherEnvironment {
        /// The file.
        file: String,
        /// The environment that it belongs to.
        environment: Environment,
    },
    /// It was being reverted, without a transaction, and was not finished.
    #[error(
        "{name} was being reverted and was not finished, so it is neither applied nor gone; nothing was applied"
    )]
    HalfReverted {
        /// Migration or seed.
        kind: Kind,
        /// Its name.
        name: Name,
    },
    /// It was to be reverted, and is not applied.
    #[error("{file} is not applied, so there is nothing to revert")]
    NotApplied {
        /// The file.
        file: String,
        /// Migration or seed.
        kind: Kind,
    },
    /// It was to be reverted, and its file is gone.
    #[error(
        "{name} is applied, but its file is gone, and with it the way back; nothing was reverted"
    )]
    FileGone {
        /// The name in the history.
        name: Name,
    },
    /// It was to be reverted, and has no `down`.
    #[error("{file} has no `down`; nothing was reverted")]
    NoDown {
        /// The file.
        file: String,
    },
    /// It was to be reverted, and says that this cannot be.
    #[error("{file} is irreversible: {why}; nothing was reverted")]
    Irreversible {
        /// The file.
        file: String,
        /// What it says.
        why: String,
    },
    /// Two files with one full date and time.
    #[error("{other} and {renamed} have the same date and time, so their order is not sure")]
    SameVersion {
        /// The pending one that may have another time in its name.
        renamed: String,
        /// The other, which is applied, or comes before it by name.
        other: String,
    },
    /// More than a day ahead of the clock.
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
        kind: Kind,
        /// The pending ones.
        files: Vec<String>,
        /// The newest applied one.
        newest: String,
    },
    /// Another tool has applied newer ones and left these out.
    #[error("this database was migrated by another tool, which never applied what is older than {newest}:\n  {}", files.join("\n  "))]
    OlderThanImported {
        /// Migration or seed.
        kind: Kind,
        /// The pending ones.
        files: Vec<String>,
        /// The newest applied one.
        newest: String,
    },
    /// Drift, with `--strict`.
    #[error("refused by --strict:\n  {}", join(problems, "\n  "))]
    Strict {
        /// What is not as it should be.
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
    /// What to type next.
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
