//! Statements that work without blocking others: `… INDEX CONCURRENTLY …`.

use sqlx::Row as _;

use crate::event::Event;
use crate::history::LOG;
use crate::plan::Step;
use crate::session::Session;
use crate::sql::literal;
use crate::watch::Watch;

/// A statement that waits for others without anybody waiting behind it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Concurrently {
    /// `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table …`
    Create { index: String, table: String },
    /// Anything else of the kind: drop, reindex, an index without a name, detaching a partition.
    Other,
}

/// What is left to do of such a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// All of it.
    ToDo,
    /// Nothing.
    Done,
}

impl Concurrently {
    /// What kind of such a statement the SQL is; `None` if it is not one.
    pub(crate) fn read(sql: &str) -> Option<Self> {
        let words = words(sql);
        let is =
            |at: usize, word: &str| words.get(at).is_some_and(|w| w.eq_ignore_ascii_case(word));
        if !words.iter().any(|word| word.eq_ignore_ascii_case("concurrently")) {
            return None;
        }
        let detaches = || words.iter().any(|word| word.eq_ignore_ascii_case("detach"));
        match words.first()?.to_ascii_lowercase().as_str() {
            "create" => {
                let mut at = if is(1, "unique") { 2 } else { 1 };
                if !is(at, "index") || !is(at + 1, "concurrently") {
                    return None;
                }
                at += 2;
                if is(at, "if") {
                    at += 3;
                }
                if is(at, "on") || !is(at + 1, "on") {
                    return Some(Self::Other);
                }
                let table = if is(at + 2, "only") { at + 3 } else { at + 2 };
                Some(match words.get(table) {
                    Some(table) => Self::Create { index: folded(&words[at]), table: table.clone() },
                    None => Self::Other,
                })
            }
            "drop" | "reindex" => Some(Self::Other),
            "alter" if detaches() => Some(Self::Other),
            _ => None,
        }
    }

    /// Lifts the lock timeout, and looks what a killed try left behind.
    ///
    /// A killed `CREATE INDEX CONCURRENTLY` leaves an invalid index of that name; the next try would
    /// fail because of it, or, with IF NOT EXISTS, take it for the index that was asked for. So that
    /// one is dropped. But a runner that is killed takes the build with it only if its session ends
    /// too: else the session finishes the index, and nobody records it. So that one is kept.
    pub(crate) async fn before(
        &self,
        session: &Session,
        watch: &Watch<'_>,
        step: &Step,
    ) -> Result<Before, sqlx::Error> {
        let Self::Create { index, table } = self else {
            session.execute("SET lock_timeout = 0").await?;
            return Ok(Before::ToDo);
        };
        if step.again
            && let Some(name) = finished(session, step, index, table).await?
        {
            watch.tell(&Event::FoundFinishedIndex { index: &name });
            return Ok(Before::Done);
        }
        session.execute("SET lock_timeout = 0").await?;
        // An index that another session builds right now is invalid too. Who builds one holds this
        // lock on the table; an autovacuum does as well, and goes away by itself.
        let sql = format!(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i \
             JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relname = {} AND i.indrelid = to_regclass({}) AND NOT i.indisvalid \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l \
               LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
               WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted \
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
               AND l.pid <> pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'autovacuum worker')",
            literal(index),
            literal(table)
        );
        for row in session.rows(sql).await? {
            let index: String = row.try_get(0)?;
            session.execute(format!("DROP INDEX CONCURRENTLY IF EXISTS {index}")).await?;
            watch.tell(&Event::DroppedInvalidIndex { index: &index });
        }
        Ok(Before::ToDo)
    }

    /// Puts the lock timeout back.
    pub(crate) async fn after(session: &Session) -> Result<(), sqlx::Error> {
        let timeout = session.options.lock_timeout.as_millis();
        session.execute(format!("SET lock_timeout = {timeout}")).await.map(drop)
    }
}

/// The valid index of that name, if an earlier try of this very script has made it: it is younger than
/// the entry of the log that says that the script, as it is now, was started.
async fn finished(
    session: &Session,
    step: &Step,
    index: &str,
    table: &str,
) -> Result<Option<String>, sqlx::Error> {
    let log = session.table(LOG);
    let own = format!("kind = '{}' AND name = {}", step.kind.as_str(), literal(&step.name));
    let sql = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relname = {} AND i.indrelid = to_regclass({}) AND i.indisvalid \
         AND EXISTS (SELECT FROM {log} l WHERE {own} AND result = 'started' \
           AND direction = '{}' AND checksum = {} AND age(l.xmin) > age(c.xmin) \
           AND id > (SELECT coalesce(max(id), 0) FROM {log} WHERE {own} AND result = 'done'))",
        literal(index),
        literal(table),
        step.direction.as_str(),
        literal(step.script.checksum)
    );
    session.rows(sql).await?.first().map(|row| row.try_get(0)).transpose()
}

/// An identifier as the catalog has it: unquoted ones in lower case.
fn folded(word: &str) -> String {
    match word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => word.to_lowercase(),
    }
}

/// The words of the statement's head: identifiers with their dots and quotes, without comments. Ends
/// at the first parenthesis, behind which nothing is that matters here.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                word.push(c);
                for c in chars.by_ref() {
                    word.push(c);
                    if c == '"' {
                        break;
                    }
                }
            }
            '-' if chars.peek() == Some(&'-') => while chars.next().is_some_and(|c| c != '\n') {},
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                while let Some(c) = chars.next().filter(|c| !(last == '*' && *c == '/')) {
                    last = c;
                }
            }
            '(' | ';' => break,
            c if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(index: &str, table: &str) -> Option<Concurrently> {
        Some(Concurrently::Create { index: index.to_owned(), table: table.to_owned() })
    }

    #[test]
    fn an_index_built_concurrently_is_recognized_however_it_is_written() {
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY a ON t (x)", create("a", "t")),
            ("create unique index concurrently A on T(x)", create("a", "T")),
            (
                r#"CREATE INDEX CONCURRENTLY IF NOT EXISTS "A b" ON ONLY "s"."T" (x)"#,
                create("A b", r#""s"."T""#),
            ),
            ("-- why\nCREATE /* now */ INDEX CONCURRENTLY a ON t USING gin (x)", create("a", "t")),
            ("CREATE INDEX CONCURRENTLY ON t (x)", Some(Concurrently::Other)),
            ("DROP INDEX CONCURRENTLY IF EXISTS a", Some(Concurrently::Other)),
            ("REINDEX INDEX CONCURRENTLY a", Some(Concurrently::Other)),
            ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", Some(Concurrently::Other)),
            ("CREATE INDEX a ON t (x)", None),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", None),
            ("INSERT INTO t VALUES ('concurrently')", None),
            ("", None),
        ] {
            assert_eq!(Concurrently::read(sql), expected, "{sql}");
        }
    }
}
