//! The order in which the statements of a schema can be executed.

mod cycles;
mod edges;
mod statements;

use std::collections::{BTreeMap, BTreeSet};

use cycles::cycles;
use statements::{StatementId, Statements};

use super::definition::Definition;
use crate::model::{
    Aspect, ColumnValue, ConstraintKind, DatabaseSchema, DependencyKind, FunctionDefinition,
    Object, ObjectKind, PartKind,
};

/// The statements that each statement depends on. The index is the number of the dependent statement.
type Edges = Vec<BTreeSet<StatementId>>;

/// Orders the statements of a schema by kind and name, with dependencies first.
pub(super) struct Order<'s> {
    schema: &'s DatabaseSchema,
    statements: Statements<'s>,
    edges: Edges,
    /// Columns whose default calls a function that depends on their table.
    deferred_defaults: BTreeSet<Object>,
    /// Triggers that the server only accepts while their table has no generated column.
    inline_triggers: BTreeSet<Object>,
    /// Views and functions in a dependency cycle. They are created twice: first as a stub, and then
    /// with their definition.
    stubs: BTreeSet<Object>,
}

impl<'s> Order<'s> {
    /// Determines which objects need more than one statement, and the dependencies between all statements.
    pub(super) fn new(schema: &'s DatabaseSchema) -> Self {
        let mut order = Self {
            schema,
            statements: Statements::new(schema.definitions()),
            edges: Edges::new(),
            deferred_defaults: BTreeSet::new(),
            inline_triggers: inline_triggers(schema),
            stubs: BTreeSet::new(),
        };
        order.edges = order.edges();
        let needs_own_table = schema.dependencies.keys().filter(|one| order.needs_own_table(one));
        order.deferred_defaults = needs_own_table.cloned().collect();
        if !order.deferred_defaults.is_empty() {
            // A deferred default is a separate statement, so the table no longer has its dependencies.
            for default in &order.deferred_defaults {
                order.statements.add(default.clone());
            }
            order.edges = order.edges();
        }
        for object in order.self_referring() {
            order.break_cycle([object].into(), |_| true);
        }
        // Stubs of views break most cycles. The remaining ones need stubs of functions.
        for kinds in [&[ObjectKind::View][..], &[ObjectKind::Function, ObjectKind::Procedure]] {
            for cycle in cycles(&order.edges) {
                let is_stub = |id: &StatementId| {
                    let object = order.statements.object(*id);
                    kinds.contains(&object.kind) && order.has_stub(object)
                };
                let stubs: BTreeSet<StatementId> = cycle.iter().copied().filter(is_stub).collect();
                order.break_cycle(cycle, |id| stubs.contains(&id));
            }
        }
        order
    }

    /// Returns the definition of an object. A default that has a separate statement has none.
    pub(super) fn definition(&self, object: &Object) -> Option<&Definition<'s>> {
        self.statements.definition(self.statements.id(object)?)
    }

    /// Returns the triggers that are created together with the table.
    pub(super) fn inline_triggers(&self, table: &Object) -> impl Iterator<Item = &Object> {
        self.inline_triggers.iter().filter(move |trigger| trigger.root() == *table)
    }

    /// Returns whether the statement of the object replaces a stub, which an earlier statement has created.
    pub(super) fn replaces_stub(&self, object: &Object) -> bool {
        self.stubs.contains(object)
    }

    /// Returns whether the default has a separate statement.
    pub(super) fn is_deferred(&self, default: &Object) -> bool {
        self.deferred_defaults.contains(default)
    }

    /// Returns every statement once, in order.
    pub(super) fn sorted(&self) -> Vec<&Object> {
        let ranks = self.ranks();
        let mut roots: Vec<StatementId> = (0..ranks.len()).collect();
        roots.sort_by_key(|id| ranks[*id]);
        // An inline trigger has no statement, and a stub is created where another statement depends on it.
        roots.retain(|id| {
            let object = self.statements.object(*id);
            !self.inline_triggers.contains(object) && object.part_kind() != Some(PartKind::Stub)
        });
        let mut sorted = Sorted { seen: vec![false; ranks.len()], order: Vec::new() };
        for root in roots {
            self.visit(root, &ranks, &mut sorted);
        }
        sorted.order.into_iter().map(|id| self.statements.object(id)).collect()
    }

    /// Returns the rank of each statement by its phase and its object, without regard to dependencies.
    fn ranks(&self) -> Vec<usize> {
        let mut ids: Vec<StatementId> = (0..self.edges.len()).collect();
        ids.sort_by_cached_key(|id| {
            let object = self.statements.object(*id);
            (self.phase(object), object)
        });
        let mut ranks = vec![0; ids.len()];
        for (rank, id) in ids.into_iter().enumerate() {
            ranks[id] = rank;
        }
        ranks
    }

    /// Appends a statement after the statements that it depends on, by a depth-first search. In a cycle that is left,
    /// the dependency on a statement that is already being visited is ignored.
    fn visit(&self, id: StatementId, ranks: &[usize], sorted: &mut Sorted) {
        if std::mem::replace(&mut sorted.seen[id], true) {
            return;
        }
        let mut dependencies: Vec<StatementId> = self.edges[id].iter().copied().collect();
        dependencies.retain(|dependency| !sorted.seen[*dependency]);
        dependencies.sort_by_key(|dependency| ranks[*dependency]);
        for dependency in dependencies {
            self.visit(dependency, ranks, sorted);
        }
        sorted.order.push(id);
    }

    /// Creates the stubs of a cycle. Dependencies within the cycle on a statement with a stub become dependencies on
    /// the stub. Each stub depends on everything outside the cycle that a statement of the cycle depends on.
    fn break_cycle(
        &mut self,
        cycle: BTreeSet<StatementId>,
        has_stub: impl Fn(StatementId) -> bool,
    ) {
        let replaced = cycle.iter().copied().filter(|id| has_stub(*id));
        let stubs: BTreeMap<StatementId, StatementId> =
            replaced.map(|id| (id, self.statements.add_stub(id))).collect();
        self.edges.resize_with(self.statements.len(), BTreeSet::new);
        let mut outside = BTreeSet::new();
        for id in &cycle {
            let dependencies = std::mem::take(&mut self.edges[*id]);
            let dependencies = dependencies.into_iter();
            let dependencies: BTreeSet<StatementId> =
                dependencies.map(|id| stubs.get(&id).copied().unwrap_or(id)).collect();
            outside.extend(dependencies.difference(&cycle));
            self.edges[*id] = dependencies;
        }
        outside.retain(|id| !stubs.values().any(|stub| stub == id));
        for (id, stub) in stubs {
            self.edges[id].insert(stub);
            self.edges[stub].extend(&outside);
            self.stubs.insert(self.statements.object(id).clone());
        }
    }

    /// Returns the views and functions that refer to themselves, which `CREATE OR REPLACE` allows.
    fn self_referring(&self) -> Vec<StatementId> {
        let objects = self.schema.dependencies.iter();
        let referring = objects.filter(|(object, others)| {
            object.part.is_none()
                && self.has_stub(object)
                && others.keys().any(|other| other.root() == **object)
        });
        referring.filter_map(|(object, _)| self.statements.id(object)).collect()
    }

    /// Returns whether the object can be created as a stub. That is the case for a view, and for a function whose body
    /// the server parses.
    fn has_stub(&self, object: &Object) -> bool {
        let kinds = [ObjectKind::View, ObjectKind::Function, ObjectKind::Procedure];
        if !kinds.contains(&object.kind) {
            return false;
        }
        match self.definition(object) {
            Some(Definition::View(_)) => true,
            Some(Definition::Function(function)) => match &function.definition {
                FunctionDefinition::Function(text) | FunctionDefinition::Procedure(text) => {
                    text.sql_body.is_some()
                }
                FunctionDefinition::Aggregate(_) => false,
            },
            _ => false,
        }
    }

    /// Returns whether a default depends on its own table through another object, such as a function that takes a row
    /// of the table. Such a default cannot be part of `CREATE TABLE`.
    fn needs_own_table(&self, object: &Object) -> bool {
        if default_of(self.schema, object).is_none() {
            return false;
        }
        let table = object.root();
        let mut seen = BTreeSet::new();
        let Some(dependencies) = self.schema.dependencies.get(object) else { return false };
        // The sequence of an identity column is registered as the column, so a normal dependency on a column of the
        // table is a use of this sequence, as in `nextval`.
        let is_sequence = |other: &Object, kind: DependencyKind| {
            kind == DependencyKind::Normal
                && other.part_kind() == Some(PartKind::Column)
                && other.root() == table
        };
        if dependencies.iter().any(|(other, kind)| is_sequence(other, *kind)) {
            return true;
        }
        let mut ahead: Vec<StatementId> =
            dependencies.keys().filter_map(|other| self.statements.id(other)).collect();
        while let Some(next) = ahead.pop() {
            let other = self.statements.object(next);
            if *other == table {
                return true;
            }
            // A default always depends on its own column.
            if other.root() != table && seen.insert(next) {
                ahead.extend(&self.edges[next]);
            }
        }
        false
    }

    /// Returns the phase of the file in which the object is created, unless a dependency requires an earlier one. All
    /// other kinds come before phase 20, in the order of `ObjectKind`.
    fn phase(&self, object: &Object) -> u8 {
        match (object.aspect, object.part_kind(), object.kind) {
            // An event trigger would fire for the statements after it.
            (_, _, ObjectKind::EventTrigger) => 90,
            (_, _, ObjectKind::DefaultPrivileges) => 80,
            (Aspect::Privileges, ..) => 71,
            (Aspect::Comment, ..) => 70,
            (_, Some(PartKind::Policy), _) => 61,
            (_, Some(PartKind::RowSecurity), _) => 60,
            (_, Some(PartKind::Trigger), _) => 51,
            (_, Some(PartKind::Rule), _) => 50,
            (_, Some(PartKind::ReplicaIdentity | PartKind::RowType), _) => 30,
            (_, Some(PartKind::ClusterOrder), _) => 43,
            // A partition needs the checks of its parent before it is attached, and foreign keys come
            // after all other keys.
            (_, Some(PartKind::Constraint), ObjectKind::Table) => match self.definition(object) {
                Some(Definition::Constraint(constraint)) => match constraint.kind {
                    ConstraintKind::Check | ConstraintKind::NotNull => 22,
                    ConstraintKind::ForeignKey => 27,
                    _ => 24,
                },
                _ => 24,
            },
            (_, Some(PartKind::ParentIndex), _) => 26,
            (_, Some(PartKind::Index), ObjectKind::MaterializedView) => 41,
            (_, Some(PartKind::Index), _) => 25,
            (_, Some(PartKind::Parent), _) => 23,
            (_, Some(PartKind::OwnedBy), _) => 21,
            (_, Some(PartKind::Default), ObjectKind::Table) => 20,
            (_, Some(PartKind::Default), _) => 42,
            // Stubs come before views, unless a dependency requires another order.
            (_, Some(PartKind::Stub), ObjectKind::View) => 40,
            (_, _, ObjectKind::Statistics) => 43,
            (_, _, ObjectKind::View | ObjectKind::MaterializedView) => 40,
            (_, _, kind) => kind as u8,
        }
    }
}

/// Returns the expression of the default with this identity, if it is the default of a table's column.
pub(super) fn default_of<'s>(schema: &'s DatabaseSchema, object: &Object) -> Option<&'s str> {
    let part = object.part.as_ref().filter(|part| part.kind == PartKind::Default)?;
    match &schema.tables.get(&object.qualified_name()?)?.column(&part.name)?.value {
        ColumnValue::Default(expression) => Some(expression),
        _ => None,
    }
}

/// Returns whether `CREATE TABLE` creates the object.
fn is_in_table(object: &Object) -> bool {
    object.kind == ObjectKind::Table
        && object.aspect == Aspect::Definition
        && object.part_kind() == Some(PartKind::Column)
}

/// Returns the BEFORE triggers whose condition uses the whole new row, on tables with a generated
/// column. The server rejects such a trigger, because the column is computed later, but keeps an
/// existing one when the column is added.
fn inline_triggers(schema: &DatabaseSchema) -> BTreeSet<Object> {
    let with_generated = schema.tables.values().filter(|table| {
        table.columns.iter().any(|column| matches!(column.value, ColumnValue::Generated { .. }))
    });
    let triggers = with_generated.flat_map(|table| {
        let early = table.triggers.iter().filter(|(_, trigger)| trigger.needs_whole_row);
        early.map(|(name, _)| table.object().part(PartKind::Trigger, name))
    });
    triggers.collect()
}

/// The state of the search that sorts the statements.
struct Sorted {
    /// Whether each statement was visited.
    seen: Vec<bool>,
    order: Vec<StatementId>,
}
