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

/// Asserts that each file of rows is refused with this error and a hint with this beginning.
fn assert_refused(checkout: &Checkout, table: &str, cases: &[(&str, &str, &str)]) {
    for (rows, error, hint) in cases {
        let file = if rows.starts_with('[') { "rows.json" } else { "rows.csv" };
        let message = seed(checkout, table, file, rows).unwrap_err();
        assert!(
            message.starts_with(&format!("error: `{file}`: {error}")),
            "{message}\nnot {error}"
        );
        assert!(message.contains(&format!("\nhint: {hint}")), "{message}\nnot {hint}");
    }
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
    let hint = "remove one of them";
    let again = "line 3: the same";
    assert_refused(
        &checkout,
        "words",
        &[(
            "word\nFoo\nfoO",
            &format!("{again} `word` as in line 2: `foO`, written `Foo` there"),
            hint,
        )],
    );
    assert_refused(
        &checkout,
        "names",
        &[(
            "name\nÄrger\närger",
            &format!("{again} `name` as in line 2: `ärger`, written `Ärger` there"),
            hint,
        )],
    );
    let numbers = "number,note\n1.00,a\n01,b\n2,c\n1e0,d";
    let expected = format!(
        "{again} `number` as in line 2: `01`, written `1.00` there\n  \
         line 5: the same `number` as in line 2: `1e0`, written `1.00` there"
    );
    assert_refused(&checkout, "numbers", &[(numbers, &expected, hint)]);
    let (lower, upper) =
        ("ca70efb3-c892-4429-964c-e017a9a7c24a", "CA70EFB3-C892-4429-964C-E017A9A7C24A");
    let visits = format!("at,who\n2025-01-01T10:00:00Z,{lower}\n2025-01-01 11:00+01,{upper}");
    assert_refused(
        &checkout,
        "visits",
        &[(&visits, &format!("{again} `at` and `who` as in line 2: "), hint)],
    );
    // There are more rows than one statement inserts. The second statement would silently change a row of the first.
    let expected = "line 602: the same `number` as in line 3: `1.0`, written `1` there";
    assert_refused(&checkout, "numbers", &[(&format!("number{}\n1.0", many("")), expected, hint)]);
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
    assert_refused(
        &checkout,
        "parents",
        &[
            (
                "name,size\na,4\nb,3",
                "line 3: new row for relation \"parents\" violates check constraint \"parents_size_check\"",
                "",
            ),
            (
                &format!("name,parent\na,{one}"),
                "line 2: insert or update on table \"parents\" violates foreign key constraint \"parents_parent_fkey\": Key (parent)=(",
                "`parents_parent_fkey` requires the referenced row: run `make seed-up` first",
            ),
            (
                "name,other\na,taken",
                "line 2: duplicate key value violates unique constraint \"parents_other_key\": Key (other)=(taken) already exists",
                "correct the file or the existing row: `parents_other_key` allows",
            ),
            // The error does not mention the row that refers to a row with another mistake.
            (
                &format!("id,name,parent,size\n{one},a,{other},\n{other},b,,1"),
                "line 3: new row for relation \"parents\" violates check",
                "",
            ),
        ],
    );
    assert_refused(
        &checkout,
        "strict",
        &[
            ("name\na\nnobody", "line 3: nobody is not welcome", "correct the file"),
            (
                "name\na\nB\nb",
                "the database rejects the rows: a trigger merges two rows",
                "correct the",
            ),
            (
                &format!("name\nTWICE{}\ntwice", many("x")),
                "the database rejects the rows: a trigger skips rows, or merges two of them",
                "correct the file",
            ),
        ],
    );
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
    assert_refused(
        &checkout,
        "made",
        &[
            (
                "name\na",
                "the rows have no `code`, but `made` requires it",
                "add `code` to the file, with a value in each row",
            ),
            (
                "name,code,size\na,b,",
                "line 2: `size` has no value and is NOT NULL",
                "add a value in each row, or remove the column from the file",
            ),
            (
                "name,code,twice\na,b,1",
                "the rows have `twice`, which the database generates",
                "remove",
            ),
            ("name,cod\na,b", "`made` has no column `cod`", "did you mean `code`?"),
            (
                "name,colour\na,b",
                "`made` has no column `colour`",
                "remove the column from the file, or add ",
            ),
        ],
    );
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
        "CREATE TABLE things (id uuid PRIMARY KEY, code numeric NOT NULL UNIQUE, tags text[], data jsonb)",
    );
    let text = seed(
        &checkout,
        "things",
        "rows.json",
        r#"[{"code": 12345678901234567890.0123456789, "tags": ["a", "b, c"], "data": "5"}]"#,
    )
    .unwrap();
    for part in [
        r#"code: "12345678901234567890.0123456789""#,
        r##"tags: Some(r#"{a,"b, c"}"#)"##,
        r##"data: Some(r#""5""#)"##,
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
    let no_key = |table, columns, hint: &str| {
        let error = seed(&checkout, table, "rows.csv", columns).unwrap_err();
        let expected = format!(
            "error: `{table}` has no unique constraint or index on NOT NULL columns of the rows\nhint: {hint}"
        );
        assert!(error.starts_with(&expected), "{error}");
    };
    no_key(
        "plans",
        "rank,label\n1,a",
        "run `make create-migration name=addUniqueIndexToPlansOnLabel`, ",
    );
    let change =
        "run `make create-migration name=changeCodeOnCodes fields='code:string(20)!'`, then ";
    no_key("codes", "code\na", change);
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

#[rstest]
#[case(
    "nope.csv",
    None,
    1,
    "error: failed to read `nope.csv`: No such file or directory",
    "write `rows=` as a path"
)]
#[case(
    "rows.txt",
    None,
    2,
    "error: `rows.txt` is neither a `.csv` nor a `.json` file",
    "run `make create-seed "
)]
#[case("rows.csv", Some(&b""[..]), 1, "error: `rows.csv`: the file is empty", "write a `.csv` file")]
#[case("rows.json", Some(&b" \n"[..]), 1, "error: `rows.json`: the file is empty", "write a `.csv` file")]
#[case("rows.CSV", Some(&b"a;b\n1;2"[..]), 1, "error: `rows.CSV`: the cells are separated by `;`", "export the file with commas as the separator")]
#[case("rows.csv", Some(&b"a\nb\n\xe4"[..]), 1, "error: failed to read `rows.csv`: line 3 is not UTF-8", "if the file is Latin-1, convert it with `iconv -f latin1 -t utf8 rows.csv > utf8-rows.csv`")]
#[case("rows.json", Some(&b"[{\"a\": 1,\n\"a\": 2}]"[..]), 1, "error: `rows.json`: line 1: duplicate key `a`", "remove one")]
#[case("rows.json", Some(&b"[{\"a\": 1, \"b\": 2},\n{\"a\": 2}]"[..]), 1, "error: `rows.json`: line 2: the row has no `b`, which other rows have\n", "write `null`, or remove it from all rows\n")]
fn a_file_that_cannot_be_read_is_named(
    #[case] file: &str,
    #[case] content: Option<&[u8]>,
    #[case] expected: i32,
    #[case] error: &str,
    #[case] hint: &str,
) {
    let checkout = Checkout::new();
    if let Some(content) = content {
        fs::write(checkout.path(file), content).unwrap();
    }
    let arguments = ["create-seed", "moreRows", "--table", "roles", "--rows", file];
    let (code, message) = fail(&mut checkout.seedbed(&arguments));
    assert_eq!(code, expected);
    assert!(message.starts_with(error), "{message}");
    assert!(message.contains(&format!("\nhint: {hint}")), "{message}");
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
