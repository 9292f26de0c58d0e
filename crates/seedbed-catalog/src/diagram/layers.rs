//! Which table is in which column, and in which order from top to bottom.
//!
//! Parents stand left of their children. A line that passes a column gets a lane of its own there, which
//! is ordered and placed as the tables are, so that it never runs through one. The way is Sugiyama's:
//! columns, then an order with few crossings by the mean of the neighbours, swept to and fro.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::columns;
use super::model::{Diagram, End};

/// Where at a row a line ends. Those that end in the same way share the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Port {
    One,
    ZeroOrOne,
    /// The many of that relation.
    Child(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tip {
    pub(super) table: usize,
    pub(super) row: usize,
    pub(super) port: Port,
}

/// The lines that leave one place to the right: one trunk, and a branch for each.
pub(super) struct Net {
    pub(super) from: Tip,
    /// Which relation, and where it ends.
    pub(super) to: Vec<(usize, Tip)>,
    /// The nodes of its lanes, by column, from the one right of `from` on.
    pub(super) lanes: Vec<usize>,
}

/// A table or, numbered after all tables, a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Table(usize),
    Lane,
}

/// A piece of a net between two neighbouring columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) left: (usize, Option<Tip>),
    pub(super) right: (usize, Option<Tip>),
}

pub(super) struct Layers {
    pub(super) nodes: Vec<Node>,
    /// The column of each node.
    pub(super) layer: Vec<usize>,
    /// The nodes of each column from top to bottom.
    pub(super) order: Vec<Vec<usize>>,
    pub(super) nets: Vec<Net>,
    /// Relations of a table with itself: the relation, the child's and the parent's tip.
    pub(super) loops: Vec<(usize, Tip, Tip)>,
    /// By the column at its left.
    pub(super) pieces: Vec<Vec<Piece>>,
}

impl Layers {
    pub(super) fn of(diagram: &Diagram) -> Self {
        let layer = columns(diagram);
        let mut layers = Self {
            nodes: (0..diagram.tables.len()).map(Node::Table).collect(),
            order: vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)],
            pieces: Vec::new(),
            nets: Vec::new(),
            loops: Vec::new(),
            layer,
        };
        layers.add_nets(diagram);
        layers.add_lanes();
        let alone = layers.alone();
        let connected = (0..layers.nodes.len()).filter(|node| !alone.contains(node));
        for node in connected.chain(alone.iter().copied()) {
            layers.order[layers.layer[node]].push(node);
        }
        layers.sort(diagram, &alone);
        layers
    }

    fn add_nets(&mut self, diagram: &Diagram) {
        let mut nets: BTreeMap<Tip, Vec<(usize, Tip)>> = BTreeMap::new();
        for (number, relation) in diagram.relations.iter().enumerate() {
            let tip = |end: &End, port| Tip { table: end.table, row: end.row(), port };
            let one = if relation.optional { Port::ZeroOrOne } else { Port::One };
            let child = tip(&relation.child, Port::Child(number));
            let parent = tip(&relation.parent, one);
            match self.layer[parent.table].cmp(&self.layer[child.table]) {
                std::cmp::Ordering::Less => nets.entry(parent).or_default().push((number, child)),
                std::cmp::Ordering::Equal => self.loops.push((number, child, parent)),
                std::cmp::Ordering::Greater => {
                    nets.entry(child).or_default().push((number, parent));
                }
            }
        }
        self.nets =
            nets.into_iter().map(|(from, to)| Net { from, to, lanes: Vec::new() }).collect();
    }

    fn add_lanes(&mut self) {
        self.pieces = vec![Vec::new(); self.order.len()];
        for net in &mut self.nets {
            let first = self.layer[net.from.table];
            let last = net.to.iter().map(|(_, tip)| self.layer[tip.table]).max().unwrap_or(first);
            let mut left = (net.from.table, Some(net.from));
            for layer in first..last {
                for (_, tip) in net.to.iter().filter(|(_, tip)| self.layer[tip.table] == layer + 1)
                {
                    self.pieces[layer].push(Piece { left, right: (tip.table, Some(*tip)) });
                }
                if layer + 1 < last {
                    let right = (self.nodes.len(), None);
                    self.nodes.push(Node::Lane);
                    self.layer.push(layer + 1);
                    net.lanes.push(right.0);
                    self.pieces[layer].push(Piece { left, right });
                    left = right;
                }
            }
        }
    }

    /// Sweeps to the right and to the left, and keeps the best.
    fn sort(&mut self, diagram: &Diagram, alone: &BTreeSet<usize>) {
        const SWEEPS: usize = 16;
        let mut best = (self.crossings(diagram), self.order.clone());
        for sweep in 0..SWEEPS {
            let count = self.order.len();
            for step in 1..count {
                let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
                self.sort_layer(diagram, alone, layer, sweep % 2 == 0);
            }
            let crossings = self.crossings(diagram);
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    fn sort_layer(
        &mut self,
        diagram: &Diagram,
        alone: &BTreeSet<usize>,
        layer: usize,
        by_left: bool,
    ) {
        let heights = self.heights(diagram);
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let pieces = if by_left { layer.checked_sub(1) } else { Some(layer) };
        for piece in pieces.and_then(|at| self.pieces.get(at)).into_iter().flatten() {
            let (own, other) =
                if by_left { (piece.right, piece.left) } else { (piece.left, piece.right) };
            let sum = sums.entry(own.0).or_default();
            *sum = (sum.0 + heights(other), sum.1 + 1.0);
        }
        // What has no neighbour there stays where it is.
        let mut keyed: Vec<(f64, usize)> = Vec::new();
        for (at, node) in self.order[layer].iter().enumerate() {
            let mean = sums.get(node).map(|(sum, count)| sum / count);
            keyed.push((mean.unwrap_or(at as f64 + 0.5), *node));
        }
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (last, first): (Vec<_>, Vec<_>) =
            keyed.iter().map(|(_, node)| *node).partition(|node| alone.contains(node));
        self.order[layer] = [first, last].concat();
    }

    /// The tables that no line leads to: they stand below the others.
    pub(super) fn alone(&self) -> BTreeSet<usize> {
        let mut alone: BTreeSet<usize> = (0..self.nodes.len()).collect();
        for piece in self.pieces.iter().flatten() {
            alone.remove(&piece.left.0);
            alone.remove(&piece.right.0);
        }
        alone
    }

    /// How far down in its column an end is: the place of its node, and how far down in that.
    fn heights(&self, diagram: &Diagram) -> impl Fn((usize, Option<Tip>)) -> f64 + use<> {
        let mut places = vec![0; self.nodes.len()];
        for order in &self.order {
            for (at, node) in order.iter().enumerate() {
                places[*node] = at;
            }
        }
        let rows: Vec<usize> = diagram.tables.iter().map(|table| table.rows.len()).collect();
        move |(node, tip)| {
            let within = tip.map_or(0.5, |tip| {
                (tip.row as f64 + 1.0) / (rows.get(tip.table).map_or(0, |rows| *rows) as f64 + 1.0)
            });
            places[node] as f64 + within
        }
    }

    pub(super) fn crossings(&self, diagram: &Diagram) -> usize {
        let heights = self.heights(diagram);
        let count = |pieces: &Vec<Piece>| {
            let mut ends: Vec<(f64, f64)> =
                pieces.iter().map(|piece| (heights(piece.left), heights(piece.right))).collect();
            ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            inversions(&ends.iter().map(|(_, right)| *right).collect::<Vec<_>>())
        };
        self.pieces.iter().map(count).sum()
    }
}

/// How many pairs are in the wrong order.
fn inversions(values: &[f64]) -> usize {
    let mut seen: Vec<f64> = Vec::new();
    let mut count = 0;
    for value in values {
        let at = seen.partition_point(|other| other.total_cmp(value).is_le());
        count += seen.len() - at;
        seen.insert(at, *value);
    }
    count
}
