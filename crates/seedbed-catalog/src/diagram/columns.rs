//! Which table is in which column: right of its parents, where there is room.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::model::Diagram;
use super::place::{self, TABLE_GAP};

/// The column of each table. No column is empty, and no two neighbours are in one.
pub(super) fn columns(diagram: &Diagram) -> Vec<usize> {
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
    loop {
        let missing = |table: &usize| parents[*table].intersection(&left).count();
        let depth = |table: &usize| {
            let around = parents[*table].iter().chain(&children[*table]);
            around.filter_map(|table| layer[*table]).map(|layer| layer + 1).max().unwrap_or(0)
        };
        // Tables in a circle have no first one: that with the fewest parents missing, and most children.
        let next = left.iter().copied().min_by_key(|table| {
            (missing(table), depth(table), Reverse(children[*table].len()), *table)
        });
        let Some(next) = next else { break };
        layer[next] = Some(filling.put(depth(&next), next));
        left.remove(&next);
    }
    for table in 0..count {
        let around = parents[table].iter().chain(&children[table]);
        let nearest = around.filter_map(|other| layer[*other]).min();
        // What has lines to the right only stands near their ends.
        if let (Some(own), Some(nearest)) = (layer[table], nearest)
            && own < nearest
        {
            layer[table] = Some(filling.pull(own, nearest, table));
        }
    }
    // Rather a little fuller than a column for one that nothing leads to.
    filling.limit += filling.limit / 6;
    let put = |(table, layer): (usize, &Option<usize>)| {
        layer.unwrap_or_else(|| filling.put(filling.emptiest(table), table))
    };
    without_empty(&layer.iter().enumerate().map(put).collect::<Vec<_>>())
}

fn without_empty(layers: &[usize]) -> Vec<usize> {
    let used: BTreeSet<usize> = layers.iter().copied().collect();
    layers.iter().map(|layer| used.range(..layer).count()).collect()
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
        let sizes: Vec<(i32, i32)> = diagram.tables.iter().map(place::size).collect();
        // With the room for lines.
        let area =
            |(width, height): &(i32, i32)| f64::from(width + 100) * f64::from(height + TABLE_GAP);
        // Three wide, two high.
        let limit = (sizes.iter().map(area).sum::<f64>() / 1.5).sqrt() as i32;
        Self {
            heights: sizes.iter().map(|(_, height)| height + TABLE_GAP).collect(),
            full: Vec::new(),
            limit: limit.max(LEAST),
        }
    }

    fn has_room(&self, layer: usize, table: usize) -> bool {
        let full = self.full.get(layer).copied().unwrap_or_default();
        full == 0 || full + self.heights[table] <= self.limit
    }

    /// Puts it into the first column from that one on that has room for it.
    fn put(&mut self, first: usize, table: usize) -> usize {
        let layer = (first..).find(|layer| self.has_room(*layer, table)).unwrap_or(first);
        if layer >= self.full.len() {
            self.full.resize(layer + 1, 0);
        }
        self.full[layer] += self.heights[table];
        layer
    }

    /// Of the columns that have room for it; a new one if none has.
    fn emptiest(&self, table: usize) -> usize {
        let layers = (0..self.full.len()).filter(|layer| self.has_room(*layer, table));
        layers.min_by_key(|layer| self.full[*layer]).unwrap_or(self.full.len())
    }

    /// Moves it to the last column before that one that has room for it.
    fn pull(&mut self, from: usize, before: usize, table: usize) -> usize {
        let to = (from + 1..before).rev().find(|layer| self.has_room(*layer, table));
        let to = to.unwrap_or(from);
        self.full[from] -= self.heights[table];
        self.full[to] += self.heights[table];
        to
    }
}
