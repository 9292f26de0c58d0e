//! Reads the columns of tables and views.

use std::collections::HashMap;

use super::types::{COLLATION, MODIFIER_TEXT};
use sqlx::PgConnection;

use super::{QueryRow, Reader, class, fetch};
use crate::error::Error;
use crate::model::{
    Column, ColumnValue, GeneratedStorage, Identity, NotNull, ObjectKind, PartKind, QualifiedName,
    Unsupported,
};

const OBJECTS: &str = "the columns";

fn query() -> String {
    format!(
        "SELECT a.attrelid::int8 AS relation, a.attnum::int4 AS number, a.attname AS name, \
         a.atttypid::int8 AS type, a.atttypmod AS modifier, {MODIFIER_TEXT}, {COLLATION}, \
         a.attnotnull AS not_null, a.attgenerated::text AS generated, a.attidentity::text AS identity, \
         d.oid::int8 AS default_oid, pg_get_expr(d.adbin, d.adrelid) AS expression, \
         CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' \
         WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END AS storage, \
         CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, \
         nullif(coalesce(a.attstattarget, -1)::int4, -1) AS statistics, \
         coalesce(a.attoptions, '{{}}') AS options, \
         s.seqrelid::int8 AS sequence, CASE WHEN s.seqrelid IS NOT NULL THEN \
         (SELECT ARRAY[n.nspname::text, q.relname::text] FROM pg_class q \
         JOIN pg_namespace n ON n.oid = q.relnamespace WHERE q.oid = s.seqrelid) END AS sequence_name, \
         format_type(s.seqtypid, NULL) AS data_type, \
         s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max, \
         s.seqcache AS cache, s.seqcycle AS cycles \
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
         JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm') \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_depend i ON a.attidentity <> '' AND i.classid = 'pg_class'::regclass \
         AND i.refclassid = 'pg_class'::regclass AND i.refobjid = a.attrelid \
         AND i.refobjsubid = a.attnum AND i.deptype = 'i' \
         LEFT JOIN pg_sequence s ON s.seqrelid = i.objid \
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.oid >= 16384 ORDER BY a.attrelid, a.attnum"
    )
}

/// The query for the NOT NULL constraints of columns. PostgreSQL 18 and later record them in `pg_constraint`.
const NOT_NULLS: &str = "\
    SELECT oid::int8, conrelid::int8 AS relation, conkey[1]::int4 AS number, conname AS name, \
    convalidated AS valid, connoinherit AS no_inherit FROM pg_constraint \
    WHERE contype = 'n' AND conrelid >= 16384";

impl Reader {
    pub(super) async fn read_columns(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut not_nulls = self.read_not_nulls(connection).await?;
        let mut rows = fetch(connection, OBJECTS, &query());
        while let Some(row) = rows.next().await? {
            let (relation, number): (i64, i32) = (row.get("relation")?, row.get("number")?);
            let Some(object) = self.find(class::RELATION, relation, 0).cloned() else { continue };
            let Some(key) = object.qualified_name() else { continue };
            let name: String = row.get("name")?;
            let part = object.part(PartKind::Column, &name);
            self.register(class::RELATION, relation, number, &part);
            let default: Option<i64> = row.get("default_oid")?;
            if let Some(default) = default {
                let object = object.part(PartKind::Default, &name);
                self.register(class::DEFAULT, default, 0, &object);
            }
            // An identity column's sequence is a part of the column.
            let sequence: Option<i64> = row.get("sequence")?;
            self.register(class::RELATION, sequence.unwrap_or_default(), 0, &part);
            let mut column = self.column(&row, &key, name)?;
            match not_nulls.remove(&(relation, number)) {
                Some(NotNullConstraint::Valid(not_null)) => column.not_null = Some(not_null),
                // The constraint is read as a constraint of the table.
                Some(NotNullConstraint::Invalid) => column.not_null = None,
                // A view has no constraints.
                None if object.kind != ObjectKind::Table => column.not_null = None,
                // Before PostgreSQL 18, the column has a flag and no constraint.
                None => {}
            }
            let columns = match object.kind {
                ObjectKind::Table => {
                    self.schema.tables.get_mut(&key).map(|table| &mut table.columns)
                }
                _ => self.schema.views.get_mut(&key).map(|view| &mut view.columns),
            };
            if let Some(columns) = columns {
                columns.push(column);
            }
        }
        Ok(())
    }

    fn column(
        &mut self,
        row: &QueryRow,
        relation: &QualifiedName,
        name: String,
    ) -> Result<Column, Error> {
        let id = (row.get("relation")?, row.get("number")?);
        let mut options = row.options("options")?;
        let unknown = options
            .extract_if(.., |name, _| name != "n_distinct" && name != "n_distinct_inherited");
        for (option, _) in unknown.collect::<Vec<_>>() {
            let (relation, column) = (relation.clone(), name.clone());
            self.schema.unsupported.insert(Unsupported::Option { option, relation, column }, None);
        }
        let not_null: bool = row.get("not_null")?;
        let not_null = not_null.then_some(NotNull { name: None, no_inherit: false, comment: None });
        Ok(Column {
            name,
            data_type: self.column_type(row)?,
            collation: row.optional_name("collation")?,
            not_null,
            value: self.column_value(row)?,
            compression: row.get("compression")?,
            storage: row.get("storage")?,
            statistics: row.get("statistics")?,
            options,
            comment: self.take_comment(class::RELATION, id.0, id.1),
            privileges: self.take_grants(class::RELATION, id.0, id.1),
        })
    }

    /// Returns the source of the column's value.
    ///
    /// Since PostgreSQL 17, the identity column of a partitioned table is marked as an identity column in its
    /// partitions too, but only the partitioned table has a sequence. In a partition, the column is read as a plain
    /// one, because the server does not attach a table with an identity column.
    fn column_value(&mut self, row: &QueryRow) -> Result<ColumnValue, Error> {
        let expression: Option<String> = row.get("expression")?;
        let generated: String = row.get("generated")?;
        if let Some(expression) = expression.map(|sql| self.normalizer.expression(sql)) {
            let storage = match generated.as_str() {
                "" => return Ok(ColumnValue::Default(expression)),
                "v" => GeneratedStorage::Virtual,
                _ => GeneratedStorage::Stored,
            };
            return Ok(ColumnValue::Generated { expression, storage });
        }
        let sequence: Option<i64> = row.get("sequence")?;
        let (Some(oid), Some(sequence_name)) = (sequence, row.optional_name("sequence_name")?)
        else {
            return Ok(ColumnValue::NoDefault);
        };
        let identity: String = row.get("identity")?;
        Ok(ColumnValue::Identity(Identity {
            always: identity == "a",
            sequence: row.sequence_options()?,
            sequence_name,
            comment: self.take_comment(class::RELATION, oid, 0),
            privileges: self.take_grants(class::RELATION, oid, 0),
        }))
    }

    /// Reads the NOT NULL constraints, keyed by the relation and the number of the column.
    async fn read_not_nulls(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<HashMap<(i64, i32), NotNullConstraint>, Error> {
        let mut not_nulls = HashMap::new();
        if self.version < 180_000 {
            return Ok(not_nulls);
        }
        let mut rows = fetch(connection, OBJECTS, NOT_NULLS);
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let (relation, number): (i64, i32) = (row.get("relation")?, row.get("number")?);
            self.register_part(class::CONSTRAINT, oid, relation, (PartKind::Constraint, &name));
            if !row.get::<bool>("valid")? {
                not_nulls.insert((relation, number), NotNullConstraint::Invalid);
                continue;
            }
            let comment = self.take_comment(class::CONSTRAINT, oid, 0);
            let name = Some(name).filter(|name| comment.is_some() || !is_automatic(name));
            let not_null = NotNull { name, no_inherit: row.get("no_inherit")?, comment };
            not_nulls.insert((relation, number), NotNullConstraint::Valid(not_null));
        }
        Ok(not_nulls)
    }
}

/// The NOT NULL constraint of a column.
enum NotNullConstraint {
    Valid(NotNull),
    /// The constraint was added with `NOT VALID`, and existing rows were not checked.
    Invalid,
}

/// Returns whether the server has chosen the name of the NOT NULL constraint. Such a name ends with `_not_null` and
/// possibly a number, and may contain a former name of the table or column.
pub(super) fn is_automatic(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_not_null")
}

#[cfg(test)]
mod tests {
    use super::is_automatic;

    #[test]
    fn constraint_names_chosen_by_the_server_are_recognized_after_a_rename() {
        assert!(is_automatic("users_email_not_null"));
        assert!(is_automatic("users_email_not_null1"));
        assert!(!is_automatic("email_is_there"));
    }
}
