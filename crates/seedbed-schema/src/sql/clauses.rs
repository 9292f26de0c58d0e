//! The clauses of indexes and foreign keys, as the server writes them.

use std::collections::BTreeMap;

use seedbed_sql::quote_ident_if_needed as ident;

use super::text::literal;
use crate::model::{
    Constraint, Index, IndexKey, IndexKeyPart, QualifiedName, Reference, ReferentialAction,
};

impl Index {
    /// Returns the text behind `USING` in the statement: the access method, the keys and the other clauses.
    #[must_use]
    pub fn clauses(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(IndexKey::sql).collect();
        let mut sql = format!("{} ({})", self.method, keys.join(", "));
        if !self.include.is_empty() {
            sql += &format!(" INCLUDE ({})", idents(&self.include));
        }
        if self.nulls_not_distinct {
            sql += " NULLS NOT DISTINCT";
        }
        if !self.options.is_empty() {
            sql += &format!(" WITH ({})", parameters(&self.options));
        }
        if let Some(predicate) = &self.predicate {
            sql += &format!(" WHERE {predicate}");
        }
        sql
    }
}

impl IndexKey {
    fn sql(&self) -> String {
        let mut sql = match &self.part {
            IndexKeyPart::Column(name) => ident(name),
            IndexKeyPart::Expression(expression) => expression.clone(),
        };
        if let Some(collation) = &self.collation {
            sql += &format!(" COLLATE {}", visible(collation));
        }
        if let Some(class) = &self.operator_class {
            sql += &format!(" {}", visible(class));
        }
        if !self.operator_class_options.is_empty() {
            sql += &format!(" ({})", parameters(&self.operator_class_options));
        }
        sql += match (self.descending, self.nulls_first) {
            (false, false) => "",
            (false, true) => " NULLS FIRST",
            (true, false) => " DESC NULLS LAST",
            (true, true) => " DESC",
        };
        sql
    }
}

impl Constraint {
    /// Returns the text behind the referenced columns of a foreign key, such as `ON DELETE CASCADE`.
    #[must_use]
    pub fn reference_clauses(&self) -> String {
        let mut clauses = self.references.as_ref().map(Reference::actions).unwrap_or_default();
        let validity = if self.enforced { "NOT VALID" } else { "NOT ENFORCED" };
        for (is_set, clause) in [
            (self.deferrable, "DEFERRABLE"),
            (self.initially_deferred, "INITIALLY DEFERRED"),
            (!self.enforced || !self.validated, validity),
        ] {
            if is_set {
                clauses.push(clause.to_owned());
            }
        }
        clauses.join(" ")
    }
}

impl Reference {
    fn actions(&self) -> Vec<String> {
        let clause = |event: &str, action: ReferentialAction| {
            Some(format!("ON {event} {}", action.as_sql()?))
        };
        let columns = match self.on_delete_columns.as_slice() {
            [] => String::new(),
            columns => format!(" ({})", idents(columns)),
        };
        let on_delete = clause("DELETE", self.on_delete).map(|clause| clause + &columns);
        [clause("UPDATE", self.on_update), on_delete].into_iter().flatten().collect()
    }
}

impl ReferentialAction {
    /// Returns the action as SQL, or `None` for the default.
    const fn as_sql(self) -> Option<&'static str> {
        match self {
            Self::NoAction => None,
            Self::Restrict => Some("RESTRICT"),
            Self::Cascade => Some("CASCADE"),
            Self::SetNull => Some("SET NULL"),
            Self::SetDefault => Some("SET DEFAULT"),
        }
    }
}

fn idents(names: &[String]) -> String {
    names.iter().map(|name| ident(name)).collect::<Vec<_>>().join(", ")
}

/// Returns the name as SQL, without its schema if this is `pg_catalog`, which is part of every search path.
fn visible(name: &QualifiedName) -> String {
    if name.schema == "pg_catalog" { ident(&name.name) } else { name.to_string() }
}

/// Returns the parameters as the server writes them: a value that is not an identifier is a string literal.
fn parameters(options: &BTreeMap<String, String>) -> String {
    let parameters = options.iter().map(|(name, value)| {
        let value = if ident(value) == *value { value.clone() } else { literal(value) };
        format!("{}={value}", ident(name))
    });
    parameters.collect::<Vec<_>>().join(", ")
}
