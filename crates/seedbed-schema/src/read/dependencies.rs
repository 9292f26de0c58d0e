//! Reads dependencies from `pg_depend`.

use sqlx::PgConnection;

use super::{Reader, class, fetch};
use crate::error::Error;
use crate::model::{DependencyKind, Object, ObjectKind, PartKind};

/// The query for the dependencies between objects that users created. The dependency `e` of an object on the extension
/// that it is a member of is excluded, because members of extensions are not part of the schema.
const SQL: &str = "\
    SELECT classid::int8 AS class, objid::int8 AS oid, objsubid AS sub, refclassid::int8 AS other_class, \
    refobjid::int8 AS other, refobjsubid AS other_sub, deptype::text AS kind \
    FROM pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype <> 'e'";

/// The query for the normal dependencies on row types and on arrays of row types. A function also depends on the types
/// of its arguments and of its result, so the query searches the parse trees of its body and of its defaults for the
/// oid of the type.
const USES_OF_ROW_TYPES: &str = "\
    SELECT c.oid::int8 AS relation, d.classid::int8 AS class, d.objid::int8 AS oid, d.objsubid AS sub \
    FROM pg_class c JOIN pg_type y ON y.oid = c.reltype \
    JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray) \
    AND d.deptype = 'n' LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid \
    WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND (p.oid IS NULL \
    OR concat(p.proargdefaults, p.prosqlbody) ~ format('\\m(%s|%s)\\M', y.oid, y.typarray))";

impl Reader {
    pub(super) async fn read_dependencies(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, "the dependencies", SQL);
        while let Some(row) = rows.next().await? {
            let object = self.find(row.get("class")?, row.get("oid")?, row.get("sub")?);
            let other =
                self.find(row.get("other_class")?, row.get("other")?, row.get("other_sub")?);
            let (Some(object), Some(other)) = (object, other) else { continue };
            let kind: String = row.get("kind")?;
            let kind = match kind.as_str() {
                "n" => DependencyKind::Normal,
                "i" => DependencyKind::Internal,
                "P" | "S" => DependencyKind::Partition,
                "x" => DependencyKind::Extension,
                _ => DependencyKind::Auto,
            };
            if self.is_dependency(object, other, kind) {
                let (object, other) = (object.clone(), other.clone());
                let dependencies = self.schema.dependencies.entry(object).or_default();
                // A check has a normal and an automatic dependency on its columns. The automatic one counts, because
                // the check is dropped with the column.
                let known = dependencies.entry(other).or_insert(kind);
                *known = kind.max(*known);
            }
        }
        Ok(())
    }

    /// Returns whether a dependency in `pg_depend` is one between objects of the schema. A dependency that only shows how
    /// the server stores an object is not.
    ///
    /// The rule `_RETURN` of a view counts as the view, so its dependency on the view looks like a dependency of the
    /// view on itself. It is internal and, before PostgreSQL 16, also normal. Other normal dependencies of a view or a
    /// function on itself are real: `CREATE OR REPLACE` can make a view or a function refer to itself.
    fn is_dependency(&self, object: &Object, other: &Object, kind: DependencyKind) -> bool {
        if object.part.is_some() || other.root() != *object {
            return object != other;
        }
        let is_column = other.part_kind() == Some(PartKind::Column);
        kind == DependencyKind::Normal
            && match object.kind {
                ObjectKind::View => is_column || self.version >= 160_000,
                ObjectKind::Function | ObjectKind::Procedure => true,
                _ => false,
            }
    }

    /// Reads the objects that use the row type of a table in a column or an expression. A function counts if its body
    /// or a default names the type. A function that only takes or returns such rows does not count.
    pub(super) async fn read_uses_of_row_types(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let mut rows = fetch(connection, "the uses of row types", USES_OF_ROW_TYPES);
        while let Some(row) = rows.next().await? {
            let table = self.relation(row.get("relation")?);
            let user = self.find(row.get("class")?, row.get("oid")?, row.get("sub")?).cloned();
            if let (Some((_, table)), Some(user)) = (table, user) {
                self.schema.uses_of_row_types.entry(table).or_default().insert(user);
            }
        }
        Ok(())
    }

    /// Registers each entry for a table in a publication as the publication, so that `read_dependencies` finds the
    /// dependencies of publications on tables.
    pub(super) async fn read_publications(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = "SELECT r.oid::int8, p.pubname::text AS name FROM pg_publication_rel r \
                   JOIN pg_publication p ON p.oid = r.prpubid";
        let mut rows = fetch(connection, "the publications", sql);
        while let Some(row) = rows.next().await? {
            let name: String = row.get("name")?;
            let object = Object::global(ObjectKind::Publication, name);
            self.register(class::PUBLICATION_TABLE, row.get("oid")?, 0, &object);
        }
        Ok(())
    }

    /// Reads the tables into which each subscription replicates. `pg_depend` does not contain these dependencies.
    pub(super) async fn read_subscriptions(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = "SELECT r.srrelid::int8 AS relation, s.subname::text AS name FROM pg_subscription_rel r \
                   JOIN pg_subscription s ON s.oid = r.srsubid";
        let mut rows = fetch(connection, "the subscriptions", sql);
        while let Some(row) = rows.next().await? {
            let table = self.find(class::RELATION, row.get("relation")?, 0).cloned();
            let name: String = row.get("name")?;
            if let Some(table) = table {
                let subscription = Object::global(ObjectKind::Subscription, name);
                self.schema.add_dependency(subscription, table, DependencyKind::Auto);
            }
        }
        Ok(())
    }
}
