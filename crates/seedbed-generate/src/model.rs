//! A model over an entity: its functions, its test, and its line in the list.

mod entity;
mod text;

use entity::Entity;

/// The files of a model, not formatted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenModel {
    /// What is done with rows.
    pub model: String,
    /// The test of it.
    pub test: String,
}

/// Why there is no model of the entity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file is not one that `make entities` has written.
    #[error("there is no `pub struct Model` with a primary key in the entity {0}")]
    NoModel(String),
    /// A row is found by a value that nobody types.
    #[error(
        "{column} is in the primary key of the entity {entity}, and a model is not written for {rust}"
    )]
    Key {
        /// The entity.
        entity: String,
        /// The column.
        column: String,
        /// Its type.
        rust: String,
    },
}

impl ModelError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoModel(_) => "`make entities` writes the entities anew",
            Self::Key { .. } => {
                "write the model by hand, after one of those in apps/backend/src/models"
            }
        }
        .to_owned()
    }
}

/// Writes the model of the entity of that name, whose file has that text.
///
/// # Errors
/// When the entity is none that a model can be written for.
pub fn write_model(name: &str, entity: &str) -> Result<WrittenModel, ModelError> {
    let entity = Entity::parse(name, entity)?;
    Ok(WrittenModel { model: entity.model(), test: entity.test() })
}

/// Returns the list of modules with that one in it, among the lines that begin in the same way, `mod ` or
/// `pub mod `, in the order of their names.
#[must_use]
pub fn listed(list: &str, begin: &str, name: &str) -> String {
    let line = format!("{begin}{name};");
    if list.lines().any(|known| known.trim() == line) {
        return list.to_owned();
    }
    let mut lines: Vec<&str> = list.lines().collect();
    let is_mod = |known: &&str| known.starts_with(begin);
    let after = lines.iter().position(|known| is_mod(known) && *known > line.as_str());
    let last = lines.iter().rposition(is_mod).map(|last| last + 1);
    let place = after.or(last).unwrap_or(lines.len());
    lines.insert(place, &line);
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests;
