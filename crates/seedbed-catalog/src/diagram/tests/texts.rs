//! The exact texts.

use super::{Made, awkward, sample_with_views};
use crate::object::{Kind, Object, PartKind};

/// `child` with a column that refers to `parent.id`.
fn family(column: &str) -> Made {
    Made::default()
        .table("public.child", &[column])
        .table("public.parent", &["id uuid!"])
        .primary("public.parent", &["id"])
        .foreign("public.child", &["parent_id"], "public.parent", &["id"])
}

#[test]
fn how_many_is_read_from_not_null_and_unique_keys() {
    let index = |rest: &str| format!("CREATE UNIQUE INDEX i ON public.child USING btree {rest};");
    let indexed = |rest: &str| family("parent_id uuid!").index("public.child", &index(rest));
    for (made, line) in [
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
        let text = made.0.to_mermaid();
        let last = text.lines().last().expect("a line");
        assert_eq!(last, format!("    \"parent\" {line} \"child\" : \"parent_id\""));
    }
}

#[test]
fn a_key_of_several_columns_is_one_line_and_marks_each() {
    let made = Made::default()
        .table("public.a", &["x integer!", "y integer!", "z text"])
        .table("public.b", &["x integer!", "y integer", "z text"])
        .primary("public.a", &["x", "y"])
        .unique("public.b", &["x", "z"])
        .foreign("public.b", &["x", "y"], "public.a", &["x", "y"]);
    assert_eq!(
        made.0.to_mermaid(),
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
    assert!(made.0.to_page("a.svg").contains("\nUnique together:\n\n- `x`, `z`\n"));
    // What one of its columns says is enough.
    let text = made.unique("public.b", &["x"]).0.to_mermaid();
    assert!(text.ends_with("    \"a\" |o--o| \"b\" : \"x, y\"\n"), "{text}");
}

#[test]
fn a_table_may_refer_to_itself_and_to_one_that_is_not_shown() {
    let made = Made::default()
        .table("public.node", &["id uuid!", "parent_id uuid"])
        .primary("public.node", &["id"])
        .foreign("public.node", &["parent_id"], "public.node", &["id"])
        .foreign("public.node", &["parent_id"], "public.gone", &["id"]);
    assert_eq!(
        made.0.to_mermaid(),
        "erDiagram\n    \
             \"node\" {\n        \
                 uuid id PK\n        \
                 uuid parent_id FK \"nullable\"\n    \
             }\n    \
             \"node\" |o--o{ \"node\" : \"parent_id\"\n"
    );
}

#[test]
fn partitions_are_left_out_and_children_are_not() {
    let made = Made::default()
        .table("public.events", &["at date!"])
        .table("public.events_2025", &["at date!"])
        .table("public.heir", &["at date!"]);
    let (partition, heir) = (made.of("public.events_2025"), made.of("public.heir"));
    let attach = "ALTER TABLE ONLY public.events ATTACH PARTITION public.events_2025 FOR VALUES …;";
    let made = made.object(partition.part(PartKind::Parent, "public.events"), attach).object(
        heir.part(PartKind::Parent, "public.events"),
        "ALTER TABLE ONLY public.heir INHERIT public.events;",
    );
    assert_eq!(
        made.0.to_mermaid(),
        "erDiagram\n    \
             \"events\" {\n        date at\n    }\n    \
             \"heir\" {\n        date at\n    }\n"
    );
}

#[test]
fn awkward_names_are_what_mermaid_takes_and_stand_beside_it() {
    assert_eq!(
        awkward().to_mermaid(),
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
fn the_page_shows_the_picture_and_lists_the_tables_with_their_comments() {
    let made = family("parent_id uuid")
        .comment("public.parent", None, "Who has children.")
        .comment("public.child", Some("parent_id"), "Nobody''s, if NULL | \"none\".");
    assert_eq!(
        made.0.to_page("rds.svg"),
        format!(
            "<!-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this \
             file. -->\n\n\
             # The schema\n\n\
             ![The tables, and what refers to what](<rds.svg>)\n\n\
             ## Tables\n\n\
             ### child\n\n\
             | column | type | key | null | default | comment |\n\
             | --- | --- | --- | --- | --- | --- |\n\
             | `parent_id` | `uuid` | FK | yes | | Nobody's, if NULL &#124; \"none\". |\n\n\
             Refers to:\n\n\
             - `child.parent_id → parent.id ON DELETE CASCADE`\n\n\
             ### parent\n\n\
             Who has children.\n\n\
             | column | type | key | null | default | comment |\n\
             | --- | --- | --- | --- | --- | --- |\n\
             | `id` | `uuid` | PK | | | |\n\n\
             Is referred to by:\n\n\
             - `child.parent_id → parent.id ON DELETE CASCADE`\n\n\
             ## As Mermaid\n\n\
             ```mermaid\n{}```\n",
            made.0.to_mermaid()
        )
    );
}

#[test]
fn views_stand_below_the_tables_with_what_they_read() {
    let catalog = sample_with_views();
    let page = catalog.to_page("x.svg");
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
    let text = catalog.to_mermaid();
    assert!(text.contains("    \"admins (view)\" {\n        uuid id\n    }\n"), "{text}");
    assert!(text.contains("    \"totals (materialized view)\" {\n"), "{text}");
}

#[test]
fn enums_and_indexes_are_listed_and_labels_stand_beside_their_columns() {
    let labels: Vec<String> = (1..=9).map(|number| format!("'l{number}'")).collect();
    let sql = format!("CREATE TYPE public.mood AS ENUM ({});", labels.join(", "));
    let made = Made::default()
        .table("public.a", &["x public.mood!", "y text!", "z public.mood[]"])
        .object(Object::new(Kind::Type, "public.mood"), &sql)
        .index("public.a", "CREATE UNIQUE INDEX i ON public.a USING btree (lower(y));")
        .index("public.a", "-- not valid, as …:\n-- CREATE INDEX j ON public.a USING gin (z);");
    let page = made.0.to_page("a.svg");
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
    let picture = made.0.to_svg();
    assert!(
        picture.contains(">mood: l1 | l2 | l3 | l4 | l5 | l6 | l7 | l8 | l9</text>"),
        "{picture}"
    );
    assert!(picture.contains("\nx: l1 | l2"), "{picture}");
}

#[test]
fn nothing_is_a_page_too() {
    assert!(Made::default().0.to_page("x.svg").ends_with("\n# The schema\n\nThere is no table.\n"));
    assert_eq!(Made::default().0.to_mermaid(), "erDiagram\n");
}
