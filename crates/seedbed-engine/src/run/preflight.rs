//! The checks of a run before it begins.

use seedbed_build::ScriptKind;
use sqlx::Row as _;
use sqlx::postgres::PgDatabaseError;

use super::Runner;
use crate::error::Error;
use crate::history::{Histories, History};
use crate::history_store::{self, HistoryTables, HistoryTablesError};
use crate::other_history::{self, OtherHistory};
use crate::plan::{Action, Plan, RunRequest, ensure_none_half_reverted, plan};
use crate::pooler;
use crate::sqlstate;
use seedbed_config::reason;

impl Runner<'_> {
    /// Returns the plan of a run, and refuses everything that a run would refuse. Takes no lock and runs no script.
    ///
    /// # Errors
    /// Fails if [`run`](Self::run) would fail before it runs the first script.
    pub async fn plan(&self, kind: ScriptKind, request: &RunRequest) -> Result<Plan, Error> {
        self.session.ensure_read_write()?;
        let (tables, histories) = self.read_histories().await?;
        let plan = self.plan_with(kind, request, &histories)?;
        if !plan.steps.is_empty() {
            self.ensure_no_other_history(&tables, &histories).await?;
            self.ensure_can_begin(kind, &tables).await?;
        }
        Ok(plan)
    }

    /// Returns the plan of a run of seeds as if all migrations were applied.
    ///
    /// # Errors
    /// Fails as [`plan`](Self::plan) does, but not because migrations are pending.
    pub async fn plan_after_migrations(&self, request: &RunRequest) -> Result<Plan, Error> {
        self.session.ensure_read_write()?;
        let (tables, histories) = self.read_histories().await?;
        let plan = plan(&self.seeds, &histories.seeds, request)?;
        if !plan.steps.is_empty() {
            self.ensure_no_other_history(&tables, &histories).await?;
            self.ensure_can_begin(ScriptKind::Seed, &tables).await?;
        }
        Ok(plan)
    }

    /// Fails if a run would fail at its start, because of a pooler or a missing privilege.
    async fn ensure_can_begin(
        &self,
        kind: ScriptKind,
        tables: &HistoryTables,
    ) -> Result<(), Error> {
        pooler::ensure_no_transaction_pooler(self.session, self.events).await?;
        if tables.create_sql(kind).is_none() {
            return Ok(());
        }
        let doing = "check the privilege to create tables";
        let sql = "SELECT has_schema_privilege(current_schema(), 'CREATE') AS may";
        let row = self.session.row(sql).await.map_err(Error::database(doing))?;
        if row.try_get("may").map_err(Error::database(doing))? {
            return Ok(());
        }
        Err(self.missing_privilege_error(
            tables,
            format!("permission denied for schema {}", tables.schema()),
        ))
    }

    /// Returns the history in another schema that a run would not continue, because the current schema has none and the
    /// URL names no schema. Takes no lock and creates nothing.
    ///
    /// # Errors
    /// Fails if the catalog cannot be read.
    pub async fn history_in_other_schema(&self) -> Result<Option<OtherHistory>, Error> {
        self.find_other_schema_history(&self.history_tables().await?).await
    }

    async fn find_other_schema_history(
        &self,
        tables: &HistoryTables,
    ) -> Result<Option<OtherHistory>, Error> {
        let other = other_history::find_other_schema_history(self.session, tables).await;
        other.map_err(Error::database("look for a history in another schema"))
    }

    /// Fails if the command would begin a history although another schema has one and the URL names no schema. Usually,
    /// the search path has changed.
    pub(super) async fn ensure_no_history_in_other_schema(
        &self,
        tables: &HistoryTables,
    ) -> Result<(), Error> {
        match self.find_other_schema_history(tables).await? {
            Some(other) => Err(Error::OtherHistory { other }),
            None => Ok(()),
        }
    }

    /// Fails as [`ensure_no_history_in_other_schema`](Self::ensure_no_history_in_other_schema) does, and if the database
    /// has the history of another tool and none of Seedbed: its schema exists already, and the first migrations would
    /// create it again.
    pub(super) async fn ensure_no_other_history(
        &self,
        tables: &HistoryTables,
        histories: &Histories,
    ) -> Result<(), Error> {
        self.ensure_no_history_in_other_schema(tables).await?;
        if !histories.is_empty() || self.session.options.ignore_other_history {
            return Ok(());
        }
        let find = || async {
            let other = other_history::find_other_tool_history(self.session).await;
            other.map_err(Error::database("look for the history of another tool"))
        };
        match self.access_history(find).await? {
            Some(other) => Err(Error::OtherHistory { other }),
            None => Ok(()),
        }
    }

    /// Plans the request with the given histories.
    pub(super) fn plan_with(
        &self,
        kind: ScriptKind,
        request: &RunRequest,
        histories: &Histories,
    ) -> Result<Plan, Error> {
        let plan = plan(self.scripts(kind), histories.for_kind(kind), request)?;
        if kind == ScriptKind::Seed && matches!(request.action, Action::Up | Action::Redo) {
            self.ensure_migrations_are_applied(&histories.migrations)?;
        }
        Ok(plan)
    }

    fn ensure_migrations_are_applied(&self, history: &History) -> Result<(), Error> {
        ensure_none_half_reverted(&self.migrations, history)?;
        let mut pending = self.migrations.iter().filter(|(name, _)| !history.is_applied(name));
        match pending.next() {
            None => Ok(()),
            Some((_, first)) => Err(Error::MigrationsPending {
                count: 1 + pending.count(),
                first: first.file.to_owned(),
            }),
        }
    }

    /// Reads the schema of the history tables and which of them exist.
    pub(super) async fn history_tables(&self) -> Result<HistoryTables, Error> {
        HistoryTables::read(self.session).await.map_err(|error| match error {
            HistoryTablesError::Query(source) => Error::database("read the history")(source),
            // `current_schema()` does not return a schema that the role may not use. This must be an error: with another
            // schema, every script would look pending.
            HistoryTablesError::NoSchema { search_path } => Error::NoSchema {
                search_path,
                role: self.session.options.effective_role().to_owned(),
            },
        })
    }

    /// Reads the history tables and both histories. Retries while another session has locked a table.
    pub(super) async fn read_histories(&self) -> Result<(HistoryTables, Histories), Error> {
        self.access_history(|| self.try_read_histories()).await
    }

    async fn try_read_histories(&self) -> Result<(HistoryTables, Histories), Error> {
        let doing = "read the history";
        let role = || self.session.options.effective_role().to_owned();
        let tables = self.history_tables().await?;
        match history_store::read(self.session, &tables).await {
            Ok(histories) => Ok((tables, histories)),
            Err(error) if is_row_security_error(&error) => {
                let found = history_store::hiding_policies(self.session, &tables).await;
                let (table, policies) = found.map_err(Error::database(doing))?;
                Err(Error::HiddenRows { role: role(), table, policies })
            }
            Err(error) if is_permission_denied(&error) => Err(Error::MayNotRead {
                role: role(),
                tables: tables.existing(),
                message: reason(&error),
            }),
            Err(error) => Err(Error::database(doing)(error)),
        }
    }

    /// Creates the error for history tables that could not be created.
    pub(super) fn create_tables_error(&self, tables: &HistoryTables, error: sqlx::Error) -> Error {
        if is_permission_denied(&error) {
            return self.missing_privilege_error(tables, reason(&error));
        }
        Error::database("create the tables of the history")(error)
    }

    fn missing_privilege_error(&self, tables: &HistoryTables, message: String) -> Error {
        Error::NoRight {
            role: self.session.options.effective_role().to_owned(),
            schema: tables.schema().to_owned(),
            message,
        }
    }
}

/// Returns whether the server refused to read with `row_security = off`. A missing privilege has the same SQLSTATE, so the
/// routine of the server's source distinguishes the two in every language.
fn is_row_security_error(error: &sqlx::Error) -> bool {
    let error =
        error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    error.is_some_and(|error| {
        error.code() == sqlstate::INSUFFICIENT_PRIVILEGE
            && error.routine() == Some("check_enable_rls")
    })
}

fn is_permission_denied(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.as_deref() == Some(sqlstate::INSUFFICIENT_PRIVILEGE)
}
