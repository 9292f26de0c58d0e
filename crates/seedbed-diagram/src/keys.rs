//! Indexes and unique keys of tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::display_name;
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{Constraint, ConstraintKind, Index, PartKind, QualifiedName, Table};

/// Returns the names and the descriptions of the indexes of a table or view.
pub(crate) fn indexes(
    relation: &QualifiedName,
    indexes: &BTreeMap<String, Index>,
) -> Vec<(String, String)> {
    let described = indexes.iter().map(|(name, index)| {
        let unique = if index.unique { "unique " } else { "" };
        let invalid = if index.valid { "" } else { ", not valid" };
        let description = format!("{unique}{}{invalid}", index.clauses());
        (display_name(&relation.sibling(name)), description)
    });
    described.collect()
}

/// The unique keys of a table, each as the set of its columns.
pub(crate) type Keys = BTreeSet<BTreeSet<String>>;

/// Returns the unique keys of a table: its primary key, its unique constraints and its unique indexes.
pub(crate) fn unique_keys(schema: &DatabaseSchema, table: &Table) -> Keys {
    let unique = |constraint: &&Constraint| {
        matches!(constraint.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique)
    };
    let constraints = table.constraints.values().filter(unique);
    let constraints = constraints.map(|constraint| constraint.columns.iter().cloned().collect());
    let indexes = table.indexes.iter();
    let indexes = indexes.filter_map(|(name, index)| index_key(schema, table, name, index));
    constraints.chain(indexes).collect()
}

/// Returns the columns of a unique index on all rows. A unique index on an expression makes the columns of the
/// expression unique, too: two values whose lower-case forms differ are not equal.
fn index_key(
    schema: &DatabaseSchema,
    table: &Table,
    name: &str,
    index: &Index,
) -> Option<BTreeSet<String>> {
    if !index.unique || !index.valid || index.predicate.is_some() {
        return None;
    }
    if let Some(columns) = index.columns() {
        return Some(columns.into_iter().map(str::to_owned).collect());
    }
    // The columns of an expression are read from the dependencies of the index, which would include the columns of
    // INCLUDE.
    if !index.include.is_empty() {
        return None;
    }
    let object = table.object();
    let part = object.part(PartKind::Index, name);
    let parts = schema.dependencies(&part).filter(|(other, _)| other.root() == object);
    let parts = parts.filter_map(|(other, _)| other.part.as_ref());
    let columns = parts.filter(|part| part.kind == PartKind::Column);
    let columns: BTreeSet<String> = columns.map(|part| part.name.clone()).collect();
    (!columns.is_empty()).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedbed_schema::model::{DependencyKind, IndexKey, IndexKeyPart};

    /// Returns the key of a unique index on `b` and `A, (c` after the change. If the index has an expression, this
    /// depends on the column `e`.
    fn key(change: impl Fn(&mut Index)) -> Option<Vec<String>> {
        let mut index = Index::new(["b", "A, (c"].map(str::to_owned).into(), "");
        index.unique = true;
        change(&mut index);
        let mut schema = DatabaseSchema::default();
        let table = Table::new(QualifiedName::new("public", "t"));
        let object = table.object();
        let other = object.part(PartKind::Column, "e");
        schema.add_dependency(object.part(PartKind::Index, "i"), other, DependencyKind::Auto);
        Some(index_key(&schema, &table, "i", &index)?.into_iter().collect())
    }

    #[test]
    fn a_unique_index_on_all_rows_is_a_key() {
        let expression = || vec![IndexKey::new(IndexKeyPart::Expression("lower(e)".to_owned()))];
        let some = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(key(|_| ()), some(&["A, (c", "b"]));
        assert_eq!(key(|index| index.include = vec!["d".to_owned()]), some(&["A, (c", "b"]));
        assert_eq!(key(|index| index.keys[0].descending = true), some(&["A, (c", "b"]));
        assert_eq!(key(|index| index.keys = expression()), some(&["e"]));
        let including = |index: &mut Index| {
            index.keys = expression();
            index.include = vec!["d".to_owned()];
        };
        assert_eq!(key(including), None);
        assert_eq!(key(|index| index.predicate = Some("(b IS NULL)".to_owned())), None);
        assert_eq!(key(|index| index.unique = false), None);
        assert_eq!(key(|index| index.valid = false), None);
    }
}
