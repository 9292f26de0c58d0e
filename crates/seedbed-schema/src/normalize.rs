//! Normalization of the SQL that servers of different versions write for the same object.

mod aliases;
mod array_casts;
mod cast_names;
mod keywords;
mod nesting;
mod qualifiers;

use aliases::add_as_keyword;
use array_casts::{ArrayNames, distribute_casts};
use cast_names::remove_names_of_casts;
use keywords::{quote_in_expression, quote_in_signature};
use qualifiers::remove_redundant_qualifiers;

/// Normalizes the texts of a server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Normalizer {
    /// The version of the server.
    pub(crate) version: i32,
    pub(crate) array_names: ArrayNames,
}

impl Normalizer {
    /// Normalizes an expression or a definition that contains expressions.
    pub(crate) fn expression(&self, sql: String) -> String {
        let sql = distribute_casts(sql, &self.array_names);
        if self.version < 170_000 { quote_in_expression(sql) } else { sql }
    }

    /// Normalizes the statements of a rule or of a function in standard SQL.
    pub(crate) fn statements(&self, sql: &str) -> String {
        self.expression(remove_names_of_casts(add_as_keyword(sql)))
    }

    /// Normalizes the query of a view. PostgreSQL 16 and later remove redundant qualifiers themselves.
    pub(crate) fn query(&self, sql: &str) -> String {
        let sql =
            if self.version < 160_000 { remove_redundant_qualifiers(sql) } else { sql.to_owned() };
        self.expression(remove_names_of_casts(sql))
    }

    /// Normalizes the head of a function. Does not change a body that is a string.
    pub(crate) fn signature(&self, sql: &str) -> String {
        if self.version < 170_000 { quote_in_signature(sql.to_owned()) } else { sql.to_owned() }
    }
}
