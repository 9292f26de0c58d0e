//! A database schema as a script sees it: names without a schema are found on the search path.

use std::fmt;

use heck::ToSnakeCase as _;
use seedbed_schema::model::{
    BaseType, Column, ColumnValue, DataType, EnumType, QualifiedName, Table, Unsupported,
    UnsupportedKind, ViewKind,
};
use seedbed_schema::{DatabaseSchema, DefinitionStyle, ReadOptions};
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

use crate::migration::WriteError;
use crate::operation::TableName;
use seedbed_entities::singular;

/// Returns the options for reading a schema for the generators, with definitions that a person can read in a script.
#[must_use]
pub fn read_options() -> ReadOptions {
    ReadOptions { style: DefinitionStyle::Readable, ..ReadOptions::include_all() }
}

/// Returns whether the search path leads to a table with exactly the given name.
#[must_use]
pub fn has_table(schema: &DatabaseSchema, name: &str) -> bool {
    VisibleSchema::new(schema).table_named(name).is_some()
}

/// A schema as seen by the session that read it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VisibleSchema<'s> {
    pub(crate) schema: &'s DatabaseSchema,
}

/// The object that already has a name, so that a new object cannot have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameOwner {
    /// A table, which may be partitioned.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    ForeignTable,
    /// An index.
    Index,
    /// A sequence.
    Sequence,
    /// An enum type.
    EnumType,
    /// Another type.
    Type,
    /// A relation or type of an extension.
    ExtensionMember {
        /// The name of the extension.
        extension: String,
    },
}

impl fmt::Display for NameOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "a table",
            Self::View => "a view",
            Self::MaterializedView => "a materialized view",
            Self::ForeignTable => "a foreign table",
            Self::Index => "an index",
            Self::Sequence => "a sequence",
            Self::EnumType => "an enum type",
            Self::Type => "a type",
            Self::ExtensionMember { extension } => {
                return write!(f, "an object of the extension `{extension}`,");
            }
        })
    }
}

impl<'s> VisibleSchema<'s> {
    pub(crate) const fn new(schema: &'s DatabaseSchema) -> Self {
        Self { schema }
    }

    /// Returns the table with exactly the given name.
    pub(crate) fn table_named(self, name: &str) -> Option<&'s Table> {
        // A view or another relation in an earlier schema hides the table.
        let mut namespaces = self.schema.read_context.search_path.iter();
        let namespace = namespaces.find(|namespace| self.relation(namespace, name).is_some())?;
        self.schema.tables.get(&QualifiedName::new(namespace, name))
    }

    /// Returns the table, with the name that the user typed or its plural.
    ///
    /// # Errors
    /// Fails if the table does not exist, or if it belongs to an extension.
    pub(crate) fn table(self, table: &TableName) -> Result<&'s Table, WriteError> {
        let names = [&table.input, &table.plural];
        if let Some(found) = names.into_iter().find_map(|name| self.table_named(name)) {
            return Ok(found);
        }
        for name in names {
            if let Some(NameOwner::ExtensionMember { extension }) = self.owner_of(name) {
                return Err(WriteError::BelongsToExtension { name: name.clone(), extension });
            }
        }
        Err(WriteError::TableNotFound {
            table: table.display_names(),
            near: self.nearest_table(&table.plural),
        })
    }

    /// Returns the object that has a name.
    pub(crate) fn owner_of(self, name: &str) -> Option<NameOwner> {
        let mut namespaces = self.schema.read_context.search_path.iter();
        namespaces.find_map(|namespace| {
            self.relation(namespace, name).or_else(|| self.user_type(namespace, name))
        })
    }

    /// Returns the relation with the given name in a schema.
    fn relation(self, namespace: &str, name: &str) -> Option<NameOwner> {
        let schema = self.schema;
        let qualified = QualifiedName::new(namespace, name);
        if schema.tables.contains_key(&qualified) {
            return Some(NameOwner::Table);
        }
        if let Some(view) = schema.views.get(&qualified) {
            return Some(match view.kind {
                ViewKind::Plain => NameOwner::View,
                ViewKind::Materialized => NameOwner::MaterializedView,
            });
        }
        if schema.composites.contains_key(&qualified) {
            return Some(NameOwner::Type);
        }
        let foreign_table = Unsupported::Object {
            kind: UnsupportedKind::ForeignTable,
            schema: Some(namespace.to_owned()),
            name: name.to_owned(),
        };
        if schema.unsupported.contains_key(&foreign_table) {
            return Some(NameOwner::ForeignTable);
        }
        if self.is_sequence(&qualified) {
            return Some(NameOwner::Sequence);
        }
        if self.is_index(namespace, name) {
            return Some(NameOwner::Index);
        }
        let mut extensions = schema.extensions.iter();
        let extension = extensions.find(|(_, one)| one.members.contains(&qualified));
        extension.map(|(name, _)| NameOwner::ExtensionMember { extension: name.clone() })
    }

    fn is_sequence(self, name: &QualifiedName) -> bool {
        let mut columns = self.schema.tables.values().flat_map(|table| &table.columns);
        let is_identity = |column: &Column| match &column.value {
            ColumnValue::Identity(identity) => identity.sequence_name == *name,
            _ => false,
        };
        self.schema.sequences.contains_key(name) || columns.any(is_identity)
    }

    fn is_index(self, namespace: &str, name: &str) -> bool {
        let tables = self.schema.tables.values().filter(|table| table.name.schema == namespace);
        let views = self.schema.views.values().filter(|view| view.name.schema == namespace);
        let mut keys = tables.clone().flat_map(|table| table.constraints.values());
        let has_name = |index: &seedbed_schema::model::ConstraintIndex| index.name == name;
        tables.clone().any(|table| table.indexes.contains_key(name))
            || views.clone().any(|view| view.indexes.contains_key(name))
            || keys.any(|key| key.index.as_ref().is_some_and(has_name))
    }

    /// Returns the type with the given name in a schema. Types of relations and of extensions are left out.
    fn user_type(self, namespace: &str, name: &str) -> Option<NameOwner> {
        let qualified = QualifiedName::new(namespace, name);
        if self.schema.enums.contains_key(&qualified) {
            return Some(NameOwner::EnumType);
        }
        let is_range = self.schema.ranges.contains_key(&qualified)
            || self.schema.ranges.values().any(|range| range.multirange == qualified);
        let is_type = is_range || self.schema.domains.contains_key(&qualified);
        is_type.then_some(NameOwner::Type)
    }

    /// Returns the name of a table that is most similar to an unknown name.
    pub(crate) fn nearest_table(self, name: &str) -> Option<String> {
        nearest(name, self.visible_names(self.schema.tables.keys()))
    }

    /// Returns the names of the objects in the schemas of the search path.
    fn visible_names<'n>(
        self,
        names: impl Iterator<Item = &'n QualifiedName>,
    ) -> impl Iterator<Item = &'n String> {
        let search_path = &self.schema.read_context.search_path;
        names.filter(|name| search_path.contains(&name.schema)).map(|name| &name.name)
    }

    /// Returns the enum type with the given name.
    ///
    /// # Errors
    /// Fails if there is no such type.
    pub(crate) fn enumeration(
        self,
        name: &str,
    ) -> Result<(&'s QualifiedName, &'s EnumType), WriteError> {
        let schema = self.schema;
        let found =
            schema.read_context.search_path.iter().find_map(|namespace| {
                schema.enums.get_key_value(&QualifiedName::new(namespace, name))
            });
        found.ok_or_else(|| {
            let mut names = self.visible_names(schema.enums.keys());
            // The name `status` may mean `invoice_status`.
            let end = format!("_{name}");
            let longer = names.find(|one| one.ends_with(&end)).cloned();
            let near = longer.or_else(|| nearest(name, self.visible_names(schema.enums.keys())));
            WriteError::EnumNotFound { name: name.to_owned(), near }
        })
    }

    /// Returns the name as SQL, with its schema only if the search path requires it.
    pub(crate) fn sql_name(self, name: &QualifiedName) -> String {
        // PostgreSQL searches its own schema even if the search path does not name it.
        let is_visible = name.schema == "pg_catalog"
            || self.schema.read_context.search_path.iter().find(|namespace| {
                **namespace == name.schema
                    || self.relation(namespace, &name.name).is_some()
                    || self.user_type(namespace, &name.name).is_some()
            }) == Some(&name.schema);
        if is_visible { quote_if_needed(&name.name) } else { name.to_string() }
    }

    /// Returns the type with its name as SQL, with its schema only if the search path requires it.
    pub(crate) fn visible_type(self, data_type: &DataType) -> DataType {
        let base = match data_type.base.name() {
            Some(name) => BaseType::Builtin(self.sql_name(name)),
            None => data_type.base.clone(),
        };
        DataType { base, ..data_type.clone() }
    }

    /// Returns the type as SQL, with its schema only if the search path requires it.
    /// Returns the type behind a domain, and any other type itself.
    pub(crate) fn base_type<'t>(&'t self, data_type: &'t DataType) -> &'t DataType {
        self.schema.base_type(data_type)
    }

    pub(crate) fn type_sql(self, data_type: &DataType) -> String {
        self.visible_type(data_type).to_string()
    }
}

/// Returns the column with the given name.
///
/// # Errors
/// Fails if the table does not have the column.
pub(crate) fn column<'t>(table: &'t Table, name: &str) -> Result<&'t Column, WriteError> {
    table.column(name).ok_or_else(|| WriteError::ColumnNotFound {
        table: table.name.name.clone(),
        column: name.to_owned(),
        near: nearest(
            name,
            table.columns.iter().map(|one| &one.name).filter(|one| can_be_typed(one)),
        ),
    })
}

/// Returns whether the name of a script can contain the given name.
fn can_be_typed(name: &str) -> bool {
    name.to_snake_case() == name
}

/// Returns the most similar name, if it is similar enough. The best match is a name that begins with the singular of
/// the wanted name, then a name with a similar spelling.
fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n String>) -> Option<String> {
    let begins = |name: &str| name.starts_with(&singular(wanted)) && wanted.len() > 2;
    let score = |name: &str| {
        if begins(name) { 1.0 } else { strsim::jaro_winkler(wanted, name) }
    };
    let scored = names.map(|name| (score(name), name));
    let (score, name) = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (score > 0.82).then(|| name.clone())
}
