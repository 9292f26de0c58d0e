//! Removes the check `price_is_positive` from `changed_things`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_constraint("changed_things", "price_is_positive").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.add_constraint("changed_things", "price_is_positive", "CHECK (price > 0::numeric)").await
}
