//! Tests of the exact Mermaid and Markdown texts.

use super::{CatalogBuilder, awkward, sample_with_views};
use crate::{mermaid, page, svg};
use seedbed_schema::{Catalog, Object, ObjectKind, PartKind};

fn single_mermaid(catalog: &Catalog) -> String {
    let [text] = mermaid(catalog).try_into().expect("one part");
    text
}

/// Returns `child` with that column, which refers to `parent.id`.
fn family(column: &str) -> CatalogBuilder {
    CatalogBuilder::default()
        .table("public.child", &[column])
        .table("public.parent", &["id uuid!"])
        .primary("public.parent", &["id"])
        .foreign("public.child", &["parent_id"], "public.parent", &["id"])
}

#[test]
fn cardinality_follows_from_not_null_and_unique_keys() {
    let index = |rest: &str| format!("CREATE UNIQUE INDEX i ON public.child USING btree {rest};");
    let indexed = |rest: &str| family("parent_id uuid!").index("public.child", &index(rest));
    for (builder, line) in [
        (family("parent_id uuid!"), "||--o{"),
        (family("parent_id uuid"), "|o--o{"),
        (family("parent_id uuid!").unique("public.child", &["parent_id"]), "||--o|"),
        (family("parent_id uuid").unique("public.child", &["parent_id"]), "|o--o|"),
        (family("parent_id uuid!").primary("public.child", &["parent_id"]), "||--o|"),
        (indexed("(parent_id)"), "||--o|"),
        (indexed("(parent_id, parent_id)"), "||--o|"),
        (indexed("(parent_id) WHERE (parent_id IS NOT NULL)"), "||--o{"),
        (indexed("(lower(parent_id))"), "||--o{"),
        (indexed("(parent_id, other)"), "||--o{"),
    ] {
        let text = single_mermaid(&builder.0);
        let last = text.lines().last().expect("a line");
        assert_eq!(last, format!("    \"parent\" {line} \"child\" : \"parent_id\""));
    }
}

#[test]
fn a_composite_key_is_one_line_and_marks_each_column() {
    let builder = CatalogBuilder::default()
        .table("public.a", &["x integer!", "y integer!", "z text"])
        .table("public.b", &["x integer!", "y integer", "z text"])
        .primary("public.a", &["x", "y"])
        .unique("public.b", &["x", "z"])
        .foreign("public.b", &["x", "y"], "public.a", &["x", "y"]);
    assert_eq!(
        single_mermaid(&builder.0),
        "erDiagram\n    \
             \"a\" {\n        \
                 integer x PK\n        \
                 integer y PK\n        \
                 text z \"nullable\"\n    \
             }\n    \
             \"b\" {\n        \
                 integer x FK\n        \
                 integer y FK \"nullable\"\n        \
                 text z \"nullable\"\n    \
             }\n    \
             \"a\" |o--o{ \"b\" : \"x, y\"\n"
    );
    assert!(page(&builder.0, "a.svg").contains("\nUnique together:\n\n- `x`, `z`\n"));
    // A unique key on one of the columns is enough.
    let text = single_mermaid(&builder.unique("public.b", &["x"]).0);
    assert!(text.ends_with("    \"a\" |o--o| \"b\" : \"x, y\"\n"), "{text}");
}

#[test]
fn references_to_itself_are_drawn_and_to_hidden_tables_omitted() {
    let builder = CatalogBuilder::default()
        .table("public.node", &["id uuid!", "parent_id uuid"])
        .primary("public.node", &["id"])
        .foreign("public.node", &["parent_id"], "public.node", &["id"])
        .foreign("public.node", &["parent_id"], "public.gone", &["id"]);
    assert_eq!(
        single_mermaid(&builder.0),
        "erDiagram\n    \
             \"node\" {\n        \
                 uuid id PK\n        \
                 uuid parent_id FK \"nullable\"\n    \
             }\n    \
             \"node\" |o--o{ \"node\" : \"parent_id\"\n"
    );
}

#[test]
fn partitions_are_omitted_and_inheriting_tables_are_shown() {
    let builder = CatalogBuilder::default()
        .table("public.events", &["at date!"])
        .table("public.events_2025", &["at date!"])
        .table("public.heir", &["at date!"]);
    let (partition, heir) = (builder.of("public.events_2025"), builder.of("public.heir"));
    let attach = "ALTER TABLE ONLY public.events ATTACH PARTITION public.events_2025 FOR VALUES …;";
    let builder = builder.object(partition.part(PartKind::Parent, "public.events"), attach).object(
        heir.part(PartKind::Parent, "public.events"),
        "ALTER TABLE ONLY public.heir INHERIT public.events;",
    );
    assert_eq!(
        single_mermaid(&builder.0),
        "erDiagram\n    \
             \"events\" {\n        date at\n    }\n    \
             \"heir\" {\n        date at\n    }\n"
    );
}

#[test]
fn awkward_names_are_adapted_with_the_original_beside_them() {
    assert_eq!(
        single_mermaid(&awkward()),
        "erDiagram\n    \
             \"a_b\" {\n        \
                 numeric x \"numeric(10,2), nullable\"\n    \
             }\n    \
             \"a_b_2\" {\n        \
                 shop_odd_type[] y \"shop.odd type[]\"\n    \
             }\n    \
             \"größe\"\n    \
             \"order\" {\n        \
                 uuid id PK\n        \
                 text _b___x_ \"‹b›&'x', nullable\"\n        \
                 integer pk_ \"pk\"\n    \
             }\n    \
             \"shop.A | `b`]]›\" {\n        \
                 uuid order_id FK \"order id, nullable\"\n        \
                 timestamptz(3) at\n    \
             }\n    \
             \"order\" |o--o{ \"shop.A | `b`]]›\" : \"order id\"\n"
    );
}

#[test]
fn the_page_contains_the_picture_and_the_tables_with_comments() {
    let builder = family("parent_id uuid")
        .comment("public.parent", None, "A person with children.")
        .comment("public.child", Some("parent_id"), "Nobody''s, if NULL | \"none\".");
    assert_eq!(
        page(&builder.0, "rds.svg"),
        format!(
            "<!-- Generated by `make schema` from PostgreSQL's catalog. To change it, edit the migrations. -->\n\n\
             # The schema\n\n\
             ![Tables and their references](<rds.svg>)\n\n\
             ## Tables\n\n\
             ### child\n\n\
             | column | type | key | null | default | comment |\n\
             | --- | --- | --- | --- | --- | --- |\n\
             | `parent_id` | `uuid` | FK | yes | | Nobody's, if NULL &#124; \"none\". |\n\n\
             References:\n\n\
             - `child.parent_id → parent.id ON DELETE CASCADE`\n\n\
             ### parent\n\n\
             A person with children.\n\n\
             | column | type | key | null | default | comment |\n\
             | --- | --- | --- | --- | --- | --- |\n\
             | `id` | `uuid` | PK | | | |\n\n\
             Referenced by:\n\n\
             - `child.parent_id → parent.id ON DELETE CASCADE`\n\n\
             ## As Mermaid\n\n\
             ```mermaid\n{}```\n",
            single_mermaid(&builder.0)
        )
    );
}

#[test]
fn views_are_listed_below_the_tables_with_what_they_read() {
    let catalog = sample_with_views();
    let page = page(&catalog, "x.svg");
    let tables = page.find("\n## Tables\n").expect("a heading");
    let views = page.find("\n## Views\n").expect("a heading");
    assert!(tables < views, "{page}");
    assert!(
        page[views..].starts_with(
            "\n## Views\n\n### admins\n\n\
             | column | type | key | null | default | comment |\n\
             | --- | --- | --- | --- | --- | --- |\n\
             | `id` | `uuid` | | | | |\n\n\
             - reads `roles`, `users`\n\n### totals\n"
        ),
        "{page}"
    );
    assert!(page.contains("| `of` | `uuid` | | | | |\n\n- materialized\n"), "{page}");
    let text = single_mermaid(&catalog);
    assert!(text.contains("    \"admins (view)\" {\n        uuid id\n    }\n"), "{text}");
    assert!(text.contains("    \"totals (materialized view)\" {\n"), "{text}");
}

#[test]
fn enums_indexes_and_labels_are_listed() {
    let labels: Vec<String> = (1..=9).map(|number| format!("'l{number}'")).collect();
    let sql = format!("CREATE TYPE public.mood AS ENUM ({});", labels.join(", "));
    let builder = CatalogBuilder::default()
        .table("public.a", &["x public.mood!", "y text!", "z public.mood[]"])
        .object(Object::new(ObjectKind::Type, "public.mood"), &sql)
        .index("public.a", "CREATE UNIQUE INDEX i ON public.a USING btree (lower(y));")
        .index("public.a", "-- not valid, as …:\n-- CREATE INDEX j ON public.a USING gin (z);");
    let page = page(&builder.0, "a.svg");
    for part in [
        "\nIndexes:\n\n- ",
        ": `gin (z), not valid`\n",
        ": `unique btree (lower(y))`\n",
        "\n## Enums\n\n| enum | values | columns | comment |\n| --- | --- | --- | --- |\n\
         | `mood` | `l1`, `l2`, `l3`, `l4`, `l5`, `l6`, `l7`, `l8`, `l9` | `a.x`, `a.z` | |\n",
        "        mood x \"l1 | l2 | l3 | l4 | l5 | l6 | l7 | l8 | …\"\n",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let picture = svg(&builder.0);
    assert!(
        picture.contains(">mood: l1 | l2 | l3 | l4 | l5 | l6 | l7 | l8 | l9</text>"),
        "{picture}"
    );
    assert!(picture.contains("\nx: l1 | l2"), "{picture}");
}

#[test]
fn an_empty_schema_has_a_page() {
    assert!(
        page(&CatalogBuilder::default().0, "x.svg")
            .ends_with("\n# The schema\n\nThere are no tables.\n")
    );
    assert_eq!(single_mermaid(&CatalogBuilder::default().0), "erDiagram\n");
}
