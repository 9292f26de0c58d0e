//! Reads dependencies from `pg_depend`.

use super::{Reader, get};
use crate::error::Error;
use crate::object::{Object, ObjectKind, PartKind};

const WHAT: &str = "the dependencies";

/// The dependencies between objects of users. The dependency of a sequence on its owning column is
/// a separate statement.
const SQL: &str = "\
    SELECT classid::regclass::text AS class, objid::int8 AS oid, objsubid AS sub, \
    refclassid::regclass::text AS other_class, refobjid::int8 AS other, refobjsubid AS other_sub \
    FROM pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype <> 'e'";

impl Reader<'_> {
    pub(super) async fn dependencies(&mut self) -> Result<(), Error> {
        for row in self.rows(WHAT, SQL).await? {
            let (class, other_class): (String, String) =
                (get!(row, "class", WHAT), get!(row, "other_class", WHAT));
            let object = self.find(&class, get!(row, "oid", WHAT), get!(row, "sub", WHAT));
            let other =
                self.find(&other_class, get!(row, "other", WHAT), get!(row, "other_sub", WHAT));
            let (Some(object), Some(other)) = (object, other) else {
                continue;
            };
            let other = self.identity_tables.get(&other).cloned().unwrap_or(other);
            let owned = object.kind == ObjectKind::Sequence && other.kind == ObjectKind::Table;
            // A partition depends on its parent, but is created separately.
            let parent = object.kind == ObjectKind::Table
                && other.kind == ObjectKind::Table
                && is_created_separately(&object);
            if object != other && !owned && !parent {
                self.add_dependency(&object, &other);
            }
        }
        Ok(())
    }
}

fn is_created_separately(object: &Object) -> bool {
    matches!(object.part_kind(), None | Some(PartKind::Column))
}
