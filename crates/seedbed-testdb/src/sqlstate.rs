//! The SQLSTATE codes that this crate handles.

/// The SQLSTATE for a missing privilege of the role.
pub(crate) const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// The SQLSTATE for an object of a different type than the statement expects, such as a template in `DROP DATABASE`.
pub(crate) const WRONG_OBJECT_TYPE: &str = "42809";

/// The SQLSTATE for a database that does not exist.
pub(crate) const UNDEFINED_DATABASE: &str = "3D000";

/// The SQLSTATE for a server whose connections are all in use.
pub(crate) const TOO_MANY_CONNECTIONS: &str = "53300";

/// The SQLSTATE for a database with a connected session, or with a replication slot or a subscription.
pub(crate) const OBJECT_IN_USE: &str = "55006";

/// The SQLSTATE for a server that is starting, stopping or recovering from a crash.
pub(crate) const CANNOT_CONNECT_NOW: &str = "57P03";

/// Returns whether the server reported the error with the given code.
pub(crate) fn has_sqlstate(error: &sqlx::Error, code: &str) -> bool {
    let reported = error.as_database_error().and_then(|error| error.code());
    reported.is_some_and(|reported| reported == code)
}
