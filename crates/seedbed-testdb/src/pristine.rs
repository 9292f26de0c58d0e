//! What a database is when nobody has used it yet, and how a used one becomes that again.
//!
//! Anything that a test has done beyond rows and sequences (a table, a function, a setting of the
//! database, a prepared transaction) makes its instance one that is dropped: only rows are taken out
//! again. That it was only rows is read from PostgreSQL's own counters of written tuples, in which
//! every change of the catalogue shows, a rolled back one too: what was written in the whole database,
//! less what was written to the tables of the template, is the catalogue. A table that the template
//! has without rows was written to if it has a file with anything in it, whatever became of the rows.

mod read;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// A template as it was finished. Its instances have the same oids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pristine {
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
    pub(crate) era: String,
}

/// What an instance looks like after a test.
#[derive(Debug)]
struct Seen {
    state: State,
    /// Whether nobody else is in it, and writing is counted.
    is_sure: bool,
    /// The tables without rows in the template that have a file now.
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
    shobj_description(d.oid, 'pg_database'), (SELECT string_agg(concat(s.setrole, s.setconfig), ' ' \
    ORDER BY s.setrole) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid), \
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = d.datname), \
    (SELECT count(*) FROM pg_replication_slots WHERE database = d.datname), \
    (SELECT count(*) FROM pg_subscription WHERE subdbid = d.oid)) AS database \
    FROM pg_database d WHERE d.datname = current_database()";

/// Since when the counters count: a crash begins all of them again, and `pg_stat_reset` those of a
/// database.
const ERA: &str = "\
    concat_ws(' ', (SELECT stats_reset::text FROM pg_stat_archiver), coalesce((SELECT \
    pg_stat_get_db_stat_reset_time(oid)::text FROM pg_database WHERE datname = current_database()), \
    '')) AS era";

const SURE: &str = "\
    current_setting('track_counts')::bool AND NOT EXISTS (SELECT FROM pg_stat_get_activity(NULL) a, \
    pg_database d WHERE d.datname = current_database() AND a.datid = d.oid \
    AND a.pid <> pg_backend_pid()) AS is_sure";

/// The tuples written, ever, to the table `t`.
const WRITTEN: &str = "pg_stat_get_tuples_inserted(t) + pg_stat_get_tuples_updated(t) \
    + pg_stat_get_tuples_deleted(t)";

/// The tuples written to the catalogue, and those written to each table that has rows in the template.
///
/// The first is what was written to the whole database less what was written to tables: to those with
/// rows ($1, and $2 are their toast tables), and to the `others`, whose counters are set to nothing
/// when they are emptied.
fn counters(others: &str) -> String {
    format!(
        "(SELECT pg_stat_get_db_tuples_inserted(oid) + pg_stat_get_db_tuples_updated(oid) \
         + pg_stat_get_db_tuples_deleted(oid) FROM pg_database WHERE datname = current_database()) \
         - coalesce((SELECT sum({WRITTEN})::bigint FROM \
         (SELECT unnest($1) UNION ALL SELECT unnest($2) {others}) q (t)), 0) \
         || ARRAY(SELECT {WRITTEN} FROM unnest($1) WITH ORDINALITY u (t, n) ORDER BY n) AS counters"
    )
}

impl Pristine {
    /// The state of a clone that nobody has been in: PostgreSQL begins its counters with it.
    pub(crate) fn new_state(&self, era: &str) -> State {
        State { counters: vec![0; 1 + self.filled().count()], era: format!("{era} ") }
    }

    /// The tables that have rows.
    fn filled(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.rows != Rows::None)
    }

    /// What a test has left behind in the instance in which `session` is, alone.
    async fn look(&self, session: &mut PgConnection) -> Result<Seen, sqlx::Error> {
        let others = "UNION ALL SELECT oid FROM w UNION ALL SELECT reltoastrelid FROM w";
        let sql = format!(
            "WITH w AS MATERIALIZED (SELECT oid, reltoastrelid FROM pg_class \
             WHERE oid = ANY ($3) AND pg_relation_size(oid) > 0) \
             SELECT {}, {ERA}, {SURE}, ARRAY(SELECT oid FROM w) AS written, \
             ({ANALYZED}) AS analyzed, ({DATABASE}) AS database",
            counters(others)
        );
        let empty = self.tables.iter().filter(|table| table.rows == Rows::None);
        let look = self.bind_filled(sqlx::query(AssertSqlSafe(sql)));
        let empty: Vec<Oid> = empty.map(|table| Oid(table.oid)).collect();
        let row = look.bind(empty).fetch_one(session).await?;
        let written: Vec<Oid> = row.try_get("written")?;
        Ok(Seen {
            state: State { counters: row.try_get("counters")?, era: row.try_get("era")? },
            is_sure: row.try_get("is_sure")?,
            written: written.into_iter().map(|Oid(oid)| oid).collect(),
            analyzed: row.try_get("analyzed")?,
            database: row.try_get("database")?,
        })
    }

    fn bind_filled<'q>(&self, query: Query<'q>) -> Query<'q> {
        let tables: Vec<Oid> = self.filled().map(|table| Oid(table.oid)).collect();
        let toasts: Vec<Oid> = self.filled().map(|table| Oid(table.toast)).collect();
        query.bind(tables).bind(toasts)
    }

    /// Which tables have to be emptied, and filled again if they have rows.
    fn decide(&self, seen: &Seen, before: &State) -> Result<Vec<&Table>, &'static str> {
        if !seen.is_sure {
            return Err("somebody else is in it, or what is written is not counted");
        }
        if seen.state.era != before.era {
            return Err("its counters begin later than its test");
        }
        if seen.database != self.database {
            return Err("its settings or rights are other ones, or it has prepared transactions");
        }
        let (Some((now, filled_now)), Some((then, filled_then))) =
            (seen.state.counters.split_first(), before.counters.split_first())
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
        contents: &[(i64, Vec<u8>)],
    ) -> Result<Reset, sqlx::Error> {
        let seen = self.look(session).await?;
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
        let (mut sql, as_before) = empty_sql(&dirty);
        for table in &dirty {
            let Rows::Kept { columns } = &table.rows else {
                continue;
            };
            let Some((_, rows)) = contents.iter().find(|(oid, _)| *oid == i64::from(table.oid))
            else {
                return Ok(Reset::Beyond("its rows are not known"));
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
        if let Some(rewind) = self.rewind_sql() {
            sql += &rewind;
        }
        // What this session itself has written has to show in the counters that are read next.
        sql += "COMMIT; SELECT pg_stat_force_next_flush(); ";
        sql += &forget_sql(&dirty);
        session.execute(AssertSqlSafe(sql)).await?;
        let sql = format!("SELECT {}, {ERA}, {SURE}", counters(""));
        let row = self.bind_filled(sqlx::query(AssertSqlSafe(sql))).fetch_one(session).await?;
        // Whoever has come in meanwhile, by the URL of the last test, has written to it perhaps.
        if !row.try_get::<bool, _>("is_sure")? {
            return Ok(Reset::Beyond("somebody came back into it"));
        }
        let (counters, era) = (row.try_get("counters")?, row.try_get("era")?);
        Ok(Reset::Done(State { counters, era }))
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
    oids.map(|oid| format!("SELECT pg_stat_reset_single_table_counters({oid}); ")).collect()
}

/// Begins a transaction and empties the tables. TRUNCATE gives a table the files of a new one, but
/// refuses one that others refer to, though nothing in them does; it looks for them only if the table
/// has triggers, so for this transaction, in which nobody else is here, it has none. The second part
/// gives them back, when the tables have been filled again.
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
         FROM (VALUES {}) q (o, p, t, h) WHERE c.oid = o::oid; ",
        rows.join(", ")
    );
    let empty = format!(
        "BEGIN; SET LOCAL session_replication_role = replica; {}TRUNCATE ONLY {}; ",
        if with_triggers.is_empty() { "" } else { &without },
        names.join(", ONLY "),
    );
    (empty, if rows.is_empty() { String::new() } else { as_before })
}
