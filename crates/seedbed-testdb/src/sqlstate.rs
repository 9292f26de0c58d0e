//! The SQLSTATE codes that this crate handles.

/// The role lacks a right.
pub(crate) const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// The object is of another type than the statement expects, such as a template in `DROP DATABASE`.
pub(crate) const WRONG_OBJECT_TYPE: &str = "42809";

/// The database does not exist.
pub(crate) const UNDEFINED_DATABASE: &str = "3D000";

/// All connections of the server are in use.
pub(crate) const TOO_MANY_CONNECTIONS: &str = "53300";

/// A session is connected to the database, or a replication slot or a subscription belongs to it.
pub(crate) const OBJECT_IN_USE: &str = "55006";

/// The server is starting, stopping or recovering from a crash.
pub(crate) const CANNOT_CONNECT_NOW: &str = "57P03";

/// Returns whether the server reported the error with that code.
pub(crate) fn has_sqlstate(error: &sqlx::Error, code: &str) -> bool {
    let reported = error.as_database_error().and_then(|error| error.code());
    reported.is_some_and(|reported| reported == code)
}
