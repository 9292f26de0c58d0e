//! Runs one case: clone, disturb, check, run again, check, drop.

use std::time::Duration;

use anyhow::Context as _;
use rustix::process::Signal;
use tokio::sync::RwLock;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::check::{self, Reported};
use crate::plan::{Attempt, Case, Command, Disturbance, Moment, Start, Strike};
use crate::runner::{Done, Exit, Finished, Migrator, Runner};
use crate::server::{Outage, PATIENCE, Server, database};
use crate::state::{Direction, History, Kind, Script, State};
use crate::tally::{Failure, Hit, Tally};
use crate::undisturbed::{Undisturbed, clone_sql, drop_sql, next_script, template};

/// What all cases share.
#[derive(Debug)]
pub struct World {
    /// The server that goes down now and then.
    pub server: Server,
    /// The program that is disturbed.
    pub migrator: Migrator,
    /// What undisturbed runs leave.
    pub undisturbed: Undisturbed,
    /// Whatever writes to the server reads it; a run that needs the server for itself writes.
    pub quiet: RwLock<()>,
}

/// How often the last, undisturbed run of a case may meet the end of the server that another case has asked for.
const RUNS: usize = 50;

impl World {
    /// Runs a case, and returns what it did and what was wrong.
    ///
    /// # Errors
    /// Fails if this program fails, and not the migrator.
    pub async fn run(&self, case: &Case) -> anyhow::Result<Tally> {
        let mut run = Run {
            world: self,
            case,
            database: database(case.number),
            command: case.command,
            reported: Reported::default(),
            state: State::default(),
            runs: Vec::new(),
            tally: Tally::default(),
            faults: Vec::new(),
        };
        run.prepare().await?;
        run.all().await.with_context(|| format!("case {} failed to run: {case:?}", case.number))?;
        let Run { tally: mut done, faults, runs, database, .. } = run;
        done.cases = 1;
        if faults.is_empty() {
            let _others = self.quiet.read().await;
            let _up = self.server.stay_up().await;
            self.server.administer([drop_sql(&database)]).await?;
        } else {
            // The database is kept until the end, for a look at it.
            done.failures.push(Failure { case: case.clone(), faults, runs });
        }
        Ok(done)
    }
}

/// A case that runs.
struct Run<'w> {
    world: &'w World,
    case: &'w Case,
    database: String,
    /// The command that comes next.
    command: Command,
    reported: Reported,
    state: State,
    /// All runners that have ended, for the report of a failure.
    runs: Vec<Finished>,
    tally: Tally,
    faults: Vec<String>,
}

impl Run<'_> {
    async fn prepare(&mut self) -> anyhow::Result<()> {
        let _others = self.world.quiet.read().await;
        let _up = self.world.server.stay_up().await;
        let server = &self.world.server;
        match self.case.start {
            Start::NoDatabase => {}
            Start::Applied(applied) => {
                server.administer([clone_sql(&template(applied), &self.database)]).await?;
                self.reported.log_before = self.read().await?.log.len();
            }
        }
        if self.case.command == Command::DbReset {
            self.reported.log_before = 0;
        }
        Ok(())
    }

    async fn all(&mut self) -> anyhow::Result<()> {
        for attempt in &self.case.attempts {
            self.disturbed(attempt).await?;
            if !self.faults.is_empty() || self.is_at_the_end() {
                break;
            }
        }
        for _ in 0..RUNS {
            if !self.faults.is_empty() {
                return Ok(());
            }
            let is_resumed = self.command == self.case.command
                || self.command == self.case.command.again(self.case.start);
            if self.undisturbed().await? && is_resumed {
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
        if !matches!(self.case.command, Command::MigrateRedo { .. } | Command::SeedRedo { .. }) {
            self.faults.extend(check::check_order(&self.state, &self.expected_order()));
        }
        Ok(())
    }

    /// Returns what the log of an undisturbed run says, from an empty database on.
    fn expected_order(&self) -> Vec<Done> {
        let Undisturbed { scripts, migrations, .. } = &self.world.undisturbed;
        let up = |script: &Script| Done { script: script.clone(), direction: Direction::Up };
        let down = |script: &Script| Done { script: script.clone(), direction: Direction::Down };
        let start = self.case.start.applied();
        let goal = match self.case.command {
            Command::MigrateUp => *migrations,
            Command::MigrateUpTo { applied } => applied,
            Command::MigrateDown | Command::SeedDown => start,
            _ => scripts.len(),
        };
        let mut expected: Vec<Done> = scripts[..goal].iter().map(up).collect();
        match self.case.command {
            Command::MigrateDown => {
                expected.extend(scripts[..start.min(*migrations)].iter().rev().map(down))
            }
            Command::SeedDown => {
                expected.extend(scripts[*migrations..start].iter().rev().map(down))
            }
            _ => {}
        }
        expected
    }

    /// Whether an undisturbed run has nothing left to do, or would do it all again.
    fn is_at_the_end(&self) -> bool {
        let goal = self.world.undisturbed.goal(self.case.command, self.case.start);
        check::check_goal(&self.state, &goal).is_empty()
    }

    /// Runs the command disturbed, and checks what it left.
    async fn disturbed(&mut self, attempt: &Attempt) -> anyhow::Result<()> {
        let is_single = matches!(self.command, Command::DownOnly { .. });
        let runners = if is_single { 1 } else { attempt.runners };
        let quiet = &self.world.quiet;
        let (_alone, _others) = match attempt.needs_quiet() {
            true => (Some(quiet.write().await), None),
            false => (None, Some(quiet.read().await)),
        };
        let server = &self.world.server;
        let generation = server.generation();
        let args = self.command.args(&self.world.undisturbed);
        let url = server.url(&self.database);
        let started_at = Instant::now();
        let runners = (0..runners)
            .map(|_| self.world.migrator.start(&url, &args))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut struck = Vec::new();
        for strike in &attempt.strikes {
            if self.strike(*strike, &runners, started_at).await? {
                struck.push(*strike);
            }
        }
        let mut finished = Vec::with_capacity(runners.len());
        for runner in runners {
            finished.push(runner.finished().await?);
        }
        let went_down = server.generation() != generation;
        self.look().await?;
        self.faults.extend(self.check_exits(&finished, &struck, went_down));
        self.count(&finished, &struck, went_down);
        self.after(finished).await
    }

    /// Runs the command undisturbed; returns whether it exited with 0, as it has to unless the server went down.
    async fn undisturbed(&mut self) -> anyhow::Result<bool> {
        let _others = self.world.quiet.read().await;
        let server = &self.world.server;
        let generation = server.generation();
        let before = self.state.history.clone();
        let args = self.command.args(&self.world.undisturbed);
        let finished =
            self.world.migrator.start(&server.url(&self.database), &args)?.finished().await?;
        let went_down = server.generation() != generation;
        let has_succeeded = finished.has_succeeded();
        self.look().await?;
        if !has_succeeded && !went_down {
            self.faults.push(format!("an undisturbed run failed: {:?}", finished.exit));
        }
        if has_succeeded && !self.command.starts_over() && !self.case.attempts.is_empty() {
            self.faults.extend(self.check_whole_report(&finished, &before));
        }
        if went_down {
            self.count(std::slice::from_ref(&finished), &[], went_down);
        }
        self.after(vec![finished]).await?;
        Ok(has_succeeded)
    }

    /// An undisturbed runner reports all that it did, which is all the difference.
    fn check_whole_report(&self, finished: &Finished, before: &History) -> Vec<String> {
        let Some(report) = &finished.report else { return Vec::new() };
        let mut changed: Vec<_> =
            before.symmetric_difference(&self.state.history).cloned().collect();
        // The seeds whose rows went with a table are in no report.
        if self.command == Command::MigrateDown {
            changed.retain(|script| script.kind == Kind::Migration);
        }
        let mut reported: Vec<_> = report.done.iter().map(|done| done.script.clone()).collect();
        reported.sort();
        if reported == changed {
            return Vec::new();
        }
        vec![format!("an undisturbed run reported {reported:?} and changed {changed:?}")]
    }

    /// Checks the state, and chooses the command that comes next.
    async fn after(&mut self, finished: Vec<Finished>) -> anyhow::Result<()> {
        for finished in &finished {
            if finished.stderr.contains("panicked") {
                self.faults.push(format!("a runner panicked: {}", finished.args));
            }
            let reports = matches!(finished.exit, Exit::Code(0 | 1 | 130));
            match &finished.report {
                Some(report) => self.reported.done.extend(report.done.iter().cloned()),
                None if reports
                    && !(finished.exit == Exit::Code(130) && finished.stdout.is_empty()) =>
                {
                    self.faults.push(format!("no JSON on stdout: {}", finished.args));
                }
                None => {}
            }
            self.tally.said(finished);
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
            // Nothing is applied while a script is half-reverted, so that comes first.
            Some(script) if !matches!(again, Command::MigrateDown | Command::SeedDown) => {
                Command::DownOnly { script }
            }
            _ => again,
        };
        Ok(())
    }

    /// Waits until no session is left, and reads the state.
    async fn look(&mut self) -> anyhow::Result<()> {
        let _up = self.world.server.stay_up().await;
        let server = &self.world.server;
        let gone = async {
            while !server.sessions(&self.database).await?.is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
            anyhow::Ok(())
        };
        match timeout(PATIENCE, gone).await {
            Ok(gone) => gone?,
            Err(_) => self
                .faults
                .push(format!("after {PATIENCE:?} a session of a runner that has ended goes on")),
        }
        self.state = self.read().await?;
        Ok(())
    }

    /// Reads the state. The caller keeps the server up.
    async fn read(&self) -> anyhow::Result<State> {
        let mut connection = match self.world.server.connect(&self.database).await {
            Ok(connection) => connection,
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("3D000") => {
                return Ok(State {
                    objects: self.world.undisturbed.objects[&History::new()].clone(),
                    ..State::default()
                });
            }
            Err(error) => return Err(error.into()),
        };
        let state = State::read(&mut connection).await?;
        sqlx::Connection::close(connection).await?;
        Ok(state)
    }

    /// Waits for the moment and strikes. Returns whether it struck something that still ran.
    async fn strike(
        &self,
        strike: Strike,
        runners: &[Runner],
        started_at: Instant,
    ) -> anyhow::Result<bool> {
        let duration = self.world.undisturbed.duration(self.command, self.case.start);
        let server = &self.world.server;
        let all_ended = || runners.iter().all(Runner::has_ended);
        match strike.moment {
            Moment::Part(part) => sleep_until(started_at + duration.mul_f64(part)).await,
            Moment::Reported => {
                while !all_ended() {
                    sleep(Duration::from_millis(1)).await;
                }
                return server.take_down(Outage::Immediate, || true).await;
            }
        }
        let runner = &runners[strike.runner % runners.len()];
        let signal = |signal| {
            runner.signal(signal);
            Ok(!runner.has_ended())
        };
        let outage = match strike.disturbance {
            Disturbance::Kill => return signal(Signal::KILL),
            Disturbance::Terminate => return signal(Signal::TERM),
            Disturbance::Interrupt => return signal(Signal::INT),
            Disturbance::EndSession => {
                while !all_ended() {
                    if self.end_session().await? {
                        return Ok(true);
                    }
                    sleep(Duration::from_millis(2)).await;
                }
                return Ok(false);
            }
            Disturbance::RestartImmediately => Outage::Immediate,
            Disturbance::RestartFast => Outage::Fast,
            Disturbance::CrashServer => Outage::Crash { database_number: self.case.number },
        };
        while !all_ended() {
            if server.take_down(outage, || !all_ended()).await? {
                return Ok(true);
            }
            sleep(Duration::from_millis(2)).await;
        }
        Ok(false)
    }

    /// Ends one session of the database; returns whether there was one.
    async fn end_session(&self) -> anyhow::Result<bool> {
        let _up = self.world.server.stay_up().await;
        let sessions = self.world.server.sessions(&self.database).await?;
        let Some(pid) = sessions.first() else { return Ok(false) };
        let sql = format!("SELECT pg_terminate_backend({})", pid.as_raw_nonzero());
        self.world.server.administer([sql]).await?;
        Ok(true)
    }

    /// Who was not struck succeeds, and whoever exits with 0 has reached the goal.
    fn check_exits(
        &self,
        finished: &[Finished],
        struck: &[Strike],
        went_down: bool,
    ) -> Vec<String> {
        let mut faults = Vec::new();
        let before_the_end =
            struck.iter().filter(|strike| strike.moment != Moment::Reported).count();
        let failed = finished.iter().filter(|finished| !finished.has_succeeded()).count();
        if !went_down && failed > before_the_end {
            faults
                .push(format!("{failed} runners failed, and only {before_the_end} were disturbed"));
        }
        for finished in finished {
            if finished.exit == Exit::Hung {
                faults.push(format!("a runner did not end within {PATIENCE:?}"));
            }
            let is_known =
                matches!(finished.exit, Exit::Code(0 | 1 | 130) | Exit::Signal(2 | 9 | 15));
            if !is_known && finished.exit != Exit::Hung {
                faults.push(format!("unknown end of a runner: {:?}", finished.exit));
            }
        }
        // When the server goes down in a race of redos, the next one of them reverts what is then the newest.
        let starts_over = self.command.starts_over() && went_down && finished.len() > 1;
        if finished.iter().any(Finished::has_succeeded) && !starts_over {
            let goal = match self.command {
                Command::DownOnly { script } => {
                    let mut goal = self.state.history.clone();
                    goal.remove(&self.world.undisturbed.scripts[script]);
                    goal
                }
                _ => self.world.undisturbed.goal(self.case.command, self.case.start),
            };
            faults.extend(
                check::check_goal(&self.state, &goal)
                    .into_iter()
                    .map(|fault| format!("a runner exited with 0, but {fault}")),
            );
        }
        faults
    }

    /// Counts who was really disturbed: who finished first was not.
    fn count(&mut self, finished: &[Finished], struck: &[Strike], went_down: bool) {
        let has_failed = finished.iter().any(|finished| !finished.has_succeeded());
        let reported = struck.iter().filter(|strike| strike.moment == Moment::Reported).count();
        self.tally.crashes_after_report += reported as u64;
        let hit = match (finished.len(), struck.first()) {
            (2.., _) => Some(Hit::Race { runners: finished.len(), is_struck: has_failed }),
            (_, Some(strike)) if has_failed && strike.moment != Moment::Reported => {
                Some(Hit::Struck(strike.disturbance))
            }
            _ if has_failed && went_down => Some(Hit::Bystander),
            _ => None,
        };
        let Some(hit) = hit else {
            self.tally.finished_first += u64::from(!has_failed && reported == 0);
            return;
        };
        let direction = match self.command {
            Command::MigrateDown | Command::SeedDown | Command::DownOnly { .. } => Direction::Down,
            _ => Direction::Up,
        };
        let place = match check::interrupted(&self.state) {
            Ok(Some((script, _))) => Some(script),
            _ => next_script(&self.world.undisturbed.scripts, &self.state.history, direction)
                .cloned(),
        };
        let place = place.map_or_else(|| "the end".to_owned(), |script| script.to_string());
        self.tally.hit(hit, self.command.name(), &place);
    }
}
