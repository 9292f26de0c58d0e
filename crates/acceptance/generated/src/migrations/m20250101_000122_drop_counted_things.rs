//! Drops `counted_things`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("counted_things").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE SEQUENCE counted_things_a_seq").await?;
    schema.execute("CREATE SEQUENCE bees AS integer MAXVALUE 9 CYCLE").await?;
    schema.execute("CREATE SEQUENCE numbers AS smallint START WITH 7").await?;
    schema.execute("CREATE SEQUENCE counted_things_d_seq").await?;
    schema
        .create_table(
            Table::create()
                .table("counted_things")
                .col(id())
                .col(
                    big_integer_null("a")
                        .default(Expr::cust("nextval('counted_things_a_seq'::regclass)")),
                )
                .col(integer("b").default(Expr::cust("nextval('bees'::regclass)")))
                .col(small_integer("c").default(Expr::cust("(nextval('numbers'::regclass) + 1)")))
                .col(
                    big_integer("d")
                        .default(Expr::cust("nextval('counted_things_d_seq'::regclass)")),
                )
                .col(integer("e").extra("GENERATED ALWAYS AS IDENTITY (START WITH 3)")),
        )
        .await?;
    schema.execute("ALTER SEQUENCE counted_things_a_seq OWNED BY counted_things.a").await?;
    schema.execute("ALTER SEQUENCE bees OWNED BY counted_things.b").await?;
    schema.execute("ALTER SEQUENCE numbers OWNED BY counted_things.c").await?;
    schema.execute("ALTER SEQUENCE counted_things_d_seq OWNED BY counted_things.d").await?;
    schema.execute("COMMENT ON SEQUENCE counted_things_d_seq IS 'D'").await?;
    schema
        .execute(
            "COMMENT ON CONSTRAINT counted_things_pkey ON counted_things \
            IS 'as everywhere'",
        )
        .await
}
