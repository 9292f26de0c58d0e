//! The interface through which a script changes the database: [`Schema`].

mod data;
mod enums;
mod inspect;
mod structure;

use std::fmt;

use anyhow::anyhow;
use futures_util::future;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use seedbed_build::{Environment, Name};

use crate::connect::DatabaseLifetime;

/// A boxed future, which the function of a script returns.
pub type BoxFuture<'a, T> = future::BoxFuture<'a, T>;

/// Sends the statements of a script.
///
/// This trait is used as a `dyn` trait with boxed futures, so that rustc does not have to prove for each script that the
/// futures of the driver are `Send`.
pub(crate) trait Statements: Send + Sync {
    fn execute(&self, statement: Statement) -> BoxFuture<'_, Result<ExecResult, DbErr>>;
    fn query(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<QueryResult>, DbErr>>;
    fn name(&self) -> &Name;
    fn environment(&self) -> &Environment;
    fn lifetime(&self) -> DatabaseLifetime;
}

/// The future that a verb of [`Schema`] returns. It sends the statement when it is awaited.
///
/// A verb returns a boxed future and is not an `async fn`, because the code of an `async fn` would be generated in the
/// crate of the scripts, at each edit.
pub type SchemaFuture<'a, T = ()> = BoxFuture<'a, anyhow::Result<T>>;

/// The schema that a script changes, which Sequelize calls the query interface.
///
/// The schema has the verbs ([`create_table`](Self::create_table), [`add_column`](Self::add_column),
/// [`bulk_insert`](Self::bulk_insert), …) and is a SeaORM connection too, so that
/// `Entity::insert_many(rows).exec(schema)` works in a seed.
///
/// Identifiers are strings; they are quoted, so upper case and special characters are kept. A verb sends its statement
/// without preparing it. A verb commits nothing: the script and its row in the history commit together, unless the file
/// says `pub const TRANSACTION: bool = false;`.
#[derive(Clone, Copy)]
pub struct Schema<'c> {
    statements: &'c dyn Statements,
}

impl fmt::Debug for Schema<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schema(for {})", self.name())
    }
}

impl<'c> Schema<'c> {
    pub(crate) fn new(statements: &'c dyn Statements) -> Self {
        Self { statements }
    }

    /// Returns the name of the script that is running.
    #[must_use]
    pub fn name(&self) -> &Name {
        self.statements.name()
    }

    /// Returns the environment of this run: `development`, `test`, `production`, …
    #[must_use]
    pub fn environment(&self) -> &Environment {
        self.statements.environment()
    }

    /// Returns whether the script runs in a temporary database, which `make schema`, `make entities` and tests create
    /// and drop. In SQL, the expression is `current_setting('seedbed.temporary_database', true) = 'on'`.
    ///
    /// This function is for objects that only one database of a server can have:
    ///
    /// ```no_run
    /// # use seedbed_engine::prelude::*;
    /// # async fn up(schema: &Schema<'_>) -> Result {
    /// if !schema.is_temporary_database() {
    ///     schema.create_extension("pg_cron").await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_temporary_database(&self) -> bool {
        self.statements.lifetime().is_temporary()
    }

    /// Runs SQL as it is written, without preparing it. The text is one statement or several.
    ///
    /// # Errors
    /// Fails with the error of the database.
    pub fn execute(&self, sql: impl Into<String>) -> SchemaFuture<'_> {
        self.send(sql.into())
    }

    /// Fails, because the function is still as `make create-migration` wrote it.
    ///
    /// # Errors
    /// Always fails.
    pub fn not_written(&self, file: &str) -> anyhow::Result<()> {
        Err(anyhow!("`{file}` is not written yet").context(UnwrittenScript))
    }

    /// Runs `body` inside a savepoint: on an error, the effects of `body` are rolled back and the rest of the script
    /// may go on.
    ///
    /// ```no_run
    /// # use seedbed_engine::prelude::*;
    /// # async fn up(schema: &Schema<'_>) -> Result {
    /// let done = schema.transaction(async {
    ///     schema.execute("UPDATE users SET email = lower(email)").await?;
    ///     schema.add_index(index("users", ["email"]).unique()).await
    /// });
    /// if done.await.is_err() {
    ///     schema.add_index(index("users", ["email"])).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `body` is a future and not a closure, because rustc cannot prove yet that the future of an async closure over a
    /// borrowed schema is `Send`, and the future of a script must be `Send`.
    ///
    /// # Errors
    /// Fails with the error of `body`, or with the error of the savepoint. A script without a transaction always gets the
    /// error of the savepoint.
    pub async fn transaction<T>(
        &self,
        body: impl Future<Output = anyhow::Result<T>> + Send,
    ) -> anyhow::Result<T> {
        self.send("SAVEPOINT seedbed_nested".to_owned()).await?;
        match body.await {
            Ok(value) => {
                self.send("RELEASE SAVEPOINT seedbed_nested".to_owned()).await?;
                Ok(value)
            }
            Err(error) => {
                let undo = "ROLLBACK TO SAVEPOINT seedbed_nested; RELEASE SAVEPOINT seedbed_nested";
                self.send(undo.to_owned()).await?;
                Err(error)
            }
        }
    }

    fn send(&self, sql: String) -> SchemaFuture<'_> {
        Box::pin(async move {
            let statement = Statement::from_string(DbBackend::Postgres, sql);
            self.statements.execute(statement).await?;
            Ok(())
        })
    }
}

/// Marks the error of an unwritten script, so that the report can say what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnwrittenScript;

impl fmt::Display for UnwrittenScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not written yet")
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Schema<'_> {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.statements.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        self.statements.execute(statement).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let rows = self.statements.query(statement).await?;
        Ok(rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.query(statement).await
    }
}
