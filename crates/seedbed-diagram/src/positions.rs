//! The sizes of tables, and the vertical positions of the nodes.

use std::collections::{BTreeMap, BTreeSet};

use crate::layers::{Endpoint, Layers, Node, Port, Segment};
use crate::model::{ColumnRow, Diagram, DiagramTable};
use crate::names::short_type;

/// The height of the title of a table.
pub(crate) const HEADER: i32 = 34;
/// The height of a row.
pub(crate) const ROW: i32 = 24;
/// The space below the last row.
const FOOT: i32 = 6;
/// The vertical distance between two tables.
pub(crate) const TABLE_GAP: i32 = 30;
/// The vertical distance between a lane and a table or another lane.
const LANE_GAP: i32 = 14;
/// The width of a character in a row.
const CHAR: f64 = 7.25;
/// The width of a character in the title.
const TITLE_CHAR: f64 = 8.6;
/// The width of a character in the note after the title, such as `view`.
const NOTE_CHAR: f64 = 6.6;
/// The width of a key's mark.
pub(crate) const MARK: i32 = 25;
/// The padding on both sides of the text.
pub(crate) const SIDE: i32 = 12;

/// Returns the width and the height of a table.
pub(crate) fn size(table: &DiagramTable) -> (i32, i32) {
    let rows = table.rows.iter();
    let name_width = |row: &ColumnRow| {
        text_width(&row.name, CHAR) + row.target_note().map_or(0, |note| text_width(&note, CHAR))
    };
    let name = rows.clone().map(name_width).max().unwrap_or_default();
    let data_type =
        rows.map(|row| text_width(&short_type(&row.data_type), CHAR)).max().unwrap_or_default();
    // 24 is the gap between the name and the type, and 16 the width of the circle at the end.
    let row = SIDE + marks(table) + name + 24 + data_type + 16 + SIDE;
    let note = table.kind.note().map(|note| SIDE + text_width(note, NOTE_CHAR)).unwrap_or_default();
    let title = SIDE + text_width(&table.name, TITLE_CHAR) + note + SIDE;
    let width = row.max(title).max(140);
    (width, HEADER + ROW * number(table.rows.len()) + FOOT)
}

/// Returns the width of the key marks before the names.
pub(crate) fn marks(table: &DiagramTable) -> i32 {
    let marks = |row: &ColumnRow| [row.primary, row.foreign, row.unique];
    let most =
        table.rows.iter().map(|row| marks(row).iter().filter(|is_key| **is_key).count()).max();
    MARK * number(most.unwrap_or_default())
}

/// Returns the estimated width of a text. East Asian characters have double width.
fn text_width(text: &str, char_width: f64) -> i32 {
    let chars = |c: char| if c >= '\u{1100}' { 2.0 } else { 1.0 };
    (text.chars().map(chars).sum::<f64>() * char_width).ceil() as i32
}

/// Converts a count for computations with coordinates.
pub(crate) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1000)
}

/// The ports of each row, which determine the vertical offsets of the ends of lines. The key is the side of the table
/// (whether it is the right one), the table and the row.
pub(crate) struct Ports(BTreeMap<(bool, usize, usize), BTreeSet<Port>>);

impl Ports {
    pub(crate) fn new(layers: &Layers) -> Self {
        let mut ports: BTreeMap<_, BTreeSet<Port>> = BTreeMap::new();
        let mut add = |right: bool, endpoint: &Endpoint| {
            ports.entry((right, endpoint.table, endpoint.row)).or_default().insert(endpoint.port);
        };
        for bundle in &layers.bundles {
            add(true, &bundle.from);
            bundle.to.iter().for_each(|(_, endpoint)| add(false, endpoint));
        }
        for (_, child, parent) in &layers.loops {
            add(true, child);
            add(true, parent);
        }
        Self(ports)
    }

    /// Returns the offset from the top of the table: the middle of the row, or spread over the row
    /// if it has several ports.
    pub(crate) fn offset(&self, right: bool, endpoint: &Endpoint) -> i32 {
        let middle = HEADER + ROW * number(endpoint.row) + ROW / 2;
        let Some(ports) = self.0.get(&(right, endpoint.table, endpoint.row)) else {
            return middle;
        };
        let index = ports.iter().position(|port| *port == endpoint.port).unwrap_or_default();
        let (count, index) = (number(ports.len()), number(index));
        // The ends stay within 11 pixels of the middle, at whole numbers.
        let step = if count > 1 { (22 / (count - 1)).min(12) } else { 0 };
        middle + index * step - (count - 1) * step / 2
    }
}

/// Returns the top of each node, as close to the mean of its neighbors as the order in its column
/// allows.
pub(crate) fn node_tops(diagram: &Diagram, layers: &Layers, ports: &Ports) -> Vec<i32> {
    const SWEEPS: usize = 12;
    let mut tops = vec![0; layers.nodes.len()];
    for order in &layers.order {
        place_column(diagram, layers, order, &mut tops, |_| (0.0, 1.0));
    }
    let isolated = layers.isolated();
    for sweep in 0..SWEEPS {
        // The sweeps go to the right and to the left in turn, and each column follows the one before it in the sweep.
        // In the last two sweeps, it follows both of its neighbors.
        let (to_right, last) = (sweep % 2 == 0, sweep + 2 >= SWEEPS);
        let mut columns: Vec<usize> = (0..layers.order.len()).collect();
        if !to_right {
            columns.reverse();
        }
        for column in columns {
            let preferred_tops =
                preferred_tops(layers, ports, &tops, column, (to_right || last, !to_right || last));
            let now = tops.clone();
            let preferred = |node: usize| match preferred_tops.get(&node) {
                Some((sum, count)) => (sum / count, *count),
                // Isolated tables are directly below the others, because the others push them down.
                None if isolated.contains(&node) => (0.0, 1e-9),
                // A node without neighbors on this side stays in its position unless others push it.
                None => (f64::from(now[node]), 0.01),
            };
            place_column(diagram, layers, &layers.order[column], &mut tops, preferred);
        }
    }
    remove_empty_bands(diagram, layers, &mut tops);
    tops
}

/// Moves all nodes to the top, and narrows empty horizontal bands to the gap between two tables. Such bands arise
/// because tables with few lines drift away from the others.
fn remove_empty_bands(diagram: &Diagram, layers: &Layers, tops: &mut [i32]) {
    let mut order: Vec<usize> = (0..tops.len()).collect();
    order.sort_by_key(|node| tops[*node]);
    let mut shift = order.first().map_or(0, |first| tops[*first]);
    let mut bottom = shift;
    for node in order {
        let top = tops[node];
        shift += (top - bottom - TABLE_GAP).max(0);
        bottom = bottom.max(top + height(diagram, layers, node));
        tops[node] = top - shift;
    }
}

fn height(diagram: &Diagram, layers: &Layers, node: usize) -> i32 {
    match layers.nodes[node] {
        Node::Table(table) => size(&diagram.tables[table]).1,
        Node::Lane => 0,
    }
}

/// Returns, for each node of the column, the weighted sum of the tops that would make its lines straight, and the sum
/// of the weights. Only lines to the left column count if `by_left`, and lines to the right column if `by_right`.
fn preferred_tops(
    layers: &Layers,
    ports: &Ports,
    tops: &[i32],
    column: usize,
    (by_left, by_right): (bool, bool),
) -> BTreeMap<usize, (f64, f64)> {
    let offset = |right: bool, endpoint: Option<Endpoint>| {
        endpoint.map_or(0, |endpoint| ports.offset(right, &endpoint))
    };
    let mut preferred_tops: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    // A long line is easier to follow if it has few steps.
    let weight = |segment: &Segment| match (segment.left.1, segment.right.1) {
        (None, None) => 8.0,
        (None, _) | (_, None) => 2.0,
        _ => 1.0,
    };
    let mut add = |node: usize, top: i32, weight: f64| {
        let preferred = preferred_tops.entry(node).or_default();
        *preferred = (preferred.0 + f64::from(top) * weight, preferred.1 + weight);
    };
    let left = column.checked_sub(1).filter(|_| by_left);
    let left = left.and_then(|left| layers.segments.get(left));
    for segment in left.into_iter().flatten() {
        let y = tops[segment.left.0] + offset(true, segment.left.1);
        add(segment.right.0, y - offset(false, segment.right.1), weight(segment));
    }
    for segment in layers.segments.get(column).filter(|_| by_right).into_iter().flatten() {
        let y = tops[segment.right.0] + offset(false, segment.right.1);
        add(segment.left.0, y - offset(true, segment.left.1), weight(segment));
    }
    preferred_tops
}

/// Places the nodes of a column as close to their preferred tops as possible, in order and without overlap. `preferred`
/// returns the preferred top of a node and its weight.
///
/// This is the pool-adjacent-violators algorithm: nodes that would overlap form a block at the weighted mean of their
/// preferences.
fn place_column(
    diagram: &Diagram,
    layers: &Layers,
    order: &[usize],
    tops: &mut [i32],
    preferred: impl Fn(usize) -> (f64, f64),
) {
    // Preferences are relative to the position in a column without gaps.
    let mut offsets: Vec<i32> = Vec::new();
    // Each block has the weighted sum of the preferences, the sum of the weights, and the number of nodes.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut next = 0;
    for (index, node) in order.iter().enumerate() {
        let node_at = |index: usize| order.get(index).map(|node| layers.nodes[*node]);
        let gap = match (node_at(index), node_at(index + 1)) {
            (Some(Node::Table(_)), Some(Node::Table(_))) => TABLE_GAP,
            _ => LANE_GAP,
        };
        offsets.push(next);
        let (top, weight) = preferred(*node);
        let mut block = ((top - f64::from(next)) * weight, weight, 1);
        while let Some(last) = blocks.pop_if(|last| last.0 / last.1 >= block.0 / block.1) {
            block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
        }
        blocks.push(block);
        next += gap + height(diagram, layers, *node);
    }
    let tops_of_blocks = blocks.iter().flat_map(|(sum, weight, count)| {
        std::iter::repeat_n((sum / weight).round() as i32, *count)
    });
    for ((node, offset), top) in order.iter().zip(offsets).zip(tops_of_blocks) {
        tops[*node] = top + offset;
    }
}
