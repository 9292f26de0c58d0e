//! Creates `rare_things`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("rare_things")
                .col(id())
                .col(custom_null("a", "line"))
                .col(custom_null("b", "lseg"))
                .col(custom_null("c", "box"))
                .col(custom_null("d", "path"))
                .col(custom_null("e", "polygon"))
                .col(custom_null("f", "circle"))
                .col(custom_null("g", "int8range"))
                .col(custom_null("h", "numrange"))
                .col(custom_null("i", "tsrange"))
                .col(custom_null("j", "daterange"))
                .col(custom_null("k", "int4multirange"))
                .col(custom_null("l", "int8multirange"))
                .col(custom_null("m", "nummultirange"))
                .col(custom_null("n", "tsmultirange"))
                .col(custom_null("o", "tstzmultirange"))
                .col(custom_null("p", "datemultirange"))
                .col(custom_null("q", "pg_lsn"))
                .col(custom_null("r", "oid"))
                .col(custom_null("s", "name"))
                .col(custom_null("t", "tsquery"))
                .col(small_integer("u").auto_increment())
                .col(integer("v").auto_increment())
                .col(float_null("w").default(Expr::cust("-1.5")))
                .col(decimal_len_null("x", 3, 0).default(Expr::cust("-2")))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('rare_things')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("rare_things").await
}
