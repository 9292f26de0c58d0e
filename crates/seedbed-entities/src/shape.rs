//! What an entity can say of a schema: the part of a catalog that is written and compared.

use std::collections::{BTreeMap, BTreeSet};

use seedbed_catalog::{
    Aspect, Catalog, Column, ConstraintKind, Object, ObjectKind, PartKind, Table,
};

use crate::left_out::{LeftOut, Why};

/// SeaORM has tuples of so many values and no more.
const LONGEST_KEY: usize = 12;

/// The tables and enums of a schema, under their names as SQL has them.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) tables: BTreeMap<String, TableShape>,
    pub(crate) enums: BTreeMap<String, Vec<String>>,
    /// The types below the domains.
    pub(crate) domains: BTreeMap<String, String>,
    /// What `COMMENT` says of tables, of columns (`table.column`) and of enums.
    pub(crate) comments: BTreeMap<String, String>,
}

/// A table. Of keys the order of the columns says nothing to an entity, so they are sorted.
#[derive(Debug)]
pub(crate) struct TableShape {
    pub(crate) columns: Vec<ColumnShape>,
    pub(crate) primary_key: BTreeSet<String>,
    pub(crate) unique: BTreeSet<BTreeSet<String>>,
    /// From these columns to that table and those columns.
    pub(crate) foreign_keys: BTreeSet<ForeignKey>,
}

#[derive(Debug)]
pub(crate) struct ColumnShape {
    pub(crate) name: String,
    pub(crate) data_type: String,
    pub(crate) nullable: bool,
    pub(crate) origin: Origin,
}

/// Where the value of a new row comes from, if nobody gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Nowhere,
    Default,
    /// An identity column, or a default that takes the next of a sequence.
    Sequence,
    /// It is always computed, and cannot be given.
    Generated,
}

impl Origin {
    fn of(column: &Column) -> Self {
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
            Self::Nowhere
        }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    pub(crate) to: Vec<String>,
}

impl Shape {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let objects = catalog.objects();
        let whole = catalog.tables().iter().filter(|(name, _)| !is_partition(name, &objects));
        let tables = whole.map(|(name, table)| (name.clone(), TableShape::of(table, &objects)));
        let domains = objects.iter().filter(|(object, _)| {
            object.kind == ObjectKind::Domain
                && object.part.is_none()
                && object.aspect == Aspect::Definition
        });
        // One without labels has no values, and one whose labels are no variants is text.
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

    /// The tables that no entity can be written for.
    pub(crate) fn without_entity(&self) -> BTreeMap<String, LeftOut> {
        let why = |table: &TableShape| {
            let key = &table.primary_key;
            let mut columns = table.columns.iter().filter(|column| key.contains(&column.name));
            if key.is_empty() {
                Some(Why::NoKey)
            } else if key.len() > LONGEST_KEY {
                Some(Why::LongKey(key.len()))
            } else {
                let odd = columns.find(|column| !self.is_key(&column.data_type))?;
                Some(Why::Key(odd.data_type.clone()))
            }
        };
        let left_out = self.tables.iter().filter_map(|(name, table)| {
            Some((name.clone(), LeftOut { table: name.clone(), why: why(table)? }))
        });
        left_out.collect()
    }

    /// Takes these tables out, and what leads to them.
    pub(crate) fn without<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) {
        for name in names {
            self.tables.remove(name);
            for table in self.tables.values_mut() {
                table.foreign_keys.retain(|key| key.table != *name);
            }
        }
    }

    /// Whether SeaORM finds a row by such a value.
    fn is_key(&self, data_type: &str) -> bool {
        let mut base = data_type;
        while let Some(below) = self.domains.get(base) {
            base = below;
        }
        !base.ends_with("[]")
    }

    /// The type below arrays and domains.
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

impl TableShape {
    fn of(table: &Table, objects: &BTreeMap<Object, String>) -> Self {
        let columns: Vec<ColumnShape> = table
            .columns
            .iter()
            .map(|column| ColumnShape {
                name: column.name.clone(),
                data_type: column.data_type.clone(),
                nullable: column.not_null.is_none(),
                origin: Origin::of(column),
            })
            .collect();
        let mut shape = Self {
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
                    shape.primary_key = columns.iter().cloned().collect();
                }
                (ConstraintKind::Unique, _) => {
                    keys.insert(columns.iter().cloned().collect());
                }
                (ConstraintKind::ForeignKey, Some(reference)) => {
                    shape.foreign_keys.insert(ForeignKey {
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
        keys.extend(indexes.filter_map(|(_, sql)| shape.unique_index(sql)));
        keys.remove(&shape.primary_key);
        shape.unique = expressible(keys);
        shape
    }

    /// The columns of a unique index over nothing but columns, all rows of the table.
    fn unique_index(&self, sql: &str) -> Option<BTreeSet<String>> {
        let sql = sql.strip_prefix("CREATE UNIQUE INDEX ")?;
        let (_, rest) = sql.split_once(" USING btree (")?;
        if rest.contains(" WHERE ") {
            return None;
        }
        let mut columns = BTreeSet::new();
        let mut rest = rest;
        // A name may have a comma or a bracket in it, so it is looked for and not cut out.
        loop {
            let column = self.columns.iter().map(|column| column.name.as_str()).find(|name| {
                rest.strip_prefix(name).is_some_and(|after| after.starts_with([',', ')', ' ']))
            })?;
            columns.insert(column.to_owned());
            // What may stand behind it, such as DESC or an operator class, has neither.
            let end = column.len() + rest[column.len()..].find([',', ')'])?;
            match rest[end..].strip_prefix(", ") {
                Some(next) => rest = next,
                None => return Some(columns),
            }
        }
    }
}

/// SeaORM takes any number of keys of one column, but a column into one key of several only.
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

/// The type below a domain.
fn base(name: &str, sql: &str) -> Option<String> {
    let rest = sql.strip_prefix(&format!("CREATE DOMAIN {name} AS "))?;
    let ends = [" COLLATE ", " DEFAULT ", " NOT NULL", ";"];
    ends.iter().filter_map(|end| rest.find(end)).min().map(|end| rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_below_a_domain_is_told_from_what_looks_like_it() {
        let sql = "CREATE DOMAIN public.\"x AS y\" AS text DEFAULT 'a';";
        assert_eq!(base("public.\"x AS y\"", sql).as_deref(), Some("text"));
    }
}
