//! Indexes and unique keys of tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::display_name;
use seedbed_schema::{Aspect, Catalog, Constraint, ConstraintKind, Object, PartKind};

/// Returns the indexes of a table or view without those of constraints.
pub(crate) fn indexes(catalog: &Catalog, of: &Object) -> Vec<(String, String)> {
    let from = of.part(PartKind::Index, "");
    let indexes = catalog.objects.range(from..).take_while(|(object, _)| {
        object.kind == of.kind
            && object.name == of.name
            && object.part_kind() == Some(PartKind::Index)
    });
    let defined = indexes.filter(|(object, _)| object.aspect == Aspect::Definition);
    let shown = defined.filter_map(|(object, sql)| {
        let name = display_name(&object.part.as_ref()?.name);
        let is_valid = !sql.starts_with("--");
        let sql =
            sql.lines().find_map(|line| line.trim_start_matches("-- ").strip_prefix("CREATE "))?;
        let unique = if sql.starts_with("UNIQUE ") { "unique " } else { "" };
        let (_, rest) = sql.split_once(" USING ")?;
        let invalid = if is_valid { "" } else { ", not valid" };
        Some((name, format!("{unique}{}{invalid}", rest.trim_end_matches(';'))))
    });
    shown.collect()
}

pub(crate) type Keys = BTreeSet<BTreeSet<String>>;

/// Returns the unique keys of each table as sets of columns, with names as SQL has them.
pub(crate) fn unique_keys(catalog: &Catalog) -> BTreeMap<&str, Keys> {
    let mut keys: BTreeMap<&str, Keys> = BTreeMap::new();
    for table in catalog.tables.values() {
        let unique = |constraint: &&Constraint| {
            matches!(constraint.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique)
        };
        for constraint in table.constraints.values().filter(unique) {
            let columns = constraint.columns.iter().cloned().collect();
            keys.entry(&table.name).or_default().insert(columns);
        }
    }
    for (object, sql) in &catalog.objects {
        if object.part_kind() == Some(PartKind::Index)
            && object.aspect == Aspect::Definition
            && sql.starts_with("CREATE UNIQUE INDEX ")
        {
            let Some(columns) = unique_index(sql) else {
                keys.entry(&object.name)
                    .or_default()
                    .extend(unique_expressions(catalog, object, sql));
                continue;
            };
            let table = catalog.tables.get(&object.name);
            let known = |name: &String| {
                let mut columns = table.iter().flat_map(|table| &table.columns);
                columns.find(|column| display_name(&column.name) == *name).map(|c| c.name.clone())
            };
            let columns: Option<BTreeSet<String>> = columns.iter().map(known).collect();
            if let Some(columns) = columns {
                keys.entry(&object.name).or_default().insert(columns);
            }
        }
    }
    keys
}

/// Returns the columns of a unique index without quotes, or `None` if it is partial or on an
/// expression.
fn unique_index(sql: &str) -> Option<Vec<String>> {
    let sql = sql.strip_prefix("CREATE UNIQUE INDEX ")?;
    let (_, list) = sql.split_once(" USING btree (")?;
    let (mut items, mut quoted, mut end) = (vec![String::new()], false, None);
    for (at, c) in list.char_indices() {
        quoted ^= c == '"';
        match c {
            // The item is an expression.
            '(' if !quoted => return None,
            ')' if !quoted => {
                end = Some(at);
                break;
            }
            ',' if !quoted => items.push(String::new()),
            c => items.last_mut()?.push(c),
        }
    }
    if list[end?..].contains(" WHERE ") {
        return None;
    }
    // The collation, the operator class and the direction follow the name.
    Some(items.iter().map(|item| display_name(first_name(item.trim()))).collect())
}

/// Returns the columns of a unique index on expressions. Values that are unique in lower case, for
/// example, are also unique as they are.
fn unique_expressions(catalog: &Catalog, index: &Object, sql: &str) -> Option<BTreeSet<String>> {
    if sql.contains(" WHERE ") || sql.contains(" INCLUDE (") {
        return None;
    }
    let dependencies = catalog.dependencies.get(index)?.iter();
    let columns = dependencies.filter(|dependency| {
        dependency.part_kind() == Some(PartKind::Column) && dependency.name == index.name
    });
    let columns: BTreeSet<String> =
        columns.filter_map(|dependency| Some(dependency.part.as_ref()?.name.clone())).collect();
    (!columns.is_empty()).then_some(columns)
}

fn first_name(item: &str) -> &str {
    let mut quoted = false;
    let end = item.find(|c: char| {
        quoted ^= c == '"';
        c == ' ' && !quoted
    });
    &item[..end.unwrap_or(item.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_index_on_plain_columns_and_all_rows_is_a_key() {
        let on =
            |rest: &str| unique_index(&format!("CREATE UNIQUE INDEX i ON public.t USING {rest}"));
        let some = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(on("btree (a, b);"), some(&["a", "b"]));
        assert_eq!(
            on("btree (a DESC, \"B, (c\" text_pattern_ops) INCLUDE (d);"),
            some(&["a", "B, (c"])
        );
        assert_eq!(on("btree (lower((a)::text));"), None);
        assert_eq!(on("btree (a) WHERE (b IS NULL);"), None);
        assert_eq!(unique_index("CREATE INDEX i ON public.t USING btree (a);"), None);
        assert_eq!(unique_index("-- CREATE UNIQUE INDEX i ON public.t USING btree (a);"), None);
    }
}
