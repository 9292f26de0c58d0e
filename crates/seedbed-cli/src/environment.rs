//! Whether an environment is one, or a slip of the hand.
//!
//! Environments are free words. Production is protected by its name alone, so what looks like a known name
//! and is none is refused, before `prodution` is treated like any other word.

use std::collections::BTreeSet;

use seedbed_engine::Project;

use crate::context::{DEVELOPMENT, PRODUCTION};
use crate::failure::Failure;

/// Those that are there without a folder.
const USUAL: &[&str] = &[DEVELOPMENT, PRODUCTION, "staging", "test"];

/// Refuses a name that is almost a known one.
///
/// # Errors
/// Wrong use.
pub(crate) fn refuse_slip(project: &Project, name: &str) -> Result<(), Failure> {
    let folders = folders(project);
    if is_known(&folders, name) {
        return Ok(());
    }
    match folders.iter().chain(USUAL).find(|known| looks_like(name, known)) {
        Some(meant) => Err(Failure::wrong_use(
            format!("there is no environment {name}"),
            format!("did you mean {meant}? A folder of seeds makes it one: src/seeds/{name}"),
        )),
        None => Ok(()),
    }
}

/// What to say to who runs the seeds of an environment that has none, and is none of the usual ones.
pub(crate) fn without_seeds(project: &Project, name: &str) -> Option<String> {
    let folders = folders(project);
    if is_known(&folders, name) {
        return None;
    }
    let others: Vec<&str> = folders.into_iter().collect();
    let others = match others.as_slice() {
        [] => String::new(),
        some => format!("; there are some for {}", some.join(", ")),
    };
    Some(format!("no seed is for the environment {name}{others}"))
}

fn folders(project: &Project) -> BTreeSet<&'static str> {
    project.seeds.iter().filter_map(|seed| seed.only_environment()).collect()
}

fn is_known(folders: &BTreeSet<&str>, name: &str) -> bool {
    folders.contains(name) || USUAL.contains(&name)
}

/// `prodution`, `Production`, `prod`; `staging2` is meant, and `production2` is protected by nothing.
fn looks_like(name: &str, known: &str) -> bool {
    let name = name.to_lowercase();
    if name.starts_with(known) {
        return known == PRODUCTION || name == known;
    }
    let begins = name.len() > 2 && known.starts_with(&name);
    begins || (name.len() > 3 && strsim::damerau_levenshtein(&name, known) <= 2)
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn a_slip_is_told_from_another_word() {
        for (name, known) in [
            ("prodution", "production"),
            ("Production", "production"),
            ("prod", "production"),
            ("production1", "production"),
            ("dev", "development"),
            ("tset", "test"),
            ("stagign", "staging"),
        ] {
            assert!(looks_like(name, known), "{name}");
        }
        for name in
            ["preview", "qa", "ci", "demo", "acceptance", "eu", "load", "staging2", "test_eu"]
        {
            for known in super::USUAL {
                assert!(!looks_like(name, known), "{name} {known}");
            }
        }
    }
}
