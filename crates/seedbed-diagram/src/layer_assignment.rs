//! Assigns each table to a column of the picture, to the right of its parents where there is room.
//!
//! A large diagram may have chains of references that are much longer than a page is wide. Its columns are folded like
//! a paper strip: the columns that do not fit beside each other continue in a band below, which runs from right to
//! left, and then in a band that runs from left to right again.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::model::Diagram;
use crate::positions::{self, TABLE_GAP};

/// The place of a table in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) column: usize,
    /// The number of times that the columns were folded before this one.
    pub(crate) band: usize,
}

/// Returns the ways to place the tables, of which the first is the best guess. No column is empty. Related tables are
/// in different columns, unless the columns are folded.
///
/// There are several ways only for a large diagram whose columns are folded. The caller must lay out the picture to
/// know how high it becomes, because the lines need room too.
pub(crate) fn candidate_places(diagram: &Diagram) -> Vec<Vec<Place>> {
    let layers = assign_layers(diagram);
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let folded = if diagram.is_large() { folded_columns(diagram, count) } else { vec![count] };
    let places = |columns| layers.iter().map(|layer| fold(*layer, columns)).collect();
    folded.into_iter().map(places).collect()
}

/// Returns the numbers of columns that `count` columns may be folded to, so that the picture has about the proportions
/// of a page. The first number gives bands of equal lengths.
fn folded_columns(diagram: &Diagram, count: usize) -> Vec<usize> {
    /// The number of columns divided by the number of fitting columns, up to which the columns are not folded.
    const MAX_EXCESS: f64 = 1.5;
    let sizes: Vec<(i32, i32)> = diagram.tables.iter().map(positions::size).collect();
    let widths: f64 = sizes.iter().map(|(width, _)| f64::from(width + LINES)).sum();
    // The number of tables of mean width that fit beside each other on a page.
    let fitting = f64::from(page_height(&sizes)) * ASPECT_RATIO * sizes.len() as f64 / widths;
    if count as f64 <= fitting * MAX_EXCESS {
        return vec![count];
    }
    let bands = (count as f64 / fitting).ceil() as usize;
    let equal = count.div_ceil(bands).max(MIN_FOLDED);
    let others = (fitting as usize).max(MIN_FOLDED)..=(fitting * MAX_EXCESS) as usize;
    std::iter::once(equal).chain(others.filter(|columns| *columns != equal)).collect()
}

/// The minimal number of columns of a folded picture. A picture with two columns would be a tower.
const MIN_FOLDED: usize = 3;

/// Returns the place of a layer in a picture that is folded to the given number of columns.
fn fold(layer: usize, columns: usize) -> Place {
    let steps = columns.saturating_sub(1).max(1);
    // The column at a fold belongs to both bands, and counts for the first.
    let band = layer.saturating_sub(1) / steps;
    let within = layer - band * steps;
    Place { column: if band.is_multiple_of(2) { within } else { steps - within }, band }
}

/// Returns the layer of each table in an arbitrarily wide picture.
fn assign_layers(diagram: &Diagram) -> Vec<usize> {
    let count = diagram.tables.len();
    let (mut parents, mut children) = (vec![BTreeSet::new(); count], vec![BTreeSet::new(); count]);
    for relationship in &diagram.relationships {
        let (child, parent) = (relationship.child.table, relationship.parent.table);
        if child != parent {
            parents[child].insert(parent);
            children[parent].insert(child);
        }
    }
    let mut capacity = LayerCapacity::new(diagram);
    let mut layer: Vec<Option<usize>> = vec![None; count];
    let is_alone = |table: usize| parents[table].is_empty() && children[table].is_empty();
    let mut remaining: BTreeSet<usize> = (0..count).filter(|table| !is_alone(*table)).collect();
    loop {
        let missing = |table: &usize| parents[*table].intersection(&remaining).count();
        let depth = |table: &usize| {
            let neighbors = parents[*table].iter().chain(&children[*table]);
            neighbors.filter_map(|table| layer[*table]).map(|layer| layer + 1).max().unwrap_or(0)
        };
        // A cycle has no first table, so the table with the fewest missing parents is next, and among several such
        // tables the one with the lowest layer and the most children.
        let next = remaining.iter().copied().min_by_key(|table| {
            (missing(table), depth(table), Reverse(children[*table].len()), *table)
        });
        let Some(next) = next else { break };
        layer[next] = Some(capacity.put(depth(&next), next));
        remaining.remove(&next);
    }
    for table in 0..count {
        let neighbors = parents[table].iter().chain(&children[table]);
        let nearest = neighbors.filter_map(|other| layer[*other]).min();
        // A table with lines only to the right moves close to the ends of its lines.
        if let (Some(own), Some(nearest)) = (layer[table], nearest)
            && own < nearest
        {
            layer[table] = Some(capacity.pull(own, nearest, table));
        }
    }
    // Isolated tables may overfill the columns slightly, which is better than a new column.
    capacity.limit += capacity.limit / 6;
    let put = |(table, layer): (usize, &Option<usize>)| {
        layer.unwrap_or_else(|| capacity.put(capacity.emptiest(table), table))
    };
    remove_empty_layers(&layer.iter().enumerate().map(put).collect::<Vec<_>>())
}

/// Renumbers the layers so that each number is used.
fn remove_empty_layers(layers: &[usize]) -> Vec<usize> {
    let used: BTreeSet<usize> = layers.iter().copied().collect();
    layers.iter().map(|layer| used.range(..layer).count()).collect()
}

/// The width of the picture divided by its height.
pub(crate) const ASPECT_RATIO: f64 = 1.5;
/// The horizontal room for lines next to each table.
const LINES: i32 = 100;

/// Returns the height of a page that has room for tables of these sizes.
fn page_height(sizes: &[(i32, i32)]) -> i32 {
    let area =
        |(width, height): &(i32, i32)| f64::from(width + LINES) * f64::from(height + TABLE_GAP);
    (sizes.iter().map(area).sum::<f64>() / ASPECT_RATIO).sqrt() as i32
}

/// The used height of each column.
struct LayerCapacity {
    /// The height of each table with the gap below it.
    heights: Vec<i32>,
    /// The used height of each column.
    used: Vec<i32>,
    /// The maximal used height, which gives the picture the proportions of a page and not of a tower.
    limit: i32,
}

impl LayerCapacity {
    fn new(diagram: &Diagram) -> Self {
        const MIN_LIMIT: i32 = 760;
        let sizes: Vec<(i32, i32)> = diagram.tables.iter().map(positions::size).collect();
        Self {
            heights: sizes.iter().map(|(_, height)| height + TABLE_GAP).collect(),
            used: Vec::new(),
            limit: page_height(&sizes).max(MIN_LIMIT),
        }
    }

    fn has_room(&self, layer: usize, table: usize) -> bool {
        let used = self.used.get(layer).copied().unwrap_or_default();
        used == 0 || used + self.heights[table] <= self.limit
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

    /// Returns the least used column that has enough room, or a new column.
    fn emptiest(&self, table: usize) -> usize {
        let layers = (0..self.used.len()).filter(|layer| self.has_room(*layer, table));
        layers.min_by_key(|layer| self.used[*layer]).unwrap_or(self.used.len())
    }

    /// Moves the table from the column `from` to the last column before `before` that has enough room, and returns its
    /// column.
    fn pull(&mut self, from: usize, before: usize, table: usize) -> usize {
        let to = (from + 1..before).rev().find(|layer| self.has_room(*layer, table));
        let to = to.unwrap_or(from);
        self.used[from] -= self.heights[table];
        self.used[to] += self.heights[table];
        to
    }
}
