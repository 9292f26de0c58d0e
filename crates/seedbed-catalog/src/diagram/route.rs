//! Where the lines go: from row to row, with right angles, and never through a table.

use std::collections::BTreeMap;

use super::layers::{Layers, Node};
use super::model::Diagram;
use super::place::{self, Ports};

/// Around everything.
pub(super) const MARGIN: i32 = 28;
/// What the crow's foot and the bars need, from the table to the first vertical piece.
const STUB: i32 = 30;
const TRACK: i32 = 12;
/// Lines nearer to each other than that look like one.
const NEAR: i32 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// The line of a relation, from the child to the parent.
pub(super) struct Line {
    pub(super) relation: usize,
    pub(super) points: Vec<(i32, i32)>,
}

pub(super) struct Picture {
    /// By table.
    pub(super) areas: Vec<Area>,
    pub(super) lines: Vec<Line>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// What goes up and down between two columns: a net, or the relation of a table with itself.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Upright {
    Loop(usize),
    Net(usize),
}

/// Where it is reached from both sides.
#[derive(Default)]
struct Reach {
    left: Vec<i32>,
    right: Vec<i32>,
}

impl Reach {
    fn span(&self) -> (i32, i32) {
        let ends = || self.left.iter().chain(&self.right).copied();
        (ends().min().unwrap_or_default(), ends().max().unwrap_or_default())
    }

    /// Whether a line at that height, from the right, would look like one of this from the left.
    fn is_near(&self, y: i32) -> bool {
        self.left.iter().any(|left| (left - y).abs() < NEAR)
    }

    /// How bad it is if this one stands left of that one: crossings, and lines that look like one.
    fn cost(&self, other: &Self) -> usize {
        let within = |y: i32, (top, bottom): (i32, i32)| top < y && y < bottom;
        let crossed = self.right.iter().filter(|y| within(**y, other.span())).count()
            + other.left.iter().filter(|y| within(**y, self.span())).count();
        crossed + 20 * self.right.iter().filter(|y| other.is_near(**y)).count()
    }
}

impl Picture {
    pub(super) fn of(diagram: &Diagram) -> Self {
        let layers = Layers::of(diagram);
        let ports = Ports::of(&layers);
        let tops: Vec<i32> =
            place::tops(diagram, &layers, &ports).iter().map(|top| top + MARGIN).collect();
        let gaps = reaches(&layers, &ports, &tops);
        let mut areas = vec![Area { x: 0, y: 0, width: 0, height: 0 }; diagram.tables.len()];
        let mut tracks = BTreeMap::new();
        let mut x = MARGIN;
        for (column, order) in layers.order.iter().enumerate() {
            let tables = order.iter().filter_map(|node| match layers.nodes[*node] {
                Node::Table(table) => Some((table, place::size(&diagram.tables[table]))),
                Node::Lane => None,
            });
            let width = tables.clone().map(|(_, size)| size.0).max().unwrap_or_default();
            for (table, (_, height)) in tables {
                areas[table] = Area { x, y: tops[table], width, height };
            }
            x += width;
            let found = gaps.get(column).map(tracks_of).unwrap_or_default();
            let most = found.values().max().copied();
            for (upright, track) in found {
                tracks.insert((column, upright), x + STUB + TRACK * track);
            }
            let last = column + 1 == layers.order.len();
            x += match most {
                Some(most) if last => STUB + TRACK * most,
                Some(most) => 2 * STUB + TRACK * most,
                None if last => 0,
                None => 2 * STUB,
            };
        }
        let bottom = areas.iter().map(|area| area.y + area.height);
        let bottom = bottom.chain(tops.iter().copied()).max().unwrap_or(MARGIN);
        let lines = Router { layers: &layers, ports: &ports, tops: &tops, areas: &areas, tracks };
        Self { lines: lines.lines(), width: x + MARGIN, height: bottom + MARGIN, areas }
    }
}

/// By column what goes up and down right of it.
fn reaches(layers: &Layers, ports: &Ports, tops: &[i32]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = layers.order.iter().map(|_| BTreeMap::new()).collect();
    for (number, net) in layers.nets.iter().enumerate() {
        let first = layers.layer[net.from.table];
        let mut y = tops[net.from.table] + ports.offset(true, &net.from);
        let passed = gaps.iter_mut().enumerate().skip(first).take(net.lanes.len() + 1);
        for (column, gap) in passed {
            let reach = gap.entry(Upright::Net(number)).or_default();
            reach.left.push(y);
            for (_, tip) in net.to.iter().filter(|(_, tip)| layers.layer[tip.table] == column + 1) {
                reach.right.push(tops[tip.table] + ports.offset(false, tip));
            }
            if let Some(lane) = net.lanes.get(column - first) {
                y = tops[*lane];
                reach.right.push(y);
            }
        }
    }
    for (number, (_, child, parent)) in layers.loops.iter().enumerate() {
        let ends = [child, parent].map(|tip| tops[tip.table] + ports.offset(true, tip));
        let reach = Reach { left: ends.to_vec(), right: Vec::new() };
        gaps[layers.layer[child.table]].insert(Upright::Loop(number), reach);
    }
    gaps
}

type Gap = BTreeMap<Upright, Reach>;

/// From left to right such that they cross rarely, and do not lie upon each other
/// (two that exchange their exact heights would, whichever comes first).
fn in_order(gap: &Gap) -> Vec<(&Upright, &Reach)> {
    const ROUNDS: usize = 3;
    let mut order: Vec<(&Upright, &Reach)> = gap.iter().collect();
    for (upright, reach) in std::iter::repeat_n(gap, ROUNDS).flatten() {
        // Where it costs the least among the others as they stand.
        order.retain(|(other, _)| *other != upright);
        let (mut best, mut cost) = ((0, 0), 0);
        for (at, (_, other)) in order.iter().enumerate() {
            cost += signed(other.cost(reach)) - signed(reach.cost(other));
            if cost < best.0 {
                best = (cost, at + 1);
            }
        }
        order.insert(best.1, (upright, reach));
    }
    order
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn tracks_of(gap: &Gap) -> BTreeMap<Upright, i32> {
    let order = in_order(gap);
    let mut tracks: Vec<((i32, i32), i32)> = Vec::new();
    for (_, reach) in &order {
        let (top, bottom) = reach.span();
        let meets = tracks.iter().filter(|((t, b), _)| top - 8 < *b && *t < bottom + 8);
        let track = meets.map(|(_, track)| track + 1).max().unwrap_or_default();
        tracks.push(((top, bottom), track));
    }
    order.iter().zip(tracks).map(|((upright, _), (_, track))| (**upright, track)).collect()
}

struct Router<'a> {
    layers: &'a Layers,
    ports: &'a Ports,
    tops: &'a [i32],
    areas: &'a [Area],
    tracks: BTreeMap<(usize, Upright), i32>,
}

impl Router<'_> {
    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (number, net) in self.layers.nets.iter().enumerate() {
            let first = self.layers.layer[net.from.table];
            for (relation, tip) in &net.to {
                let area = self.areas[net.from.table];
                let mut y = area.y + self.ports.offset(true, &net.from);
                let mut points = vec![(area.x + area.width, y)];
                for column in first..self.layers.layer[tip.table] {
                    let x = self.track(column, Upright::Net(number));
                    points.push((x, y));
                    let lane = net.lanes.get(column - first);
                    let ends = column + 1 == self.layers.layer[tip.table];
                    y = match lane {
                        Some(lane) if !ends => self.tops[*lane],
                        _ => self.areas[tip.table].y + self.ports.offset(false, tip),
                    };
                    points.push((x, y));
                }
                points.push((self.areas[tip.table].x, y));
                // The child is on the right, unless it is the one that the net leaves.
                if matches!(tip.port, super::layers::Port::Child(_)) {
                    points.reverse();
                }
                lines.push(Line { relation: *relation, points: straight(points) });
            }
        }
        for (number, (relation, child, parent)) in self.layers.loops.iter().enumerate() {
            let area = self.areas[child.table];
            let x = self.track(self.layers.layer[child.table], Upright::Loop(number));
            let ends = [child, parent].map(|tip| area.y + self.ports.offset(true, tip));
            let right = area.x + area.width;
            let points = vec![(right, ends[0]), (x, ends[0]), (x, ends[1]), (right, ends[1])];
            lines.push(Line { relation: *relation, points });
        }
        lines.sort_by_key(|line| line.relation);
        lines
    }

    fn track(&self, column: usize, upright: Upright) -> i32 {
        self.tracks.get(&(column, upright)).copied().unwrap_or_default()
    }
}

/// Without the points at which nothing turns.
fn straight(points: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for point in points {
        if let [.., (x, y), last] = kept.as_slice()
            && (*x == last.0 && last.0 == point.0 || *y == last.1 && last.1 == point.1)
        {
            kept.pop();
        }
        if kept.last() != Some(&point) {
            kept.push(point);
        }
    }
    kept
}
