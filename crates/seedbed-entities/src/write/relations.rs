//! Renders the relations of an entity.

use std::collections::BTreeSet;

use super::comments::doc_comment;
use super::entity::EntitySource;
use crate::names::camel;
use crate::schema::{EntitySchema, EntityTable, ForeignKey};

/// A variant of an entity's `Relation`.
struct RelationVariant<'e> {
    variant: String,
    target: &'e EntityTable<'e>,
    kind: RelationKind<'e>,
}

enum RelationKind<'e> {
    BelongsTo(&'e ForeignKey<'e>),
    HasOne,
    HasMany,
}

impl EntitySource<'_> {
    /// Returns the enum of the relations in both directions, and the implementations that SeaORM needs to follow them.
    pub(super) fn relations(&self) -> String {
        let relations = relations(self.schema, self.table);
        let variants: String = relations.iter().map(|relation| self.variant(relation)).collect();
        let docs = format!("The relations of `{}`.", self.table.name.name);
        let mut text = format!(
            "\n{}#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]\npub enum Relation {{\n{variants}}}\n",
            doc_comment("///", &docs)
        );
        let mut related = BTreeSet::new();
        for relation in &relations {
            let target = relation.target;
            let is_only = self.table.foreign_keys_to(target.name) <= 1;
            if target.name != self.table.name && is_only && related.insert(target.name) {
                text += &format!(
                    "\nimpl Related<super::{}::Entity> for Entity {{\n    fn to() -> RelationDef {{\n        \
                     Relation::{}.def()\n    }}\n}}\n",
                    target.module, relation.variant
                );
            }
        }
        text + &self.many_to_many()
    }

    /// Returns the source of a variant.
    fn variant(&self, relation: &RelationVariant<'_>) -> String {
        let (name, module) = (&relation.target.name.name, &relation.target.module);
        let entity = match relation.target.name == self.table.name {
            true => "Entity".to_owned(),
            false => format!("super::{module}::Entity"),
        };
        let (docs, attributes) = match relation.kind {
            RelationKind::BelongsTo(key) => (
                format!("The row of `{name}` that this row refers to."),
                self.belongs_to(key, relation.target, &entity),
            ),
            RelationKind::HasOne => (
                format!("The row of `{name}` that refers to this row."),
                format!("has_one = {entity:?}"),
            ),
            RelationKind::HasMany => (
                format!("The rows of `{name}` that refer to this row."),
                format!("has_many = {entity:?}"),
            ),
        };
        let docs = doc_comment("///", &docs);
        format!("{docs}#[sea_orm({attributes})]\n{},\n", relation.variant)
    }

    /// Returns the attributes of a foreign key. `entity` is the path of the entity that it refers to.
    fn belongs_to(&self, key: &ForeignKey<'_>, target: &EntityTable<'_>, entity: &str) -> String {
        let path = if target.name == self.table.name {
            String::new()
        } else {
            format!("super::{}::", target.module)
        };
        let columns = |table: &EntityTable<'_>, path: &str, columns: &[&str]| {
            let columns = columns.iter().filter_map(|column| table.column_variant(column));
            let columns: Vec<String> =
                columns.map(|variant| format!("{path}Column::{variant}")).collect();
            match columns.as_slice() {
                [column] => column.clone(),
                columns => format!("({})", columns.join(", ")),
            }
        };
        let from = columns(self.table, "", &key.columns);
        let to = columns(target, &path, &key.to);
        let mut attributes = format!("belongs_to = {entity:?}, from = {from:?}, to = {to:?}");
        for (name, action) in [("on_update", key.on_update), ("on_delete", key.on_delete)] {
            if let Some(action) = action {
                attributes += &format!(", {name} = {action:?}");
            }
        }
        attributes
    }

    /// Returns the implementations of `Related` for the tables that are connected with this one through exactly one
    /// join table, and not by a foreign key between them.
    fn many_to_many(&self) -> String {
        let mut text = String::new();
        for target in self.schema.tables.values() {
            let joins = self.schema.tables.values().filter_map(|join| {
                let (near, far) = join_keys(join, self.table, target)?;
                Some((join, near, far))
            });
            let joins: Vec<_> = joins.collect();
            let [(join, near, far)] = joins.as_slice() else { continue };
            let is_direct = self.table.foreign_keys_to(target.name) > 0
                || target.foreign_keys_to(self.table.name) > 0;
            if is_direct || !join.origin.is_generated() {
                continue;
            }
            let join_relations = relations(self.schema, join);
            let variant = |key: &ForeignKey<'_>| {
                let key_relation = join_relations.iter().find(
                    |relation| matches!(relation.kind, RelationKind::BelongsTo(known) if known == key),
                );
                key_relation.map(|relation| relation.variant.clone())
            };
            if let (Some(near), Some(far)) = (variant(near), variant(far)) {
                text += &format!(
                    "\nimpl Related<super::{}::Entity> for Entity {{\n    fn to() -> RelationDef {{\n        \
                     super::{join}::Relation::{far}.def()\n    }}\n\n    fn via() -> Option<RelationDef> {{\n        \
                     Some(super::{join}::Relation::{near}.def().rev())\n    }}\n}}\n",
                    target.module,
                    join = join.module
                );
            }
        }
        text
    }
}

/// Returns the foreign keys of a join table to the two tables. A join table has no other foreign key, and a unique key
/// on both.
fn join_keys<'e>(
    join: &'e EntityTable<'e>,
    one: &EntityTable<'_>,
    other: &EntityTable<'_>,
) -> Option<(&'e ForeignKey<'e>, &'e ForeignKey<'e>)> {
    if one.name == other.name || join.foreign_keys.len() != 2 {
        return None;
    }
    let near = join.foreign_keys.iter().find(|key| key.table == one.name)?;
    let far = join.foreign_keys.iter().find(|key| key.table == other.name)?;
    let both: BTreeSet<&str> = near.columns.iter().chain(&far.columns).copied().collect();
    (join.primary_key == both || join.unique.contains(&both)).then_some((near, far))
}

/// Returns the relations of a table: its foreign keys, then the tables with one foreign key to it.
fn relations<'e>(
    schema: &'e EntitySchema<'e>,
    table: &'e EntityTable<'e>,
) -> Vec<RelationVariant<'e>> {
    let mut relations = Vec::new();
    let sources = schema.tables.values().filter(|source| {
        source.name != table.name
            && table.foreign_keys_to(source.name) == 0
            && source.foreign_keys_to(table.name) == 1
            // A hand-written entity may lack the opposite relation, which SeaORM requires.
            && source.origin.is_generated()
    });
    let sources: Vec<&EntityTable<'_>> = sources.collect();
    // The variants that have the name of a table are reserved first, so that a new foreign key does not rename them.
    let mut taken: BTreeSet<String> = sources.iter().map(|source| camel(&source.module)).collect();
    let is_single =
        |key: &ForeignKey<'_>| key.table != table.name && table.foreign_keys_to(key.table) == 1;
    let targets = table.foreign_keys.iter().filter(|key| is_single(key));
    let targets = targets.filter_map(|key| schema.tables.get(key.table));
    taken.extend(targets.map(|target| camel(&target.module)));
    for key in &table.foreign_keys {
        let Some(target) = schema.tables.get(key.table) else { continue };
        let variant = match is_single(key) {
            true => camel(&target.module),
            false => unique_variant(key_variant(table, key, target), &mut taken),
        };
        relations.push(RelationVariant { variant, target, kind: RelationKind::BelongsTo(key) });
    }
    for source in sources {
        let columns = source.foreign_keys.iter().find(|key| key.table == table.name);
        let columns: BTreeSet<&str> =
            columns.into_iter().flat_map(|key| &key.columns).copied().collect();
        let is_one = source.unique.contains(&columns) || source.primary_key == columns;
        let kind = if is_one { RelationKind::HasOne } else { RelationKind::HasMany };
        relations.push(RelationVariant { variant: camel(&source.module), target: source, kind });
    }
    relations
}

/// Returns the variant of one of several foreign keys to a table. It has the name of the column without `_id`, or the
/// name of the table if the key has several columns.
fn key_variant(table: &EntityTable<'_>, key: &ForeignKey<'_>, target: &EntityTable<'_>) -> String {
    let column = match key.columns.as_slice() {
        [column] => table.column(column),
        _ => None,
    };
    let name = column.map_or(target.module.as_str(), |column| {
        column.field.strip_suffix("_id").unwrap_or(&column.field)
    });
    camel(name)
}

/// Returns the name, with a suffix if another variant has the name, and adds it to the taken names.
fn unique_variant(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push_str("Row");
    }
    name
}
