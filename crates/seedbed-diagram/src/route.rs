//! The routes of the lines: from row to row, with right angles, and never through a table.

use std::collections::BTreeMap;

use crate::layer_assignment::{ASPECT_RATIO, Place, candidate_places};
use crate::layers::{Layers, Node};
use crate::model::Diagram;
use crate::positions::{self, Ports};

/// The margin around the picture.
pub(crate) const MARGIN: i32 = 28;
/// The width of the line's end marks, between the table and the first vertical segment.
const LINE_END_WIDTH: i32 = 30;
/// The horizontal distance between two vertical segments.
const TRACK: i32 = 12;
/// The distortion up to which no other way to place the tables is tried.
const ACCEPTED_DISTORTION: f64 = 1.7;
/// The distance below which two lines look like one line.
const MIN_DISTANCE: i32 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rectangle {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// The line of a relationship from the child to the parent.
pub(crate) struct Line {
    pub(crate) relationship: usize,
    pub(crate) points: Vec<(i32, i32)>,
}

pub(crate) struct Picture {
    /// The rectangle of each table.
    pub(crate) rectangles: Vec<Rectangle>,
    pub(crate) lines: Vec<Line>,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// A vertical segment between two columns, which belongs to a bundle or to a relationship within one
/// column.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum VerticalSegment {
    Loop(usize),
    Bundle(usize),
}

/// The vertical positions at which horizontal lines meet a vertical segment on each side.
#[derive(Default)]
struct Span {
    left: Vec<i32>,
    right: Vec<i32>,
}

impl Span {
    fn extent(&self) -> (i32, i32) {
        let ends = || self.left.iter().chain(&self.right).copied();
        (ends().min().unwrap_or_default(), ends().max().unwrap_or_default())
    }

    /// Returns whether a line to the right at `y` would look like a line to the left of this segment.
    fn is_near(&self, y: i32) -> bool {
        self.left.iter().any(|left| (left - y).abs() < MIN_DISTANCE)
    }

    /// Returns the cost of placing this segment to the left of the other one: the number of crossings, plus 20 for each
    /// pair of lines that look like one line.
    fn cost(&self, other: &Self) -> usize {
        let within = |y: i32, (top, bottom): (i32, i32)| top < y && y < bottom;
        let crossed = self.right.iter().filter(|y| within(**y, other.extent())).count()
            + other.left.iter().filter(|y| within(**y, self.extent())).count();
        crossed + 20 * self.right.iter().filter(|y| other.is_near(**y)).count()
    }
}

impl Picture {
    /// Places the tables and the lines. Takes the first way to place the tables that gives about the proportions of a
    /// page, or the one that comes closest to them.
    pub(crate) fn new(diagram: &Diagram) -> Self {
        let candidates = candidate_places(diagram);
        let mut best = Self::with_places(diagram, &candidates[0]);
        for places in &candidates[1..] {
            if best.distortion() <= ACCEPTED_DISTORTION {
                break;
            }
            let picture = Self::with_places(diagram, places);
            if picture.distortion() < best.distortion() {
                best = picture;
            }
        }
        best
    }

    /// Returns how much the proportions differ from those of a page: the larger of the two aspect ratios divided by the
    /// smaller one.
    fn distortion(&self) -> f64 {
        let ratio = f64::from(self.width) / f64::from(self.height) / ASPECT_RATIO;
        ratio.max(ratio.recip())
    }

    fn with_places(diagram: &Diagram, places: &[Place]) -> Self {
        let layers = Layers::new(diagram, places);
        let ports = Ports::new(&layers);
        let tops: Vec<i32> =
            positions::node_tops(diagram, &layers, &ports).iter().map(|top| top + MARGIN).collect();
        let gaps = vertical_spans(&layers, &ports, &tops);
        let mut rectangles =
            vec![Rectangle { x: 0, y: 0, width: 0, height: 0 }; diagram.tables.len()];
        let mut tracks = BTreeMap::new();
        let mut x = MARGIN;
        for (column, order) in layers.order.iter().enumerate() {
            let tables = order.iter().filter_map(|node| match layers.nodes[*node] {
                Node::Table(table) => Some((table, positions::size(&diagram.tables[table]))),
                Node::Lane => None,
            });
            let width = tables.clone().map(|(_, size)| size.0).max().unwrap_or_default();
            for (table, (_, height)) in tables {
                rectangles[table] = Rectangle { x, y: tops[table], width, height };
            }
            x += width;
            let assigned = gaps.get(column).map(assign_tracks).unwrap_or_default();
            let last_track = assigned.values().max().copied();
            for (vertical, track) in assigned {
                tracks.insert((column, vertical), x + LINE_END_WIDTH + TRACK * track);
            }
            let is_last = column + 1 == layers.order.len();
            x += match last_track {
                Some(last_track) if is_last => LINE_END_WIDTH + TRACK * last_track,
                Some(last_track) => 2 * LINE_END_WIDTH + TRACK * last_track,
                None if is_last => 0,
                None => 2 * LINE_END_WIDTH,
            };
        }
        let bottom = rectangles.iter().map(|rectangle| rectangle.y + rectangle.height);
        let bottom = bottom.chain(tops.iter().copied()).max().unwrap_or(MARGIN);
        let lines =
            Router { layers: &layers, ports: &ports, tops: &tops, rectangles: &rectangles, tracks };
        Self { lines: lines.lines(), width: x + MARGIN, height: bottom + MARGIN, rectangles }
    }
}

/// Returns the vertical segments to the right of each column.
fn vertical_spans(layers: &Layers, ports: &Ports, tops: &[i32]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = layers.order.iter().map(|_| BTreeMap::new()).collect();
    for (number, bundle) in layers.bundles.iter().enumerate() {
        let first = layers.layer[bundle.from.table];
        let mut y = tops[bundle.from.table] + ports.offset(true, &bundle.from);
        let passed = gaps.iter_mut().enumerate().skip(first).take(bundle.lanes.len() + 1);
        for (column, gap) in passed {
            let span = gap.entry(VerticalSegment::Bundle(number)).or_default();
            span.left.push(y);
            for (_, endpoint) in
                bundle.to.iter().filter(|(_, endpoint)| layers.layer[endpoint.table] == column + 1)
            {
                span.right.push(tops[endpoint.table] + ports.offset(false, endpoint));
            }
            if let Some(lane) = bundle.lanes.get(column - first) {
                y = tops[*lane];
                span.right.push(y);
            }
        }
    }
    for (number, (_, child, parent)) in layers.loops.iter().enumerate() {
        let ends =
            [child, parent].map(|endpoint| tops[endpoint.table] + ports.offset(true, endpoint));
        let span = Span { left: ends.to_vec(), right: Vec::new() };
        gaps[layers.layer[child.table]].insert(VerticalSegment::Loop(number), span);
    }
    gaps
}

/// The vertical segments in the gap to the right of a column.
type Gap = BTreeMap<VerticalSegment, Span>;

/// Returns the segments from left to right, in an order with few crossings and no overlaps where possible. Two segments
/// whose lines begin and end at exactly exchanged positions overlap in any order.
fn track_order(gap: &Gap) -> Vec<(&VerticalSegment, &Span)> {
    const ROUNDS: usize = 3;
    let mut order: Vec<(&VerticalSegment, &Span)> = gap.iter().collect();
    for (vertical, span) in std::iter::repeat_n(gap, ROUNDS).flatten() {
        // The segment goes to the cheapest place among the others.
        order.retain(|(other, _)| *other != vertical);
        let (mut best, mut cost) = ((0, 0), 0);
        for (index, (_, other)) in order.iter().enumerate() {
            // The costs are relative to the place on the far left.
            cost += signed(other.cost(span)) - signed(span.cost(other));
            if cost < best.0 {
                best = (cost, index + 1);
            }
        }
        order.insert(best.1, (vertical, span));
    }
    order
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Returns the track of each segment, counted from the left. A segment is to the right of all segments that come before
/// it in the order and at whose vertical positions it is.
fn assign_tracks(gap: &Gap) -> BTreeMap<VerticalSegment, i32> {
    let order = track_order(gap);
    let mut tracks: Vec<((i32, i32), i32)> = Vec::new();
    for (_, span) in &order {
        let (top, bottom) = span.extent();
        let meets = tracks.iter().filter(|((t, b), _)| top - 8 < *b && *t < bottom + 8);
        let track = meets.map(|(_, track)| track + 1).max().unwrap_or_default();
        tracks.push(((top, bottom), track));
    }
    order.iter().zip(tracks).map(|((vertical, _), (_, track))| (**vertical, track)).collect()
}

struct Router<'a> {
    layers: &'a Layers,
    ports: &'a Ports,
    tops: &'a [i32],
    rectangles: &'a [Rectangle],
    /// The horizontal position of each vertical segment, by the column to its left.
    tracks: BTreeMap<(usize, VerticalSegment), i32>,
}

impl Router<'_> {
    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (number, bundle) in self.layers.bundles.iter().enumerate() {
            let first = self.layers.layer[bundle.from.table];
            for (relationship, endpoint) in &bundle.to {
                let rectangle = self.rectangles[bundle.from.table];
                let mut y = rectangle.y + self.ports.offset(true, &bundle.from);
                let mut points = vec![(rectangle.x + rectangle.width, y)];
                for column in first..self.layers.layer[endpoint.table] {
                    let x = self.track(column, VerticalSegment::Bundle(number));
                    points.push((x, y));
                    let lane = bundle.lanes.get(column - first);
                    let ends_here = column + 1 == self.layers.layer[endpoint.table];
                    y = match lane {
                        Some(lane) if !ends_here => self.tops[*lane],
                        _ => self.rectangles[endpoint.table].y + self.ports.offset(false, endpoint),
                    };
                    points.push((x, y));
                }
                points.push((self.rectangles[endpoint.table].x, y));
                // A line goes from the child to the parent. The child is on the right, unless the bundle starts at it.
                if matches!(endpoint.port, crate::layers::Port::Child(_)) {
                    points.reverse();
                }
                lines.push(Line {
                    relationship: *relationship,
                    points: remove_collinear_points(points),
                });
            }
        }
        for (number, (relationship, child, parent)) in self.layers.loops.iter().enumerate() {
            // All tables of a column have the same width.
            let rectangle = self.rectangles[child.table];
            let x = self.track(self.layers.layer[child.table], VerticalSegment::Loop(number));
            let ends = [child, parent].map(|endpoint| {
                self.rectangles[endpoint.table].y + self.ports.offset(true, endpoint)
            });
            let right = rectangle.x + rectangle.width;
            let points = vec![(right, ends[0]), (x, ends[0]), (x, ends[1]), (right, ends[1])];
            lines.push(Line { relationship: *relationship, points });
        }
        lines.sort_by_key(|line| line.relationship);
        lines
    }

    /// Returns the horizontal position of a vertical segment to the right of the column.
    fn track(&self, column: usize, vertical: VerticalSegment) -> i32 {
        self.tracks.get(&(column, vertical)).copied().unwrap_or_default()
    }
}

/// Removes the points at which the line does not turn.
fn remove_collinear_points(points: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    let mut corners: Vec<(i32, i32)> = Vec::new();
    for point in points {
        if let [.., (x, y), last] = corners.as_slice()
            && (*x == last.0 && last.0 == point.0 || *y == last.1 && last.1 == point.1)
        {
            corners.pop();
        }
        if corners.last() != Some(&point) {
            corners.push(point);
        }
    }
    corners
}
