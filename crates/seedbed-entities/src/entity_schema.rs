//! The part of a schema that entities can express.

use std::collections::{BTreeMap, BTreeSet};

use seedbed_schema::{
    Aspect, Catalog, Column, ConstraintKind, Object, ObjectKind, PartKind, Table,
};

use crate::skipped_table::{SkipReason, SkippedTable};

/// The maximal number of columns in a primary key, because SeaORM supports tuples of up to 12
/// values.
const MAX_KEY_COLUMNS: usize = 12;

/// The tables and enums of a schema by their names as SQL has them.
#[derive(Debug)]
pub(crate) struct EntitySchema {
    pub(crate) tables: BTreeMap<String, EntityTable>,
    pub(crate) enums: BTreeMap<String, Vec<String>>,
    /// The base types of the domains.
    pub(crate) domains: BTreeMap<String, String>,
    /// The comments on tables, on columns (as `table.column`) and on enums.
    pub(crate) comments: BTreeMap<String, String>,
}

/// A table. The columns of keys are sorted, because entities do not express their order.
#[derive(Debug)]
pub(crate) struct EntityTable {
    pub(crate) columns: Vec<EntityColumn>,
    pub(crate) primary_key: BTreeSet<String>,
    pub(crate) unique: BTreeSet<BTreeSet<String>>,
    /// The foreign keys of the table.
    pub(crate) foreign_keys: BTreeSet<ForeignKey>,
}

#[derive(Debug)]
pub(crate) struct EntityColumn {
    pub(crate) name: String,
    pub(crate) data_type: String,
    pub(crate) nullable: bool,
    pub(crate) value_source: ValueSource,
}

/// Where a column gets its value if a new row has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueSource {
    None,
    Default,
    /// An identity column, or a default from a sequence.
    Sequence,
    /// The database always computes the value.
    Generated,
}

impl ValueSource {
    fn new(column: &Column) -> Self {
        let default = column.default.as_deref();
        if default.is_some_and(|default| default.starts_with("nextval("))
            || column.generated.as_ref().is_some_and(|clause| clause.contains(" AS IDENTITY"))
        {
            Self::Sequence
        } else if column.generated.is_some() {
            Self::Generated
        } else if default.is_some() {
            Self::Default
        } else {
            Self::None
        }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    pub(crate) to: Vec<String>,
}

impl EntitySchema {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let objects = catalog.objects();
        let unpartitioned =
            catalog.tables().iter().filter(|(name, _)| !is_partition(name, &objects));
        let tables =
            unpartitioned.map(|(name, table)| (name.clone(), EntityTable::new(table, &objects)));
        let domains = objects.iter().filter(|(object, _)| {
            object.kind == ObjectKind::Domain
                && object.part.is_none()
                && object.aspect == Aspect::Definition
        });
        // An enum without labels has no values, and one whose labels are not variants is read as
        // text.
        let mut enums = catalog.enums();
        enums.retain(|_, labels| !labels.is_empty() && crate::names::variants(labels).is_some());
        let domains = domains
            .filter_map(|(object, sql)| Some((object.name.clone(), base(&object.name, sql)?)));
        Self {
            tables: tables.collect(),
            enums,
            domains: domains.collect(),
            comments: comments(&objects),
        }
    }

    /// Returns the tables for which no entity can be generated.
    pub(crate) fn without_entity(&self) -> BTreeMap<String, SkippedTable> {
        let reason = |table: &EntityTable| {
            let key = &table.primary_key;
            let mut columns = table.columns.iter().filter(|column| key.contains(&column.name));
            if key.is_empty() {
                Some(SkipReason::NoPrimaryKey)
            } else if key.len() > MAX_KEY_COLUMNS {
                Some(SkipReason::TooManyKeyColumns(key.len()))
            } else {
                let odd = columns.find(|column| !self.is_key(&column.data_type))?;
                Some(SkipReason::UnsupportedKeyType(odd.data_type.clone()))
            }
        };
        let skipped = self.tables.iter().filter_map(|(name, table)| {
            Some((name.clone(), SkippedTable { table: name.clone(), reason: reason(table)? }))
        });
        skipped.collect()
    }

    /// Removes tables and the foreign keys that refer to them.
    pub(crate) fn without<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) {
        for name in names {
            self.tables.remove(name);
            for table in self.tables.values_mut() {
                table.foreign_keys.retain(|key| key.table != *name);
            }
        }
    }

    /// Returns whether SeaORM supports the type in a primary key.
    fn is_key(&self, data_type: &str) -> bool {
        let mut base = data_type;
        while let Some(below) = self.domains.get(base) {
            base = below;
        }
        !base.ends_with("[]")
    }

    /// Returns the type below arrays and domains.
    pub(crate) fn innermost<'t>(&'t self, data_type: &'t str) -> &'t str {
        let mut innermost = data_type;
        loop {
            let element = innermost.trim_end_matches("[]");
            match self.domains.get(element) {
                Some(base) => innermost = base,
                None => return element,
            }
        }
    }
}

impl EntityTable {
    fn new(table: &Table, objects: &BTreeMap<Object, String>) -> Self {
        let columns: Vec<EntityColumn> = table
            .columns
            .iter()
            .map(|column| EntityColumn {
                name: column.name.clone(),
                data_type: column.data_type.clone(),
                nullable: column.not_null.is_none(),
                value_source: ValueSource::new(column),
            })
            .collect();
        let mut entity_table = Self {
            columns,
            primary_key: BTreeSet::new(),
            unique: BTreeSet::new(),
            foreign_keys: BTreeSet::new(),
        };
        let mut keys = BTreeSet::new();
        for constraint in table.constraints.values() {
            let columns = &constraint.columns;
            match (constraint.kind, &constraint.references) {
                (ConstraintKind::PrimaryKey, _) => {
                    entity_table.primary_key = columns.iter().cloned().collect();
                }
                (ConstraintKind::Unique, _) => {
                    keys.insert(columns.iter().cloned().collect());
                }
                (ConstraintKind::ForeignKey, Some(reference)) => {
                    entity_table.foreign_keys.insert(ForeignKey {
                        columns: columns.clone(),
                        table: reference.table.clone(),
                        to: reference.columns.clone(),
                    });
                }
                _ => {}
            }
        }
        let indexes = objects.iter().filter(|(object, _)| {
            object.kind == ObjectKind::Table
                && object.name == table.name
                && object.aspect == Aspect::Definition
                && object.part.as_ref().is_some_and(|part| part.kind == PartKind::Index)
        });
        keys.extend(indexes.filter_map(|(_, sql)| entity_table.unique_index(sql)));
        keys.remove(&entity_table.primary_key);
        entity_table.unique = expressible(keys);
        entity_table
    }

    /// Returns the columns of a unique index on plain columns and all rows.
    fn unique_index(&self, sql: &str) -> Option<BTreeSet<String>> {
        let sql = sql.strip_prefix("CREATE UNIQUE INDEX ")?;
        let (_, rest) = sql.split_once(" USING btree (")?;
        if rest.contains(" WHERE ") {
            return None;
        }
        let mut columns = BTreeSet::new();
        let mut rest = rest;
        // A name may contain a comma or a bracket, so the known names are tried.
        loop {
            let column = self.columns.iter().map(|column| column.name.as_str()).find(|name| {
                rest.strip_prefix(name).is_some_and(|after| after.starts_with([',', ')', ' ']))
            })?;
            columns.insert(column.to_owned());
            // The text behind the name, such as DESC or an operator class, contains neither.
            let end = column.len() + rest[column.len()..].find([',', ')'])?;
            match rest[end..].strip_prefix(", ") {
                Some(next) => rest = next,
                None => return Some(columns),
            }
        }
    }
}

/// Returns the keys that SeaORM can express: any number of single-column keys, but each column in
/// only one composite key.
fn expressible(keys: BTreeSet<BTreeSet<String>>) -> BTreeSet<BTreeSet<String>> {
    let mut taken = BTreeSet::new();
    keys.into_iter()
        .filter(|key| {
            if key.len() > 1 {
                if key.iter().any(|column| taken.contains(column)) {
                    return false;
                }
                taken.extend(key.iter().cloned());
            }
            true
        })
        .collect()
}

fn is_partition(table: &str, objects: &BTreeMap<Object, String>) -> bool {
    objects.iter().any(|(object, sql)| {
        object.kind == ObjectKind::Table
            && object.name == table
            && object.part.as_ref().is_some_and(|part| part.kind == PartKind::Parent)
            && sql.contains(" ATTACH PARTITION ")
    })
}

fn comments(objects: &BTreeMap<Object, String>) -> BTreeMap<String, String> {
    let mut comments = BTreeMap::new();
    for (object, sql) in objects {
        let name = match &object.part {
            None => object.name.clone(),
            Some(part) if part.kind == PartKind::Column => format!("{}.{}", object.name, part.name),
            Some(_) => continue,
        };
        let text = sql.split_once(" IS '").and_then(|(_, text)| text.strip_suffix("';"));
        if let Some(text) = text.filter(|_| {
            object.aspect == Aspect::Comment
                && matches!(object.kind, ObjectKind::Table | ObjectKind::Type)
        }) {
            comments.insert(name, text.replace("''", "'"));
        }
    }
    comments
}

/// Returns the base type of a domain.
fn base(name: &str, sql: &str) -> Option<String> {
    let rest = sql.strip_prefix(&format!("CREATE DOMAIN {name} AS "))?;
    let ends = [" COLLATE ", " DEFAULT ", " NOT NULL", ";"];
    ends.iter().filter_map(|end| rest.find(end)).min().map(|end| rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_type_of_a_domain_with_an_awkward_name_is_found() {
        let sql = "CREATE DOMAIN public.\"x AS y\" AS text DEFAULT 'a';";
        assert_eq!(base("public.\"x AS y\"", sql).as_deref(), Some("text"));
    }
}
