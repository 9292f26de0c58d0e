//! Dependency cycles.

use std::collections::{BTreeMap, BTreeSet};

use super::Edges;
use crate::model::Object;

/// Returns the strongly connected components with more than one object, by Tarjan's algorithm.
pub(super) fn cycles(edges: &Edges) -> Vec<BTreeSet<Object>> {
    let mut search = Search { edges, order: BTreeMap::new(), path: Vec::new(), found: Vec::new() };
    for object in edges.keys() {
        if !search.order.contains_key(object) {
            search.visit(object);
        }
    }
    search.found
}

struct Search<'e> {
    edges: &'e Edges,
    /// The order in which objects were visited, or `usize::MAX` for an object whose component is
    /// complete.
    order: BTreeMap<&'e Object, usize>,
    path: Vec<&'e Object>,
    found: Vec<BTreeSet<Object>>,
}

impl<'e> Search<'e> {
    /// Visits an object, and returns the earliest visited object that it can reach within its
    /// component.
    fn visit(&mut self, object: &'e Object) -> usize {
        let (own, start) = (self.order.len(), self.path.len());
        self.order.insert(object, own);
        self.path.push(object);
        let mut earliest = own;
        for dependency in self.edges.get(object).into_iter().flatten() {
            earliest = earliest.min(match self.order.get(dependency) {
                Some(met) => *met,
                None => self.visit(dependency),
            });
        }
        if earliest == own {
            let cycle = self.path.split_off(start);
            for object in &cycle {
                self.order.insert(object, usize::MAX);
            }
            if cycle.len() > 1 {
                self.found.push(cycle.into_iter().cloned().collect());
            }
        }
        earliest.min(own)
    }
}
