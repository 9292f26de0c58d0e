//! The columns of the picture and the order of the tables in each.
//!
//! Parents are to the left of their children. A line that passes a column gets a lane there, which
//! is ordered and placed like a table, so that no line runs through a table. The algorithm is
//! Sugiyama's: it sorts each column by the mean position of the neighbors, and sweeps in both
//! directions to reduce crossings.

use std::collections::{BTreeMap, BTreeSet};

use crate::layer_assignment::Place;
use crate::model::{Diagram, RelationshipEnd};

/// The place on a row where a line ends. Lines with the same port share the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Port {
    /// The parent of a child that must have one.
    One,
    /// The parent of a child that may have none.
    ZeroOrOne,
    /// The child of the relationship with this number.
    Child(usize),
}

/// The end of a line at a row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Endpoint {
    pub(crate) table: usize,
    pub(crate) row: usize,
    pub(crate) port: Port,
}

/// The edges that leave one endpoint to the right: a common trunk with one branch for each.
pub(crate) struct EdgeBundle {
    pub(crate) from: Endpoint,
    /// The number of each relationship, and its other endpoint.
    pub(crate) to: Vec<(usize, Endpoint)>,
    /// The lanes of the trunk by column, starting to the right of `from`.
    pub(crate) lanes: Vec<usize>,
}

/// A table, or a lane. Lanes are numbered after all tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    Table(usize),
    Lane,
}

/// The part of a bundle between two adjacent columns. Each side has a node and, if this is a table, the endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) left: (usize, Option<Endpoint>),
    pub(crate) right: (usize, Option<Endpoint>),
}

/// The columns of the picture with their tables and lanes.
pub(crate) struct Layers {
    pub(crate) nodes: Vec<Node>,
    /// The column of each node.
    pub(crate) layer: Vec<usize>,
    /// The nodes of each column from top to bottom.
    pub(crate) order: Vec<Vec<usize>>,
    pub(crate) bundles: Vec<EdgeBundle>,
    /// The relationships within one column, most of them within one table. Each entry has the number of the
    /// relationship, the child's endpoint and the parent's endpoint.
    pub(crate) loops: Vec<(usize, Endpoint, Endpoint)>,
    /// The segments by the column to their left.
    pub(crate) segments: Vec<Vec<Segment>>,
}

impl Layers {
    pub(crate) fn new(diagram: &Diagram, places: &[Place]) -> Self {
        let layer: Vec<usize> = places.iter().map(|place| place.column).collect();
        let mut layers = Self {
            nodes: (0..diagram.tables.len()).map(Node::Table).collect(),
            order: vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)],
            segments: Vec::new(),
            bundles: Vec::new(),
            loops: Vec::new(),
            layer,
        };
        layers.add_bundles(diagram);
        layers.add_lanes();
        let isolated = layers.isolated();
        let connected = (0..layers.nodes.len()).filter(|node| !isolated.contains(node));
        for node in connected.chain(isolated.iter().copied()) {
            layers.order[layers.layer[node]].push(node);
        }
        // In each column of a folded picture, the tables of a band are above those of the next band.
        for order in &mut layers.order {
            order.sort_by_key(|node| places.get(*node).map_or(0, |place| place.band));
        }
        layers.sort(diagram, &isolated);
        layers
    }

    /// Bundles the relationships by their endpoint in the left one of their two columns.
    fn add_bundles(&mut self, diagram: &Diagram) {
        let mut bundles: BTreeMap<Endpoint, Vec<(usize, Endpoint)>> = BTreeMap::new();
        for (number, relationship) in diagram.relationships.iter().enumerate() {
            let endpoint =
                |end: &RelationshipEnd, port| Endpoint { table: end.table, row: end.row(), port };
            let one = if relationship.optional { Port::ZeroOrOne } else { Port::One };
            let child = endpoint(&relationship.child, Port::Child(number));
            let parent = endpoint(&relationship.parent, one);
            match self.layer[parent.table].cmp(&self.layer[child.table]) {
                std::cmp::Ordering::Less => {
                    bundles.entry(parent).or_default().push((number, child))
                }
                std::cmp::Ordering::Equal => self.loops.push((number, child, parent)),
                std::cmp::Ordering::Greater => {
                    bundles.entry(child).or_default().push((number, parent));
                }
            }
        }
        self.bundles = bundles
            .into_iter()
            .map(|(from, to)| EdgeBundle { from, to, lanes: Vec::new() })
            .collect();
    }

    /// Adds the segments of all bundles, and a lane wherever a bundle passes a column.
    fn add_lanes(&mut self) {
        self.segments = vec![Vec::new(); self.order.len()];
        for bundle in &mut self.bundles {
            let first = self.layer[bundle.from.table];
            let last = bundle
                .to
                .iter()
                .map(|(_, endpoint)| self.layer[endpoint.table])
                .max()
                .unwrap_or(first);
            let mut left = (bundle.from.table, Some(bundle.from));
            for layer in first..last {
                for (_, endpoint) in
                    bundle.to.iter().filter(|(_, endpoint)| self.layer[endpoint.table] == layer + 1)
                {
                    self.segments[layer]
                        .push(Segment { left, right: (endpoint.table, Some(*endpoint)) });
                }
                if layer + 1 < last {
                    let right = (self.nodes.len(), None);
                    self.nodes.push(Node::Lane);
                    self.layer.push(layer + 1);
                    bundle.lanes.push(right.0);
                    self.segments[layer].push(Segment { left, right });
                    left = right;
                }
            }
        }
    }

    /// Sorts the columns in alternating directions, and keeps the order with the fewest crossings.
    fn sort(&mut self, diagram: &Diagram, isolated: &BTreeSet<usize>) {
        const SWEEPS: usize = 16;
        let mut best = (self.crossings(diagram), self.order.clone());
        for sweep in 0..SWEEPS {
            let count = self.order.len();
            for step in 1..count {
                let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
                self.sort_layer(diagram, isolated, layer, sweep % 2 == 0);
            }
            let crossings = self.crossings(diagram);
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    /// Sorts a column by the mean position of the neighbors of each node, which are those in the column to the left, or
    /// to the right unless `by_left`. Isolated tables are the last.
    fn sort_layer(
        &mut self,
        diagram: &Diagram,
        isolated: &BTreeSet<usize>,
        layer: usize,
        by_left: bool,
    ) {
        let heights = self.heights(diagram);
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let segments = if by_left { layer.checked_sub(1) } else { Some(layer) };
        for segment in segments.and_then(|index| self.segments.get(index)).into_iter().flatten() {
            let (own, other) =
                if by_left { (segment.right, segment.left) } else { (segment.left, segment.right) };
            let sum = sums.entry(own.0).or_default();
            *sum = (sum.0 + heights(other), sum.1 + 1.0);
        }
        // A node without neighbors on the side that the sweep comes from keeps its position.
        let mut keyed: Vec<(f64, usize)> = Vec::new();
        for (index, node) in self.order[layer].iter().enumerate() {
            let mean = sums.get(node).map(|(sum, count)| sum / count);
            keyed.push((mean.unwrap_or(index as f64 + 0.5), *node));
        }
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (last, first): (Vec<_>, Vec<_>) =
            keyed.iter().map(|(_, node)| *node).partition(|node| isolated.contains(node));
        self.order[layer] = [first, last].concat();
    }

    /// Returns the tables without lines to other tables, which are placed below the others.
    pub(crate) fn isolated(&self) -> BTreeSet<usize> {
        let mut isolated: BTreeSet<usize> = (0..self.nodes.len()).collect();
        for segment in self.segments.iter().flatten() {
            isolated.remove(&segment.left.0);
            isolated.remove(&segment.right.0);
        }
        for (_, child, parent) in
            self.loops.iter().filter(|(_, one, other)| one.table != other.table)
        {
            isolated.remove(&child.table);
            isolated.remove(&parent.table);
        }
        isolated
    }

    /// Returns a function that computes the vertical position of an endpoint: the index of its node
    /// plus the position within the node.
    fn heights(&self, diagram: &Diagram) -> impl Fn((usize, Option<Endpoint>)) -> f64 + use<> {
        let mut indexes = vec![0; self.nodes.len()];
        for order in &self.order {
            for (index, node) in order.iter().enumerate() {
                indexes[*node] = index;
            }
        }
        let rows: Vec<usize> = diagram.tables.iter().map(|table| table.rows.len()).collect();
        move |(node, endpoint)| {
            let within = endpoint.map_or(0.5, |endpoint| {
                (endpoint.row as f64 + 1.0)
                    / (rows.get(endpoint.table).map_or(0, |rows| *rows) as f64 + 1.0)
            });
            indexes[node] as f64 + within
        }
    }

    /// Counts the crossings of the segments between adjacent columns.
    pub(crate) fn crossings(&self, diagram: &Diagram) -> usize {
        let heights = self.heights(diagram);
        let count = |segments: &Vec<Segment>| {
            let mut ends: Vec<(f64, f64)> = segments
                .iter()
                .map(|segment| (heights(segment.left), heights(segment.right)))
                .collect();
            ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            inversions(&ends.iter().map(|(_, right)| *right).collect::<Vec<_>>())
        };
        self.segments.iter().map(count).sum()
    }
}

/// Counts the pairs of values that are in the wrong order.
fn inversions(values: &[f64]) -> usize {
    let mut seen: Vec<f64> = Vec::new();
    let mut count = 0;
    for value in values {
        let index = seen.partition_point(|other| other.total_cmp(value).is_le());
        count += seen.len() - index;
        seen.insert(index, *value);
    }
    count
}
