//! Quotes names and literals of PostgreSQL's SQL, and splits SQL into tokens and statements. No other crate does
//! either.
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
//! `standard_conforming_strings` on. The crate `sqlparser` has a tokenizer too, but it comes with a parser for a dozen
//! dialects, which would take a twentieth of the time of the first build. This crate needs only words, names and the
//! ends of statements.
#![deny(missing_docs)]

mod history_tables;
mod keyword;
mod name;
mod quote;
mod statement;
mod token;

pub use history_tables::{LOG, MIGRATION_HISTORY, OWN_TABLES, SEED_HISTORY, own_tables_sql};
pub use name::{LONGEST_NAME, SqlName, cut_name, fit_name};
pub use quote::{quote_ident, quote_ident_if_needed, quote_literal};
pub use statement::{StatementTokens, statements};
pub use token::{Token, TokenKind, tokens};
