//! What is wrong with a field.

/// A field that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}`: {problem}")]
#[non_exhaustive]
pub struct FieldError {
    /// As it was typed.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
    hint: String,
}

impl FieldError {
    pub(crate) fn new(field: &str, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { field: field.to_owned(), problem: problem.into(), hint: hint.into() }
    }

    /// What to type instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}
