//! Changes of a random schema.

use super::schema::{RandomTable, TYPES, column_name, quoted, table_name};

/// A kind of change. Two numbers choose the table, and a column or an extra of the table.
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

/// The changes to choose from. `AlterExtra` is in the list three times, because it stands for many different changes.
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

/// Returns the statement, and a text that the name of each object that may differ after it contains. Returns `None` if
/// the table does not allow the change. `number` is the index of the table, and `part` chooses a column or an extra.
pub(super) fn change(
    change: RandomChange,
    tables: &[RandomTable],
    number: usize,
    part: usize,
) -> Option<(String, String)> {
    let table = &tables[number];
    let name = table_name(number, table);
    let index = part.checked_rem(table.columns.len());
    let column = index.map(|index| (column_name(index), &table.columns[index]));
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
            let (quoted_name, column) = column?;
            let verb = if column.not_null { "DROP" } else { "SET" };
            table_change(format!("ALTER TABLE {name} ALTER {quoted_name} {verb} NOT NULL"))
        }
        RandomChange::ToggleDefault => {
            let (quoted_name, column) = column?;
            let set_default = format!("SET DEFAULT {}", TYPES[column.kind].1);
            let action = if column.default { "DROP DEFAULT" } else { &set_default };
            table_change(format!("ALTER TABLE {name} ALTER {quoted_name} {action}"))
        }
        RandomChange::AlterType => {
            let (quoted_name, column) = column?;
            let is_plain = table.extra.is_empty() && !column.check && column.index.is_none();
            let is_text = TYPES[column.kind].0 == "varchar(10)" && is_plain;
            let sql = format!("ALTER TABLE {name} ALTER {quoted_name} TYPE varchar(11)");
            is_text.then_some((sql, bare))
        }
        RandomChange::AddCheck => {
            let (quoted_name, column) = column?;
            let check = TYPES[column.kind].2.replace('%', &quoted_name);
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
            let has_key = table.refers_to.is_some() && number > 0;
            has_key.then(|| (format!("ALTER TABLE {name} DROP CONSTRAINT {key}"), bare))
        }
        RandomChange::AlterExtra => {
            let extra = table.extra.get(part.checked_rem(table.extra.len())?)?;
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
