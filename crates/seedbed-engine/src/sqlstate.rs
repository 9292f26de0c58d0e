//! The SQLSTATEs that the engine acts on. The names are those of
//! [PostgreSQL's list](https://www.postgresql.org/docs/current/errcodes-appendix.html).

use sqlx::postgres::PgDatabaseError;

pub(crate) const LOCK_NOT_AVAILABLE: &str = "55P03";
pub(crate) const DEADLOCK_DETECTED: &str = "40P01";
pub(crate) const UNSAFE_NEW_ENUM_VALUE: &str = "55P04";
pub(crate) const INSUFFICIENT_PRIVILEGE: &str = "42501";
pub(crate) const NOT_NULL_VIOLATION: &str = "23502";
pub(crate) const UNIQUE_VIOLATION: &str = "23505";
pub(crate) const FOREIGN_KEY_VIOLATION: &str = "23503";
pub(crate) const DEPENDENT_OBJECTS_STILL_EXIST: &str = "2BP01";
pub(crate) const ACTIVE_SQL_TRANSACTION: &str = "25001";
pub(crate) const READ_ONLY_SQL_TRANSACTION: &str = "25006";
pub(crate) const IN_FAILED_SQL_TRANSACTION: &str = "25P02";
pub(crate) const DISK_FULL: &str = "53100";
pub(crate) const QUERY_CANCELED: &str = "57014";
pub(crate) const TOO_MANY_CONNECTIONS: &str = "53300";
pub(crate) const INVALID_SCHEMA_NAME: &str = "3F000";
pub(crate) const DUPLICATE_COLUMN: &str = "42701";
pub(crate) const UNDEFINED_COLUMN: &str = "42703";
pub(crate) const DUPLICATE_FUNCTION: &str = "42723";
pub(crate) const DUPLICATE_SCHEMA: &str = "42P06";
pub(crate) const UNDEFINED_FUNCTION: &str = "42883";
pub(crate) const UNDEFINED_OBJECT: &str = "42704";
pub(crate) const FEATURE_NOT_SUPPORTED: &str = "0A000";
pub(crate) const UNDEFINED_TABLE: &str = "42P01";
pub(crate) const DUPLICATE_DATABASE: &str = "42P04";
pub(crate) const DUPLICATE_TABLE: &str = "42P07";
pub(crate) const DUPLICATE_OBJECT: &str = "42710";
pub(crate) const UNDEFINED_FILE: &str = "58P01";
pub(crate) const RAISE_EXCEPTION: &str = "P0001";

/// Returns whether the error says that a role exists already. The SQLSTATE is the same for other objects, but only for a
/// role does the server function `CreateRole` report it.
pub(crate) fn is_role_exists(error: &PgDatabaseError) -> bool {
    error.code() == DUPLICATE_OBJECT && error.routine() == Some("CreateRole")
}
