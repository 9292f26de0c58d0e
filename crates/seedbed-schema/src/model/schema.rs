//! The schema of a database as values.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BaseType, Collation, CompositeType, DataType, DefaultPrivilegesOf, Domain, EnumType,
    EventTrigger, Extension, Function, Grant, Namespace, Object, QualifiedName, RangeType,
    Sequence, Signature, Statistics, Table, TextSearchConfiguration, TextSearchDictionary,
    Unsupported, View,
};

/// The schema of one database. The maps have the names of the objects as keys.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DatabaseSchema {
    /// The tables.
    pub tables: BTreeMap<QualifiedName, Table>,
    /// The views, materialized or not.
    pub views: BTreeMap<QualifiedName, View>,
    /// The enum types.
    pub enums: BTreeMap<QualifiedName, EnumType>,
    /// The domains.
    pub domains: BTreeMap<QualifiedName, Domain>,
    /// The composite types that are not the row type of a relation.
    pub composites: BTreeMap<QualifiedName, CompositeType>,
    /// The range types.
    pub ranges: BTreeMap<QualifiedName, RangeType>,
    /// The sequences that are not part of an identity column.
    pub sequences: BTreeMap<QualifiedName, Sequence>,
    /// The functions, procedures and aggregates.
    pub functions: BTreeMap<Signature, Function>,
    /// The extensions, without `plpgsql`.
    pub extensions: BTreeMap<String, Extension>,
    /// The schemas.
    pub namespaces: BTreeMap<String, Namespace>,
    /// The collations.
    pub collations: BTreeMap<QualifiedName, Collation>,
    /// The dictionaries of text search.
    pub text_search_dictionaries: BTreeMap<QualifiedName, TextSearchDictionary>,
    /// The configurations of text search.
    pub text_search_configurations: BTreeMap<QualifiedName, TextSearchConfiguration>,
    /// The extended statistics.
    pub statistics: BTreeMap<QualifiedName, Statistics>,
    /// The event triggers.
    pub event_triggers: BTreeMap<String, EventTrigger>,
    /// The default privileges of new objects.
    pub default_privileges: BTreeMap<DefaultPrivilegesOf, Vec<Grant>>,
    /// The objects and properties that this crate cannot write, with their definition if it is compared.
    pub unsupported: BTreeMap<Unsupported, Option<String>>,
    /// Facts about the session that read the schema and about its server. They are not compared.
    pub read_context: ReadContext,
    pub(crate) uses_of_row_types: BTreeMap<QualifiedName, BTreeSet<Object>>,
    pub(crate) dependencies: BTreeMap<Object, BTreeMap<Object, DependencyKind>>,
}

/// Facts about the session that read a schema.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ReadContext {
    /// The version of the server, such as 170004.
    pub server_version: i32,
    /// The role of the session.
    pub user: String,
    /// The schemas in which the session searches for names without a schema. New objects are created
    /// in the first one.
    pub search_path: Vec<String>,
    /// The encoding of the database, such as `UTF8`.
    pub encoding: String,
}

/// The kind of a dependency, as in `pg_depend`: the effect on the dependent object if the other object is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependencyKind {
    /// The other object can only be dropped after the dependent one.
    Normal,
    /// The dependent object is dropped with the other one, as an index is with its column.
    Auto,
    /// The dependent object is part of the other one, as the index of a constraint is.
    Internal,
    /// The dependent object is a partition of the other one.
    Partition,
    /// The dependent object is dropped with an extension that it does not belong to.
    Extension,
}

impl DatabaseSchema {
    /// Returns the type on which a domain is based, also through other domains, and any other type itself. The type behind a
    /// domain may be an array; an array of a domain is not a domain.
    ///
    /// ```
    /// use seedbed_schema::DatabaseSchema;
    /// use seedbed_schema::model::DataType;
    ///
    /// let integer = DataType::builtin("integer");
    /// assert_eq!(DatabaseSchema::default().base_type(&integer), &integer);
    /// ```
    #[must_use]
    pub fn base_type<'t>(&'t self, data_type: &'t DataType) -> &'t DataType {
        match &data_type.base {
            BaseType::Domain(name) if !data_type.is_array => {
                self.domains.get(name).map_or(data_type, |domain| self.base_type(&domain.data_type))
            }
            _ => data_type,
        }
    }

    /// Returns the objects that an object depends on. A view depends on columns of tables, an index and a constraint on
    /// columns of their own table, a column on its type.
    pub fn dependencies(&self, object: &Object) -> impl Iterator<Item = (&Object, DependencyKind)> {
        let dependencies = self.dependencies.get(object).into_iter().flatten();
        dependencies.map(|(object, kind)| (object, *kind))
    }

    /// Returns the objects that depend on exactly this object. The dependents of a table do not include those of its
    /// columns, and the other way around.
    pub fn dependents(&self, object: &Object) -> impl Iterator<Item = (&Object, DependencyKind)> {
        let dependents = self.dependencies.iter();
        dependents.filter_map(|(one, others)| others.get(object).map(|kind| (one, *kind)))
    }

    /// Returns the objects that contain rows of a table, or whose expressions name its row type: columns, and
    /// functions, views, policies and constraints with such an expression. As long as there is one, PostgreSQL may
    /// refuse to change the type of a column of the table.
    pub fn uses_of_row_type(&self, table: &QualifiedName) -> impl Iterator<Item = &Object> {
        self.uses_of_row_types.get(table).into_iter().flatten()
    }

    /// Adds a dependency to a schema that is not read from a server, such as a schema in a test.
    pub fn add_dependency(&mut self, dependent: Object, on: Object, kind: DependencyKind) {
        self.dependencies.entry(dependent).or_default().insert(on, kind);
    }
}
