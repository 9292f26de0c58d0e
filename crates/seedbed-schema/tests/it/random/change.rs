//! Changes of a random schema.

use super::schema::{RandomTable, TYPES, column_name, quoted, table_name};

/// A kind of change. Numbers choose the table and the column.
#[derive(Debug, Clone, Copy)]
pub(super) enum RandomChange {
    AddColumn,
    DropColumn,
    ToggleNotNull,
    ToggleDefault,
    AlterType,
    AddCheck,
    DropKey,
    DropForeignKey,
    AlterExtra,
    AddIndex,
    Comment,
    Grant,
    AddTrigger,
    Rename,
    Drop,
    AddLabel,
    AddTable,
}

pub(super) const CHANGES: [RandomChange; 19] = [
    RandomChange::AddColumn,
    RandomChange::DropColumn,
    RandomChange::ToggleNotNull,
    RandomChange::ToggleDefault,
    RandomChange::AlterType,
    RandomChange::AddCheck,
    RandomChange::DropKey,
    RandomChange::DropForeignKey,
    RandomChange::AlterExtra,
    RandomChange::AlterExtra,
    RandomChange::AlterExtra,
    RandomChange::AddIndex,
    RandomChange::Comment,
    RandomChange::Grant,
    RandomChange::AddTrigger,
    RandomChange::Rename,
    RandomChange::Drop,
    RandomChange::AddLabel,
    RandomChange::AddTable,
];

/// Returns the statement, and a word in the name of each object that may differ after it.
pub(super) fn change(
    change: RandomChange,
    tables: &[RandomTable],
    number: usize,
    place: usize,
) -> Option<(String, String)> {
    let table = &tables[number];
    let name = table_name(number, table);
    let at = place.checked_rem(table.columns.len());
    let column = at.and_then(|at| table.columns.get(at).map(|column| (column_name(at), column)));
    let bare = name.trim_matches('"').to_owned();
    let table_change = |sql: String| Some((sql, bare.clone()));
    match change {
        RandomChange::AddColumn => table_change(format!("ALTER TABLE {name} ADD COLUMN new int")),
        RandomChange::DropColumn => {
            let (column, _) = column?;
            if table.extra.iter().any(|extra| extra.needs_columns) {
                return None;
            }
            table_change(format!("ALTER TABLE {name} DROP COLUMN {column}"))
        }
        RandomChange::ToggleNotNull => {
            let (name_of, column) = column?;
            let word = if column.not_null { "DROP" } else { "SET" };
            table_change(format!("ALTER TABLE {name} ALTER {name_of} {word} NOT NULL"))
        }
        RandomChange::ToggleDefault => {
            let (name_of, column) = column?;
            let default = format!("SET DEFAULT {}", TYPES[column.kind].1);
            let what = if column.default { "DROP DEFAULT" } else { &default };
            table_change(format!("ALTER TABLE {name} ALTER {name_of} {what}"))
        }
        RandomChange::AlterType => {
            let (name_of, column) = column?;
            let is_plain = table.extra.is_empty() && !column.check && column.index.is_none();
            let is_text = TYPES[column.kind].0 == "varchar(10)" && is_plain;
            is_text.then(|| (format!("ALTER TABLE {name} ALTER {name_of} TYPE varchar(11)"), bare))
        }
        RandomChange::AddCheck => {
            let (name_of, column) = column?;
            let check = TYPES[column.kind].2.replace('%', &name_of);
            table_change(format!(
                "ALTER TABLE {name} ADD CONSTRAINT another CHECK ({check}) NOT VALID"
            ))
        }
        RandomChange::DropKey => {
            let key = quoted(&format!("{}{number}_pkey", table.name));
            let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {key}");
            (tables.len() == 1).then_some((sql, bare))
        }
        RandomChange::DropForeignKey => {
            let key = quoted(&format!("{}{number}_other_fkey", table.name));
            let has = table.refers_to.is_some() && number > 0;
            has.then(|| (format!("ALTER TABLE {name} DROP CONSTRAINT {key}"), bare))
        }
        RandomChange::AlterExtra => {
            let extra = table.extra.get(place.checked_rem(table.extra.len())?)?;
            let text = |text: &str| extra.in_table(text, number, &name);
            Some((text(extra.change), text(extra.found)))
        }
        RandomChange::AddIndex => table_change(format!("CREATE INDEX another ON {name} (id)")),
        RandomChange::Comment => table_change(format!("COMMENT ON COLUMN {name}.id IS 'x'")),
        RandomChange::Grant => table_change(format!("GRANT DELETE ON {name} TO pg_monitor")),
        RandomChange::AddTrigger => table_change(format!(
            "CREATE TRIGGER another AFTER INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION fired()"
        )),
        RandomChange::Rename => (tables.len() == 1 && table.extra.is_empty())
            .then(|| (format!("ALTER TABLE {name} RENAME TO other"), "".to_owned())),
        RandomChange::Drop => (tables.len() == 1 && table.extra.is_empty())
            .then(|| (format!("DROP TABLE {name} CASCADE"), "".to_owned())),
        RandomChange::AddLabel => {
            Some(("ALTER TYPE mood ADD VALUE 'new'".to_owned(), "mood".to_owned()))
        }
        RandomChange::AddTable => {
            Some(("CREATE TABLE brand_new ()".to_owned(), "brand_new".to_owned()))
        }
    }
}
