//! The error of generating entities.

/// The reason why no entities can be generated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A hand-written file extends an entity that does not exist.
    #[error("`by_hand/{0}.rs` does not belong to a table")]
    UnknownTable(String),
    /// The settings name an object that the schema does not have.
    #[error("`seedbed.toml` has a setting for the {object}, which the migrations do not create")]
    UnknownObject {
        /// The object, such as ``column `users.mail` ``.
        object: String,
    },
    /// The settings have a name or a type that is not Rust.
    #[error("`seedbed.toml` has `{text}` for the {object}, but `{text}` is not {expected}")]
    NotRust {
        /// The object, such as ``table `queues` ``.
        object: String,
        /// The text.
        text: String,
        /// The expected text, such as `the name of a module`.
        expected: &'static str,
    },
    /// The settings of a view have no key.
    #[error("`seedbed.toml` has no `key` for the view `{0}`")]
    ViewWithoutKey(String),
}

impl Error {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownTable(name) => format!(
                "name the file after an entity in `tables/mod.rs`, remove it if its table is gone, or write \
                    the whole entity `{name}` in it, with `DeriveEntityModel`"
            ),
            Self::UnknownObject { .. } => {
                "write the name of the object as the database does, without quotes and with its schema unless that is \
                 `public`; remove the setting if the object is gone"
                    .to_owned()
            }
            Self::NotRust { .. } => {
                "write the names of modules and fields in `snake_case`, and those of types in `UpperCamelCase`".to_owned()
            }
            Self::ViewWithoutKey(view) => format!(
                "list the columns that identify a row: `key = [\"id\"]` in `[entities.views.{}]`",
                toml_key(view)
            ),
        }
    }
}

/// Returns a key of TOML, quoted if necessary.
pub(crate) fn toml_key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}
