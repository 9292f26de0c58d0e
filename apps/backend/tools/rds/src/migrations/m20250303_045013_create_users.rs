//! Creates `users`, the table of the people who can sign in.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("users")
                .col(id())
                .col(string("email"))
                .col(string("name"))
                .col(string_null("password_hash"))
                .col(boolean("is_admin").default(false))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    // The e-mail address is unique regardless of case. An index on `lower()` is used instead of citext, because citext
    // becomes case-sensitive as soon as an expression casts it to text.
    schema
        .add_index(
            Index::create()
                .name("users_lower_email_idx")
                .table("users")
                .col(Func::lower(Expr::col("email")))
                .unique(),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('users')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("users").await
}
