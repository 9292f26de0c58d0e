//! The identity of an object: its kind, its name, and a part of it.

use std::fmt;

use seedbed_sql::quote_ident_if_needed as ident;
use serde::{Serialize, Serializer};

use super::QualifiedName;

/// The kind of a standalone object. The order of the variants is the order of the objects in the SQL file, unless their
/// dependencies require another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum ObjectKind {
    Extension,
    Schema,
    Collation,
    TextSearchDictionary,
    TextSearchConfiguration,
    /// An enum, a composite type or a range.
    Type,
    Domain,
    /// A standalone sequence, or one that a column owns. The definition of an identity column's sequence is part of the
    /// column.
    Sequence,
    Function,
    Procedure,
    Aggregate,
    Table,
    View,
    MaterializedView,
    /// An extended statistics object.
    Statistics,
    /// Settings of `ALTER DEFAULT PRIVILEGES`.
    DefaultPrivileges,
    EventTrigger,
    /// A publication, of which only the name and the tables are read.
    Publication,
    /// A subscription, of which only the name and the tables are read.
    Subscription,
    /// An object that is compared by its name only, from
    /// [`DatabaseSchema::unsupported`](crate::model::DatabaseSchema::unsupported).
    Other,
}

impl ObjectKind {
    /// Returns the word for the kind, as in `table public.users`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Schema => "schema",
            Self::Collation => "collation",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchConfiguration => "text search configuration",
            Self::Type => "type",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Statistics => "statistics",
            Self::DefaultPrivileges => "default privileges",
            Self::EventTrigger => "event trigger",
            Self::Publication => "publication",
            Self::Subscription => "subscription",
            Self::Other => "other",
        }
    }
}

/// The kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum PartKind {
    Column,
    /// The order of the columns that both schemas have.
    ColumnOrder,
    /// The default of a view's column. The default of a table's column is part of the column.
    Default,
    /// The column that owns a sequence.
    OwnedBy,
    Constraint,
    Index,
    /// The parent of an inheriting table, or the partitioned table and the bounds of a partition.
    Parent,
    /// The index of the partitioned table to which an index is attached.
    ParentIndex,
    ReplicaIdentity,
    /// The index that `CLUSTER` uses.
    ClusterOrder,
    /// The composite type of a typed table (`OF`).
    RowType,
    Rule,
    Trigger,
    RowSecurity,
    Policy,
    /// A placeholder for a view or a function in an SQL file, until its dependencies exist. No schema contains one.
    Stub,
}

impl PartKind {
    /// Returns the word for the kind, as in `column email`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::ColumnOrder => "column order",
            Self::Default => "default of column",
            Self::OwnedBy => "owning column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Parent => "parent",
            Self::ParentIndex => "parent of index",
            Self::ReplicaIdentity => "replica identity",
            Self::ClusterOrder => "cluster order",
            Self::RowType => "row type",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::RowSecurity => "row security",
            Self::Policy => "policy",
            Self::Stub => "stub",
        }
    }
}

/// A part of an object, such as a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The kind of the part.
    pub kind: PartKind,
    /// The unquoted name, or the qualified name of a parent as SQL. It is empty for a part that an
    /// object has only once.
    pub name: String,
}

/// An aspect of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The definition of the object.
    Definition,
    /// The comment on the object.
    Comment,
    /// The privileges of roles other than the owner.
    Privileges,
}

/// The name of an object. All parts are unquoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The schema, if the kind of object has one.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
    /// The types of the arguments of a function as SQL.
    pub arguments: Option<String>,
}

/// The identity of an object or a part, or of its comment or privileges. An object is serialized with its names as SQL
/// writes them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// The kind of the object.
    pub kind: ObjectKind,
    /// The name of the object.
    pub name: ObjectName,
    /// The part, or `None` for the object itself.
    pub part: Option<Part>,
    /// The aspect of the object or the part.
    pub aspect: Aspect,
}

impl Object {
    /// Returns an object whose kind has names without a schema, such as an extension.
    #[must_use]
    pub fn global(kind: ObjectKind, name: impl Into<String>) -> Self {
        Self::new(kind, ObjectName { schema: None, name: name.into(), arguments: None })
    }

    /// Returns an object in a schema.
    #[must_use]
    pub fn qualified(kind: ObjectKind, name: &QualifiedName) -> Self {
        let (schema, name) = (Some(name.schema.clone()), name.name.clone());
        Self::new(kind, ObjectName { schema, name, arguments: None })
    }

    pub(crate) fn new(kind: ObjectKind, name: ObjectName) -> Self {
        Self { kind, name, part: None, aspect: Aspect::Definition }
    }

    /// Returns a part of the object.
    #[must_use]
    pub fn part(&self, kind: PartKind, name: impl Into<String>) -> Self {
        let part = Some(Part { kind, name: name.into() });
        Self { part, aspect: Aspect::Definition, ..self.clone() }
    }

    /// Returns the comment or the privileges of the object or part.
    #[must_use]
    pub fn aspect(&self, aspect: Aspect) -> Self {
        Self { aspect, ..self.clone() }
    }

    /// Returns the object that a part or an aspect belongs to.
    #[must_use]
    pub fn root(&self) -> Self {
        Self::new(self.kind, self.name.clone())
    }

    /// Returns the kind of the part.
    #[must_use]
    pub fn part_kind(&self) -> Option<PartKind> {
        self.part.as_ref().map(|part| part.kind)
    }

    /// Returns the name, if the kind has names with a schema.
    #[must_use]
    pub fn qualified_name(&self) -> Option<QualifiedName> {
        self.name.schema.as_ref().map(|schema| QualifiedName::new(schema, &self.name.name))
    }

    /// Returns the object as a part of a sentence, such as ``the column `a` of the table `public.t` ``.
    #[must_use]
    pub fn phrase(&self) -> String {
        let aspect = match self.aspect {
            Aspect::Definition => "",
            Aspect::Comment => "the comment on ",
            Aspect::Privileges => "the privileges on ",
        };
        let part = self.part.as_ref().map_or_else(String::new, |part| {
            let kind = match part.kind {
                PartKind::Default => "default of the column",
                PartKind::ParentIndex => "parent of the index",
                kind => kind.as_str(),
            };
            let name = self.part_sql();
            if name.is_empty() {
                format!("the {kind} of ")
            } else {
                format!("the {kind} `{name}` of ")
            }
        });
        let object = match self.kind {
            // The name of an unsupported object includes its kind.
            ObjectKind::Other => format!("the {}", self.name.name),
            ObjectKind::DefaultPrivileges => {
                format!("the default privileges on {}", self.name.name)
            }
            kind => format!("the {} `{}`", kind.as_str(), self.name_sql()),
        };
        format!("{aspect}{part}{object}")
    }

    /// Returns the name as SQL writes it. Some objects have a description instead of a name.
    fn name_sql(&self) -> String {
        match self.kind {
            ObjectKind::Other | ObjectKind::DefaultPrivileges => self.name.name.clone(),
            _ => self.name.to_string(),
        }
    }

    /// Returns the name of the part as SQL writes it. The name of an index has the schema of its table.
    pub(crate) fn part_sql(&self) -> String {
        match (&self.part, &self.name.schema) {
            (Some(part), Some(schema))
                if matches!(part.kind, PartKind::Index | PartKind::ParentIndex) =>
            {
                QualifiedName::new(schema, &part.name).to_string()
            }
            (Some(part), _) if part.name.is_empty() || part.kind == PartKind::Parent => {
                part.name.clone()
            }
            (Some(part), _) => ident(&part.name),
            (None, _) => String::new(),
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", ident(schema))?;
        }
        f.write_str(&ident(&self.name))?;
        if let Some(arguments) = &self.arguments {
            write!(f, "({arguments})")?;
        }
        Ok(())
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.aspect {
            Aspect::Definition => {}
            Aspect::Comment => write!(f, "comment on ")?,
            Aspect::Privileges => write!(f, "privileges on ")?,
        }
        match &self.part {
            Some(part) if part.name.is_empty() => write!(f, "{} of ", part.kind.as_str())?,
            Some(part) => write!(f, "{} {} of ", part.kind.as_str(), self.part_sql())?,
            None => {}
        }
        match self.kind {
            // The name of an unsupported object includes its kind.
            ObjectKind::Other => f.write_str(&self.name.name),
            ObjectKind::DefaultPrivileges => write!(f, "default privileges on {}", self.name.name),
            kind => write!(f, "{} {}", kind.as_str(), self.name_sql()),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct SqlPart {
            kind: PartKind,
            name: String,
        }
        #[derive(Serialize)]
        struct SqlObject {
            kind: ObjectKind,
            name: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            part: Option<SqlPart>,
            aspect: Aspect,
        }
        let name = self.name_sql();
        let part = self.part.as_ref();
        let part = part.map(|part| SqlPart { kind: part.kind, name: self.part_sql() });
        SqlObject { kind: self.kind, name, part, aspect: self.aspect }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
