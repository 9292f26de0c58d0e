//! Names, literals and tokens of PostgreSQL's SQL: the only place that quotes, and the only one that reads.
//!
//! ```
//! use seedbed_sql::{quote_ident, statements};
//!
//! assert_eq!(quote_ident("order"), r#""order""#);
//!
//! let sql = "/* a /* nested */ comment; */ DROP INDEX CONCURRENTLY i; SELECT ';'";
//! let statements = statements(sql);
//! assert_eq!(statements.len(), 2);
//! assert!(statements[0].begins_with(&["drop", "index", "concurrently"]));
//! ```
//!
//! The tokens are those of PostgreSQL's
//! [lexical structure](https://www.postgresql.org/docs/current/sql-syntax-lexical.html), with
//! `standard_conforming_strings` on. `sqlparser` has a tokenizer too; it comes with a parser for a dozen dialects, which
//! would be a twentieth of the first build, and this crate needs no more than words, names and where statements end.
#![deny(missing_docs)]

mod keyword;
mod name;
mod quote;
mod statement;
mod token;

pub use name::{LONGEST_NAME, QualifiedName, cut_name, fit_name};
pub use quote::{quote_ident, quote_ident_if_needed, quote_literal};
pub use statement::{StatementTokens, statements};
pub use token::{Token, TokenKind, tokens};
