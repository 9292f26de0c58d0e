//! The run: read the history, plan, take the lock, read again, plan again, apply.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use seedbed_files::Kind;
use sqlx::Row as _;

use crate::Direction;
use crate::apply::{Apply, call, entry, may_pass};
use crate::body::{Body, Unit};
use crate::error::{Error, Remains, ScriptError, code, database_error};
use crate::event::{Event, Events};
use crate::history::{self, Guard, Histories, History, done_sql};
use crate::lock;
use crate::plan::{Action, Plan, Request, Step, Warning, plan};
use crate::pooler;
use crate::report::{Outcome, Report};
use crate::retry::Pauses;
use crate::script::{Project, Scripts};
use crate::session::{Facts, Session};
use crate::status::{Status, status};
use crate::transaction::Transaction;
use crate::watch::{Interrupt, Watch, Watched};

/// Runs the scripts of a project on one session.
pub struct Runner<'r> {
    session: &'r Session,
    migrations: Scripts,
    seeds: Scripts,
    events: Events<'r>,
    interrupt: Interrupt,
}

/// Why a run ended before its end, and what it did before that.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub error: Error,
    /// What it did.
    pub report: Report,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, report: Report::default() }
    }
}

/// How the attempt to run everything in one transaction ended.
enum Whole {
    Done(Vec<(Step, Duration)>),
    /// PostgreSQL does not allow it; nothing has happened.
    Impossible(String),
}

impl<'r> Runner<'r> {
    /// A runner on that session. It has not read anything yet.
    ///
    /// # Errors
    /// When two files of the project give one name.
    pub fn new(
        session: &'r Session,
        project: &Project,
        events: Events<'r>,
        interrupt: Interrupt,
    ) -> Result<Self, Error> {
        Ok(Self {
            session,
            migrations: project.scripts(Kind::Migration)?,
            seeds: project.scripts(Kind::Seed)?,
            events,
            interrupt,
        })
    }

    /// The state of every script of that kind. Takes no lock, creates nothing, and needs no right but
    /// to read the history.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn status(&self, kind: Kind) -> Result<Vec<Status>, Error> {
        let (_, histories) = self.read().await?;
        let environment = &self.session.options.environment;
        Ok(status(self.scripts(kind), histories.of(kind), environment))
    }

    /// What a run would do, and refuses what it would refuse. Takes no lock and runs nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run) before it takes the lock.
    pub async fn plan(&self, kind: Kind, request: &Request) -> Result<Plan, Error> {
        let (_, histories) = self.read().await?;
        self.decide(kind, request, &histories)
    }

    /// What a run of seeds would do once all migrations are applied.
    ///
    /// # Errors
    /// As [`plan`](Self::plan), except for migrations that are pending.
    pub async fn plan_after_migrations(&self, request: &Request) -> Result<Plan, Error> {
        let (_, histories) = self.read().await?;
        Ok(plan(&self.seeds, &histories.seeds, request)?)
    }

    /// Applies or reverts what the request means: each script exactly once, however many runners
    /// there are. If there is nothing to do, no lock is taken.
    ///
    /// # Errors
    /// With the report of what was done before.
    pub async fn run(&self, kind: Kind, request: &Request) -> Result<Report, Failure> {
        let plan = self.plan(kind, request).await?;
        if plan.steps.is_empty() {
            return Ok(self.reported(&plan));
        }
        let Some(schema) = &self.session.facts.schema else {
            return Err(Error::NoSchema.into());
        };
        pooler::refuse(self.session, self.events).await?;
        self.session.prepare().await.map_err(Error::database("set up the session"))?;
        lock::acquire(self.session, schema, self.events, &self.interrupt).await?;
        let result = self.locked(kind, request).await;
        // Also on an error, for a session that goes on; if it is lost, the lock is gone with it.
        let _ = self.session.execute("SELECT pg_advisory_unlock_all()").await;
        result
    }

    async fn locked(&self, kind: Kind, request: &Request) -> Result<Report, Failure> {
        let (facts, histories) = self.read().await?;
        let plan = self.decide(kind, request, &histories)?;
        let mut report = self.reported(&plan);
        if let Err(error) = self.apply(kind, &facts, &histories, plan.steps, &mut report).await {
            return Err(Failure { error, report });
        }
        Ok(report)
    }

    async fn apply(
        &self,
        kind: Kind,
        facts: &Facts,
        histories: &Histories,
        steps: Vec<Step>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let create = history::create_sql(self.session, kind, facts);
        if self.may_be_one_transaction(histories, &steps).await? {
            match self.in_one_transaction(create.as_deref(), &steps).await? {
                Whole::Done(done) => {
                    for (step, took) in done {
                        self.finished(report, &step, took);
                    }
                    return Ok(());
                }
                Whole::Impossible(reason) => {
                    (self.events)(&Event::OneByOne { reason: &reason });
                }
            }
        }
        if let Some(sql) = create {
            self.session.execute(sql).await.map_err(|error| self.no_tables(error))?;
        }
        let apply = Apply {
            session: self.session,
            events: self.events,
            interrupt: &self.interrupt,
        };
        for step in steps {
            let took = apply.step(&step).await?;
            report.done.push(outcome(&step, took));
        }
        Ok(())
    }

    fn finished(&self, report: &mut Report, step: &Step, took: Duration) {
        (self.events)(&Event::Finished { name: &step.name, direction: step.direction, took });
        report.done.push(outcome(step, took));
    }

    /// One transaction for the whole run saves a commit for each script, and on an empty database
    /// nobody waits for the locks that it gathers.
    async fn may_be_one_transaction(
        &self,
        histories: &Histories,
        steps: &[Step],
    ) -> Result<bool, Error> {
        let fresh = histories.migrations.rows.is_empty() && histories.seeds.rows.is_empty();
        let plain = |step: &Step| {
            step.direction == Direction::Up
                && step.script.uses_transaction()
                && matches!(step.script.body, crate::script::Body::Functions { .. })
        };
        if !fresh || !steps.iter().all(plain) {
            return Ok(false);
        }
        let sql = "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class c \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' \
            AND n.nspname <> 'information_schema' \
            AND c.relname NOT IN ('seaql_migrations', 'seaql_seeds', 'seedbed_log')) AS empty";
        let row = self.session.row(sql).await.map_err(Error::database("look for tables"))?;
        row.try_get("empty").map_err(Error::database("look for tables"))
    }

    async fn in_one_transaction(
        &self,
        create: Option<&str>,
        steps: &[Step],
    ) -> Result<Whole, Error> {
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        loop {
            let watch = Watch::new(self.session, self.events, &self.interrupt);
            let (step, error, statement) = match self.all_at_once(create, steps, &watch).await? {
                Ok(done) => return Ok(Whole::Done(done)),
                Err(failed) => failed,
            };
            let database = database_error(&error);
            let fallback = [code::UNSAFE_NEW_ENUM_VALUE, code::OBJECT_IN_USE, code::OUT_OF_MEMORY];
            if let Some(database) = database.filter(|error| fallback.contains(&error.code())) {
                return Ok(Whole::Impossible(database.message().to_owned()));
            }
            let pause = pauses.next();
            let retry_for = self.session.options.lock_retry_for;
            if may_pass(&error) && begun.elapsed() + pause < retry_for {
                watch.retrying(step.map_or("the run", |step| &step.name), pause);
                watch.pause(pause).await?;
                continue;
            }
            let Some(step) = step else {
                return Err(match error.downcast::<sqlx::Error>() {
                    Ok(error) => self.no_tables(error),
                    Err(error) => Error::SessionLost {
                        doing: "when the run was committed".to_owned(),
                        reason: format!("{error:#}"),
                    },
                });
            };
            let blocker = watch.blocker().filter(|_| may_pass(&error));
            return Err(Error::Script(Box::new(ScriptError::new(
                step,
                &error,
                statement,
                blocker,
                Remains::NothingOfTheRun,
                retry_for,
            ))));
        }
    }

    /// All scripts and all rows of the history in one transaction. The inner error is rolled back.
    async fn all_at_once<'s>(
        &self,
        create: Option<&str>,
        steps: &'s [Step],
        watch: &Watch<'_>,
    ) -> Result<
        Result<Vec<(Step, Duration)>, (Option<&'s Step>, anyhow::Error, Option<String>)>,
        Error,
    > {
        let apply = Apply {
            session: self.session,
            events: self.events,
            interrupt: &self.interrupt,
        };
        let transaction = Transaction::own(self.session)
            .await
            .map_err(Error::database("begin the run"))?;
        let mut done: Vec<(Step, Duration)> = Vec::with_capacity(steps.len());
        let result = async {
            if let Some(create) = create {
                self.session
                    .execute(create)
                    .await
                    .map_err(|error| (None, error.into(), None))?;
            }
            for step in steps {
                (self.events)(&Event::Started { name: &step.name, direction: step.direction });
                let begun = Instant::now();
                let body = Body::new(self.session, watch, &step.name, Unit::Script);
                let failed = |error| (Some(step), error, body.failed_statement());
                call(step, &body, &transaction).await.map_err(failed)?;
                self.session
                    .execute(self.session.reset_sql())
                    .await
                    .map_err(|error| (Some(step), error.into(), None))?;
                done.push((step.clone(), begun.elapsed()));
            }
            self.record_all(&done, &transaction).await.map_err(|error| (None, error, None))
        };
        let result = match watch.run(result).await {
            Watched::Ended(result) => result,
            Watched::GivenUp => return Err(Error::Interrupted),
        };
        let failed = match result {
            Ok(()) => match transaction.commit(self.session).await {
                Ok(()) => return Ok(Ok(done)),
                Err(error) => (steps.last(), error, None),
            },
            Err(failed) => failed,
        };
        let undone = self.session.execute("ROLLBACK").await.map(drop);
        apply.after_failure(&failed.1, undone.map_err(Into::into)).await?;
        if self.interrupt.came() {
            return Err(Error::Interrupted);
        }
        Ok(Err(failed))
    }

    async fn record_all(
        &self,
        done: &[(Step, Duration)],
        transaction: &Transaction,
    ) -> anyhow::Result<()> {
        let entries: Vec<_> = done.iter().map(|(step, took)| entry(step, *took)).collect();
        let guard = Guard { pid: self.session.facts.pid, transaction: Some(transaction.id()) };
        let written = self.session.execute(done_sql(self.session, &entries, guard)).await?;
        anyhow::ensure!(
            written.rows_affected() == 2 * entries.len() as u64,
            "a script ended the transaction of the run; one that commits by itself says \
             `pub const TRANSACTION: bool = false;`"
        );
        Ok(())
    }

    /// Decides, with what both histories say.
    fn decide(&self, kind: Kind, request: &Request, histories: &Histories) -> Result<Plan, Error> {
        let mut plan = plan(self.scripts(kind), histories.of(kind), request)?;
        if plan.steps.is_empty() {
            return Ok(plan);
        }
        let seeds = histories.seeds.applied().count();
        match (kind, request.action) {
            (Kind::Seed, Action::Up | Action::Redo) => {
                self.migrations_are_applied(&histories.migrations)?;
            }
            (Kind::Migration, Action::Down | Action::Redo) if seeds > 0 => {
                plan.warnings.push(Warning::SeedsApplied { count: seeds });
            }
            _ => {}
        }
        Ok(plan)
    }

    fn migrations_are_applied(&self, history: &History) -> Result<(), Error> {
        let mut pending = self.migrations.iter().filter(|(name, _)| !history.is_applied(name));
        match pending.next() {
            None => Ok(()),
            Some((_, first)) => Err(Error::MigrationsPending {
                count: 1 + pending.count(),
                first: first.file.to_owned(),
            }),
        }
    }

    /// A report with the warnings of the plan, which are told too.
    fn reported(&self, plan: &Plan) -> Report {
        let warnings: BTreeSet<String> = plan.warnings.iter().map(ToString::to_string).collect();
        Report { done: Vec::new(), warnings: warnings.into_iter().collect() }
    }

    async fn read(&self) -> Result<(Facts, Histories), Error> {
        let doing = "read the history";
        let facts = self.session.read_facts().await.map_err(Error::database(doing))?;
        let histories =
            history::read(self.session, &facts).await.map_err(Error::database(doing))?;
        Ok((facts, histories))
    }

    fn scripts(&self, kind: Kind) -> &Scripts {
        match kind {
            Kind::Migration => &self.migrations,
            Kind::Seed => &self.seeds,
        }
    }

    fn no_tables(&self, error: sqlx::Error) -> Error {
        let code = error.as_database_error().and_then(|error| error.code());
        if code.as_deref() == Some(code::INSUFFICIENT_PRIVILEGE) {
            return Error::NoRight {
                role: self.session.options.url.user().to_owned(),
                schema: self.session.facts.schema.clone().unwrap_or_default(),
                message: error.as_database_error().map_or_else(String::new, |e| e.message().to_owned()),
            };
        }
        Error::database("create the tables of the history")(error)
    }
}

fn outcome(step: &Step, took: Duration) -> Outcome {
    Outcome { kind: step.kind, name: step.name.clone(), direction: step.direction, took }
}
