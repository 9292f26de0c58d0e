//! The transaction of a script: on the connection of the session, or in the form that a SeaORM file requires.

use anyhow::{anyhow, ensure};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait, TryGetable,
};
use sqlx::{Decode, Postgres, Row as _, Type};

use crate::error::{RowSuppressed, RunnerLockReleased, SessionChanged, TransactionEnded};
use crate::history_store::HistoryTables;
use crate::lock::LockKey;
use crate::script::{Script, ScriptDefinition};
use crate::session::Session;

/// A transaction of the session.
pub(crate) struct Transaction {
    /// The transaction id, with which the outcome of the transaction can be queried later.
    id: String,
    /// The transaction in the form that a SeaORM file requires; `None` for every other script.
    sea_orm_transaction: Option<DatabaseTransaction>,
}

/// The query for the id of the current transaction and the process id of its server process.
const IDENTITY_SQL: &str = "SELECT pg_current_xact_id()::text AS id, pg_backend_pid() AS pid";

impl Transaction {
    /// Begins the transaction of a script. The session needs no reset before, because the end of the previous script has
    /// reset it.
    ///
    /// # Errors
    /// Fails with [`SessionChanged`] if this is no longer the session that holds the lock.
    pub(crate) async fn begin(session: &Session, script: &Script) -> anyhow::Result<Self> {
        if let ScriptDefinition::Functions { .. } = script.definition {
            return Self::begin_own(session).await;
        }
        let transaction = session.as_sea_orm().await.begin().await?;
        let statement = Statement::from_string(DbBackend::Postgres, IDENTITY_SQL);
        let row = transaction.query_one_raw(statement).await?.ok_or(sqlx::Error::RowNotFound)?;
        // A pooler that the probe did not detect may have given this connection another session.
        ensure!(row.try_get::<i32>("", "pid")? == session.pid, SessionChanged);
        Ok(Self { id: row.try_get("", "id")?, sea_orm_transaction: Some(transaction) })
    }

    /// Begins a transaction on the connection of the session, without SeaORM, in one round trip.
    ///
    /// # Errors
    /// Fails as [`begin`](Self::begin) does.
    pub(crate) async fn begin_own(session: &Session) -> anyhow::Result<Self> {
        let row = session.row(format!("BEGIN; {IDENTITY_SQL}")).await?;
        ensure!(row.try_get::<i32, _>("pid")? == session.pid, SessionChanged);
        Ok(Self { id: row.try_get("id")?, sea_orm_transaction: None })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn as_sea_orm(&self) -> Option<&DatabaseTransaction> {
        self.sea_orm_transaction.as_ref()
    }

    /// Returns whether the session is certainly no longer in this transaction. A failed transaction rejects every
    /// query, but is still open.
    pub(crate) async fn was_ended_by_script(&self, session: &Session) -> bool {
        self.query_value::<bool>(session, self.is_open_sql()).await.is_ok_and(|is_open| !is_open)
    }

    fn is_open_sql(&self) -> String {
        format!(
            "SELECT coalesce(pg_current_xact_id_if_assigned()::text = '{}', false) AS value",
            self.id
        )
    }

    /// Returns the column `value` of the one row of a query inside the transaction.
    pub(crate) async fn query_value<T>(&self, session: &Session, sql: String) -> anyhow::Result<T>
    where
        T: TryGetable + Type<Postgres> + for<'r> Decode<'r, Postgres>,
    {
        query_value(session, Some(self), sql).await
    }

    /// Runs statements in the transaction, and returns the number of rows that they affected together.
    pub(crate) async fn execute(&self, session: &Session, sql: String) -> anyhow::Result<u64> {
        Ok(match &self.sea_orm_transaction {
            None => session.execute(sql).await?.rows_affected(),
            Some(transaction) => transaction.execute_unprepared(&sql).await?.rows_affected(),
        })
    }

    pub(crate) async fn commit(self, session: &Session) -> anyhow::Result<()> {
        match self.sea_orm_transaction {
            None => session.execute("COMMIT").await.map(drop)?,
            Some(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self, session: &Session) -> anyhow::Result<()> {
        match self.sea_orm_transaction {
            None => session.execute("ROLLBACK").await.map(drop)?,
            Some(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }

    /// Drops the transaction without a ROLLBACK. The server rolls it back because the session ends.
    pub(crate) fn abandon(self) {
        // Dropping a `DatabaseTransaction` in the middle of a statement panics.
        if let Some(transaction) = self.sea_orm_transaction {
            std::mem::forget(transaction);
        }
    }
}

/// Returns the column `value` of the one row of a query, inside the transaction if there is one.
async fn query_value<T>(
    session: &Session,
    transaction: Option<&Transaction>,
    sql: String,
) -> anyhow::Result<T>
where
    T: TryGetable + Type<Postgres> + for<'r> Decode<'r, Postgres>,
{
    Ok(match transaction.and_then(Transaction::as_sea_orm) {
        None => session.row(sql).await?.try_get("value")?,
        Some(transaction) => {
            let statement = Statement::from_string(DbBackend::Postgres, sql);
            let row = transaction.query_one_raw(statement).await?;
            row.ok_or(sqlx::Error::RowNotFound)?.try_get("", "value")?
        }
    })
}

/// Returns the reason why a write to the history wrote too few rows: its condition did not hold, or the database
/// suppressed a row.
pub(crate) async fn unrecorded_error(
    session: &Session,
    transaction: Option<&Transaction>,
    lock: LockKey,
    tables: &HistoryTables,
) -> anyhow::Error {
    let is_same_session = format!("SELECT pg_backend_pid() = {} AS value", session.pid);
    let is_lock_held = format!("SELECT {} AS value", lock.is_held_sql());
    let find = async {
        ensure!(query_value::<bool>(session, transaction, is_same_session).await?, SessionChanged);
        ensure!(query_value::<bool>(session, transaction, is_lock_held).await?, RunnerLockReleased);
        if let Some(transaction) = transaction {
            ensure!(
                transaction.query_value::<bool>(session, transaction.is_open_sql()).await?,
                TransactionEnded
            );
        }
        let sql = tables.suppressor_sql();
        let found: Option<String> = query_value(session, transaction, sql).await?;
        match found {
            Some(found) => Err(serde_json::from_str::<RowSuppressed>(&found)?.into()),
            None => Ok(()),
        }
    };
    match find.await {
        Err(error) => error,
        Ok(()) => anyhow!("the history has changed since the script began"),
    }
}
