//! Tables and views with their names and types in Rust.

use std::collections::BTreeSet;

use seedbed_config::{TableOptions, ViewOptions};
use seedbed_schema::model::{
    BaseType, Column, ColumnValue, ConstraintKind, DataType, QualifiedName, ReferentialAction,
    Table, View,
};
use seedbed_sql::tokens;

use super::EntityOrigin;
use crate::names::{field, module};
use crate::types::{RustType, TypeMap, innermost, type_names};
use crate::warning::EntityWarning;

/// The maximal number of columns in a primary key, because SeaORM supports tuples of up to 12
/// values.
const MAX_KEY_COLUMNS: usize = 12;

/// Whether the entity reads a table or a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceKind {
    Table,
    View,
}

/// A table or a view. The columns of keys are sorted, because entities do not express their order.
#[derive(Debug)]
pub(crate) struct EntityTable<'s> {
    pub(crate) name: &'s QualifiedName,
    pub(crate) kind: SourceKind,
    pub(crate) module: String,
    pub(crate) comment: Option<&'s str>,
    pub(crate) columns: Vec<EntityColumn<'s>>,
    pub(crate) primary_key: BTreeSet<&'s str>,
    /// The unique keys, except the primary key.
    pub(crate) unique: BTreeSet<BTreeSet<&'s str>>,
    /// The foreign keys of the table.
    pub(crate) foreign_keys: BTreeSet<ForeignKey<'s>>,
    pub(crate) origin: EntityOrigin,
}

/// A column with its name and type in Rust.
#[derive(Debug)]
pub(crate) struct EntityColumn<'s> {
    pub(crate) name: &'s str,
    pub(crate) data_type: &'s DataType,
    pub(crate) comment: Option<&'s str>,
    pub(crate) nullable: bool,
    /// Whether it is known if the column can be null. The server does not know this for a view.
    pub(crate) is_nullability_known: bool,
    pub(crate) value_source: ValueSource,
    /// The name of the field.
    pub(crate) field: String,
    pub(crate) rust: RustType,
    /// The type without domains and arrays around it.
    pub(crate) innermost: DataType,
    /// The reason to expect infinite values.
    infinity: Option<InfinitySource>,
    /// The usual type of the field, if the field is text because the column is infinite by its definition.
    finite_type: Option<String>,
}

/// The reason to expect infinite values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InfinitySource {
    /// A check or the predicate of an index mentions infinity, and may exclude it.
    Condition,
    /// The default or the expression of the column.
    Definition,
}

/// The source of a column's value if an `INSERT` gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueSource {
    None,
    Default,
    /// An identity column, or a default from a sequence.
    Sequence,
    /// The database always computes the value.
    Generated,
}

/// A foreign key of a table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey<'s> {
    pub(crate) columns: Vec<&'s str>,
    /// The referenced table.
    pub(crate) table: &'s QualifiedName,
    /// The referenced columns.
    pub(crate) to: Vec<&'s str>,
    /// SeaORM's name of the action if the referenced row is deleted.
    pub(crate) on_delete: Option<&'static str>,
    /// SeaORM's name of the action if the referenced key changes.
    pub(crate) on_update: Option<&'static str>,
}

impl<'s> EntityTable<'s> {
    pub(super) fn new(
        table: &'s Table,
        options: Option<&TableOptions>,
        types: TypeMap<'_>,
    ) -> Self {
        let (columns, module) = named(&table.name, &table.columns, options, types);
        let mut entity = Self {
            name: &table.name,
            kind: SourceKind::Table,
            module,
            comment: table.comment.as_deref(),
            columns,
            primary_key: BTreeSet::new(),
            unique: BTreeSet::new(),
            foreign_keys: BTreeSet::new(),
            origin: EntityOrigin::Generated,
        };
        let mut unique = BTreeSet::new();
        for constraint in table.constraints.values() {
            let columns = || constraint.columns.iter().map(String::as_str);
            match (constraint.kind, &constraint.references) {
                (ConstraintKind::PrimaryKey, _) => entity.primary_key = columns().collect(),
                (ConstraintKind::Unique, _) => {
                    unique.insert(columns().collect());
                }
                // A key over periods does not refer to rows with an equal period.
                (ConstraintKind::ForeignKey, Some(reference)) if !reference.is_temporal => {
                    entity.foreign_keys.insert(ForeignKey {
                        columns: columns().collect(),
                        table: &reference.table,
                        to: reference.columns.iter().map(String::as_str).collect(),
                        on_delete: action(reference.on_delete),
                        on_update: action(reference.on_update),
                    });
                }
                (ConstraintKind::Check, _) => entity.find_infinity(&constraint.definition),
                _ => {}
            }
        }
        let indexes = table.indexes.values().filter(|index| {
            index.unique && index.valid && index.predicate.is_none() && index.method == "btree"
        });
        unique.extend(
            indexes
                .filter_map(|index| index.columns())
                .map(|columns| columns.into_iter().collect()),
        );
        let predicates = table.indexes.values().filter_map(|index| index.predicate.as_deref());
        predicates.for_each(|predicate| entity.find_infinity(predicate));
        unique.remove(&entity.primary_key);
        entity.unique = expressible(unique);
        entity
    }

    /// Finds the columns that a condition compares with an infinite constant.
    fn find_infinity(&mut self, condition: &str) {
        if is_infinite(condition) {
            let names: BTreeSet<String> =
                tokens(condition).iter().filter_map(|token| token.name()).collect();
            for column in self.columns.iter_mut().filter(|column| names.contains(column.name)) {
                column.infinity.get_or_insert(InfinitySource::Condition);
            }
        }
    }

    pub(super) fn from_view(view: &'s View, options: &ViewOptions, types: TypeMap<'_>) -> Self {
        let (mut columns, module) = named(&view.name, &view.columns, Some(&options.table), types);
        for column in &mut columns {
            let is_column = |name: &String| name == column.name;
            column.is_nullability_known = false;
            column.nullable =
                !options.key.iter().any(is_column) && !options.required.iter().any(is_column);
        }
        let names = columns.iter().map(|column| column.name);
        let primary_key = names.filter(|name| options.key.iter().any(|key| key == name)).collect();
        Self {
            name: &view.name,
            kind: SourceKind::View,
            module,
            comment: view.comment.as_deref(),
            columns,
            primary_key,
            unique: BTreeSet::new(),
            foreign_keys: BTreeSet::new(),
            origin: EntityOrigin::Generated,
        }
    }

    pub(crate) fn column(&self, name: &str) -> Option<&EntityColumn<'s>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns the variant of SeaORM's `Column` for a column.
    pub(crate) fn column_variant(&self, column: &str) -> Option<String> {
        match &self.origin {
            EntityOrigin::HandWritten(entity) => {
                let field = entity.fields.iter().find(|field| field.column == column)?;
                Some(field.variant.clone())
            }
            EntityOrigin::Unreadable => None,
            EntityOrigin::Generated => {
                Some(crate::names::column_variant(&self.column(column)?.field))
            }
        }
    }

    /// Returns the number of foreign keys to another table.
    pub(crate) fn foreign_keys_to(&self, table: &QualifiedName) -> usize {
        self.foreign_keys.iter().filter(|key| key.table == table).count()
    }

    /// Returns the reason why no entity can be generated, unless there is a hand-written entity.
    pub(super) fn reason_to_skip(&self) -> Option<EntityWarning> {
        if !self.origin.is_generated() {
            return None;
        }
        let table = self.name.clone();
        let keys = || self.columns.iter().filter(|column| self.primary_key.contains(column.name));
        match self.primary_key.len() {
            0 => Some(EntityWarning::NoPrimaryKey(table)),
            columns if columns > MAX_KEY_COLUMNS => {
                Some(EntityWarning::TooManyKeyColumns { table, columns })
            }
            _ => {
                let list = keys().find(|column| column.rust.is_list)?;
                Some(EntityWarning::UnsupportedKeyType { table, data_type: list.data_type.clone() })
            }
        }
    }

    /// Returns warnings about the columns that may be infinite, and whose usual type in Rust cannot be infinite.
    pub(super) fn warnings_about_infinity(&self) -> Vec<EntityWarning> {
        let warnings = self.columns.iter().filter_map(|column| {
            let (table, name) = (self.name.clone(), column.name.to_owned());
            if let Some(rust_type) = column.finite_type.clone() {
                return Some(EntityWarning::InfiniteText { table, column: name, rust_type });
            }
            let is_finite = column.can_hold_infinity() && column.rust.casts.is_none();
            (column.infinity.is_some() && is_finite).then(|| {
                let rust_type = column.rust.name.clone();
                EntityWarning::Infinite { table, column: name, rust_type }
            })
        });
        warnings.collect()
    }
}

impl EntityColumn<'_> {
    /// Returns whether the type below domains and arrays has infinite values, which the driver cannot read.
    fn can_hold_infinity(&self) -> bool {
        ["date", "timestamp with time zone", "timestamp without time zone"]
            .iter()
            .any(|name| self.innermost.is_builtin(name))
    }

    /// Makes the field text, because the driver panics when it reads an infinite value.
    fn become_text(&mut self) {
        let text = RustType::text(self.data_type);
        self.finite_type = Some(std::mem::replace(&mut self.rust, text).name);
    }
}

/// Returns the columns and the module with their names in Rust.
fn named<'s>(
    name: &QualifiedName,
    columns: &'s [Column],
    options: Option<&TableOptions>,
    types: TypeMap<'_>,
) -> (Vec<EntityColumn<'s>>, String) {
    let given = options.and_then(|options| options.name.clone());
    let module = given.unwrap_or_else(|| module(name));
    let columns = columns.iter().map(|column| {
        let options = options.and_then(|options| options.columns.get(&column.name));
        let given = options.and_then(|options| options.name.clone());
        let chosen = options.and_then(|options| options.field_type.as_ref());
        let is_chosen = chosen.is_some() || is_type_chosen(&column.data_type, types);
        let mut column = EntityColumn {
            name: &column.name,
            data_type: &column.data_type,
            comment: column.comment.as_deref(),
            nullable: column.not_null.is_none() && !is_required_by_type(&column.data_type, types),
            is_nullability_known: true,
            value_source: value_source(column, types),
            field: given.unwrap_or_else(|| field(&column.name, &module)),
            rust: RustType::from_column(&column.data_type, chosen, types),
            innermost: innermost(&column.data_type, types),
            infinity: infinity(column, types),
            finite_type: None,
        };
        if column.infinity == Some(InfinitySource::Definition)
            && column.can_hold_infinity()
            && !is_chosen
        {
            column.become_text();
        }
        column
    });
    (columns.collect(), module)
}

/// Returns whether a domain of the column's type is NOT NULL.
fn is_required_by_type(data_type: &DataType, types: TypeMap<'_>) -> bool {
    let is_required_by_domain = |domain: &seedbed_schema::model::Domain| {
        domain.not_null.is_some() || is_required_by_type(&domain.data_type, types)
    };
    match &data_type.base {
        BaseType::Domain(name) if !data_type.is_array => {
            types.domains.get(name).is_some_and(is_required_by_domain)
        }
        _ => false,
    }
}

fn value_source(column: &Column, types: TypeMap<'_>) -> ValueSource {
    let has_default = |data_type: &DataType| match &data_type.base {
        BaseType::Domain(name) if !data_type.is_array => {
            types.domains.get(name).is_some_and(|domain| domain.default.is_some())
        }
        _ => false,
    };
    match &column.value {
        ColumnValue::Identity(_) => ValueSource::Sequence,
        ColumnValue::Generated { .. } => ValueSource::Generated,
        ColumnValue::Default(default) if is_sequence(default) => ValueSource::Sequence,
        ColumnValue::Default(_) => ValueSource::Default,
        ColumnValue::NoDefault if has_default(&column.data_type) => ValueSource::Default,
        ColumnValue::NoDefault => ValueSource::None,
    }
}

/// Returns what shows that a value may be infinite: the default or the expression of the column, or a default or a check
/// of its domains.
fn infinity(column: &Column, types: TypeMap<'_>) -> Option<InfinitySource> {
    if let ColumnValue::Default(expression) | ColumnValue::Generated { expression, .. } =
        &column.value
        && is_infinite(expression)
    {
        return Some(InfinitySource::Definition);
    }
    let mut data_type = column.data_type.element();
    let mut infinity = None;
    while let BaseType::Domain(name) = &data_type.base {
        let domain = types.domains.get(name)?;
        if domain.default.as_deref().is_some_and(is_infinite) {
            return Some(InfinitySource::Definition);
        }
        if domain.checks.values().any(|check| is_infinite(&check.definition)) {
            infinity = Some(InfinitySource::Condition);
        }
        data_type = domain.data_type.element();
    }
    infinity
}

/// Returns whether the settings choose a Rust type for the SQL type.
fn is_type_chosen(data_type: &DataType, types: TypeMap<'_>) -> bool {
    type_names(&data_type.base).any(|name| types.chosen.contains_key(&name))
}

/// Returns whether a default is the next value of a sequence.
fn is_sequence(default: &str) -> bool {
    tokens(default).first().is_some_and(|token| token.is_word("nextval"))
}

/// Returns whether an expression of the server has an infinite constant.
fn is_infinite(expression: &str) -> bool {
    tokens(expression).iter().any(|token| ["'infinity'", "'-infinity'"].contains(&token.text))
}

fn action(action: ReferentialAction) -> Option<&'static str> {
    match action {
        ReferentialAction::NoAction => None,
        ReferentialAction::Restrict => Some("Restrict"),
        ReferentialAction::Cascade => Some("Cascade"),
        ReferentialAction::SetNull => Some("SetNull"),
        ReferentialAction::SetDefault => Some("SetDefault"),
    }
}

/// Returns the keys that SeaORM can express: any number of single-column keys, but each column in
/// only one composite key.
fn expressible(keys: BTreeSet<BTreeSet<&str>>) -> BTreeSet<BTreeSet<&str>> {
    let mut taken = BTreeSet::new();
    keys.into_iter()
        .filter(|key| {
            if key.len() > 1 {
                if key.iter().any(|column| taken.contains(column)) {
                    return false;
                }
                taken.extend(key.iter().copied());
            }
            true
        })
        .collect()
}
