//! Column helpers: those of SeaORM, and safe replacements for those of SeaORM that are traps.
//!
//! SeaORM's `timestamp…`, `date_time…`, `timestamps` and `table_auto` make `timestamp` without time
//! zone, `table_auto` adds `IF NOT EXISTS`, and its `pk_uuid` has no default. They are not exported
//! here; [`id`], [`created_at`], [`updated_at`] and [`timestamptz`] take their places.

use sea_orm::sea_query::{
    ColumnDef, Expr, ForeignKey, ForeignKeyCreateStatement, Index, IndexCreateStatement, IntoIden,
};
use seedbed_sql::fit_name;

pub use sea_orm_migration::schema::{
    array, array_null, big_integer, big_integer_null, big_integer_uniq, binary, binary_null, bit,
    bit_null, boolean, boolean_null, char, char_len, char_len_null, char_null, custom, custom_null,
    date, date_null, decimal, decimal_len, decimal_len_null, decimal_null, double, double_null,
    enumeration, enumeration_null, float, float_null, integer, integer_null, integer_uniq,
    interval, interval_null, json, json_binary, json_binary_null, json_null, money, money_null,
    pk_auto, small_integer, small_integer_null, string, string_len, string_len_null,
    string_len_uniq, string_null, string_uniq, text, text_null, text_uniq, time, time_null, uuid,
    uuid_null, uuid_uniq, var_binary, var_binary_null, varbit, varbit_null,
};

/// Returns the column `id uuid NOT NULL DEFAULT uuid_generate_v4() PRIMARY KEY`.
///
/// The function comes with the extension `uuid-ossp`: see [`Schema::create_extension`].
///
/// [`Schema::create_extension`]: crate::Schema::create_extension
#[must_use]
pub fn id() -> ColumnDef {
    pk_uuid("id")
}

/// Returns a uuid primary key with the given name, with the database default `uuid_generate_v4()`.
#[must_use]
pub fn pk_uuid(column: impl IntoIden) -> ColumnDef {
    uuid(column).default(Expr::cust("uuid_generate_v4()")).primary_key().take()
}

/// Returns the column `created_at timestamptz NOT NULL DEFAULT now()`.
#[must_use]
pub fn created_at() -> ColumnDef {
    timestamptz("created_at").default(Expr::cust("now()")).take()
}

/// Returns the column `updated_at timestamptz NOT NULL DEFAULT now()`.
#[must_use]
pub fn updated_at() -> ColumnDef {
    timestamptz("updated_at").default(Expr::cust("now()")).take()
}

/// Returns a `timestamptz NOT NULL` column.
#[must_use]
pub fn timestamptz(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().take()
}

/// Returns a `timestamptz` column that may be null.
#[must_use]
pub fn timestamptz_null(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().null().take()
}

/// Returns a foreign key from `table(column)` to `references(id)`, named as PostgreSQL would name it,
/// `<table>_<column>_fkey`. A name that is too long is shortened with a hash, so that it stays unique. Chain `.on_delete(ForeignKeyAction::Cascade)`.
#[must_use]
pub fn foreign_key(table: &str, column: &str, references: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(fit_name(&format!("{table}_{column}"), "_fkey"))
        .from(table.to_owned(), column.to_owned())
        .to(references.to_owned(), "id")
        .take()
}

/// Returns an index on columns of a table, named as PostgreSQL would name it, `<table>_<columns>_idx`. A name that is too long is
/// shortened with a hash, so that it stays unique. Chain `.unique()` or `.concurrently()`.
#[must_use]
pub fn index<const N: usize>(table: &str, columns: [&str; N]) -> IndexCreateStatement {
    let mut index = Index::create();
    let name = fit_name(&format!("{table}_{}", columns.join("_")), "_idx");
    index.name(name).table(table.to_owned());
    for column in columns {
        index.col(column.to_owned());
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::{ForeignKeyAction, PostgresQueryBuilder, Table};

    #[test]
    fn a_table_has_database_defaults_and_time_zones() {
        let sql = Table::create()
            .table("widgets")
            .col(id())
            .col(uuid("organization_id"))
            .col(created_at())
            .foreign_key(
                foreign_key("widgets", "organization_id", "organizations")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_string(PostgresQueryBuilder);
        assert_eq!(
            sql,
            concat!(
                r#"CREATE TABLE "widgets" ( "id" uuid NOT NULL DEFAULT (uuid_generate_v4()) PRIMARY KEY, "#,
                r#""organization_id" uuid NOT NULL, "#,
                r#""created_at" timestamp with time zone NOT NULL DEFAULT (now()), "#,
                r#"CONSTRAINT "widgets_organization_id_fkey" FOREIGN KEY ("organization_id") "#,
                r#"REFERENCES "organizations" ("id") ON DELETE CASCADE )"#
            )
        );
    }

    #[test]
    fn an_index_is_named_after_its_columns() {
        let sql = index("users", ["email", "name"]).unique().to_string(PostgresQueryBuilder);
        assert_eq!(
            sql,
            r#"CREATE UNIQUE INDEX "users_email_name_idx" ON "users" ("email", "name")"#
        );
    }
}
