//! Reads the indexes without a constraint, and the attachment of index partitions.

use super::relations::options;
use super::{Reader, get};
use crate::error::Error;
use crate::name::{ident, qualified};
use crate::object::{Object, PartKind};

const WHAT: &str = "the indexes";

/// The indexes. An invalid partitioned index counts as valid: it only lacks an index on some
/// partition.
const SQL: &str = "\
    SELECT i.indexrelid::int8 AS oid, i.indrelid::int8 AS relation, n.nspname AS schema, \
    c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition, \
    i.indisvalid OR c.relkind = 'I' AS valid, i.indisreplident AS identity, \
    i.indisclustered AS clustered, coalesce(c.reloptions, '{}') AS options, \
    h.inhparent::int8 AS parent, coalesce((SELECT array_agg('ALTER COLUMN ' || a.attnum || \
    ' SET STATISTICS ' || a.attstattarget ORDER BY a.attnum) FROM pg_attribute a \
    WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0), '{}') AS settings \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid \
    WHERE i.indexrelid >= 16384 AND n.nspname !~ '^pg_'";

impl Reader<'_> {
    pub(super) async fn indexes(&mut self) -> Result<(), Error> {
        let mut attached = Vec::new();
        for row in self.rows(WHAT, SQL).await? {
            let oid: i64 = get!(row, "oid", WHAT);
            let Some(table) = self.find("pg_class", get!(row, "relation", WHAT), 0) else {
                continue;
            };
            let (schema, name): (String, String) =
                (get!(row, "schema", WHAT), get!(row, "name", WHAT));
            let index = qualified(&schema, &name);
            // An index that is already registered belongs to a constraint.
            let settings: Vec<String> = get!(row, "settings", WHAT);
            if let Some(key) = self.find("pg_class", oid, 0) {
                self.add_key_index_settings(&key, &index, &options(&row)?, settings);
            } else {
                let object = table.part(PartKind::Index, &index);
                self.register("pg_class", oid, 0, &object);
                let definition: String = get!(row, "definition", WHAT);
                let mut sql = definition + ";";
                for setting in settings {
                    sql += &format!("\nALTER INDEX {index} {setting};");
                }
                let valid: bool = get!(row, "valid", WHAT);
                self.add(object, if valid { sql } else { comment_out(&sql) });
            }
            if get!(row, "identity", WHAT) {
                self.replica_identity(&table, oid, &name);
            }
            if get!(row, "clustered", WHAT) {
                self.cluster_order(&table, oid, &name);
            }
            let parent: Option<i64> = get!(row, "parent", WHAT);
            attached.extend(parent.map(|parent| (table, oid, index, parent)));
        }
        for (table, oid, index, parent) in attached {
            self.attach(&table, oid, index, parent).await?;
        }
        Ok(())
    }

    /// Appends the settings of a constraint's index, which are not part of the constraint's
    /// definition.
    fn add_key_index_settings(
        &mut self,
        key: &Object,
        index: &str,
        options: &[String],
        mut settings: Vec<String>,
    ) {
        if !options.is_empty() {
            settings.insert(0, format!("SET ({})", options.join(", ")));
        }
        if let Some(sql) = self.catalog.objects.get_mut(key) {
            for setting in settings {
                *sql += &format!("\nALTER INDEX {index} {setting};");
            }
        }
    }

    fn cluster_order(&mut self, table: &Object, index: i64, name: &str) {
        let object = table.part(PartKind::ClusterOrder, "");
        if let Some(index) = self.find("pg_class", index, 0) {
            self.add_dependency(&object, &index);
        }
        let (word, name) = (table.kind.as_str().to_uppercase(), ident(name));
        self.add(object, format!("ALTER {word} {} CLUSTER ON {name};", table.name));
    }

    fn replica_identity(&mut self, table: &Object, index: i64, name: &str) {
        let object = table.part(PartKind::ReplicaIdentity, "");
        if let Some(index) = self.find("pg_class", index, 0) {
            self.add_dependency(&object, &index);
        }
        let name = ident(name);
        let sql = format!("ALTER TABLE ONLY {} REPLICA IDENTITY USING INDEX {name};", table.name);
        self.add(object, sql);
    }

    /// Adds the statement that attaches the index of a partition to that of the partitioned table.
    async fn attach(
        &mut self,
        table: &Object,
        oid: i64,
        index: String,
        parent: i64,
    ) -> Result<(), Error> {
        let (Some(own), Some(above)) =
            (self.find("pg_class", oid, 0), self.find("pg_class", parent, 0))
        else {
            return Ok(());
        };
        // A constraint is registered under its own name, which is also the name of its index.
        let schema = |object: &Object| {
            let end = object.name.rfind(&ident(&crate::name::unqualified(&object.name)));
            object.name[..end.unwrap_or(0)].to_owned()
        };
        let name = above.part.as_ref().map(|part| part.name.clone()).unwrap_or_default();
        let parent = match above.part_kind() {
            Some(PartKind::Constraint) => schema(&above) + &name,
            _ => name,
        };
        let object = table.part(PartKind::ParentIndex, &index);
        self.add_dependency(&object, &own);
        self.add_dependency(&object, &above);
        self.add_dependency(&object, &table.part(PartKind::Parent, &above.name));
        self.add(object, format!("ALTER INDEX {parent} ATTACH PARTITION {index};"));
        Ok(())
    }
}

/// Returns the statement as a comment, because no statement creates an invalid index.
fn comment_out(sql: &str) -> String {
    let lines = sql.lines().map(|line| format!("-- {line}"));
    let mut lines: Vec<String> = lines.collect();
    lines.insert(0, "-- invalid, left by an interrupted build:".to_owned());
    lines.join("\n")
}
