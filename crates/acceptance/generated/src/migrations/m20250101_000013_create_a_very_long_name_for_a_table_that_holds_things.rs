//! Creates `a_very_long_name_for_a_table_that_holds_things`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("a_very_long_name_for_a_table_that_holds_things")
                .col(id())
                .col(
                    uuid("a_very_long_name_for_a_column_too_id")
                        .default(Expr::cust("uuid_generate_v4()")),
                )
                .col(created_at())
                .col(updated_at())
                .foreign_key(
                    foreign_key(
                        "a_very_long_name_for_a_table_that_holds_things",
                        "a_very_long_name_for_a_column_too_id",
                        "products",
                    )
                    .name("a_very_long_name_for_a_table_that_holds_things_a__cbab30aa_fkey")
                    .on_delete(ForeignKeyAction::SetDefault),
                ),
        )
        .await?;
    schema
        .add_index(
            index(
                "a_very_long_name_for_a_table_that_holds_things",
                ["a_very_long_name_for_a_column_too_id"],
            )
            .name("a_very_long_name_for_a_table_that_holds_things_a_v_cbab30aa_idx"),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('a_very_long_name_for_a_table_that_holds_things')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("a_very_long_name_for_a_table_that_holds_things").await
}
