//! The states that undisturbed runs leave, recorded after each script, and the databases that cases are cloned from.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use seedbed::{Direction, ScriptKind};

use crate::plan::{Start, TestedCommand};
use crate::runner::{FinishedRun, MigratorProgram};
use crate::server::DisturbedServer;
use crate::state::{AppliedScripts, DatabaseState, Objects, ScriptId};

/// The states that undisturbed runs leave.
#[derive(Debug)]
pub struct Undisturbed {
    /// The scripts in the order in which they are applied: all migrations, and then all seeds.
    pub scripts: Vec<ScriptId>,
    /// The number of scripts that are migrations.
    pub migrations: usize,
    /// The objects of the database for each history that an undisturbed run passes through.
    pub objects: BTreeMap<AppliedScripts, Objects>,
    /// The history after all migrations were reverted while the seeds were applied.
    pub reverted_below_seeds: AppliedScripts,
    /// The durations of runs.
    pub durations: Durations,
}

/// The durations of runs, measured with as many concurrent runs as there are concurrent cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct Durations {
    /// The duration of a run that has nothing to do.
    pub nothing: Duration,
    /// The additional duration for each script.
    pub script: Duration,
}

/// Returns the name of the template in which the first `applied` scripts are applied.
#[must_use]
pub fn template(applied: usize) -> String {
    format!("applied_{applied}")
}

/// The database in which the states are recorded.
const RECORDER: &str = "recorder";

impl Undisturbed {
    /// Applies all scripts to an empty database, one by one, and reverts them one by one: once the migrations while the seeds
    /// are applied, and once the seeds before the migrations. Keeps a template after each script that was applied.
    ///
    /// # Errors
    /// Fails if a run fails, or if `down` of a script is not the inverse of its `up`.
    pub async fn record(
        server: &DisturbedServer,
        migrator: &MigratorProgram,
        parallel: usize,
    ) -> anyhow::Result<Self> {
        let mut recorder = Recorder { server, migrator, objects: BTreeMap::new() };
        server.administer([format!("CREATE DATABASE {RECORDER}")]).await?;
        server.clone_database(RECORDER, &template(0)).await?;
        recorder.note().await?;
        let mut scripts = Vec::new();
        let mut migrations = 0;
        for command in ["migrate-up", "seed-up"] {
            loop {
                let finished = recorder.run(&[command, "--step", "1"]).await?;
                let Some(done) = finished.report.and_then(|report| report.done.into_iter().next())
                else {
                    break;
                };
                scripts.push(done.script);
                recorder.note().await?;
                server.clone_database(RECORDER, &template(scripts.len())).await?;
            }
            migrations = if migrations == 0 { scripts.len() } else { migrations };
        }
        // The migrations are reverted while the seeds are applied, and then the seeds and the migrations.
        let reverted_below_seeds = recorder.revert("migrate-down").await?;
        server.administer([drop_sql(RECORDER)]).await?;
        server.clone_database(&template(scripts.len()), RECORDER).await?;
        recorder.revert("seed-down").await?;
        recorder.revert("migrate-down").await?;
        server.administer([drop_sql(RECORDER)]).await?;
        let objects = recorder.objects;
        let mut undisturbed = Self {
            scripts,
            migrations,
            objects,
            reverted_below_seeds,
            durations: Durations::default(),
        };
        undisturbed.durations = undisturbed.measure(server, migrator, parallel).await?;
        Ok(undisturbed)
    }

    /// Returns the history in which the first `applied` scripts are applied.
    #[must_use]
    pub fn history(&self, applied: usize) -> AppliedScripts {
        self.scripts[..applied].iter().cloned().collect()
    }

    /// Returns the history at which a command ends.
    #[must_use]
    pub fn goal(&self, command: TestedCommand, start: Start) -> AppliedScripts {
        match command {
            TestedCommand::MigrateUp => self.history(self.migrations),
            TestedCommand::MigrateUpTo { applied } => self.history(applied),
            TestedCommand::MigrateDown if start.applied() > self.migrations => {
                self.reverted_below_seeds.clone()
            }
            TestedCommand::MigrateDown => AppliedScripts::new(),
            TestedCommand::MigrateRedo { .. } | TestedCommand::SeedRedo { .. } => {
                self.history(start.applied())
            }
            TestedCommand::SeedUp | TestedCommand::FreshStart | TestedCommand::DbReset => {
                self.history(self.scripts.len())
            }
            TestedCommand::SeedDown => self.history(self.migrations),
            TestedCommand::DownOnly { script } => self.history(script),
        }
    }

    /// Returns the estimated duration of an undisturbed run of the command from the given start.
    #[must_use]
    pub fn duration(&self, command: TestedCommand, start: Start) -> Duration {
        let (all, applied) = (self.scripts.len(), start.applied());
        let steps = match command {
            TestedCommand::MigrateUp => self.migrations.saturating_sub(applied),
            TestedCommand::MigrateUpTo { applied: goal } => goal.saturating_sub(applied),
            TestedCommand::MigrateDown => applied.min(self.migrations),
            TestedCommand::MigrateRedo { steps } | TestedCommand::SeedRedo { steps } => 2 * steps,
            TestedCommand::SeedUp | TestedCommand::FreshStart => all - applied,
            TestedCommand::SeedDown => applied.saturating_sub(self.migrations),
            TestedCommand::DbReset => all + 2,
            TestedCommand::DownOnly { .. } => 1,
        };
        self.durations.nothing + self.durations.script * u32::try_from(steps).unwrap_or(u32::MAX)
    }

    /// Measures runs on `parallel` databases at once.
    async fn measure(
        &self,
        server: &DisturbedServer,
        migrator: &MigratorProgram,
        parallel: usize,
    ) -> anyhow::Result<Durations> {
        let at_once = async |start: usize| -> anyhow::Result<Duration> {
            let names: Vec<String> = (0..parallel).map(|n| format!("measure_{n}")).collect();
            for name in &names {
                server.clone_database(&template(start), name).await?;
            }
            let args = ["migrate-up".to_owned()];
            let mut runners = Vec::new();
            for name in &names {
                runners.push(migrator.start(&server.url(name), &args)?);
            }
            let mut longest = Duration::ZERO;
            for runner in runners {
                longest = longest.max(runner.finished().await?.elapsed);
            }
            for name in &names {
                server.administer([drop_sql(name)]).await?;
            }
            Ok(longest)
        };
        let (all, nothing) = (at_once(0).await?, at_once(self.migrations).await?);
        let scripts = u32::try_from(self.migrations).context("there are few scripts")?;
        Ok(Durations { nothing, script: all.saturating_sub(nothing) / scripts.max(1) })
    }
}

/// Runs commands in the database [`RECORDER`], and records its states.
struct Recorder<'s> {
    server: &'s DisturbedServer,
    migrator: &'s MigratorProgram,
    objects: BTreeMap<AppliedScripts, Objects>,
}

impl Recorder<'_> {
    async fn run(&self, args: &[&str]) -> anyhow::Result<FinishedRun> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let finished = self.migrator.start(&self.server.url(RECORDER), &args)?.finished().await?;
        ensure!(finished.has_succeeded(), "an undisturbed run failed: {finished:?}");
        Ok(finished)
    }

    /// Records the objects of the database for its current history. Fails if the same history had other objects before.
    async fn note(&mut self) -> anyhow::Result<AppliedScripts> {
        let mut connection = self.server.connect(RECORDER).await?;
        let state = DatabaseState::read(&mut connection).await?;
        sqlx::Connection::close(connection).await?;
        if let Some(objects) = self.objects.get(&state.history) {
            let differences = crate::check::differences(objects, &state.objects);
            ensure!(
                differences.is_empty(),
                "one history, two states: some `down` is not the inverse of its `up`\n{}",
                differences.join("\n")
            );
        }
        self.objects.insert(state.history.clone(), state.objects);
        Ok(state.history)
    }

    /// Reverts one script after the other, and returns the remaining history.
    async fn revert(&mut self, command: &str) -> anyhow::Result<AppliedScripts> {
        loop {
            let finished = self.run(&[command, "--step", "1"]).await?;
            let history = self.note().await?;
            if finished.report.is_none_or(|report| report.done.is_empty()) {
                return Ok(history);
            }
        }
    }
}

/// Returns the statement that drops a database.
#[must_use]
pub fn drop_sql(database: &str) -> String {
    format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")
}

/// Returns the script that a run in the given direction would run next with the given history.
#[must_use]
pub fn next_script<'s>(
    scripts: &'s [ScriptId],
    history: &AppliedScripts,
    direction: Direction,
) -> Option<&'s ScriptId> {
    match direction {
        Direction::Up => scripts.iter().find(|script| !history.contains(script)),
        Direction::Down => {
            let migrations =
                scripts.iter().rev().filter(|script| script.kind == ScriptKind::Migration);
            let seeds = scripts.iter().rev().filter(|script| script.kind == ScriptKind::Seed);
            seeds.chain(migrations).find(|script| history.contains(script))
        }
    }
}
