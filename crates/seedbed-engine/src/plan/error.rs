//! Why a request is refused, and what to type next.

use std::collections::BTreeSet;

use seedbed_files::{Environment, Kind, Name, Slug};

use super::{Selector, Warning};
use crate::history::History;
use crate::script::Scripts;

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
    #[error("{given} is what several are called: {}", joined(names, ", "))]
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
    #[error("refused by --strict:\n  {}", joined(problems, "\n  "))]
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

/// The texts of a list, with `between` between two of them.
pub(crate) fn joined(list: &[impl ToString], between: &str) -> String {
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    texts.join(between)
}

/// The first half of the commands of a kind: `migrate-up`, `seed-up`.
pub(crate) const fn command(kind: Kind) -> &'static str {
    match kind {
        Kind::Migration => "migrate",
        Kind::Seed => "seed",
    }
}

impl PlanError {
    /// What to type next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { nearest, .. } if !nearest.is_empty() => {
                format!("did you mean {}?", joined(nearest, " or "))
            }
            Self::Unknown { kind, .. } | Self::NotApplied { kind, .. } => {
                format!("`make {}-status` lists them", command(*kind))
            }
            Self::HalfReverted { kind, name } => format!(
                "`make {0}-down name={name}` starts that again; if you have mended it by hand, \
                 `make migrate-repair args='--applied {name}'` or `--not-applied {name}` says what it is",
                command(*kind)
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
                command(*kind)
            ),
            Self::OlderThanImported { kind, .. } => {
                format!("apply them now: `make {}-up args=--allow-out-of-order`", command(*kind))
            }
            Self::Strict { .. } => {
                "an applied script stays as it was: undo the change and write a new script"
                    .to_owned()
            }
        }
    }
}

/// Finds the one script that is meant, on disk or in the history.
pub(crate) fn find(
    available: &Scripts,
    history: &History,
    given: &Selector,
) -> Result<Name, PlanError> {
    let text = given.as_str();
    let known: BTreeSet<&Name> =
        available.iter().map(|(name, _)| name).chain(history.applied()).collect();
    let names: Vec<&Name> = match known.iter().find(|name| name.as_str() == text) {
        Some(name) => vec![*name],
        None => {
            // As who creates it types them.
            let words = Slug::parse(text).ok();
            let has_words =
                |name: &Name| words.as_ref().is_some_and(|words| words.as_str() == name.slug());
            let is_meant = |name: &&Name| name.version() == Some(text) || has_words(name);
            known.iter().copied().filter(is_meant).collect()
        }
    };
    match names.as_slice() {
        [] => Err(PlanError::Unknown {
            kind: available.kind(),
            given: given.clone(),
            nearest: nearest(text, known),
        }),
        [name] => match available.get(name) {
            Some(script) if available.is_elsewhere(name) => Err(PlanError::OtherEnvironment {
                file: script.file.to_owned(),
                environment: script.only_environment().unwrap_or_default(),
            }),
            _ => Ok((*name).clone()),
        },
        several => Err(PlanError::Ambiguous {
            given: given.clone(),
            names: several.iter().map(|name| (*name).clone()).collect(),
        }),
    }
}

pub(super) fn not_applied(available: &Scripts, name: &Name) -> PlanError {
    let file =
        available.get(name).map_or_else(|| name.to_string(), |script| script.file.to_owned());
    PlanError::NotApplied { file, kind: available.kind() }
}

/// The known names that have what was given in them, as many as somebody reads, or else the one that looks
/// most like it; the slug alone counts too.
fn nearest(given: &str, known: BTreeSet<&Name>) -> Vec<Name> {
    const AS_MANY: usize = 3;
    let words = Slug::parse(given).map(|slug| slug.to_string()).unwrap_or_default();
    let with: Vec<Name> = known
        .iter()
        .filter(|name| name.as_str().contains(&words))
        .map(|name| (*name).clone())
        .collect();
    if words.len() > 2 && (1..=AS_MANY).contains(&with.len()) {
        return with;
    }
    let likeness = |name: &Name| {
        let whole = strsim::jaro_winkler(given, name.as_str());
        let whole = whole.max(strsim::jaro_winkler(&words, name.slug()));
        // A single word may be any word of the name.
        let parts = name.slug().split('_').filter(|_| !words.contains('_'));
        parts.map(|part| strsim::jaro_winkler(&words, part)).fold(whole, f64::max)
    };
    let scored = known
        .into_iter()
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness > 0.8);
    let nearest = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map(|(_, name)| name.clone()).into_iter().collect()
}
