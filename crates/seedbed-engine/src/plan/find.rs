//! Finds the script that a [`Selector`] names.

use std::collections::BTreeSet;

use seedbed_build::{Name, Slug};

use super::{PlanError, Selector};
use crate::history::History;
use crate::script::Scripts;

/// Finds the one script that the selector names, among the available scripts and in the history, which has the interrupted
/// scripts too.
///
/// # Errors
/// Fails if no script or several scripts match, or if the script belongs to another environment.
pub fn find_script(
    available: &Scripts,
    history: &History,
    given: &Selector,
) -> Result<Name, PlanError> {
    let text = given.as_str();
    let known: BTreeSet<&Name> =
        available.iter().map(|(name, _)| name).chain(history.rows.keys()).collect();
    let names: Vec<&Name> = match known.iter().find(|name| name.as_str() == text) {
        Some(name) => vec![*name],
        None => {
            // The words are parsed like the name of a new script on the command line.
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
            Some(script) if available.belongs_to_other_environment(name) => {
                Err(PlanError::OtherEnvironment {
                    file: script.file.to_owned(),
                    environment: script.only_environment().unwrap_or_default(),
                })
            }
            _ => Ok((*name).clone()),
        },
        several => Err(PlanError::Ambiguous {
            given: given.clone(),
            names: several.iter().map(|name| (*name).clone()).collect(),
        }),
    }
}

pub(super) fn not_applied_error(available: &Scripts, name: &Name) -> PlanError {
    let file =
        available.get(name).map_or_else(|| name.to_string(), |script| script.file.to_owned());
    PlanError::NotApplied { file, kind: available.kind() }
}

/// Returns up to three known names that contain the text, or else the most similar name. Compares the text with the
/// slugs of the names too.
fn nearest(given: &str, known: BTreeSet<&Name>) -> Vec<Name> {
    const MOST: usize = 3;
    let words = Slug::parse(given).map(|slug| slug.to_string()).unwrap_or_default();
    let containing: Vec<Name> = known
        .iter()
        .filter(|name| name.as_str().contains(&words))
        .map(|name| (*name).clone())
        .collect();
    if words.len() > 2 && (1..=MOST).contains(&containing.len()) {
        return containing;
    }
    let likeness = |name: &Name| {
        let whole = strsim::jaro_winkler(given, name.as_str());
        let whole = whole.max(strsim::jaro_winkler(&words, name.slug()));
        // A single word may match any word of the name.
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
