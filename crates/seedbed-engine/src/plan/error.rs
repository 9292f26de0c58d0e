//! The errors of a plan, and their hints.

use seedbed_build::{Environment, Name, ScriptKind};
use seedbed_config::{Hint, SuggestedCommand};

use super::text::{join, quoted};
use super::{PlanWarning, Selector};

/// The reason why a request is refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No script has the given name or version.
    #[error("no {kind} is called `{given}`")]
    Unknown {
        /// The kind of the request: migration or seed.
        kind: ScriptKind,
        /// The selector in the request.
        given: Selector,
        /// The names that contain the text, or else the most similar name.
        nearest: Vec<Name>,
    },
    /// Several scripts match the selector by their version or by words of their names.
    #[error("`{given}` matches several scripts: {}", quoted(names))]
    Ambiguous {
        /// The selector in the request.
        given: Selector,
        /// The scripts that match the selector.
        names: Vec<Name>,
    },
    /// The script belongs to another environment.
    #[error("`{file}` runs only in the environment `{environment}`")]
    OtherEnvironment {
        /// The file.
        file: String,
        /// The environment that the script belongs to.
        environment: Environment,
    },
    /// A revert of the script, without a transaction, was interrupted.
    #[error(
        "the revert of `{name}` was interrupted, so the script is neither applied nor reverted; nothing was applied"
    )]
    HalfReverted {
        /// The kind of the script: migration or seed.
        kind: ScriptKind,
        /// The name of the script.
        name: Name,
    },
    /// The script to revert is not applied.
    #[error("`{file}` is not applied, so there is nothing to revert")]
    NotApplied {
        /// The file.
        file: String,
        /// The kind of the script: migration or seed.
        kind: ScriptKind,
    },
    /// The file of the script to revert, or to record as applied, is missing.
    #[error("the file of `{name}` is missing, so the script cannot be used; nothing was changed")]
    FileGone {
        /// The kind of the script: migration or seed.
        kind: ScriptKind,
        /// The name in the history.
        name: Name,
    },
    /// The script to record as not applied is applied, and its file exists.
    #[error(
        "`{file}` is applied, and the next run would apply it a second time if it were recorded as not applied; \
         nothing was changed"
    )]
    StillApplied {
        /// The kind of the script: migration or seed.
        kind: ScriptKind,
        /// The file.
        file: String,
        /// The name of the script.
        name: Name,
    },
    /// The script is to be recorded both as applied and as not applied.
    #[error("`{name}` cannot be recorded both as applied and as not applied; nothing was changed")]
    RepairedInTwoWays {
        /// The name of the script.
        name: Name,
    },
    /// The script to revert has no `down`.
    #[error("`{file}` has no `down`; nothing was reverted")]
    NoDown {
        /// The file.
        file: String,
    },
    /// The script to revert declares that it is irreversible.
    #[error("`{file}` is irreversible: {why}; nothing was reverted")]
    Irreversible {
        /// The file.
        file: String,
        /// The reason that the script declares.
        why: String,
    },
    /// Two files have the same full timestamp.
    #[error("`{other}` and `{renamed}` have the same date and time, so their order is undefined")]
    SameVersion {
        /// The pending file that may get another timestamp.
        renamed: String,
        /// The other file, which is applied or has the smaller name.
        other: String,
    },
    /// The timestamp of a file is more than a day ahead of the clock.
    #[error(
        "the name of `{file}` is more than a day ahead of the clock, so new scripts would be out of order until then"
    )]
    Future {
        /// The file.
        file: String,
    },
    /// Pending scripts are older than the newest applied script.
    #[error("out of order: {} older than `{newest}`, which is applied", are(files))]
    OutOfOrder {
        /// The kind of the scripts: migrations or seeds.
        kind: ScriptKind,
        /// The files of the pending scripts.
        files: Vec<String>,
        /// The newest applied script.
        newest: String,
    },
    /// The history comes from another tool, which applied newer scripts and skipped these.
    #[error("another tool has migrated this database to `{newest}` without these older scripts:\n  {}", files.join("\n  "))]
    OlderThanImported {
        /// The kind of the scripts: migrations or seeds.
        kind: ScriptKind,
        /// The files of the skipped scripts.
        files: Vec<String>,
        /// The newest applied script.
        newest: String,
    },
    /// A strict run found problems.
    #[error("`--strict` refuses this run:\n  {}", join(problems, "\n  "))]
    Strict {
        /// The problems.
        problems: Vec<PlanWarning>,
    },
}

fn are(files: &[String]) -> String {
    match files {
        [_] => format!("{} is", quoted(files)),
        _ => format!("{} are", quoted(files)),
    }
}

impl PlanError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Hint {
        match self {
            Self::Unknown { nearest, .. } if !nearest.is_empty() => {
                Hint::text(format!("similar names: {}", quoted(nearest)))
            }
            Self::Unknown { kind, .. } | Self::NotApplied { kind, .. } => {
                Hint::command(SuggestedCommand::Status { kind: *kind })
                    .then(format!(" lists the {}", kind.plural()))
            }
            Self::HalfReverted { kind, name } => {
                let not_applied =
                    SuggestedCommand::RecordNotApplied { kind: *kind, name: name.to_string() };
                Hint::command(SuggestedCommand::Down { kind: *kind, name: name.clone() })
                    .then(" starts the revert again; if you have finished it by hand, ")
                    .then_command(not_applied)
                    .then(" records that")
            }
            Self::StillApplied { kind, name, .. } => {
                Hint::command(SuggestedCommand::Down { kind: *kind, name: name.clone() })
                    .then(" reverts it")
            }
            Self::RepairedInTwoWays { .. } => {
                "name the script with either `--applied` or `--not-applied`".into()
            }
            Self::Ambiguous { .. } => "use the complete name".into(),
            Self::OtherEnvironment { environment, .. } => {
                Hint::text("run the command with ").then_variable("env", environment.to_string())
            }
            Self::FileGone { kind, name } => Hint::text(format!(
                "restore the file from version control: `git log --diff-filter=D -- '*{name}.rs'` finds the commit that deleted \
                 it; if it was never committed, "
            ))
            .then_command(SuggestedCommand::RecordNotApplied { kind: *kind, name: name.to_string() })
            .then(" removes it from the history, and its changes stay in the database"),
            Self::NoDown { .. } => "add `pub async fn down` to the file, or the reason why the script is irreversible: \
                                    `pub const IRREVERSIBLE: &str = \"…\";`"
                .into(),
            Self::Irreversible { .. } => {
                "write a new script that makes the change that you need".into()
            }
            Self::SameVersion { .. }
            | Self::Future { .. }
            | Self::OutOfOrder { .. }
            | Self::OlderThanImported { .. } => self.order_hint(),
            Self::Strict { problems } => {
                problems.iter().find_map(PlanWarning::hint).unwrap_or_else(|| {
                    "restore the file as it was when it was applied, and put the change in a new script"
                        .into()
                })
            }
        }
    }

    /// Returns the hint of an error about the order of the files.
    fn order_hint(&self) -> Hint {
        match self {
            Self::SameVersion { renamed, .. } => {
                Hint::text(format!("give `{renamed}` a later time in its name"))
            }
            Self::OutOfOrder { kind, files, .. } => Hint::text(match files.len() {
                1 => "give the file a later time in its name, or allow this order: ",
                _ => "give the files later times in their names, or allow this order: ",
            })
            .then_command(SuggestedCommand::UpOutOfOrder { kind: *kind }),
            Self::OlderThanImported { kind, .. } => {
                Hint::command(SuggestedCommand::UpOutOfOrder { kind: *kind })
                    .then(" applies them now")
            }
            _ => {
                let create =
                    SuggestedCommand::CreateMigration { name: "…".to_owned(), fields: None };
                Hint::text("give the file the current time in its name, as ")
                    .then_command(create)
                    .then(" does")
            }
        }
    }
}
