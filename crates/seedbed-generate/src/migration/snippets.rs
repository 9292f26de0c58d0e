//! Rust and SQL snippets that several operations share.

use std::collections::BTreeSet;

use super::target_table::TargetTable;
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::dry_run::{self, DryRun};
use crate::field::{DefaultValue, Field, FieldKind, FieldType, OnDelete};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings};
use seedbed_sql::{fit_name, quote_ident_if_needed as quote_if_needed, quote_literal};

/// Returns the name of a companion script. It has only characters that such a name allows, and is short enough for a
/// numeric suffix.
pub(super) fn companion_slug(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(allowed).take(90).collect()
}

/// Returns the statement that creates the trigger for `updated_at`.
pub(super) fn keep_updated_at(table: &str) -> String {
    format!("SELECT keep_updated_at({})", quote_literal(&quote_if_needed(table)))
}

/// Returns the expression of a column, with the helper of its type.
pub(super) fn column(name: &str, field_type: &FieldType, not_null: bool) -> String {
    let mut arguments = vec![string(name)];
    arguments.extend(field_type.arguments.iter().cloned());
    let null = if not_null { "" } else { "_null" };
    format!("{}{null}({})", field_type.helper, arguments.join(", "))
}

/// Returns the expression of a field's column, with its default.
pub(super) fn field_column(field: &Field, table: &str, not_null: bool) -> String {
    let field_type = field.type_in(table);
    let mut text = column(&field.column(), &field_type, not_null);
    if field_type.class == crate::field::TypeClass::Serial {
        text.push_str(".auto_increment()");
    }
    if let Some(default) = field.default.as_ref().and_then(DefaultValue::rust) {
        text.push_str(&format!(".default({default})"));
    }
    text
}

/// Returns the expression of a foreign key in a new table.
pub(super) fn foreign_key(table: &str, column: &str, to: &str, on_delete: OnDelete) -> String {
    let name = fit_name(&format!("{table}_{column}"), "_fkey");
    let explicit_name = if name == format!("{table}_{column}_fkey") {
        String::new()
    } else {
        format!(".name({})", string(&name))
    };
    format!(
        "foreign_key({}){explicit_name}.on_delete(ForeignKeyAction::{})",
        strings(&[table, column, to]),
        on_delete.variant()
    )
}

/// Returns the foreign key as part of a new column. PostgreSQL then does not scan the table,
/// because existing rows have a null.
pub(super) fn inline_foreign_key(
    table: TargetTable<'_>,
    column: &str,
    to: &str,
    on_delete: OnDelete,
) -> Result<String, WriteError> {
    let name = fit_name(&format!("{}_{column}", table.name), "_fkey");
    table.ensure_constraint_name_is_free(&name)?;
    let sql = format!(
        "CONSTRAINT {} REFERENCES {} (id) ON DELETE {}",
        quote_if_needed(&name),
        quote_if_needed(to),
        on_delete.sql()
    );
    Ok(format!(".extra({})", string(&sql)))
}

/// Returns the calls that create the enum types of the fields, and the calls that drop them in
/// reverse order.
pub(super) fn enum_calls(
    request: &MigrationRequest<'_>,
    fields: &[Field],
    table: &str,
) -> Result<(Vec<String>, Vec<String>), WriteError> {
    let (mut create, mut drop) = (Vec::new(), Vec::new());
    for field in fields {
        if let FieldKind::Enum { values, .. } = &field.kind {
            let name = field.enum_name(table);
            request.ensure_name_is_free(&name)?;
            let name = string(&name);
            create.push(format!("create_enum({name}, [{}])", strings(values)));
            drop.insert(0, format!("drop_enum({name})"));
        }
    }
    Ok((create, drop))
}

/// The types that come from an extension with the same name.
const EXTENSIONS: &[&str] = &["citext", "hstore", "ltree", "vector"];

/// Returns the scripts that create missing extensions for the types of the fields.
///
/// These are separate scripts, because other tables may use the extension later, so reverting this migration must not
/// drop it.
pub(super) fn extension_scripts(
    request: &MigrationRequest<'_>,
    fields: &[Field],
    table: &str,
) -> Vec<GeneratedFile> {
    let needed: BTreeSet<&str> =
        fields.iter().filter_map(|field| extension_of(field, table)).collect();
    let missing = needed.into_iter().filter(|name| !request.extensions.contains(*name));
    missing.map(extension_script).collect()
}

/// Returns the extension that provides the type of the field, if the type comes from one.
fn extension_of(field: &Field, table: &str) -> Option<&'static str> {
    let base = field.type_in(table).base_name();
    EXTENSIONS.iter().copied().find(|extension| *extension == base)
}

/// Returns the dry run of a field. It is skipped while the extension of its type is missing.
pub(super) fn field_dry_run(field: &Field) -> Option<DryRun> {
    dry_run::for_field(field).map(|dry_run| dry_run.only_if_type_exists(extension_of(field, "")))
}

/// Returns the dry run of the value for existing rows, on a copy of the table that has the new
/// columns.
pub(super) fn backfill_dry_run(fields: &[Field], field: &Field, table: &str) -> Option<DryRun> {
    let fill = super::backfill::dry_run_sql(field, table)?;
    let mut statements = vec![dry_run::copy_table_sql(table, "")];
    for field in fields {
        let name = field.enum_name(table);
        if let FieldKind::Enum { values, .. } = &field.kind {
            statements.push(dry_run::create_enum(&quote_if_needed(&name), values));
        }
        let sql = field.type_in(table).sql();
        let (target, column) = (dry_run::copy_name(table), quote_if_needed(&field.column()));
        statements.push(format!("ALTER TABLE {target} ADD COLUMN {column} {sql}"));
    }
    statements.push(fill);
    let required_type = fields.iter().find_map(|field| extension_of(field, table));
    Some(
        DryRun::new(format!("the field `{}`", field.input), statements)
            .only_if_type_exists(required_type),
    )
}

/// Returns the script that creates an extension.
fn extension_script(name: &str) -> GeneratedFile {
    let down = format!(
        "schema
        .execute(
            \"
            DO $$ BEGIN
                DROP EXTENSION IF EXISTS {name};
            EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist THEN
                RAISE NOTICE 'the extension {name} stays: %', SQLERRM;
            END $$
            \",
        )
        .await"
    );
    let script = ScriptSource {
        doc: vec![format!("Creates the extension of the type `{name}`.")],
        up: FunctionBody::call(format!("create_extension({})", string(name))),
        down_doc: Some(
            "The extension stays if another application of this database uses it. So there is no \
                CASCADE, which would drop the columns of that application."
                .to_owned(),
        ),
        down: FunctionBody::Source(down),
        ..ScriptSource::default()
    };
    script.file(&format!("create_{name}"))
}
