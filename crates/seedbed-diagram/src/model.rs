//! The content of a diagram.

use std::collections::{BTreeMap, BTreeSet};

use crate::keys::{Keys, indexes, unique_keys};
use seedbed_schema::{
    Aspect, Catalog, Column, Constraint, ConstraintKind, Object, ObjectKind, PartKind, Table,
};

/// The content of a diagram. Tables come by name, then views by name. Relations have the order of
/// their tables and of the names of their constraints.
pub(crate) struct Diagram {
    pub(crate) tables: Vec<Entity>,
    pub(crate) relations: Vec<Relation>,
    /// The enums by name.
    pub(crate) enums: Vec<Enum>,
}

/// An enum and the columns that use it.
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) labels: Vec<String>,
    pub(crate) comment: Option<String>,
    /// The columns in the form `table.column`.
    pub(crate) columns: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntityKind {
    Table,
    View,
    MaterializedView,
}

impl EntityKind {
    /// Returns the label of a view, and `None` for a table.
    pub(crate) fn note(self) -> Option<&'static str> {
        match self {
            Self::Table => None,
            Self::View => Some("view"),
            Self::MaterializedView => Some("materialized view"),
        }
    }
}

pub(crate) struct Entity {
    pub(crate) kind: EntityKind,
    /// The name without quotes, and without the schema if that is `public`.
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) rows: Vec<Row>,
    /// The columns of each unique key with several columns.
    pub(crate) unique_together: Vec<Vec<String>>,
    /// The name and the definition of each index that is not part of a constraint.
    pub(crate) indexes: Vec<(String, String)>,
    /// The names of the tables and views that a view reads.
    pub(crate) reads: Vec<String>,
}

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) data_type: String,
    /// The labels, if the type is an enum.
    pub(crate) labels: Vec<String>,
    pub(crate) primary: bool,
    pub(crate) foreign: bool,
    /// Whether the column alone is unique.
    pub(crate) unique: bool,
    /// Whether the column can be null, or `None` for the column of a view.
    pub(crate) nullable: Option<bool>,
    /// The expression of the default, or the `GENERATED` clause.
    pub(crate) default: Option<String>,
    pub(crate) comment: Option<String>,
    /// The tables that foreign keys of this column refer to, if the picture has to name them.
    pub(crate) targets: Vec<String>,
}

impl Row {
    /// Returns the text behind the name that tells what the column refers to.
    pub(crate) fn target_note(&self) -> Option<String> {
        (!self.targets.is_empty()).then(|| format!(" → {}", self.targets.join(", ")))
    }
}

/// A foreign key from the child to the parent.
pub(crate) struct Relation {
    pub(crate) child: RelationEnd,
    pub(crate) parent: RelationEnd,
    /// Whether a child may have no parent.
    pub(crate) optional: bool,
    /// Whether a parent has at most one child.
    pub(crate) single: bool,
    /// The clauses that start with `ON`, such as `ON DELETE CASCADE`.
    pub(crate) actions: String,
}

pub(crate) struct RelationEnd {
    pub(crate) table: usize,
    /// The rows of the columns, at least one.
    pub(crate) rows: Vec<usize>,
}

impl RelationEnd {
    /// Returns the row at which the line ends.
    pub(crate) fn row(&self) -> usize {
        self.rows.first().copied().unwrap_or_default()
    }
}

/// The number of tables up to which the lines alone show what each foreign key refers to.
const MAX_SMALL: usize = 65;

impl Diagram {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let partitions = partitions(catalog);
        let mut shown: Vec<&Table> =
            catalog.tables.values().filter(|table| !partitions.contains(&table.name)).collect();
        shown.sort_by_cached_key(|table| (display_name(&table.name), &table.name));
        let numbers: BTreeMap<&str, usize> =
            shown.iter().enumerate().map(|(at, table)| (table.name.as_str(), at)).collect();
        let keys = unique_keys(catalog);
        let none = BTreeSet::new();
        let keys_of = |table: &Table| keys.get(table.name.as_str()).unwrap_or(&none);
        let mut relations = Vec::new();
        for table in &shown {
            for constraint in table.constraints.values() {
                relations.extend(relation(&shown, &numbers, table, constraint, keys_of(table)));
            }
        }
        let enums = catalog.enums();
        let mut tables: Vec<Entity> =
            shown.iter().map(|table| entity(catalog, table, keys_of(table), &enums)).collect();
        let mut views: Vec<Entity> =
            catalog.view_columns.keys().map(|object| view(catalog, object)).collect();
        views.sort_by(|one, other| one.name.cmp(&other.name));
        tables.append(&mut views);
        let mut diagram = Self { tables, relations, enums: shown_enums(catalog, enums, &shown) };
        if diagram.is_large() {
            diagram.name_targets();
        }
        diagram
    }

    /// Returns whether the lines are too many to follow, so that the name of the target stands at
    /// each foreign key.
    pub(crate) fn is_large(&self) -> bool {
        self.tables.iter().filter(|table| table.kind == EntityKind::Table).count() > MAX_SMALL
    }

    /// Names the target at each column of a foreign key, and the columns of the target unless they
    /// are its primary key.
    fn name_targets(&mut self) {
        for relation in &self.relations {
            let parent = &self.tables[relation.parent.table];
            let targets = relation.parent.rows.iter().filter_map(|row| parent.rows.get(*row));
            let targets: Vec<String> = targets
                .map(|row| match row.primary {
                    true => parent.name.clone(),
                    false => format!("{}.{}", parent.name, row.name),
                })
                .collect();
            for (row, target) in relation.child.rows.iter().zip(targets) {
                let targets = &mut self.tables[relation.child.table].rows[*row].targets;
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
    }

    /// Describes a relation as `child.column → parent.column` with its actions.
    pub(crate) fn describe(&self, relation: &Relation) -> String {
        let end = |end: &RelationEnd| {
            let table = &self.tables[end.table];
            format!("{}.{}", table.name, self.columns(end).join("+"))
        };
        let text =
            format!("{} → {} {}", end(&relation.child), end(&relation.parent), relation.actions);
        text.trim_end().to_owned()
    }

    pub(crate) fn columns(&self, end: &RelationEnd) -> Vec<&str> {
        let rows = &self.tables[end.table].rows;
        end.rows.iter().filter_map(|row| rows.get(*row)).map(|row| row.name.as_str()).collect()
    }
}

/// Returns the names of partitions. They have the columns and keys of their table, and many of them
/// would hide everything else.
fn partitions(catalog: &Catalog) -> BTreeSet<String> {
    let attached = catalog.objects.iter().filter(|(object, sql)| {
        object.part_kind() == Some(PartKind::Parent)
            && sql.starts_with("ALTER TABLE ONLY")
            && sql.contains(" ATTACH PARTITION ")
    });
    attached.map(|(object, _)| object.name.clone()).collect()
}

fn shown_enums(
    catalog: &Catalog,
    enums: BTreeMap<String, Vec<String>>,
    shown: &[&Table],
) -> Vec<Enum> {
    let columns = |name: &str| -> Vec<String> {
        let all =
            shown.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        let of_it = all.filter(|(_, column)| column.data_type.trim_end_matches("[]") == name);
        of_it
            .map(|(table, column)| {
                format!("{}.{}", display_name(&table.name), display_name(&column.name))
            })
            .collect()
    };
    let one = |(name, labels): (String, Vec<String>)| Enum {
        columns: columns(&name),
        comment: comment(catalog, &Object::new(ObjectKind::Type, name.clone())),
        name: display_name(&name),
        labels,
    };
    let mut enums: Vec<Enum> = enums.into_iter().map(one).collect();
    enums.sort_by(|one, other| one.name.cmp(&other.name));
    enums
}

fn relation(
    shown: &[&Table],
    numbers: &BTreeMap<&str, usize>,
    table: &Table,
    constraint: &Constraint,
    keys: &Keys,
) -> Option<Relation> {
    let to = constraint.references.as_ref().filter(|_| !constraint.columns.is_empty())?;
    let end = |name: &str, columns: &[String]| {
        let number = *numbers.get(name)?;
        let rows = &shown[number].columns;
        let row = |name: &String| rows.iter().position(|column| column.name == *name);
        let rows: Vec<usize> = columns.iter().map(row).collect::<Option<_>>()?;
        (!rows.is_empty()).then_some(RelationEnd { table: number, rows })
    };
    let child = end(&table.name, &constraint.columns)?;
    let own: BTreeSet<String> = constraint.columns.iter().cloned().collect();
    let actions = constraint.definition.find(" ON ").map(|at| &constraint.definition[at + 1..]);
    Some(Relation {
        optional: child.rows.iter().any(|row| table.columns[*row].not_null.is_none()),
        single: keys.iter().any(|key| key.is_subset(&own)),
        parent: end(&to.table, &to.columns)?,
        child,
        actions: actions.unwrap_or_default().to_owned(),
    })
}

fn entity(
    catalog: &Catalog,
    table: &Table,
    keys: &Keys,
    enums: &BTreeMap<String, Vec<String>>,
) -> Entity {
    let object = table.object();
    let of = |kind: ConstraintKind| -> BTreeSet<&String> {
        let constraints = table.constraints.values().filter(|constraint| constraint.kind == kind);
        constraints.flat_map(|constraint| &constraint.columns).collect()
    };
    let (primary, foreign) = (of(ConstraintKind::PrimaryKey), of(ConstraintKind::ForeignKey));
    let row = |column: &Column| Row {
        name: display_name(&column.name),
        data_type: short_type(&column.data_type),
        labels: enums.get(column.data_type.trim_end_matches("[]")).cloned().unwrap_or_default(),
        primary: primary.contains(&column.name),
        foreign: foreign.contains(&column.name),
        unique: !primary.contains(&column.name)
            && keys.contains(&BTreeSet::from([column.name.clone()])),
        nullable: Some(column.not_null.is_none()),
        default: column.default.clone().or_else(|| column.generated.clone()),
        comment: comment(catalog, &object.part(PartKind::Column, &column.name)),
        targets: Vec::new(),
    };
    // The keys have the column order of the table and exclude the primary key.
    let several = keys.iter().filter(|key| key.len() > 1).filter(|key| {
        key.len() != primary.len() || !key.iter().all(|column| primary.contains(column))
    });
    let unique_together = several.map(|key| {
        let columns = table.columns.iter().filter(|column| key.contains(&column.name));
        columns.map(|column| display_name(&column.name)).collect()
    });
    Entity {
        kind: EntityKind::Table,
        name: display_name(&table.name),
        comment: comment(catalog, &object),
        rows: table.columns.iter().map(row).collect(),
        unique_together: unique_together.collect(),
        indexes: indexes(catalog, &object),
        reads: Vec::new(),
    }
}

fn view(catalog: &Catalog, object: &Object) -> Entity {
    let columns = catalog.view_columns.get(object);
    let row = |column: &Column| Row {
        name: display_name(&column.name),
        data_type: short_type(&column.data_type),
        labels: Vec::new(),
        primary: false,
        foreign: false,
        unique: false,
        nullable: None,
        default: column.default.clone(),
        comment: comment(catalog, &object.part(PartKind::Column, &column.name)),
        targets: Vec::new(),
    };
    let dependencies = catalog.dependencies.get(object).into_iter().flatten().map(Object::root);
    let is_read = |dependency: &Object| {
        matches!(
            dependency.kind,
            ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView
        )
    };
    let reads: BTreeSet<String> =
        dependencies.filter(is_read).map(|dependency| display_name(&dependency.name)).collect();
    Entity {
        kind: match object.kind {
            ObjectKind::MaterializedView => EntityKind::MaterializedView,
            _ => EntityKind::View,
        },
        name: display_name(&object.name),
        comment: comment(catalog, object),
        rows: columns.into_iter().flatten().map(row).collect(),
        unique_together: Vec::new(),
        indexes: indexes(catalog, object),
        reads: reads.into_iter().collect(),
    }
}

fn comment(catalog: &Catalog, object: &Object) -> Option<String> {
    let sql = catalog.objects.get(&object.aspect(Aspect::Comment))?;
    let text = sql.strip_prefix(&format!("COMMENT ON {} IS '", object.in_comment()))?;
    Some(text.strip_suffix("';")?.replace("''", "'"))
}

/// Returns a name without quotes, and without the schema if that is `public`.
pub(crate) fn display_name(name: &str) -> String {
    let mut text = String::new();
    let mut chars = name.strip_prefix("public.").unwrap_or(name).chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        if c != '"' {
            text.push(c);
        } else if quoted && chars.next_if_eq(&'"').is_some() {
            text.push('"');
        } else {
            quoted = !quoted;
        }
    }
    text
}

/// Returns the common short form of a type, such as `timestamptz(3)` or `varchar(20)[]`.
fn short_type(name: &str) -> String {
    for (long, short) in
        [("character varying", "varchar"), ("character(", "char("), ("bit varying", "varbit")]
    {
        if let Some(rest) = name.strip_prefix(long) {
            return format!("{short}{rest}");
        }
    }
    for word in ["timestamp", "time"] {
        if let Some(rest) = name.strip_prefix(word) {
            if let Some((precision, rest)) = rest.split_once(" with time zone") {
                return format!("{word}tz{precision}{rest}");
            }
            if let Some((precision, rest)) = rest.split_once(" without time zone") {
                return format!("{word}{precision}{rest}");
            }
        }
    }
    display_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_short() {
        for (long, short) in [
            ("character varying", "varchar"),
            ("character varying(20)[]", "varchar(20)[]"),
            ("character(3)", "char(3)"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            ("timestamp without time zone[]", "timestamp[]"),
            ("time with time zone", "timetz"),
            ("public.product_type", "product_type"),
            ("shop.\"Odd \"\"type\"\"\"[]", "shop.Odd \"type\"[]"),
            ("numeric(10,2)", "numeric(10,2)"),
        ] {
            assert_eq!(short_type(long), short);
        }
    }
}
