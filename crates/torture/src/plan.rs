//! The random choices of a case, as values that follow from a random seed and a number.

use fastrand::Rng;

use crate::undisturbed::Undisturbed;
use seedbed::ScriptKind;

/// The state in which a case starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The database does not exist.
    NoDatabase,
    /// The given number of scripts is applied.
    Applied(usize),
}

impl Start {
    /// Returns the number of applied scripts.
    #[must_use]
    pub fn applied(self) -> usize {
        match self {
            Self::NoDatabase => 0,
            Self::Applied(applied) => applied,
        }
    }
}

/// The command of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the commands of the migrator")]
pub enum TestedCommand {
    MigrateUp,
    MigrateUpTo {
        /// The number of scripts that are applied at the end.
        applied: usize,
    },
    MigrateDown,
    MigrateRedo {
        steps: usize,
    },
    SeedUp,
    SeedDown,
    SeedRedo {
        steps: usize,
    },
    FreshStart,
    DbReset,
    /// Reverts only one script, which is half-reverted.
    DownOnly {
        /// The index of the script.
        script: usize,
    },
}

impl TestedCommand {
    /// Returns the arguments of the command.
    #[must_use]
    pub fn args(self, undisturbed: &Undisturbed) -> Vec<String> {
        let words: Vec<String> = match self {
            Self::MigrateUp => vec!["migrate-up".into()],
            Self::MigrateUpTo { applied } => {
                let last = applied.checked_sub(1).and_then(|last| undisturbed.scripts.get(last));
                let name = last.map_or_else(String::new, |script| script.name.clone());
                vec!["migrate-up".into(), "--to".into(), name]
            }
            Self::MigrateDown => vec!["migrate-down".into(), "--all".into()],
            Self::MigrateRedo { steps } => {
                vec!["migrate-redo".into(), "--step".into(), steps.to_string()]
            }
            Self::SeedUp => vec!["seed-up".into()],
            Self::SeedDown => vec!["seed-down".into()],
            Self::SeedRedo { steps } => {
                vec!["seed-redo".into(), "--step".into(), steps.to_string()]
            }
            Self::FreshStart => vec!["fresh-start".into()],
            Self::DbReset => vec!["db-reset".into(), "--yes".into()],
            Self::DownOnly { script } => {
                let script = &undisturbed.scripts[script];
                let command = match script.kind {
                    ScriptKind::Migration => "migrate-down",
                    ScriptKind::Seed => "seed-down",
                };
                vec![command.into(), "--name".into(), script.name.clone()]
            }
        };
        words
    }

    /// Returns the command that continues after a disturbed run. This is the same command, unless it is a redo. A second redo
    /// would start over, and the newest script, which it reverts first, may be another one.
    #[must_use]
    pub fn again(self, start: Start) -> Self {
        match self {
            Self::MigrateRedo { .. } => Self::MigrateUpTo { applied: start.applied() },
            Self::SeedRedo { .. } => Self::SeedUp,
            same => same,
        }
    }

    /// Returns whether the command starts over if it runs again after it has succeeded.
    #[must_use]
    pub fn starts_over(self) -> bool {
        matches!(self, Self::MigrateRedo { .. } | Self::SeedRedo { .. } | Self::DbReset)
    }

    /// Returns the name of the command, without its arguments.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MigrateUp => "migrate-up",
            Self::MigrateUpTo { .. } => "migrate-up --to",
            Self::MigrateDown => "migrate-down --all",
            Self::MigrateRedo { .. } => "migrate-redo",
            Self::SeedUp => "seed-up",
            Self::SeedDown => "seed-down",
            Self::SeedRedo { .. } => "seed-redo",
            Self::FreshStart => "fresh-start",
            Self::DbReset => "db-reset",
            Self::DownOnly { .. } => "migrate-down --name, seed-down --name",
        }
    }
}

/// The way in which a run is disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disturbance {
    /// The runner gets SIGKILL.
    Kill,
    /// The runner gets SIGTERM.
    Terminate,
    /// The runner gets SIGINT.
    Interrupt,
    /// One session of the runner is ended by `pg_terminate_backend`.
    EndSession,
    /// The server is restarted with a shutdown in the mode `immediate`.
    RestartImmediately,
    /// The server is restarted with a shutdown in the mode `fast`.
    RestartFast,
    /// The server process of one session gets SIGKILL, after which the server ends all sessions and recovers.
    CrashServer,
}

impl Disturbance {
    /// All disturbances, with the relative frequency of each.
    const WEIGHTS: [(Self, u32); 7] = [
        (Self::Kill, 30),
        (Self::Terminate, 13),
        (Self::Interrupt, 13),
        (Self::EndSession, 26),
        (Self::RestartImmediately, 8),
        (Self::RestartFast, 4),
        (Self::CrashServer, 6),
    ];

    fn draw(rng: &mut Rng) -> Self {
        let total: u32 = Self::WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = rng.u32(..total);
        for (disturbance, weight) in Self::WEIGHTS {
            if drawn < weight {
                return disturbance;
            }
            drawn -= weight;
        }
        Self::Kill
    }
}

/// The moment of a disturbance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// The moment at which the given fraction of the duration of an undisturbed run has elapsed.
    Part(f64),
    /// The moment at which a runner has reported success. Everything that it reported must be durable.
    Reported,
}

/// One disturbance, at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedDisturbance {
    /// The disturbance.
    pub disturbance: Disturbance,
    /// The moment.
    pub moment: Moment,
    /// The index of the runner that gets a signal.
    pub runner: usize,
}

/// One run of the command, by one runner or by several at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The number of runners that start at once.
    pub runners: usize,
    /// The disturbances, the earliest first.
    pub disturbances: Vec<PlannedDisturbance>,
}

/// A case. After its attempts, the command runs once more without a disturbance.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The number of the case.
    pub number: u64,
    /// The state in which the case starts.
    pub start: Start,
    /// The command of the case.
    pub command: TestedCommand,
    /// The disturbed runs of the case. If one of them reaches the goal, the others are skipped.
    pub attempts: Vec<Attempt>,
}

impl Case {
    /// Draws the case with the given number.
    #[must_use]
    pub fn draw(random_seed: u64, number: u64, migrations: usize, seeds: usize) -> Self {
        // fastrand mixes the bits, so two random seeds have no case in common.
        let mut rng =
            Rng::with_seed(random_seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number));
        let rng = &mut rng;
        let (start, command) = draw_command(rng, migrations, seeds);
        let count = rng.usize(1..=3);
        let is_up = matches!(
            command,
            TestedCommand::MigrateUp
                | TestedCommand::MigrateUpTo { .. }
                | TestedCommand::FreshStart
        );
        let attempts = (0..count)
            .map(|attempt| {
                let is_empty = is_up && attempt == 0 && start.applied() == 0;
                // On an empty database, the commits of a run are asynchronous. They must be durable once the run reports.
                if is_empty && rng.u32(..4) == 0 {
                    Attempt::reported()
                } else {
                    Attempt::draw(rng, command)
                }
            })
            .collect();
        Self { number, start, command, attempts }
    }
}

fn draw_command(rng: &mut Rng, migrations: usize, seeds: usize) -> (Start, TestedCommand) {
    let all = migrations + seeds;
    match rng.u32(..100) {
        0..14 => (Start::Applied(0), TestedCommand::MigrateUp),
        14..32 => (Start::Applied(rng.usize(1..migrations)), TestedCommand::MigrateUp),
        32..38 => {
            let goal = rng.usize(2..=migrations);
            (Start::Applied(rng.usize(..goal)), TestedCommand::MigrateUpTo { applied: goal })
        }
        38..56 => (Start::Applied(rng.usize(1..=migrations)), TestedCommand::MigrateDown),
        56..60 => (Start::Applied(all), TestedCommand::MigrateDown),
        60..70 => {
            let applied = rng.usize(2..=migrations);
            (
                Start::Applied(applied),
                TestedCommand::MigrateRedo { steps: rng.usize(1..=applied.min(4)) },
            )
        }
        70..77 => (Start::Applied(rng.usize(migrations..all)), TestedCommand::SeedUp),
        77..83 => (Start::Applied(rng.usize(migrations + 1..=all)), TestedCommand::SeedDown),
        83..86 => (Start::Applied(all), TestedCommand::SeedRedo { steps: rng.usize(1..=seeds) }),
        86..92 => (Start::NoDatabase, TestedCommand::FreshStart),
        92..97 => (Start::Applied(rng.usize(..all)), TestedCommand::FreshStart),
        _ => (Start::Applied(rng.usize(..=all)), TestedCommand::DbReset),
    }
}

impl Attempt {
    /// Creates an attempt with one runner, after whose report of success the server stops at once.
    fn reported() -> Self {
        let disturbance = Disturbance::RestartImmediately;
        Self {
            runners: 1,
            disturbances: vec![PlannedDisturbance {
                disturbance,
                moment: Moment::Reported,
                runner: 0,
            }],
        }
    }

    /// Returns whether the server stops right after a report. In that case, no other run may flush the commits of this
    /// run to disk.
    #[must_use]
    pub fn needs_quiet(&self) -> bool {
        self.disturbances.iter().any(|planned| planned.moment == Moment::Reported)
    }

    fn draw(rng: &mut Rng, command: TestedCommand) -> Self {
        let is_race = rng.u32(..100) < 12 && command != TestedCommand::DbReset;
        if !is_race {
            return Self { runners: 1, disturbances: vec![PlannedDisturbance::draw(rng, 1)] };
        }
        let runners = match rng.u32(..20) {
            _ if command.starts_over() => rng.usize(2..=4),
            0 => 50,
            1..4 => rng.usize(8..=20),
            _ => rng.usize(2..=7),
        };
        // Half of the races run undisturbed, in which case every runner must succeed.
        let count =
            if command.starts_over() || rng.bool() { 0 } else { rng.usize(1..=runners.min(4)) };
        let mut disturbances: Vec<_> =
            (0..count).map(|_| PlannedDisturbance::draw(rng, runners)).collect();
        disturbances.sort_by(|one, other| one.part().total_cmp(&other.part()));
        Self { runners, disturbances }
    }
}

impl PlannedDisturbance {
    /// Draws a disturbance, its moment, and which of `runners` runners gets a signal.
    fn draw(rng: &mut Rng, runners: usize) -> Self {
        let disturbance = Disturbance::draw(rng);
        let is_restart = matches!(disturbance, Disturbance::RestartImmediately);
        let moment = if is_restart && rng.u32(..4) == 0 {
            Moment::Reported
        } else {
            Moment::Part(rng.f64())
        };
        Self { disturbance, moment, runner: rng.usize(..runners) }
    }

    fn part(&self) -> f64 {
        match self.moment {
            Moment::Part(part) => part,
            Moment::Reported => f64::INFINITY,
        }
    }
}
