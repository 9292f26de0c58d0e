//! Reads indexes, and the properties of constraints' indexes.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;

use super::{QueryRow, Reader, class, fetch};
use crate::error::Error;
use crate::model::{
    Index, IndexKey, IndexKeyPart, ObjectKind, PartKind, QualifiedName, ReplicaIdentity,
};

const OBJECTS: &str = "the indexes";

/// The query for all operator classes, and for the collations that indexes use, except the default collation, whose oid is
/// 100. `is_default` says whether an operator class is the default of its type.
const NAMES: &str = "\
    SELECT o.oid::int8, n.nspname AS schema, o.opcname AS name, o.opcdefault AS is_default \
    FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace \
    UNION ALL SELECT o.oid::int8, n.nspname, o.collname, false FROM pg_collation o \
    JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid <> 100 \
    AND o.oid IN (SELECT unnest(indcollation::oid[]) FROM pg_index WHERE indexrelid >= 16384)";

/// Returns the query for the indexes.
///
/// An invalid index of a partitioned table counts as valid, because it only lacks an index on some partition. An index
/// that belongs to a constraint has no definition. `statistics` and `class_options` are arrays of pairs of the number
/// of a column and its setting. The server searches `pg_attribute` for indexes with such settings once, and not for
/// each index.
fn query(version: i32, pretty: bool) -> String {
    let distinct = if version >= 150_000 { "i.indnullsnotdistinct" } else { "false" };
    format!(
        "SELECT i.indexrelid::int8 AS oid, i.indrelid::int8 AS relation, n.nspname AS schema, \
         c.relname AS name, CASE WHEN i.indexrelid NOT IN \
         (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x')) \
         THEN pg_get_indexdef(i.indexrelid, 0, {pretty}) END AS definition, \
         i.indisvalid OR c.relkind = 'I' AS valid, i.indisunique AS is_unique, {distinct} AS nulls, \
         m.amname AS method, i.indnkeyatts::int4 AS keys, string_to_array(i.indkey::text, ' ')::int4[] AS columns, \
         string_to_array(i.indclass::text, ' ')::int8[] AS classes, \
         string_to_array(i.indoption::text, ' ')::int4[] AS flags, \
         CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, false) \
         FROM generate_series(1, i.indnatts) k) END AS expressions, \
         CASE WHEN EXISTS (SELECT FROM unnest(i.indcollation::oid[]) x WHERE x NOT IN (0, 100)) \
         THEN ARRAY(SELECT CASE WHEN u.coll <> coalesce(a.attcollation, 100) \
         THEN coalesce(u.coll::int8, 0) ELSE 0 END \
         FROM unnest(i.indcollation::oid[], i.indkey::int2[]) WITH ORDINALITY AS u (coll, key, place) \
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.key \
         ORDER BY u.place) END AS collations, \
         pg_get_expr(i.indpred, i.indrelid) AS predicate, \
         i.indisreplident AS identity, i.indisclustered AS clustered, \
         coalesce(c.reloptions, '{{}}') AS options, h.inhparent::int8 AS parent, \
         CASE WHEN i.indexrelid IN (SELECT attrelid FROM pg_attribute WHERE attnum > 0 AND attstattarget >= 0) \
         THEN ARRAY(SELECT u.x FROM pg_attribute a, unnest(ARRAY[a.attnum::int4, a.attstattarget::int4]) \
         WITH ORDINALITY AS u (x, place) WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0 \
         ORDER BY a.attnum, u.place) ELSE '{{}}' END AS statistics, \
         CASE WHEN i.indexrelid IN (SELECT attrelid FROM pg_attribute WHERE attoptions IS NOT NULL) \
         THEN ARRAY(SELECT u.x FROM pg_attribute a, unnest(a.attoptions) o, \
         unnest(ARRAY[a.attnum::text, o]) WITH ORDINALITY AS u (x, place) \
         WHERE a.attrelid = i.indexrelid AND o !~ '^pg_' ORDER BY a.attnum, o, u.place) \
         ELSE '{{}}' END AS class_options \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam \
         LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid \
         WHERE i.indexrelid >= 16384 AND n.nspname !~ '^pg_'"
    )
}

/// Operator classes and collations by their oid, with their names and whether an operator class is the default of its
/// type.
type NamesByOid = HashMap<i64, (QualifiedName, bool)>;

impl Reader {
    pub(super) async fn read_indexes(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut names = HashMap::new();
        for row in fetch(connection, OBJECTS, NAMES).all().await? {
            names.insert(row.get("oid")?, (row.name()?, row.get("is_default")?));
        }
        let mut attached = Vec::new();
        let mut rows = fetch(connection, OBJECTS, &query(self.version, self.pretty()));
        while let Some(row) = rows.next().await? {
            let (oid, relation): (i64, i64) = (row.get("oid")?, row.get("relation")?);
            let Some((kind, table)) = self.relation(relation) else { continue };
            let name: String = row.get("name")?;
            // An index that is already registered belongs to a constraint.
            let key = self.find(class::RELATION, oid, 0).and_then(|key| key.part.clone());
            match key {
                Some(key) => self.set_constraint_index(&row, &table, &key.name)?,
                None => {
                    let part = (PartKind::Index, name.as_str());
                    self.register_part(class::RELATION, oid, relation, part);
                    let index = self.index(&row, &names)?;
                    if let Some(indexes) = self.indexes_of(kind, &table) {
                        indexes.insert(name.clone(), index);
                    }
                }
            }
            let (identity, clustered): (bool, bool) = (row.get("identity")?, row.get("clustered")?);
            match (self.schema.tables.get_mut(&table), self.schema.views.get_mut(&table)) {
                (Some(table), _) => {
                    if identity {
                        table.replica_identity = ReplicaIdentity::Index(name.clone());
                    }
                    table.cluster_on = table.cluster_on.take().or(clustered.then(|| name.clone()));
                }
                (_, Some(view)) if clustered => view.cluster_on = Some(name.clone()),
                _ => {}
            }
            let parent: Option<i64> = row.get("parent")?;
            attached.extend(parent.map(|parent| (oid, parent)));
        }
        for (oid, parent) in attached {
            self.attach(oid, parent);
        }
        Ok(())
    }

    fn indexes_of(
        &mut self,
        kind: ObjectKind,
        name: &QualifiedName,
    ) -> Option<&mut BTreeMap<String, Index>> {
        match kind {
            ObjectKind::Table => self.schema.tables.get_mut(name).map(|table| &mut table.indexes),
            _ => self.schema.views.get_mut(name).map(|view| &mut view.indexes),
        }
    }

    /// Sets the properties of the index that belongs to the constraint `key`.
    fn set_constraint_index(
        &mut self,
        row: &QueryRow,
        table: &QualifiedName,
        key: &str,
    ) -> Result<(), Error> {
        let comment = self.take_comment(class::RELATION, row.get("oid")?, 0);
        let constraint = self.schema.tables.get_mut(table);
        let constraint = constraint.and_then(|table| table.constraints.get_mut(key));
        if let Some(index) = constraint.and_then(|constraint| constraint.index.as_mut()) {
            index.name = row.get("name")?;
            index.options = row.options("options")?;
            index.statistics = row.statistics()?;
            index.comment = comment;
        }
        Ok(())
    }

    fn index(&mut self, row: &QueryRow, names: &NamesByOid) -> Result<Index, Error> {
        let relation = row.get("relation")?;
        let (columns, keys): (Vec<i32>, i32) = (row.get("columns")?, row.get("keys")?);
        let (keys, include) = columns.split_at(columns.len().min(keys.unsigned_abs() as usize));
        let (classes, flags): (Vec<i64>, Vec<i32>) = (row.get("classes")?, row.get("flags")?);
        let expressions: Option<Vec<String>> = row.get("expressions")?;
        let collations: Option<Vec<i64>> = row.get("collations")?;
        let collations = collations.unwrap_or_default();
        let class_options = row.class_options()?;
        let keys = keys.iter().enumerate().map(|(index, number)| {
            // The number of an expression is 0, and no column has this number.
            let column = self.column_name(relation, *number).map(IndexKeyPart::Column);
            let expression = || {
                let expression = expressions.as_ref().and_then(|texts| texts.get(index));
                IndexKeyPart::Expression(
                    self.normalizer.expression(expression.cloned().unwrap_or_default()),
                )
            };
            let flags = flags.get(index).copied().unwrap_or_default();
            let options = class_options.get(&(index + 1)).cloned().unwrap_or_default();
            let class = classes.get(index).and_then(|oid| names.get(oid));
            let class = class.filter(|(_, is_default)| !is_default || !options.is_empty());
            let collation = collations.get(index).and_then(|oid| names.get(oid));
            IndexKey {
                part: column.unwrap_or_else(expression),
                operator_class: class.map(|(name, _)| name.clone()),
                operator_class_options: options,
                collation: collation.map(|(name, _)| name.clone()),
                descending: flags & 1 != 0,
                nulls_first: flags & 2 != 0,
            }
        });
        let keys = keys.collect();
        let include = self.column_names(relation, include.to_vec());
        let predicate: Option<String> = row.get("predicate")?;
        let definition: Option<String> = row.get("definition")?;
        Ok(Index {
            keys,
            include,
            unique: row.get("is_unique")?,
            nulls_not_distinct: row.get("nulls")?,
            method: row.get("method")?,
            predicate: predicate.map(|sql| self.normalizer.expression(sql)),
            valid: row.get("valid")?,
            options: row.options("options")?,
            statistics: row.statistics()?,
            definition: self.normalizer.expression(definition.unwrap_or_default()),
            comment: self.take_comment(class::RELATION, row.get("oid")?, 0),
            parent: None,
        })
    }

    /// Records that the index of a partition is attached to an index of the partitioned table.
    fn attach(&mut self, oid: i64, parent: i64) {
        let (Some(own), Some(above)) =
            (self.find(class::RELATION, oid, 0), self.find(class::RELATION, parent, 0))
        else {
            return;
        };
        let (Some(own_table), Some(table)) = (own.qualified_name(), above.qualified_name()) else {
            return;
        };
        let (Some(own), Some(above)) = (own.part.clone(), above.part.clone()) else { return };
        let parent = Some(table.sibling(above.name));
        let Some(table) = self.schema.tables.get_mut(&own_table) else { return };
        match own.kind {
            PartKind::Constraint => {
                let constraint = table.constraints.get_mut(&own.name);
                if let Some(index) = constraint.and_then(|key| key.index.as_mut()) {
                    index.parent = parent;
                }
            }
            _ => {
                if let Some(index) = table.indexes.get_mut(&own.name) {
                    index.parent = parent;
                }
            }
        }
    }
}

impl QueryRow {
    /// Returns the statistics targets, keyed by the number of the index's column.
    fn statistics(&self) -> Result<BTreeMap<i32, i32>, Error> {
        let numbers: Vec<i32> = self.get("statistics")?;
        Ok(numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
    }

    /// Returns the parameters of the operator classes, keyed by the number of the index's column.
    fn class_options(&self) -> Result<BTreeMap<usize, BTreeMap<String, String>>, Error> {
        let texts: Vec<String> = self.get("class_options")?;
        let mut options: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
        for pair in texts.chunks_exact(2) {
            let (name, value) = pair[1].split_once('=').unwrap_or((&pair[1], ""));
            if let Ok(column) = pair[0].parse() {
                let column_options = options.entry(column).or_default();
                column_options.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(options)
    }
}
