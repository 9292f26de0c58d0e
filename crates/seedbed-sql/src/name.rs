//! Names of objects: their maximum length, and names qualified with a schema.

use std::fmt;

use crate::quote::quote_ident;

/// The maximum length of a name in bytes: PostgreSQL's `NAMEDATALEN` without the final NUL byte.
pub const LONGEST_NAME: usize = 63;

/// Truncates a name to [`LONGEST_NAME`] bytes at a character boundary, as the server does. The server reports this with
/// a NOTICE and not with an error.
///
/// ```
/// assert_eq!(seedbed_sql::cut_name(&"x".repeat(70)).len(), 63);
/// ```
#[must_use]
pub fn cut_name(name: &str) -> &str {
    &name[..name.floor_char_boundary(LONGEST_NAME)]
}

/// Builds a name for a generated object that the server does not truncate. The result is `name` followed by `suffix`.
/// If that is too long, the result is the beginning of `name`, a hash of the whole `name`, and `suffix`. Because of the
/// hash, two long names with the same beginning stay different.
///
/// ```
/// use seedbed_sql::fit_name;
///
/// assert_eq!(fit_name("users_email", "_idx"), "users_email_idx");
/// let long = "organization_membership_invitations_organization_id_invited_email";
/// assert_eq!(fit_name(long, "_idx").len(), 63);
/// assert_ne!(fit_name(long, "_idx"), fit_name(&format!("{long}_2"), "_idx"));
/// ```
#[must_use]
pub fn fit_name(name: &str, suffix: &str) -> String {
    if name.len() + suffix.len() <= LONGEST_NAME {
        return format!("{name}{suffix}");
    }
    // FNV-1a, because the name must stay the same in all versions of this program. The hash of the standard library may
    // change.
    let hash = name
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let end = format!("_{hash:08x}{suffix}");
    let begin = &name[..name.floor_char_boundary(LONGEST_NAME.saturating_sub(end.len()))];
    format!("{begin}{end}")
}

/// The name of an object, with its schema if the SQL names one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SqlName {
    /// The schema, if the SQL names one.
    pub schema: Option<String>,
    /// The name inside the schema.
    pub name: String,
}

impl fmt::Display for SqlName {
    /// Writes the quoted name, for SQL and for `to_regclass`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", quote_ident(schema))?;
        }
        f.write_str(&quote_ident(&self.name))
    }
}
