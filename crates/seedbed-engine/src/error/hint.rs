//! The hints of the errors.

use seedbed_build::ScriptKind;
use seedbed_config::{Hint, SuggestedCommand, server_hint};
use seedbed_sql::quote_ident_if_needed;
use sqlx::postgres::PgDatabaseError;

use super::Error;
use super::script_hint::{disk_full_hint, longer_retry_hint};
use crate::driver_error::has_code;
use crate::sqlstate;

/// The `search_path` of a new server.
const DEFAULT_SEARCH_PATH: &str = r#""$user", public"#;

impl Error {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        const MIGRATION: ScriptKind = ScriptKind::Migration;
        Some(match self {
            Self::Connect(error) => return error.hint(),
            Self::Scripts(error) => error.hint().into(),
            Self::Plan(error) => error.hint(),
            Self::Script(error) => return error.hint(),
            Self::NotDropped { cause } => return cause.hint(),
            Self::MigrationsPending { .. } => Hint::text("run ")
                .then_command(SuggestedCommand::Up { kind: MIGRATION, name: None })
                .then(" first"),
            Self::NoRightToCreateTemporaryDatabase { role, .. } => Hint::text(format!(
                "as an administrator, run `ALTER ROLE {} CREATEDB;`, or use a server on which the role may create \
                 databases: `export DATABASE_URL=$(",
                quote_ident_if_needed(role)
            ))
            .then_bare_command(SuggestedCommand::DbUrl)
            .then(")` selects the development server, and the database in the URL is not changed"),
            Self::OtherHistory { other } => other.hint(),
            Self::CommitUnknown { .. } => {
                Hint::command(SuggestedCommand::Status { kind: MIGRATION })
                    .then(" shows whether the script is applied")
            }
            _ => return self.text_hint().map(Hint::from),
        })
    }

    /// Returns the hint of an error whose hint names no command of Seedbed.
    fn text_hint(&self) -> Option<String> {
        match self {
            Self::Interrupted => Some("run the same command again to continue".to_owned()),
            Self::LockWait { .. } => {
                Some("`--lock-wait 10m` waits longer; without `--lock-wait` there is no limit".to_owned())
            }
            Self::HistoryLocked { retried_for, .. } => Some(longer_retry_hint(*retried_for)),
            Self::Pooler { .. } | Self::OtherSession { .. } => Some(
                "set DATABASE_URL to the direct address of PostgreSQL (often the same host with port 5432), \
                 or to a pool in session mode"
                    .to_owned(),
            ),
            Self::NoSchemaInNewDatabase => Some(
                "remove the search path from DATABASE_URL; the first migration can create the schema"
                    .to_owned(),
            ),
            Self::SessionLost { .. } | Self::CommitsLost { .. } | Self::CommitsUnknown { .. } => {
                Some("run the same command again when the server is back".to_owned())
            }
            Self::Standby { .. } => {
                Some("set DATABASE_URL to the primary server".to_owned())
            }
            Self::NotRecorded { statement, .. } => Some(format!("as the owner, run `{statement}`")),
            Self::ReadOnly { .. } => Some(
                "if the setting is meant for applications only, add the parameter \
                 `options=-cdefault_transaction_read_only%3Doff` to DATABASE_URL"
                    .to_owned(),
            ),
            Self::Database { source, .. } if has_code(source, sqlstate::DISK_FULL) => {
                Some(disk_full_hint().to_owned())
            }
            Self::Database { source, .. } => source
                .as_database_error()
                .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
                .and_then(server_hint),
            _ => self.privilege_hint(),
        }
    }

    /// Returns the hint of an error about what a role may do, for an administrator or an owner.
    fn privilege_hint(&self) -> Option<String> {
        match self {
            Self::TwoConnections { role, .. } => Some(format!(
                "as an administrator, run `ALTER ROLE {} CONNECTION LIMIT 2;`",
                quote_ident_if_needed(role)
            )),
            Self::HiddenRows { role, table, .. } => Some(format!(
                "as the owner, run `ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;`; or, as an administrator, run \
                 `ALTER ROLE {} BYPASSRLS;`",
                quote_ident_if_needed(role)
            )),
            Self::NoRightToDropDatabase { database, owner, .. } => Some(format!(
                "run the command with `--role {}`; or, as the owner, run `ALTER DATABASE {} OWNER TO …;`",
                quote_ident_if_needed(owner),
                quote_ident_if_needed(database)
            )),
            Self::NoSchema { search_path, role } if search_path == DEFAULT_SEARCH_PATH => {
                Some(format!(
                    "run `CREATE SCHEMA public;`; or, as its owner, run `GRANT CREATE, USAGE ON SCHEMA public TO {};`",
                    quote_ident_if_needed(role)
                ))
            }
            Self::NoSchema { search_path, role } => Some(format!(
                "create one of the schemas in the search path `{search_path}`; or, as the owner of one, run `GRANT CREATE, USAGE \
                 ON SCHEMA … TO {};`; or remove the search path from DATABASE_URL or from the role",
                quote_ident_if_needed(role)
            )),
            Self::NoRight { role, schema, .. } => Some(format!(
                "as the owner, run `GRANT CREATE, USAGE ON SCHEMA {} TO {};`",
                quote_ident_if_needed(schema),
                quote_ident_if_needed(role)
            )),
            Self::NoRightToCreateDatabase { role, database, .. } => Some(format!(
                "as an administrator, run `ALTER ROLE {role} CREATEDB;` or `CREATE DATABASE {} OWNER {role};`",
                quote_ident_if_needed(database),
                role = quote_ident_if_needed(role)
            )),
            Self::MayNotRead { role, tables, .. } => Some(format!(
                "as the owner, run `GRANT SELECT ON {} TO {};`",
                tables.join(", "),
                quote_ident_if_needed(role)
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_named_like_a_keyword_is_quoted_in_a_hint() {
        for (role, expected) in [("user", r#"TO "user";`"#), ("app", "TO app;`")] {
            let search_path = DEFAULT_SEARCH_PATH.to_owned();
            let error = Error::NoSchema { search_path, role: role.to_owned() };
            let hint = error.hint().expect("a hint").to_string();
            assert!(hint.ends_with(expected), "{hint}");
        }
    }
}
