//! Generates a model from an entity, and adds it to a list of modules.

mod plan;
mod render;

use plan::ModelPlan;
use seedbed_entities::EntityDescription;

/// The files of a model, which are not formatted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedModel {
    /// The source of the model.
    pub model: String,
    /// The source of its test.
    pub test: String,
}

/// The reason why no model can be generated for an entity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The entity has no primary key.
    #[error("the entity `{0}` has no primary key")]
    NoKey(String),
    /// The type of the primary key is not supported.
    #[error(
        "the field `{field}` in the primary key of the entity `{entity}` has the type `{rust}`, \
            which a model does not support"
    )]
    Key {
        /// The name of the entity.
        entity: String,
        /// The name of the field.
        field: String,
        /// The Rust type of the field.
        rust: String,
    },
}

impl ModelError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        "write the model by hand, like those in `apps/backend/src/models`".to_owned()
    }
}

/// Generates the model of an entity.
///
/// # Errors
/// Fails if the entity has no supported primary key.
pub fn write_model(entity: &EntityDescription) -> Result<GeneratedModel, ModelError> {
    let plan = ModelPlan::new(entity)?;
    Ok(GeneratedModel { model: plan.model(), test: plan.test() })
}

/// Inserts `mod name;` in alphabetical order into the lines that have the same prefix, `mod ` or `pub mod `, and
/// returns the new text. Returns the text unchanged if the module is already declared.
#[must_use]
pub fn add_module(list: &str, prefix: &str, name: &str) -> String {
    let line = format!("{prefix}{name};");
    if list.lines().any(|existing| existing.trim() == line) {
        return list.to_owned();
    }
    let mut lines: Vec<&str> = list.lines().collect();
    let is_mod = |existing: &&str| existing.starts_with(prefix);
    let after = lines.iter().position(|existing| is_mod(existing) && *existing > line.as_str());
    let last = lines.iter().rposition(is_mod).map(|last| last + 1);
    let place = after.or(last).unwrap_or(lines.len());
    lines.insert(place, &line);
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests;
