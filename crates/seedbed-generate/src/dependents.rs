//! The objects that prevent another object from being dropped or changed.

use std::collections::BTreeSet;

use seedbed_schema::model::{
    BaseType, Column, ConstraintKind, DependencyKind, Object, ObjectKind, PartKind, QualifiedName,
    Table,
};

use crate::column_facts::{
    constraint_columns, constraints, index_columns, part_object, table_object,
};
use crate::visible_schema::VisibleSchema;

/// The objects that PostgreSQL drops together with an object, and those that prevent it from dropping the object.
#[derive(Debug, Default)]
pub(crate) struct DropEffects {
    /// The objects that are dropped, the object itself among them.
    pub(crate) dropped: BTreeSet<Object>,
    /// The objects that prevent the drop. PostgreSQL drops them only with CASCADE.
    pub(crate) dependents: BTreeSet<Object>,
}

impl DropEffects {
    /// Returns the effects of dropping a table with all of its columns.
    pub(crate) fn from_table(schema: VisibleSchema<'_>, table: &Table) -> Self {
        let object = table_object(table);
        let column = |column: &Column| object.part(PartKind::Column, &column.name);
        let columns = table.columns.iter().map(column);
        Self::new(schema, columns.chain([object.clone()]).collect(), None)
    }

    /// Returns the effects of dropping a column.
    pub(crate) fn from_column(schema: VisibleSchema<'_>, table: &Table, column: &Column) -> Self {
        let object = part_object(table, PartKind::Column, &column.name);
        let mut effects = Self::new(schema, BTreeSet::from([object]), Some(&table.name));
        // PostgreSQL drops an exclusion constraint with a column of its key, but not with a column that is only in an
        // expression or in the condition.
        for (name, constraint) in constraints(table) {
            let object = part_object(table, PartKind::Constraint, name);
            if constraint.kind == ConstraintKind::Exclusion
                && !constraint.columns.contains(&column.name)
                && effects.dropped.remove(&object)
            {
                effects.dependents.insert(object);
            }
        }
        effects
    }

    /// Returns the effects of dropping an index or a constraint.
    pub(crate) fn from_part(
        schema: VisibleSchema<'_>,
        table: &Table,
        kind: PartKind,
        name: &str,
    ) -> Self {
        Self::new(schema, BTreeSet::from([part_object(table, kind, name)]), None)
    }

    /// Returns the effects of dropping an enum type.
    pub(crate) fn from_enum(schema: VisibleSchema<'_>, name: &QualifiedName) -> Self {
        let object = Object::qualified(ObjectKind::Type, name);
        Self::new(schema, BTreeSet::from([object]), None)
    }

    /// Collects the effects. If the object is a column, `column_of` is its table. Another column of this table that
    /// would be dropped too, such as a generated one, prevents the drop.
    fn new(
        schema: VisibleSchema<'_>,
        dropped: BTreeSet<Object>,
        column_of: Option<&QualifiedName>,
    ) -> Self {
        let mut effects = Self { dropped, dependents: BTreeSet::new() };
        let mut unvisited: Vec<Object> = effects.dropped.iter().cloned().collect();
        let mut blockers = BTreeSet::new();
        while let Some(object) = unvisited.pop() {
            for (dependent, kind) in schema.schema.dependents(&object) {
                let is_other_column = dependent.part_kind() == Some(PartKind::Column)
                    && column_of.is_some()
                    && dependent.qualified_name().as_ref() == column_of;
                match kind {
                    DependencyKind::Normal => drop(blockers.insert(dependent.clone())),
                    DependencyKind::Extension => {}
                    _ if is_other_column => drop(blockers.insert(dependent.clone())),
                    _ if effects.dropped.contains(dependent) => {}
                    _ => {
                        effects.dropped.insert(dependent.clone());
                        unvisited.push(dependent.clone());
                    }
                }
            }
        }
        // PostgreSQL does not drop an object that is an internal part of another one, such as the index of a key or the
        // column by which a table is partitioned.
        let owners = effects.dropped.iter().flat_map(|object| {
            let dependencies = schema.schema.dependencies(object);
            dependencies.filter(|(_, kind)| *kind == DependencyKind::Internal).map(|(on, _)| on)
        });
        blockers.extend(owners.cloned());
        blockers.retain(|object| !effects.dropped.contains(object));
        effects.dependents = blockers.into_iter().map(named).collect();
        effects
    }
}

/// Returns the objects that prevent a column from changing its type, because PostgreSQL does not adapt them, or not in
/// every case.
pub(crate) fn type_dependents(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> BTreeSet<Object> {
    let object = part_object(table, PartKind::Column, &column.name);
    let direct = schema.schema.dependents(&object).map(|(dependent, _)| dependent);
    // The generated script converts the default, PostgreSQL rebuilds constraints and indexes, and a sequence keeps its
    // own type.
    let direct = direct.filter(|dependent| {
        let is_own = **dependent == object.root().part(PartKind::Default, &column.name);
        let is_rebuilt =
            matches!(dependent.part_kind(), Some(PartKind::Constraint | PartKind::Index));
        !is_own && !is_rebuilt && dependent.kind != ObjectKind::Sequence
    });
    let indirect = dependents_of_keys(schema, table, column);
    let uses_of_row_type = schema.schema.uses_of_row_type(&table.name);
    direct.chain(indirect).chain(uses_of_row_type).cloned().map(named).collect()
}

/// Returns the objects that prevent an enum type from losing a value, which `Schema::remove_enum_value` does by a new type.
/// This verb recreates the checks and indexes of tables, and converts their defaults.
pub(crate) fn enum_dependents(schema: VisibleSchema<'_>, name: &QualifiedName) -> BTreeSet<Object> {
    let is_kept = |object: &Object| {
        let parts = [PartKind::Column, PartKind::Default, PartKind::Constraint, PartKind::Index];
        let is_part = object.part_kind().is_some_and(|part| parts.contains(&part));
        (object.kind == ObjectKind::Table && is_part) || object.kind == ObjectKind::Statistics
    };
    let mut dependents = DropEffects::from_enum(schema, name).dependents;
    dependents.retain(|object| !is_kept(object));
    for table in schema.schema.tables.values() {
        let is_of_type =
            |column: &&Column| matches!(&column.data_type.base, BaseType::Enum(one) if one == name);
        for column in table.columns.iter().filter(is_of_type) {
            let of_column = type_dependents(schema, table, column);
            dependents.extend(
                of_column.into_iter().filter(|object| object.kind != ObjectKind::Statistics),
            );
        }
    }
    dependents
}

/// Returns the objects that depend on a key or an index of the column, such as a view that groups by a key. PostgreSQL
/// rebuilds keys and indexes when the type of the column changes. Leaves out foreign keys to the column itself, which
/// [`foreign_keys`] returns.
fn dependents_of_keys<'s>(
    schema: VisibleSchema<'s>,
    table: &Table,
    column: &Column,
) -> impl Iterator<Item = &'s Object> {
    let keys = constraints(table).filter(|(name, one)| {
        one.kind != ConstraintKind::ForeignKey
            && one.kind != ConstraintKind::Check
            && constraint_columns(schema, table, name, one).contains(&column.name)
    });
    let keys = keys.map(|(name, _)| part_object(table, PartKind::Constraint, name));
    let indexes = table
        .indexes
        .iter()
        .filter(|(name, index)| index_columns(schema, table, name, index).contains(&column.name));
    let indexes = indexes.map(|(name, _)| part_object(table, PartKind::Index, name));
    let rebuilt: Vec<Object> = keys.chain(indexes).collect();
    let (table, column) = (table.name.clone(), column.name.clone());
    rebuilt.into_iter().flat_map(move |object| {
        let (table, column) = (table.clone(), column.clone());
        let dependents = schema.schema.dependents(&object).collect::<Vec<_>>().into_iter();
        dependents.filter_map(move |(dependent, kind)| {
            let refers = refers_to(schema, dependent, &table, &column);
            (kind == DependencyKind::Normal && !refers).then_some(dependent)
        })
    })
}

/// Returns the foreign keys that the column is a part of, and the foreign keys that refer to the column.
pub(crate) fn foreign_keys(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> BTreeSet<Object> {
    let own = constraints(table).filter(|(_, one)| {
        one.kind == ConstraintKind::ForeignKey && one.columns.contains(&column.name)
    });
    let own = own.map(|(name, _)| part_object(table, PartKind::Constraint, name));
    let others = schema.schema.tables.values().flat_map(|other| {
        let keys =
            constraints(other).map(|(name, _)| part_object(other, PartKind::Constraint, name));
        keys.filter(|key| refers_to(schema, key, &table.name, &column.name)).collect::<Vec<_>>()
    });
    own.chain(others).collect()
}

/// Returns whether an object is a foreign key to the given column.
fn refers_to(
    schema: VisibleSchema<'_>,
    object: &Object,
    table: &QualifiedName,
    column: &String,
) -> bool {
    let find = || {
        let part = object.part.as_ref().filter(|part| part.kind == PartKind::Constraint)?;
        let owner = schema.schema.tables.get(&object.qualified_name()?)?;
        owner.constraints.get(&part.name)?.references.as_ref()
    };
    find().is_some_and(|to| to.table == *table && to.columns.contains(column))
}

/// Returns the object by which a user knows the given one: the column of a default, the view of a view's column, or the
/// object itself.
fn named(object: Object) -> Object {
    match (&object.part, object.kind) {
        (Some(part), ObjectKind::Table) if part.kind == PartKind::Default => {
            object.root().part(PartKind::Column, &part.name)
        }
        (Some(_), ObjectKind::View | ObjectKind::MaterializedView) => object.root(),
        _ => object,
    }
}

/// Describes objects, as in `the view public.paid, the column total of table public.orders`.
pub(crate) fn describe<'o>(objects: impl IntoIterator<Item = &'o Object>) -> String {
    let objects = objects.into_iter().map(|object| format!("the {object}"));
    objects.collect::<Vec<_>>().join(", ")
}
