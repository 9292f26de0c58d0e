//! Runs one case: clones a database, disturbs a run, checks the state, runs the command again, checks the state, and
//! drops the database.

mod disturb;
mod verdict;

use std::time::Duration;

use anyhow::Context as _;
use seedbed::Direction;
use tokio::sync::RwLock;
use tokio::time::{Instant, sleep, timeout};

use crate::check::{self, Reported};
use crate::plan::{Attempt, Case, Start, TestedCommand};
use crate::runner::{Exit, FinishedRun, MigratorProgram};
use crate::server::{DisturbedServer, PATIENCE, database};
use crate::state::{AppliedScripts, DatabaseState};
use crate::tally::{Failure, Tally};
use crate::undisturbed::{Undisturbed, drop_sql, template};

/// The values that all cases share.
#[derive(Debug)]
pub struct World {
    /// The server that the cases disturb.
    pub server: DisturbedServer,
    /// The program that the cases run and disturb.
    pub migrator: MigratorProgram,
    /// The states that undisturbed runs leave.
    pub undisturbed: Undisturbed,
    /// The lock that each run holds for reading. A run holds it for writing if no other run may use the server
    /// meanwhile.
    pub quiet: RwLock<()>,
}

/// The SQLSTATEs of a database that does not exist, or that an interrupted DROP DATABASE has left invalid.
const GONE: [&str; 2] = ["3D000", "55000"];

/// The largest number of undisturbed runs at the end of a case. A run is repeated if another case has stopped the server.
const MAX_UNDISTURBED_RUNS: usize = 50;

impl World {
    /// Runs a case, and returns its counts and its failure, if it has failed.
    ///
    /// # Errors
    /// Fails if this program fails. A failure of the migrator is a fault of the case.
    pub async fn run(&self, case: &Case) -> anyhow::Result<Tally> {
        let mut run = Run {
            world: self,
            case,
            database: database(case.number),
            command: case.command,
            reported: Reported::default(),
            state: DatabaseState::default(),
            runs: Vec::new(),
            tally: Tally::default(),
            faults: Vec::new(),
        };
        run.prepare().await?;
        run.run_to_the_end()
            .await
            .with_context(|| format!("case {} failed to run: {case:?}", case.number))?;
        let Run { mut tally, faults, runs, database, .. } = run;
        tally.cases = 1;
        {
            let _shared = self.quiet.read().await;
            let _up_guard = self.server.stay_up().await;
            self.server.administer([drop_sql(&database)]).await?;
        }
        if !faults.is_empty() {
            tally.failures.push(Failure { case: case.clone(), faults, runs });
        }
        Ok(tally)
    }
}

/// A running case.
struct Run<'w> {
    world: &'w World,
    case: &'w Case,
    database: String,
    /// The next command.
    command: TestedCommand,
    reported: Reported,
    state: DatabaseState,
    /// All runners that have ended, for the report of a failure.
    runs: Vec<FinishedRun>,
    tally: Tally,
    faults: Vec<String>,
}

impl Run<'_> {
    /// Clones the database in which the case starts, and reads its state.
    async fn prepare(&mut self) -> anyhow::Result<()> {
        let _shared = self.world.quiet.read().await;
        let _up_guard = self.world.server.stay_up().await;
        let server = &self.world.server;
        match self.case.start {
            Start::NoDatabase => {}
            Start::Applied(applied) => {
                server.clone_database(&template(applied), &self.database).await?;
                self.state = self.read().await?;
                self.reported.log_before = self.state.log.len();
            }
        }
        Ok(())
    }

    /// Runs the disturbed attempts of the case and then the command without a disturbance, and checks the end state. Stops
    /// at the first fault.
    async fn run_to_the_end(&mut self) -> anyhow::Result<()> {
        for attempt in &self.case.attempts {
            self.disturbed(attempt).await?;
            if !self.faults.is_empty() || self.is_at_the_end() {
                break;
            }
        }
        for _ in 0..MAX_UNDISTURBED_RUNS {
            if !self.faults.is_empty() {
                return Ok(());
            }
            // Any other command only prepares for the command of the case.
            let is_last_command = self.command == self.case.command
                || self.command == self.case.command.again(self.case.start);
            if self.undisturbed().await? && is_last_command {
                break;
            }
        }
        let goal = self.world.undisturbed.goal(self.case.command, self.case.start);
        self.faults.extend(check::check_end(
            &self.state,
            &goal,
            &self.world.undisturbed,
            &self.reported,
        ));
        if !matches!(
            self.case.command,
            TestedCommand::MigrateRedo { .. } | TestedCommand::SeedRedo { .. }
        ) {
            self.faults.extend(check::check_order(&self.state, &self.expected_order()));
        }
        Ok(())
    }

    /// Returns whether the goal of the case is reached. From there, an undisturbed run would have nothing to do, or would
    /// start over.
    fn is_at_the_end(&self) -> bool {
        let goal = self.world.undisturbed.goal(self.case.command, self.case.start);
        check::check_goal(&self.state, &goal).is_empty()
    }

    /// Runs the command with the disturbances of the attempt, and checks the state that it leaves.
    async fn disturbed(&mut self, attempt: &Attempt) -> anyhow::Result<()> {
        let is_single = matches!(self.command, TestedCommand::DownOnly { .. });
        let runners = if is_single { 1 } else { attempt.runners };
        let quiet = &self.world.quiet;
        let (_exclusive, _shared) = match attempt.needs_quiet() {
            true => (Some(quiet.write().await), None),
            false => (None, Some(quiet.read().await)),
        };
        self.forget_dropped();
        let server = &self.world.server;
        let generation = server.generation();
        let args = self.command.args(&self.world.undisturbed);
        let url = server.url(&self.database);
        let started_at = Instant::now();
        let runners = (0..runners)
            .map(|_| self.world.migrator.start(&url, &args))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut carried_out = Vec::new();
        for planned in &attempt.disturbances {
            if self.disturb(*planned, &runners, started_at).await? {
                carried_out.push(*planned);
            }
        }
        let mut finished = Vec::with_capacity(runners.len());
        for runner in runners {
            finished.push(runner.finished().await?);
        }
        let server_went_down = server.generation() != generation;
        let before = self.state.history.clone();
        self.read_when_idle().await?;
        self.faults.extend(self.check_exits(&finished, &carried_out, server_went_down));
        if carried_out.is_empty() && !server_went_down && !self.command.starts_over() {
            self.faults.extend(self.check_whole_report(&finished, &before));
        }
        self.count(&finished, &carried_out, server_went_down);
        self.conclude(finished).await
    }

    /// Runs the command without a disturbance. Returns whether it exited with 0, which it must unless the server went down.
    async fn undisturbed(&mut self) -> anyhow::Result<bool> {
        let _shared = self.world.quiet.read().await;
        self.forget_dropped();
        let server = &self.world.server;
        let generation = server.generation();
        let before = self.state.history.clone();
        let args = self.command.args(&self.world.undisturbed);
        let finished =
            self.world.migrator.start(&server.url(&self.database), &args)?.finished().await?;
        let server_went_down = server.generation() != generation;
        let has_succeeded = finished.has_succeeded();
        self.read_when_idle().await?;
        if !has_succeeded && !server_went_down {
            self.faults.push(format!("an undisturbed run failed: {:?}", finished.exit));
        }
        if has_succeeded && !self.command.starts_over() {
            self.faults.extend(self.check_whole_report(std::slice::from_ref(&finished), &before));
        }
        if server_went_down {
            self.count(std::slice::from_ref(&finished), &[], server_went_down);
        }
        self.conclude(vec![finished]).await?;
        Ok(has_succeeded)
    }

    /// Forgets the reports of runners if the command drops the database.
    fn forget_dropped(&mut self) {
        if self.command == TestedCommand::DbReset {
            self.reported = Reported::default();
        }
    }

    /// Collects the reports of the runners, checks the state, and chooses the next command.
    async fn conclude(&mut self, finished: Vec<FinishedRun>) -> anyhow::Result<()> {
        for finished in &finished {
            if finished.stderr.contains("panicked") {
                self.faults.push(format!("a runner panicked: {}", finished.args));
            }
            // A runner that exits by itself prints its report, unless it is interrupted before it begins.
            let must_report = matches!(finished.exit, Exit::Code(0 | 1 | 130));
            match &finished.report {
                Some(report) => self.reported.done.extend(report.done.iter().cloned()),
                None if must_report
                    && !(finished.exit == Exit::Code(130) && finished.stdout.is_empty()) =>
                {
                    self.faults.push(format!("no JSON on stdout: {}", finished.args));
                }
                None => {}
            }
            self.tally.count_error(finished);
        }
        self.runs.extend(finished);
        self.faults.extend(check::check_always(
            &self.state,
            &self.world.undisturbed,
            &self.reported,
        ));
        let half_reverted = match check::interrupted(&self.state) {
            Ok(Some((script, Direction::Down))) => {
                self.world.undisturbed.scripts.iter().position(|one| *one == script)
            }
            _ => None,
        };
        let again = self.case.command.again(self.case.start);
        self.command = match half_reverted {
            // No script can be applied while a script is half-reverted, so the next command reverts that script.
            Some(script)
                if !matches!(again, TestedCommand::MigrateDown | TestedCommand::SeedDown) =>
            {
                TestedCommand::DownOnly { script }
            }
            _ => again,
        };
        Ok(())
    }

    /// Waits until no session is left, and reads the state.
    async fn read_when_idle(&mut self) -> anyhow::Result<()> {
        let _up_guard = self.world.server.stay_up().await;
        let server = &self.world.server;
        let all_ended = async {
            while !server.sessions(&self.database).await?.is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
            anyhow::Ok(())
        };
        match timeout(PATIENCE, all_ended).await {
            Ok(result) => result?,
            Err(_) => self.faults.push(format!(
                "a session of a runner that has ended still exists after {PATIENCE:?}"
            )),
        }
        self.state = self.read().await?;
        Ok(())
    }

    /// Reads the state. The caller keeps the server up.
    async fn read(&self) -> anyhow::Result<DatabaseState> {
        let mut connection = match self.world.server.connect(&self.database).await {
            Ok(connection) => connection,
            Err(sqlx::Error::Database(error))
                if error.code().is_some_and(|code| GONE.contains(&&*code)) =>
            {
                return Ok(DatabaseState {
                    objects: self.world.undisturbed.objects[&AppliedScripts::new()].clone(),
                    ..DatabaseState::default()
                });
            }
            Err(error) => return Err(error.into()),
        };
        let state = DatabaseState::read(&mut connection).await?;
        sqlx::Connection::close(connection).await?;
        Ok(state)
    }
}
