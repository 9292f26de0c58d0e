//! The schema of a PostgreSQL database as values.
//!
//! Names are unquoted, and types are values. `Display` writes both as SQL. Expressions and queries are SQL as the
//! server writes it, normalized so that PostgreSQL 14 to 18 give the same text.

mod constraint;
mod data_type;
mod function;
mod name;
mod object;
mod schema;
mod sequence;
mod standalone;
mod table;
mod types;
mod unsupported;
mod view;

pub use constraint::{
    Constraint, ConstraintIndex, ConstraintKind, Index, IndexKey, IndexKeyPart, Reference,
    ReferentialAction,
};
pub use data_type::{BaseType, DataType, TypeModifier};
pub use function::{Aggregate, Function, FunctionDefinition, FunctionText, Signature};
pub use name::QualifiedName;
pub use object::{Aspect, Object, ObjectKind, ObjectName, Part, PartKind};
pub use schema::{DatabaseSchema, DependencyKind, ReadContext};
pub use sequence::{Sequence, SequenceOptions};
pub use standalone::{
    Collation, DefaultPrivilegesOf, EventTrigger, Extension, ExtensionComment, Grant,
    GrantedPrivileges, Grantee, Namespace, Statistics, TextSearchConfiguration,
    TextSearchDictionary,
};
pub use table::{
    Column, ColumnValue, GeneratedStorage, Identity, NotNull, PartitionOf, ReplicaIdentity,
    RowSecurity, Table,
};
pub use types::{Attribute, CompositeType, Domain, DomainCheck, EnumType, RangeType};
pub use unsupported::{Unsupported, UnsupportedKind};
pub use view::{Firing, Policy, Rule, Trigger, TriggerSource, View, ViewKind};
