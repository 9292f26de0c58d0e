//! Recognizes `CONCURRENTLY` statements by their tokens.

use seedbed_sql::{SqlName, StatementTokens};
use serde::{Deserialize, Serialize};

/// A statement that works in several transactions and blocks no other session for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConcurrentStatement {
    /// The statement `CREATE [UNIQUE] INDEX CONCURRENTLY …`.
    CreateIndex(CreateIndex),
    /// The statement `DROP INDEX CONCURRENTLY …`.
    DropIndex(SqlName),
    /// The statement `REINDEX … CONCURRENTLY …`, with the name of the index or table; `None` for a whole schema or
    /// database.
    Reindex(Option<SqlName>),
    /// The statement `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`.
    Detach {
        /// The partitioned table.
        table: SqlName,
        /// The partition.
        partition: SqlName,
    },
}

/// The statement `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] [name] ON [ONLY] table …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CreateIndex {
    /// The name; `None` if the server chooses it.
    pub(crate) index: Option<String>,
    pub(crate) table: SqlName,
    pub(crate) is_unique: bool,
    pub(crate) if_not_exists: bool,
    /// The text after the table: method, columns, storage parameters, predicate.
    pub(crate) definition: String,
}

impl ConcurrentStatement {
    /// Parses the SQL text of the given statements. Returns `None` unless the text is a single `CONCURRENTLY`
    /// statement.
    pub(crate) fn parse(sql: &str, statements: &[StatementTokens<'_>]) -> Option<Self> {
        let [statement] = statements else {
            return None;
        };
        if statement.begins_with(&["drop", "index", "concurrently"]) {
            let at = if statement.is_word(3, "if") { 5 } else { 3 };
            return Some(Self::DropIndex(statement.qualified_name(at)?.0));
        }
        if statement.begins_with(&["reindex"]) {
            let at = statement.find_word(1, "concurrently")?;
            let value = statement.tokens().get(at + 1);
            if value.is_some_and(|value| {
                ["false", "off", "0"].contains(&value.text.to_lowercase().as_str())
            }) {
                return None;
            }
            let kind = (1..statement.tokens().len())
                .find(|at| ["index", "table"].iter().any(|word| statement.is_word(*at, word)));
            // CONCURRENTLY follows the kind, as in `REINDEX TABLE CONCURRENTLY t`, or precedes it as an option, as in
            // `REINDEX (CONCURRENTLY, VERBOSE) TABLE t`.
            let name = kind.map(|kind| if at == kind + 1 { kind + 2 } else { kind + 1 });
            return Some(Self::Reindex(name.and_then(|at| Some(statement.qualified_name(at)?.0))));
        }
        if statement.begins_with(&["alter", "table"]) {
            let detach = statement.find_word(2, "detach")?;
            let mut at = if statement.is_word(2, "if") { 4 } else { 2 };
            at += usize::from(statement.is_word(at, "only"));
            let (table, _) = statement.qualified_name(at)?;
            let (partition, at) = statement.qualified_name(detach + 2)?;
            return statement
                .is_word(at, "concurrently")
                .then_some(Self::Detach { table, partition });
        }
        if !statement.begins_with(&["create"]) {
            return None;
        }
        let is_unique = statement.is_word(1, "unique");
        let mut at = 1 + usize::from(is_unique);
        if !statement.is_word(at, "index") || !statement.is_word(at + 1, "concurrently") {
            return None;
        }
        at += 2;
        let if_not_exists = statement.is_word(at, "if");
        at += if if_not_exists { 3 } else { 0 };
        let mut index = None;
        if !statement.is_word(at, "on") {
            index = Some(statement.tokens().get(at)?.name()?);
            at += 1;
        }
        at += 1 + usize::from(statement.is_word(at + 1, "only"));
        let (table, at) = statement.qualified_name(at)?;
        let definition = sql[statement.start_of(at)..statement.end()].to_owned();
        Some(Self::CreateIndex(CreateIndex { index, table, is_unique, if_not_exists, definition }))
    }
}

/// The state that the log stores before a concurrent statement first runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "statement", rename_all = "snake_case")]
pub(crate) enum LoggedStatement {
    /// An index is to be built.
    CreateIndex {
        /// The name of the index, as the script writes it, quoted.
        index: String,
        /// The same name with its schema; `None` if the table does not exist, and in an entry of an earlier version.
        #[serde(default)]
        resolved: Option<String>,
        /// Whether a relation with this name existed.
        existed: bool,
    },
    /// An index whose name the server chooses is to be built.
    CreateUnnamedIndex {
        /// The name of the table with its schema, quoted.
        table: String,
        /// The indexes of the table that were invalid before, quoted and with their schemas.
        invalid_indexes: Vec<String>,
    },
    /// An index is to be dropped.
    DropIndex {
        /// The name of the index, as the script writes it, quoted.
        index: String,
        /// The same name with its schema; `None` if the index does not exist, and in an entry of an earlier version.
        #[serde(default)]
        resolved: Option<String>,
        /// Whether the index existed.
        existed: bool,
    },
    /// A partition is to be detached.
    Detach {
        /// The name of the partition, as the script writes it, quoted.
        partition: String,
        /// The same name with its schema; `None` if the partition does not exist, and in an entry of an earlier version.
        #[serde(default)]
        resolved: Option<String>,
        /// Whether the partition was attached.
        existed: bool,
        /// Whether another session had begun to detach the partition. Earlier versions of Seedbed did not log this.
        #[serde(default)]
        pending: bool,
    },
    /// A SeaORM file, whose statements the engine does not see, is about to run.
    SeaOrm {
        /// The indexes that were invalid before, quoted and with their schemas.
        invalid_indexes: Vec<String>,
        /// The partitions that were being detached before; `None` in an entry of an earlier version of Seedbed, which did
        /// not log them.
        #[serde(default)]
        pending_detaches: Option<Vec<PendingDetach>>,
    },
}

/// A partition whose detaching only `FINALIZE` can finish. The names of the partition and of its table are quoted and
/// have a schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct PendingDetach {
    pub(crate) table: String,
    pub(crate) partition: String,
}

impl LoggedStatement {
    /// Returns whether both values describe the same kind of statement on the same object, whatever existed before. The
    /// same name may mean objects of two schemas, because a script may change its search path.
    pub(crate) fn has_same_object(&self, other: &Self) -> bool {
        let about = |logged_statement: &Self| match logged_statement {
            Self::CreateIndex { index, resolved, .. } => (0, index.clone(), resolved.clone()),
            Self::DropIndex { index, resolved, .. } => (1, index.clone(), resolved.clone()),
            Self::Detach { partition, resolved, .. } => (2, partition.clone(), resolved.clone()),
            Self::SeaOrm { .. } => (3, String::new(), None),
            Self::CreateUnnamedIndex { table, .. } => (4, table.clone(), None),
        };
        let ((kind, written, resolved), (other_kind, other_written, other_resolved)) =
            (about(self), about(other));
        kind == other_kind
            && match (resolved, other_resolved) {
                (Some(resolved), Some(other)) => resolved == other,
                _ => written == other_written,
            }
    }

    /// Returns whether the object of the statement existed before the statement first ran.
    pub(crate) fn existed(&self) -> bool {
        match self {
            Self::CreateIndex { existed, .. }
            | Self::DropIndex { existed, .. }
            | Self::Detach { existed, .. } => *existed,
            Self::CreateUnnamedIndex { .. } | Self::SeaOrm { .. } => false,
        }
    }
}

/// Returns whether the text may run again after a lock timeout. That is the case if no statement can commit by itself,
/// because then all of the text was rolled back.
pub(crate) fn is_safe_to_retry(statements: &[StatementTokens<'_>]) -> bool {
    const COMMITTING: [&str; 11] = [
        "call",
        "do",
        "begin",
        "start",
        "commit",
        "end",
        "rollback",
        "abort",
        "savepoint",
        "release",
        "prepare",
    ];
    statements.iter().all(|statement| !COMMITTING.iter().any(|word| statement.begins_with(&[word])))
}

/// Returns whether the statement ends the transaction in which it runs. `ROLLBACK TO SAVEPOINT` does not.
pub(crate) fn ends_transaction(statement: &StatementTokens<'_>) -> bool {
    let is_rollback = ["rollback", "abort"].iter().any(|word| statement.begins_with(&[word]));
    (is_rollback && statement.find_word(1, "to").is_none())
        || ["commit", "end"].iter().any(|word| statement.begins_with(&[word]))
}

#[cfg(test)]
mod tests {
    use seedbed_sql::statements;

    use super::*;

    fn name(name: &str) -> SqlName {
        SqlName { schema: None, name: name.to_owned() }
    }

    fn create(index: &str, table: SqlName, definition: &str) -> Option<ConcurrentStatement> {
        Some(ConcurrentStatement::CreateIndex(CreateIndex {
            index: Some(index.to_owned()),
            table,
            is_unique: false,
            if_not_exists: false,
            definition: definition.to_owned(),
        }))
    }

    #[test]
    fn a_concurrent_statement_is_recognized_however_it_is_written() {
        let detach =
            || Some(ConcurrentStatement::Detach { table: name("t"), partition: name("p") });
        let t = || SqlName { schema: Some("s".to_owned()), name: "T".to_owned() };
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY a ON t (x)", create("a", name("t"), "(x)")),
            ("create index concurrently A on T(x);", create("a", name("t"), "(x)")),
            (r#"CREATE INDEX CONCURRENTLY "A b" ON ONLY "s"."T" (x)"#, create("A b", t(), "(x)")),
            (
                "/* why /* nested */ this */ CREATE /* now */ INDEX CONCURRENTLY a ON t USING gin (x) -- end",
                create("a", name("t"), "USING gin (x)"),
            ),
            (
                "DROP INDEX CONCURRENTLY IF EXISTS a",
                Some(ConcurrentStatement::DropIndex(name("a"))),
            ),
            ("REINDEX INDEX CONCURRENTLY a", Some(ConcurrentStatement::Reindex(Some(name("a"))))),
            ("REINDEX (CONCURRENTLY) TABLE t", Some(ConcurrentStatement::Reindex(Some(name("t"))))),
            ("REINDEX SCHEMA CONCURRENTLY s", Some(ConcurrentStatement::Reindex(None))),
            ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", detach()),
            ("alter table if exists only t detach partition p concurrently", detach()),
            ("REINDEX (CONCURRENTLY FALSE) TABLE t", None),
            ("REINDEX (VERBOSE, concurrently off) TABLE t", None),
            ("ALTER TABLE t DETACH PARTITION p FINALIZE", None),
            ("CREATE INDEX a ON t (x)", None),
            ("CREATE INDEX CONCURRENTLY a ON t (x); CREATE INDEX CONCURRENTLY b ON t (x)", None),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", None),
            ("INSERT INTO t VALUES ('concurrently')", None),
            ("", None),
        ] {
            assert_eq!(ConcurrentStatement::parse(sql, &statements(sql)), expected, "{sql}");
        }
    }

    #[test]
    fn the_end_of_a_transaction_is_recognized() {
        for (sql, expected) in [
            ("ROLLBACK", true),
            ("rollback and chain;", true),
            ("ROLLBACK TO SAVEPOINT a", false),
            ("ROLLBACK WORK TO a", false),
            ("ABORT", true),
            ("COMMIT", true),
            ("END TRANSACTION", true),
            ("BEGIN", false),
            ("SELECT 'commit'", false),
        ] {
            assert_eq!(statements(sql).iter().any(ends_transaction), expected, "{sql}");
        }
    }

    #[test]
    fn a_statement_that_may_commit_inside_itself_is_not_repeated() {
        for (sql, expected) in [
            ("ALTER TABLE t ADD x int", true),
            ("UPDATE t SET x = 1; UPDATE u SET x = 1", true),
            ("SELECT 'call me'", true),
            ("/* it */ CALL move()", false),
            ("DO $$ BEGIN COMMIT; END $$", false),
            ("SELECT 1; COMMIT", false),
            ("BEGIN", false),
        ] {
            assert_eq!(is_safe_to_retry(&statements(sql)), expected, "{sql}");
        }
    }
}
