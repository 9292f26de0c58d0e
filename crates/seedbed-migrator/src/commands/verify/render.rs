//! The texts of findings.

use seedbed_schema::Change;
use seedbed_schema::model::Aspect;

use crate::verify::{Finding, RowChanges, ScriptFailure, SkipReason};

/// The maximum number of rows that are printed for each table.
const PRINTED_ROWS: usize = 5;

/// Renders the reason why a script, or its `down`, was not verified.
pub(super) fn skip_reason(reason: &SkipReason) -> String {
    match reason {
        SkipReason::Irreversible(why) => format!("it is IRREVERSIBLE: {why}"),
        SkipReason::Environment(environment) => format!("it runs in {environment} only"),
    }
}

/// Renders a finding as indented lines.
pub(super) fn finding(finding: &Finding) -> String {
    match finding {
        Finding::DownFails(error) => failure("`down` fails", error),
        Finding::DownDiffers { changes } => changes.iter().map(down_change).collect(),
        Finding::UpFailsAfterDown(error) => failure("`up` fails after `down`", error),
        Finding::UpDiffersAfterDown { changes } => changes.iter().map(second_up_change).collect(),
        Finding::UpFailsOnRows(error) => failure("`up` fails if the tables have rows", error),
        Finding::SecondUpFails(error) => failure("`up` fails when it runs a second time", error),
        Finding::SecondUpChangesRows { tables } => {
            rows("`up` changes rows when it runs a second time", tables)
        }
        Finding::DownRowsDiffer { tables } => {
            rows("`down` does not restore the rows from before `up`", tables)
        }
    }
}

/// Renders a change from the schema before `up` to the schema after `down`.
fn down_change(change: &Change) -> String {
    let object = change.object().phrase();
    let heading = match change {
        Change::Added { .. } => format!("`down` does not remove {object}"),
        Change::Changed { object: changed, .. } if changed.aspect == Aspect::Definition => {
            format!("`down` does not restore the definition of {object}")
        }
        Change::Removed { .. } | Change::Changed { .. } => {
            format!("`down` does not restore {object}")
        }
    };
    block(&heading, change)
}

/// Renders a change from the schema after the first `up` to the schema after `down` and a second `up`.
fn second_up_change(change: &Change) -> String {
    let object = change.object().phrase();
    let heading = match change {
        Change::Added { .. } => format!("after `down`, `up` also creates {object}"),
        Change::Removed { .. } => format!("after `down`, `up` does not create {object}"),
        Change::Changed { .. } => format!("after `down`, `up` creates {object} differently"),
    };
    block(&heading, change)
}

/// Renders a heading and the lines of the change, without its first line, which names the object.
fn block(heading: &str, change: &Change) -> String {
    let text = change.to_string();
    let lines = text.lines().skip(1).map(|line| format!("    {line}\n"));
    format!("  {heading}\n{}", lines.collect::<String>())
}

/// Renders a heading, and the error and the hint of a script below it.
fn failure(heading: &str, failure: &ScriptFailure) -> String {
    let lines = failure.error.lines().map(|line| format!("    {line}\n"));
    let hint = failure.hint.iter().flat_map(|hint| hint.lines());
    let hint = hint.enumerate().map(|(number, line)| match number {
        0 => format!("    hint: {line}\n"),
        _ => format!("    {line}\n"),
    });
    format!("  {heading}\n{}", lines.chain(hint).collect::<String>())
}

/// Renders a heading, and the changed rows of each table below it.
fn rows(heading: &str, tables: &[RowChanges]) -> String {
    let mut text = format!("  {heading}\n");
    for RowChanges { table, added, removed, changed } in tables {
        text += &format!("    table {table}\n");
        let changed = changed.iter().map(|row| format!("~ {} {}", row.row, row.columns.join(", ")));
        let added = added.iter().map(|row| format!("+ {row}"));
        let removed = removed.iter().map(|row| format!("- {row}"));
        let lines: Vec<String> = removed.chain(added).chain(changed).collect();
        for line in lines.iter().take(PRINTED_ROWS) {
            text += &format!("    {line}\n");
        }
        if lines.len() > PRINTED_ROWS {
            text += &format!("    and {} more rows\n", lines.len() - PRINTED_ROWS);
        }
    }
    text
}
