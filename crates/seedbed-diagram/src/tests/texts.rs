//! Tests of the exact Mermaid and Markdown texts.

use super::{SchemaBuilder, awkward_names, qualified, sample_with_views};
use crate::{mermaid, page, svg};
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{
    DependencyKind, Index, IndexKey, IndexKeyPart, PartKind, PartitionOf, ReferentialAction,
};

fn single_mermaid(schema: &DatabaseSchema) -> String {
    let [text] = mermaid(schema).try_into().expect("one part");
    text
}

/// Returns `child` with the given column, which refers to `parent.id`.
fn family(column: &str) -> SchemaBuilder {
    SchemaBuilder::default()
        .table("public.child", &[column])
        .table("public.parent", &["id uuid!"])
        .primary("public.parent", &["id"])
        .foreign("public.child", &["parent_id"], "public.parent", &["id"])
}

/// Returns a B-tree index on columns, and on an expression if it has parentheses.
fn index(keys: &[&str]) -> Index {
    let key = |text: &&str| {
        let text = (*text).to_owned();
        let is_expression = text.contains('(');
        let part = if is_expression { IndexKeyPart::Expression } else { IndexKeyPart::Column };
        IndexKey::new(part(text))
    };
    let mut index = Index::new(Vec::new(), "");
    index.keys = keys.iter().map(key).collect();
    index
}

fn unique_index(keys: &[&str]) -> Index {
    let mut index = index(keys);
    index.unique = true;
    index
}

#[test]
fn cardinality_follows_from_not_null_and_unique_keys() {
    let indexed = |index| family("parent_id uuid!").index("public.child", "i", index);
    let partial = || {
        let mut index = unique_index(&["parent_id"]);
        index.predicate = Some("(parent_id IS NOT NULL)".to_owned());
        index
    };
    let on_expression = || {
        let mut builder = indexed(unique_index(&["lower(parent_id)"]));
        let table = builder.built("public.child").object();
        let column = table.part(PartKind::Column, "parent_id");
        builder.0.add_dependency(table.part(PartKind::Index, "i"), column, DependencyKind::Auto);
        builder
    };
    for (builder, line) in [
        (family("parent_id uuid!"), "||--o{"),
        (family("parent_id uuid"), "|o--o{"),
        (family("parent_id uuid!").unique("public.child", &["parent_id"]), "||--o|"),
        (family("parent_id uuid").unique("public.child", &["parent_id"]), "|o--o|"),
        (family("parent_id uuid!").primary("public.child", &["parent_id"]), "||--o|"),
        (indexed(unique_index(&["parent_id"])), "||--o|"),
        (indexed(index(&["parent_id"])), "||--o{"),
        (indexed(unique_index(&["parent_id", "parent_id"])), "||--o|"),
        (indexed(partial()), "||--o{"),
        (indexed(unique_index(&["lower(parent_id)"])), "||--o{"),
        (on_expression(), "||--o|"),
        (indexed(unique_index(&["parent_id", "other"])), "||--o{"),
    ] {
        let text = single_mermaid(&builder.0);
        let last = text.lines().last().expect("a line");
        assert_eq!(last, format!("    \"parent\" {line} \"child\" : \"parent_id\""));
    }
}

#[test]
fn a_composite_key_is_one_line_and_marks_each_column() {
    let builder = SchemaBuilder::default()
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
    let builder = SchemaBuilder::default()
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
fn the_clauses_of_a_foreign_key_are_listed_with_its_reference() {
    let mut builder = family("parent_id uuid");
    for constraint in builder.built("public.child").constraints.values_mut() {
        constraint.deferrable = true;
        constraint.validated = false;
        if let Some(references) = &mut constraint.references {
            references.on_update = ReferentialAction::Restrict;
            references.on_delete = ReferentialAction::SetNull;
            references.on_delete_columns = vec!["parent_id".to_owned()];
        }
    }
    let page = page(&builder.0, "a.svg");
    let reference = "- `child.parent_id → parent.id \
                     ON UPDATE RESTRICT ON DELETE SET NULL (parent_id) DEFERRABLE NOT VALID`\n";
    assert_eq!(page.matches(reference).count(), 2, "{page}");
}

#[test]
fn partitions_are_omitted_and_inheriting_tables_are_shown() {
    let mut builder = SchemaBuilder::default()
        .table("public.events", &["at date!"])
        .table("public.events_2025", &["at date!"])
        .table("public.heir", &["at date!"]);
    let events = qualified("public.events");
    let partition = PartitionOf::new(events.clone(), "FOR VALUES …");
    builder.built("public.events_2025").partition_of = Some(partition);
    builder.built("public.heir").inherits.push(events);
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
        single_mermaid(&awkward_names()),
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
        .comment("public.child", Some("parent_id"), "Nobody's, if NULL | \"none\".");
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
    let schema = sample_with_views();
    let page = page(&schema, "x.svg");
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
    let text = single_mermaid(&schema);
    assert!(text.contains("    \"admins (view)\" {\n        uuid id\n    }\n"), "{text}");
    assert!(text.contains("    \"totals (materialized view)\" {\n"), "{text}");
}

#[test]
fn enums_indexes_and_labels_are_listed() {
    let labels: Vec<String> = (1..=9).map(|number| format!("l{number}")).collect();
    let mut invalid = index(&["z"]);
    (invalid.method, invalid.valid) = ("gin".to_owned(), false);
    let builder = SchemaBuilder::default()
        .labels("public.mood", labels)
        .table("public.a", &["x public.mood!", "y text!", "z public.mood[]"])
        .index("public.a", "i", unique_index(&["lower(y)"]))
        .index("public.a", "j", invalid);
    let page = page(&builder.0, "a.svg");
    for part in [
        "\nIndexes:\n\n- `i`: `unique btree (lower(y))`\n- `j`: `gin (z), not valid`\n",
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
        page(&SchemaBuilder::default().0, "x.svg")
            .ends_with("\n# The schema\n\nThere are no tables.\n")
    );
    assert_eq!(single_mermaid(&SchemaBuilder::default().0), "erDiagram\n");
}
