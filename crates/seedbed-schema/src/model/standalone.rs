//! Schemas, extensions, collations, text search, extended statistics, event triggers and privileges.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Firing, QualifiedName};

/// A schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Namespace {
    /// The comment on the schema.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

/// An extension. Its version is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Extension {
    /// The schema of its objects.
    pub schema: String,
    /// The comment, if it differs from the default comment of the extension.
    #[serde(skip)]
    pub comment: Option<ExtensionComment>,
    /// The tables, views, sequences, indexes and types that belong to the extension.
    #[serde(skip)]
    pub members: BTreeSet<QualifiedName>,
}

/// A comment on an extension that differs from the default comment of the extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionComment {
    /// The comment was removed.
    Removed,
    /// The comment was replaced.
    Text(String),
}

/// A collation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Collation {
    /// The provider: `libc`, `icu` or `builtin`.
    pub provider: String,
    /// `LC_COLLATE` of a collation of `libc`.
    pub lc_collate: Option<String>,
    /// `LC_CTYPE` of a collation of `libc`.
    pub lc_ctype: Option<String>,
    /// The locale of another provider.
    pub locale: Option<String>,
    /// The additional rules of ICU.
    pub rules: Option<String>,
    /// Whether strings are only equal if their bytes are equal.
    pub deterministic: bool,
    /// The comment on the collation.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// A dictionary of text search, which turns tokens into lexemes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TextSearchDictionary {
    /// The template, such as `pg_catalog.snowball`.
    pub template: QualifiedName,
    /// The options of the template, as the server writes them.
    pub options: Option<String>,
    /// The comment on the dictionary.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// A configuration of text search, which selects the dictionaries for each type of token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TextSearchConfiguration {
    /// The parser, such as `pg_catalog."default"`.
    pub parser: QualifiedName,
    /// The dictionaries by the type of token, in the order in which they are consulted.
    pub mappings: BTreeMap<String, Vec<QualifiedName>>,
    /// The comment on the configuration.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// An extended statistics object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Statistics {
    /// The statement, as the server writes it.
    pub definition: String,
    /// The statistics target, if it was set.
    pub target: Option<i32>,
    /// The comment on the object.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// An event trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventTrigger {
    /// The event, such as `ddl_command_end`.
    pub event: String,
    /// The tags of the commands that the trigger fires for; an empty list means all.
    pub tags: Vec<String>,
    /// The function that the trigger calls.
    pub function: QualifiedName,
    /// The mode in which the trigger fires.
    pub firing: Firing,
    /// The comment on the trigger.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// The objects for which `ALTER DEFAULT PRIVILEGES` sets privileges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefaultPrivilegesOf {
    /// The kind of objects, such as `TABLES`.
    pub objects: &'static str,
    /// The role that creates the objects, or `None` for the owner of the database.
    pub role: Option<String>,
    /// The schema of the objects, if the setting is limited to one.
    pub schema: Option<String>,
}

/// Privileges that were granted to a role or to `PUBLIC`, or revoked from `PUBLIC`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// The privileges that `PUBLIC` has on a new object of this kind were revoked.
    RevokedFromPublic,
    /// Privileges were granted.
    Granted {
        /// The role that has the privileges.
        grantee: Grantee,
        /// The privileges, such as `SELECT`.
        privileges: GrantedPrivileges,
        /// Whether the grantee may grant them to others.
        grantable: bool,
    },
}

/// The holder of privileges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// `PUBLIC`, which means every role.
    Public,
    /// A role, by its name.
    Role(String),
}

/// The privileges that were granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantedPrivileges {
    /// All privileges that exist for the kind of object. A later version of PostgreSQL may have more.
    All,
    /// The listed privileges.
    Listed(Vec<String>),
}
