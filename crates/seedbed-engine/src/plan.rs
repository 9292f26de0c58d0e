//! Plans a run: decides which scripts a request selects. Uses no database, no clock and no output.

mod error;
mod find;
mod request;
mod text;
mod warning;

use std::collections::HashMap;
use std::iter::Peekable;

use seedbed_build::{Name, ScriptKind, ScriptVersion};

pub use error::PlanError;
pub use find::find_script;
use find::not_applied_error;
pub use request::{Action, OutOfOrder, RunRequest, Selector, Target};
pub(crate) use text::quoted;
pub use warning::PlanWarning;

use crate::direction::Direction;
use crate::history::{History, HistoryRow};
use crate::script::{Script, ScriptDefinition, Scripts};

/// The plan of a run.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The scripts with their directions, in the order in which they run.
    pub steps: Vec<Step>,
    /// The problems that stop only a strict run.
    pub warnings: Vec<PlanWarning>,
    /// The remarks on the plan that never stop a run.
    pub notes: Vec<PlanWarning>,
}

/// One script in one direction.
#[derive(Debug, Clone)]
pub struct Step {
    /// The kind of the script: migration or seed.
    pub kind: ScriptKind,
    /// The name of the script in the history.
    pub name: Name,
    /// The direction of the script.
    pub direction: Direction,
    /// Whether an earlier run started the script without a transaction and never finished it.
    pub resumes_interrupted: bool,
    /// The script.
    pub script: Script,
}

/// Returns the plan for the request, given the available scripts and the history.
///
/// # Errors
/// Fails if the request names an unknown script, reverts a script that cannot be reverted, or finds a problem that the
/// request refuses. Nothing has changed if it fails.
pub fn plan(
    available: &Scripts,
    history: &History,
    request: &RunRequest,
) -> Result<Plan, PlanError> {
    let mut plan = Plan { warnings: drift(available, history), ..Plan::default() };
    match request.action {
        Action::Up => {
            ensure_none_half_reverted(available, history)?;
            let chosen = choose_up(available, history, request)?;
            check_up(available, history, request, &chosen, &mut plan)?;
            for (name, script) in chosen {
                plan.push(available, history, name, *script, Direction::Up);
            }
        }
        Action::Down | Action::Redo => {
            let chosen = choose_down(available, history, request)?;
            // `--strict` refuses drift, and the order in which scripts were applied is not drift.
            plan.notes.extend(applied_last_warning(available, history, request, &chosen));
            for (name, script) in &chosen {
                ensure_can_revert(script)?;
                plan.push(available, history, name, **script, Direction::Down);
            }
            if request.action == Action::Redo {
                for (name, script) in chosen.iter().rev() {
                    plan.push(available, history, name, **script, Direction::Up);
                }
                // A script that is reverted and applied again is applied with its current file.
                let redone = |warning: &PlanWarning| match warning {
                    PlanWarning::Modified { file } => {
                        chosen.iter().any(|(_, script)| script.file == file)
                    }
                    _ => false,
                };
                plan.warnings.retain(|warning| !redone(warning));
            }
        }
    }
    let interrupted = interrupted(available, history, &plan.steps);
    plan.warnings.extend(interrupted);
    if request.strict && !plan.warnings.is_empty() {
        return Err(PlanError::Strict { problems: plan.warnings });
    }
    Ok(plan)
}

/// Returns the warning that the script with the newest name is not the one that was applied last, as after the merge of an
/// older file.
fn applied_last_warning(
    available: &Scripts,
    history: &History,
    request: &RunRequest,
    chosen: &Chosen<'_>,
) -> Option<PlanWarning> {
    let (first, _) = chosen.first()?;
    let last = history.applied_last().filter(|last| last != first)?;
    let is_named = matches!(request.target, Target::Only(_));
    let is_available =
        available.get(last).is_some() && !available.belongs_to_other_environment(last);
    (!is_named && is_available).then(|| PlanWarning::NotAppliedLast {
        kind: available.kind(),
        first: (*first).clone(),
        last: last.clone(),
    })
}

/// Fails if a script is half-reverted, because such a script still counts as applied and later scripts depend on it.
pub(crate) fn ensure_none_half_reverted(
    available: &Scripts,
    history: &History,
) -> Result<(), PlanError> {
    let is_half_reverted =
        |row: &HistoryRow| row.applied && row.interrupted == Some(Direction::Down);
    let mut rows = history.rows.iter().filter(|(name, row)| {
        is_half_reverted(row) && !available.belongs_to_other_environment(name)
    });
    match rows.next() {
        None => Ok(()),
        Some((name, _)) => {
            Err(PlanError::HalfReverted { kind: available.kind(), name: name.clone() })
        }
    }
}

/// Returns warnings for the interrupted scripts that the given steps do not start again.
fn interrupted(available: &Scripts, history: &History, steps: &[Step]) -> Vec<PlanWarning> {
    let mut warnings = Vec::new();
    for (name, row) in &history.rows {
        let (Some(direction), Some(script)) = (row.interrupted, available.get(name)) else {
            continue;
        };
        let is_started_again =
            steps.iter().any(|step| step.name == *name && step.direction == direction);
        if !is_started_again && !available.belongs_to_other_environment(name) {
            let (kind, name, file) = (available.kind(), name.clone(), script.file.to_owned());
            let is_applied = row.applied;
            warnings.push(PlanWarning::Interrupted { kind, name, file, direction, is_applied });
        }
    }
    warnings
}

impl Plan {
    fn push(
        &mut self,
        available: &Scripts,
        history: &History,
        name: &Name,
        script: Script,
        direction: Direction,
    ) {
        let interrupted = history.rows.get(name).and_then(|row| row.interrupted);
        self.steps.push(Step {
            kind: available.kind(),
            name: name.clone(),
            direction,
            resumes_interrupted: interrupted == Some(direction),
            script,
        });
    }
}

/// The scripts that a request selects, oldest first for `up`, and newest first for `down` and `redo`.
type Chosen<'s> = Vec<(&'s Name, &'s Script)>;

/// Returns the pending scripts to apply, oldest first.
fn choose_up<'s>(
    available: &'s Scripts,
    history: &History,
    request: &RunRequest,
) -> Result<Chosen<'s>, PlanError> {
    let mut applied = SortedLookup::new(history.applied().map(|name| (name, ())));
    let pending = available.in_environment().filter(|(name, _)| applied.find(name).is_none());
    Ok(match &request.target {
        Target::All => pending.collect(),
        Target::Steps(steps) => pending.take(steps.get() as usize).collect(),
        Target::To(to) => {
            let last = find_script(available, history, to)?;
            pending.filter(|(name, _)| **name <= last).collect()
        }
        Target::Only(names) => {
            let mut only = Vec::with_capacity(names.len());
            for name in names {
                only.push(find_script(available, history, name)?);
            }
            pending.filter(|(name, _)| only.contains(name)).collect()
        }
    })
}

/// Returns the applied scripts to revert, newest first.
fn choose_down<'s>(
    available: &'s Scripts,
    history: &History,
    request: &RunRequest,
) -> Result<Chosen<'s>, PlanError> {
    // A seed of another environment is not reverted in this environment.
    let applied =
        history.applied().rev().filter(|name| !available.belongs_to_other_environment(name));
    let names: Vec<&Name> = match &request.target {
        Target::All => applied.collect(),
        Target::Steps(steps) => applied.take(steps.get() as usize).collect(),
        Target::To(to) => {
            let last = find_script(available, history, to)?;
            if !history.is_applied(&last) {
                return Err(not_applied_error(available, &last));
            }
            applied.filter(|name| **name >= last).collect()
        }
        Target::Only(names) => {
            let mut only = Vec::with_capacity(names.len());
            for name in names {
                let name = find_script(available, history, name)?;
                if !history.is_applied(&name) {
                    return Err(not_applied_error(available, &name));
                }
                only.push(name);
            }
            applied.filter(|name| only.contains(name)).collect()
        }
    };
    names
        .into_iter()
        .map(|name| {
            available
                .entry(name)
                .ok_or_else(|| PlanError::FileGone { kind: available.kind(), name: name.clone() })
        })
        .collect()
}

/// Fails if the script cannot be reverted.
fn ensure_can_revert(script: &Script) -> Result<(), PlanError> {
    let file = script.file.to_owned();
    if let Some(why) = script.irreversible {
        return Err(PlanError::Irreversible { file, why: why.to_owned() });
    }
    match script.definition {
        ScriptDefinition::Functions { down: None, .. } => Err(PlanError::NoDown { file }),
        _ => Ok(()),
    }
}

/// Fails if a chosen script has a timestamp that the request refuses: the same as another file, ahead of the clock, or
/// older than the newest applied script. Adds a warning for each script that is out of order where that is no error.
fn check_up(
    available: &Scripts,
    history: &History,
    request: &RunRequest,
    chosen: &Chosen<'_>,
    plan: &mut Plan,
) -> Result<(), PlanError> {
    if chosen.is_empty() {
        return Ok(());
    }
    let mut scripts_of: HashMap<ScriptVersion, Chosen<'_>> = HashMap::new();
    for (name, script) in available.in_environment() {
        if let Some(version) = name.timestamp() {
            scripts_of.entry(version).or_default().push((name, script));
        }
    }
    for (name, script) in chosen {
        let Some(version) = name.timestamp() else {
            continue;
        };
        // Real projects have several SeaORM files with the same timestamp, and renaming one of them breaks the history.
        let is_twin = |(other, twin): &&(&Name, &Script)| {
            other != name && !(twin.is_sea_orm() && script.is_sea_orm())
        };
        let twins = scripts_of.get(&version).map_or(&[][..], Vec::as_slice);
        if let Some((other, twin)) = twins.iter().find(is_twin) {
            // An applied script keeps its name.
            let renames_this = history.is_applied(other) || name > other;
            let (renamed, other) = if renames_this { (script, twin) } else { (twin, script) };
            let (renamed, other) = (renamed.file.to_owned(), other.file.to_owned());
            return Err(PlanError::SameVersion { renamed, other });
        }
        if version.to_utc() > request.now + chrono::Duration::days(1) {
            return Err(PlanError::Future { file: script.file.to_owned() });
        }
    }
    let Some(newest) = newest_applied(available, history) else {
        return Ok(());
    };
    let late: Vec<String> = chosen
        .iter()
        .filter(|(name, _)| *name < newest)
        .map(|(_, script)| script.file.to_owned())
        .collect();
    if late.is_empty() || request.out_of_order == OutOfOrder::Allow {
        return Ok(());
    }
    let newest =
        available.get(newest).map_or_else(|| newest.to_string(), |script| script.file.to_owned());
    if history.imported {
        return Err(PlanError::OlderThanImported { kind: available.kind(), files: late, newest });
    }
    if request.out_of_order == OutOfOrder::Refuse || request.strict {
        return Err(PlanError::OutOfOrder { kind: available.kind(), files: late, newest });
    }
    plan.warnings.extend(
        late.into_iter().map(|file| PlanWarning::OutOfOrder { file, newest: newest.clone() }),
    );
    Ok(())
}

/// Returns the newest applied script of this environment. Seeds of other environments do not affect the order.
pub(crate) fn newest_applied<'h>(available: &Scripts, history: &'h History) -> Option<&'h Name> {
    history.applied().rev().find(|name| !available.belongs_to_other_environment(name))
}

/// Returns warnings for the applied or interrupted scripts whose files are missing or modified.
fn drift(available: &Scripts, history: &History) -> Vec<PlanWarning> {
    let mut warnings = Vec::new();
    let mut scripts = SortedLookup::new(available.iter());
    let is_known = |row: &HistoryRow| row.applied || row.interrupted.is_some();
    for (name, row) in history.rows.iter().filter(|(_, row)| is_known(row)) {
        match scripts.find(name) {
            None if !row.applied => {
                warnings.push(PlanWarning::InterruptedMissing {
                    kind: available.kind(),
                    name: name.clone(),
                });
            }
            Some(_) if !row.applied => {}
            None => warnings.push(PlanWarning::Missing { name: name.clone() }),
            Some(_) if available.belongs_to_other_environment(name) => {}
            Some(script) => {
                if row.checksum.as_deref().is_some_and(|applied| applied != script.checksum) {
                    warnings.push(PlanWarning::Modified { file: script.file.to_owned() });
                }
            }
        }
    }
    warnings
}

/// Finds names in a sorted list. Names must be looked up in ascending order, so that one pass over the list is enough:
/// a search for each of 1,000 names would take a third of the time of a run with nothing to do.
struct SortedLookup<I: Iterator> {
    list: Peekable<I>,
}

impl<'n, T, I: Iterator<Item = (&'n Name, T)>> SortedLookup<I> {
    fn new(list: I) -> Self {
        Self { list: list.peekable() }
    }

    fn find(&mut self, name: &Name) -> Option<T> {
        while self.list.next_if(|(other, _)| *other < name).is_some() {}
        self.list.next_if(|(other, _)| *other == name).map(|(_, found)| found)
    }
}

#[cfg(test)]
mod tests;
