//! The order in which the statements of a catalog can be executed.

mod cycles;

use std::collections::{BTreeMap, BTreeSet};

use cycles::cycles;

use crate::catalog::Catalog;
use crate::object::{Aspect, Object, ObjectKind, PartKind};
use crate::table::{Column, ConstraintKind};
use crate::write::function_header;

type Edges = BTreeMap<Object, BTreeSet<Object>>;

/// Orders the statements of a catalog by kind and name, with dependencies first.
pub(crate) struct Order<'c> {
    catalog: &'c Catalog,
    edges: Edges,
    /// Columns whose default calls a function that depends on their table.
    deferred_defaults: BTreeSet<Object>,
    /// Triggers that the server only accepts while their table has no generated column.
    inline_triggers: BTreeSet<Object>,
    /// Views and functions in a dependency cycle. They are created twice: first as a stub, and then
    /// with their definition.
    stubs: BTreeSet<Object>,
}

impl<'c> Order<'c> {
    pub(crate) fn new(catalog: &'c Catalog) -> Self {
        let mut order = Self {
            catalog,
            edges: Edges::new(),
            deferred_defaults: BTreeSet::new(),
            inline_triggers: inline_triggers(catalog),
            stubs: BTreeSet::new(),
        };
        order.edges = order.edges();
        order.deferred_defaults = catalog
            .dependencies
            .keys()
            .filter(|object| order.needs_own_table(object))
            .cloned()
            .collect();
        order.edges = order.edges();
        // Stubs of views break most cycles.
        for stubs in [is_view, is_function_in_sql] {
            for cycle in cycles(&order.edges) {
                order.break_cycle(cycle, |object| stubs(catalog, object));
            }
        }
        order
    }

    /// Returns the triggers that are created together with the table.
    pub(crate) fn inline_triggers(&self, table: &Object) -> impl Iterator<Item = &Object> {
        self.inline_triggers.iter().filter(move |trigger| trigger.root() == *table)
    }

    /// Returns the statement. A view with a stub is replaced; the statement of a function always
    /// replaces it.
    pub(crate) fn statement(&self, object: &Object, sql: &str) -> String {
        match sql.strip_prefix("CREATE VIEW ").filter(|_| self.stubs.contains(object)) {
            Some(rest) => format!("CREATE OR REPLACE VIEW {rest}"),
            None => sql.to_owned(),
        }
    }

    /// Redirects dependencies within the cycle to stubs, and makes each stub depend on what the
    /// cycle depends on outside.
    fn break_cycle(&mut self, cycle: BTreeSet<Object>, has_stub: impl Fn(&Object) -> bool) {
        let stubs: BTreeSet<Object> =
            cycle.iter().filter(|object| has_stub(object)).cloned().collect();
        if stubs.is_empty() {
            return;
        }
        let mut outside = BTreeSet::new();
        for object in &cycle {
            let Some(dependencies) = self.edges.get_mut(object) else { continue };
            let inside: BTreeSet<Object> = dependencies.intersection(&stubs).cloned().collect();
            dependencies.retain(|dependency| !inside.contains(dependency));
            dependencies.extend(inside.iter().map(stub_of));
            outside.extend(
                dependencies.iter().filter(|dependency| !cycle.contains(*dependency)).cloned(),
            );
        }
        outside.retain(|dependency| !stubs.iter().any(|object| stub_of(object) == *dependency));
        for object in &stubs {
            self.edges.entry(object.clone()).or_default().insert(stub_of(object));
            self.edges.entry(stub_of(object)).or_default().extend(outside.iter().cloned());
            self.stubs.insert(object.clone());
        }
    }

    /// Returns whether the default has a separate statement.
    pub(crate) fn is_deferred(&self, default: &Object) -> bool {
        self.deferred_defaults.contains(default)
    }

    /// Returns every statement once, in order.
    pub(crate) fn sorted(&self) -> Vec<Object> {
        let tables = self.catalog.tables.values().map(crate::Table::object);
        let mut roots: Vec<Object> = tables
            .chain(self.catalog.objects.keys().cloned())
            .chain(self.deferred_defaults.iter().cloned())
            .filter(|object| !self.inline_triggers.contains(object))
            .collect();
        self.sort(&mut roots);
        let mut sorted = Sorted::default();
        for root in roots {
            self.visit(root, &mut sorted);
        }
        sorted.order
    }

    /// Visits depth first. A remaining cycle is cut where it closes.
    fn visit(&self, object: Object, sorted: &mut Sorted) {
        if !sorted.seen.insert(object.clone()) {
            return;
        }
        let mut dependencies: Vec<Object> =
            self.edges.get(&object).into_iter().flatten().cloned().collect();
        self.sort(&mut dependencies);
        for dependency in dependencies {
            self.visit(dependency, sorted);
        }
        sorted.order.push(object);
    }

    fn sort(&self, objects: &mut [Object]) {
        objects.sort_by_cached_key(|object| (self.phase(object), object.clone()));
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (object, dependencies) in &self.catalog.dependencies {
            let owning_statement = self.owning_statement(object);
            let dependencies =
                dependencies.iter().map(|dependency| self.owning_statement(dependency));
            let dependencies = dependencies
                .filter(|dependency| *dependency != owning_statement && self.exists(dependency))
                .collect::<Vec<_>>();
            edges.entry(owning_statement).or_default().extend(dependencies);
        }
        // A part, a comment and a grant depend on their object.
        for object in self.catalog.objects.keys().chain(&self.deferred_defaults) {
            let mut above = vec![object.root()];
            if object.aspect != Aspect::Definition {
                above.push(object.aspect(Aspect::Definition));
            }
            let above = above.into_iter().map(|above| self.owning_statement(&above));
            let above = above.filter(|above| above != object && self.exists(above));
            edges.entry(object.clone()).or_default().extend(above);
        }
        edges
    }

    /// Returns the object whose statement creates this object: the table for a column.
    fn owning_statement(&self, object: &Object) -> Object {
        let is_inside = match object.part_kind() {
            Some(PartKind::Column) => true,
            Some(PartKind::Default) => {
                object.kind == ObjectKind::Table && !self.deferred_defaults.contains(object)
            }
            _ => false,
        };
        if (is_inside || self.inline_triggers.contains(object))
            && object.aspect == Aspect::Definition
        {
            object.root()
        } else {
            object.clone()
        }
    }

    fn exists(&self, object: &Object) -> bool {
        self.catalog.objects.contains_key(object)
            || self.deferred_defaults.contains(object)
            || object.kind == ObjectKind::Table
                && object.part.is_none()
                && self.catalog.tables.contains_key(&object.name)
    }

    /// Returns whether a default depends on its own table.
    fn needs_own_table(&self, object: &Object) -> bool {
        let is_default =
            object.kind == ObjectKind::Table && object.part_kind() == Some(PartKind::Default);
        if !is_default {
            return false;
        }
        let table = object.root();
        let mut seen = BTreeSet::new();
        let mut ahead: Vec<Object> =
            self.catalog.dependencies.get(object).into_iter().flatten().cloned().collect();
        while let Some(next) = ahead.pop() {
            // A default always depends on its own column.
            if next.root() == table && next.part.is_some() {
                continue;
            }
            if next == table {
                return true;
            }
            if seen.insert(next.clone()) {
                ahead.extend(self.edges.get(&next).into_iter().flatten().cloned());
            }
        }
        false
    }

    /// Returns the rank of an object among independent objects.
    fn phase(&self, object: &Object) -> u8 {
        match (object.aspect, object.part_kind(), object.kind) {
            // An event trigger would fire for later statements.
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
            (_, Some(PartKind::Constraint), ObjectKind::Table) => self.phase_of_constraint(object),
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

    /// Returns the rank of a constraint. A partition needs the checks of its parent before it is
    /// attached, and foreign keys come after all other keys.
    fn phase_of_constraint(&self, object: &Object) -> u8 {
        let table = self.catalog.tables.get(&object.name);
        let constraint = object
            .part
            .as_ref()
            .and_then(|part| table.and_then(|table| table.constraints.get(&part.name)));
        match constraint.map(|constraint| constraint.kind) {
            Some(ConstraintKind::Check | ConstraintKind::NotNull) => 22,
            Some(ConstraintKind::ForeignKey) => 27,
            _ => 24,
        }
    }
}

fn stub_of(object: &Object) -> Object {
    object.part(PartKind::Stub, "")
}

fn is_view(_: &Catalog, object: &Object) -> bool {
    object.kind == ObjectKind::View && object.part.is_none()
}

fn is_function_in_sql(catalog: &Catalog, object: &Object) -> bool {
    matches!(object.kind, ObjectKind::Function | ObjectKind::Procedure)
        && object.part.is_none()
        && catalog.objects.get(object).is_some_and(|sql| function_header(sql).is_some())
}

/// Returns the BEFORE triggers whose condition uses the whole new row, on tables with a generated
/// column. The server rejects such a trigger, because the column is computed later, but keeps an
/// existing one when the column is added.
fn inline_triggers(catalog: &Catalog) -> BTreeSet<Object> {
    let is_early = |object: &Object, sql: &str| {
        let table = || catalog.tables.get(&object.name);
        object.part_kind() == Some(PartKind::Trigger)
            && object.aspect == Aspect::Definition
            && sql.contains(" BEFORE ")
            && sql.to_lowercase().contains("new.*")
            && table().is_some_and(|table| table.columns.iter().any(Column::is_generated))
    };
    let inline_triggers = catalog.objects.iter().filter(|(object, sql)| is_early(object, sql));
    inline_triggers.map(|(object, _)| object.clone()).collect()
}

#[derive(Default)]
struct Sorted {
    seen: BTreeSet<Object>,
    order: Vec<Object>,
}
