//! Checks the exits and the reports of the runners of a case, and counts the runners that were disturbed.

use seedbed::{Direction, ScriptKind};

use super::Run;
use crate::check;
use crate::plan::{Disturbance, Moment, PlannedDisturbance, TestedCommand};
use crate::runner::{Done, Exit, FinishedRun};
use crate::server::PATIENCE;
use crate::state::{AppliedScripts, ScriptId};
use crate::tally::DisturbedRun;
use crate::undisturbed::{Undisturbed, next_script};

impl Run<'_> {
    /// Returns the scripts, with their directions, in the order in which the log has them if nothing disturbs the case: from
    /// the empty database, over the start of the case, to its end.
    pub(super) fn expected_order(&self) -> Vec<Done> {
        let Undisturbed { scripts, migrations, .. } = &self.world.undisturbed;
        let up = |script: &ScriptId| Done { script: script.clone(), direction: Direction::Up };
        let down = |script: &ScriptId| Done { script: script.clone(), direction: Direction::Down };
        let start = self.case.start.applied();
        let goal = match self.case.command {
            TestedCommand::MigrateUp => *migrations,
            TestedCommand::MigrateUpTo { applied } => applied,
            TestedCommand::MigrateDown | TestedCommand::SeedDown => start,
            _ => scripts.len(),
        };
        let mut expected: Vec<Done> = scripts[..goal].iter().map(up).collect();
        match self.case.command {
            TestedCommand::MigrateDown => {
                expected.extend(scripts[..start.min(*migrations)].iter().rev().map(down))
            }
            TestedCommand::SeedDown => {
                expected.extend(scripts[*migrations..start].iter().rev().map(down))
            }
            _ => {}
        }
        expected
    }

    /// Checks that undisturbed runners together report exactly the scripts that the history gained or lost.
    pub(super) fn check_whole_report(
        &self,
        finished: &[FinishedRun],
        before: &AppliedScripts,
    ) -> Vec<String> {
        let mut changed: Vec<_> =
            before.symmetric_difference(&self.state.history).cloned().collect();
        // No report lists the seeds whose rows were dropped with a table.
        if self.command == TestedCommand::MigrateDown {
            changed.retain(|script| script.kind == ScriptKind::Migration);
        }
        let reports = finished.iter().filter_map(|finished| finished.report.as_ref());
        let mut reported: Vec<_> =
            reports.flat_map(|report| &report.done).map(|done| done.script.clone()).collect();
        reported.sort();
        if reported == changed {
            return Vec::new();
        }
        vec![format!(
            "undisturbed runners reported {reported:?}, but the history changed by {changed:?}"
        )]
    }

    /// Checks that every runner that was not disturbed succeeds, and that the goal is reached if a runner exits with 0.
    pub(super) fn check_exits(
        &self,
        finished: &[FinishedRun],
        carried_out: &[PlannedDisturbance],
        server_went_down: bool,
    ) -> Vec<String> {
        let mut faults = Vec::new();
        let before_the_end =
            carried_out.iter().filter(|planned| planned.moment != Moment::Reported).count();
        let failed = finished.iter().filter(|finished| !finished.has_succeeded()).count();
        if !server_went_down && failed > before_the_end {
            faults
                .push(format!("{failed} runners failed, but only {before_the_end} were disturbed"));
        }
        for finished in finished {
            if finished.exit == Exit::Hung {
                faults.push(format!("a runner did not end within {PATIENCE:?}"));
            }
            let is_known =
                matches!(finished.exit, Exit::Code(0 | 1 | 130) | Exit::Signal(2 | 9 | 15));
            if !is_known && finished.exit != Exit::Hung {
                faults.push(format!("unexpected exit of a runner: {:?}", finished.exit));
            }
        }
        if let ([finished], [planned]) = (finished, carried_out)
            && !server_went_down
            && !finished.has_succeeded()
            && !is_expected(finished.exit, planned.disturbance)
        {
            faults.push(format!(
                "after {:?} a runner ended with {:?}",
                planned.disturbance, finished.exit
            ));
        }
        if finished.iter().any(FinishedRun::has_succeeded) {
            // If the server goes down during concurrent redos, the next redo reverts the script that is then the newest.
            let is_broken_race =
                self.command.starts_over() && server_went_down && finished.len() > 1;
            faults.extend(if is_broken_race { Vec::new() } else { self.check_success() });
        }
        faults
    }

    /// Checks that the goal is reached, as it must be if a runner has exited with 0.
    fn check_success(&self) -> Vec<String> {
        let goal = match self.command {
            TestedCommand::DownOnly { script } => {
                let mut goal = self.state.history.clone();
                goal.remove(&self.world.undisturbed.scripts[script]);
                goal
            }
            _ => self.world.undisturbed.goal(self.case.command, self.case.start),
        };
        let faults = check::check_goal(&self.state, &goal).into_iter();
        faults.map(|fault| format!("a runner exited with 0, but {fault}")).collect()
    }

    /// Counts the run by the way in which it was disturbed. If it finished before the disturbance, counts only that.
    pub(super) fn count(
        &mut self,
        finished: &[FinishedRun],
        carried_out: &[PlannedDisturbance],
        server_went_down: bool,
    ) {
        let has_failed = finished.iter().any(|finished| !finished.has_succeeded());
        let reported =
            carried_out.iter().filter(|planned| planned.moment == Moment::Reported).count();
        self.tally.crashes_after_report += reported as u64;
        let run = match (finished.len(), carried_out.first()) {
            (2.., _) => {
                Some(DisturbedRun::Race { runners: finished.len(), is_disturbed: has_failed })
            }
            (_, Some(planned)) if has_failed && planned.moment != Moment::Reported => {
                Some(DisturbedRun::ByOwnCase(planned.disturbance))
            }
            _ if has_failed && server_went_down => Some(DisturbedRun::ByAnotherCase),
            _ => None,
        };
        let Some(run) = run else {
            self.tally.finished_first += u64::from(!has_failed && reported == 0);
            return;
        };
        let direction = match self.command {
            TestedCommand::MigrateDown
            | TestedCommand::SeedDown
            | TestedCommand::DownOnly { .. } => Direction::Down,
            _ => Direction::Up,
        };
        let place = match check::interrupted(&self.state) {
            Ok(Some((script, _))) => Some(script),
            _ => next_script(&self.world.undisturbed.scripts, &self.state.history, direction)
                .cloned(),
        };
        let place = place.map_or_else(|| "the end".to_owned(), |script| script.to_string());
        self.tally.count_run(run, self.command.name(), &place);
    }
}

/// Returns whether a runner may end with this exit if it was disturbed before it had finished.
fn is_expected(exit: Exit, disturbance: Disturbance) -> bool {
    match disturbance {
        Disturbance::Kill => exit == Exit::Signal(9),
        // A signal that arrives before the program handles signals ends it at once.
        Disturbance::Terminate => matches!(exit, Exit::Code(130) | Exit::Signal(15)),
        Disturbance::Interrupt => matches!(exit, Exit::Code(130) | Exit::Signal(2)),
        _ => exit == Exit::Code(1),
    }
}
