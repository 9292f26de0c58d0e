//! The error of generating entities.

/// Why no entities can be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A hand-written file extends an entity that does not exist.
    #[error("by_hand/{0}.rs does not belong to a table")]
    UnknownTable(String),
    /// Several objects of the schema have the same name in Rust.
    #[error("several names of the schema become the same name in Rust:{}", lines(.0))]
    NameCollisions(Vec<NameCollision>),
}

pub(crate) fn lines(texts: &[impl ToString]) -> String {
    texts.iter().map(|text| format!("\n  {}", text.to_string())).collect()
}

/// Objects of a schema that have the same name in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameCollision {
    /// The scope of the names, such as `columns of public.users`.
    pub scope: String,
    /// The names in SQL.
    pub names: Vec<String>,
    /// The name in Rust.
    pub rust_name: String,
}

impl std::fmt::Display for NameCollision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} become {}", self.scope, self.names.join(", "), self.rust_name)
    }
}

impl Error {
    /// Returns what to do about the error.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownTable(name) => format!(
                "name it after an entity in tables/mod.rs, remove it if its table is gone, or write \
                    the whole entity {name} in it, with DeriveEntityModel"
            ),
            Self::NameCollisions(_) => "rename all but one of each in a migration".to_owned(),
        }
    }
}
