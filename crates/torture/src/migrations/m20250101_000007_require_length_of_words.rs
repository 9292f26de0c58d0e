//! Adds constraints, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.set_not_null("words", "length").await?;
    schema.add_constraint_not_valid("words", "words_length_check", "CHECK (length > 0)").await?;
    schema.validate_constraint("words", "words_length_check").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_constraint("words", "words_length_check").await?;
    schema.drop_not_null("words", "length").await
}
