//! Dependency cycles.

use std::collections::BTreeSet;

use super::Edges;
use super::statements::StatementId;

/// Returns the strongly connected components with more than one statement, by Tarjan's algorithm.
pub(super) fn cycles(edges: &Edges) -> Vec<BTreeSet<StatementId>> {
    let order = vec![None; edges.len()];
    let mut search = Search { edges, order, visited: 0, path: Vec::new(), found: Vec::new() };
    for id in 0..edges.len() {
        if search.order[id].is_none() {
            search.visit(id);
        }
    }
    search.found
}

struct Search<'e> {
    edges: &'e Edges,
    /// The number of each visited statement in the order of the visits. It becomes `usize::MAX` when the component of
    /// the statement is complete, so that later statements ignore it.
    order: Vec<Option<usize>>,
    /// The number of visited statements.
    visited: usize,
    /// The visited statements whose component is not complete.
    path: Vec<StatementId>,
    /// The complete components with more than one statement.
    found: Vec<BTreeSet<StatementId>>,
}

impl Search<'_> {
    /// Visits a statement, and returns the number of the earliest visited statement that it can reach within its
    /// component.
    fn visit(&mut self, id: StatementId) -> usize {
        let (own, start) = (self.visited, self.path.len());
        self.visited += 1;
        self.order[id] = Some(own);
        self.path.push(id);
        let mut earliest = own;
        for dependency in &self.edges[id] {
            earliest = earliest.min(match self.order[*dependency] {
                Some(number) => number,
                None => self.visit(*dependency),
            });
        }
        if earliest == own {
            let cycle = self.path.split_off(start);
            for id in &cycle {
                self.order[*id] = Some(usize::MAX);
            }
            if cycle.len() > 1 {
                self.found.push(cycle.into_iter().collect());
            }
        }
        earliest
    }
}
