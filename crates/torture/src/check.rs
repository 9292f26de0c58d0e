//! Compares the state after a run and its report with the state after undisturbed runs. The functions take values and
//! return faults.

use std::collections::{BTreeMap, BTreeSet};

use seedbed::Direction;

use crate::runner::{Done, count};
use crate::state::{AppliedScripts, DatabaseState, LoggedResult, Objects, ScriptId};
use crate::undisturbed::Undisturbed;

/// The outcomes that the runners of a case have reported.
#[derive(Debug, Clone, Default)]
pub struct Reported {
    /// Each script that some runner reported as applied or reverted.
    pub done: Vec<Done>,
    /// The number of entries that the log had before the first runner of the case.
    pub log_before: usize,
}

/// Returns the script that was started but not finished, with its direction. Only a script that runs without a transaction
/// can be in this state.
///
/// # Errors
/// Fails with the names if there are several such scripts. This is a fault, because only one runner at a time runs scripts,
/// and the next runner resumes the script.
pub fn interrupted(state: &DatabaseState) -> Result<Option<(ScriptId, Direction)>, String> {
    let mut newest = BTreeMap::new();
    for entry in state.log.iter().filter(|entry| entry.result != LoggedResult::Statement) {
        newest.insert(&entry.script, entry);
    }
    let is_started = |result| matches!(result, LoggedResult::Started | LoggedResult::Interrupted);
    let mut interrupted = newest.values().filter(|entry| is_started(entry.result));
    match (interrupted.next(), interrupted.next()) {
        (None, _) => Ok(None),
        (Some(entry), None) => Ok(Some((entry.script.clone(), entry.direction))),
        (Some(one), Some(other)) => {
            Err(format!("two scripts are interrupted: {} and {}", one.script, other.script))
        }
    }
}

/// Checks the conditions that hold whenever no runner is running. Each script in the history has all of its effects, no
/// other script except an interrupted one has any effect, the history and the log agree, and the reports are true.
#[must_use]
pub fn check_always(
    state: &DatabaseState,
    undisturbed: &Undisturbed,
    reported: &Reported,
) -> Vec<String> {
    let mut faults = check_log(state);
    faults.extend(check_reports(state, reported));
    let Some(expected) = undisturbed.objects.get(&state.history) else {
        faults.push(format!(
            "no undisturbed run leads through this history: {}",
            names(&state.history)
        ));
        return faults;
    };
    match interrupted(state) {
        Err(fault) => faults.push(fault),
        Ok(None) => faults.extend(differences(expected, &state.objects)),
        Ok(Some((script, direction))) => {
            let is_up = direction == Direction::Up;
            let mut history_after = state.history.clone();
            // The script gets its row, or loses it, only at its end.
            if is_up == history_after.contains(&script) {
                faults.push(format!("{script} is interrupted {direction:?}, but its row in the history says otherwise"));
            }
            if is_up {
                history_after.insert(script)
            } else {
                history_after.remove(&script)
            };
            let Some(objects_after) = undisturbed.objects.get(&history_after) else {
                faults.push(format!(
                    "no undisturbed run leads to this history: {}",
                    names(&history_after)
                ));
                return faults;
            };
            // Only the objects that the interrupted script does not change are compared. An object that exists neither
            // before nor after the script is a helper that the script drops before its end. The invalid copies of indexes
            // that a killed REINDEX leaves are not compared either.
            let touched = touched(expected, objects_after);
            let untouched = |objects: &Objects| -> Objects {
                let objects = objects.iter().filter(|(object, _)| {
                    expected.contains_key(*object) && !touched.contains(*object)
                });
                let rest = |lines: &[String]| {
                    lines.iter().filter(|line| !is_copy_of_reindex(line)).cloned().collect()
                };
                objects.map(|(object, lines)| (object.clone(), rest(lines))).collect()
            };
            faults.extend(differences(&untouched(expected), &untouched(&state.objects)));
        }
    }
    faults
}

/// Checks the end of a case: no script is interrupted, the history is the goal, and the objects are those that undisturbed
/// runs leave.
#[must_use]
pub fn check_end(
    state: &DatabaseState,
    goal: &AppliedScripts,
    undisturbed: &Undisturbed,
    reported: &Reported,
) -> Vec<String> {
    let mut faults = check_always(state, undisturbed, reported);
    faults.extend(check_goal(state, goal));
    faults
}

/// Checks the conditions for exit code 0: the history is the goal, and no script is interrupted.
#[must_use]
pub fn check_goal(state: &DatabaseState, goal: &AppliedScripts) -> Vec<String> {
    let mut faults = Vec::new();
    for missing in goal.difference(&state.history) {
        faults.push(format!("{missing} is missing from the history"));
    }
    for extra in state.history.difference(goal) {
        faults.push(format!("{extra} is in the history and should not be"));
    }
    if let Ok(Some((script, direction))) = interrupted(state) {
        faults.push(format!("{script} is still interrupted {direction:?}"));
    }
    faults
}

/// Checks that the scripts were applied or reverted in the given order, each of them once.
#[must_use]
pub fn check_order(state: &DatabaseState, expected: &[Done]) -> Vec<String> {
    let done: Vec<Done> = state
        .done()
        .map(|entry| Done { script: entry.script.clone(), direction: entry.direction })
        .collect();
    if done == expected {
        return Vec::new();
    }
    vec![format!(
        "the log has a different order than in an undisturbed run:\n  {done:?}\n  instead of\n  {expected:?}"
    )]
}

/// Checks that the log alternates between applied and reverted for each script, and that its last entry agrees with the
/// history.
fn check_log(state: &DatabaseState) -> Vec<String> {
    let mut faults = Vec::new();
    let mut applied: BTreeMap<&ScriptId, bool> = BTreeMap::new();
    for entry in &state.log {
        let is_up = match entry.result {
            LoggedResult::Done => entry.direction == Direction::Up,
            LoggedResult::Lost => false,
            _ => continue,
        };
        let is_applied = applied.entry(&entry.script).or_default();
        if *is_applied == is_up {
            let twice = if is_up { "applied" } else { "reverted" };
            faults.push(format!("the log says twice in a row that {} was {twice}", entry.script));
        }
        *is_applied = is_up;
    }
    let logged: BTreeSet<&ScriptId> =
        applied.iter().filter(|(_, is_applied)| **is_applied).map(|(script, _)| *script).collect();
    for script in &state.history {
        if !logged.contains(script) {
            faults.push(format!(
                "{script} is in the history, but the log does not say that it was applied"
            ));
        }
    }
    for script in logged {
        if !state.history.contains(script) {
            faults.push(format!(
                "the log says that {script} is applied, but the history does not have it"
            ));
        }
    }
    faults
}

/// Checks that each reported script was applied or reverted, at least as often as it was reported.
fn check_reports(state: &DatabaseState, reported: &Reported) -> Vec<String> {
    let logged = state
        .log
        .iter()
        .skip(reported.log_before)
        .filter(|entry| entry.result == LoggedResult::Done);
    let logged: Vec<Done> = logged
        .map(|entry| Done { script: entry.script.clone(), direction: entry.direction })
        .collect();
    let logged = count(&logged);
    let mut faults = Vec::new();
    for (done, times) in count(&reported.done) {
        let happened = logged.get(done).copied().unwrap_or_default();
        if times > happened {
            faults.push(format!(
                "{} {:?} was reported {times} times, but happened {happened} times",
                done.script, done.direction
            ));
        }
    }
    faults
}

/// Returns whether the line describes an invalid copy of an index that REINDEX CONCURRENTLY makes.
fn is_copy_of_reindex(line: &str) -> bool {
    line.starts_with("index ")
        && line.contains(" valid f ")
        && ["_ccnew ON ", "_ccold ON "].iter().any(|end| line.contains(end))
}

/// Returns the objects that differ before and after a script.
fn touched<'o>(before: &'o Objects, after: &'o Objects) -> BTreeSet<&'o String> {
    let objects = before.keys().chain(after.keys());
    objects.filter(|object| before.get(*object) != after.get(*object)).collect()
}

/// Describes the differences between two databases by lines. Lists only the first lines of each object.
#[must_use]
pub fn differences(expected: &Objects, found: &Objects) -> Vec<String> {
    const MOST: usize = 6;
    let mut differences = Vec::new();
    for object in touched(expected, found) {
        let none = Vec::new();
        let (expected, found) =
            (expected.get(object).unwrap_or(&none), found.get(object).unwrap_or(&none));
        let mut lines = without(expected, found)
            .map(|line| format!("{object} lacks: {line}"))
            .collect::<Vec<_>>();
        lines.extend(
            without(found, expected).map(|line| format!("{object} has an extra line: {line}")),
        );
        let rest = lines.len().saturating_sub(MOST);
        lines.truncate(MOST);
        if rest > 0 {
            lines.push(format!("{object}: {rest} more differences"));
        }
        differences.extend(lines);
    }
    differences
}

/// Returns the lines that occur more often than in the other list.
fn without<'l>(lines: &'l [String], other: &'l [String]) -> impl Iterator<Item = &'l String> {
    let mut others: BTreeMap<&String, usize> = BTreeMap::new();
    for line in other {
        *others.entry(line).or_default() += 1;
    }
    lines.iter().filter(move |line| match others.get_mut(line) {
        Some(left @ 1..) => {
            *left -= 1;
            false
        }
        _ => true,
    })
}

fn names(history: &AppliedScripts) -> String {
    history.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
