//! The transaction of a script: on our own connection, or lent to one of SeaORM's files.

use anyhow::{anyhow, ensure};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait};
use sqlx::Row as _;

use crate::error::{LeftTransaction, LockGone, OtherSession};
use crate::lock::LockKey;
use crate::script::{Body, Script};
use crate::session::Session;

/// A transaction, or none.
pub(crate) struct Transaction {
    /// PostgreSQL's number for it, by which its outcome can be asked later.
    id: String,
    lent: Option<DatabaseTransaction>,
}

/// Asks for the number of the transaction and for the session that it is in.
const BEGUN: &str = "SELECT pg_current_xact_id()::text AS id, pg_backend_pid() AS pid";

impl Transaction {
    /// Returns no transaction: each statement commits on its own.
    pub(crate) fn none() -> Self {
        Self { id: String::new(), lent: None }
    }

    /// Begins the transaction of a script. The session is clean: what a script leaves is put back when it is recorded.
    ///
    /// # Errors
    /// Fails with [`OtherSession`] if it is no longer the session that holds the lock.
    pub(crate) async fn begin(session: &Session, script: &Script) -> anyhow::Result<Self> {
        if let Body::Functions { .. } = script.body {
            return Self::begin_own(session).await;
        }
        let transaction = session.as_sea_orm().await.begin().await?;
        let statement = Statement::from_string(DbBackend::Postgres, BEGUN);
        let row = transaction.query_one_raw(statement).await?.ok_or(sqlx::Error::RowNotFound)?;
        // A pooler that could not be told from the server may have given us another session.
        ensure!(row.try_get::<i32>("", "pid")? == session.pid, OtherSession);
        Ok(Self { id: row.try_get("", "id")?, lent: Some(transaction) })
    }

    /// Begins a transaction on our own connection, in one round trip.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub(crate) async fn begin_own(session: &Session) -> anyhow::Result<Self> {
        let row = session.row(format!("BEGIN; {BEGUN}")).await?;
        ensure!(row.try_get::<i32, _>("pid")? == session.pid, OtherSession);
        Ok(Self { id: row.try_get("id")?, lent: None })
    }

    /// Frees the advisory locks that the script has left in its session, and returns whether the runner's is still held.
    pub(crate) async fn free_other_locks(
        &self,
        session: &Session,
        lock: LockKey,
    ) -> anyhow::Result<bool> {
        loop {
            let sql = lock.free_others_sql();
            let (held, freed): (bool, i64) = match &self.lent {
                None => {
                    let row = session.row(sql).await?;
                    (row.try_get("held")?, row.try_get("freed")?)
                }
                Some(transaction) => {
                    let statement = Statement::from_string(DbBackend::Postgres, sql);
                    let row = transaction.query_one_raw(statement).await?;
                    let row = row.ok_or(sqlx::Error::RowNotFound)?;
                    (row.try_get("", "held")?, row.try_get("", "freed")?)
                }
            };
            if !held || freed == 0 {
                return Ok(held);
            }
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn lent(&self) -> Option<&DatabaseTransaction> {
        self.lent.as_ref()
    }

    /// Whether the session is surely no longer in this transaction. A transaction that has failed answers no question, and
    /// is still there.
    pub(crate) async fn was_left(&self, session: &Session) -> bool {
        self.asks(session, self.is_open_sql()).await.is_ok_and(|is_open| !is_open)
    }

    /// Says why the history was not written: what the guard of its statements found.
    pub(crate) async fn why_not_recorded(&self, session: &Session, lock: LockKey) -> anyhow::Error {
        let same = format!("SELECT pg_backend_pid() = {} AS answer", session.pid);
        let held = format!("SELECT {} AS answer", lock.is_held_sql());
        match async {
            ensure!(self.asks(session, same).await?, OtherSession);
            ensure!(self.asks(session, held).await?, LockGone);
            let is_none = self.id.is_empty();
            ensure!(is_none || self.asks(session, self.is_open_sql()).await?, LeftTransaction);
            Ok(())
        }
        .await
        {
            Err(error) => error,
            Ok(()) => anyhow!("the history is not as it was when the script began"),
        }
    }

    fn is_open_sql(&self) -> String {
        format!(
            "SELECT coalesce(pg_current_xact_id_if_assigned()::text = '{}', false) AS answer",
            self.id
        )
    }

    /// Asks a question, whose answer is called so, inside the transaction.
    async fn asks(&self, session: &Session, sql: String) -> anyhow::Result<bool> {
        Ok(match &self.lent {
            None => session.row(sql).await?.try_get("answer")?,
            Some(transaction) => {
                let statement = Statement::from_string(DbBackend::Postgres, sql);
                let row = transaction.query_one_raw(statement).await?;
                row.ok_or(sqlx::Error::RowNotFound)?.try_get("", "answer")?
            }
        })
    }

    /// The one text that a query returns in it, in the column `now`.
    pub(crate) async fn text(&self, session: &Session, sql: String) -> anyhow::Result<String> {
        Ok(match &self.lent {
            None => session.row(sql).await?.try_get("now")?,
            Some(transaction) => {
                let statement = Statement::from_string(DbBackend::Postgres, sql);
                let row = transaction.query_one_raw(statement).await?;
                row.ok_or(sqlx::Error::RowNotFound)?.try_get("", "now")?
            }
        })
    }

    /// Runs statements in it, and says how many rows they changed together.
    pub(crate) async fn execute(&self, session: &Session, sql: String) -> anyhow::Result<u64> {
        Ok(match &self.lent {
            None => session.execute(sql).await?.rows_affected(),
            Some(transaction) => transaction.execute_unprepared(&sql).await?.rows_affected(),
        })
    }

    pub(crate) async fn commit(self, session: &Session) -> anyhow::Result<()> {
        match self.lent {
            None => session.execute("COMMIT").await.map(drop)?,
            Some(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self, session: &Session) -> anyhow::Result<()> {
        match self.lent {
            None => session.execute("ROLLBACK").await.map(drop)?,
            Some(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }

    /// Leaves it to the server, which rolls it back because its session is gone.
    pub(crate) fn abandon(self) {
        // Dropping a `DatabaseTransaction` in the middle of a statement panics.
        if let Some(transaction) = self.lent {
            std::mem::forget(transaction);
        }
    }
}

/// Frees all advisory locks of the session but the runner's.
pub(crate) async fn free_others(session: &Session, lock: LockKey) -> anyhow::Result<()> {
    loop {
        let row = session.row(lock.free_others_sql()).await?;
        ensure!(row.try_get::<bool, _>("held")?, LockGone);
        if row.try_get::<i64, _>("freed")? == 0 {
            return Ok(());
        }
    }
}
