//! Which table is in which column, and in which order from top to bottom.
//!
//! Parents stand left of their children. A line that passes a column gets a lane of its own there, which
//! is ordered and placed as the tables are, so that it never runs through one. The way is Sugiyama's:
//! columns, then an order with few crossings by the mean of the neighbours, swept to and fro.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Diagram, End};
use super::place::{self, TABLE_GAP};

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
        for (node, layer) in layers.layer.iter().enumerate() {
            layers.order[*layer].push(node);
        }
        layers.sort(diagram);
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
    fn sort(&mut self, diagram: &Diagram) {
        const SWEEPS: usize = 16;
        let mut best = (self.crossings(diagram), self.order.clone());
        for sweep in 0..SWEEPS {
            let count = self.order.len();
            for step in 1..count {
                let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
                self.sort_layer(diagram, layer, sweep % 2 == 0);
            }
            let crossings = self.crossings(diagram);
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    fn sort_layer(&mut self, diagram: &Diagram, layer: usize, by_left: bool) {
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
        let alone = self.alone();
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

/// The column of each table: right of its parents, where there is room.
fn columns(diagram: &Diagram) -> Vec<usize> {
    let count = diagram.tables.len();
    let (mut parents, mut children) = (vec![BTreeSet::new(); count], vec![BTreeSet::new(); count]);
    for relation in &diagram.relations {
        let (child, parent) = (relation.child.table, relation.parent.table);
        if child != parent {
            parents[child].insert(parent);
            children[parent].insert(child);
        }
    }
    let mut filling = Filling::new(diagram);
    let mut layer: Vec<Option<usize>> = vec![None; count];
    let is_alone = |table: usize| parents[table].is_empty() && children[table].is_empty();
    let mut left: BTreeSet<usize> = (0..count).filter(|table| !is_alone(*table)).collect();
    while !left.is_empty() {
        let missing = |table: &usize| parents[*table].intersection(&left).count();
        let depth = |table: &usize| {
            let around = parents[*table].iter().chain(&children[*table]);
            around.filter_map(|table| layer[*table]).map(|layer| layer + 1).max().unwrap_or(0)
        };
        // Tables in a circle have no first one: that with the fewest parents missing, and most children.
        let next = left.iter().copied().min_by_key(|table| {
            (missing(table), depth(table), std::cmp::Reverse(children[*table].len()), *table)
        });
        let Some(next) = next else { break };
        let at = filling.put(depth(&next), next);
        layer[next] = Some(at);
        left.remove(&next);
    }
    let mut column =
        |(table, layer): (usize, Option<usize>)| layer.unwrap_or_else(|| filling.put(0, table));
    layer.into_iter().enumerate().map(&mut column).collect()
}

/// How full the columns are. None is filled to more than what makes the whole a page rather than a tower.
struct Filling {
    heights: Vec<i32>,
    full: Vec<i32>,
    limit: i32,
}

impl Filling {
    fn new(diagram: &Diagram) -> Self {
        const LEAST: i32 = 760;
        let size = |table| place::size(table);
        let heights: Vec<i32> =
            diagram.tables.iter().map(|table| size(table).1 + TABLE_GAP).collect();
        let widths = diagram.tables.iter().map(|table| f64::from(size(table).0 + 100));
        let area: f64 =
            heights.iter().zip(widths).map(|(height, width)| f64::from(*height) * width).sum();
        // Three wide, two high.
        let limit = (area / 1.5).sqrt() as i32;
        Self { heights, full: Vec::new(), limit: limit.max(LEAST) }
    }

    /// Puts it into the first column from that one on that has room for it.
    fn put(&mut self, first: usize, table: usize) -> usize {
        let height = self.heights[table];
        let mut layer = first;
        loop {
            if layer >= self.full.len() {
                self.full.resize(layer + 1, 0);
            }
            if self.full[layer] == 0 || self.full[layer] + height <= self.limit {
                self.full[layer] += height;
                return layer;
            }
            layer += 1;
        }
    }
}
