//! The expressions that scripts are made of.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::{GeneratedFile, Request, WriteError};
use crate::field::{DefaultValue, Field, Kind, OnDelete, Type};
use crate::rust::{Body, Script, string, strings};
use seedbed_sql::fit_name;

use seedbed_sql::quote_literal;

use crate::sql::word;
use crate::trial::{self, Trial};

/// Strings as arguments.
pub(super) fn quoted(texts: &[&str]) -> String {
    strings(texts)
}

/// The name of a script that comes with the one that was asked for: in the letters of such a name, and
/// short enough to have a number behind it.
pub(super) fn companion(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(plain).take(90).collect()
}

/// The statement behind the `updated_at` of a table.
pub(super) fn keep_updated_at(table: &str) -> String {
    format!("SELECT keep_updated_at({})", quote_literal(&word(table)))
}

/// A column, by the helper of its type.
pub(super) fn column(name: &str, of: &Type, not_null: bool) -> String {
    let mut arguments = vec![string(name)];
    arguments.extend(of.arguments.iter().cloned());
    let null = if not_null { "" } else { "_null" };
    format!("{}{null}({})", of.helper, arguments.join(", "))
}

/// The column of a field, NOT NULL or not, with its default.
pub(super) fn field_column(field: &Field, table: &str, not_null: bool) -> String {
    let built = field.type_in(table);
    let mut text = column(&field.column(), &built, not_null);
    if built.class == crate::field::Class::Counter {
        text.push_str(".auto_increment()");
    }
    if let Some(default) = field.default.as_ref().and_then(DefaultValue::rust) {
        text.push_str(&format!(".default({default})"));
    }
    text
}

/// The foreign key of a column in a table that is being created.
pub(super) fn foreign_key(table: &str, column: &str, to: &str, on_delete: OnDelete) -> String {
    let name = fit_name(&format!("{table}_{column}"), "_fkey");
    let renamed = if name == format!("{table}_{column}_fkey") {
        String::new()
    } else {
        format!(".name({})", string(&name))
    };
    format!(
        "foreign_key({}){renamed}.on_delete(ForeignKeyAction::{})",
        quoted(&[table, column, to]),
        on_delete.variant()
    )
}

/// The same on a column that is being added. As a part of the column PostgreSQL needs not look at the
/// rows: they have a null there.
pub(super) fn inline_foreign_key(
    table: Ground<'_>,
    column: &str,
    to: &str,
    on_delete: OnDelete,
) -> Result<String, WriteError> {
    let name = fit_name(&format!("{}_{column}", table.name), "_fkey");
    table.lacks_constraint(&name)?;
    let sql = format!(
        "CONSTRAINT {} REFERENCES {} (id) ON DELETE {}",
        word(&name),
        word(to),
        on_delete.sql()
    );
    Ok(format!(".extra({})", string(&sql)))
}

/// The calls that create the enum types of the fields, and those that drop them, the last one first.
pub(super) fn enums(
    request: &Request<'_>,
    fields: &[Field],
    table: &str,
) -> Result<(Vec<String>, Vec<String>), WriteError> {
    let (mut create, mut drop) = (Vec::new(), Vec::new());
    for field in fields {
        if let Kind::Enum { values, .. } = &field.kind {
            let name = field.enum_name(table);
            request.free(&name)?;
            let name = string(&name);
            create.push(format!("create_enum({name}, [{}])", strings(values)));
            drop.insert(0, format!("drop_enum({name})"));
        }
    }
    Ok((create, drop))
}

/// The types that come with an extension of the same name.
const EXTENSIONS: &[&str] = &["citext", "hstore", "ltree", "vector"];

/// The scripts that create the extensions which the fields need and no script creates yet.
///
/// Scripts of their own, since another table may come to use them: reverting this one must not take
/// the extension away from that.
pub(super) fn extensions(
    request: &Request<'_>,
    fields: &[Field],
    table: &str,
) -> Vec<GeneratedFile> {
    let needed: BTreeSet<&str> =
        fields.iter().filter_map(|field| extension_of(field, table)).collect();
    let missing = needed.into_iter().filter(|name| !request.extensions.contains(*name));
    missing.map(extension).collect()
}

/// The extension that brings the type of the field.
fn extension_of(field: &Field, table: &str) -> Option<&'static str> {
    let sql = field.type_in(table).sql;
    let base = sql.trim_end_matches("[]").split('(').next().unwrap_or_default();
    EXTENSIONS.iter().copied().find(|extension| *extension == base)
}

/// The trial of a field, for which its type has to be there.
pub(super) fn trial_of_field(field: &Field) -> Option<Trial> {
    trial::of_field(field).map(|trial| trial.if_there_is(extension_of(field, "")))
}

/// The trial of what the rows of old get, on a copy of the table that has the new columns.
pub(super) fn trial_of_fill(fields: &[Field], field: &Field, table: &str) -> Option<Trial> {
    let fill = super::rows_of_old::trial(field, table)?;
    let mut statements = vec![trial::copy(table, "")];
    for field in fields {
        let name = field.enum_name(table);
        if let Kind::Enum { values, .. } = &field.kind {
            statements.push(trial::create_enum(&word(&name), values));
        }
        let sql = field.type_in(table).sql;
        let (target, column) = (trial::copied(table), word(&field.column()));
        statements.push(format!("ALTER TABLE {target} ADD COLUMN {column} {sql}"));
    }
    statements.push(fill);
    let needs = fields.iter().find_map(|field| extension_of(field, table));
    Some(Trial::new(format!("field `{}`", field.typed), statements).if_there_is(needs))
}

fn extension(name: &str) -> GeneratedFile {
    let down = format!(
        "schema
        .execute(
            r#\"
            DO $$ BEGIN
                DROP EXTENSION IF EXISTS {name};
            EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist THEN
                RAISE NOTICE 'the extension {name} stays: %', SQLERRM;
            END $$
            \"#,
        )
        .await"
    );
    let script = Script {
        doc: vec![format!("The extension behind the type `{name}`.")],
        up: Body::call(format!("create_extension({})", string(name))),
        down_doc: Some(
            "It may have been here before us, or serve another application of this database: then it \
             stays. Hence no CASCADE, which would drop other people's columns."
                .to_owned(),
        ),
        down: Body::Text(down.replace("r#\"", "\"").replace("\"#", "\"")),
        ..Script::default()
    };
    script.file(&format!("create_{name}"))
}
