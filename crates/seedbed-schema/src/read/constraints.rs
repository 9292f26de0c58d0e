//! Reads the constraints of tables.

use sqlx::PgConnection;

use super::{QueryRow, Reader, class, fetch};
use crate::error::Error;
use crate::model::{
    Constraint, ConstraintIndex, ConstraintKind, ObjectKind, PartKind, Reference, ReferentialAction,
};

const OBJECTS: &str = "the constraints";

/// Returns the query for the constraints of tables. It excludes foreign keys that a partition has from its parent, and
/// valid NOT NULL constraints, which are part of their columns.
fn query(version: i32, pretty: bool) -> String {
    let enforced = if version >= 180_000 { "k.conenforced" } else { "true" };
    let period = if version >= 180_000 { "k.conperiod" } else { "false" };
    let set = if version >= 150_000 { "k.confdelsetcols" } else { "NULL::int2[]" };
    format!(
        "SELECT k.oid::int8, k.conname AS name, k.contype::text AS type, k.conrelid::int8 AS relation, \
         k.conindid::int8 AS index, k.confrelid::int8 AS target, \
         pg_get_constraintdef(k.oid, {pretty}) AS definition, k.condeferrable AS deferrable, \
         k.condeferred AS deferred, k.convalidated AS valid, {enforced} AS enforced, {period} AS period, \
         k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update, \
         coalesce({set}, '{{}}')::int4[] AS on_delete_columns, \
         coalesce(k.conkey, '{{}}')::int4[] AS columns, coalesce(k.confkey, '{{}}')::int4[] AS targets \
         FROM pg_constraint k WHERE k.oid >= 16384 AND k.conrelid <> 0 \
         AND (k.contype IN ('c', 'p', 'u', 'x') OR k.contype = 'f' AND k.conparentid = 0 \
         OR k.contype = 'n' AND NOT k.convalidated)"
    )
}

impl Reader {
    pub(super) async fn read_constraints(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, &query(self.version, self.pretty()));
        while let Some(row) = rows.next().await? {
            let (oid, name): (i64, String) = (row.get("oid")?, row.get("name")?);
            let relation = row.get("relation")?;
            let part = (PartKind::Constraint, name.as_str());
            let Some(table) = self.register_part(class::CONSTRAINT, oid, relation, part) else {
                continue;
            };
            let kind: String = row.get("type")?;
            let kind = match kind.as_str() {
                "p" => ConstraintKind::PrimaryKey,
                "u" => ConstraintKind::Unique,
                "x" => ConstraintKind::Exclusion,
                "f" => ConstraintKind::ForeignKey,
                "n" => ConstraintKind::NotNull,
                _ => ConstraintKind::Check,
            };
            // The index of a foreign key belongs to the referenced table.
            let index = match kind {
                ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion => {
                    row.get("index")?
                }
                _ => 0,
            };
            // `register` ignores 0.
            self.register(class::RELATION, index, 0, &table.part(PartKind::Constraint, &name));
            let constraint = Constraint {
                kind,
                columns: self.column_names(relation, row.get("columns")?),
                definition: self.normalizer.expression(row.get("definition")?),
                references: self.reference(&row)?,
                deferrable: row.get("deferrable")?,
                initially_deferred: row.get("deferred")?,
                validated: row.get("valid")?,
                enforced: row.get("enforced")?,
                // `read_indexes` fills in the properties of the index.
                index: (index != 0).then(ConstraintIndex::default),
                comment: self.take_comment(class::CONSTRAINT, oid, 0),
            };
            let table = table.qualified_name().filter(|_| table.kind == ObjectKind::Table);
            if let Some(table) = table.and_then(|name| self.schema.tables.get_mut(&name)) {
                table.constraints.insert(name, constraint);
            }
        }
        Ok(())
    }

    /// Returns the names of the columns with these numbers.
    pub(super) fn column_names(&self, relation: i64, numbers: Vec<i32>) -> Vec<String> {
        numbers.into_iter().filter_map(|number| self.column_name(relation, number)).collect()
    }

    /// Returns the columns that a foreign key refers to.
    fn reference(&self, row: &QueryRow) -> Result<Option<Reference>, Error> {
        let target = row.get("target")?;
        let Some((_, table)) = self.relation(target) else { return Ok(None) };
        let action = |column: &str| -> Result<ReferentialAction, Error> {
            let action: String = row.get(column)?;
            Ok(match action.as_str() {
                "r" => ReferentialAction::Restrict,
                "c" => ReferentialAction::Cascade,
                "n" => ReferentialAction::SetNull,
                "d" => ReferentialAction::SetDefault,
                _ => ReferentialAction::NoAction,
            })
        };
        Ok(Some(Reference {
            table,
            columns: self.column_names(target, row.get("targets")?),
            on_delete: action("on_delete")?,
            on_delete_columns: self
                .column_names(row.get("relation")?, row.get("on_delete_columns")?),
            on_update: action("on_update")?,
            is_temporal: row.get("period")?,
        }))
    }
}
