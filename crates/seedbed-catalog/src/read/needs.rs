//! What depends on what, as `pg_depend` has it.

use super::{Reader, get};
use crate::error::Error;
use crate::object::{Kind, Object, PartKind};

const WHAT: &str = "what depends on what";

/// That a sequence depends on the column that owns it is a statement of its own.
const SQL: &str = "\
    SELECT classid::regclass::text AS class, objid::int8 AS oid, objsubid AS sub, \
    refclassid::regclass::text AS other_class, refobjid::int8 AS other, refobjsubid AS other_sub \
    FROM pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype <> 'e'";

impl Reader<'_> {
    pub(super) async fn needs(&mut self) -> Result<(), Error> {
        for row in self.rows(WHAT, SQL).await? {
            let (class, other_class): (String, String) =
                (get!(row, "class", WHAT), get!(row, "other_class", WHAT));
            let object = self.find(&class, get!(row, "oid", WHAT), get!(row, "sub", WHAT));
            let other =
                self.find(&other_class, get!(row, "other", WHAT), get!(row, "other_sub", WHAT));
            let (Some(object), Some(other)) = (object, other) else {
                continue;
            };
            let other = self.made_with.get(&other).cloned().unwrap_or(other);
            let owned = object.kind == Kind::Sequence && other.kind == Kind::Table;
            // A partition depends on its parent, and is made without it.
            let parent =
                object.kind == Kind::Table && other.kind == Kind::Table && is_made_alone(&object);
            if object != other && !owned && !parent {
                self.need(&object, &other);
            }
        }
        Ok(())
    }
}

fn is_made_alone(object: &Object) -> bool {
    matches!(object.part_kind(), None | Some(PartKind::Column))
}
