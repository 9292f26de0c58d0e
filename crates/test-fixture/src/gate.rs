//! A lock that stops a script until the test releases it.

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait as _};

use crate::{execute, wait_until};

/// The number of the lock for which the scripts of the projects `stands-still` and `not-null-in-steps` wait.
pub const SLOW_SCRIPT_GATE: i32 = 77;

/// An advisory lock that the test holds. A script waits for it with `SELECT pg_advisory_xact_lock_shared(number)`.
#[derive(Debug)]
pub struct Gate {
    number: i32,
    transaction: DatabaseTransaction,
}

impl Gate {
    /// Acquires the lock. Call this function before the script starts.
    ///
    /// # Panics
    /// Panics if the server returns an error.
    pub async fn close(connection: &DatabaseConnection, number: i32) -> Self {
        let transaction = connection.begin().await.expect("a transaction");
        execute(&transaction, &format!("SELECT pg_advisory_xact_lock({number})")).await;
        Self { number, transaction }
    }

    /// Waits until a session is waiting for the lock.
    pub async fn reached(&self, connection: &DatabaseConnection) {
        wait_until(
            connection,
            &format!(
                "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                 AND objid = {} AND database = (SELECT oid FROM pg_database \
                 WHERE datname = current_database()))",
                self.number
            ),
        )
        .await;
    }

    /// Releases the lock.
    ///
    /// # Panics
    /// Panics if the server returns an error.
    pub async fn open(self) {
        self.transaction.rollback().await.expect("the transaction ends");
    }
}
