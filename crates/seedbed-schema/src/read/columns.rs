//! Reads the columns of tables and views.

use std::collections::HashMap;

use sqlx::postgres::PgRow;

use super::relations::{is_internal, options, sequence};
use super::{Reader, get};
use crate::error::Error;
use crate::name::{ident, qualified, unqualified};
use crate::normalize::array_casts::distribute_casts;
use crate::object::{Aspect, Object, ObjectKind, PartKind};
use crate::table::Column;
use crate::write::set_default;

const WHAT: &str = "the columns";

const SQL: &str = "\
    SELECT a.attrelid::int8 AS relation, a.attnum::int4 AS number, a.attname AS name, \
    format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, \
    nullif(a.attgenerated::text, '') AS generated, nullif(a.attidentity::text, '') AS identity, \
    d.oid::int8 AS default_oid, pg_get_expr(d.adbin, d.adrelid) AS expression, \
    (SELECT quote_ident(n.nspname) || '.' || quote_ident(co.collname) FROM pg_collation co \
    JOIN pg_namespace n ON n.oid = co.collnamespace \
    WHERE co.oid = a.attcollation AND a.attcollation <> t.typcollation) AS collation, \
    CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' \
    WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END AS storage, \
    CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, \
    nullif(coalesce(a.attstattarget, -1)::int4, -1) AS statistics, \
    ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE split_part(o, '=', 1) IN \
    ('n_distinct', 'n_distinct_inherited')) AS options, \
    ARRAY(SELECT split_part(o, '=', 1) FROM unnest(a.attoptions) o WHERE split_part(o, '=', 1) NOT IN \
    ('n_distinct', 'n_distinct_inherited')) AS other_options, \
    q.oid::int8 AS sequence_oid, qn.nspname AS sequence_schema, q.relname AS sequence, format_type(s.seqtypid, NULL) AS data_type, \
    s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max, \
    s.seqcache AS cache, s.seqcycle AS cycles \
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm') \
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
    LEFT JOIN pg_depend i ON a.attidentity <> '' AND i.classid = 'pg_class'::regclass \
    AND i.refclassid = 'pg_class'::regclass AND i.refobjid = a.attrelid AND i.refobjsubid = a.attnum \
    AND i.deptype = 'i' \
    LEFT JOIN pg_sequence s ON s.seqrelid = i.objid \
    LEFT JOIN pg_class q ON q.oid = s.seqrelid LEFT JOIN pg_namespace qn ON qn.oid = q.relnamespace \
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.oid >= 16384 ORDER BY a.attrelid, a.attnum";

/// The NOT NULL constraints, which exist since PostgreSQL 18. An invalid one has a separate
/// statement.
const NOT_NULLS: &str = "\
    SELECT oid::int8, conrelid::int8 AS relation, conkey[1]::int4 AS number, conname AS name, \
    obj_description(oid, 'pg_constraint') IS NOT NULL AS commented, \
    convalidated AS valid, connoinherit AS alone FROM pg_constraint \
    WHERE contype = 'n' AND conrelid >= 16384";

impl Reader<'_> {
    pub(super) async fn columns(&mut self) -> Result<(), Error> {
        let named = self.not_nulls().await?;
        for row in self.rows(WHAT, SQL).await? {
            let (relation, number): (i64, i32) =
                (get!(row, "relation", WHAT), get!(row, "number", WHAT));
            let Some(object) = self.find("pg_class", relation, 0) else {
                continue;
            };
            let name: String = get!(row, "name", WHAT);
            let part = object.part(PartKind::Column, ident(&name));
            self.register("pg_class", relation, number, &part);
            let others: Vec<String> = get!(row, "other_options", WHAT);
            for option in others.iter().filter(|option| !is_internal(option)) {
                let name = format!("option {option} of column {}.{}", object.name, ident(&name));
                self.unknown.push((object.clone(), name));
            }
            let default: Option<i64> = get!(row, "default_oid", WHAT);
            if let Some(default) = default {
                let object = object.part(PartKind::Default, ident(&name));
                self.register("pg_attrdef", default, 0, &object);
            }
            if object.kind == ObjectKind::Table {
                self.identity_sequence(&row, &object)?;
                let mut column = column(&row, &object, &name)?;
                if let Some(not_null) = named.get(&(relation, number)) {
                    column.not_null.clone_from(not_null);
                }
                let table = self.catalog.tables.get_mut(&object.name);
                table.into_iter().for_each(|table| table.columns.push(column.clone()));
            } else {
                let column = column(&row, &object, &name)?;
                if object.kind == ObjectKind::MaterializedView {
                    self.settings(&object, part, &column);
                }
                self.catalog.view_columns.entry(object.clone()).or_default().push(column);
                let expression: Option<String> = get!(row, "expression", WHAT);
                if let Some(expression) = expression {
                    let sql = set_default(&object.name, &ident(&name), &expression);
                    self.add(object.part(PartKind::Default, ident(&name)), sql);
                }
            }
        }
        Ok(())
    }

    /// Registers the sequence of an identity column, which is created with the column. Its comment
    /// and its privileges are found by its name.
    fn identity_sequence(&mut self, row: &PgRow, table: &Object) -> Result<(), Error> {
        let (Some(oid), Some(name), Some(schema)): (Option<i64>, Option<String>, Option<String>) = (
            get!(*row, "sequence_oid", WHAT),
            get!(*row, "sequence", WHAT),
            get!(*row, "sequence_schema", WHAT),
        ) else {
            return Ok(());
        };
        let sequence = Object::new(ObjectKind::Sequence, qualified(&schema, &name));
        self.register("pg_class", oid, 0, &sequence);
        for aspect in [Aspect::Comment, Aspect::Privileges] {
            self.add_dependency(&sequence.aspect(aspect), table);
        }
        self.identity_tables.insert(sequence, table.clone());
        Ok(())
    }

    /// Adds the settings of a materialized view's column, which are not part of its query.
    fn settings(&mut self, view: &Object, part: Object, column: &Column) {
        let mut settings = column.settings();
        if let Some(method) = &column.compression {
            settings.push(format!("ALTER COLUMN {} SET COMPRESSION {method}", column.name));
        }
        let alter = |setting: &String| format!("ALTER MATERIALIZED VIEW {} {setting};", view.name);
        if !settings.is_empty() {
            self.add(part, settings.iter().map(alter).collect::<Vec<_>>().join("\n"));
        }
    }

    /// Returns the clauses of NOT NULL constraints, and `None` for those that have a separate
    /// statement.
    async fn not_nulls(&mut self) -> Result<HashMap<(i64, i32), Option<String>>, Error> {
        let mut named = HashMap::new();
        if self.version < 180_000 {
            return Ok(named);
        }
        for row in self.rows(WHAT, NOT_NULLS).await? {
            let name: String = get!(row, "name", WHAT);
            let (relation, number): (i64, i32) =
                (get!(row, "relation", WHAT), get!(row, "number", WHAT));
            if let Some(table) = self.find("pg_class", relation, 0) {
                let object = table.part(PartKind::Constraint, ident(&name));
                self.register("pg_constraint", get!(row, "oid", WHAT), 0, &object);
            }
            let alone = if get!(row, "alone", WHAT) { " NO INHERIT" } else { "" };
            let not_null = if is_automatic(&name) && !get!(row, "commented", WHAT) {
                format!("NOT NULL{alone}")
            } else {
                format!("CONSTRAINT {} NOT NULL{alone}", ident(&name))
            };
            let valid: bool = get!(row, "valid", WHAT);
            named.insert((relation, number), valid.then_some(not_null));
        }
        Ok(named)
    }
}

/// Returns whether the server has chosen the name of the constraint. Such a name ends with
/// `_not_null` and possibly a number, and may contain a former name of the table or column.
pub(super) fn is_automatic(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_not_null")
}

fn column(row: &PgRow, table: &Object, name: &str) -> Result<Column, Error> {
    let expression: Option<String> = get!(*row, "expression", WHAT);
    let expression = expression.map(distribute_casts);
    let generated: Option<String> = get!(*row, "generated", WHAT);
    let (default, generated) = match (generated.as_deref(), expression) {
        (Some(kind), Some(expression)) => {
            let kind = if kind == "v" { "VIRTUAL" } else { "STORED" };
            (None, Some(format!("GENERATED ALWAYS AS ({expression}) {kind}")))
        }
        (_, expression) => (expression, identity(row, table, name)?),
    };
    let not_null: bool = get!(*row, "not_null", WHAT);
    Ok(Column {
        name: ident(name),
        data_type: get!(*row, "type", WHAT),
        collation: get!(*row, "collation", WHAT),
        not_null: not_null.then(|| "NOT NULL".to_owned()),
        default,
        generated,
        compression: get!(*row, "compression", WHAT),
        storage: get!(*row, "storage", WHAT),
        statistics: get!(*row, "statistics", WHAT),
        options: options(row)?,
    })
}

/// Returns the identity clause. A partition inherits the identity without a sequence. Since
/// PostgreSQL 17 its column is marked, but a marked column could not be attached.
fn identity(row: &PgRow, table: &Object, name: &str) -> Result<Option<String>, Error> {
    let identity: Option<String> = get!(*row, "identity", WHAT);
    let named: Option<String> = get!(*row, "sequence", WHAT);
    let schema: Option<String> = get!(*row, "sequence_schema", WHAT);
    let (Some(identity), Some(named), Some(schema)) = (identity, named, schema) else {
        return Ok(None);
    };
    let always = if identity == "a" { "ALWAYS" } else { "BY DEFAULT" };
    let mut options = sequence(row)?.options();
    let in_same_schema = table.name.starts_with(&format!("{}.", ident(&schema)));
    if !in_same_schema || named != format!("{}_{name}_seq", unqualified(&table.name)) {
        options.insert(0, format!("SEQUENCE NAME {}", qualified(&schema, &named)));
    }
    let options =
        if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    Ok(Some(format!("GENERATED {always} AS IDENTITY{options}")))
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
