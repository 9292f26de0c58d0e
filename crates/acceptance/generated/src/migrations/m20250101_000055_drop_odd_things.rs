//! Drops `odd_things`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("odd_things").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("odd_things")
                .col(integer("id").extra("GENERATED ALWAYS AS IDENTITY"))
                .col(uuid("other").default(Expr::cust("uuid_generate_v4()")))
                .col(
                    text_null("Order")
                        .default(Expr::cust(r#"'a ''b'' \ "c"'::text"#))
                        .extra(r#"COLLATE "C""#),
                )
                .col(custom("counted", "bigserial"))
                .col(integer_null("twice").extra("GENERATED ALWAYS AS ((1 + 1)) STORED"))
                .col(custom_null("status", "status").default(Expr::cust("'draft'::status")))
                .col(integer_null("parent"))
                .col(decimal_len("price", 10, 2).default(Expr::cust("1")))
                .col(string_null("moved")),
        )
        .await?;
    schema
        .add_constraint("odd_things", "odd_excluded", "EXCLUDE USING btree (other WITH =)")
        .await?;
    schema.add_constraint("odd_things", "odd_key", "PRIMARY KEY (id)").await?;
    schema
        .add_constraint("odd_things", "odd_things_price_check", "CHECK (price > 0::numeric)")
        .await?;
    schema
        .add_constraint("odd_things", "odd_unique", r#"UNIQUE ("Order", parent) DEFERRABLE"#)
        .await?;
    schema
        .add_constraint(
            "odd_things",
            "odd_parent",
            "FOREIGN KEY (parent) REFERENCES odd_things(id) ON UPDATE CASCADE",
        )
        .await?;
    schema.execute("COMMENT ON CONSTRAINT odd_parent ON odd_things IS 'the odd one above'").await?;
    schema
        .execute(
            "CREATE INDEX odd_lower ON odd_things USING btree (lower(\"Order\") DESC) \
            WHERE parent > 0",
        )
        .await?;
    schema.execute("COMMENT ON INDEX odd_lower IS 'in small letters'").await?;
    schema.add_index(index("odd_things", ["price"])).await?;
    schema
        .execute(
            "CREATE TRIGGER odd_trigger AFTER INSERT ON odd_things FOR EACH STATEMENT \
            EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        )
        .await?;
    schema.execute("COMMENT ON TABLE odd_things IS 'it''s odd'").await?;
    schema.execute(r#"COMMENT ON COLUMN odd_things."Order" IS 'in C'"#).await
}
