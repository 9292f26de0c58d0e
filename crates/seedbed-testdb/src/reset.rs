//! What a database is when nobody has used it yet, and how a used one becomes that again.
//!
//! Anything that a test has done beyond rows and sequences (a table, a function, a setting of the
//! database, a prepared transaction) makes its instance one that is dropped: only rows are taken out
//! again. That it was only rows is read from PostgreSQL's own counters of written tuples, in which
//! every change of the catalogue shows, a rolled back one too: what was written in the whole database,
//! less what was written to the tables of the template, is the catalogue. A row that a transaction
//! took back is counted too, but perhaps not one that a `COPY` was about to write when it was cancelled:
//! where anything was rolled back, a table was written to if its file is not empty.

mod snapshot;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// A template as it was finished. Its instances have the same oids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TemplateSnapshot {
    tables: Vec<Table>,
    sequences: Vec<Sequence>,
    /// How many tables have been vacuumed or analyzed.
    analyzed: i64,
    /// What is said of the database outside of it.
    database: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Table {
    oid: u32,
    /// Where it keeps what is too long for a row; 0 if it has no such table.
    toast: u32,
    /// With its schema, quoted.
    name: String,
    has_triggers: bool,
    /// What TRUNCATE changes in its row of the catalogue and in those of its indexes.
    marks: Vec<Mark>,
    rows: Rows,
}

/// What the planner goes by before it has statistics: see `estimate_rel_size` in PostgreSQL's
/// `plancat.c`.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Mark {
    oid: u32,
    pages: i32,
    tuples: f32,
}

/// The rows that a table of the template has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Rows {
    None,
    /// They are in the records, to be copied into these columns.
    Kept {
        columns: String,
    },
    /// Too many, or the table has statistics that emptying it would take away.
    Fixed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sequence {
    oid: u32,
    value: i64,
    is_called: bool,
}

/// What became of an instance.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reset {
    /// It is as its template, and this is its state now.
    Done(State),
    /// It is not, for that reason, and has to be dropped.
    Beyond(&'static str),
}

/// What tells an instance that nobody has written to from one that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// See [`counters`].
    pub(crate) counters: Vec<i64>,
    /// Since when they count: of the server, and of the database.
    pub(crate) stats_epoch: String,
}

/// What an instance looks like after a test.
#[derive(Debug)]
pub(crate) struct Inspection {
    state: State,
    /// Whether writing is counted.
    is_counted: bool,
    /// The tables without rows in the template that were written to.
    written: Vec<u32>,
    analyzed: i64,
    database: String,
}

const ANALYZED: &str = "\
    SELECT count(*) AS analyzed FROM pg_class \
    WHERE oid >= 16384 AND relkind IN ('r', 'm') AND reltuples >= 0";

/// What CREATE DATABASE does not copy, or what keeps the database from being dropped.
const DATABASE: &str = "\
    SELECT concat_ws(' ', d.datdba, d.datallowconn, d.datconnlimit, d.datistemplate, d.datacl, \
    (SELECT description FROM pg_shdescription WHERE objoid = d.oid AND classoid = \
    'pg_database'::regclass), (SELECT string_agg(concat(s.setrole, s.setconfig), ' ' \
    ORDER BY s.setrole) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid), \
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = d.datname), \
    (SELECT count(*) FROM pg_replication_slots WHERE database = d.datname), \
    (SELECT count(*) FROM pg_subscription WHERE subdbid = d.oid)) AS database \
    FROM pg_database d WHERE d.datname = current_database()";

/// Since when the counters count: a crash begins all of them again, and `pg_stat_reset` those of a
/// database.
const STATS_EPOCH: &str = "\
    concat_ws(' ', (SELECT stats_reset::text FROM pg_stat_archiver), coalesce((SELECT \
    pg_stat_get_db_stat_reset_time(oid)::text FROM pg_database WHERE datname = current_database()), \
    '')) AS era";

/// The sessions of others in this database.
const OTHERS: &str = "\
    FROM pg_stat_get_activity(NULL) WHERE pid <> pg_backend_pid() \
    AND datid = (SELECT oid FROM pg_database WHERE datname = current_database())";

const COUNTED: &str = "current_setting('track_counts')::bool AS is_counted";

/// The tuples written, ever, to the table `t`.
const WRITTEN: &str = "pg_stat_get_tuples_inserted(t) + pg_stat_get_tuples_updated(t) \
    + pg_stat_get_tuples_deleted(t)";

/// The transactions rolled back, ever, in this database.
const ROLLED_BACK: &str = "\
    pg_stat_get_db_xact_rollback(oid) FROM pg_database WHERE datname = current_database()";

/// The tuples written to the catalogue, the transactions rolled back, and the tuples written to each
/// table that has rows in the template.
///
/// The first is what was written to the whole database less what was written to tables: to those with
/// rows ($1, and $2 are their toast tables), and to the `others`, whose counters are set to nothing
/// when they are emptied.
fn counters(others: &str) -> String {
    format!(
        "ARRAY[(SELECT pg_stat_get_db_tuples_inserted(oid) + pg_stat_get_db_tuples_updated(oid) \
         + pg_stat_get_db_tuples_deleted(oid) FROM pg_database WHERE datname = current_database()) \
         - coalesce((SELECT sum({WRITTEN})::bigint FROM \
         (SELECT unnest($1) UNION ALL SELECT unnest($2) {others}) q (t)), 0), \
         (SELECT {ROLLED_BACK})] || ARRAY(SELECT {WRITTEN} FROM unnest($1) WITH ORDINALITY u (t, n) ORDER BY n) AS counters"
    )
}

/// Ends all other sessions in the instance in which `session` is, and counts them.
pub(crate) async fn end_others(session: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let sql = format!("SELECT count(pg_terminate_backend(pid)) {OTHERS}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(session).await
}

impl TemplateSnapshot {
    /// The state of a clone that nobody has been in: PostgreSQL begins its counters with it.
    pub(crate) fn new_state(&self, stats_epoch: &str) -> State {
        State {
            counters: vec![0; 2 + self.filled().count()],
            stats_epoch: format!("{stats_epoch} "),
        }
    }

    /// The tables that have rows.
    fn filled(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.rows != Rows::None)
    }

    /// Looks at what the sessions that have ended have left behind; nothing if one is there again. When
    /// one is gone, its counters have been added up.
    pub(crate) async fn look(
        &self,
        session: &mut PgConnection,
        before: &State,
    ) -> Result<Option<Inspection>, sqlx::Error> {
        let others = "UNION ALL SELECT t FROM written UNION ALL SELECT toast FROM written";
        let sql = format!(
            "WITH written AS MATERIALIZED (SELECT t, toast FROM unnest($3, $4) q (t, toast) \
             WHERE {WRITTEN} > 0 OR (SELECT $5 <> {ROLLED_BACK}) AND pg_relation_size(t) > 0) \
             SELECT {}, {STATS_EPOCH}, {COUNTED}, ARRAY(SELECT t FROM written) AS written, \
             ({ANALYZED}) AS analyzed, ({DATABASE}) AS database \
             WHERE NOT EXISTS (SELECT {OTHERS})",
            counters(others)
        );
        let (empty, toasts) = self.oids(|rows| *rows == Rows::None);
        let look = self.bind_filled(sqlx::query(AssertSqlSafe(sql))).bind(empty).bind(toasts);
        let rolled_back = before.counters.get(1).copied().unwrap_or_default();
        let Some(row) = look.bind(rolled_back).fetch_optional(session).await? else {
            return Ok(None);
        };
        let written: Vec<Oid> = row.try_get("written")?;
        Ok(Some(Inspection {
            state: State { counters: row.try_get("counters")?, stats_epoch: row.try_get("era")? },
            is_counted: row.try_get("is_counted")?,
            written: written.into_iter().map(|Oid(oid)| oid).collect(),
            analyzed: row.try_get("analyzed")?,
            database: row.try_get("database")?,
        }))
    }

    /// The tables with such rows, and the toast table of each.
    fn oids(&self, such: impl Fn(&Rows) -> bool) -> (Vec<Oid>, Vec<Oid>) {
        let tables = self.tables.iter().filter(|table| such(&table.rows));
        tables.map(|table| (Oid(table.oid), Oid(table.toast))).unzip()
    }

    fn bind_filled<'q>(&self, query: Query<'q>) -> Query<'q> {
        let (tables, toasts) = self.oids(|rows| *rows != Rows::None);
        query.bind(tables).bind(toasts)
    }

    /// Which tables have to be emptied, and filled again if they have rows.
    fn decide(&self, seen: &Inspection, before: &State) -> Result<Vec<&Table>, &'static str> {
        if !seen.is_counted {
            return Err("what is written in it is not counted");
        }
        if seen.state.stats_epoch != before.stats_epoch {
            return Err("its counters begin later than its test");
        }
        if seen.database != self.database {
            return Err("its settings or rights are other ones, or it has prepared transactions");
        }
        let ([now, _, filled_now @ ..], [then, _, filled_then @ ..]) =
            (&*seen.state.counters, &*before.counters)
        else {
            return Err("nothing is known of it");
        };
        if now != then || filled_now.len() != filled_then.len() {
            return Err("its schema was changed");
        }
        if seen.analyzed != self.analyzed {
            return Err("it was vacuumed or analyzed");
        }
        let changed = filled_now.iter().zip(filled_then).map(|(now, then)| now != then);
        let filled = self.filled().zip(changed).filter(|(_, changed)| *changed);
        let mut dirty: Vec<&Table> = filled.map(|(table, _)| table).collect();
        if dirty.iter().any(|table| table.rows == Rows::Fixed) {
            return Err("many rows were changed, or those of an analyzed table");
        }
        dirty.extend(self.tables.iter().filter(|table| seen.written.contains(&table.oid)));
        Ok(dirty)
    }

    /// Makes an instance what its template is, if only rows and sequences were changed. `session` is
    /// in it, alone.
    pub(crate) async fn reset(
        &self,
        session: &mut PgConnection,
        before: &State,
        seen: Inspection,
        contents: &[(i64, Vec<u8>)],
    ) -> Result<Reset, sqlx::Error> {
        let dirty = match self.decide(&seen, before) {
            Ok(dirty) => dirty,
            Err(reason) => return Ok(Reset::Beyond(reason)),
        };
        if dirty.is_empty() {
            if let Some(sql) = self.rewind_sql() {
                session.execute(AssertSqlSafe(sql)).await?;
            }
            return Ok(Reset::Done(seen.state));
        }
        // What this session itself has written has to show in the counters that are read next.
        let then = format!("SELECT pg_stat_force_next_flush(); {}", forget_sql(&dirty));
        if !self.refill(session, &dirty, contents, &then).await? {
            return Ok(Reset::Beyond("its rows are not known"));
        }
        let sql = format!(
            "SELECT {}, {STATS_EPOCH} WHERE NOT EXISTS (SELECT {OTHERS}) AND (SELECT {COUNTED})",
            counters("")
        );
        let look = self.bind_filled(sqlx::query(AssertSqlSafe(sql)));
        // Whoever has come in meanwhile, by the URL of the last test, has written to it perhaps.
        let Some(row) = look.fetch_optional(session).await? else {
            return Ok(Reset::Beyond("somebody came back into it"));
        };
        let (counters, stats_epoch) = (row.try_get("counters")?, row.try_get("era")?);
        Ok(Reset::Done(State { counters, stats_epoch }))
    }

    /// Makes a new template what an instance is that was put back: its rows lie in their order and without
    /// gaps, and its sequences have nothing drawn ahead. `session` is in it, alone.
    pub(crate) async fn settle(
        &self,
        session: &mut PgConnection,
        contents: &[(i64, Vec<u8>)],
    ) -> Result<(), sqlx::Error> {
        // Of another role some of the rows may have been hidden by policies, and none is put back.
        let is_superuser = "SELECT current_setting('is_superuser')::bool";
        if !sqlx::query_scalar(is_superuser).fetch_one(&mut *session).await? {
            return Ok(());
        }
        let kept = self.tables.iter().filter(|table| matches!(table.rows, Rows::Kept { .. }));
        let kept: Vec<&Table> = kept.collect();
        if self.refill(session, &kept, contents, "").await.is_err() {
            // Rows that a check refuses which came after them: its instances are dropped, not put back.
            session.execute("ROLLBACK").await?;
        }
        Ok(())
    }

    /// Empties the tables, fills those again that have rows, and sets the sequences back; `then` comes
    /// behind that transaction. False if the rows are not known.
    async fn refill(
        &self,
        session: &mut PgConnection,
        tables: &[&Table],
        contents: &[(i64, Vec<u8>)],
        then: &str,
    ) -> Result<bool, sqlx::Error> {
        let (mut sql, as_before) = empty_sql(tables);
        for table in tables {
            let Rows::Kept { columns } = &table.rows else {
                continue;
            };
            let Some((_, rows)) = contents.iter().find(|(oid, _)| *oid == i64::from(table.oid))
            else {
                return Ok(false);
            };
            if !sql.is_empty() {
                session.execute(AssertSqlSafe(std::mem::take(&mut sql))).await?;
            }
            let copy = format!("COPY {} ({columns}) FROM STDIN (FORMAT binary)", table.name);
            let mut copy = session.copy_in_raw(&copy).await?;
            copy.send(rows.as_slice()).await?;
            copy.finish().await?;
        }
        sql += &as_before;
        sql += &self.rewind_sql().unwrap_or_default();
        sql += "COMMIT; ";
        sql += then;
        session.execute(AssertSqlSafe(sql)).await?;
        Ok(true)
    }

    /// Puts all sequences back: a value that was drawn leaves no trace to look for.
    fn rewind_sql(&self) -> Option<String> {
        let rows = self.sequences.iter().map(|sequence| {
            let Sequence { oid, value, is_called } = sequence;
            format!("({oid}::regclass, {value}::bigint, {is_called})")
        });
        let rows: Vec<String> = rows.collect();
        let rows = (!rows.is_empty()).then(|| rows.join(", "))?;
        Some(format!("SELECT count(setval(s, v, c)) FROM (VALUES {rows}) q (s, v, c); "))
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// Sets the counters of emptied tables to nothing: they count again from the next row on.
fn forget_sql(dirty: &[&Table]) -> String {
    let emptied = dirty.iter().filter(|table| table.rows == Rows::None);
    let oids = emptied.flat_map(|table| [table.oid, table.toast]).filter(|oid| *oid != 0);
    let oids: Vec<String> = oids.map(|oid| oid.to_string()).collect();
    if oids.is_empty() {
        return String::new();
    }
    format!(
        "SELECT count(pg_stat_reset_single_table_counters(t)) FROM unnest('{{{}}}'::oid[]) t; ",
        oids.join(",")
    )
}

/// Begins a transaction and empties the tables. TRUNCATE gives a table the files of a new one, but
/// refuses one that others refer to, though nothing in them does; it looks for them only if the table
/// has triggers, so for this transaction, in which nobody else is here, it has none, and none is run
/// when rows are copied. The second part gives them back, when the tables have been filled again. A
/// change of `session_replication_role` would have all plans made anew.
fn empty_sql(dirty: &[&Table]) -> (String, String) {
    let names: Vec<&str> = dirty.iter().map(|table| table.name.as_str()).collect();
    let with_triggers: Vec<&&Table> = dirty.iter().filter(|table| table.has_triggers).collect();
    let oids: Vec<String> = with_triggers.iter().map(|table| table.oid.to_string()).collect();
    let without =
        format!("UPDATE pg_class SET relhastriggers = false WHERE oid IN ({}); ", oids.join(", "));
    let marks = dirty.iter().flat_map(|table| &table.marks);
    let marks =
        marks.map(|Mark { oid, pages, tuples }| format!("({oid}, {pages}, {tuples}, false)"));
    let tables = with_triggers.iter().map(|table| format!("({}, 0, -1, true)", table.oid));
    let rows: Vec<String> = marks.chain(tables).collect();
    let as_before = format!(
        "UPDATE pg_class c SET relpages = p, reltuples = t, relhastriggers = h \
         FROM (VALUES {}) q (o, p, t, h) WHERE c.oid = o::oid \
         AND (relpages, reltuples, relhastriggers) IS DISTINCT FROM (p, t, h); ",
        rows.join(", ")
    );
    let empty = format!(
        "BEGIN; {}{}",
        if with_triggers.is_empty() { "" } else { &without },
        if names.is_empty() {
            String::new()
        } else {
            format!("TRUNCATE ONLY {}; ", names.join(", ONLY "))
        },
    );
    (empty, if rows.is_empty() { String::new() } else { as_before })
}
