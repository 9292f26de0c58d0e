//! The properties of an object that a generated script does not restore.

mod property;

use std::collections::BTreeSet;

pub(crate) use property::{Property, Unrestorable};
use seedbed_schema::model::{
    Column, ColumnValue, Constraint, ConstraintIndex, ConstraintKind, DefaultPrivilegesOf,
    DependencyKind, EnumType, Firing, Grant, Index, Object, ObjectKind, PartKind, QualifiedName,
    ReplicaIdentity, Table, Unsupported,
};

use crate::column_facts::{
    constraint_columns, constraints, index_columns, owned_sequences, part_object, table_object,
};
use crate::dependents::DropEffects;
use crate::visible_schema::VisibleSchema;

/// The set of properties of one object, sorted for messages.
#[derive(Debug, Default)]
struct Properties(BTreeSet<Unrestorable>);

impl Properties {
    fn add_if(&mut self, has: bool, property: Property) {
        if has {
            self.0.insert(property.into());
        }
    }

    /// Adds the properties of a part, together with the name of the part.
    fn add_part(&mut self, name: &str, properties: impl IntoIterator<Item = Unrestorable>) {
        self.0.extend(properties.into_iter().map(|one| match one.property {
            // These properties name the object that has them.
            Property::Comment(_)
            | Property::DroppedObject(_)
            | Property::ExtensionDependency { .. } => one,
            property => {
                let part = one.part.unwrap_or_else(|| name.to_owned());
                Unrestorable { property, part: Some(part) }
            }
        }));
    }
}

/// Returns the properties that `down` does not restore after the table was dropped.
pub(crate) fn properties_of_table(
    schema: VisibleSchema<'_>,
    table: &Table,
) -> BTreeSet<Unrestorable> {
    let mut found = Properties::default();
    let is_child = !table.inherits.is_empty() || table.partition_of.is_some();
    let unsupported = |one: Unsupported| schema.schema.unsupported.contains_key(&one);
    for (has, property) in [
        (table.partition_key.is_some() || table.partition_of.is_some(), Property::Partitions),
        (is_child || has_children(schema, table), Property::Inheritance),
        (table.row_type.is_some(), Property::RowType),
        (table.access_method.is_some(), Property::AccessMethod),
        (table.unlogged, Property::Unlogged),
        (table.row_security.enabled || table.row_security.forced, Property::RowSecurity),
        (table.replica_identity != ReplicaIdentity::Default, Property::ReplicaIdentity),
        (!table.options.is_empty(), Property::StorageParameters),
        (unsupported(Unsupported::Tablespace(table.name.clone())), Property::Tablespace),
        (
            has_other_grants(schema, &table.name, "TABLES", &table.owner, &table.privileges),
            Property::Grants,
        ),
    ] {
        found.add_if(has, property);
    }
    if unsupported(Unsupported::RowTypeComment(table.name.clone())) {
        let row_type = Object::qualified(ObjectKind::Type, &table.name);
        found.add_if(true, Property::Comment(row_type));
    }
    found.0.extend(security_label(schema, &table_object(table)));
    found.0.extend(properties_of_owner(schema, &table.name, &table.owner));
    for column in &table.columns {
        found.add_part(&column.name, settings_of_column(schema, table, column));
    }
    for (name, index) in &table.indexes {
        found.add_part(name, properties_of_index(schema, table, name, index));
    }
    for (name, constraint) in constraints(table) {
        found.add_part(name, properties_of_constraint(schema, table, name, constraint));
    }
    for (name, trigger) in &table.triggers {
        found.add_part(
            name,
            [Property::Firing.into()].into_iter().filter(|_| trigger.firing != Firing::Origin),
        );
        let object = part_object(table, PartKind::Trigger, name);
        found.add_if(trigger.comment.is_some(), Property::Comment(object));
    }
    found.0.extend(properties_of_dropped(schema, &DropEffects::from_table(schema, table), table));
    found.0
}

/// Returns the properties that `down` does not restore after the column was removed.
pub(crate) fn properties_of_column(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> BTreeSet<Unrestorable> {
    let mut found = Properties(settings_of_column(schema, table, column));
    for (name, index) in &table.indexes {
        if index_columns(schema, table, name, index).contains(&column.name) {
            found.add_part(name, properties_of_index(schema, table, name, index));
        }
    }
    for (name, constraint) in constraints(table) {
        if constraint_columns(schema, table, name, constraint).contains(&column.name) {
            found.add_part(name, properties_of_constraint(schema, table, name, constraint));
        }
    }
    found.0.extend(properties_of_dropped(
        schema,
        &DropEffects::from_column(schema, table, column),
        table,
    ));
    found.0
}

/// Returns the properties of the column itself and of its sequences that `down` does not restore.
fn settings_of_column(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> BTreeSet<Unrestorable> {
    let mut found = Properties::default();
    // A valid NOT NULL is not among the constraints.
    let is_not_valid = |one: &Constraint| {
        one.kind == ConstraintKind::NotNull && one.columns.contains(&column.name)
    };
    let not_null = column.not_null.as_ref();
    for (has, property) in [
        (column.statistics.is_some(), Property::StatisticsTarget),
        (column.compression.is_some(), Property::Compression),
        (column.storage.is_some(), Property::Storage),
        (!column.options.is_empty(), Property::Options),
        (!column.privileges.is_empty(), Property::Grants),
        (is_inherited(schema, table, &column.name), Property::Inheritance),
        (not_null.is_some_and(|one| one.name.is_some()), Property::NamedNotNull),
        (not_null.is_some_and(|one| one.no_inherit), Property::NotNullNoInherit),
        (table.constraints.values().any(is_not_valid), Property::NotNullNotValid),
    ] {
        found.add_if(has, property);
    }
    found.0.extend(security_label(schema, &part_object(table, PartKind::Column, &column.name)));
    if let ColumnValue::Identity(identity) = &column.value {
        let name = &identity.sequence_name;
        let has_grants =
            has_other_grants(schema, name, "SEQUENCES", &table.owner, &identity.privileges);
        found.add_part(&name.name, grants(has_grants));
    }
    for (name, sequence) in owned_sequences(schema, table, column) {
        let has_grants =
            has_other_grants(schema, name, "SEQUENCES", &sequence.owner, &sequence.privileges);
        found.add_part(&name.name, grants(has_grants));
        let is_unlogged =
            schema.schema.unsupported.contains_key(&Unsupported::SequencePersistence(name.clone()));
        found.add_part(&name.name, [Property::Unlogged.into()].into_iter().filter(|_| is_unlogged));
    }
    found.0
}

fn grants(has_grants: bool) -> Option<Unrestorable> {
    has_grants.then(|| Property::Grants.into())
}

/// Returns the properties that `down` does not restore after the index was removed.
pub(crate) fn properties_of_index(
    schema: VisibleSchema<'_>,
    table: &Table,
    name: &str,
    index: &Index,
) -> BTreeSet<Unrestorable> {
    let mut found = Properties::default();
    found.add_if(!index.valid, Property::InvalidIndex);
    found.add_if(!index.statistics.is_empty(), Property::StatisticsTarget);
    add_index_of_table(&mut found, schema, table, name);
    let object = part_object(table, PartKind::Index, name);
    found.0.extend(extension_dependencies(schema, &object));
    found.0
}

/// Returns the properties that `down` does not restore after the constraint was removed.
pub(crate) fn properties_of_constraint(
    schema: VisibleSchema<'_>,
    table: &Table,
    name: &str,
    constraint: &Constraint,
) -> BTreeSet<Unrestorable> {
    let mut found = Properties::default();
    let disabled =
        Unsupported::DisabledCheck { constraint: name.to_owned(), table: table.name.clone() };
    found.add_if(schema.schema.unsupported.contains_key(&disabled), Property::DisabledCheck);
    if let Some(index) = &constraint.index {
        let ConstraintIndex { name, options, statistics, comment, .. } = index;
        // The definition of an exclusion constraint contains the storage parameters.
        let has_options = !options.is_empty() && constraint.kind != ConstraintKind::Exclusion;
        found.add_if(has_options, Property::StorageParameters);
        found.add_if(!statistics.is_empty(), Property::StatisticsTarget);
        let object = part_object(table, PartKind::Index, name);
        found.add_if(comment.is_some(), Property::Comment(object));
        add_index_of_table(&mut found, schema, table, name);
    }
    let object = part_object(table, PartKind::Constraint, name);
    found.0.extend(extension_dependencies(schema, &object));
    found.0
}

/// Adds the settings for one of the table's indexes that are stored with the table or the database.
fn add_index_of_table(
    found: &mut Properties,
    schema: VisibleSchema<'_>,
    table: &Table,
    name: &str,
) {
    found.add_if(table.cluster_on.as_deref() == Some(name), Property::ClusterOrder);
    let is_identity = table.replica_identity == ReplicaIdentity::Index(name.to_owned());
    found.add_if(is_identity, Property::ReplicaIdentity);
    let tablespace = Unsupported::Tablespace(table.name.sibling(name));
    found.add_if(schema.schema.unsupported.contains_key(&tablespace), Property::Tablespace);
}

/// Returns the properties that `down` does not restore after the enum type was dropped.
pub(crate) fn properties_of_enum(
    schema: VisibleSchema<'_>,
    name: &QualifiedName,
    one: &EnumType,
) -> BTreeSet<Unrestorable> {
    let mut found = properties_of_owner(schema, name, &one.owner);
    found.extend(grants(!one.privileges.is_empty()));
    found.extend(security_label(schema, &Object::qualified(ObjectKind::Type, name)));
    found
}

/// Returns whether other tables inherit from the table.
pub(crate) fn has_children(schema: VisibleSchema<'_>, table: &Table) -> bool {
    schema.schema.tables.values().any(|other| {
        let parent = other.partition_of.as_ref().map(|partition| &partition.parent);
        other.inherits.contains(&table.name) || parent == Some(&table.name)
    })
}

/// Returns whether the column is inherited from another table.
pub(crate) fn is_inherited(schema: VisibleSchema<'_>, table: &Table, column: &str) -> bool {
    let partitioned = table.partition_of.as_ref().map(|partition| &partition.parent);
    let parents = table.inherits.iter().chain(partitioned);
    let mut parents = parents.filter_map(|parent| schema.schema.tables.get(parent));
    parents.any(|parent| parent.column(column).is_some())
}

/// Returns the objects that are dropped too and that a script does not recreate, and the extensions that a dropped
/// object depends on.
fn properties_of_dropped(
    schema: VisibleSchema<'_>,
    effects: &DropEffects,
    table: &Table,
) -> BTreeSet<Unrestorable> {
    let own = table_object(table);
    let is_restored = |object: &Object| {
        let is_part = matches!(
            object.part_kind(),
            None | Some(
                PartKind::Column
                    | PartKind::Default
                    | PartKind::Constraint
                    | PartKind::Index
                    | PartKind::Trigger
            )
        );
        object.kind == ObjectKind::Sequence || (is_part && object.root() == own)
    };
    let others = effects.dropped.iter().filter(|object| !is_restored(object));
    let others = others.map(|object| Property::DroppedObject(object.clone()).into());
    let shared = effects.dropped.iter().flat_map(|object| extension_dependencies(schema, object));
    others.chain(shared).collect()
}

/// Returns the extensions with which an object is dropped, by `ALTER … DEPENDS ON EXTENSION`.
fn extension_dependencies<'s>(
    schema: VisibleSchema<'s>,
    object: &Object,
) -> impl Iterator<Item = Unrestorable> + use<'s> {
    let extensions = schema.schema.dependencies(object);
    let extensions = extensions.filter(|(_, kind)| *kind == DependencyKind::Extension);
    let extensions: Vec<Unrestorable> = extensions
        .map(|(on, _)| {
            let (object, extension) = (object.clone(), on.name.name.clone());
            Property::ExtensionDependency { object, extension }.into()
        })
        .collect();
    extensions.into_iter()
}

/// Returns the owner and the schema, if the user would recreate the object with another owner or in another schema.
fn properties_of_owner(
    schema: VisibleSchema<'_>,
    name: &QualifiedName,
    owner: &str,
) -> BTreeSet<Unrestorable> {
    let context = &schema.schema.read_context;
    let mut found = Properties::default();
    found.add_if(owner != context.user, Property::Owner(context.user.clone()));
    if let Some(first) = context.search_path.first().filter(|first| **first != name.schema) {
        let (schema, new_objects_in) = (name.schema.clone(), first.clone());
        found.add_if(true, Property::Schema { schema, new_objects_in });
    }
    found.0
}

/// Returns the property of an object that has a security label.
fn security_label(schema: VisibleSchema<'_>, of: &Object) -> Option<Unrestorable> {
    let mut unsupported = schema.schema.unsupported.keys();
    let is_label = |one: &Unsupported| matches!(one, Unsupported::SecurityLabel { object, .. } if object == of);
    unsupported.any(is_label).then(|| Property::SecurityLabel.into())
}

/// Returns whether the privileges differ from those of a new object. `objects` is the kind of the object in
/// `ALTER DEFAULT PRIVILEGES`, such as `TABLES`.
fn has_other_grants(
    schema: VisibleSchema<'_>,
    name: &QualifiedName,
    objects: &str,
    owner: &str,
    privileges: &[Grant],
) -> bool {
    let is_of_object = |key: &DefaultPrivilegesOf| {
        key.objects == objects
            && key.role.as_deref().is_none_or(|role| role == owner)
            && key.schema.as_ref().is_none_or(|schema| *schema == name.schema)
    };
    let defaults = schema.schema.default_privileges.iter();
    let defaults = defaults.filter(|(key, _)| is_of_object(key)).flat_map(|(_, grants)| grants);
    defaults.collect::<BTreeSet<_>>() != privileges.iter().collect::<BTreeSet<_>>()
}
