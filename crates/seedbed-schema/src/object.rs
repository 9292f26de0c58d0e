//! The identity of an object: its kind, its name, and the part that is meant.

use std::fmt;

use serde::Serialize;

/// The kind of a standalone object. The variants have the order of the SQL file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum ObjectKind {
    Extension,
    Schema,
    Collation,
    /// An enum, a composite type or a range.
    Type,
    Domain,
    /// A standalone sequence, or one that a column owns. The sequence of an identity column is part
    /// of its column.
    Sequence,
    Function,
    Procedure,
    Aggregate,
    Table,
    View,
    MaterializedView,
    /// An extended statistics object.
    Statistics,
    /// The settings of `ALTER DEFAULT PRIVILEGES`.
    DefaultPrivileges,
    EventTrigger,
    /// An object that is compared by its name only, from
    /// [`Catalog::unsupported`](crate::Catalog::unsupported).
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
    /// The order of the columns that both catalogs have.
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
    /// A placeholder for a view or a function in an SQL file, until its dependencies exist. No
    /// catalog contains one.
    Stub,
}

impl PartKind {
    /// Returns the word for the kind, as in `column email`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::ColumnOrder => "column order",
            Self::Default => "default of",
            Self::OwnedBy => "owned by",
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Part {
    /// The kind of the part.
    pub kind: PartKind,
    /// The name as SQL has it, with quotes if it needs them. It is empty for a part that an object
    /// has only once.
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

/// The identity of an object or a part, or of its comment or privileges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Object {
    /// The kind of the object.
    pub kind: ObjectKind,
    /// The name as SQL has it: qualified, with quotes if it needs them, and with the argument types
    /// of a function.
    pub name: String,
    /// The part, unless the object itself is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The aspect that is meant.
    pub aspect: Aspect,
}

impl Object {
    /// Returns the identity of a standalone object.
    pub fn new(kind: ObjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), part: None, aspect: Aspect::Definition }
    }

    /// Returns the identity of a part of this object.
    #[must_use]
    pub fn part(&self, kind: PartKind, name: impl Into<String>) -> Self {
        let part = Some(Part { kind, name: name.into() });
        Self { part, aspect: Aspect::Definition, ..self.clone() }
    }

    /// Returns the identity of an aspect of this object or part.
    #[must_use]
    pub fn aspect(&self, aspect: Aspect) -> Self {
        Self { aspect, ..self.clone() }
    }

    /// Returns the object that a part or an aspect belongs to.
    #[must_use]
    pub fn root(&self) -> Self {
        Self::new(self.kind, self.name.clone())
    }

    /// Returns the kind of the part, or `None` if the object itself is meant.
    #[must_use]
    pub fn part_kind(&self) -> Option<PartKind> {
        self.part.as_ref().map(|part| part.kind)
    }

    fn part_name(&self) -> &str {
        self.part.as_ref().map_or("", |part| &part.name)
    }

    /// Returns the text after `COMMENT ON`.
    #[must_use]
    pub fn in_comment(&self) -> String {
        let (name, part) = (&self.name, self.part_name());
        let on = if self.kind == ObjectKind::Domain { "DOMAIN " } else { "" };
        match self.part_kind() {
            Some(PartKind::Column | PartKind::Default) => format!("COLUMN {name}.{part}"),
            Some(PartKind::Index) => format!("INDEX {part}"),
            Some(kind) => format!("{} {part} ON {on}{name}", kind.as_str().to_uppercase()),
            None if self.kind == ObjectKind::Aggregate => {
                format!("AGGREGATE {}", name.replace("()", "(*)"))
            }
            None => format!("{} {name}", self.kind.as_str().to_uppercase()),
        }
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
            Some(part) => write!(f, "{} {} of ", part.kind.as_str(), part.name)?,
            None => {}
        }
        match self.kind {
            // The name of such an object includes its kind.
            ObjectKind::Other => write!(f, "{}", self.name),
            kind => write!(f, "{} {}", kind.as_str(), self.name),
        }
    }
}
