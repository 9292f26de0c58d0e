//! The counts of a torture run, and its failures, with everything that is needed to reproduce them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use crate::plan::{Case, Disturbance};
use crate::runner::FinishedRun;

/// A run that was disturbed before it had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DisturbedRun {
    /// The case disturbed its own run.
    ByOwnCase(Disturbance),
    /// Another case stopped the server.
    ByAnotherCase,
    /// Several concurrent runners, which count as one run.
    Race {
        /// The number of runners.
        runners: usize,
        /// Whether any runner was disturbed.
        is_disturbed: bool,
    },
}

impl DisturbedRun {
    fn kind(self) -> &'static str {
        match self {
            Self::ByOwnCase(Disturbance::Kill) => "runner: SIGKILL",
            Self::ByOwnCase(Disturbance::Terminate) => "runner: SIGTERM",
            Self::ByOwnCase(Disturbance::Interrupt) => "runner: SIGINT",
            Self::ByOwnCase(Disturbance::EndSession) => "session: pg_terminate_backend",
            Self::ByOwnCase(Disturbance::RestartImmediately) => "server: immediate restart",
            Self::ByOwnCase(Disturbance::RestartFast) => "server: fast restart",
            Self::ByOwnCase(Disturbance::CrashServer) => "server: crash of a session's process",
            Self::ByAnotherCase => "server: down for another case",
            Self::Race { runners: ..8, is_disturbed: false } => "race of 2 to 7",
            Self::Race { runners: ..8, is_disturbed: true } => "race of 2 to 7, some disturbed",
            Self::Race { runners: ..50, is_disturbed: false } => "race of 8 to 20",
            Self::Race { runners: ..50, is_disturbed: true } => "race of 8 to 20, some disturbed",
            Self::Race { is_disturbed: false, .. } => "race of 50",
            Self::Race { is_disturbed: true, .. } => "race of 50, some disturbed",
        }
    }
}

/// A case with faults.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The case.
    pub case: Case,
    /// The faults.
    pub faults: Vec<String>,
    /// The runners, with their output.
    pub runs: Vec<FinishedRun>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "case {}: {:?}", self.case.number, self.case)?;
        for fault in &self.faults {
            writeln!(f, "  fault: {fault}")?;
        }
        for run in &self.runs {
            writeln!(f, "  --- migrator {}: {:?} after {:?}", run.args, run.exit, run.elapsed)?;
            write!(f, "{}{}", run.stdout, run.stderr)?;
        }
        Ok(())
    }
}

/// The counts and the failures of cases.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// The number of cases.
    pub cases: u64,
    /// The number of runs that had ended before they were disturbed.
    pub finished_first: u64,
    /// The number of crashes of the server right after a report.
    pub crashes_after_report: u64,
    /// The disturbed runs, by kind.
    kinds: BTreeMap<&'static str, u64>,
    /// The disturbed runs, by command.
    commands: BTreeMap<&'static str, u64>,
    /// The disturbed runs, by the script that ran or came next.
    places: BTreeMap<String, u64>,
    /// The number of times that each error of a runner was reported, without names and numbers.
    errors: BTreeMap<String, u64>,
    /// The failures.
    pub failures: Vec<Failure>,
}

impl Tally {
    /// Counts a disturbed run.
    pub fn count_run(&mut self, run: DisturbedRun, command: &'static str, place: &str) {
        *self.kinds.entry(run.kind()).or_default() += 1;
        *self.commands.entry(command).or_default() += 1;
        *self.places.entry(place.to_owned()).or_default() += 1;
    }

    /// Counts the error of a runner.
    pub fn count_error(&mut self, finished: &FinishedRun) {
        if let Some(error) = finished.report.as_ref().and_then(|report| report.error.as_deref()) {
            *self.errors.entry(anonymous(error)).or_default() += 1;
        }
    }

    /// Returns the number of disturbed runs.
    #[must_use]
    pub fn disturbed(&self) -> u64 {
        self.kinds.values().sum()
    }

    /// Adds the counts and the failures of another case.
    pub fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.finished_first += other.finished_first;
        self.crashes_after_report += other.crashes_after_report;
        merge(&mut self.kinds, other.kinds);
        merge(&mut self.commands, other.commands);
        merge(&mut self.places, other.places);
        merge(&mut self.errors, other.errors);
        self.failures.extend(other.failures);
    }

    /// Writes the counts as a table, without the failures.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let mut section = |title: &str, counts: &mut dyn Iterator<Item = (&str, &u64)>| {
            let _ = writeln!(text, "\n{title}");
            for (name, count) in counts {
                let _ = writeln!(text, "{count:>8}  {name}");
            }
        };
        section(
            "disturbed runs by kind",
            &mut self.kinds.iter().map(|(name, count)| (*name, count)),
        );
        section(
            "disturbed runs by command",
            &mut self.commands.iter().map(|(name, count)| (*name, count)),
        );
        section(
            "disturbed runs by the script that ran or came next",
            &mut self.places.iter().map(|(name, count)| (name.as_str(), count)),
        );
        section(
            "errors that runners reported",
            &mut self.errors.iter().map(|(name, count)| (name.as_str(), count)),
        );
        let _ = writeln!(
            text,
            "\n{:>8}  disturbed runs in {} cases\n{:>8}  runs had ended before they were disturbed (not counted)\n{:>8}  crashes \
             of the server right after a report (not counted)\n{:>8}  failures",
            self.disturbed(),
            self.cases,
            self.finished_first,
            self.crashes_after_report,
            self.failures.len()
        );
        text
    }
}

fn merge<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(key).or_default() += count;
    }
}

/// Returns the first line of an error without the names of scripts and databases, and without numbers.
fn anonymous(error: &str) -> String {
    let line = error.lines().next().unwrap_or_default();
    let words: Vec<&str> = line
        .split(' ')
        .map(|word| match word {
            word if word.contains("m20250101_") => "SCRIPT",
            word if word.contains("case_") || word.contains("127.0.0.1") => "DATABASE",
            word if word.chars().any(|c| c.is_ascii_digit()) => "NUMBER",
            word => word,
        })
        .collect();
    words.join(" ")
}
