//! Tests seeds that are generated from a file of rows, and the rows that are refused.

mod columns;

use std::fs;

use test_support::assert_snapshot;

use crate::support::{Checkout, SEEDS, fail, psql, succeed, with_database, with_own_server};
use rstest::rstest;

/// Writes the rows to a file and creates a seed from it. Returns the text of the seed, or the error.
fn seed(checkout: &Checkout, table: &str, file: &str, rows: &str) -> Result<String, String> {
    fs::write(checkout.path(file), rows).unwrap();
    let arguments = ["create-seed", "moreRows", "--table", table, "--rows", file];
    let output = checkout.seedbed(&arguments).output().unwrap();
    if output.status.success() {
        let path = checkout.path(crate::support::stdout(&output).trim());
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_file(path).unwrap();
        return Ok(text);
    }
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(fs::read_dir(checkout.path(SEEDS)).unwrap().count(), 0);
    Err(crate::support::stderr(&output))
}

/// Returns the errors for files of rows that are refused, each after the start of the rows.
fn refusals(checkout: &Checkout, table: &str, cases: &[&str]) -> String {
    let refusal = |rows: &&str| {
        let file = if rows.starts_with('[') { "rows.json" } else { "rows.csv" };
        let error = seed(checkout, table, file, rows).unwrap_err();
        assert!(error.starts_with(&format!("error: `{file}`: ")), "{error}");
        let start: String = rows.chars().take(80).collect();
        format!("{table} {start:?}\n{error}")
    };
    cases.iter().map(refusal).collect::<Vec<_>>().join("\n")
}

/// Returns more rows than one statement of a seed inserts.
fn many(start: &str) -> String {
    (0..600).map(|n| format!("\n{start}{n}")).collect()
}

#[test]
fn rows_of_a_file_become_a_seed() {
    let sql = "CREATE TABLE roles (id uuid PRIMARY KEY, name text NOT NULL UNIQUE, rank int)";
    let checkout = with_own_server(sql);
    fs::write(checkout.path("roles.csv"), "name,rank\nowner,1\nguest,\n").unwrap();
    fs::write(checkout.path("rustfmt.toml"), "use_small_heuristics = \"Max\"\n").unwrap();
    let arguments = ["create-seed", "moreRoles", "--table", "Role", "--rows", "roles.csv"];
    let path = succeed(&mut checkout.seedbed(&[&arguments[..], &["--env", "test"]].concat()));
    assert!(path.starts_with(&format!("{SEEDS}/test/m20")), "{path}");
    let text = fs::read_to_string(checkout.path(path.trim())).unwrap();
    let row =
        r#"    Row { id: "14d76252-514a-5fab-8520-9a9ad5509b3e", name: "guest", rank: None },"#;
    assert!(text.contains(row), "{text}");
    assert!(text.contains(r#"OnConflict::columns(["name"]).update_columns(["rank"])"#), "{text}");
}

#[test]
fn duplicate_rows_are_reported_with_both_lines() {
    let checkout = with_database(
        "CREATE EXTENSION citext;
        CREATE COLLATION names (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE words (id uuid PRIMARY KEY, word citext NOT NULL UNIQUE);
        CREATE TABLE names (id uuid PRIMARY KEY, name text COLLATE names NOT NULL UNIQUE);
        CREATE TABLE numbers (id uuid PRIMARY KEY, number numeric NOT NULL UNIQUE, note text);
        CREATE TABLE visits (id uuid PRIMARY KEY, at timestamptz, who uuid, note text,
            UNIQUE (at, who), CHECK (at IS NOT NULL));
        ALTER TABLE visits ALTER at SET NOT NULL, ALTER who SET NOT NULL",
    );
    let (lower, upper) =
        ("ca70efb3-c892-4429-964c-e017a9a7c24a", "CA70EFB3-C892-4429-964C-E017A9A7C24A");
    let visits = format!("at,who\n2025-01-01T10:00:00Z,{lower}\n2025-01-01 11:00+01,{upper}");
    // There are more rows than one statement inserts. The second statement would silently change a row of the first.
    let numbers = format!("number{}\n1.0", many(""));
    let transcript = [
        refusals(&checkout, "words", &["word\nFoo\nfoO"]),
        refusals(&checkout, "names", &["name\nÄrger\närger"]),
        refusals(&checkout, "numbers", &["number,note\n1.00,a\n01,b\n2,c\n1e0,d", &numbers]),
        refusals(&checkout, "visits", &[&visits]),
    ];
    assert_snapshot!("duplicate_rows", transcript.join("\n"));
}

#[test]
fn the_rows_are_tested_against_the_table_and_rolled_back() {
    let checkout = with_database(
        "CREATE TABLE parents (id uuid PRIMARY KEY, name text NOT NULL UNIQUE,
            parent uuid REFERENCES parents DEFERRABLE, size int CHECK (size > 3), other text UNIQUE);
        CREATE TABLE strict (id uuid PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.name = 'nobody' THEN RAISE 'nobody is not welcome'; END IF;
            NEW.name = lower(NEW.name); RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON strict FOR EACH ROW EXECUTE FUNCTION refuse();
        INSERT INTO parents (id, name, other) VALUES (gen_random_uuid(), 'first', 'taken')",
    );
    let one = "ca70efb3-c892-4429-964c-e017a9a7c24a";
    let other = "ca70efb3-c892-4429-964c-e017a9a7c24b";
    let cases = [
        "name,size\na,4\nb,3",
        &format!("name,parent\na,{one}"),
        "name,other\na,taken",
        // The error does not mention the row that refers to a row with another mistake.
        &format!("id,name,parent,size\n{one},a,{other},\n{other},b,,1"),
    ];
    assert_snapshot!("rows_that_constraints_refuse", refusals(&checkout, "parents", &cases));
    let cases = ["name\na\nnobody", "name\na\nB\nb", &format!("name\nTWICE{}\ntwice", many("x"))];
    assert_snapshot!("rows_that_a_trigger_refuses", refusals(&checkout, "strict", &cases));
    // A row may refer to a later row, as in the seed, and to a row that is already in the table.
    let rows = format!("id,name,parent\n{one},a,{other}\n{other},first,");
    let error = seed(&checkout, "parents", "rows.csv", &rows).unwrap_err();
    assert!(error.contains("parents_parent_fkey"), "the row `first` has another id: {error}");
    seed(&checkout, "parents", "rows.csv", &rows.replace("first", "second")).unwrap();
    psql(
        &checkout,
        "DO $$ BEGIN ASSERT (SELECT count(*) FROM parents) = 1; ASSERT (SELECT count(*) FROM strict) = 0;
            ASSERT (SELECT name FROM parents) = 'first'; END $$",
    );
}

#[test]
fn a_missing_insert_privilege_is_reported() {
    let checkout = with_database(
        "CREATE TABLE roles (id uuid PRIMARY KEY, name text NOT NULL UNIQUE);
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET role = pg_monitor', current_database()); END $$;
        GRANT SELECT ON roles TO pg_monitor",
    );
    let error = seed(&checkout, "roles", "rows.csv", "name\na").unwrap_err();
    assert_snapshot!("a_missing_insert_privilege_is_reported", error);
}

#[test]
fn columns_with_a_default_can_be_left_out() {
    let checkout = with_database(
        "CREATE TABLE made (id uuid PRIMARY KEY, name text NOT NULL UNIQUE, size int NOT NULL DEFAULT 4,
            twice int NOT NULL GENERATED ALWAYS AS (size * 2) STORED, number serial NOT NULL,
            place int NOT NULL GENERATED ALWAYS AS IDENTITY, created_at timestamptz NOT NULL DEFAULT now(),
            code text NOT NULL)",
    );
    let cases = [
        "name\na",
        "name,code,size\na,b,",
        "name,code,twice\na,b,1",
        "name,cod\na,b",
        "name,colour\na,b",
    ];
    assert_snapshot!("missing_and_unknown_columns", refusals(&checkout, "made", &cases));
    seed(&checkout, "made", "rows.csv", "name,code\na,b").unwrap();
}

#[test]
fn special_characters_of_psql_and_sql_are_plain_text() {
    let checkout = with_database(
        "CREATE TABLE put (id uuid PRIMARY KEY, \"row\" text NOT NULL UNIQUE, cells text, target int, text text);
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()); END $$",
    );
    let rows = "row,cells,target,text\n:name,\\,1,$seedbed$\n\\q,'; ROLLBACK; --,,{rows}\n\\.,\"\"\"\n\\! false\",2,%s $1";
    let text = seed(&checkout, "put", "rows.csv", rows).unwrap();
    for part in [
        r#"row: ":name""#,
        r##"cells: Some(r#"\"#)"##,
        r#"cells: Some("'; ROLLBACK; --")"#,
        r#"cells: Some("\"\n\\! false")"#,
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn lists_numbers_and_texts_in_json_are_inserted_unchanged() {
    let checkout = with_database(
        "CREATE DOMAIN tags AS text[]; CREATE DOMAIN data AS jsonb;
        CREATE TABLE things (id uuid PRIMARY KEY, code numeric NOT NULL UNIQUE, tags text[], data jsonb,
            tags_of_domain tags, data_of_domain data)",
    );
    let text = seed(
        &checkout,
        "things",
        "rows.json",
        r#"[{"code": 12345678901234567890.0123456789, "tags": ["a", "b, c"], "data": "5",
            "tags_of_domain": ["a", "b, c"], "data_of_domain": "5"}]"#,
    )
    .unwrap();
    for part in [
        r#"code: "12345678901234567890.0123456789""#,
        r##"tags: Some(r#"{a,"b, c"}"#)"##,
        r##"data: Some(r#""5""#)"##,
        r##"tags_of_domain: Some(r#"{a,"b, c"}"#)"##,
        r##"data_of_domain: Some(r#""5""#)"##,
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_table_without_a_unique_key_is_refused_with_a_hint() {
    let checkout = with_database(
        "CREATE TABLE plans (id uuid PRIMARY KEY, rank int NOT NULL, label text NOT NULL);
        CREATE TABLE codes (id uuid PRIMARY KEY, code varchar(20) UNIQUE);
        CREATE TABLE \"Odd\" (id uuid PRIMARY KEY, \"Name\" text NOT NULL UNIQUE, \"select\" int)",
    );
    let errors = [("plans", "rank,label\n1,a"), ("codes", "code\na")]
        .map(|(table, rows)| seed(&checkout, table, "rows.csv", rows).unwrap_err());
    assert_snapshot!("tables_without_a_unique_key", errors.join("\n"));
    // The suggested commands work.
    succeed(&mut checkout.seedbed(&["create-migration", "addUniqueIndexToPlansOnLabel"]));
    let change = ["create-migration", "changeCodeOnCodes", "--fields", "code:string(20)!"];
    fs::remove_dir_all(checkout.path(crate::support::MIGRATIONS)).unwrap();
    fs::create_dir(checkout.path(crate::support::MIGRATIONS)).unwrap();
    succeed(&mut checkout.seedbed(&change));
    fs::remove_dir_all(checkout.path(crate::support::MIGRATIONS)).unwrap();
    fs::create_dir(checkout.path(crate::support::MIGRATIONS)).unwrap();

    let text = seed(&checkout, "Odd", "rows.csv", "Name,select\na,1").unwrap();
    assert!(text.contains("    select: Some(1),\n"), "{text}");
    assert!(text.contains(r#"OnConflict::columns(["Name"])"#), "{text}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let cases: [(&str, Option<&[u8]>, i32); 8] = [
        ("nope.csv", None, 1),
        ("rows.txt", None, 2),
        ("rows.csv", Some(b""), 1),
        ("rows.json", Some(b" \n"), 1),
        ("rows.CSV", Some(b"a;b\n1;2"), 1),
        ("rows.csv", Some(b"a\nb\n\xe4"), 1),
        ("rows.json", Some(b"[{\"a\": 1,\n\"a\": 2}]"), 1),
        ("rows.json", Some(b"[{\"a\": 1, \"b\": 2},\n{\"a\": 2}]"), 1),
    ];
    let errors = cases.map(|(file, content, expected)| {
        let checkout = Checkout::new();
        if let Some(content) = content {
            fs::write(checkout.path(file), content).unwrap();
        }
        let arguments = ["create-seed", "moreRows", "--table", "roles", "--rows", file];
        let (code, error) = fail(&mut checkout.seedbed(&arguments));
        assert_eq!(code, expected, "{error}");
        error
    });
    assert_snapshot!("unreadable_files", errors.join("\n"));
}

#[rstest]
#[case("rows.csv", "iconv -f latin1 -t utf8 rows.csv > utf8-rows.csv")]
#[case("more/rows.csv", "iconv -f latin1 -t utf8 more/rows.csv > more/utf8-rows.csv")]
#[case(
    "more/it's a.csv",
    r"iconv -f latin1 -t utf8 'more/it'\''s a.csv' > 'more/utf8-it'\''s a.csv'"
)]
fn the_suggested_iconv_command_works(#[case] file: &str, #[case] command: &str) {
    let checkout = Checkout::new();
    fs::create_dir(checkout.path("more")).unwrap();
    let absolute = checkout.path(file).display().to_string();
    for path in [file, &absolute] {
        fs::write(checkout.path(file), b"a\n\xe4").unwrap();
        let arguments = ["create-seed", "moreRows", "--table", "roles", "--rows", path];
        let (_, error) = fail(&mut checkout.seedbed(&arguments));
        let hint = error.split_once("\nhint: if the file is Latin-1, convert it with `").unwrap().1;
        let iconv = hint.split_once("`; a spreadsheet").unwrap().0;
        if path == file {
            assert_eq!(iconv, command);
        }
        succeed(&mut checkout.shell(iconv));
        let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
        let copy = checkout.path(folder).join(format!("utf8-{name}"));
        assert_eq!(fs::read_to_string(&copy).unwrap(), "a\nä");
        fs::remove_file(copy).unwrap();
    }
}

#[test]
fn a_table_of_another_schema_is_refused_by_its_name() {
    let checkout = Checkout::new();
    let (code, error) =
        fail(&mut checkout.seedbed(&["create-seed", "a1", "--table", "shop.roles"]));
    assert_eq!(code, 2);
    assert_snapshot!("a_table_of_another_schema_is_refused_by_its_name", error);
}
