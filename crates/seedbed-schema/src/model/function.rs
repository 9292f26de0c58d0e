//! Functions, procedures and aggregates.

use serde::Serialize;

use super::{Grant, QualifiedName};

/// A function, a procedure or an aggregate by its name and the types of its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// The name.
    pub name: QualifiedName,
    /// The types of the input arguments as SQL, separated by commas.
    pub arguments: String,
}

impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({})", self.name, self.arguments)
    }
}

/// A function, a procedure or an aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Function {
    /// The kind of the function, with its definition.
    pub definition: FunctionDefinition,
    /// Whether the body needs the search path of the session. That is the case if the body is a string, the function
    /// has no `SET search_path`, and the body contains the name of an object that the session finds without its schema.
    #[serde(skip)]
    pub uses_search_path: bool,
    /// The comment.
    #[serde(skip)]
    pub comment: Option<String>,
    /// The privileges of roles other than the owner.
    #[serde(skip)]
    pub privileges: Vec<Grant>,
}

/// The kind of a function, with its definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionDefinition {
    /// A function.
    Function(FunctionText),
    /// A procedure.
    Procedure(FunctionText),
    /// An aggregate.
    Aggregate(Aggregate),
}

/// The statement that creates a function or a procedure, as the server writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FunctionText {
    /// The statement up to the body, or all of it if the body is a string.
    pub header: String,
    /// The body in standard SQL, whose dependencies the server knows. A body that is a string is part
    /// of the header.
    pub sql_body: Option<String>,
}

/// An aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Aggregate {
    /// The arguments as SQL; `*` means none.
    pub arguments: String,
    /// The options of `CREATE AGGREGATE` with their values as SQL. An option such as `HYPOTHETICAL` has no value.
    pub options: Vec<(&'static str, Option<String>)>,
}
