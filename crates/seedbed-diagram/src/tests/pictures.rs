//! Tests of properties that every picture has.

use proptest::prelude::*;
use roxmltree::Document;

use super::{SchemaBuilder, awkward_names, sample, sample_with_views};
use crate::layer_assignment::candidate_places;
use crate::layers::Layers;
use crate::model::{Diagram, RelationshipEnd};
use crate::positions::{HEADER, ROW, TABLE_GAP, number};
use crate::route::{Line, Picture, Rectangle};
use crate::svg;
use seedbed_schema::DatabaseSchema;

/// The child, the parent, whether the reference is nullable, and whether it is unique.
pub(super) type TestReference = (usize, usize, bool, bool);

/// Returns a schema with a table for each number in `columns`, which is the number of its columns, and with references
/// between the tables, each of which adds a column. `order` is the order in which the tables are created.
pub(super) fn schema_of_tables(
    order: &[usize],
    columns: &[usize],
    references: &[TestReference],
) -> DatabaseSchema {
    let count = columns.len();
    let name = |table: usize| format!("public.t{:03}", table % count);
    let mut builder = SchemaBuilder::default();
    for table in order {
        let mut rows = vec!["id uuid!".to_owned()];
        rows.extend((1..columns[*table]).map(|column| format!("column_{column} text!")));
        for (number, (child, _, optional, _)) in references.iter().enumerate() {
            if child % count == *table {
                rows.push(format!("r{number} uuid{}", if *optional { "" } else { "!" }));
            }
        }
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        builder = builder.table(&name(*table), &rows).primary(&name(*table), &["id"]);
    }
    for (number, (child, parent, _, single)) in references.iter().enumerate() {
        let column = format!("r{number}");
        builder = builder.foreign(&name(*child), &[&column], &name(*parent), &["id"]);
        if *single {
            builder = builder.unique(&name(*child), &[&column]);
        }
    }
    builder.0
}

fn do_not_overlap(one: &Rectangle, other: &Rectangle) -> bool {
    one.x + one.width <= other.x
        || other.x + other.width <= one.x
        || one.y + one.height <= other.y
        || other.y + other.height <= one.y
}

/// Returns whether the point is at the side of the table and at the row of the given end of a relationship.
fn is_at((x, y): (i32, i32), picture: &Picture, end: &RelationshipEnd) -> bool {
    let rectangle = picture.rectangles[end.table];
    let top = rectangle.y + HEADER + ROW * number(end.row());
    (x == rectangle.x || x == rectangle.x + rectangle.width) && top < y && y < top + ROW
}

/// Returns whether the segment between the points runs through the rectangle, and not only along
/// it.
fn runs_through(from: (i32, i32), to: (i32, i32), rectangle: &Rectangle) -> bool {
    from.0.max(to.0) > rectangle.x
        && from.0.min(to.0) < rectangle.x + rectangle.width
        && from.1.max(to.1) > rectangle.y
        && from.1.min(to.1) < rectangle.y + rectangle.height
}

/// Returns whether two lines with different ends overlap.
fn lines_overlap(one: &[(i32, i32)], other: &[(i32, i32)]) -> bool {
    let segments = |line: &[(i32, i32)]| -> Vec<((i32, i32), (i32, i32))> {
        line.iter().zip(&line[1..]).map(|(a, b)| (*a.min(b), *a.max(b))).collect()
    };
    let others = segments(other);
    segments(one).iter().any(|(a, b)| {
        others.iter().any(|(c, d)| {
            a.0 == b.0 && c.0 == d.0 && a.0 == c.0 && a.1.max(c.1) < b.1.min(d.1)
                || a.1 == b.1 && c.1 == d.1 && a.1 == c.1 && a.0.max(c.0) < b.0.min(d.0)
        })
    })
}

/// Asserts the properties of a readable picture.
pub(super) fn assert_it_is_readable(diagram: &Diagram, picture: &Picture) {
    for (at, rectangle) in picture.rectangles.iter().enumerate() {
        let (right, bottom) = (rectangle.x + rectangle.width, rectangle.y + rectangle.height);
        assert!(
            rectangle.x > 0 && rectangle.y > 0 && right < picture.width && bottom < picture.height
        );
        for other in &picture.rectangles[at + 1..] {
            assert!(do_not_overlap(rectangle, other), "{rectangle:?} and {other:?}");
        }
    }
    // Empty horizontal bands are narrow.
    let tables =
        picture.rectangles.iter().map(|rectangle| (rectangle.y, rectangle.y + rectangle.height));
    let turns = picture.lines.iter().flat_map(|line| &line.points).map(|point| (point.1, point.1));
    let mut bands: Vec<(i32, i32)> = tables.chain(turns).collect();
    bands.sort_unstable();
    let mut bottom = bands.first().map_or(0, |band| band.0);
    for (top, end) in bands {
        assert!(top - bottom <= TABLE_GAP, "nothing from {bottom} to {top}");
        bottom = bottom.max(end);
    }
    assert_eq!(picture.lines.len(), diagram.relationships.len());
    for (line, relationship) in picture.lines.iter().zip(&diagram.relationships) {
        let [first, .., last] = line.points.as_slice() else {
            panic!("a line without ends");
        };
        assert!(is_at(*first, picture, &relationship.child), "{:?}", line.points);
        assert!(is_at(*last, picture, &relationship.parent), "{:?}", line.points);
        for (from, to) in line.points.iter().zip(&line.points[1..]) {
            assert!((from.0 == to.0) != (from.1 == to.1), "a right angle: {:?}", line.points);
            assert!(to.0 > 0 && to.0 < picture.width && to.1 > 0 && to.1 < picture.height);
            for rectangle in &picture.rectangles {
                assert!(
                    !runs_through(*from, *to, rectangle),
                    "{:?} through {rectangle:?}",
                    line.points
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn tables_never_overlap_and_lines_lead_from_row_to_row_and_through_no_table(
        columns in prop::collection::vec(1..14_usize, 1..50),
        references in prop::collection::vec((0..50_usize, 0..50_usize, any::<bool>(), any::<bool>()), 0..90),
    ) {
        let order: Vec<usize> = (0..columns.len()).collect();
        let schema = schema_of_tables(&order, &columns, &references);
        let diagram = Diagram::new(&schema);
        assert_it_is_readable(&diagram, &Picture::new(&diagram));
        let picture = svg(&schema);
        prop_assert!(Document::parse(&picture).is_ok());
        // The order of the input does not matter.
        let backwards: Vec<usize> = order.into_iter().rev().collect();
        prop_assert_eq!(svg(&schema_of_tables(&backwards, &columns, &references)), picture);
    }
}

#[test]
fn the_sample_has_no_crossing_and_parents_are_on_the_left() {
    let diagram = Diagram::new(&sample());
    assert_eq!(Layers::new(&diagram, &candidate_places(&diagram)[0]).crossings(&diagram), 0);
    let picture = Picture::new(&diagram);
    assert_it_is_readable(&diagram, &picture);
    for relationship in &diagram.relationships {
        let [child, parent] =
            [&relationship.child, &relationship.parent].map(|end| picture.rectangles[end.table]);
        assert!(parent.x + parent.width < child.x);
    }
}

#[test]
fn lines_that_need_not_cross_are_untangled() {
    // By name, the parents have the opposite order of the children.
    let mut builder = SchemaBuilder::default();
    for at in 0..6 {
        let (parent, child) = (format!("public.p{at}"), format!("public.q{}", 9 - at));
        builder = builder.table(&parent, &["id uuid!"]).table(&child, &["p uuid!"]).foreign(
            &child,
            &["p"],
            &parent,
            &["id"],
        );
    }
    let diagram = Diagram::new(&builder.0);
    assert_eq!(Layers::new(&diagram, &candidate_places(&diagram)[0]).crossings(&diagram), 0);
}

#[test]
fn lines_to_different_ends_do_not_overlap() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % below
    };
    for count in 3..40 {
        let columns: Vec<usize> = (0..count).map(|_| 1 + random(6)).collect();
        let references: Vec<TestReference> = (0..40 + count)
            .map(|_| (random(count), random(count), random(3) == 0, random(5) == 0))
            .collect();
        let order: Vec<usize> = (0..count).collect();
        let lines =
            Picture::new(&Diagram::new(&schema_of_tables(&order, &columns, &references))).lines;
        assert_lines_do_not_overlap(&lines);
    }
}

/// Asserts that only lines to the same end overlap.
pub(super) fn assert_lines_do_not_overlap(lines: &[Line]) {
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            let same_end = one.points.last() == other.points.last();
            assert!(
                same_end || !lines_overlap(&one.points, &other.points),
                "{:?} and {:?}",
                one.points,
                other.points
            );
        }
    }
}

#[test]
fn three_hundred_tables_are_drawn_with_all_their_lines() {
    let columns: Vec<usize> = (0..300).map(|at| 1 + at * 7 % 13).collect();
    let references: Vec<TestReference> =
        (0..600).map(|at| (at * 31 % 300, at * at * 17 % 300, at % 3 == 1, at % 5 == 1)).collect();
    let order: Vec<usize> = (0..300).collect();
    let diagram = Diagram::new(&schema_of_tables(&order, &columns, &references));
    assert_eq!(diagram.relationships.len(), 600);
    assert_it_is_readable(&diagram, &Picture::new(&diagram));
}

/// Returns the descriptions in the legend, in order.
fn explained(schema: &DatabaseSchema) -> Vec<String> {
    let svg = svg(schema);
    let document = Document::parse(&svg).expect("a well-formed picture");
    let legend = document.descendants().find(|node| node.attribute("class") == Some("legend"));
    let notes = legend.expect("the legend").descendants();
    let notes = notes.filter(|node| node.attribute("class") == Some("note"));
    notes.filter_map(|node| node.text().map(str::to_owned)).collect()
}

#[test]
fn the_legend_explains_the_marks_of_the_picture() {
    let marks = ["primary key", "foreign key", "unique", "NOT NULL", "nullable"];
    let ends = ["exactly one", "one or none", "any number"];
    assert_eq!(explained(&schema_of_tables(&[0], &[1], &[])), marks);
    assert_eq!(explained(&sample()), [&marks[..], &ends[..]].concat());
    let view = sample_with_views();
    assert_eq!(explained(&view), [&marks[..], &ends[..], &["view"]].concat());
}

#[test]
fn the_legend_stays_within_the_picture() {
    for schema in [schema_of_tables(&[0], &[1], &[]), sample(), sample_with_views()] {
        let svg = svg(&schema);
        let document = Document::parse(&svg).expect("a well-formed picture");
        let number = |node: &roxmltree::Node<'_, '_>, name: &str| -> f64 {
            node.attribute(name).and_then(|value| value.parse().ok()).expect("a number")
        };
        let root = document.root_element();
        let notes = document.descendants().filter(|node| node.attribute("class") == Some("note"));
        for note in notes {
            let width = 7.0 * note.text().unwrap_or_default().len() as f64;
            assert!(number(&note, "x") + width < number(&root, "width"), "{:?}", note.text());
            assert!(number(&note, "y") + 5.0 < number(&root, "height"), "{:?}", note.text());
        }
    }
}

#[test]
fn a_view_has_a_dashed_frame_and_a_label() {
    let svg = svg(&sample_with_views());
    let document = Document::parse(&svg).expect("a well-formed picture");
    let count = |class: &str| {
        document.descendants().filter(|node| node.attribute("class") == Some(class)).count()
    };
    // One of the three is in the legend.
    assert_eq!((count("table view"), count("head view"), count("kind")), (3, 2, 2));
    assert!(svg.contains(".table.view { stroke: #8a97a5; stroke-dasharray"));
    assert!(svg.contains(" Views: admins, totals. References: "), "{svg}");
    assert!(svg.contains("<title>totals (materialized view)</title>"), "{svg}");
    assert!(svg.contains(">materialized view</text>"), "{svg}");
}

#[test]
fn many_is_drawn_as_a_crows_foot_and_one_as_a_bar() {
    for (optional, single) in [(false, false), (true, false), (false, true), (true, true)] {
        let svg = svg(&schema_of_tables(&[0, 1], &[1, 1], &[(0, 1, optional, single)]));
        let document = Document::parse(&svg).expect("a well-formed picture");
        let relationship = document
            .descendants()
            .find(|node| node.attribute("class") == Some("relation"))
            .expect("the relationship");
        let strokes = |end: usize| {
            let mut paths = relationship.children().filter_map(|node| node.attribute("d"));
            let path = paths.nth(1 + end).expect("the mark of that end");
            (path.matches('M').count(), path.matches('L').count())
        };
        let circles = relationship.children();
        let circles = circles.filter(|node| node.attribute("class") == Some("zero"));
        // A crow's foot is one stroke with a corner, and a bar is one stroke.
        assert_eq!(strokes(0), if single { (1, 1) } else { (1, 2) });
        assert_eq!(strokes(1), if optional { (1, 1) } else { (2, 2) });
        assert_eq!(circles.count(), if optional { 2 } else { 1 });
    }
}

#[test]
fn awkward_names_survive_xml_escaping() {
    let svg = svg(&awkward_names());
    let document = Document::parse(&svg).expect("a well-formed picture");
    let texts: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text())
        .collect();
    for name in ["shop.A | `b`]]>", "<b>&\"x\"", "shop.odd type[]", "größe", "order id", "a\\b"] {
        assert!(texts.contains(&name), "{name} is not in {texts:?}");
    }
    let title = "order: It's <i>&\n*bold* \u{fffd}| \"x\"\npk: No | key";
    assert!(document.descendants().any(|node| node.text() == Some(title)));
}

#[test]
fn a_picture_is_self_contained_and_has_a_description() {
    let svg = svg(&sample());
    let document = Document::parse(&svg).expect("a well-formed picture");
    let tags = document.descendants().filter(|node| node.is_element());
    for tag in tags {
        let name = tag.tag_name().name();
        assert!(!["script", "image", "use", "foreignObject", "a"].contains(&name), "{name}");
        assert!(tag.attributes().all(|attribute| !attribute.name().contains("href")));
    }
    assert!(!svg.contains("url(") && !svg.contains("@import"));
    assert!(svg.contains("@media (prefers-color-scheme: dark)"));
    let root = document.root_element();
    assert_eq!(root.attribute("aria-labelledby"), Some("title desc"));
    let first = |id: &str| root.children().find(|node| node.attribute("id") == Some(id));
    let description = first("desc").and_then(|node| node.text()).unwrap_or_default();
    let key = "organization_members.role_id → roles.id ON DELETE CASCADE";
    assert!(description.contains(key), "{description}");
    assert!(first("title").is_some());
}
