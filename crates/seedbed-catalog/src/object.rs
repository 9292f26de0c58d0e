//! What identifies an object: its kind, its name, and for a part of it that part.

use std::fmt;

use serde::Serialize;

/// The kind of an object that stands by itself. Their order is that of the SQL file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum Kind {
    Extension,
    Schema,
    Collation,
    /// An enum, a composite type or a range.
    Type,
    Domain,
    /// A sequence by itself, or one that a column owns; an identity column's is part of the column.
    Sequence,
    Function,
    Procedure,
    Aggregate,
    Table,
    View,
    MaterializedView,
    /// An extended statistics object.
    Statistics,
    /// What `ALTER DEFAULT PRIVILEGES` sets.
    DefaultPrivileges,
    EventTrigger,
    /// What is compared by its name only, of [`Catalog::not_seen`](crate::Catalog::not_seen).
    Other,
}

impl Kind {
    /// The word for it, as in `table public.users`.
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
    /// The order of those columns that both sides have.
    ColumnOrder,
    /// The default of a view's column; a table's is in its column.
    Default,
    /// The column that owns a sequence.
    OwnedBy,
    Constraint,
    Index,
    /// The parent of a child table, or the partitioned table and the bounds of a partition.
    Parent,
    /// The index of the partitioned table that an index is a partition of.
    ParentIndex,
    ReplicaIdentity,
    /// The index that `CLUSTER` goes by.
    ClusterOrder,
    /// The type that a table is `OF`.
    RowType,
    Rule,
    Trigger,
    RowSecurity,
    Policy,
    /// What stands in a file for a view or function until all that it needs is there; no catalogue has one.
    Stub,
}

impl PartKind {
    /// The word for it, as in `column email`.
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
    /// What it is.
    pub kind: PartKind,
    /// Its name as SQL has it, quoted if it has to be; empty where an object has just one.
    pub name: String,
}

/// Which side of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What it is.
    Definition,
    /// What `COMMENT` says of it.
    Comment,
    /// Who else than its owner may do what.
    Privileges,
}

/// The identity of an object, of a part of it, or of the comment or privileges of either.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its name as SQL has it: qualified, quoted if it has to be, with the types of a function's
    /// arguments.
    pub name: String,
    /// The part that is meant, if it is not the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Which side of it.
    pub aspect: Aspect,
}

impl Object {
    pub(crate) fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), part: None, aspect: Aspect::Definition }
    }

    pub(crate) fn part(&self, kind: PartKind, name: impl Into<String>) -> Self {
        let part = Some(Part { kind, name: name.into() });
        Self { part, aspect: Aspect::Definition, ..self.clone() }
    }

    pub(crate) fn aspect(&self, aspect: Aspect) -> Self {
        Self { aspect, ..self.clone() }
    }

    /// The object itself, for a part or an aspect of it.
    pub(crate) fn whole(&self) -> Self {
        Self::new(self.kind, self.name.clone())
    }

    pub(crate) fn part_kind(&self) -> Option<PartKind> {
        self.part.as_ref().map(|part| part.kind)
    }

    fn part_name(&self) -> &str {
        self.part.as_ref().map_or("", |part| &part.name)
    }

    /// What stands after `COMMENT ON`.
    pub(crate) fn in_comment(&self) -> String {
        let (name, part) = (&self.name, self.part_name());
        let on = if self.kind == Kind::Domain { "DOMAIN " } else { "" };
        match self.part_kind() {
            Some(PartKind::Column | PartKind::Default) => format!("COLUMN {name}.{part}"),
            Some(PartKind::Index) => format!("INDEX {part}"),
            Some(kind) => format!("{} {part} ON {on}{name}", kind.as_str().to_uppercase()),
            None if self.kind == Kind::Aggregate => {
                format!("AGGREGATE {}", name.replace("()", "(*)"))
            }
            None => format!("{} {name}", self.kind.as_str().to_uppercase()),
        }
    }

    /// What stands between `GRANT … ON` and `TO`.
    pub(crate) fn in_grant(&self) -> String {
        let word = match self.kind {
            Kind::View | Kind::MaterializedView | Kind::Table => "TABLE",
            Kind::Aggregate | Kind::Function => "FUNCTION",
            Kind::Procedure => "PROCEDURE",
            Kind::Type | Kind::Domain => "TYPE",
            Kind::Sequence => "SEQUENCE",
            _ => "SCHEMA",
        };
        format!("{word} {}", self.name)
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
            // Its name says what it is.
            Kind::Other => write!(f, "{}", self.name),
            kind => write!(f, "{} {}", kind.as_str(), self.name),
        }
    }
}
