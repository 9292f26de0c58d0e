//! A lock at which a script waits until the test lets it go on.

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait as _};

use crate::{execute, wait_until};

/// An advisory lock that the test holds. A script waits at it by `SELECT pg_advisory_xact_lock_shared(number)`.
#[derive(Debug)]
pub struct Gate {
    number: i32,
    held: DatabaseTransaction,
}

impl Gate {
    /// Takes the lock, before the script that waits for it is started.
    ///
    /// # Panics
    /// Panics if the server returns an error.
    pub async fn close(connection: &DatabaseConnection, number: i32) -> Self {
        let held = connection.begin().await.expect("a transaction");
        execute(&held, &format!("SELECT pg_advisory_xact_lock({number})")).await;
        Self { number, held }
    }

    /// Waits until a session waits for the lock.
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
        self.held.rollback().await.expect("the transaction ends");
    }
}
