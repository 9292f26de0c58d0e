//! The dependencies between statements.

use std::collections::BTreeSet;

use super::statements::StatementId;
use super::{Edges, Order, is_in_table};
use crate::model::{
    Aspect, ColumnValue, Object, ObjectKind, PartKind, ReplicaIdentity, Table, TriggerSource,
};
use crate::sql::definition::parent_part;

impl Order<'_> {
    /// Returns the statements that each statement depends on.
    pub(super) fn edges(&self) -> Edges {
        let mut edges = vec![BTreeSet::new(); self.statements.len()];
        // A statement does not depend on itself.
        let mut add = |id: StatementId, other: &Object| {
            let other = self.owning_statement(other).filter(|other| *other != id);
            edges[id].extend(other);
        };
        for (object, dependencies) in &self.schema.dependencies {
            let Some(id) = self.owning_statement(object) else { continue };
            let needed = dependencies.keys().filter(|other| !is_created_later(object, other));
            needed.for_each(|other| add(id, other));
        }
        for (object, other) in self.implied() {
            if let Some(id) = self.owning_statement(&object) {
                add(id, &other);
            }
        }
        // A part, a comment and a grant depend on their object.
        for object in (0..self.statements.len()).map(|id| self.statements.object(id)) {
            let Some(id) = self.owning_statement(object) else { continue };
            if object.part.is_some() || object.aspect != Aspect::Definition {
                add(id, &object.root());
            }
            if object.aspect != Aspect::Definition {
                add(id, &object.aspect(Aspect::Definition));
            }
        }
        edges
    }

    /// Returns the statement that creates the object. A column and a trigger that is not deferred are created by the
    /// statement of their table.
    fn owning_statement(&self, object: &Object) -> Option<StatementId> {
        let is_inside = match (object.kind, object.part_kind()) {
            (ObjectKind::Table, Some(PartKind::Default)) => {
                !self.deferred_defaults.contains(object)
            }
            // The column of a view or of a composite type has no statement.
            (_, Some(PartKind::Column)) => {
                is_in_table(object) || self.statements.id(object).is_none()
            }
            _ => false,
        };
        if object.aspect == Aspect::Definition
            && (is_inside || self.inline_triggers.contains(object))
        {
            self.statements.id(&object.root())
        } else {
            self.statements.id(object)
        }
    }

    /// Returns the dependencies that the server does not store, because it creates the object together with another one
    /// and this crate creates it with a separate statement. Each pair has the dependent object and the object that it
    /// depends on.
    fn implied(&self) -> Vec<(Object, Object)> {
        let mut edges = Vec::new();
        for (name, sequence) in &self.schema.sequences {
            if let Some((table, _)) = &sequence.owned_by {
                let owned = Object::qualified(ObjectKind::Sequence, name);
                let table = Object::qualified(ObjectKind::Table, table);
                edges.push((owned.part(PartKind::OwnedBy, ""), table));
            }
        }
        let dictionaries = self.schema.text_search_dictionaries.keys();
        for thesaurus in self.schema.thesauri() {
            let others = dictionaries
                .clone()
                .map(|name| Object::qualified(ObjectKind::TextSearchDictionary, name));
            edges.extend(others.map(|other| (thesaurus.clone(), other)));
        }
        for table in self.schema.tables.values() {
            self.implied_by(table, &mut edges);
        }
        for view in self.schema.views.values() {
            let object = view.object();
            let order = object.part(PartKind::ClusterOrder, "");
            edges.extend(
                view.cluster_on
                    .iter()
                    .map(|name| (order.clone(), object.part(PartKind::Index, name))),
            );
        }
        edges
    }

    /// Adds the implied dependencies of the parts of a table.
    fn implied_by(&self, table: &Table, edges: &mut Vec<(Object, Object)>) {
        let object = table.object();
        for column in &table.columns {
            if let ColumnValue::Identity(identity) = &column.value {
                let sequence = Object::qualified(ObjectKind::Sequence, &identity.sequence_name);
                for aspect in [Aspect::Comment, Aspect::Privileges] {
                    edges.push((sequence.aspect(aspect), object.clone()));
                }
            }
        }
        // The index of a constraint has the name of the constraint.
        let index = |name: &str| {
            let is_key = table.constraints.contains_key(name);
            object.part(if is_key { PartKind::Constraint } else { PartKind::Index }, name)
        };
        if let ReplicaIdentity::Index(name) = &table.replica_identity {
            edges.push((object.part(PartKind::ReplicaIdentity, ""), index(name)));
        }
        if let Some(name) = &table.cluster_on {
            edges.push((object.part(PartKind::ClusterOrder, ""), index(name)));
        }
        if let Some(name) = &table.row_type {
            let part = object.part(PartKind::RowType, "");
            edges.push((part, Object::qualified(ObjectKind::Type, name)));
        }
        let mut last = None;
        let parents = table.partition_of.iter().map(|partition| &partition.parent);
        for parent in parents.chain(&table.inherits) {
            let part = parent_part(&object, parent);
            edges.push((part.clone(), Object::qualified(ObjectKind::Table, parent)));
            // The order of the parents is the order of the INHERIT statements.
            edges.extend(last.replace(part.clone()).map(|last| (part, last)));
        }
        let keys = table.constraints.values().filter_map(|constraint| constraint.index.as_ref());
        for key in keys {
            let comment = object.part(PartKind::Index, &key.name).aspect(Aspect::Comment);
            edges.push((comment, object.part(PartKind::Constraint, &key.name)));
        }
        self.attached(table, &object, edges);
    }

    /// Adds the dependencies of the parts of a partition on the parts of the partitioned table.
    fn attached(&self, table: &Table, object: &Object, edges: &mut Vec<(Object, Object)>) {
        let Some(partition) = &table.partition_of else { return };
        let parent = Object::qualified(ObjectKind::Table, &partition.parent);
        let attached = parent_part(object, &partition.parent);
        let parent_table = self.schema.tables.get(&partition.parent);
        let keys = table.constraints.iter().filter_map(|(name, constraint)| {
            let index = constraint.index.as_ref()?;
            Some((PartKind::Constraint, name, &index.parent))
        });
        let indexes =
            table.indexes.iter().map(|(name, index)| (PartKind::Index, name, &index.parent));
        for (kind, name, parent_index) in keys.chain(indexes) {
            let Some(parent_index) = parent_index else { continue };
            let is_key = parent_table.is_some_and(|parent_table| {
                parent_table.constraints.contains_key(&parent_index.name)
            });
            let parent_kind = if is_key { PartKind::Constraint } else { PartKind::Index };
            let part = object.part(PartKind::ParentIndex, name);
            edges.push((part.clone(), object.part(kind, name)));
            edges.push((part.clone(), parent.part(parent_kind, &parent_index.name)));
            edges.push((part, attached.clone()));
        }
        for (name, trigger) in &table.triggers {
            if let TriggerSource::Parent(source) = &trigger.source {
                let source = Object::qualified(ObjectKind::Table, source);
                let part = object.part(PartKind::Trigger, name);
                edges.push((part.clone(), source.part(PartKind::Trigger, name)));
                edges.push((part, attached.clone()));
            }
        }
    }
}

/// Returns whether a later statement creates the dependency, such as that of a sequence on its owner or of a partition
/// on its parent.
fn is_created_later(object: &Object, other: &Object) -> bool {
    let is_itself = matches!(object.part_kind(), None | Some(PartKind::Column));
    other.kind == ObjectKind::Table
        && is_itself
        && matches!(object.kind, ObjectKind::Table | ObjectKind::Sequence)
}
