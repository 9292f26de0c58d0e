//! Explains why an object exists already. Names the script that created it, or says that no script of this history did.

use seedbed_build::Name;
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_sql::{SqlName, StatementTokens, quote_literal, statements};
use sqlx::Row as _;
use sqlx::postgres::PgDatabaseError;

use super::Apply;
use super::object_name::name_in_message;
use super::record_applied;
use super::restart::is_restart;
use crate::concurrent_statement::ConcurrentStatement;
use crate::driver_error::database_error;
use crate::plan::Step;
use crate::sqlstate;

/// The origin of an object of the database.
enum ObjectOrigin {
    /// A script created it, according to the log.
    Script(Name),
    /// No script is known to have created it: it was created by hand or by another tool, or changed later.
    Unknown,
}

impl Apply<'_> {
    /// Returns a hint for an object that exists already, and `None` for any other error and for a role, because no
    /// history explains a role. Also returns `None` if the interrupted run of the script may have created the object. The
    /// queries run in the session, so the transaction of the script must have been rolled back.
    pub(super) async fn explain_existing(
        &self,
        step: &Step,
        error: &anyhow::Error,
        statement: Option<&str>,
    ) -> Option<Hint> {
        const EXISTS: [&str; 2] = [sqlstate::DUPLICATE_TABLE, sqlstate::DUPLICATE_OBJECT];
        let exists = |error: &&PgDatabaseError| {
            EXISTS.contains(&error.code()) && !sqlstate::is_role_exists(error)
        };
        let database = database_error(error).filter(exists)?;
        // ADD CONSTRAINT creates an index, which only the message names.
        let created = match statement {
            Some(sql) => created_object(sql, database.code()),
            None => None,
        };
        let created = created.or_else(|| name_in_message(database.message()))?;
        let name = format!("`{}`", created.name);
        if self.is_invalid_index(&created).await {
            return Some(
                format!(
                    "the index {name} is invalid, as a build that failed or was killed leaves it: drop it with \
                     `DROP INDEX CONCURRENTLY {created};`, and run the same command again"
                )
                .into(),
            );
        }
        let origin = self.find_origin(&created).await.unwrap_or(ObjectOrigin::Unknown);
        let file = step.script.file;
        Some(match origin {
            ObjectOrigin::Script(script) if script == step.name => Hint::text(format!(
                "an earlier run of `{file}` created {name}, but the script is not in the history: "
            ))
            .then_command(record_applied(step))
            .then(" records it as applied"),
            ObjectOrigin::Script(script) => Hint::text(format!(
                "`{script}` created {name}, so two scripts create the same object: remove the object from `{file}`, or \
                 rename the object"
            )),
            // The interrupted run may have created the object itself. Of an index that is built concurrently, the log says
            // that it existed before.
            ObjectOrigin::Unknown
                if is_restart(step) && !statement.is_some_and(is_concurrent_build) =>
            {
                return None;
            }
            ObjectOrigin::Unknown => {
                let hint = Hint::text(format!(
                    "no script of this history created {name}; if it is the object that `{file}` creates, "
                ))
                .then_command(record_applied(step))
                .then(" records the script as applied; otherwise rename one of the two");
                if self.is_recreatable().await {
                    hint.then("; this development database was created by ")
                        .then_command(SuggestedCommand::FreshStart)
                        .then(", and ")
                        .then_command(SuggestedCommand::DbReset { yes: false })
                        .then(" recreates it")
                } else {
                    hint
                }
            }
        })
    }

    /// Finds the script that created an object. A script and its entry in the log commit together, so the entry and the
    /// catalog rows of the objects that the script created have the same transaction id (`xmin`). After `pg_restore
    /// --single-transaction`, all rows have the same one, so an id with entries of two scripts identifies neither.
    async fn find_origin(&self, name: &SqlName) -> Result<ObjectOrigin, sqlx::Error> {
        let literal = quote_literal(&name.to_string());
        let sql = format!(
            "WITH applied AS (SELECT name, id, xmin AS xid FROM {} WHERE direction = 'up' AND result IN ('done', 'started')) \
             SELECT l.name FROM applied l WHERE l.xid IN ( \
               SELECT xmin FROM pg_catalog.pg_class WHERE oid = to_regclass({literal}) \
               UNION ALL SELECT xmin FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass({literal}) \
               UNION ALL SELECT xmin FROM pg_catalog.pg_type WHERE oid = to_regtype({literal})) \
             AND NOT EXISTS (SELECT FROM applied other WHERE other.xid = l.xid AND other.name <> l.name) \
             ORDER BY l.id LIMIT 1",
            self.tables.log()
        );
        let rows = self.session.rows(sql).await?;
        match rows.first() {
            Some(row) => row.try_get("name").map(|name: String| ObjectOrigin::Script(name.into())),
            None => Ok(ObjectOrigin::Unknown),
        }
    }

    async fn is_invalid_index(&self, name: &SqlName) -> bool {
        let sql = format!(
            "SELECT FROM pg_catalog.pg_index WHERE NOT indisvalid AND indexrelid = to_regclass({})",
            quote_literal(&name.to_string())
        );
        self.session.rows(sql).await.is_ok_and(|rows| !rows.is_empty())
    }

    /// Returns whether `fresh-start` created this database for development.
    async fn is_recreatable(&self) -> bool {
        if !self.session.options.environment.is_development() {
            return false;
        }
        let sql = format!(
            "SELECT coalesce(shobj_description(oid, 'pg_database') = {}, false) AS is_marked \
             FROM pg_catalog.pg_database WHERE datname = current_database()",
            quote_literal(crate::database::CREATED_BY_FRESH_START)
        );
        match self.session.row(sql).await {
            Ok(row) => row.try_get("is_marked").unwrap_or(false),
            Err(_) => false,
        }
    }
}

/// Returns whether the text is a statement that builds an index concurrently.
fn is_concurrent_build(sql: &str) -> bool {
    let statement = ConcurrentStatement::parse(sql, &statements(sql));
    matches!(statement, Some(ConcurrentStatement::CreateIndex(_)))
}

/// Returns the name of the object that the statement creates. Returns `None` unless the text is a single CREATE
/// statement with a name, for a kind of object that the server reports with the given SQLSTATE.
fn created_object(sql: &str, code: &str) -> Option<SqlName> {
    let [statement] = &statements(sql)[..] else {
        return None;
    };
    if !statement.begins_with(&["create"]) {
        return None;
    }
    const KINDS: [&str; 6] = ["table", "view", "sequence", "index", "type", "domain"];
    // Up to four words, such as `OR REPLACE TEMP RECURSIVE`, stand between CREATE and the kind.
    let kind = (1..statement.tokens().len().min(6))
        .find(|at| KINDS.iter().any(|kind| statement.is_word(*at, kind)))?;
    // For a type, the server reports that the type exists. For everything else, it reports that the relation exists.
    let is_type = statement.is_word(kind, "type") || statement.is_word(kind, "domain");
    if is_type != (code == sqlstate::DUPLICATE_OBJECT) {
        return None;
    }
    statement.qualified_name(name_index(statement, kind + 1)).map(|(name, _)| name)
}

/// Returns the index of the token with which the name begins, given the index of the token after the kind of the object.
/// Skips `CONCURRENTLY` and `IF NOT EXISTS`.
fn name_index(statement: &StatementTokens<'_>, mut at: usize) -> usize {
    at += usize::from(statement.is_word(at, "concurrently"));
    if statement.is_word(at, "if") { at + 3 } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_created_object_is_read_from_the_start_of_a_statement() {
        for (sql, code, expected) in [
            (r#"CREATE TABLE "Users" ( id int )"#, sqlstate::DUPLICATE_TABLE, Some(r#""Users""#)),
            (
                "create unlogged table if not exists s.t (id int)",
                sqlstate::DUPLICATE_TABLE,
                Some(r#""s"."t""#),
            ),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY i ON t (x)",
                sqlstate::DUPLICATE_TABLE,
                Some(r#""i""#),
            ),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", sqlstate::DUPLICATE_TABLE, Some(r#""v""#)),
            ("CREATE TYPE mood AS ENUM ('a')", sqlstate::DUPLICATE_OBJECT, Some(r#""mood""#)),
            ("CREATE TABLE a (); CREATE TABLE b ()", sqlstate::DUPLICATE_TABLE, None),
            ("SELECT 1", sqlstate::DUPLICATE_TABLE, None),
        ] {
            let created = created_object(sql, code).map(|name| name.to_string());
            assert_eq!(created.as_deref(), expected, "{sql}");
        }
    }
}
