//! Assigns each table to a column of the picture, to the right of its parents where there is room.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::model::Diagram;
use crate::positions::{self, TABLE_GAP};

/// Returns the column of each table. No column is empty, and related tables are in different
/// columns.
pub(crate) fn assign_layers(diagram: &Diagram) -> Vec<usize> {
    let count = diagram.tables.len();
    let (mut parents, mut children) = (vec![BTreeSet::new(); count], vec![BTreeSet::new(); count]);
    for relation in &diagram.relations {
        let (child, parent) = (relation.child.table, relation.parent.table);
        if child != parent {
            parents[child].insert(parent);
            children[parent].insert(child);
        }
    }
    let mut capacity = LayerCapacity::new(diagram);
    let mut layer: Vec<Option<usize>> = vec![None; count];
    let is_alone = |table: usize| parents[table].is_empty() && children[table].is_empty();
    let mut left: BTreeSet<usize> = (0..count).filter(|table| !is_alone(*table)).collect();
    loop {
        let missing = |table: &usize| parents[*table].intersection(&left).count();
        let depth = |table: &usize| {
            let around = parents[*table].iter().chain(&children[*table]);
            around.filter_map(|table| layer[*table]).map(|layer| layer + 1).max().unwrap_or(0)
        };
        // Tables in a cycle have no first one, so the one with the fewest missing parents and the
        // most children is next.
        let next = left.iter().copied().min_by_key(|table| {
            (missing(table), depth(table), Reverse(children[*table].len()), *table)
        });
        let Some(next) = next else { break };
        layer[next] = Some(capacity.put(depth(&next), next));
        left.remove(&next);
    }
    for table in 0..count {
        let around = parents[table].iter().chain(&children[table]);
        let nearest = around.filter_map(|other| layer[*other]).min();
        // A table with lines only to the right moves close to their ends.
        if let (Some(own), Some(nearest)) = (layer[table], nearest)
            && own < nearest
        {
            layer[table] = Some(capacity.pull(own, nearest, table));
        }
    }
    // Isolated tables may overfill the columns slightly rather than get a new one.
    capacity.limit += capacity.limit / 6;
    let put = |(table, layer): (usize, &Option<usize>)| {
        layer.unwrap_or_else(|| capacity.put(capacity.emptiest(table), table))
    };
    remove_empty_layers(&layer.iter().enumerate().map(put).collect::<Vec<_>>())
}

fn remove_empty_layers(layers: &[usize]) -> Vec<usize> {
    let used: BTreeSet<usize> = layers.iter().copied().collect();
    layers.iter().map(|layer| used.range(..layer).count()).collect()
}

/// The used height of each column. The limit gives the picture the proportions of a page rather
/// than a tower.
struct LayerCapacity {
    heights: Vec<i32>,
    used: Vec<i32>,
    limit: i32,
}

impl LayerCapacity {
    fn new(diagram: &Diagram) -> Self {
        const MIN_LIMIT: i32 = 760;
        let sizes: Vec<(i32, i32)> = diagram.tables.iter().map(positions::size).collect();
        // The size includes room for lines.
        let area =
            |(width, height): &(i32, i32)| f64::from(width + 100) * f64::from(height + TABLE_GAP);
        // The picture is three wide and two high.
        let limit = (sizes.iter().map(area).sum::<f64>() / 1.5).sqrt() as i32;
        Self {
            heights: sizes.iter().map(|(_, height)| height + TABLE_GAP).collect(),
            used: Vec::new(),
            limit: limit.max(MIN_LIMIT),
        }
    }

    fn has_room(&self, layer: usize, table: usize) -> bool {
        let full = self.used.get(layer).copied().unwrap_or_default();
        full == 0 || full + self.heights[table] <= self.limit
    }

    /// Places the table in the first column with enough room, starting at `first`.
    fn put(&mut self, first: usize, table: usize) -> usize {
        let layer = (first..).find(|layer| self.has_room(*layer, table)).unwrap_or(first);
        if layer >= self.used.len() {
            self.used.resize(layer + 1, 0);
        }
        self.used[layer] += self.heights[table];
        layer
    }

    /// Returns the least used column with enough room, or a new one.
    fn emptiest(&self, table: usize) -> usize {
        let layers = (0..self.used.len()).filter(|layer| self.has_room(*layer, table));
        layers.min_by_key(|layer| self.used[*layer]).unwrap_or(self.used.len())
    }

    /// Moves the table to the last column before `before` that has enough room.
    fn pull(&mut self, from: usize, before: usize, table: usize) -> usize {
        let to = (from + 1..before).rev().find(|layer| self.has_room(*layer, table));
        let to = to.unwrap_or(from);
        self.used[from] -= self.heights[table];
        self.used[to] += self.heights[table];
        to
    }
}
