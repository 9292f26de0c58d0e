//! The transaction of a script: on our own connection, or lent to one of SeaORM's files.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait};
use sqlx::Row as _;

use crate::error::OtherSession;
use crate::script::{Body, Script};
use crate::session::Session;

const ID: &str = "SELECT pg_current_xact_id()::text AS id, pg_backend_pid() AS pid";

/// A transaction, or none.
pub(crate) struct Transaction {
    /// PostgreSQL's number for it, by which its fate can be asked later.
    id: String,
    lent: Option<DatabaseTransaction>,
}

impl Transaction {
    /// No transaction: each statement commits on its own.
    pub(crate) fn none() -> Self {
        Self { id: String::new(), lent: None }
    }

    pub(crate) async fn begin(session: &Session, script: &Script) -> anyhow::Result<Self> {
        if let Body::Functions { .. } = script.body {
            return Self::own(session).await;
        }
        let transaction = session.lend().await.begin().await?;
        let row = transaction
            .query_one_raw(Statement::from_string(DbBackend::Postgres, ID))
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        is_ours(session, row.try_get("", "pid")?)?;
        Ok(Self { id: row.try_get("", "id")?, lent: Some(transaction) })
    }

    /// One on our own connection, in one round trip.
    pub(crate) async fn own(session: &Session) -> anyhow::Result<Self> {
        let row = session.row(format!("BEGIN; {ID}")).await?;
        is_ours(session, row.try_get("pid")?)?;
        Ok(Self { id: row.try_get("id")?, lent: None })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn lent(&self) -> Option<&DatabaseTransaction> {
        self.lent.as_ref()
    }

    /// A query that says whether the session is still in this transaction.
    pub(crate) fn is_open_sql(&self) -> String {
        format!(
            "SELECT coalesce(pg_current_xact_id_if_assigned()::text = '{}', false) AS is_open",
            self.id
        )
    }

    /// Whether the session is surely not in this transaction any more. One that has failed answers
    /// no question, and is still there.
    pub(crate) async fn was_left(&self, session: &Session) -> bool {
        let sql = self.is_open_sql();
        let is_open: Option<bool> = match &self.lent {
            None => session.row(sql).await.ok().and_then(|row| row.try_get("is_open").ok()),
            Some(transaction) => {
                let statement = Statement::from_string(DbBackend::Postgres, sql);
                let row = transaction.query_one_raw(statement).await.ok().flatten();
                row.and_then(|row| row.try_get("", "is_open").ok())
            }
        };
        is_open == Some(false)
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

/// The lock is another session's, if a pooler that could not be told from the server has given us
/// another one.
fn is_ours(session: &Session, pid: i32) -> anyhow::Result<()> {
    anyhow::ensure!(pid == session.facts.pid, OtherSession);
    Ok(())
}
