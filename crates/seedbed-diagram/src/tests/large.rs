//! Tests of pictures that have too many tables to follow the lines.

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::SchemaBuilder;
use super::pictures::{
    TestReference, assert_it_is_readable, assert_lines_do_not_overlap, schema_of_tables,
};
use crate::model::Diagram;
use crate::route::Picture;
use crate::{mermaid, page, svg};

/// Returns a chain of tables with 14 columns, in which each table refers to the previous one, and adds the references
/// in `more`.
fn chain(length: usize, more: &[TestReference]) -> seedbed_schema::DatabaseSchema {
    let mut references: Vec<TestReference> =
        (1..length).map(|table| (table, table - 1, table % 4 == 0, false)).collect();
    references.extend(more);
    schema_of_tables(&(0..length).collect::<Vec<_>>(), &vec![13; length], &references)
}

/// The rectangle, the name and the rows of a table, read from the picture.
struct DrawnTable {
    rectangle: [f64; 4],
    name: String,
    rows: Vec<DrawnRow>,
}

/// The name of a column, the text after it that names the targets of its foreign keys, and the position of the name.
struct DrawnRow {
    name: String,
    target: Option<String>,
    left: f64,
    top: f64,
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|value| value.parse().ok()).expect("a number")
}

fn has_class(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
}

fn drawn_tables(document: &Document<'_>) -> Vec<DrawnTable> {
    let groups = document.descendants().filter(|node| {
        node.has_tag_name("g") && node.children().any(|child| has_class(&child, "title"))
    });
    let drawn = groups.map(|group| {
        let find = |class: &str| group.children().find(|child| has_class(child, class));
        let frame = find("table").expect("the frame");
        let names = group
            .children()
            .filter(|child| child.has_tag_name("text") && child.attribute("class").is_none());
        let row = |text: Node<'_, '_>| DrawnRow {
            name: text.text().unwrap_or_default().to_owned(),
            target: text
                .children()
                .find(|child| has_class(child, "target"))
                .and_then(|child| child.text().map(str::to_owned)),
            left: number(text, "x"),
            top: number(text, "y"),
        };
        DrawnTable {
            rectangle: ["x", "y", "width", "height"].map(|name| number(frame, name)),
            name: find("title").and_then(|title| title.text()).unwrap_or_default().to_owned(),
            rows: names.map(row).collect(),
        }
    });
    drawn.collect()
}

/// Asserts that the text at every foreign key names the target, and that it is inside its table.
fn assert_targets_are_named(diagram: &Diagram, picture: &str) {
    let document = Document::parse(picture).expect("a well-formed picture");
    let drawn = drawn_tables(&document);
    let table = |name: &str| drawn.iter().find(|table| table.name == name).expect("the table");
    for relationship in &diagram.relationships {
        let [child, parent] =
            [&relationship.child, &relationship.parent].map(|end| &diagram.tables[end.table]);
        for column in diagram.columns(&relationship.child) {
            let rows = &table(&child.name).rows;
            let row = rows.iter().find(|row| row.name == column).expect("the column");
            let target = row.target.as_deref().unwrap_or_default();
            let names: Vec<&str> = target.trim_start_matches(" → ").split(", ").collect();
            let is_named = names.iter().any(|name| {
                *name == parent.name
                    || name.strip_prefix(&parent.name).is_some_and(|rest| rest.starts_with('.'))
            });
            assert!(is_named, "{}.{column} → {}: {target:?}", child.name, parent.name);
        }
    }
    for table in &drawn {
        let [x, y, width, height] = table.rectangle;
        for row in &table.rows {
            let target = row.target.as_deref().unwrap_or_default();
            let end = row.left + 7.2 * (row.name.chars().count() + target.chars().count()) as f64;
            assert!(row.left > x && end < x + width, "{}: {}{target}", table.name, row.name);
            assert!(row.top > y && row.top < y + height);
        }
    }
}

#[test]
fn a_chain_of_180_tables_has_the_proportions_of_a_page() {
    let schema = chain(180, &[]);
    let diagram = Diagram::new(&schema);
    let picture = Picture::new(&diagram);
    assert_it_is_readable(&diagram, &picture);
    assert_lines_do_not_overlap(&picture.lines);
    // In one line, the tables would be 50,000 pixels wide.
    assert!(picture.width < 8_000 && picture.height < 8_000);
    assert!(picture.width < 2 * picture.height && picture.height < 2 * picture.width);
    assert_targets_are_named(&diagram, &svg(&schema));
}

#[test]
fn a_diagram_names_the_targets_of_foreign_keys_from_66_tables_on() {
    let (small, large) = (svg(&chain(65, &[])), svg(&chain(66, &[])));
    let is_named = |picture: &str| {
        let document = Document::parse(picture).expect("a well-formed picture");
        document.descendants().any(|node| has_class(&node, "target"))
    };
    assert!(!is_named(&small) && is_named(&large));
    // The style of a small picture does not mention targets, and that of a large one has two colors.
    assert_eq!((small.matches(".target {").count(), large.matches(".target {").count()), (0, 2));
}

#[test]
fn a_target_is_named_with_its_columns_unless_they_are_the_primary_key() {
    let mut builder = SchemaBuilder::default();
    for at in 0..70 {
        let name = format!("public.t{at:02}");
        builder = builder.table(&name, &["a integer!", "b integer!", "c text"]);
        builder = builder.primary(&name, &["a", "b"]).unique(&name, &["c"]);
    }
    let schema = builder
        .foreign("public.t01", &["a", "b"], "public.t00", &["a", "b"])
        .foreign("public.t01", &["c"], "public.t00", &["c"])
        .foreign("public.t01", &["c"], "public.t02", &["c"])
        .0;
    let picture = svg(&schema);
    let document = Document::parse(&picture).expect("a well-formed picture");
    let drawn = drawn_tables(&document);
    let table = drawn.iter().find(|table| table.name == "t01").expect("the table");
    let targets: Vec<Option<&str>> = table.rows.iter().map(|row| row.target.as_deref()).collect();
    assert_eq!(targets, [Some(" → t00"), Some(" → t00"), Some(" → t00.c, t02.c")]);
}

/// The tables of the cycle share layers, so some columns have twice as many tables as others.
#[test]
fn a_chain_with_a_cycle_has_the_proportions_of_a_page() {
    let picture = Picture::new(&Diagram::new(&chain(104, &[(15, 44, false, false)])));
    let (width, height) = (picture.width, picture.height);
    assert!(width < 2 * height && height < 2 * width, "{width} x {height}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() })]

    #[test]
    fn large_pictures_are_readable_and_name_every_target(
        length in 66..130_usize,
        more in prop::collection::vec((0..130_usize, 0..130_usize, any::<bool>(), any::<bool>()), 0..60),
    ) {
        let schema = chain(length, &more);
        let diagram = Diagram::new(&schema);
        let picture = Picture::new(&diagram);
        assert_it_is_readable(&diagram, &picture);
        prop_assert!(picture.width < 3 * picture.height, "{} x {}", picture.width, picture.height);
        prop_assert!(picture.height < 3 * picture.width, "{} x {}", picture.width, picture.height);
        assert_targets_are_named(&diagram, &svg(&schema));
    }
}

/// Returns the table bodies and the reference lines of all diagrams in `texts`.
fn mermaid_elements<'t>(texts: &[&'t str]) -> (Vec<&'t str>, Vec<&'t str>) {
    let lines = || texts.iter().flat_map(|text| text.lines());
    let bodies = lines().filter(|line| line.starts_with("    \"") && line.ends_with('{')).collect();
    (bodies, lines().filter(|line| line.contains("--")).collect())
}

/// Asserts that viewers draw each part, and that every table and reference is in exactly one part.
fn assert_parts_are_complete(schema: &seedbed_schema::DatabaseSchema, parts: &[String]) {
    let diagram = Diagram::new(schema);
    for part in parts {
        assert!(part.starts_with("erDiagram\n"));
        assert!(part.len() <= 50_000, "{} characters", part.len());
        assert!(mermaid_elements(&[part]).1.len() <= 500);
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (mut bodies, references) = mermaid_elements(&parts);
    bodies.sort_unstable();
    let names: Vec<String> =
        diagram.tables.iter().map(|table| format!("    \"{}\" {{", table.name)).collect();
    assert_eq!(bodies, names);
    assert_eq!(references.len(), diagram.relationships.len());
}

#[test]
fn mermaid_texts_stay_below_the_limits_of_viewers() {
    for (schema, count) in [
        (chain(80, &[]), 1),
        // This schema has one group that is too large for a part.
        (chain(180, &[]), 2),
        // This schema has 600 short references.
        (schema_of_tables(&[0, 1], &[1, 1], &vec![(0, 1, false, false); 600]), 2),
        // This schema has groups of three tables, and tables without references.
        (
            schema_of_tables(
                &(0..300).collect::<Vec<_>>(),
                &[14; 300],
                &(0..80)
                    .flat_map(|at| {
                        [(3 * at, 3 * at + 1, true, true), (3 * at + 2, 3 * at, true, true)]
                    })
                    .collect::<Vec<_>>(),
            ),
            3,
        ),
    ] {
        let parts = mermaid(&schema);
        assert_eq!(parts.len(), count);
        assert_parts_are_complete(&schema, &parts);
    }
}

#[test]
fn tables_that_refer_to_each_other_are_in_one_part() {
    let references: Vec<TestReference> = (0..80).map(|at| (at, 199 - at, true, false)).collect();
    let schema = schema_of_tables(&(0..200).collect::<Vec<_>>(), &[14; 200], &references);
    let parts = mermaid(&schema);
    assert!(parts.len() > 1);
    assert_parts_are_complete(&schema, &parts);
    for at in 0..80 {
        let names = [at, 199 - at].map(|table| format!("    \"t{table:03}\" {{\n"));
        let places = names.map(|name| parts.iter().position(|part| part.contains(&name)));
        assert_eq!(places[0], places[1]);
    }
}

#[test]
fn a_table_with_too_many_columns_says_how_many_are_left_out() {
    let schema = schema_of_tables(&[0], &[1_600], &[]);
    let [text] = mermaid(&schema).try_into().expect("one part");
    let shown = text.matches(" column_").count();
    assert!(
        text.contains(&format!("        and more \"{} columns\"\n    }}\n", 1_600 - 1 - shown))
    );
    assert!(text.len() <= 50_000);
}

#[test]
fn the_page_lists_the_tables_of_each_part_and_links_the_picture() {
    let schema = chain(180, &[]);
    let page = page(&schema, "schema.svg");
    let [first, second] = mermaid(&schema).try_into().expect("two parts");
    let names = |part: &str| {
        let bodies = mermaid_elements(&[part]).0;
        let names = bodies.iter().map(|line| format!("`{}`", &line[5..9]));
        names.collect::<Vec<_>>().join(", ")
    };
    let section = format!(
        "\n## As Mermaid\n\n\
         Viewers draw at most 50,000 characters and 500 references at once, so the diagram has 2 parts. \
         A table of another part appears without its columns. \
         [The picture](<schema.svg>) shows all tables together.\n\n\
         ### Part 1 of 2\n\n{}\n\n```mermaid\n{first}```\n\n\
         ### Part 2 of 2\n\n{}\n\n```mermaid\n{second}```\n",
        names(&first),
        names(&second),
    );
    assert!(
        page.ends_with(&section),
        "{}",
        &page[page.find("## As Mermaid").unwrap_or_default()..]
    );
}
