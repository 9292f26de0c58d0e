//! Measures contenders, which are commands that do the same work, in turn.

use std::process::Command;
use std::time::Duration;

use crate::harness::{DATABASE, Harness, median, time};

/// One line of the table: a contender in a case.
pub(crate) struct MeasuredRow {
    case: String,
    contender: &'static str,
    median: Duration,
    /// The median of the first contender in the case.
    baseline: Duration,
}

/// A name, and a function that returns the command to measure on the database with the given URL.
pub(crate) type Contender<'c> = (&'static str, Box<dyn Fn(&str) -> anyhow::Result<Command> + 'c>);

/// Runs the contenders in turn, and compares their medians with the median of the first one. Calls `prepare` before each run.
pub(crate) fn measure(
    harness: &Harness<'_>,
    case: &str,
    rounds: usize,
    contenders: &[Contender<'_>],
    prepare: impl Fn() -> anyhow::Result<()>,
) -> anyhow::Result<Vec<MeasuredRow>> {
    let mut times = vec![Vec::new(); contenders.len()];
    for round in 0..=rounds {
        for (times, (_, command)) in times.iter_mut().zip(contenders) {
            prepare()?;
            let elapsed = time(command(&harness.url(DATABASE))?)?;
            // The first round warms the caches.
            if round > 0 {
                times.push(elapsed);
            }
        }
    }
    let medians: Vec<Duration> = times.into_iter().map(median).collect();
    let baseline = medians[0];
    Ok(contenders
        .iter()
        .zip(&medians)
        .map(|((contender, _), median)| MeasuredRow {
            case: case.to_owned(),
            contender,
            median: *median,
            baseline,
        })
        .collect())
}

/// Returns the rows as a Markdown table.
pub(crate) fn render_table(rows: &[MeasuredRow]) -> String {
    let mut table =
        "| case | contender | median, ms | times the first |\n| --- | --- | ---: | ---: |\n"
            .to_owned();
    for row in rows {
        let ms = row.median.as_secs_f64() * 1000.0;
        let ratio = row.median.as_secs_f64() / row.baseline.as_secs_f64();
        table += &format!("| {} | {} | {ms:.1} | {ratio:.2} |\n", row.case, row.contender);
    }
    table
}
