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

    /// How bad it is if this one stands left of that one: crossings, and lines that look like one.
    fn cost(&self, other: &Self) -> usize {
        let within = |y: i32, (top, bottom): (i32, i32)| top < y && y < bottom;
        let crossed = self.right.iter().filter(|y| within(**y, other.span())).count()
            + other.left.iter().filter(|y| within(**y, self.span())).count();
        let near = |y: &i32| other.left.iter().any(|left| (left - y).abs() < 5);
        crossed + 20 * self.right.iter().filter(|y| near(y)).count()
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
            let found = gaps.get(column).map(|gap| assign(gap)).unwrap_or_default();
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
fn reaches(layers: &Layers, ports: &Ports, tops: &[i32]) -> Vec<BTreeMap<Upright, Reach>> {
    let mut gaps: Vec<BTreeMap<Upright, Reach>> =
        layers.order.iter().map(|_| BTreeMap::new()).collect();
    for (number, net) in layers.nets.iter().enumerate() {
        let first = layers.layer[net.from.table];
        let mut y = tops[net.from.table] + ports.offset(true, &net.from);
        for column in first..=first + net.lanes.len() {
            let reach = gaps[column].entry(Upright::Net(number)).or_default();
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

/// Gives each a track, such that they cross rarely and never lie upon each other.
fn assign(gap: &BTreeMap<Upright, Reach>) -> BTreeMap<Upright, i32> {
    const ROUNDS: usize = 4;
    let mut order: Vec<(&Upright, &Reach)> = gap.iter().collect();
    for _ in 0..ROUNDS {
        let mut moved = false;
        for start in 1..order.len() {
            for at in (1..=start).rev() {
                let (left, right) = (order[at - 1].1, order[at].1);
                if right.cost(left) >= left.cost(right) {
                    break;
                }
                order.swap(at - 1, at);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
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
