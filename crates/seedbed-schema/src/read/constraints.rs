//! Reads the constraints of tables and domains.

use sqlx::postgres::PgRow;

use super::{Reader, get};
use crate::error::Error;
use crate::name::ident;
use crate::object::{Object, ObjectKind, PartKind};
use crate::table::{Constraint, ConstraintKind, Reference};

const WHAT: &str = "the constraints";

/// The constraints with a separate statement. A foreign key of a partition comes from its parent,
/// and a valid NOT NULL is part of its column.
const SQL: &str = "\
    SELECT k.oid::int8, k.conname AS name, k.contype::text AS type, k.conrelid::int8 AS relation, \
    k.contypid::int8 AS domain, k.conindid::int8 AS index, k.confrelid::int8 AS target, \
    pg_get_constraintdef(k.oid) AS definition, \
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c (number, place) \
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number \
    ORDER BY c.place) AS columns, \
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS c (number, place) \
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.number \
    ORDER BY c.place) AS targets \
    FROM pg_constraint k WHERE k.oid >= 16384 AND (k.contype IN ('c', 'p', 'u', 'x') \
    OR k.contype = 'f' AND k.conparentid = 0 \
    OR k.contype = 'n' AND k.conrelid <> 0 AND NOT k.convalidated)";

impl Reader<'_> {
    pub(super) async fn constraints(&mut self) -> Result<(), Error> {
        for row in self.rows(WHAT, SQL).await? {
            let (relation, domain): (i64, i64) =
                (get!(row, "relation", WHAT), get!(row, "domain", WHAT));
            let name: String = get!(row, "name", WHAT);
            let definition: String = get!(row, "definition", WHAT);
            if let Some(domain) = self.find("pg_type", domain, 0) {
                let object = domain.part(PartKind::Constraint, ident(&name));
                self.register("pg_constraint", get!(row, "oid", WHAT), 0, &object);
                let name = ident(&name);
                let sql =
                    format!("ALTER DOMAIN {} ADD CONSTRAINT {name} {definition};", domain.name);
                self.add(object, sql);
            } else if let Some(table) = self.find("pg_class", relation, 0)
                && table.kind == ObjectKind::Table
            {
                self.constraint(&row, &table, &ident(&name), definition)?;
            }
        }
        Ok(())
    }

    fn constraint(
        &mut self,
        row: &PgRow,
        table: &Object,
        name: &str,
        definition: String,
    ) -> Result<(), Error> {
        let kind: String = get!(*row, "type", WHAT);
        let (kind, only) = match kind.as_str() {
            "p" => (ConstraintKind::PrimaryKey, "ONLY "),
            "u" => (ConstraintKind::Unique, "ONLY "),
            "x" => (ConstraintKind::Exclusion, "ONLY "),
            "f" => (ConstraintKind::ForeignKey, ""),
            "n" => (ConstraintKind::NotNull, ""),
            _ => (ConstraintKind::Check, ""),
        };
        let object = table.part(PartKind::Constraint, name);
        self.register("pg_constraint", get!(*row, "oid", WHAT), 0, &object);
        // The index of a foreign key belongs to the referenced table.
        if only == "ONLY " {
            self.register("pg_class", get!(*row, "index", WHAT), 0, &object);
        }
        let idents = |names: Vec<String>| names.iter().map(|name| ident(name)).collect();
        let target = self.find("pg_class", get!(*row, "target", WHAT), 0);
        let targets: Vec<String> = get!(*row, "targets", WHAT);
        let sql = format!("ALTER TABLE {only}{} ADD CONSTRAINT {name} {definition};", table.name);
        let constraint = Constraint {
            kind,
            columns: idents(get!(*row, "columns", WHAT)),
            definition,
            references: target
                .map(|table| Reference { table: table.name, columns: idents(targets) }),
        };
        if let Some(table) = self.catalog.tables.get_mut(&table.name) {
            table.constraints.insert(name.to_owned(), constraint);
        }
        self.add(object, sql);
        Ok(())
    }
}
