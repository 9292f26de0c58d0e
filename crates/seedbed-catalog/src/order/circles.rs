//! What needs itself by way of others.

use std::collections::{BTreeMap, BTreeSet};

use super::Edges;
use crate::object::Object;

/// The sets of objects of which each needs each other, by Tarjan's algorithm.
pub(super) fn circles(edges: &Edges) -> Vec<BTreeSet<Object>> {
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
    /// When an object was met; of one whose circle is known, never.
    order: BTreeMap<&'e Object, usize>,
    path: Vec<&'e Object>,
    found: Vec<BTreeSet<Object>>,
}

impl<'e> Search<'e> {
    /// The earliest object that leads here and is led to from here, by when it was met.
    fn visit(&mut self, object: &'e Object) -> usize {
        let (own, start) = (self.order.len(), self.path.len());
        self.order.insert(object, own);
        self.path.push(object);
        let mut earliest = own;
        for need in self.edges.get(object).into_iter().flatten() {
            earliest = earliest.min(match self.order.get(need) {
                Some(met) => *met,
                None => self.visit(need),
            });
        }
        if earliest == own {
            let circle = self.path.split_off(start);
            for object in &circle {
                self.order.insert(object, usize::MAX);
            }
            if circle.len() > 1 {
                self.found.push(circle.into_iter().cloned().collect());
            }
        }
        earliest.min(own)
    }
}
