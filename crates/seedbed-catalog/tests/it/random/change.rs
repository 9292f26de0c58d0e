//! One change of a random schema.

use super::schema::{Extra, TYPES, Table, column_name, quoted, table_name};

/// One change; which table and column it meets is a number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    AddColumn,
    DropColumn,
    SwitchNotNull,
    SwitchDefault,
    AnotherType,
    AddCheck,
    DropKey,
    DropForeignKey,
    DropPolicy,
    DropView,
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

pub(super) const CHANGES: [Change; 19] = [
    Change::AddColumn,
    Change::DropColumn,
    Change::SwitchNotNull,
    Change::SwitchDefault,
    Change::AnotherType,
    Change::AddCheck,
    Change::DropKey,
    Change::DropForeignKey,
    Change::DropPolicy,
    Change::DropView,
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

/// The statement, and a word of the name of each thing that may differ after it.
pub(super) fn change(
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
            let key = quoted(&format!("{}{number}_pkey", table.name));
            let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {key}");
            (!is_needed && tables.len() == 1).then_some((sql, bare))
        }
        Change::DropForeignKey => {
            let key = quoted(&format!("{}{number}_other_fkey", table.name));
            let has = table.refers_to.is_some() && number > 0;
            has.then(|| (format!("ALTER TABLE {name} DROP CONSTRAINT {key}"), bare))
        }
        Change::DropPolicy => {
            let has = table.extra.contains(&Extra::Policy);
            has.then(|| (format!("DROP POLICY p ON {name}"), bare))
        }
        Change::DropView => {
            let has = table.extra.contains(&Extra::View);
            has.then(|| (format!("DROP VIEW v{number}"), format!("view public.v{number}")))
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
