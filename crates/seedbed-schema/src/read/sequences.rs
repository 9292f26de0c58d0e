//! Reads sequences.

use sqlx::PgConnection;

use super::{QueryRow, Reader, USER_SCHEMAS, class, fetch, not_of_extension};
use crate::error::Error;
use crate::model::{Object, ObjectKind, Sequence, SequenceOptions};

impl Reader {
    pub(super) async fn read_sequences(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        // The query excludes the sequences of identity columns, whose dependency on the column is internal. A sequence
        // that a column owns counts as logged: since PostgreSQL 15 it has the persistence of its table, and in earlier
        // versions it is always logged.
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.relname AS name, \
             pg_get_userbyid(c.relowner)::text AS owner, \
             c.relpersistence = 'u' AND d.refobjid IS NULL AS unlogged, \
             format_type(s.seqtypid, NULL) AS data_type, s.seqstart AS start, \
             s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, \
             s.seqcycle AS cycles, coalesce(d.refobjid, 0)::int8 AS table, \
             coalesce(d.refobjsubid, 0) AS column \
             FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid \
             AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 \
             AND d.deptype IN ('a', 'i') \
             WHERE {USER_SCHEMAS} AND {} AND d.deptype IS DISTINCT FROM 'i'",
            not_of_extension("pg_class", "c.oid")
        );
        let mut rows = fetch(connection, "the sequences", &sql);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, _) = (row.get("oid")?, row.name()?);
            let object = Object::qualified(ObjectKind::Sequence, &name);
            self.register(class::RELATION, oid, 0, &object);
            let (table, column) = (row.get("table")?, row.get("column")?);
            let sequence = Sequence {
                options: row.sequence_options()?,
                unlogged: row.get("unlogged")?,
                owned_by: self
                    .relation(table)
                    .and_then(|(_, name)| Some((name, self.column_name(table, column)?))),
                owner: row.get("owner")?,
                comment: self.take_comment(class::RELATION, oid, 0),
                privileges: self.take_grants(class::RELATION, oid, 0),
            };
            self.schema.sequences.insert(name, sequence);
        }
        Ok(())
    }
}

impl QueryRow {
    pub(super) fn sequence_options(&self) -> Result<SequenceOptions, Error> {
        Ok(SequenceOptions {
            data_type: self.get("data_type")?,
            start: self.get("start")?,
            increment: self.get("increment")?,
            min: self.get("min")?,
            max: self.get("max")?,
            cache: self.get("cache")?,
            cycle: self.get("cycles")?,
        })
    }
}
