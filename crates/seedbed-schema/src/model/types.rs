//! Types that users define: enums, domains, composite types and ranges.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{DataType, Grant, NotNull, QualifiedName};

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EnumType {
    /// The labels in order.
    pub labels: Vec<String>,
    /// The role that owns the type. Owners are not compared.
    #[serde(skip)]
    pub owner: String,
    /// The comment on the type.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

impl EnumType {
    /// Returns an enum type with these labels.
    #[must_use]
    pub fn new(labels: Vec<String>) -> Self {
        Self { labels, owner: String::new(), comment: None, privileges: Vec::new() }
    }
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Domain {
    /// The base type of the domain.
    pub data_type: DataType,
    /// The collation, unless it is that of the base type.
    pub collation: Option<QualifiedName>,
    /// The default, which is an expression.
    pub default: Option<String>,
    /// Whether the domain is NOT NULL.
    pub not_null: Option<NotNull>,
    /// The checks by name.
    #[serde(skip)]
    pub checks: BTreeMap<String, DomainCheck>,
    /// The comment on the domain.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

/// A check of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DomainCheck {
    /// The definition behind the name, as the server writes it.
    pub definition: String,
    /// The comment on the check.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// A composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CompositeType {
    /// The attributes in order.
    pub attributes: Vec<Attribute>,
    /// The comment on the type.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// The type.
    pub data_type: DataType,
    /// The collation, unless it is that of the type.
    pub collation: Option<QualifiedName>,
    /// The comment on the attribute.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// A range type, which has a multirange type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RangeType {
    /// The type of the bounds.
    pub subtype: DataType,
    /// The operator class of the bounds, unless it is the default of their type.
    pub operator_class: Option<QualifiedName>,
    /// The collation of the bounds, unless it is that of their type.
    pub collation: Option<QualifiedName>,
    /// The function that returns the difference between two bounds.
    pub difference: Option<QualifiedName>,
    /// The name of the multirange type.
    pub multirange: QualifiedName,
    /// The comment on the type.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}
