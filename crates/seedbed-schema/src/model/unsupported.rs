//! Objects and properties that are known by name only.

use std::fmt;

use seedbed_sql::quote_ident_if_needed as ident;

use super::{Object, QualifiedName};

/// The kind of an object that this crate cannot write as SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words are PostgreSQL's own")]
pub enum UnsupportedKind {
    AccessMethod,
    /// A base type or a shell type.
    BaseType,
    Cast,
    Conversion,
    ForeignDataWrapper,
    ForeignServer,
    ForeignTable,
    Language,
    Operator,
    OperatorClass,
    OperatorFamily,
    Publication,
    Subscription,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
}

/// An object or a property that this crate cannot write as SQL. It is compared, but
/// [`DatabaseSchema::to_sql`](crate::model::DatabaseSchema::to_sql) does not create it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Unsupported {
    /// An object of a kind that this crate cannot write as SQL.
    Object {
        /// The kind.
        kind: UnsupportedKind,
        /// The schema, if the kind has one.
        schema: Option<String>,
        /// The name. The name of a cast consists of two types as SQL, and that of a transform or a base type of one
        /// type.
        name: String,
    },
    /// The canonical function of the range type with this name.
    CanonicalFunction(String),
    /// The tablespace of a relation that is not in the default one.
    Tablespace(QualifiedName),
    /// The comment on the row type of a table.
    RowTypeComment(QualifiedName),
    /// A foreign key whose check was disabled for a table by `DISABLE TRIGGER ALL`.
    DisabledCheck {
        /// The foreign key.
        constraint: String,
        /// The table.
        table: QualifiedName,
    },
    /// Privileges on an object of an extension that differ from the initial privileges of the extension.
    ExtensionPrivileges(String),
    /// A security label.
    SecurityLabel {
        /// The provider of the label.
        provider: String,
        /// The object that has the label.
        object: Object,
    },
    /// A setting of the database.
    DatabaseSetting(String),
    /// The comment on the database.
    DatabaseComment,
    /// The owners of the objects, if there are several.
    Owners(Vec<String>),
    /// An option of a column that this version of the crate does not know.
    Option {
        /// The name of the option.
        option: String,
        /// The table or view.
        relation: QualifiedName,
        /// The column.
        column: String,
    },
    /// An object of a kind that only a later server has.
    UnknownKind {
        /// The description of the object by the server.
        object: String,
        /// The column of the system catalog that holds the kind, such as `pg_class.relkind`.
        column: String,
        /// The kind.
        kind: String,
    },
    /// A materialized view that is not populated. An SQL file does not preserve this state.
    Unpopulated(QualifiedName),
    /// A sequence whose persistence differs from that of the table that owns it. An SQL file does not preserve this
    /// difference.
    SequencePersistence(QualifiedName),
}

impl UnsupportedKind {
    /// Returns the words for the kind, as in `foreign table public.t`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessMethod => "access method",
            Self::BaseType => "type",
            Self::Cast => "cast from",
            Self::Conversion => "conversion",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::ForeignServer => "foreign server",
            Self::ForeignTable => "foreign table",
            Self::Language => "language",
            Self::Operator => "operator",
            Self::OperatorClass => "operator class",
            Self::OperatorFamily => "operator family",
            Self::Publication => "publication",
            Self::Subscription => "subscription",
            Self::TextSearchParser => "text search parser",
            Self::TextSearchTemplate => "text search template",
            Self::Transform => "transform for",
        }
    }
}

impl Unsupported {
    /// Returns whether this is state that an SQL file cannot reproduce, such as the rows of a materialized view.
    #[must_use]
    pub const fn is_runtime_state(&self) -> bool {
        matches!(self, Self::Unpopulated(_) | Self::SequencePersistence(_))
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object { kind, schema, name } => {
                write!(f, "{} ", kind.as_str())?;
                if let Some(schema) = schema {
                    write!(f, "{}.", ident(schema))?;
                }
                // The names of operators have no quotes, and the names of types are already SQL.
                match kind {
                    UnsupportedKind::Operator
                    | UnsupportedKind::Cast
                    | UnsupportedKind::Transform
                    | UnsupportedKind::BaseType => f.write_str(name),
                    _ => f.write_str(&ident(name)),
                }
            }
            Self::CanonicalFunction(name) => write!(f, "canonical function of type {name}"),
            Self::Tablespace(relation) => write!(f, "tablespace of {relation}"),
            Self::RowTypeComment(table) => write!(f, "comment on the row type of table {table}"),
            Self::DisabledCheck { constraint, table } => {
                write!(f, "disabled check of constraint {} of table {table}", ident(constraint))
            }
            Self::ExtensionPrivileges(object) => write!(f, "privileges on {object}"),
            Self::SecurityLabel { provider, object } => {
                write!(f, "security label of {} on {object}", ident(provider))
            }
            Self::DatabaseSetting(name) => write!(f, "setting {name} of this database"),
            Self::DatabaseComment => write!(f, "comment on this database"),
            Self::Owners(roles) => {
                let roles: Vec<String> = roles.iter().map(|role| ident(role)).collect();
                write!(f, "several owners of objects: {}", roles.join(", "))
            }
            Self::Option { option, relation, column } => {
                write!(f, "option {option} of column {relation}.{}", ident(column))
            }
            Self::UnknownKind { object, column, kind } => write!(f, "{object} ({column} {kind})"),
            Self::Unpopulated(view) => write!(f, "populated state of materialized view {view}"),
            Self::SequencePersistence(sequence) => write!(f, "persistence of sequence {sequence}"),
        }
    }
}
