//! Reads enums, composite types, ranges and domains.

use sqlx::postgres::PgRow;

use super::columns::is_automatic;
use super::{Reader, USER_SCHEMAS, get, not_of_extension};
use crate::error::Error;
use crate::name::{ident, literal, qualified};
use crate::object::{Object, ObjectKind, PartKind};

const WHAT: &str = "the types";

impl Reader<'_> {
    pub(super) async fn types(&mut self) -> Result<(), Error> {
        // The relation of a table's row type has a different kind.
        let sql = format!(
            "SELECT t.oid::int8, t.typarray::int8 AS array, t.typtype::text AS kind, \
             t.typrelid::int8 AS relation, n.nspname AS schema, t.typname AS name, \
             format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull AS not_null, \
             k.oid::int8 AS constraint, k.conname AS constraint_name, \
             obj_description(k.oid, 'pg_constraint') IS NOT NULL AS commented, \
             pg_get_expr(t.typdefaultbin, 0) AS default, \
             (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname) \
                FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace \
                JOIN pg_type b ON b.oid = t.typbasetype \
                WHERE co.oid = t.typcollation AND t.typcollation <> b.typcollation) AS collation, \
             ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid \
                ORDER BY enumsortorder) AS labels, \
             ARRAY(SELECT format_type(a.atttypid, a.atttypmod) || \
                coalesce((SELECT ' COLLATE ' || quote_ident(cn.nspname) || '.' || \
                quote_ident(co.collname) FROM pg_collation co \
                JOIN pg_namespace cn ON cn.oid = co.collnamespace \
                JOIN pg_type b ON b.oid = a.atttypid \
                WHERE co.oid = a.attcollation AND a.attcollation <> b.typcollation), '') \
                FROM pg_attribute a WHERE a.attrelid = t.typrelid AND t.typtype = 'c' \
                AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS attributes, \
             ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.typrelid \
                AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) \
                AS attribute_names, \
             ARRAY(SELECT a.attnum::int4 FROM pg_attribute a WHERE a.attrelid = t.typrelid \
                AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) \
                AS attribute_numbers, \
             r.rngmultitypid::int8 AS multirange, \
             (SELECT m.typarray::int8 FROM pg_type m WHERE m.oid = r.rngmultitypid) \
                AS multirange_array, {} AS range \
             FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
             LEFT JOIN pg_range r ON r.rngtypid = t.oid \
             LEFT JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'n' \
             WHERE {USER_SCHEMAS} AND {} AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND \
             EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))",
            range_options(),
            not_of_extension("pg_type", "t.oid"),
        );
        for row in self.rows(WHAT, &sql).await? {
            self.add_type(&row)?;
        }
        Ok(())
    }

    fn add_type(&mut self, row: &PgRow) -> Result<(), Error> {
        let (schema, name): (String, String) =
            (get!(*row, "schema", WHAT), get!(*row, "name", WHAT));
        let name = qualified(&schema, &name);
        let kind: String = get!(*row, "kind", WHAT);
        let object =
            Object::new(if kind == "d" { ObjectKind::Domain } else { ObjectKind::Type }, &name);
        let sql = match kind.as_str() {
            "e" => {
                let labels: Vec<String> = get!(*row, "labels", WHAT);
                let labels = labels.iter().map(|label| literal(label));
                format!("CREATE TYPE {name} AS ENUM ({});", one_per_line(labels))
            }
            "d" => domain(&name, row)?,
            "r" => {
                let options: Vec<String> = get!(*row, "range", WHAT);
                format!("CREATE TYPE {name} AS RANGE ({});", one_per_line(options))
            }
            _ => {
                let names: Vec<String> = get!(*row, "attribute_names", WHAT);
                let types: Vec<String> = get!(*row, "attributes", WHAT);
                let attributes = names.iter().zip(types);
                let attributes = attributes.map(|(name, kind)| format!("{} {kind}", ident(name)));
                format!("CREATE TYPE {name} AS ({});", one_per_line(attributes))
            }
        };
        let (oid, relation): (i64, i64) = (get!(*row, "oid", WHAT), get!(*row, "relation", WHAT));
        self.register("pg_type", oid, 0, &object);
        // PostgreSQL 18 and later.
        let not_null: Option<i64> = get!(*row, "constraint", WHAT);
        if let (Some(not_null), Some(name)) = (not_null, get!(*row, "constraint_name", WHAT)) {
            let name: String = name;
            let constraint = object.part(PartKind::Constraint, ident(&name));
            self.register("pg_constraint", not_null, 0, &constraint);
        }
        self.register("pg_type", get!(*row, "array", WHAT), 0, &object);
        for id in [get!(*row, "multirange", WHAT), get!(*row, "multirange_array", WHAT)] {
            let id: Option<i64> = id;
            self.register("pg_type", id.unwrap_or_default(), 0, &object);
        }
        if relation != 0 {
            self.register("pg_class", relation, 0, &object);
            let names: Vec<String> = get!(*row, "attribute_names", WHAT);
            let numbers: Vec<i32> = get!(*row, "attribute_numbers", WHAT);
            for (name, number) in names.iter().zip(numbers) {
                let attribute = object.part(PartKind::Column, ident(name));
                self.register("pg_class", relation, number, &attribute);
            }
        }
        self.add(object, sql);
        Ok(())
    }
}

fn range_options() -> String {
    let class = "CASE WHEN NOT o.opcdefault THEN 'SUBTYPE_OPCLASS = ' || quote_ident(cn.nspname) || \
                 '.' || quote_ident(o.opcname) END";
    let collation = "(SELECT 'COLLATION = ' || quote_ident(x.nspname) || '.' || \
                     quote_ident(co.collname) FROM pg_collation co JOIN pg_namespace x ON x.oid = co.collnamespace \
                     JOIN pg_type b ON b.oid = r.rngsubtype \
                     WHERE co.oid = r.rngcollation AND co.oid <> b.typcollation)";
    let difference = "(SELECT 'SUBTYPE_DIFF = ' || quote_ident(x.nspname) || '.' || \
                      quote_ident(p.proname) FROM pg_proc p JOIN pg_namespace x ON x.oid = p.pronamespace \
                      WHERE p.oid = r.rngsubdiff)";
    let multirange = "(SELECT 'MULTIRANGE_TYPE_NAME = ' || quote_ident(x.nspname) || '.' || \
                      quote_ident(m.typname) FROM pg_type m JOIN pg_namespace x \
                      ON x.oid = m.typnamespace WHERE m.oid = r.rngmultitypid)";
    format!(
        "(SELECT array_remove(ARRAY['SUBTYPE = ' || format_type(r.rngsubtype, NULL), {class}, \
         {collation}, {difference}, {multirange}], NULL) FROM pg_opclass o \
         JOIN pg_namespace cn ON cn.oid = o.opcnamespace WHERE o.oid = r.rngsubopc)"
    )
}

fn domain(name: &str, row: &PgRow) -> Result<String, Error> {
    let base: String = get!(*row, "base", WHAT);
    let mut sql = format!("CREATE DOMAIN {name} AS {base}");
    let collation: Option<String> = get!(*row, "collation", WHAT);
    let default: Option<String> = get!(*row, "default", WHAT);
    for (word, value) in [("COLLATE", collation), ("DEFAULT", default)] {
        if let Some(value) = value {
            sql += &format!(" {word} {value}");
        }
    }
    if get!(*row, "not_null", WHAT) {
        let constraint: Option<String> = get!(*row, "constraint_name", WHAT);
        let commented: bool = get!(*row, "commented", WHAT);
        let named = constraint.filter(|name| commented || !is_automatic(name));
        sql += &named.map(|name| format!(" CONSTRAINT {}", ident(&name))).unwrap_or_default();
        sql += " NOT NULL";
    }
    Ok(sql + ";")
}

/// Returns the items separated by commas, one per line.
fn one_per_line(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("\n    {item}")).collect();
    if items.is_empty() { String::new() } else { items.join(",") + "\n" }
}
