//! Creates `user_profiles`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("user_profile_mood", ["in-progress", "it's", "two words", "a,b"]).await?;
    schema.create_enum("user_profile_moods", ["low", "high"]).await?;
    schema
        .create_table(
            Table::create()
                .table("user_profiles")
                .col(id())
                .col(uuid("user_id"))
                .col(text_null("bio").default(r#"a, b 'c' "d" \ (e"#))
                .col(string_len("locale", 5).default("en"))
                .col(custom("mood", "user_profile_mood").default("it's"))
                .col(
                    array_null("moods", ColumnType::custom("user_profile_moods"))
                        .default("{low,high}"),
                )
                .col(array_null("tags", ColumnType::Text).default("{a,b}"))
                .col(array_null("numbers", ColumnType::Integer).default("{1,-2}"))
                .col(created_at())
                .col(updated_at())
                .foreign_key(
                    foreign_key("user_profiles", "user_id", "users")
                        .on_delete(ForeignKeyAction::Cascade),
                ),
        )
        .await?;
    schema.add_index(index("user_profiles", ["user_id"])).await?;
    schema.add_index(index("user_profiles", ["locale"])).await?;
    schema.execute("SELECT keep_updated_at('user_profiles')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("user_profiles").await?;
    schema.drop_enum("user_profile_moods").await?;
    schema.drop_enum("user_profile_mood").await
}
