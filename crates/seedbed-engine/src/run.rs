//! The run: read the history, plan, take the lock, read again, plan again, apply.

mod decide;
mod whole;

use std::collections::BTreeSet;

use seedbed_files::Kind;

use self::whole::Whole;
use crate::apply::Apply;
use crate::error::Error;
use crate::event::{Event, Events};
use crate::history::{self, Histories};
use crate::lock;
use crate::plan::{Plan, Request, Step};
use crate::pooler;
use crate::report::Report;
use crate::script::{Project, Scripts};
use crate::session::{Facts, Session};
use crate::status::{Status, status};
use crate::watch::Interrupt;

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
        let (facts, histories) = self.read().await?;
        let times = history::times(self.session, &facts, kind).await;
        let times = times.map_err(Error::database("read the history"))?;
        let environment = &self.session.options.environment;
        Ok(status(self.scripts(kind), histories.of(kind), &times, environment))
    }

    /// Applies or reverts what the request means: each script exactly once, however many runners
    /// there are. If there is nothing to do, no lock is taken.
    ///
    /// # Errors
    /// With the report of what was done before.
    pub async fn run(&self, kind: Kind, request: &Request) -> Result<Report, Failure> {
        // Somebody may have locked it.
        let (_, histories) = self.interrupt.unless(self.read()).await??;
        let plan = self.decide(kind, request, &histories)?;
        if plan.steps.is_empty() {
            return Ok(self.reported(&plan));
        }
        let schema = self.schema()?;
        // It may have to wait for a second connection.
        self.interrupt.unless(pooler::refuse(self.session, self.events)).await??;
        self.session.prepare().await.map_err(Error::database("set up the session"))?;
        lock::acquire(self.session, schema, self.events, &self.interrupt).await?;
        let result = self.locked(kind, request).await;
        // Also on an error, for a session that goes on; if it is lost, the lock is gone with it.
        self.session.free_locks(self.session.facts.pid).await;
        result
    }

    async fn locked(&self, kind: Kind, request: &Request) -> Result<Report, Failure> {
        let (facts, histories) = self.read().await?;
        let plan = self.decide(kind, request, &histories)?;
        let mut report = self.reported(&plan);
        if plan.steps.is_empty() {
            // Another runner did it while this one waited.
            return Ok(report);
        }
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
        let apply =
            Apply { session: self.session, events: self.events, interrupt: &self.interrupt };
        let create = history::create_sql(self.session, kind, facts);
        if self.may_be_one_transaction(histories, &steps).await? {
            match self.in_one_transaction(&apply, create.as_deref(), &steps, report).await? {
                Whole::Done => return Ok(()),
                Whole::Impossible(reason) => {
                    (self.events)(&Event::OneByOne { reason: &reason });
                }
            }
        }
        if let Some(sql) = create {
            self.session.execute(sql).await.map_err(|error| self.no_tables(error))?;
        }
        for step in steps {
            apply.step(&step, report).await?;
        }
        Ok(())
    }

    /// A report with the warnings of the plan, which are told too.
    fn reported(&self, plan: &Plan) -> Report {
        let warnings: BTreeSet<String> = plan.warnings.iter().map(ToString::to_string).collect();
        Report { done: Vec::new(), warnings: warnings.into_iter().collect() }
    }

    fn scripts(&self, kind: Kind) -> &Scripts {
        match kind {
            Kind::Migration => &self.migrations,
            Kind::Seed => &self.seeds,
        }
    }
}
