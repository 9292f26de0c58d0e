//! The schema as it was before it had values, for the crates that still use it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use crate::error::Error;
use crate::model::{self, ColumnValue, DatabaseSchema};
use crate::object::{Aspect, Object, ObjectKind, Part, PartKind};
use crate::options::ReadOptions;
use crate::sql::definition::Definition;
use crate::table::{Column, Constraint, ConstraintKind, Reference, Table};

/// The objects of a database by their identity, with their statements.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The tables by their qualified names.
    pub tables: BTreeMap<String, Table>,
    /// The statements that create everything except tables and their columns.
    pub objects: BTreeMap<Object, String>,
    /// The objects that tables, columns and other objects depend on.
    pub dependencies: BTreeMap<Object, BTreeSet<Object>>,
    /// The columns of views.
    pub view_columns: BTreeMap<Object, Vec<Column>>,
    unsupported: BTreeSet<String>,
    schema: DatabaseSchema,
}

impl Catalog {
    /// Reads the objects of the connection's database.
    ///
    /// # Errors
    /// Fails as [`DatabaseSchema::read`] does.
    pub async fn read(connection: &mut PgConnection, options: &ReadOptions) -> Result<Self, Error> {
        Ok(Self::from(&DatabaseSchema::read(connection, options).await?))
    }

    /// Returns the statements that create this schema in an empty database.
    #[must_use]
    pub fn to_sql(&self) -> String {
        self.schema.to_sql()
    }

    /// Returns the tables by their qualified names.
    #[must_use]
    pub fn tables(&self) -> &BTreeMap<String, Table> {
        &self.tables
    }

    /// Returns every object and every part of one, with the text that is compared.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<Object, String> {
        let mut objects = self.objects.clone();
        for (object, definition) in self.schema.definitions() {
            let is_in_table = matches!(definition, Definition::Table(_) | Definition::Column(_));
            let old = old_object(&object).filter(|_| is_in_table);
            objects.extend(old.map(|old| (old, definition.sql(&object))));
        }
        objects
    }

    /// Returns the enum types by their qualified names, each with its labels in order.
    #[must_use]
    pub fn enums(&self) -> BTreeMap<String, Vec<String>> {
        let types = self.objects.iter().filter(|(object, _)| {
            object.kind == ObjectKind::Type
                && object.part.is_none()
                && object.aspect == Aspect::Definition
        });
        let enums = types.filter_map(|(object, sql)| {
            let list = sql.strip_prefix(&format!("CREATE TYPE {} AS ENUM (", object.name))?;
            Some((object.name.clone(), literals(list)))
        });
        enums.collect()
    }

    /// Returns the names of objects that this crate cannot write.
    #[must_use]
    pub fn unsupported(&self) -> &BTreeSet<String> {
        &self.unsupported
    }
}

impl From<&DatabaseSchema> for Catalog {
    fn from(schema: &DatabaseSchema) -> Self {
        let definitions = schema.definitions();
        let objects = definitions.iter().filter(|(_, definition)| {
            !matches!(definition, Definition::Table(_) | Definition::Column(_))
        });
        let objects = objects
            .filter_map(|(object, definition)| Some((old_object(object)?, definition.sql(object))));
        let dependencies = schema.dependencies.iter().filter_map(|(object, others)| {
            Some((old_object(object)?, others.keys().filter_map(old_object).collect()))
        });
        let views = schema.views.values().filter_map(|view| {
            let columns = view.columns.iter().map(|column| old_column(&view.name, column));
            Some((old_object(&view.object())?, columns.collect()))
        });
        Self {
            tables: schema.tables.values().map(table).collect(),
            objects: objects.collect(),
            dependencies: dependencies.collect(),
            view_columns: views.collect(),
            unsupported: schema.unsupported_names(),
            schema: schema.clone(),
        }
    }
}

/// Returns the contents of the quoted strings, which may contain commas and brackets.
fn literals(list: &str) -> Vec<String> {
    let (mut found, mut quoted) = (Vec::new(), false);
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, found.last_mut()) {
            ('\'', Some(last)) if quoted && chars.next_if_eq(&'\'').is_some() => {
                String::push(last, '\'');
            }
            ('\'', _) => {
                quoted = !quoted;
                if quoted {
                    found.push(String::new());
                }
            }
            (c, Some(last)) if quoted => last.push(c),
            _ => {}
        }
    }
    found
}

fn old_object(object: &model::Object) -> Option<Object> {
    let part = match &object.part {
        None => None,
        Some(part) => {
            let kind = match part.kind {
                model::PartKind::Column => PartKind::Column,
                model::PartKind::Default => PartKind::Default,
                model::PartKind::OwnedBy => PartKind::OwnedBy,
                model::PartKind::Constraint => PartKind::Constraint,
                model::PartKind::Index => PartKind::Index,
                model::PartKind::Parent => PartKind::Parent,
                model::PartKind::ParentIndex => PartKind::ParentIndex,
                model::PartKind::ReplicaIdentity => PartKind::ReplicaIdentity,
                model::PartKind::ClusterOrder => PartKind::ClusterOrder,
                model::PartKind::RowType => PartKind::RowType,
                model::PartKind::Rule => PartKind::Rule,
                model::PartKind::Trigger => PartKind::Trigger,
                model::PartKind::RowSecurity => PartKind::RowSecurity,
                model::PartKind::Policy => PartKind::Policy,
                _ => return None,
            };
            Some(Part { kind, name: object.part_sql() })
        }
    };
    let kind = match object.kind {
        model::ObjectKind::Extension => ObjectKind::Extension,
        model::ObjectKind::Schema => ObjectKind::Schema,
        model::ObjectKind::Collation => ObjectKind::Collation,
        model::ObjectKind::Type => ObjectKind::Type,
        model::ObjectKind::Domain => ObjectKind::Domain,
        model::ObjectKind::Sequence => ObjectKind::Sequence,
        model::ObjectKind::Function => ObjectKind::Function,
        model::ObjectKind::Procedure => ObjectKind::Procedure,
        model::ObjectKind::Aggregate => ObjectKind::Aggregate,
        model::ObjectKind::Table => ObjectKind::Table,
        model::ObjectKind::View => ObjectKind::View,
        model::ObjectKind::MaterializedView => ObjectKind::MaterializedView,
        model::ObjectKind::Statistics => ObjectKind::Statistics,
        model::ObjectKind::EventTrigger => ObjectKind::EventTrigger,
        model::ObjectKind::DefaultPrivileges
        | model::ObjectKind::Publication
        | model::ObjectKind::Other => return None,
    };
    let aspect = match object.aspect {
        model::Aspect::Definition => Aspect::Definition,
        model::Aspect::Comment => Aspect::Comment,
        model::Aspect::Privileges => Aspect::Privileges,
    };
    Some(Object { kind, name: object.name.to_string(), part, aspect })
}

fn table(table: &model::Table) -> (String, Table) {
    let idents = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| seedbed_sql::quote_ident_if_needed(name)).collect()
    };
    let constraints = table.constraints.iter().map(|(name, constraint)| {
        let references = constraint.references.as_ref().map(|reference| Reference {
            table: reference.table.to_string(),
            columns: idents(&reference.columns),
        });
        let constraint = Constraint {
            kind: match constraint.kind {
                model::ConstraintKind::PrimaryKey => ConstraintKind::PrimaryKey,
                model::ConstraintKind::Unique => ConstraintKind::Unique,
                model::ConstraintKind::ForeignKey => ConstraintKind::ForeignKey,
                model::ConstraintKind::Check => ConstraintKind::Check,
                model::ConstraintKind::Exclusion => ConstraintKind::Exclusion,
                model::ConstraintKind::NotNull => ConstraintKind::NotNull,
            },
            columns: idents(&constraint.columns),
            definition: constraint.definition.clone(),
            references,
        };
        (seedbed_sql::quote_ident_if_needed(name), constraint)
    });
    let name = table.name.to_string();
    let columns = table.columns.iter().map(|column| old_column(&table.name, column)).collect();
    let old = Table {
        name: name.clone(),
        unlogged: table.unlogged,
        partitioned_by: table.partition_key.clone(),
        method: table.access_method.clone(),
        options: table.options.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        columns,
        constraints: constraints.collect(),
    };
    (name, old)
}

fn old_column(relation: &model::QualifiedName, column: &model::Column) -> Column {
    let (default, generated) = match &column.value {
        ColumnValue::Given => (None, None),
        ColumnValue::Default(expression) => (Some(expression.clone()), None),
        ColumnValue::Generated { .. } | ColumnValue::Identity(_) => {
            (None, Some(column.generated_clause(relation)))
        }
    };
    Column {
        name: seedbed_sql::quote_ident_if_needed(&column.name),
        data_type: column.data_type.to_string(),
        collation: column.collation.as_ref().map(ToString::to_string),
        not_null: column.not_null.as_ref().map(|_| "NOT NULL".to_owned()),
        default,
        generated,
        compression: column.compression.clone(),
        storage: column.storage.clone(),
        statistics: column.statistics,
        options: column.options.iter().map(|(name, value)| format!("{name}={value}")).collect(),
    }
}
