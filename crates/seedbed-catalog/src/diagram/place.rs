//! How big a table is, and how high it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::{Layers, Node, Piece, Port, Tip};
use super::model::{Diagram, Entity};

pub(super) const HEADER: i32 = 34;
pub(super) const ROW: i32 = 24;
/// Below the last row.
const FOOT: i32 = 6;
pub(super) const TABLE_GAP: i32 = 30;
const LANE_GAP: i32 = 14;
/// The width of a character of the rows, and of the title.
const CHAR: f64 = 7.25;
const TITLE_CHAR: f64 = 8.6;
const NOTE_CHAR: f64 = 6.6;
/// The mark of a key.
pub(super) const MARK: i32 = 25;
/// Left and right of the text.
pub(super) const SIDE: i32 = 12;

/// Width and height.
pub(super) fn size(table: &Entity) -> (i32, i32) {
    let rows = table.rows.iter();
    let name = rows.clone().map(|row| text(&row.name, CHAR)).max().unwrap_or_default();
    let data_type = rows.map(|row| text(&row.data_type, CHAR)).max().unwrap_or_default();
    // Between the two, and the circle at the end.
    let row = SIDE + marks(table) + name + 24 + data_type + 16 + SIDE;
    let note = table.kind.note().map(|note| SIDE + text(note, NOTE_CHAR)).unwrap_or_default();
    let title = SIDE + text(&table.name, TITLE_CHAR) + note + SIDE;
    let width = row.max(title).max(140);
    (width, HEADER + ROW * number(table.rows.len()) + FOOT)
}

/// The width of the marks of keys before the names.
pub(super) fn marks(table: &Entity) -> i32 {
    let marks = |row: &super::model::Row| [row.primary, row.foreign, row.unique];
    let most = table.rows.iter().map(|row| marks(row).iter().filter(|is| **is).count()).max();
    MARK * number(most.unwrap_or_default())
}

/// Estimated: characters of East Asia are twice as wide.
fn text(text: &str, each: f64) -> i32 {
    let width = |c: char| if c >= '\u{1100}' { 2.0 } else { 1.0 };
    (text.chars().map(width).sum::<f64>() * each).ceil() as i32
}

pub(super) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1000)
}

/// Where the lines end, seen from the top of their table.
pub(super) struct Ports(BTreeMap<(bool, usize, usize), BTreeSet<Port>>);

impl Ports {
    pub(super) fn of(layers: &Layers) -> Self {
        let mut ports: BTreeMap<_, BTreeSet<Port>> = BTreeMap::new();
        let mut add = |right: bool, tip: &Tip| {
            ports.entry((right, tip.table, tip.row)).or_default().insert(tip.port);
        };
        for net in &layers.nets {
            add(true, &net.from);
            net.to.iter().for_each(|(_, tip)| add(false, tip));
        }
        for (_, child, parent) in &layers.loops {
            add(true, child);
            add(true, parent);
        }
        Self(ports)
    }

    /// In the middle of the row, or spread over it if there are several.
    pub(super) fn offset(&self, right: bool, tip: &Tip) -> i32 {
        let middle = HEADER + ROW * number(tip.row) + ROW / 2;
        let Some(ports) = self.0.get(&(right, tip.table, tip.row)) else {
            return middle;
        };
        let at = ports.iter().position(|port| *port == tip.port).unwrap_or_default();
        let (count, at) = (number(ports.len()), number(at));
        // At most 11 above and below, the ends of them whole numbers.
        let step = if count > 1 { (22 / (count - 1)).min(12) } else { 0 };
        middle + at * step - (count - 1) * step / 2
    }
}

/// The top of each node: as near to the mean of its neighbours as the order in its column allows.
pub(super) fn tops(diagram: &Diagram, layers: &Layers, ports: &Ports) -> Vec<i32> {
    const SWEEPS: usize = 12;
    let mut tops = vec![0; layers.nodes.len()];
    for order in &layers.order {
        settle(diagram, layers, order, &mut tops, |_| (0.0, 1.0));
    }
    let alone = layers.alone();
    for sweep in 0..SWEEPS {
        let (to_right, last) = (sweep % 2 == 0, sweep + 2 >= SWEEPS);
        let mut columns: Vec<usize> = (0..layers.order.len()).collect();
        if !to_right {
            columns.reverse();
        }
        for column in columns {
            let wishes =
                wishes(layers, ports, &tops, column, (to_right || last, !to_right || last));
            let now = tops.clone();
            let wish = |node: usize| match wishes.get(&node) {
                Some((sum, count)) => (sum / count, *count),
                // Right below the others.
                None if alone.contains(&node) => (0.0, 1e-9),
                None => (f64::from(now[node]), 0.01),
            };
            settle(diagram, layers, &layers.order[column], &mut tops, wish);
        }
    }
    without_empty_bands(diagram, layers, &mut tops);
    tops
}

/// Begins at nothing, and makes narrow what is empty from the left to the right: tables that few lines lead
/// to drift away from the others.
fn without_empty_bands(diagram: &Diagram, layers: &Layers, tops: &mut [i32]) {
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

/// By node the sum of the tops that would make its lines straight, and the weight of these.
fn wishes(
    layers: &Layers,
    ports: &Ports,
    tops: &[i32],
    column: usize,
    (by_left, by_right): (bool, bool),
) -> BTreeMap<usize, (f64, f64)> {
    let offset = |right: bool, tip: Option<Tip>| tip.map_or(0, |tip| ports.offset(right, &tip));
    let mut wishes: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    // A long line is the more readable the fewer steps it has.
    let weight = |piece: &Piece| match (piece.left.1, piece.right.1) {
        (None, None) => 8.0,
        (None, _) | (_, None) => 2.0,
        _ => 1.0,
    };
    let mut add = |node: usize, top: i32, weight: f64| {
        let wish = wishes.entry(node).or_default();
        *wish = (wish.0 + f64::from(top) * weight, wish.1 + weight);
    };
    let left = column.checked_sub(1).filter(|_| by_left).and_then(|at| layers.pieces.get(at));
    for piece in left.into_iter().flatten() {
        let y = tops[piece.left.0] + offset(true, piece.left.1);
        add(piece.right.0, y - offset(false, piece.right.1), weight(piece));
    }
    for piece in layers.pieces.get(column).filter(|_| by_right).into_iter().flatten() {
        let y = tops[piece.right.0] + offset(false, piece.right.1);
        add(piece.left.0, y - offset(true, piece.left.1), weight(piece));
    }
    wishes
}

/// Gives the nodes of a column the tops nearest to what they wish for, in their order and apart from
/// each other: neighbours that would overlap become a block, which stands at the mean of its wishes.
fn settle(
    diagram: &Diagram,
    layers: &Layers,
    order: &[usize],
    tops: &mut [i32],
    wish: impl Fn(usize) -> (f64, f64),
) {
    // Wishes are measured from where each would stand in a column without a hole.
    let mut offsets: Vec<i32> = Vec::new();
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut next = 0;
    for (at, node) in order.iter().enumerate() {
        let node_is = |at: usize| order.get(at).map(|node| layers.nodes[*node]);
        let gap = match (node_is(at), node_is(at + 1)) {
            (Some(Node::Table(_)), Some(Node::Table(_))) => TABLE_GAP,
            _ => LANE_GAP,
        };
        offsets.push(next);
        let (top, weight) = wish(*node);
        let mut block = ((top - f64::from(next)) * weight, weight, 1);
        while let Some(last) = blocks.pop_if(|last| last.0 / last.1 >= block.0 / block.1) {
            block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
        }
        blocks.push(block);
        next += gap + height(diagram, layers, *node);
    }
    let settled = blocks.iter().flat_map(|(sum, weight, count)| {
        std::iter::repeat_n((sum / weight).round() as i32, *count)
    });
    for ((node, offset), top) in order.iter().zip(offsets).zip(settled) {
        tops[*node] = top + offset;
    }
}
