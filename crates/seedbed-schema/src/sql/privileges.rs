//! Writes privileges and default privileges.

use std::fmt;

use seedbed_sql::quote_ident_if_needed as ident;

use crate::model::{
    DefaultPrivilegesOf, Grant, GrantedPrivileges, Grantee, Object, ObjectKind, PartKind,
};

impl Object {
    /// Returns the text between `GRANT … ON` and `TO`.
    fn in_grant(&self) -> String {
        let word = match self.kind {
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Table => "TABLE",
            ObjectKind::Aggregate | ObjectKind::Function => "FUNCTION",
            ObjectKind::Procedure => "PROCEDURE",
            ObjectKind::Type | ObjectKind::Domain => "TYPE",
            ObjectKind::Sequence => "SEQUENCE",
            _ => "SCHEMA",
        };
        format!("{word} {}", self.name)
    }
}

/// Returns the statements that grant the privileges on an object or a column.
pub(super) fn grants(object: &Object, grants: &[Grant]) -> String {
    let column = object.part.as_ref().filter(|part| part.kind == PartKind::Column);
    let column = column.map(|column| format!(" ({})", ident(&column.name)));
    statements(grants, &object.in_grant(), &column.unwrap_or_default(), "")
}

/// Returns the statements that set default privileges.
pub(super) fn default_privileges(key: &DefaultPrivilegesOf, grants: &[Grant]) -> String {
    let role = key.role.iter().map(|role| format!(" FOR ROLE {}", ident(role)));
    let schema = key.schema.iter().map(|schema| format!(" IN SCHEMA {}", ident(schema)));
    let scope: String = role.chain(schema).collect();
    statements(grants, key.objects, "", &format!("ALTER DEFAULT PRIVILEGES{scope} "))
}

/// Returns one statement for each grant. `column` is a list of one column that follows each privilege, or empty, and
/// `prefix` is the text before GRANT or REVOKE.
fn statements(grants: &[Grant], on: &str, column: &str, prefix: &str) -> String {
    let statement = |grant: &Grant| match grant {
        Grant::RevokedFromPublic => format!("{prefix}REVOKE ALL ON {on} FROM PUBLIC;"),
        Grant::Granted { grantee, privileges, grantable } => {
            let words = match privileges {
                GrantedPrivileges::All => "ALL".to_owned(),
                GrantedPrivileges::Listed(words) => {
                    let words = words.iter().map(|word| format!("{word}{column}"));
                    words.collect::<Vec<_>>().join(", ")
                }
            };
            let option = if *grantable { " WITH GRANT OPTION" } else { "" };
            format!("{prefix}GRANT {words} ON {on} TO {grantee}{option};")
        }
    };
    grants.iter().map(statement).collect::<Vec<_>>().join("\n")
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("PUBLIC"),
            Self::Role(role) => f.write_str(&ident(role)),
        }
    }
}

/// Writes the kind of objects, the role that creates them and their schema, such as
/// `tables for role admin in schema public`.
impl fmt::Display for DefaultPrivilegesOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.objects.to_lowercase())?;
        if let Some(role) = &self.role {
            write!(f, " for role {}", ident(role))?;
        }
        if let Some(schema) = &self.schema {
            write!(f, " in schema {}", ident(schema))?;
        }
        Ok(())
    }
}
