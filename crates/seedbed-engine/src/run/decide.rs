//! What a run decides before it begins, and what it refuses then.

use seedbed_files::Kind;
use sqlx::Row as _;

use super::Runner;
use crate::connect::reason;
use crate::error::{Error, code};
use crate::history::{self, Histories, History};
use crate::plan::{Action, Plan, Request, Warning, plan};
use crate::pooler;
use crate::session::Facts;

impl Runner<'_> {
    /// What a run would do, and refuses what it would refuse. Takes no lock and runs nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run) before it runs the first script.
    pub async fn plan(&self, kind: Kind, request: &Request) -> Result<Plan, Error> {
        let (facts, histories) = self.read().await?;
        let plan = self.decide(kind, request, &histories)?;
        if !plan.steps.is_empty() {
            self.could_begin(kind, &facts).await?;
        }
        Ok(plan)
    }

    /// What a run of seeds would do once all migrations are applied.
    ///
    /// # Errors
    /// As [`plan`](Self::plan), except for migrations that are pending.
    pub async fn plan_after_migrations(&self, request: &Request) -> Result<Plan, Error> {
        let (facts, histories) = self.read().await?;
        let plan = plan(&self.seeds, &histories.seeds, request)?;
        if !plan.steps.is_empty() {
            self.could_begin(Kind::Seed, &facts).await?;
        }
        Ok(plan)
    }

    /// Refuses what a run finds out only as it begins.
    async fn could_begin(&self, kind: Kind, facts: &Facts) -> Result<(), Error> {
        let schema = self.schema()?;
        pooler::refuse(self.session, self.events).await?;
        if history::create_sql(self.session, kind, facts).is_none() {
            return Ok(());
        }
        let doing = "ask for the right to create tables";
        let sql = "SELECT has_schema_privilege(current_schema(), 'CREATE') AS may";
        let row = self.session.row(sql).await.map_err(Error::database(doing))?;
        if row.try_get("may").map_err(Error::database(doing))? {
            return Ok(());
        }
        Err(self.no_right(format!("permission denied for schema {schema}")))
    }

    /// Decides, with what both histories say.
    pub(super) fn decide(
        &self,
        kind: Kind,
        request: &Request,
        histories: &Histories,
    ) -> Result<Plan, Error> {
        let mut plan = plan(self.scripts(kind), histories.of(kind), request)?;
        let seeds = histories.seeds.applied().count();
        match (kind, request.action) {
            (Kind::Seed, Action::Up | Action::Redo) => {
                self.migrations_are_applied(&histories.migrations)?;
            }
            (Kind::Migration, Action::Down | Action::Redo)
                if seeds > 0 && !plan.steps.is_empty() =>
            {
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

    /// The schema that our tables are in.
    pub(super) fn schema(&self) -> Result<&str, Error> {
        let role = || self.session.options.url.user().to_owned();
        self.session.facts.schema.as_deref().ok_or_else(|| Error::NoSchema { role: role() })
    }

    pub(super) async fn read(&self) -> Result<(Facts, Histories), Error> {
        let doing = "read the history";
        let facts = self.session.latest_facts().await.map_err(Error::database(doing))?;
        // A schema that the role may not use is as if it were not there: nothing would look applied.
        self.schema()?;
        match history::read(self.session, &facts).await {
            Ok(histories) => Ok((facts, histories)),
            Err(error) if is_denied(&error) => Err(Error::MayNotRead {
                role: self.session.options.url.user().to_owned(),
                tables: history::tables(&facts),
                message: reason(&error),
            }),
            Err(error) => Err(Error::database(doing)(error)),
        }
    }

    /// Our tables could not be created.
    pub(super) fn no_tables(&self, error: sqlx::Error) -> Error {
        if is_denied(&error) {
            return self.no_right(reason(&error));
        }
        Error::database("create the tables of the history")(error)
    }

    fn no_right(&self, message: String) -> Error {
        Error::NoRight {
            role: self.session.options.url.user().to_owned(),
            schema: self.session.facts.schema.clone().unwrap_or_default(),
            message,
        }
    }
}

fn is_denied(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.as_deref() == Some(code::INSUFFICIENT_PRIVILEGE)
}
