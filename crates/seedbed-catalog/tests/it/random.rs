//! Random schemas: what was written and loaded is equal, and one change is always found.
//!
//! The same ones in every run: the generator of random numbers begins at the same place.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{Scratch, names, round_trip};

const CASES: u32 = 24;

/// Names that SQL takes as they are, and names that it does not.
const NAMES: [&str; 6] = ["plain", "user", "Two Words", "with\"quote", "größe", "a.b"];

/// A type, an expression of it for a default, and a condition on `%`.
const TYPES: [(&str, &str, &str); 14] = [
    ("integer", "-1", "% > 0"),
    ("bigint", "(2 + 3)", "% IN (1, 2)"),
    ("text", "'it''s'", "% ~ '^x\\d'"),
    ("varchar(10)", "'a'", "% IN ('a', 'b')"),
    ("char(3)", "'abc'", "% <> ALL (ARRAY['abc', 'def'])"),
    ("numeric(8,2)", "1.5", "% BETWEEN 1 AND 2.5"),
    ("boolean", "true", "% IS NOT TRUE"),
    ("timestamptz", "now()", "% > '2024-01-01 00:00:00+02'"),
    ("date", "'2024-02-29'", "extract(year FROM %) > 2000"),
    ("interval", "'1 day 2 hours'", "% < '1 year'"),
    ("jsonb", "'{\"a\": [1]}'", "(% ->> 'a') IS NOT NULL"),
    ("text[]", "ARRAY['a', NULL]", "cardinality(%) < 5"),
    ("mood", "'ok'", "% IN ('sad', 'ok')"),
    ("email", "'a@b'", "length(%) < 50"),
];

#[derive(Debug, Clone)]
struct Column {
    kind: usize,
    not_null: bool,
    default: bool,
    check: bool,
    index: Option<&'static str>,
    comment: bool,
}

#[derive(Debug, Clone)]
struct Table {
    name: &'static str,
    key: &'static str,
    columns: Vec<Column>,
    /// The tables before this one that it refers to.
    refers_to: Option<Index>,
    extra: Vec<Extra>,
}

/// What a table may have besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extra {
    View,
    MaterializedView,
    Trigger,
    Policy,
    Grant,
    Comment,
    Partition,
    OwnFunction,
}

const EXTRAS: [Extra; 8] = [
    Extra::View,
    Extra::MaterializedView,
    Extra::Trigger,
    Extra::Policy,
    Extra::Grant,
    Extra::Comment,
    Extra::Partition,
    Extra::OwnFunction,
];

/// One change; which table and column it meets is a number.
#[derive(Debug, Clone, Copy)]
enum Change {
    AddColumn,
    DropColumn,
    SwitchNotNull,
    SwitchDefault,
    AnotherType,
    AddCheck,
    DropKey,
    AddIndex,
    Comment,
    Grant,
    RowSecurity,
    AddTrigger,
    Rename,
    Drop,
    AddLabel,
    AddTable,
}

const CHANGES: [Change; 16] = [
    Change::AddColumn,
    Change::DropColumn,
    Change::SwitchNotNull,
    Change::SwitchDefault,
    Change::AnotherType,
    Change::AddCheck,
    Change::DropKey,
    Change::AddIndex,
    Change::Comment,
    Change::Grant,
    Change::RowSecurity,
    Change::AddTrigger,
    Change::Rename,
    Change::Drop,
    Change::AddLabel,
    Change::AddTable,
];

fn columns() -> impl Strategy<Value = Column> {
    let index = prop::option::weighted(
        0.3,
        select(vec!["(%)", "((% IS NULL))", "(% DESC) WHERE % IS NOT NULL"]),
    );
    (
        0..TYPES.len(),
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        index,
        prop::bool::weighted(0.2),
    )
        .prop_map(|(kind, not_null, default, check, index, comment)| Column {
            kind,
            not_null,
            default,
            check,
            index,
            comment,
        })
}

fn tables() -> impl Strategy<Value = Table> {
    let key = select(vec![
        "bigint GENERATED ALWAYS AS IDENTITY",
        "serial",
        "uuid DEFAULT gen_random_uuid()",
    ]);
    (
        select(NAMES.to_vec()),
        key,
        prop::collection::vec(columns(), 0..4),
        prop::option::of(any::<Index>()),
        prop::sample::subsequence(EXTRAS.to_vec(), 0..4),
    )
        .prop_map(|(name, key, columns, refers_to, extra)| Table {
            name,
            key,
            columns,
            refers_to,
            extra,
        })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Numbered, since a schema may have two tables of one name.
fn table_name(number: usize, table: &Table) -> String {
    quoted(&format!("{}{number}", table.name))
}

fn column_name(number: usize) -> String {
    quoted(&format!("{}{number}", NAMES[number % NAMES.len()]))
}

fn create(tables: &[Table]) -> String {
    let mut sql = "CREATE TYPE mood AS ENUM ('sad', 'ok'); \
        CREATE DOMAIN email AS varchar(80) CHECK (VALUE LIKE '%@%'); \
        CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        .to_owned();
    for (number, table) in tables.iter().enumerate() {
        let name = table_name(number, table);
        write!(sql, "CREATE TABLE {name} (id {} PRIMARY KEY", table.key).expect("memory");
        for (number, column) in table.columns.iter().enumerate() {
            let (kind, default, check) = TYPES[column.kind];
            let own = column_name(number);
            write!(sql, ", {own} {kind}").expect("memory");
            for (is, clause) in [
                (column.not_null, " NOT NULL".to_owned()),
                (column.default, format!(" DEFAULT {default}")),
                (column.check, format!(" CHECK ({})", check.replace('%', &own))),
            ] {
                sql += if is { &clause } else { "" };
            }
        }
        sql += ");";
        for (number, column) in table.columns.iter().enumerate() {
            let own = column_name(number);
            if let Some(index) = column.index {
                write!(sql, "CREATE INDEX ON {name} {};", index.replace('%', &own))
                    .expect("memory");
            }
            if column.comment {
                write!(sql, "COMMENT ON COLUMN {name}.{own} IS 'it''s \\ here';").expect("memory");
            }
        }
        if let Some(other) = table.refers_to.filter(|_| number > 0) {
            let other = other.index(number);
            let (target, key) = (table_name(other, &tables[other]), tables[other].key);
            let kind = key.split(' ').next().unwrap_or(key).replace("serial", "integer");
            write!(
                sql,
                "ALTER TABLE {name} ADD other {kind} REFERENCES {target} ON DELETE SET NULL;"
            )
            .expect("memory");
        }
        for extra in &table.extra {
            sql += &self::extra(*extra, number, &name);
        }
    }
    sql
}

fn extra(extra: Extra, number: usize, table: &str) -> String {
    match extra {
        Extra::View => {
            format!("CREATE VIEW v{number} AS SELECT * FROM {table} WHERE id IS NOT NULL;")
        }
        Extra::MaterializedView => format!(
            "CREATE MATERIALIZED VIEW m{number} AS SELECT id, count(*) AS n FROM {table} GROUP BY id; \
             CREATE UNIQUE INDEX ON m{number} (id);"
        ),
        Extra::Trigger => {
            format!(
                "CREATE TRIGGER t BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION fired();"
            )
        }
        Extra::Policy => {
            format!("CREATE POLICY p ON {table} FOR SELECT TO pg_monitor USING (id IS NOT NULL);")
        }
        Extra::Grant => format!("GRANT SELECT, UPDATE ON {table} TO pg_monitor;"),
        Extra::Comment => format!("COMMENT ON TABLE {table} IS E'two\\nlines';"),
        Extra::Partition => format!(
            "CREATE TABLE p{number} (a int NOT NULL, b text) PARTITION BY RANGE (a); \
             CREATE TABLE p{number}_1 PARTITION OF p{number} FOR VALUES FROM (1) TO (MAXVALUE); \
             CREATE INDEX ON p{number} (b);"
        ),
        Extra::OwnFunction => format!(
            "CREATE FUNCTION f{number}({table}) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; \
             ALTER TABLE {table} ADD CHECK (f{number}({table}));"
        ),
    }
}

/// The statement, and a word of the name of each thing that may differ after it.
fn change(
    change: Change,
    tables: &[Table],
    number: usize,
    place: usize,
) -> Option<(String, String)> {
    let table = &tables[number];
    let name = table_name(number, table);
    let column = table.columns.get(place).map(|column| (column_name(place), column));
    let bare = name.trim_matches('"').to_owned();
    let of_table = |sql: String| Some((sql, bare.clone()));
    match change {
        Change::AddColumn => of_table(format!("ALTER TABLE {name} ADD COLUMN new int")),
        Change::DropColumn => {
            let (column, _) = column?;
            // A view of all columns and a function of the row need it.
            let is_needed = [Extra::View, Extra::OwnFunction, Extra::Trigger];
            if table.extra.iter().any(|extra| is_needed.contains(extra)) {
                return None;
            }
            of_table(format!("ALTER TABLE {name} DROP COLUMN {column}"))
        }
        Change::SwitchNotNull => {
            let (name_of, column) = column?;
            let word = if column.not_null { "DROP" } else { "SET" };
            of_table(format!("ALTER TABLE {name} ALTER {name_of} {word} NOT NULL"))
        }
        Change::SwitchDefault => {
            let (name_of, column) = column?;
            let default = format!("SET DEFAULT {}", TYPES[column.kind].1);
            let what = if column.default { "DROP DEFAULT" } else { &default };
            of_table(format!("ALTER TABLE {name} ALTER {name_of} {what}"))
        }
        Change::AnotherType => {
            let (name_of, column) = column?;
            let is_plain = table.extra.is_empty() && !column.check && column.index.is_none();
            let is_text = TYPES[column.kind].0 == "varchar(10)" && is_plain;
            is_text.then(|| (format!("ALTER TABLE {name} ALTER {name_of} TYPE varchar(11)"), bare))
        }
        Change::AddCheck => {
            let (name_of, column) = column?;
            let check = TYPES[column.kind].2.replace('%', &name_of);
            of_table(format!("ALTER TABLE {name} ADD CONSTRAINT another CHECK ({check}) NOT VALID"))
        }
        Change::DropKey => {
            let is_needed = table.extra.contains(&Extra::View)
                || table.extra.contains(&Extra::MaterializedView);
            let key = quoted(&format!("{bare}_pkey"));
            let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {key}");
            (!is_needed && tables.len() == 1).then_some((sql, bare))
        }
        Change::AddIndex => of_table(format!("CREATE INDEX another ON {name} (id)")),
        Change::Comment => of_table(format!("COMMENT ON COLUMN {name}.id IS 'x'")),
        Change::Grant => of_table(format!("GRANT DELETE ON {name} TO pg_monitor")),
        Change::RowSecurity => of_table(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")),
        Change::AddTrigger => of_table(format!(
            "CREATE TRIGGER another AFTER INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION fired()"
        )),
        Change::Rename => (tables.len() == 1 && table.extra.is_empty())
            .then(|| (format!("ALTER TABLE {name} RENAME TO other"), "".to_owned())),
        Change::Drop => (tables.len() == 1 && !table.extra.contains(&Extra::OwnFunction))
            .then(|| (format!("DROP TABLE {name} CASCADE"), "".to_owned())),
        Change::AddLabel => Some(("ALTER TYPE mood ADD VALUE 'new'".to_owned(), "mood".to_owned())),
        Change::AddTable => Some(("CREATE TABLE brand_new ()".to_owned(), "brand_new".to_owned())),
    }
}

#[test]
fn a_random_schema_survives_the_file_and_one_change_is_found() {
    let config = Config { cases: CASES, max_shrink_iters: 40, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let strategy = (
        prop::collection::vec(tables(), 1..4),
        prop::collection::vec((select(CHANGES.to_vec()), any::<Index>(), 0..3_usize), 6),
    );
    let mut found = 0;
    let found = &mut found;
    let counted = std::cell::RefCell::new(found);
    let done = TestRunner::new_with_rng(config, random).run(&strategy, |(tables, changes)| {
        let n = runtime.block_on(check(&tables, &changes));
        **counted.borrow_mut() += n;
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    let found = **counted.borrow();
    assert!(found >= CASES * 3, "only {found} changes could be made");
}

/// Makes the schema, and one change after the other; how many there were.
async fn check(tables: &[Table], changes: &[(Change, Index, usize)]) -> u32 {
    let mut scratch = Scratch::with(&create(tables)).await;
    let mut before = scratch.read().await;
    round_trip(&before).await;
    let mut made = 0;
    for (what, table, place) in changes {
        let Some((sql, name)) = change(*what, tables, table.index(tables.len()), *place) else {
            continue;
        };
        // The second time it may be there already, or what it meets is gone.
        if !scratch.try_run(&sql).await {
            continue;
        }
        let after = scratch.read().await;
        let names = names(&before, &after);
        let is_expected =
            |found: &String| found.contains(&name.replace('"', "\"\"")) || found.contains(&name);
        // A privilege or comment that was there already is no change.
        let may_be_none = matches!(
            what,
            Change::SwitchNotNull
                | Change::SwitchDefault
                | Change::Comment
                | Change::Grant
                | Change::RowSecurity
        );
        assert!(may_be_none && made > 0 || !names.is_empty(), "not found: {sql}");
        assert!(names.iter().all(is_expected), "{sql}: {names:?}");
        before = after;
        made += 1;
    }
    made
}
