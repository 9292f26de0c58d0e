//! Drops `user_profiles`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("user_profiles").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("user_profiles")
                .col(id())
                .col(uuid("user_id"))
                .col(text_null("bio").default(Expr::cust(r#"'a, b ''c'' "d" \ (e'::text"#)))
                .col(string_len("locale", 5).default(Expr::cust("'en'::character varying")))
                .col(
                    custom("mood", "user_profile_mood")
                        .default(Expr::cust("'it''s'::user_profile_mood")),
                )
                .col(
                    array_null("moods", ColumnType::custom("user_profile_moods"))
                        .default(Expr::cust("'{low,high}'::user_profile_moods[]")),
                )
                .col(array_null("tags", ColumnType::Text).default(Expr::cust("'{a,b}'::text[]")))
                .col(
                    array_null("numbers", ColumnType::Integer)
                        .default(Expr::cust("'{1,-2}'::integer[]")),
                )
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema
        .add_constraint(
            "user_profiles",
            "user_profiles_user_id_fkey",
            "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE",
        )
        .await?;
    schema.add_index(index("user_profiles", ["locale"])).await?;
    schema.add_index(index("user_profiles", ["user_id"])).await?;
    schema.execute("SELECT keep_updated_at('user_profiles')").await
}
