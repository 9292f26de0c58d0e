//! The order in which statements can be run.

mod circles;

use std::collections::{BTreeMap, BTreeSet};

use circles::circles;

use crate::catalog::Catalog;
use crate::object::{Aspect, Kind, Object, PartKind};
use crate::table::{Column, ConstraintKind};
use crate::write::before_body;

type Edges = BTreeMap<Object, BTreeSet<Object>>;

/// The statements of a catalogue in an order in which each finds what it needs: by kind, within a kind
/// by name, and what something needs goes before it.
pub(crate) struct Order<'c> {
    catalog: &'c Catalog,
    edges: Edges,
    /// Columns whose default calls a function that needs their table.
    later: BTreeSet<Object>,
    /// Triggers that the server takes only as long as their table has no generated column.
    early: BTreeSet<Object>,
    /// Views and functions that need each other, and are made twice: as a stub, and as what they are once all stubs
    /// are there.
    stubs: BTreeSet<Object>,
}

impl<'c> Order<'c> {
    pub(crate) fn new(catalog: &'c Catalog) -> Self {
        let mut order = Self {
            catalog,
            edges: Edges::new(),
            later: BTreeSet::new(),
            early: early(catalog),
            stubs: BTreeSet::new(),
        };
        order.edges = order.edges();
        order.later =
            catalog.needs.keys().filter(|object| order.is_circular(object)).cloned().collect();
        order.edges = order.edges();
        // A stub of a view is enough for most circles.
        for stubs in [is_view, is_function_in_sql] {
            for circle in circles(&order.edges) {
                order.break_up(circle, |object| stubs(catalog, object));
            }
        }
        order
    }

    /// The triggers that are made with that table.
    pub(crate) fn early(&self, table: &Object) -> impl Iterator<Item = &Object> {
        self.early.iter().filter(move |trigger| trigger.whole() == *table)
    }

    /// What is there as a stub already is replaced; a function always is.
    pub(crate) fn statement(&self, object: &Object, sql: &str) -> String {
        match sql.strip_prefix("CREATE VIEW ").filter(|_| self.stubs.contains(object)) {
            Some(rest) => format!("CREATE OR REPLACE VIEW {rest}"),
            None => sql.to_owned(),
        }
    }

    /// Within the circle what needs one of those objects needs its stub, and every stub what the circle needs of
    /// others.
    fn break_up(&mut self, circle: BTreeSet<Object>, has_stub: impl Fn(&Object) -> bool) {
        let stubs: BTreeSet<Object> =
            circle.iter().filter(|object| has_stub(object)).cloned().collect();
        if stubs.is_empty() {
            return;
        }
        let mut outside = BTreeSet::new();
        for object in &circle {
            let Some(needs) = self.edges.get_mut(object) else { continue };
            let inside: BTreeSet<Object> = needs.intersection(&stubs).cloned().collect();
            needs.retain(|need| !inside.contains(need));
            needs.extend(inside.iter().map(stub_of));
            outside.extend(needs.iter().filter(|need| !circle.contains(*need)).cloned());
        }
        outside.retain(|need| !stubs.iter().any(|object| stub_of(object) == *need));
        for object in &stubs {
            self.edges.entry(object.clone()).or_default().insert(stub_of(object));
            self.edges.entry(stub_of(object)).or_default().extend(outside.iter().cloned());
            self.stubs.insert(object.clone());
        }
    }

    /// The default, if it has a statement of its own.
    pub(crate) fn is_later(&self, default: &Object) -> bool {
        self.later.contains(default)
    }

    /// Every statement once, in order.
    pub(crate) fn sorted(&self) -> Vec<Object> {
        let tables = self.catalog.tables.values().map(crate::Table::object);
        let mut roots: Vec<Object> = tables
            .chain(self.catalog.objects.keys().cloned())
            .chain(self.later.iter().cloned())
            .filter(|object| !self.early.contains(object))
            .collect();
        self.sort(&mut roots);
        let mut sorted = Sorted::default();
        for root in roots {
            self.visit(root, &mut sorted);
        }
        sorted.order
    }

    /// Depth first. A circle that is left is cut where it closes.
    fn visit(&self, object: Object, sorted: &mut Sorted) {
        if !sorted.seen.insert(object.clone()) {
            return;
        }
        let mut needs: Vec<Object> =
            self.edges.get(&object).into_iter().flatten().cloned().collect();
        self.sort(&mut needs);
        for need in needs {
            self.visit(need, sorted);
        }
        sorted.order.push(object);
    }

    fn sort(&self, objects: &mut [Object]) {
        objects.sort_by_cached_key(|object| (self.phase(object), object.clone()));
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (object, needs) in &self.catalog.needs {
            let carrier = self.carrier(object);
            let needs = needs.iter().map(|need| self.carrier(need));
            let needs =
                needs.filter(|need| *need != carrier && self.exists(need)).collect::<Vec<_>>();
            edges.entry(carrier).or_default().extend(needs);
        }
        // A part, a comment and a grant need the thing itself.
        for object in self.catalog.objects.keys().chain(&self.later) {
            let mut above = vec![object.whole()];
            if object.aspect != Aspect::Definition {
                above.push(object.aspect(Aspect::Definition));
            }
            let above = above.into_iter().map(|above| self.carrier(&above));
            let above = above.filter(|above| above != object && self.exists(above));
            edges.entry(object.clone()).or_default().extend(above);
        }
        edges
    }

    /// The statement in which something is made: a column's is its table's.
    fn carrier(&self, object: &Object) -> Object {
        let is_inside = match object.part_kind() {
            Some(PartKind::Column) => true,
            Some(PartKind::Default) => object.kind == Kind::Table && !self.later.contains(object),
            _ => false,
        };
        if (is_inside || self.early.contains(object)) && object.aspect == Aspect::Definition {
            object.whole()
        } else {
            object.clone()
        }
    }

    fn exists(&self, object: &Object) -> bool {
        self.catalog.objects.contains_key(object)
            || self.later.contains(object)
            || object.kind == Kind::Table
                && object.part.is_none()
                && self.catalog.tables.contains_key(&object.name)
    }

    /// Whether a default needs its own table.
    fn is_circular(&self, object: &Object) -> bool {
        let is_default =
            object.kind == Kind::Table && object.part_kind() == Some(PartKind::Default);
        if !is_default {
            return false;
        }
        let table = object.whole();
        let mut seen = BTreeSet::new();
        let mut ahead: Vec<Object> =
            self.catalog.needs.get(object).into_iter().flatten().cloned().collect();
        while let Some(next) = ahead.pop() {
            // A default always knows its own column.
            if next.whole() == table && next.part.is_some() {
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

    /// What comes first where nothing needs anything.
    fn phase(&self, object: &Object) -> u8 {
        match (object.aspect, object.part_kind(), object.kind) {
            // An event trigger would fire at what follows.
            (_, _, Kind::EventTrigger) => 90,
            (_, _, Kind::DefaultPrivileges) => 80,
            (Aspect::Privileges, ..) => 71,
            (Aspect::Comment, ..) => 70,
            (_, Some(PartKind::Policy), _) => 61,
            (_, Some(PartKind::RowSecurity), _) => 60,
            (_, Some(PartKind::Trigger), _) => 51,
            (_, Some(PartKind::Rule), _) => 50,
            (_, Some(PartKind::ReplicaIdentity | PartKind::RowType), _) => 30,
            (_, Some(PartKind::ClusterOrder), _) => 43,
            (_, Some(PartKind::Constraint), Kind::Table) => self.phase_of_constraint(object),
            (_, Some(PartKind::ParentIndex), _) => 26,
            (_, Some(PartKind::Index), Kind::MaterializedView) => 41,
            (_, Some(PartKind::Index), _) => 25,
            (_, Some(PartKind::Parent), _) => 23,
            (_, Some(PartKind::OwnedBy), _) => 21,
            (_, Some(PartKind::Default), Kind::Table) => 20,
            (_, Some(PartKind::Default), _) => 42,
            // Before what is no stub, as far as nothing else tells.
            (_, Some(PartKind::Stub), Kind::View) => 40,
            (_, _, Kind::Statistics) => 43,
            (_, _, Kind::View | Kind::MaterializedView) => 40,
            (_, _, kind) => kind as u8,
        }
    }

    /// Checks go before a partition is attached, which has to have those of its parent; foreign keys
    /// after all keys.
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
    object.kind == Kind::View && object.part.is_none()
}

fn is_function_in_sql(catalog: &Catalog, object: &Object) -> bool {
    matches!(object.kind, Kind::Function | Kind::Procedure)
        && object.part.is_none()
        && catalog.objects.get(object).is_some_and(|sql| before_body(sql).is_some())
}

/// BEFORE triggers whose condition is about all of the new row, of tables with a generated column. The server refuses
/// one, as that column is computed later only, and keeps one that is there when the column is added.
fn early(catalog: &Catalog) -> BTreeSet<Object> {
    let is_early = |object: &Object, sql: &str| {
        let table = || catalog.tables.get(&object.name);
        object.part_kind() == Some(PartKind::Trigger)
            && object.aspect == Aspect::Definition
            && sql.contains(" BEFORE ")
            && sql.to_lowercase().contains("new.*")
            && table().is_some_and(|table| table.columns.iter().any(Column::is_computed))
    };
    let early = catalog.objects.iter().filter(|(object, sql)| is_early(object, sql));
    early.map(|(object, _)| object.clone()).collect()
}

#[derive(Default)]
struct Sorted {
    seen: BTreeSet<Object>,
    order: Vec<Object>,
}
