//! Reads tables, views and sequences, and the parents of tables.

use sqlx::postgres::PgRow;

use super::{Reader, USER_SCHEMAS, get, not_of_extension};
use crate::error::Error;
use crate::name::{ident, option, qualified};
use crate::normalize::qualifiers;
use crate::object::{Object, ObjectKind, PartKind};
use crate::sequence::Sequence;
use crate::table::Table;

const WHAT: &str = "the tables, views and sequences";
pub(super) const WHAT_IS_ON: &str = "the triggers, rules and policies";

impl Reader<'_> {
    pub(super) async fn relations(&mut self) -> Result<(), Error> {
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, \
             c.relpersistence = 'u' AS unlogged, \
             coalesce(c.reloptions, '{{}}') || ARRAY(SELECT 'toast.' || x FROM pg_class k, \
             unnest(k.reloptions) x WHERE k.oid = c.reltoastrelid) AS options, \
             c.reltype::int8 AS type, (SELECT t.typarray::int8 FROM pg_type t WHERE t.oid = c.reltype) \
             AS array, \
             CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitioned_by, \
             (SELECT amname FROM pg_am m WHERE m.oid = c.relam AND amname <> 'heap') AS method, \
             CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS query, \
             c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, \
             c.relreplident::text AS identity, nullif(c.reloftype, 0)::int8 AS of_type \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE {USER_SCHEMAS} AND c.relkind IN ('r', 'p', 'v', 'm') AND {}",
            not_of_extension("pg_class", "c.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let kind: String = get!(row, "kind", WHAT);
            match kind.as_str() {
                "v" => self.add_view(&row, ObjectKind::View)?,
                "m" => self.add_view(&row, ObjectKind::MaterializedView)?,
                _ => self.add_table(&row)?,
            }
        }
        self.sequences().await
    }

    fn add_relation(&mut self, row: &PgRow, kind: ObjectKind) -> Result<Object, Error> {
        let (schema, name): (String, String) =
            (get!(*row, "schema", WHAT), get!(*row, "name", WHAT));
        let object = Object::new(kind, qualified(&schema, &name));
        self.register("pg_class", get!(*row, "oid", WHAT), 0, &object);
        self.register("pg_type", get!(*row, "type", WHAT), 0, &object);
        let array: Option<i64> = get!(*row, "array", WHAT);
        self.register("pg_type", array.unwrap_or_default(), 0, &object);
        Ok(object)
    }

    fn add_table(&mut self, row: &PgRow) -> Result<(), Error> {
        let object = self.add_relation(row, ObjectKind::Table)?;
        let table = Table {
            name: object.name.clone(),
            unlogged: get!(*row, "unlogged", WHAT),
            partitioned_by: get!(*row, "partitioned_by", WHAT),
            method: get!(*row, "method", WHAT),
            options: options(row)?,
            columns: Vec::new(),
            constraints: Default::default(),
        };
        self.catalog.tables.insert(object.name.clone(), table);
        let mut security = Vec::new();
        if get!(*row, "secured", WHAT) {
            security.push(format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY;", object.name));
        }
        if get!(*row, "forced", WHAT) {
            security.push(format!("ALTER TABLE {} FORCE ROW LEVEL SECURITY;", object.name));
        }
        if !security.is_empty() {
            self.add(object.part(PartKind::RowSecurity, ""), security.join("\n"));
        }
        let of_type: Option<i64> = get!(*row, "of_type", WHAT);
        if let Some(of_type) = of_type.and_then(|of_type| self.find("pg_type", of_type, 0)) {
            let part = object.part(PartKind::RowType, "");
            self.add_dependency(&part, &of_type);
            self.add(part, format!("ALTER TABLE ONLY {} OF {};", object.name, of_type.name));
        }
        let identity: String = get!(*row, "identity", WHAT);
        let identity = match identity.as_str() {
            "n" => "NOTHING",
            "f" => "FULL",
            // A replica identity by an index is read together with the indexes.
            _ => return Ok(()),
        };
        let sql = format!("ALTER TABLE ONLY {} REPLICA IDENTITY {identity};", object.name);
        self.add(object.part(PartKind::ReplicaIdentity, ""), sql);
        Ok(())
    }

    fn add_view(&mut self, row: &PgRow, kind: ObjectKind) -> Result<(), Error> {
        let object = self.add_relation(row, kind)?;
        let mut sql = format!("CREATE {} {}", kind.as_str().to_uppercase(), object.name);
        let method: Option<String> = get!(*row, "method", WHAT);
        if let Some(method) = method {
            sql += &format!(" USING {method}");
        }
        let options = options(row)?;
        if !options.is_empty() {
            sql += &format!(" WITH ({})", options.join(", "));
        }
        let query: String = get!(*row, "query", WHAT);
        let query = query.trim_end().trim_end_matches(';');
        // PostgreSQL 16 and later do this themselves.
        let query = if self.version < 160_000 {
            qualifiers::remove_redundant_qualifiers(query)
        } else {
            query.to_owned()
        };
        sql += &format!(" AS\n{query}");
        if kind == ObjectKind::MaterializedView {
            sql += "\n  WITH NO DATA";
        }
        self.add(object, sql + ";");
        Ok(())
    }

    async fn sequences(&mut self) -> Result<(), Error> {
        // The sequence of an identity column depends on it internally. Since PostgreSQL 15, the
        // sequence of a column has the persistence of its table; before, it is always logged.
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.relname AS name, 0::int8 AS type, \
             NULL::int8 AS array, c.relpersistence = 'u' AND d.refobjid IS NULL AS unlogged, \
             format_type(s.seqtypid, NULL) AS data_type, s.seqstart AS start, \
             s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, \
             s.seqcycle AS cycles, d.refobjid::int8 AS owner, \
             (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = d.refobjid \
             AND a.attnum = d.refobjsubid) AS owner_column \
             FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid \
             AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 \
             AND d.deptype IN ('a', 'i') \
             WHERE {USER_SCHEMAS} AND {} AND d.deptype IS DISTINCT FROM 'i'",
            not_of_extension("pg_class", "c.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let object = self.add_relation(&row, ObjectKind::Sequence)?;
            let sequence = sequence(&row)?;
            let unlogged = if get!(row, "unlogged", WHAT) { "UNLOGGED " } else { "" };
            let mut sql = format!("CREATE {unlogged}SEQUENCE {}", object.name);
            if sequence.data_type != "bigint" {
                sql += &format!(" AS {}", sequence.data_type);
            }
            for option in sequence.options() {
                sql += &format!(" {option}");
            }
            let owner: Option<i64> = get!(row, "owner", WHAT);
            let table = owner.and_then(|owner| self.find("pg_class", owner, 0));
            let column: Option<String> = get!(row, "owner_column", WHAT);
            if let (Some(table), Some(column)) = (table, column) {
                let owned = object.part(PartKind::OwnedBy, "");
                self.add_dependency(&owned, &table);
                let column = format!("{}.{}", table.name, ident(&column));
                self.add(owned, format!("ALTER SEQUENCE {} OWNED BY {column};", object.name));
            }
            self.add(object, sql + ";");
        }
        Ok(())
    }

    /// Reads partitions and inheriting tables. A table is created separately and attached
    /// afterwards, so that its columns keep their order.
    pub(super) async fn parents(&mut self) -> Result<(), Error> {
        const WHAT: &str = "the partitions";
        let sql = "SELECT i.inhrelid::int8 AS child, i.inhparent::int8 AS parent, \
                   CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound \
                   FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
                   WHERE c.relkind IN ('r', 'p') ORDER BY i.inhrelid, i.inhseqno";
        let mut last: Option<Object> = None;
        for row in self.rows(WHAT, sql).await? {
            let child = self.find("pg_class", get!(row, "child", WHAT), 0);
            let parent = self.find("pg_class", get!(row, "parent", WHAT), 0);
            let (Some(child), Some(parent)) = (child, parent) else {
                continue;
            };
            let bound: Option<String> = get!(row, "bound", WHAT);
            let sql = match bound {
                Some(bound) => {
                    format!(
                        "ALTER TABLE ONLY {} ATTACH PARTITION {} {bound};",
                        parent.name, child.name
                    )
                }
                None => format!("ALTER TABLE ONLY {} INHERIT {};", child.name, parent.name),
            };
            let object = child.part(PartKind::Parent, &parent.name);
            self.add_dependency(&object, &parent);
            // The order of several parents matters.
            if let Some(last) = last.filter(|last| last.name == object.name) {
                self.add_dependency(&object, &last);
            }
            last = Some(object.clone());
            self.add(object, sql);
        }
        Ok(())
    }
}

/// Returns the options that belong to the schema, as SQL and sorted by name.
pub(super) fn options(row: &PgRow) -> Result<Vec<String>, Error> {
    let stored: Vec<String> = get!(*row, "options", WHAT);
    let stored = stored.iter().filter(|stored| !is_internal(stored));
    let mut options: Vec<String> = stored.map(|stored| option(stored)).collect();
    options.sort();
    Ok(options)
}

/// Returns whether the server uses the option internally. Since November 2026 it stores the version
/// of a row type as `pg_attver`, which differs between databases, and documents that users cannot
/// set names with `pg_`.
pub(super) fn is_internal(stored: &str) -> bool {
    stored.starts_with("pg_")
}

pub(super) fn sequence(row: &PgRow) -> Result<Sequence, Error> {
    Ok(Sequence {
        data_type: get!(*row, "data_type", WHAT),
        start: get!(*row, "start", WHAT),
        increment: get!(*row, "increment", WHAT),
        min: get!(*row, "min", WHAT),
        max: get!(*row, "max", WHAT),
        cache: get!(*row, "cache", WHAT),
        cycles: get!(*row, "cycles", WHAT),
    })
}
