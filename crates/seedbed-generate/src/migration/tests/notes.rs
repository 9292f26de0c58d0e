//! Tests of the notes and summaries, and of the names and fields in the guide.

use rstest::rstest;
use test_support::assert_snapshot;

use super::*;

#[test]
fn the_steps_explain_how_they_are_deployed() {
    let (files, _) = generated_files_and_notes("add_a_to_widgets", "a:string!");
    for file in [&files[0], &files[2]] {
        let text = file.text.replace("\n//!", "");
        assert!(text.contains("`migrate-up --to`"), "{text}");
    }
}

#[test]
fn a_note_names_the_enum_type_of_removed_columns() {
    for (slug, fields) in [
        ("drop_products", ""),
        ("remove_kind_from_products", ""),
        ("change_kind_on_products", "kind:text"),
    ] {
        let written = generate(slug, fields, Some(&odd_and_restorable()));
        let Ok(MigrationOutcome::Generated { notes, .. }) = written else { panic!("{written:?}") };
        assert_snapshot!("remaining_enum_type", texts(&notes).join("\n"));
    }
    assert_eq!(
        *Interpretations::parse("drop_product_kind_enum").likeliest(),
        Operation::DropEnum("product_kind".to_owned())
    );
}

#[test]
fn a_file_has_a_one_line_summary() {
    let (files, _) = generated_files_and_notes("add_a_to_widgets", "a:string!:index");
    let summaries: Vec<&str> = files.iter().map(|file| file.summary.as_str()).collect();
    assert_snapshot!("summaries", summaries.join("\n"));
}

#[rstest]
#[case("add_a_and_b_to_widgets", "a:string b:string")]
#[case("add_a_to_widgets", "a:string b:string")]
#[case("add_billing_to_widgets", "street:string city:string")]
#[case("add_details_to_widgets", "street:string")]
#[case("add_owner_id_to_widgets", "owner:references(users)")]
#[case("add_a_again_to_widgets", "a:string")]
fn a_name_may_describe_several_fields_collectively(#[case] slug: &str, #[case] fields: &str) {
    generated_files_and_notes(slug, fields);
}

#[rstest]
#[case("void", None, &["void"])]
#[case("void_and_paid", None, &["void", "paid"])]
#[case("in_progress", Some("in-progress"), &["in-progress"])]
#[case("values", Some("so-so, fine"), &["so-so", "fine"])]
#[case("on_hold", Some("'on hold'"), &["on hold"])]
#[case("values", Some("'on hold' 'a, b',it"), &["on hold", "a, b", "it"])]
fn the_fields_may_give_the_spelling_of_enum_values(
    #[case] values: &str,
    #[case] fields: Option<&str>,
    #[case] expected: &[&str],
) {
    let (files, _) = generated_files_and_notes(
        &format!("add_{values}_to_mood_enum"),
        fields.unwrap_or_default(),
    );
    for value in expected {
        for verb in ["add", "remove"] {
            let call = format!("schema.{verb}_enum_value(\"mood\", \"{value}\")");
            assert!(files[0].text.contains(&call), "{}", files[0].text);
        }
    }
}

const GUIDE: &str = include_str!("../../../../../docs/guide/generators.md");

/// Returns the code spans in the first column of the table with the given heading in the guide.
fn guide(heading: &str) -> Vec<&'static str> {
    let (_, table) = GUIDE.split_once(&format!("| {heading} |")).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split(" | ").next().unwrap());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_field_and_name_in_the_guide_is_parsed() {
    let fields = guide("field");
    assert!(fields.len() > 10, "{fields:?}");
    for field in fields {
        Field::parse_all(field).unwrap_or_else(|error| panic!("{error}"));
    }
    let names = guide("name");
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        let slug = heck::ToSnakeCase::to_snake_case(name);
        assert_ne!(*Interpretations::parse(&slug).likeliest(), Operation::Other, "{name}");
    }
}

/// Returns each `name=… fields='…'` of a document.
fn examples(text: &'static str) -> impl Iterator<Item = (String, &'static str)> {
    text.split("name=").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once(" fields='")?;
        let (fields, _) = rest.split_once('\'')?;
        let is_word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        is_word.then(|| (heck::ToSnakeCase::to_snake_case(name), fields))
    })
}

#[test]
fn every_example_in_the_documents_writes_files() {
    let documents = [
        include_str!("../../../../../README.md"),
        include_str!("../../../../../docs/guide/getting-started.md"),
        include_str!("../../../../../docs/guide/migrations.md"),
        GUIDE,
    ];
    let examples: Vec<_> = documents.into_iter().flat_map(examples).collect();
    assert!(examples.len() > 3, "{examples:?}");
    for (slug, fields) in examples {
        assert!(!generated_files_and_notes(&slug, fields).0.is_empty(), "{slug} {fields}");
    }
}

#[test]
fn an_enum_value_may_have_a_space() {
    let (files, _) =
        generated_files_and_notes("create_state_enum", "open 'on hold', 'it''s' closed");
    let call = r#"create_enum("state", ["open", "on hold", "it's", "closed"])"#;
    assert!(files[0].text.contains(call), "{}", files[0].text);
    let error = generate("create_state_enum", "open \"on hold\"", None).unwrap_err();
    assert_snapshot!("double_quotes", error.to_string());
}
