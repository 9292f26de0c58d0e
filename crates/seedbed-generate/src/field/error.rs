//! The error of a field that cannot be read.

/// A field that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}`: {problem}")]
#[non_exhaustive]
pub struct FieldError {
    /// The field as the user typed it.
    pub field: String,
    /// The problem with the field.
    pub problem: String,
    hint: String,
}

impl FieldError {
    pub(crate) fn new(field: &str, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { field: field.to_owned(), problem: problem.into(), hint: hint.into() }
    }

    /// Returns the hint that says what to type instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}
