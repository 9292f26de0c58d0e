//! The content of a diagram.

use std::collections::{BTreeMap, BTreeSet};

use crate::keys::{Keys, indexes, unique_keys};
use crate::names::display_name;
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{
    BaseType, Column, ColumnValue, Constraint, ConstraintKind, DataType, ObjectKind, QualifiedName,
    Table, View, ViewKind,
};

/// The content of a diagram. The tables are sorted by name, and are followed by the views, sorted by name. The
/// relationships are sorted by their child tables, and then by the names of their constraints.
pub(crate) struct Diagram {
    pub(crate) tables: Vec<DiagramTable>,
    pub(crate) relationships: Vec<Relationship>,
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
pub(crate) enum TableKind {
    Table,
    View,
    MaterializedView,
}

impl TableKind {
    /// Returns the label of a view, and `None` for a table.
    pub(crate) fn note(self) -> Option<&'static str> {
        match self {
            Self::Table => None,
            Self::View => Some("view"),
            Self::MaterializedView => Some("materialized view"),
        }
    }
}

/// A table or view of a diagram.
pub(crate) struct DiagramTable {
    pub(crate) kind: TableKind,
    /// The name without quotes, and without the schema if that is `public`.
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) rows: Vec<ColumnRow>,
    /// The columns of each unique key with several columns.
    pub(crate) unique_together: Vec<Vec<String>>,
    /// The name and the definition of each index that is not part of a constraint.
    pub(crate) indexes: Vec<(String, String)>,
    /// The names of the tables and views that a view reads.
    pub(crate) reads: Vec<String>,
}

/// A column of a table or view, which is a row of the table in the picture.
pub(crate) struct ColumnRow {
    pub(crate) name: String,
    pub(crate) data_type: DataType,
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
    /// The tables or columns that foreign keys of this column refer to, if the picture names them.
    pub(crate) targets: Vec<String>,
}

impl ColumnRow {
    /// Returns the text that follows the name of the column and names the targets of its foreign keys, if the picture
    /// names them.
    pub(crate) fn target_note(&self) -> Option<String> {
        (!self.targets.is_empty()).then(|| format!(" → {}", self.targets.join(", ")))
    }
}

/// A foreign key from the child to the parent.
pub(crate) struct Relationship {
    pub(crate) child: RelationshipEnd,
    pub(crate) parent: RelationshipEnd,
    /// Whether a child may have no parent.
    pub(crate) optional: bool,
    /// Whether a parent has at most one child.
    pub(crate) single: bool,
    /// The clauses after the columns of the parent, such as `ON DELETE CASCADE`.
    pub(crate) actions: String,
}

/// The child or the parent of a relationship.
pub(crate) struct RelationshipEnd {
    pub(crate) table: usize,
    /// The rows of the columns, at least one.
    pub(crate) rows: Vec<usize>,
}

impl RelationshipEnd {
    /// Returns the row at which the line ends.
    pub(crate) fn row(&self) -> usize {
        self.rows.first().copied().unwrap_or_default()
    }
}

/// The largest number of tables for which the lines alone show what each foreign key refers to.
const MAX_TABLES_WITHOUT_TARGET_NAMES: usize = 65;

impl Diagram {
    pub(crate) fn new(schema: &DatabaseSchema) -> Self {
        let mut shown: Vec<&Table> =
            schema.tables.values().filter(|table| !is_partition(table)).collect();
        shown.sort_by_cached_key(|table| (display_name(&table.name), &table.name));
        let numbers: BTreeMap<&QualifiedName, usize> =
            shown.iter().enumerate().map(|(number, table)| (&table.name, number)).collect();
        let (mut relationships, mut tables) = (Vec::new(), Vec::new());
        for table in &shown {
            let keys = unique_keys(schema, table);
            for constraint in table.constraints.values() {
                relationships.extend(relationship(&shown, &numbers, table, constraint, &keys));
            }
            tables.push(diagram_table(schema, table, &keys));
        }
        let mut views: Vec<DiagramTable> =
            schema.views.values().map(|one| diagram_view(schema, one)).collect();
        views.sort_by(|one, other| one.name.cmp(&other.name));
        tables.append(&mut views);
        let mut diagram = Self { tables, relationships, enums: enums(schema, &shown) };
        if diagram.is_large() {
            diagram.name_targets();
        }
        diagram
    }

    /// Returns whether there are so many tables that the lines are hard to follow. If so, the picture names the target at each foreign key.
    pub(crate) fn is_large(&self) -> bool {
        self.tables.iter().filter(|table| table.kind == TableKind::Table).count()
            > MAX_TABLES_WITHOUT_TARGET_NAMES
    }

    /// Names the target at each column of a foreign key, and the columns of the target unless they
    /// are its primary key.
    fn name_targets(&mut self) {
        for relationship in &self.relationships {
            let parent = &self.tables[relationship.parent.table];
            let targets = relationship.parent.rows.iter().filter_map(|row| parent.rows.get(*row));
            let targets: Vec<String> = targets
                .map(|row| match row.primary {
                    true => parent.name.clone(),
                    false => format!("{}.{}", parent.name, row.name),
                })
                .collect();
            for (row, target) in relationship.child.rows.iter().zip(targets) {
                let targets = &mut self.tables[relationship.child.table].rows[*row].targets;
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
    }

    /// Describes a relationship as `child.column → parent.column` with its actions.
    pub(crate) fn describe(&self, relationship: &Relationship) -> String {
        let end = |end: &RelationshipEnd| {
            let table = &self.tables[end.table];
            format!("{}.{}", table.name, self.columns(end).join("+"))
        };
        let text = format!(
            "{} → {} {}",
            end(&relationship.child),
            end(&relationship.parent),
            relationship.actions
        );
        text.trim_end().to_owned()
    }

    /// Returns the names of the columns of an end.
    pub(crate) fn columns(&self, end: &RelationshipEnd) -> Vec<&str> {
        let rows = &self.tables[end.table].rows;
        end.rows.iter().filter_map(|row| rows.get(*row)).map(|row| row.name.as_str()).collect()
    }
}

/// Returns whether the table is a partition. Partitions have the columns and keys of their table, and
/// many of them would hide everything else.
fn is_partition(table: &Table) -> bool {
    table.partition_of.as_ref().is_some_and(|partition| !partition.detach_pending)
}

/// Returns the enums with the columns of the shown tables that use them.
fn enums(schema: &DatabaseSchema, shown: &[&Table]) -> Vec<Enum> {
    let columns = |name: &QualifiedName| -> Vec<String> {
        let all =
            shown.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        let columns_of_enum = all.filter(|(_, column)| enum_name(&column.data_type) == Some(name));
        columns_of_enum
            .map(|(table, column)| format!("{}.{}", display_name(&table.name), column.name))
            .collect()
    };
    let enums = schema.enums.iter().map(|(name, definition)| Enum {
        columns: columns(name),
        comment: definition.comment.clone(),
        name: display_name(name),
        labels: definition.labels.clone(),
    });
    let mut enums: Vec<Enum> = enums.collect();
    enums.sort_by(|one, other| one.name.cmp(&other.name));
    enums
}

/// Returns the name of the enum, if the type is an enum or an array of an enum.
fn enum_name(data_type: &DataType) -> Option<&QualifiedName> {
    match &data_type.base {
        BaseType::Enum(name) => Some(name),
        _ => None,
    }
}

/// Returns the relationship of a foreign key, or `None` for another constraint, or if the parent or a column is not
/// shown. `numbers` has the position of each table in `shown`, and `keys` are the unique keys of the child.
fn relationship(
    shown: &[&Table],
    numbers: &BTreeMap<&QualifiedName, usize>,
    table: &Table,
    constraint: &Constraint,
    keys: &Keys,
) -> Option<Relationship> {
    let reference = constraint.references.as_ref().filter(|_| !constraint.columns.is_empty())?;
    let end = |name: &QualifiedName, columns: &[String]| {
        let number = *numbers.get(name)?;
        let rows = &shown[number].columns;
        let row = |name: &String| rows.iter().position(|column| column.name == *name);
        let rows: Vec<usize> = columns.iter().map(row).collect::<Option<_>>()?;
        (!rows.is_empty()).then_some(RelationshipEnd { table: number, rows })
    };
    let child = end(&table.name, &constraint.columns)?;
    let own: BTreeSet<String> = constraint.columns.iter().cloned().collect();
    Some(Relationship {
        optional: child.rows.iter().any(|row| table.columns[*row].not_null.is_none()),
        single: keys.iter().any(|key| key.is_subset(&own)),
        parent: end(&reference.table, &reference.columns)?,
        child,
        actions: constraint.reference_clauses(),
    })
}

fn diagram_table(schema: &DatabaseSchema, table: &Table, keys: &Keys) -> DiagramTable {
    let columns_of = |kind: ConstraintKind| -> BTreeSet<&String> {
        let constraints = table.constraints.values().filter(|constraint| constraint.kind == kind);
        constraints.flat_map(|constraint| &constraint.columns).collect()
    };
    let primary = columns_of(ConstraintKind::PrimaryKey);
    let foreign = columns_of(ConstraintKind::ForeignKey);
    let row = |column: &Column| {
        let definition = enum_name(&column.data_type).and_then(|name| schema.enums.get(name));
        ColumnRow {
            labels: definition.map(|definition| definition.labels.clone()).unwrap_or_default(),
            primary: primary.contains(&column.name),
            foreign: foreign.contains(&column.name),
            unique: !primary.contains(&column.name)
                && keys.contains(&BTreeSet::from([column.name.clone()])),
            nullable: Some(column.not_null.is_none()),
            ..plain_row(&table.name, column)
        }
    };
    // The columns of a key are in the order of the table. The primary key is not one of these keys.
    let composite_keys = keys.iter().filter(|key| key.len() > 1).filter(|key| {
        key.len() != primary.len() || !key.iter().all(|column| primary.contains(column))
    });
    let unique_together = composite_keys.map(|key| {
        let columns = table.columns.iter().filter(|column| key.contains(&column.name));
        columns.map(|column| column.name.clone()).collect()
    });
    DiagramTable {
        kind: TableKind::Table,
        name: display_name(&table.name),
        comment: table.comment.clone(),
        rows: table.columns.iter().map(row).collect(),
        unique_together: unique_together.collect(),
        indexes: indexes(&table.name, &table.indexes),
        reads: Vec::new(),
    }
}

fn diagram_view(schema: &DatabaseSchema, view: &View) -> DiagramTable {
    let object = view.object();
    let dependencies = schema.dependencies(&object).filter_map(|(other, _)| {
        matches!(other.kind, ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView)
            .then(|| other.qualified_name())
            .flatten()
    });
    let reads: BTreeSet<String> = dependencies.map(|name| display_name(&name)).collect();
    DiagramTable {
        kind: match view.kind {
            ViewKind::Plain => TableKind::View,
            ViewKind::Materialized => TableKind::MaterializedView,
        },
        name: display_name(&view.name),
        comment: view.comment.clone(),
        rows: view.columns.iter().map(|column| plain_row(&view.name, column)).collect(),
        unique_together: Vec::new(),
        indexes: indexes(&view.name, &view.indexes),
        reads: reads.into_iter().collect(),
    }
}

/// Returns the row of a column, without the marks that follow from constraints and enums.
fn plain_row(table: &QualifiedName, column: &Column) -> ColumnRow {
    let default = match &column.value {
        ColumnValue::Default(expression) => Some(expression.clone()),
        _ => column.generated_clause(table),
    };
    ColumnRow {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        labels: Vec::new(),
        primary: false,
        foreign: false,
        unique: false,
        nullable: None,
        default,
        comment: column.comment.clone(),
        targets: Vec::new(),
    }
}
