//! Tables, views and sequences, and what hangs a table below another one.

use sqlx::postgres::PgRow;

use super::{OF_USERS, Reader, get, not_of_extension};
use crate::error::Error;
use crate::name::{ident, option, qualified};
use crate::object::{Kind, Object, PartKind};
use crate::sequence::Sequence;
use crate::table::Table;
use crate::view_text;

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
             WHERE {OF_USERS} AND c.relkind IN ('r', 'p', 'v', 'm') AND {}",
            not_of_extension("pg_class", "c.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let kind: String = get!(row, "kind", WHAT);
            match kind.as_str() {
                "v" => self.add_view(&row, Kind::View)?,
                "m" => self.add_view(&row, Kind::MaterializedView)?,
                _ => self.add_table(&row)?,
            }
        }
        self.sequences().await
    }

    fn add_relation(&mut self, row: &PgRow, kind: Kind) -> Result<Object, Error> {
        let (schema, name): (String, String) =
            (get!(*row, "schema", WHAT), get!(*row, "name", WHAT));
        let object = Object::new(kind, qualified(&schema, &name));
        self.known("pg_class", get!(*row, "oid", WHAT), 0, &object);
        self.known("pg_type", get!(*row, "type", WHAT), 0, &object);
        let array: Option<i64> = get!(*row, "array", WHAT);
        self.known("pg_type", array.unwrap_or_default(), 0, &object);
        Ok(object)
    }

    fn add_table(&mut self, row: &PgRow) -> Result<(), Error> {
        let object = self.add_relation(row, Kind::Table)?;
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
            self.need(&part, &of_type);
            self.add(part, format!("ALTER TABLE ONLY {} OF {};", object.name, of_type.name));
        }
        let identity: String = get!(*row, "identity", WHAT);
        let identity = match identity.as_str() {
            "n" => "NOTHING",
            "f" => "FULL",
            // That by an index is known where the indexes are.
            _ => return Ok(()),
        };
        let sql = format!("ALTER TABLE ONLY {} REPLICA IDENTITY {identity};", object.name);
        self.add(object.part(PartKind::ReplicaIdentity, ""), sql);
        Ok(())
    }

    fn add_view(&mut self, row: &PgRow, kind: Kind) -> Result<(), Error> {
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
        // Since PostgreSQL 16 the server does this by itself.
        let query = if self.version < 160_000 {
            view_text::without_needless_qualifiers(query)
        } else {
            query.to_owned()
        };
        sql += &format!(" AS\n{query}");
        if kind == Kind::MaterializedView {
            sql += "\n  WITH NO DATA";
        }
        self.add(object, sql + ";");
        Ok(())
    }

    async fn sequences(&mut self) -> Result<(), Error> {
        // That of an identity column depends on it internally. One that a column owns is as unlogged as
        // its table since PostgreSQL 15, and never before.
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
             WHERE {OF_USERS} AND {} AND d.deptype IS DISTINCT FROM 'i'",
            not_of_extension("pg_class", "c.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let object = self.add_relation(&row, Kind::Sequence)?;
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
                self.need(&owned, &table);
                let column = format!("{}.{}", table.name, ident(&column));
                self.add(owned, format!("ALTER SEQUENCE {} OWNED BY {column};", object.name));
            }
            self.add(object, sql + ";");
        }
        Ok(())
    }

    /// Partitions and children: a table is made by itself and hung below the other one afterwards, so
    /// that its columns have the order that they have.
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
            self.need(&object, &parent);
            // Several parents come in their order.
            if let Some(last) = last.filter(|last| last.name == object.name) {
                self.need(&object, &last);
            }
            last = Some(object.clone());
            self.add(object, sql);
        }
        Ok(())
    }
}

/// The options that belong to the schema, as SQL, in the order of their names.
pub(super) fn options(row: &PgRow) -> Result<Vec<String>, Error> {
    let stored: Vec<String> = get!(*row, "options", WHAT);
    let stored = stored.iter().filter(|stored| !is_internal(stored));
    let mut options: Vec<String> = stored.map(|stored| option(stored)).collect();
    options.sort();
    Ok(options)
}

/// Whether the server keeps this option for itself. Since November 2026 it stores the version of a row type
/// as `pg_attver`, another number in every database, and documents that no statement sets a name with `pg_`.
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
