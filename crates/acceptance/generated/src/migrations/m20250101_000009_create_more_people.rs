//! Creates `more_people`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("more_person_an", ["one", "two"]).await?;
    schema
        .create_table(
            Table::create()
                .table("more_people")
                .col(id())
                .col(binary_null("u"))
                .col(bit_null("v", None))
                .col(bit_null("w", Some(3)))
                .col(custom_null("x", "bit varying"))
                .col(custom_null("y", "bit varying(5)"))
                .col(json_null("z"))
                .col(json_binary_null("aa").default("{}"))
                .col(custom_null("ab", "cidr"))
                .col(custom_null("ac", "inet"))
                .col(custom_null("ad", "macaddr"))
                .col(custom_null("ae", "macaddr8"))
                .col(custom_null("af", "ltree"))
                .col(custom_null("ag", "hstore"))
                .col(custom_null("ah", "tsvector"))
                .col(custom_null("ai", "xml"))
                .col(custom_null("aj", "point"))
                .col(custom_null("ak", "int4range"))
                .col(custom_null("al", "tstzrange"))
                .col(array_null("am", ColumnType::Text).default("{}"))
                .col(array_null("an", ColumnType::custom("more_person_an")))
                .col(array_null("ao", ColumnType::Decimal(Some((4, 1)))))
                .col(array_null("ap", ColumnType::Interval(None, None)))
                .col(big_integer("aq").auto_increment())
                .col(custom_null("ar", "numeric(3,1)"))
                .col(array_null("at", ColumnType::TimestampWithTimeZone))
                .col(array_null("au", ColumnType::String(StringLen::N(3))))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.add_index(index("more_people", ["ah"]).full_text()).await?;
    schema.add_index(index("more_people", ["am"]).full_text()).await?;
    schema.execute("SELECT keep_updated_at('more_people')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("more_people").await?;
    schema.drop_enum("more_person_an").await
}
