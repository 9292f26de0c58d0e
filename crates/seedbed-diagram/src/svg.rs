//! Renders a diagram as an SVG picture.

use seedbed_schema::DatabaseSchema;

use crate::legend::Legend;
use crate::model::{ColumnRow, Diagram, DiagramTable, Relationship, TableKind};
use crate::names::short_type;
use crate::positions::{self, HEADER, MARK, ROW, SIDE, number};
use crate::route::{Line, Picture, Rectangle};

/// The style sheet. It repeats colors in each rule, because librsvg does not support variables.
const STYLE: &str = include_str!("style.css");
/// The additional style of a large picture, which names the targets of foreign keys.
const LARGE_STYLE: &str = include_str!("large.css");
/// The radius of corners.
const CORNER_RADIUS: i32 = 8;
/// The minimal width of the picture, so that the legend is not too narrow.
const MIN_WIDTH: i32 = 560;

/// Returns the schema as a self-contained SVG picture for light and dark screens. Views have a dashed frame and no
/// lines; the page lists what they read.
#[must_use]
pub fn svg(schema: &DatabaseSchema) -> String {
    render(&Diagram::new(schema))
}

fn render(diagram: &Diagram) -> String {
    let picture = Picture::new(diagram);
    let width = picture.width.max(MIN_WIDTH);
    let legend = Legend::new(diagram, width);
    let height = picture.height + legend.height();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" xml:space=\"preserve\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">Tables and their references</title>\n\
         <desc id=\"desc\">{}</desc>\n<style>\n{STYLE}{}</style>\n\
         <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"10\"/>\n",
        escape(&description(diagram)),
        if diagram.is_large() { LARGE_STYLE } else { "" },
        width - 1,
        height - 1,
    );
    for line in &picture.lines {
        if let Some(relationship) = diagram.relationships.get(line.relationship) {
            svg += &relationship_lines(diagram, relationship, line);
        }
    }
    for (table, rectangle) in diagram.tables.iter().zip(&picture.rectangles) {
        svg += &draw_table(table, rectangle);
    }
    svg + &legend.draw(picture.height) + "</svg>\n"
}

fn description(diagram: &Diagram) -> String {
    let names = |views: bool| -> Vec<&str> {
        let shown = diagram.tables.iter().filter(|table| (table.kind != TableKind::Table) == views);
        shown.map(|table| table.name.as_str()).collect()
    };
    let relationships: Vec<String> =
        diagram.relationships.iter().map(|relationship| diagram.describe(relationship)).collect();
    let mut text = format!("Tables: {}.", names(false).join(", "));
    let views = names(true);
    if !views.is_empty() {
        text += &format!(" Views: {}.", views.join(", "));
    }
    if !relationships.is_empty() {
        text += &format!(" References: {}.", relationships.join("; "));
    }
    text
}

fn relationship_lines(diagram: &Diagram, relationship: &Relationship, line: &Line) -> String {
    let mut svg = format!(
        "<g class=\"relation\"><title>{}</title><path class=\"line\" d=\"{}\"/>",
        escape(&diagram.describe(relationship)),
        path(&line.points)
    );
    if let [first, second, ..] = line.points.as_slice() {
        let direction = (second.0 - first.0).signum();
        svg += &if relationship.single {
            draw_one(*first, direction, true)
        } else {
            draw_many(*first, direction)
        };
    }
    if let [.., second, last] = line.points.as_slice() {
        svg += &draw_one(*last, (second.0 - last.0).signum(), relationship.optional);
    }
    svg + "</g>\n"
}

/// Returns a path through the points with rounded corners.
fn path(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| points.get(before));
        match (before, points.get(index + 1)) {
            (None, _) => path += &format!("M{x} {y}"),
            (_, None) => path += &format!("L{x} {y}"),
            (Some(before), Some(after)) => {
                let reach = |other: &(i32, i32)| ((other.0 - x).abs() + (other.1 - y).abs()) / 2;
                let radius = CORNER_RADIUS.min(reach(before)).min(reach(after));
                let toward = |other: &(i32, i32)| {
                    (x + (other.0 - x).signum() * radius, y + (other.1 - y).signum() * radius)
                };
                let (from, to) = (toward(before), toward(after));
                path += &format!("L{} {}Q{x} {y} {} {}", from.0, from.1, to.0, to.1);
            }
        }
    }
    path
}

/// Draws the crow's foot of "zero or more" at the side of a table. `away` is 1 if the line leads to the right from
/// there, and -1 if it leads to the left.
pub(crate) fn draw_many((x, y): (i32, i32), away: i32) -> String {
    let (tip, zero) = (x + away * 12, x + away * 17);
    format!(
        "<path class=\"line\" d=\"M{x} {}L{tip} {y}L{x} {}\"/>\
         <circle class=\"zero\" cx=\"{zero}\" cy=\"{y}\" r=\"4\"/>",
        y - 6,
        y + 6
    )
}

/// Draws two bars for "exactly one", or a bar and a circle for "zero or one", at the side of a table. `away` is the
/// direction of the line as in [`draw_many`].
pub(crate) fn draw_one((x, y): (i32, i32), away: i32, or_none: bool) -> String {
    let bar = |x: i32| format!("M{x} {}L{x} {}", y - 5, y + 5);
    let (near, far) = (x + away * 7, x + away * 12);
    if or_none {
        let zero = x + away * 15;
        format!(
            "<path class=\"line\" d=\"{}\"/><circle class=\"zero\" cx=\"{zero}\" cy=\"{y}\" r=\"4\"/>",
            bar(near)
        )
    } else {
        format!("<path class=\"line\" d=\"{}{}\"/>", bar(near), bar(far))
    }
}

fn draw_table(table: &DiagramTable, rectangle: &Rectangle) -> String {
    let Rectangle { x, y, width, height } = *rectangle;
    let mut svg = format!("<g><title>{}</title>\n", escape(&tooltip(table)));
    let view = if table.kind == TableKind::Table { "" } else { " view" };
    svg += &format!(
        "<rect class=\"table{view}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{CORNER_RADIUS}\"/>\n\
         <path class=\"head{view}\" d=\"M{} {}V{}Q{} {} {} {}H{}Q{} {} {} {}V{}Z\"/>\n\
         <path class=\"rule\" d=\"M{x} {}H{}\"/>\n",
        f64::from(x) + 0.5,
        y + HEADER,
        y + CORNER_RADIUS,
        f64::from(x) + 0.5,
        f64::from(y) + 0.5,
        x + CORNER_RADIUS,
        f64::from(y) + 0.5,
        x + width - CORNER_RADIUS,
        f64::from(x + width) - 0.5,
        f64::from(y) + 0.5,
        f64::from(x + width) - 0.5,
        y + CORNER_RADIUS,
        y + HEADER,
        y + HEADER,
        x + width,
    );
    svg += &text(x + SIDE, y + 22, "title", &table.name);
    if let Some(note) = table.kind.note() {
        svg += &text(x + width - SIDE, y + 22, "kind", note);
    }
    let names_x = x + SIDE + positions::marks(table);
    for (index, row) in table.rows.iter().enumerate() {
        let top = y + HEADER + ROW * number(index);
        if index > 0 {
            svg += &format!("<path class=\"row\" d=\"M{} {top}H{}\"/>\n", x + 1, x + width - 1);
        }
        svg += &draw_row(row, (x, top), width, names_x);
    }
    svg + "</g>\n"
}

fn tooltip(table: &DiagramTable) -> String {
    let mut text = table.name.clone();
    if let Some(note) = table.kind.note() {
        text += &format!(" ({note})");
    }
    if let Some(comment) = &table.comment {
        text += &format!(": {comment}");
    }
    for row in &table.rows {
        if let Some(comment) = &row.comment {
            text += &format!("\n{}: {comment}", row.name);
        }
        if !row.labels.is_empty() {
            text += &format!("\n{}: {}", row.name, row.labels.join(" | "));
        }
    }
    text
}

/// Draws a row of a table. `names_x` is the left side of the names, which are below each other in all rows of the
/// table.
fn draw_row(row: &ColumnRow, (x, top): (i32, i32), width: i32, names_x: i32) -> String {
    let (middle, base) = (top + ROW / 2, top + ROW / 2 + 4);
    let mut svg = String::new();
    let mut mark_x = x + SIDE;
    for (is_key, mark) in [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")] {
        if is_key {
            svg += &draw_mark(mark_x, middle, mark);
            mark_x += MARK;
        }
    }
    let right = x + width - SIDE;
    svg += &match row.target_note() {
        None => text(names_x, base, "", &row.name),
        Some(note) => format!(
            "<text x=\"{names_x}\" y=\"{base}\">{}<tspan class=\"target\">{}</tspan></text>\n",
            escape(&row.name),
            escape(&note)
        ),
    };
    let circle_width = if row.nullable.is_some() { 16 } else { 0 };
    svg += &text(right - circle_width, base, "type", &short_type(&row.data_type));
    match row.nullable {
        Some(nullable) => svg + &circle(right - 4, middle, !nullable),
        None => svg,
    }
}

pub(crate) fn draw_mark(x: i32, middle: i32, mark: &str) -> String {
    let class = mark.to_lowercase();
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"21\" height=\"14\" rx=\"4\"/>\
         <text class=\"mark {class}\" x=\"{}\" y=\"{}\">{mark}</text>\n",
        middle - 7,
        f64::from(x) + 10.5,
        f64::from(middle) + 3.3,
    )
}

pub(crate) fn circle(x: i32, y: i32, filled: bool) -> String {
    let class = if filled { "filled" } else { "hollow" };
    format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>\n")
}

pub(crate) fn text(x: i32, y: i32, class: &str, content: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<text{class} x=\"{x}\" y=\"{y}\">{}</text>\n", escape(content))
}

/// Escapes text. A character that XML forbids even as an escape becomes the replacement character.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
