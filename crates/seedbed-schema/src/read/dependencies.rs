//! Reads dependencies from `pg_depend`.

use super::Reader;
use crate::error::Error;
use crate::model::{DependencyKind, Object, ObjectKind, PartKind};

/// The dependencies between objects of users. Objects of extensions are no part of the schema.
const SQL: &str = "\
    SELECT classid::int8 AS class, objid::int8 AS oid, objsubid AS sub, refclassid::int8 AS other_class, \
    refobjid::int8 AS other, refobjsubid AS other_sub, deptype::text AS kind \
    FROM pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype <> 'e'";

impl Reader<'_> {
    pub(super) async fn dependencies(&mut self) -> Result<(), Error> {
        for row in self.rows("the dependencies", SQL).await? {
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
                // A check depends on its columns in both ways, and is dropped with them.
                let known = dependencies.entry(other).or_insert(kind);
                *known = kind.max(*known);
            }
        }
        Ok(())
    }

    /// Returns whether an object really depends on the other one, if that is the object itself or its own
    /// column. A rule that makes a view depends on the view, and before PostgreSQL 16 does so twice. What
    /// `CREATE OR REPLACE` made refer to itself depends on itself.
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
}
