//! Reads the errors of the driver: their SQLSTATE, their reason, and whether they end the session.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use seedbed_config::reason;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// Returns whether the error has the given SQLSTATE.
pub(crate) fn has_code(error: &sqlx::Error, code: &str) -> bool {
    let has = error.as_database_error().and_then(|error| error.code());
    has.is_some_and(|has| has == code)
}

/// Finds the error of the database in the chain of errors.
pub(crate) fn database_error(error: &anyhow::Error) -> Option<&PgDatabaseError> {
    driver_error(error)?.as_database_error()?.try_downcast_ref()
}

/// Finds the error of the driver in the chain of errors.
pub(crate) fn driver_error(error: &anyhow::Error) -> Option<&sqlx::Error> {
    error.chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<sqlx::Error>() {
            return Some(error);
        }
        match cause.downcast_ref::<DbErr>()? {
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error.as_ref()),
            _ => None,
        }
    })
}

/// Returns whether the session is lost: the server ended it, or does not answer.
pub(crate) fn is_lost(error: &anyhow::Error) -> bool {
    driver_error(error).is_some_and(ends_session)
        || acquire_error(error)
            .is_some_and(|error| matches!(error, ConnAcquireErr::ConnectionClosed))
}

/// Returns whether a statement of a SeaORM file waited for a second connection, because the file itself held the only one.
pub(crate) fn needed_second_connection(error: &anyhow::Error) -> bool {
    acquire_error(error).is_some_and(|error| matches!(error, ConnAcquireErr::Timeout))
}

fn acquire_error(error: &anyhow::Error) -> Option<&ConnAcquireErr> {
    error.chain().find_map(|cause| match cause.downcast_ref::<DbErr>()? {
        DbErr::ConnectionAcquire(error) => Some(error),
        _ => None,
    })
}

/// Returns whether an error of the driver means that the session is lost.
pub(crate) fn ends_session(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    match error {
        Database(error) => error
            .try_downcast_ref::<PgDatabaseError>()
            .is_some_and(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
        Io(_) | Tls(_) | Protocol(_) | PoolTimedOut | PoolClosed | WorkerCrashed => true,
        _ => false,
    }
}

/// Returns why a session was lost.
///
/// The pool that SeaORM uses tests a connection that is returned to it. It closes a broken one and tries to open another
/// at an address that does not exist (see [`pool_of_one`](crate::connect::pool_of_one)). The error of that attempt is not
/// the reason.
pub(crate) fn loss_reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "the connection was closed between two statements".to_owned()
        }
        error => reason(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_that_the_pool_could_not_replace_is_reported_as_closed() {
        let error = |kind: std::io::ErrorKind| sqlx::Error::Io(kind.into());
        let closed = error(std::io::ErrorKind::NotFound);
        assert_eq!(loss_reason(&closed), "the connection was closed between two statements");
        let broken = error(std::io::ErrorKind::BrokenPipe);
        assert_eq!(loss_reason(&broken), reason(&broken));
    }
}
