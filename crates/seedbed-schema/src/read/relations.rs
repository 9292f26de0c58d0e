//! Reads tables and views, and the parents of tables.

use sqlx::PgConnection;

use super::{QueryRow, Reader, USER_SCHEMAS, class, fetch, not_of_extension};
use crate::error::Error;
use crate::model::{
    Object, ObjectKind, PartKind, PartitionOf, ReplicaIdentity, RowSecurity, Table, Unsupported,
    View, ViewKind,
};

const OBJECTS: &str = "the tables and views";

impl Reader {
    pub(super) async fn read_relations(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT c.oid::int8, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, \
             c.relpersistence = 'u' AS unlogged, pg_get_userbyid(c.relowner)::text AS owner, \
             coalesce(c.reloptions, '{{}}') || ARRAY(SELECT 'toast.' || x FROM pg_class k, \
             unnest(k.reloptions) x WHERE k.oid = c.reltoastrelid) AS options, \
             c.reltype::int8 AS type, (SELECT t.typarray::int8 FROM pg_type t WHERE t.oid = c.reltype) \
             AS array, \
             CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key, \
             (SELECT amname FROM pg_am m WHERE m.oid = c.relam AND amname <> 'heap') AS access_method, \
             CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS query, \
             c.relispopulated AS populated, \
             c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, \
             c.relreplident::text AS identity, nullif(c.reloftype, 0)::int8 AS typed_table_of \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE {USER_SCHEMAS} AND c.relkind IN ('r', 'p', 'v', 'm') AND {}",
            not_of_extension("pg_class", "c.oid")
        );
        let mut rows = fetch(connection, OBJECTS, &sql);
        while let Some(row) = rows.next().await? {
            let kind: String = row.get("kind")?;
            match kind.as_str() {
                "v" => self.add_view(&row, ObjectKind::View)?,
                "m" => self.add_view(&row, ObjectKind::MaterializedView)?,
                _ => self.add_table(&row)?,
            }
        }
        Ok(())
    }

    /// Registers a table or view, and its row type and the array of its row type as the table or view. Returns its oid.
    fn register_relation(&mut self, row: &QueryRow, kind: ObjectKind) -> Result<i64, Error> {
        let (oid, object) = (row.get("oid")?, Object::qualified(kind, &row.name()?));
        self.register(class::RELATION, oid, 0, &object);
        self.register(class::TYPE, row.get("type")?, 0, &object);
        let array: Option<i64> = row.get("array")?;
        self.register(class::TYPE, array.unwrap_or_default(), 0, &object);
        Ok(oid)
    }

    fn add_table(&mut self, row: &QueryRow) -> Result<(), Error> {
        let oid = self.register_relation(row, ObjectKind::Table)?;
        if let Some(comment) = self.take_comment(class::TYPE, row.get("type")?, 0) {
            let unsupported = Unsupported::RowTypeComment(row.name()?);
            self.schema.unsupported.insert(unsupported, Some(comment));
        }
        let typed_table_of: Option<i64> = row.get("typed_table_of")?;
        let typed_table_of =
            typed_table_of.and_then(|typed_table_of| self.find(class::TYPE, typed_table_of, 0));
        let row_type = typed_table_of.and_then(Object::qualified_name);
        let identity: String = row.get("identity")?;
        let table = Table {
            name: row.name()?,
            owner: row.get("owner")?,
            comment: self.take_comment(class::RELATION, oid, 0),
            privileges: self.take_grants(class::RELATION, oid, 0),
            unlogged: row.get("unlogged")?,
            partition_key: row.get("partition_key")?,
            access_method: row.get("access_method")?,
            options: row.options("options")?,
            columns: Vec::new(),
            constraints: Default::default(),
            indexes: Default::default(),
            partition_of: None,
            inherits: Vec::new(),
            row_type,
            // `ReplicaIdentity::Index` is set when the indexes are read.
            replica_identity: match identity.as_str() {
                "n" => ReplicaIdentity::Nothing,
                "f" => ReplicaIdentity::Full,
                _ => ReplicaIdentity::Default,
            },
            cluster_on: None,
            row_security: RowSecurity { enabled: row.get("secured")?, forced: row.get("forced")? },
            triggers: Default::default(),
            rules: Default::default(),
            policies: Default::default(),
        };
        self.schema.tables.insert(table.name.clone(), table);
        Ok(())
    }

    fn add_view(&mut self, row: &QueryRow, kind: ObjectKind) -> Result<(), Error> {
        let oid = self.register_relation(row, kind)?;
        let query: String = row.get("query")?;
        let query = query.trim_end().trim_end_matches(';');
        let view = View {
            name: row.name()?,
            kind: match kind {
                ObjectKind::MaterializedView => ViewKind::Materialized,
                _ => ViewKind::Plain,
            },
            query: self.normalizer.query(query),
            options: row.options("options")?,
            access_method: row.get("access_method")?,
            columns: Vec::new(),
            populated: row.get("populated")?,
            owner: row.get("owner")?,
            comment: self.take_comment(class::RELATION, oid, 0),
            privileges: self.take_grants(class::RELATION, oid, 0),
            indexes: Default::default(),
            cluster_on: None,
            triggers: Default::default(),
            rules: Default::default(),
        };
        self.schema.views.insert(view.name.clone(), view);
        Ok(())
    }

    /// Reads the parents of partitions and inheriting tables.
    pub(super) async fn read_partition_parents(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = "SELECT i.inhrelid::int8 AS child, i.inhparent::int8 AS parent, \
                   i.inhdetachpending AS pending, \
                   CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound \
                   FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
                   WHERE c.relkind IN ('r', 'p') ORDER BY i.inhrelid, i.inhseqno";
        let mut rows = fetch(connection, "the partitions", sql);
        while let Some(row) = rows.next().await? {
            let (child, parent) =
                (self.relation(row.get("child")?), self.relation(row.get("parent")?));
            let (Some((_, child)), Some((_, parent))) = (child, parent) else { continue };
            let Some(table) = self.schema.tables.get_mut(&child) else { continue };
            let bound: Option<String> = row.get("bound")?;
            match bound {
                Some(bound) => {
                    let detach_pending = row.get("pending")?;
                    table.partition_of = Some(PartitionOf { parent, bound, detach_pending });
                }
                None => table.inherits.push(parent),
            }
        }
        Ok(())
    }
}

impl Reader {
    /// Registers a part of a table or view, and returns the table or view.
    pub(super) fn register_part(
        &mut self,
        class: i64,
        oid: i64,
        relation: i64,
        part: (PartKind, &str),
    ) -> Option<Object> {
        let relation = self.find(class::RELATION, relation, 0)?.clone();
        self.register(class, oid, 0, &relation.part(part.0, part.1));
        Some(relation)
    }
}
