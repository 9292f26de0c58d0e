//! Drops `word_people`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("word_people").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("word_people")
                .col(id())
                .col(
                    string_len_null("a", 20)
                        .default(Expr::cust(r#"'it''s \ "so"'::character varying"#)),
                )
                .col(char_len_null("b", 2))
                .col(text_null("c"))
                .col(char_len_null("c2", 1))
                .col(small_integer_null("d").default(Expr::cust("1")))
                .col(integer_null("e").default(Expr::cust("'-1'::integer")))
                .col(big_integer_null("f").default(Expr::cust("'5000000000'::bigint")))
                .col(decimal_null("g").default(Expr::cust("1.5")))
                .col(float_null("h"))
                .col(double_null("i"))
                .col(money_null("j").default(Expr::cust("0")))
                .col(boolean("k").default(Expr::cust("false")))
                .col(timestamptz_null("l").default(Expr::cust("now()")))
                .col(custom_null("l2", "timestamp(3) with time zone"))
                .col(custom_null("m", "timestamp without time zone"))
                .col(date_null("n"))
                .col(time_null("o"))
                .col(custom_null("p", "time with time zone"))
                .col(interval_null("q", None, None))
                .col(custom_null("r", "interval day to second"))
                .col(interval_null("s", None, Some(3)))
                .col(uuid_null("t").default(Expr::cust("uuid_generate_v4()")))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('word_people')").await
}
