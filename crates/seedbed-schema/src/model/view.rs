//! Views, and the triggers, rules and policies of tables and views.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Column, Grant, Index, QualifiedName};

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct View {
    /// The name of the view.
    #[serde(skip)]
    pub name: QualifiedName,
    /// The kind of the view: whether it stores its rows.
    pub kind: ViewKind,
    /// The query, as the server writes it.
    pub query: String,
    /// The options, such as `security_invoker`, or the storage parameters of a materialized view.
    pub options: BTreeMap<String, String>,
    /// The access method of a materialized view, unless it is `heap`.
    pub access_method: Option<String>,
    /// The columns. Their names and types follow from the query, so only the rest is compared.
    #[serde(skip)]
    pub columns: Vec<Column>,
    /// Whether a materialized view has rows that can be read. This is not part of the schema.
    #[serde(skip)]
    pub populated: bool,
    /// The role that owns the view. Owners are not compared.
    #[serde(skip)]
    pub owner: String,
    /// The comment on the view.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
    /// The indexes of a materialized view, by name.
    #[serde(skip)]
    pub indexes: BTreeMap<String, Index>,
    /// The index of a materialized view that `CLUSTER` uses.
    #[serde(skip)]
    pub cluster_on: Option<String>,
    /// The triggers by name.
    #[serde(skip)]
    pub triggers: BTreeMap<String, Trigger>,
    /// The rules by name, without the rule that makes the relation a view.
    #[serde(skip)]
    pub rules: BTreeMap<String, Rule>,
}

impl View {
    /// Creates a view with the given columns and an empty query.
    #[must_use]
    pub fn new(name: QualifiedName, kind: ViewKind, columns: Vec<Column>) -> Self {
        Self {
            name,
            kind,
            query: String::new(),
            options: BTreeMap::new(),
            access_method: None,
            columns,
            populated: true,
            owner: String::new(),
            comment: None,
            privileges: Vec::new(),
            indexes: BTreeMap::new(),
            cluster_on: None,
            triggers: BTreeMap::new(),
            rules: BTreeMap::new(),
        }
    }
}

/// The kind of a view: whether it stores its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewKind {
    /// The query runs whenever the view is read.
    Plain,
    /// The rows are stored.
    Materialized,
}

/// The mode in which a trigger or a rule fires, depending on `session_replication_role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Firing {
    /// The trigger or rule fires except in replicas, which is the default.
    #[default]
    Origin,
    /// The trigger or rule never fires.
    Disabled,
    /// The trigger or rule fires only in replicas.
    Replica,
    /// The trigger or rule always fires.
    Always,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Trigger {
    /// The source of the trigger: its statement, or the parent of a partition.
    pub source: TriggerSource,
    /// The mode in which the trigger fires.
    pub firing: Firing,
    /// Whether the condition of a BEFORE trigger uses the whole new row.
    #[serde(skip)]
    pub needs_whole_row: bool,
    /// The comment on the trigger.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// The source of a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerSource {
    /// A statement, as the server writes it.
    Statement(String),
    /// The trigger with the same name on the partitioned table. A partition has its own entry only if the trigger fires
    /// differently.
    Parent(QualifiedName),
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// The statement, as the server writes it.
    pub definition: String,
    /// The mode in which the rule applies.
    pub firing: Firing,
    /// The comment on the rule.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// A policy of row-level security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Policy {
    /// Whether the policy is `RESTRICTIVE`: a row must satisfy it in addition to at least one permissive policy.
    pub restrictive: bool,
    /// The command that the policy applies to. `None` means all commands.
    pub command: Option<String>,
    /// The roles that the policy applies to; an empty list means all.
    pub roles: Vec<String>,
    /// The condition on existing rows.
    pub using: Option<String>,
    /// The condition on new rows.
    pub check: Option<String>,
    /// The comment on the policy.
    #[serde(skip)]
    pub comment: Option<String>,
}
