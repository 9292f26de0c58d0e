//! The definitions of a schema: every object, part and aspect, with its value. The SQL of a schema is written from its
//! definitions, and two schemas are compared by them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{
    Aspect, Collation, Column, ColumnValue, CompositeType, Constraint, DatabaseSchema,
    DefaultPrivilegesOf, Domain, DomainCheck, EnumType, EventTrigger, Extension, ExtensionComment,
    Function, FunctionDefinition, Grant, Index, Object, ObjectKind, ObjectName, PartKind,
    PartitionOf, Policy, QualifiedName, RangeType, ReplicaIdentity, RowSecurity, Rule, Sequence,
    Statistics, Table, TextSearchConfiguration, TextSearchDictionary, Trigger, View, ViewKind,
};

/// The value of an object, a part or an aspect. One or several statements create it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Definition<'s> {
    Namespace,
    Extension(&'s Extension),
    Collation(&'s Collation),
    TextSearchDictionary(&'s TextSearchDictionary),
    TextSearchConfiguration(&'s TextSearchConfiguration),
    Enum(&'s EnumType),
    Composite(&'s CompositeType),
    Range(&'s RangeType),
    Domain(&'s Domain),
    DomainCheck(&'s DomainCheck),
    Sequence(&'s Sequence),
    OwnedBy(&'s (QualifiedName, String)),
    Function(&'s Function),
    Table(&'s Table),
    Column(&'s Column),
    Default(&'s str),
    Constraint(&'s Constraint),
    Index(&'s Index),
    Partition(&'s PartitionOf),
    Inherits(&'s QualifiedName),
    ParentIndex(&'s QualifiedName),
    ReplicaIdentity(&'s ReplicaIdentity),
    ClusterOrder(&'s str),
    RowType(&'s QualifiedName),
    RowSecurity(RowSecurity),
    Trigger(&'s Trigger),
    Rule(&'s Rule),
    Policy(&'s Policy),
    View(&'s View),
    Statistics(&'s Statistics),
    DefaultPrivileges(#[serde(skip)] &'s DefaultPrivilegesOf, &'s [Grant]),
    EventTrigger(&'s EventTrigger),
    /// A comment, or the removal of the default comment of an extension.
    Comment(Option<&'s str>),
    Privileges(&'s [Grant]),
}

pub(crate) type Definitions<'s> = BTreeMap<Object, Definition<'s>>;

impl DatabaseSchema {
    /// Returns every object, every part of an object, and their comments and privileges.
    pub(crate) fn definitions(&self) -> Definitions<'_> {
        let mut all = Collector::default();
        for (name, namespace) in &self.namespaces {
            let object = Object::global(ObjectKind::Schema, name);
            all.add_with(&object, &namespace.comment, &namespace.privileges);
            all.add(object, Definition::Namespace);
        }
        for (name, extension) in &self.extensions {
            let object = Object::global(ObjectKind::Extension, name);
            let comment = extension.comment.as_ref().map(|comment| match comment {
                ExtensionComment::Removed => Definition::Comment(None),
                ExtensionComment::Text(text) => Definition::Comment(Some(text)),
            });
            all.0.extend(comment.map(|comment| (object.aspect(Aspect::Comment), comment)));
            all.add(object, Definition::Extension(extension));
        }
        for (name, collation) in &self.collations {
            let object = Object::qualified(ObjectKind::Collation, name);
            all.add_with(&object, &collation.comment, &[]);
            all.add(object, Definition::Collation(collation));
        }
        all.text_search(self);
        all.types(self);
        for (name, sequence) in &self.sequences {
            let object = Object::qualified(ObjectKind::Sequence, name);
            all.add_with(&object, &sequence.comment, &sequence.privileges);
            if let Some(column) = &sequence.owned_by {
                all.add(object.part(PartKind::OwnedBy, ""), Definition::OwnedBy(column));
            }
            all.add(object, Definition::Sequence(sequence));
        }
        for (signature, function) in &self.functions {
            let object = function_object(signature, function);
            all.add_with(&object, &function.comment, &function.privileges);
            all.add(object, Definition::Function(function));
        }
        self.tables.values().for_each(|table| all.table(table));
        self.views.values().for_each(|view| all.view(view));
        for (name, statistics) in &self.statistics {
            let object = Object::qualified(ObjectKind::Statistics, name);
            all.add_with(&object, &statistics.comment, &[]);
            all.add(object, Definition::Statistics(statistics));
        }
        for (key, grants) in &self.default_privileges {
            let object = Object::global(ObjectKind::DefaultPrivileges, key.to_string());
            all.add(object, Definition::DefaultPrivileges(key, grants));
        }
        for (name, trigger) in &self.event_triggers {
            let object = Object::global(ObjectKind::EventTrigger, name);
            all.add_with(&object, &trigger.comment, &[]);
            all.add(object, Definition::EventTrigger(trigger));
        }
        all.0
    }
}

/// Returns the identity of a function, a procedure or an aggregate.
pub(crate) fn function_object(signature: &crate::model::Signature, function: &Function) -> Object {
    let kind = match &function.definition {
        FunctionDefinition::Function(_) => ObjectKind::Function,
        FunctionDefinition::Procedure(_) => ObjectKind::Procedure,
        FunctionDefinition::Aggregate(_) => ObjectKind::Aggregate,
    };
    let name = ObjectName {
        schema: Some(signature.name.schema.clone()),
        name: signature.name.name.clone(),
        arguments: Some(signature.arguments.clone()),
    };
    Object::new(kind, name)
}

#[derive(Default)]
struct Collector<'s>(Definitions<'s>);

impl<'s> Collector<'s> {
    fn add(&mut self, object: Object, definition: Definition<'s>) {
        self.0.insert(object, definition);
    }

    /// Adds the comment on an object or part, and its privileges.
    fn add_with(&mut self, object: &Object, comment: &'s Option<String>, grants: &'s [Grant]) {
        if let Some(text) = comment {
            self.add(object.aspect(Aspect::Comment), Definition::Comment(Some(text)));
        }
        if !grants.is_empty() {
            self.add(object.aspect(Aspect::Privileges), Definition::Privileges(grants));
        }
    }

    /// Adds the parts of a kind, each with its comment.
    fn parts<T>(
        &mut self,
        object: &Object,
        kind: PartKind,
        parts: &'s BTreeMap<String, T>,
        definition: impl Fn(&'s T) -> (Definition<'s>, &'s Option<String>),
    ) {
        for (name, part) in parts {
            let part_object = object.part(kind, name);
            let (definition, comment) = definition(part);
            self.add_with(&part_object, comment, &[]);
            self.add(part_object, definition);
        }
    }

    fn text_search(&mut self, schema: &'s DatabaseSchema) {
        for (name, dictionary) in &schema.text_search_dictionaries {
            let object = Object::qualified(ObjectKind::TextSearchDictionary, name);
            self.add_with(&object, &dictionary.comment, &[]);
            self.add(object, Definition::TextSearchDictionary(dictionary));
        }
        for (name, configuration) in &schema.text_search_configurations {
            let object = Object::qualified(ObjectKind::TextSearchConfiguration, name);
            self.add_with(&object, &configuration.comment, &[]);
            self.add(object, Definition::TextSearchConfiguration(configuration));
        }
    }

    fn types(&mut self, schema: &'s DatabaseSchema) {
        for (name, definition) in &schema.enums {
            let object = Object::qualified(ObjectKind::Type, name);
            self.add_with(&object, &definition.comment, &definition.privileges);
            self.add(object, Definition::Enum(definition));
        }
        for (name, definition) in &schema.composites {
            let object = Object::qualified(ObjectKind::Type, name);
            self.add_with(&object, &definition.comment, &definition.privileges);
            for attribute in &definition.attributes {
                let part = object.part(PartKind::Column, &attribute.name);
                self.add_with(&part, &attribute.comment, &[]);
            }
            self.add(object, Definition::Composite(definition));
        }
        for (name, definition) in &schema.ranges {
            let object = Object::qualified(ObjectKind::Type, name);
            self.add_with(&object, &definition.comment, &definition.privileges);
            self.add(object, Definition::Range(definition));
        }
        for (name, domain) in &schema.domains {
            let object = Object::qualified(ObjectKind::Domain, name);
            self.add_with(&object, &domain.comment, &domain.privileges);
            self.not_null(&object, &domain.not_null);
            self.parts(&object, PartKind::Constraint, &domain.checks, |check| {
                (Definition::DomainCheck(check), &check.comment)
            });
            self.add(object, Definition::Domain(domain));
        }
    }

    /// Adds the comment on a NOT NULL constraint. A constraint with a comment always has a name.
    fn not_null(&mut self, object: &Object, not_null: &'s Option<crate::model::NotNull>) {
        let named = not_null.as_ref().and_then(|one| Some((one.name.as_ref()?, &one.comment)));
        if let Some((name, comment)) = named {
            self.add_with(&object.part(PartKind::Constraint, name), comment, &[]);
        }
    }

    fn table(&mut self, table: &'s Table) {
        let object = table.object();
        self.add_with(&object, &table.comment, &table.privileges);
        for column in &table.columns {
            let part = object.part(PartKind::Column, &column.name);
            self.add_with(&part, &column.comment, &column.privileges);
            self.not_null(&object, &column.not_null);
            if let ColumnValue::Identity(identity) = &column.value {
                let sequence = Object::qualified(ObjectKind::Sequence, &identity.sequence_name);
                self.add_with(&sequence, &identity.comment, &identity.privileges);
            }
            self.add(part, Definition::Column(column));
        }
        self.parts(&object, PartKind::Constraint, &table.constraints, |constraint| {
            (Definition::Constraint(constraint), &constraint.comment)
        });
        let keys = table.constraints.values().filter_map(|constraint| constraint.index.as_ref());
        for index in keys {
            let part = object.part(PartKind::Index, &index.name);
            self.add_with(&part, &index.comment, &[]);
            self.parent_index(&object, &index.name, &index.parent);
        }
        self.indexes(&object, &table.indexes, &table.cluster_on);
        if let Some(parent) = &table.partition_of {
            self.add(parent_part(&object, &parent.parent), Definition::Partition(parent));
        }
        for parent in &table.inherits {
            self.add(parent_part(&object, parent), Definition::Inherits(parent));
        }
        // A table has each of these parts only once, so they have no name.
        let mut add_unnamed = |kind, definition| self.add(object.part(kind, ""), definition);
        if let Some(row_type) = &table.row_type {
            add_unnamed(PartKind::RowType, Definition::RowType(row_type));
        }
        if table.replica_identity != ReplicaIdentity::Default {
            let identity = Definition::ReplicaIdentity(&table.replica_identity);
            add_unnamed(PartKind::ReplicaIdentity, identity);
        }
        if table.row_security != RowSecurity::default() {
            add_unnamed(PartKind::RowSecurity, Definition::RowSecurity(table.row_security));
        }
        self.triggers_and_rules(&object, &table.triggers, &table.rules);
        self.parts(&object, PartKind::Policy, &table.policies, |policy| {
            (Definition::Policy(policy), &policy.comment)
        });
        self.add(object, Definition::Table(table));
    }

    fn view(&mut self, view: &'s View) {
        let object = view.object();
        self.add_with(&object, &view.comment, &view.privileges);
        for column in &view.columns {
            let part = object.part(PartKind::Column, &column.name);
            self.add_with(&part, &column.comment, &column.privileges);
            if let ColumnValue::Default(expression) = &column.value {
                let default = object.part(PartKind::Default, &column.name);
                self.add(default, Definition::Default(expression));
            }
            // The settings of a materialized view's column are not part of its query.
            if view.kind == ViewKind::Materialized && column.has_settings() {
                self.add(part, Definition::Column(column));
            }
        }
        self.indexes(&object, &view.indexes, &view.cluster_on);
        self.triggers_and_rules(&object, &view.triggers, &view.rules);
        self.add(object, Definition::View(view));
    }

    fn indexes(
        &mut self,
        relation: &Object,
        indexes: &'s BTreeMap<String, Index>,
        cluster_on: &'s Option<String>,
    ) {
        self.parts(relation, PartKind::Index, indexes, |index| {
            (Definition::Index(index), &index.comment)
        });
        for (name, index) in indexes {
            self.parent_index(relation, name, &index.parent);
        }
        if let Some(index) = cluster_on {
            self.add(relation.part(PartKind::ClusterOrder, ""), Definition::ClusterOrder(index));
        }
    }

    fn parent_index(&mut self, table: &Object, index: &str, parent: &'s Option<QualifiedName>) {
        if let Some(parent) = parent {
            self.add(table.part(PartKind::ParentIndex, index), Definition::ParentIndex(parent));
        }
    }

    fn triggers_and_rules(
        &mut self,
        relation: &Object,
        triggers: &'s BTreeMap<String, Trigger>,
        rules: &'s BTreeMap<String, Rule>,
    ) {
        self.parts(relation, PartKind::Trigger, triggers, |trigger| {
            (Definition::Trigger(trigger), &trigger.comment)
        });
        self.parts(relation, PartKind::Rule, rules, |rule| (Definition::Rule(rule), &rule.comment));
    }
}

/// Returns the identity of the part that makes a table a partition or a child of its parent.
pub(crate) fn parent_part(table: &Object, parent: &QualifiedName) -> Object {
    table.part(PartKind::Parent, parent.to_string())
}

impl Table {
    /// Returns the identity of the table.
    #[must_use]
    pub fn object(&self) -> Object {
        Object::qualified(ObjectKind::Table, &self.name)
    }
}

impl View {
    /// Returns the identity of the view.
    #[must_use]
    pub fn object(&self) -> Object {
        let kind = match self.kind {
            ViewKind::Plain => ObjectKind::View,
            ViewKind::Materialized => ObjectKind::MaterializedView,
        };
        Object::qualified(kind, &self.name)
    }
}

impl Column {
    fn has_settings(&self) -> bool {
        self.storage.is_some()
            || self.compression.is_some()
            || self.statistics.is_some()
            || !self.options.is_empty()
    }
}
