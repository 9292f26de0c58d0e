//! The values that a column of a generated row may have, in the order in which they are tried.

use std::collections::{BTreeMap, BTreeSet};

use seedbed_schema::model::{
    Column, ColumnValue, Constraint, ConstraintKind, DataType, DatabaseSchema, IndexKeyPart,
    QualifiedName, Table,
};
use seedbed_sql::{Token, TokenKind, quote_ident, quote_literal, tokens};

use super::literals::distinct;

/// The purpose of a generated row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowShape {
    /// A row of typical values.
    First,
    /// A row with the same values, unless a key forbids it.
    Equal,
    /// A row of unusual values.
    Extreme,
    /// A row with NULL in every column that allows it.
    Sparse,
}

impl RowShape {
    pub(super) const ALL: [Self; 4] = [Self::First, Self::Equal, Self::Extreme, Self::Sparse];

    /// Returns the number of the row, from which the values of its keys are derived.
    pub(super) fn number(self) -> usize {
        self as usize
    }
}

/// A value of a column in a generated row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueChoice {
    Null,
    Default,
    Literal(String),
    /// The value of a column in a row of the table that a foreign key refers to.
    Referenced {
        table: QualifiedName,
        column: String,
        /// The referenced columns, in whose order the rows are numbered.
        key: Vec<String>,
        /// The number of the row, from 0. After the last row, the numbers begin again at the first row.
        row: usize,
    },
}

impl ValueChoice {
    /// Returns the value as SQL.
    pub(super) fn to_sql(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Default => "DEFAULT".to_owned(),
            Self::Literal(text) => quote_literal(text),
            Self::Referenced { table, column, key, row } => {
                let key: Vec<String> = key.iter().map(|column| quote_ident(column)).collect();
                format!(
                    "(SELECT {} FROM {table} ORDER BY {} LIMIT 1 \
                     OFFSET (SELECT {row} % greatest(count(*), 1) FROM {table}))",
                    quote_ident(column),
                    key.join(", ")
                )
            }
        }
    }
}

/// The facts about the table of a row, besides its columns.
#[derive(Debug, Default)]
pub(super) struct TableRules {
    /// For each column with a foreign key, the first referenced value.
    references: BTreeMap<String, ValueChoice>,
    /// The columns in keys and unique indexes.
    in_keys: BTreeSet<String>,
    /// The columns whose values must be different in each row.
    pub(super) distinct: BTreeSet<String>,
    /// The constants that checks and the bounds of the partition compare each column with.
    constants: BTreeMap<String, Vec<String>>,
    /// The type behind the domain of each column that has one.
    base_types: BTreeMap<String, DataType>,
}

impl TableRules {
    pub(super) fn new(schema: &DatabaseSchema, table: &Table) -> Self {
        let mut rules = Self::default();
        for column in &table.columns {
            let base_type = schema.base_type(&column.data_type);
            if *base_type != column.data_type {
                rules.base_types.insert(column.name.clone(), base_type.clone());
            }
        }
        for constraint in table.constraints.values() {
            rules.add_constraint(table, constraint);
        }
        for index in table.indexes.values().filter(|index| index.unique) {
            let columns = key_columns(table, index.keys.iter().map(|key| &key.part));
            if let ([only], None) = (columns.as_slice(), &index.predicate) {
                rules.distinct.insert(only.clone());
            }
            rules.in_keys.extend(columns);
        }
        // The bounds do not name the columns of the partition key.
        if let Some(partition) = &table.partition_of {
            for column in &table.columns {
                let constants = constants(&partition.bound);
                rules.constants.entry(column.name.clone()).or_default().extend(constants);
            }
        }
        rules
    }

    fn add_constraint(&mut self, table: &Table, constraint: &Constraint) {
        match constraint.kind {
            ConstraintKind::PrimaryKey | ConstraintKind::Unique => {
                if let [only] = constraint.columns.as_slice() {
                    self.distinct.insert(only.clone());
                }
                self.in_keys.extend(constraint.columns.iter().cloned());
            }
            ConstraintKind::ForeignKey => {
                let Some(reference) = &constraint.references else { return };
                for (column, referenced) in constraint.columns.iter().zip(&reference.columns) {
                    let choice = ValueChoice::Referenced {
                        table: reference.table.clone(),
                        column: referenced.clone(),
                        key: reference.columns.clone(),
                        row: 0,
                    };
                    self.references.entry(column.clone()).or_insert(choice);
                }
            }
            ConstraintKind::Check => {
                for column in columns_in(table, &constraint.definition) {
                    let constants = constants(&constraint.definition);
                    self.constants.entry(column).or_default().extend(constants);
                }
            }
            _ => {}
        }
    }

    fn base_type<'t>(&'t self, column: &'t Column) -> &'t DataType {
        self.base_types.get(&column.name).unwrap_or(&column.data_type)
    }

    /// Returns the values to try for a column, the preferred one first. `literals` are the values of its type.
    pub(super) fn choices(
        &self,
        table: &Table,
        column: &Column,
        shape: RowShape,
        literals: &[String],
    ) -> Vec<ValueChoice> {
        let is_distinct = self.distinct.contains(&column.name);
        let row = shape.number();
        let mut values = match self.references.get(&column.name) {
            Some(ValueChoice::Referenced { table, column, key, .. }) => {
                let row = if is_distinct { row } else { 0 };
                let (table, column, key) = (table.clone(), column.clone(), key.clone());
                vec![ValueChoice::Referenced { table, column, key, row }]
            }
            _ => self.literals(table, column, shape, literals),
        };
        // An extreme row prefers unusual values to the default, except in keys, whose default is often a sequence.
        let has_default = matches!(column.value, ColumnValue::Default(_));
        if has_default && (shape != RowShape::Extreme || self.in_keys.contains(&column.name)) {
            values.insert(0, ValueChoice::Default);
        } else if has_default {
            values.push(ValueChoice::Default);
        }
        if column.not_null.is_none() {
            let at = if shape == RowShape::Sparse { 0 } else { values.len() };
            values.insert(at, ValueChoice::Null);
        }
        values
    }

    /// Returns the literals to try for a column without a foreign key.
    fn literals(
        &self,
        table: &Table,
        column: &Column,
        shape: RowShape,
        literals: &[String],
    ) -> Vec<ValueChoice> {
        let constants = self.constants.get(&column.name).into_iter().flatten();
        let mut values: Vec<String> = constants.chain(literals).cloned().collect();
        if shape == RowShape::Extreme {
            values = literals.iter().rev().chain(&values).cloned().collect();
        }
        if self.distinct.contains(&column.name) {
            let row = shape.number();
            if !values.is_empty() {
                let by = row % values.len();
                values.rotate_left(by);
            }
            let distinct = distinct(self.base_type(column), &table.name, row);
            values.splice(0..0, distinct);
        }
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(value.clone()));
        values.into_iter().map(ValueChoice::Literal).collect()
    }

    /// Makes one more of the given columns different in each row, preferably one without a foreign key. Returns false
    /// if all of them already are.
    pub(super) fn make_distinct(&mut self, columns: &[String]) -> bool {
        let is_free = |column: &&String| !self.distinct.contains(*column);
        let plain = columns.iter().rev().filter(|column| !self.references.contains_key(*column));
        let references =
            columns.iter().rev().filter(|column| self.references.contains_key(*column));
        match plain.chain(references).find(is_free).cloned() {
            Some(column) => self.distinct.insert(column),
            None => false,
        }
    }
}

/// Returns the columns of the keys of an index. The columns of an expression are the names in it.
pub(super) fn key_columns<'k>(
    table: &Table,
    keys: impl Iterator<Item = &'k IndexKeyPart>,
) -> Vec<String> {
    keys.flat_map(|key| match key {
        IndexKeyPart::Column(column) => vec![column.clone()],
        IndexKeyPart::Expression(expression) => columns_in(table, expression),
    })
    .collect()
}

/// Returns the columns that an expression names.
pub(super) fn columns_in(table: &Table, expression: &str) -> Vec<String> {
    let names: BTreeSet<String> = tokens(expression).iter().filter_map(Token::name).collect();
    let columns = table.columns.iter().map(|column| &column.name);
    columns.filter(|column| names.contains(*column)).cloned().collect()
}

/// Returns the constants of an expression, and values that are related to a number in it: the values next to it,
/// because a limit may be exclusive, and texts of this length.
pub(super) fn constants(expression: &str) -> Vec<String> {
    const LONGEST: usize = 200;
    let mut constants = Vec::new();
    for token in tokens(expression) {
        match token.kind {
            TokenKind::StringLiteral => {
                let text = token.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
                constants.extend(text.map(|text| text.replace("''", "'")));
            }
            TokenKind::Number => {
                constants.push(token.text.to_owned());
                if let Ok(number) = token.text.parse::<i64>() {
                    let near = [number.checked_add(1), number.checked_sub(1), number.checked_neg()];
                    constants.extend(near.into_iter().flatten().map(|near| near.to_string()));
                    if let Ok(length @ 1..=LONGEST) = usize::try_from(number) {
                        constants.extend(["x", "1", "A"].map(|letter| letter.repeat(length)));
                    }
                }
            }
            _ => {}
        }
    }
    constants
}
