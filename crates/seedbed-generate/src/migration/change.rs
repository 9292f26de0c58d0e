//! The operation that changes the definition of a column.

mod round_trip;

use round_trip::{SchemaCall, round_trip_dry_run};
use seedbed_config::Hint;
use seedbed_schema::model::{Column, Table};

use super::backfill::{self, BackfillSequence};
use super::cast::{cast_literal, casts, is_collatable, rounds, unbounded};
use super::drop::{ensure_restorable, remaining_enum_types};
use super::remove::ensure_not_inherited;
use super::snippets::field_dry_run;
use super::{MigrationOutcome, MigrationRequest, WriteError, index};
use crate::column_facts::{
    constraint_columns, constraints, default_sql, index_columns, is_enum, is_generated,
    owned_sequences,
};
use crate::dependents::{describe, foreign_keys, type_dependents};
use crate::field::{DefaultValue, Field, FieldKind, FieldType, Nullability, types};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings};
use crate::unrestorable::{self, Property, Unrestorable};
use crate::visible_schema::{self, VisibleSchema};
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

use crate::dry_run::create_enum;

/// Changes the type of a column, and its nullability and default if the field mentions them.
///
/// NOT NULL takes two more scripts, because existing rows may have nulls.
pub(super) fn column(
    request: &MigrationRequest<'_>,
    table: &Table,
    field: &Field,
) -> Result<MigrationOutcome, WriteError> {
    let schema = request.required_schema()?;
    let current = visible_schema::column(table, &field.name)?;
    let name = &table.name.name;
    let target = request.existing_target_table(table);
    let needs_backfill = field.null == Nullability::NotNull && current.not_null.is_none();
    let unsupported = |problem: &'static str| {
        let (table, column) = (name.clone(), current.name.clone());
        WriteError::UnsupportedChange { table, column, problem }
    };
    if let Some(problem) = problem(schema, table, current, field) {
        return Err(unsupported(problem));
    }
    ensure_not_inherited(schema, table)?;
    ensure_nothing_is_lost(schema, table, current, field)?;
    let (up, down) = calls(request, schema, table, current, field)?;
    if needs_backfill && target.batch_key().is_none() {
        return Err(unsupported(
            "its rows need a backfill, which runs in batches by a primary key of one uuid or integer column, and the \
             table has none",
        ));
    }
    let round_trip = round_trip_dry_run(table, current, field, &up, &down);
    let (old, new) = (types::from_data_type(schema, &current.data_type), field.type_in(name));
    let (mut files, mut notes) = (Vec::new(), type_notes(schema, current, &old, &new));
    if !up.is_empty() {
        let change = describe_change(&old, &new, current, field);
        let summary = format!("Changes `{}` of `{name}`: {change}.", current.name);
        files.push(script(summary, up, down).file(request.slug));
    }
    if needs_backfill {
        // If a script changes the type, that script has the requested name.
        let sequence = match files.as_slice() {
            [] => BackfillSequence::ExistingColumn { slug: request.slug },
            _ => BackfillSequence::AfterNewColumn,
        };
        backfill::scripts(target, &[field], sequence, &mut files, &mut notes);
    }
    if let Some(uniqueness) = field.index {
        files.push(index::for_field(request, name, field, uniqueness)?);
    }
    if files.is_empty() {
        let (table, column) = (name.clone(), current.name.clone());
        return Err(WriteError::Unchanged { table, column });
    }
    let dry_runs = field_dry_run(field).into_iter().chain([round_trip]).collect();
    Ok(MigrationOutcome::Generated { files, notes, dry_runs })
}

/// Returns the notes on a change of the type.
fn type_notes(
    schema: VisibleSchema<'_>,
    current: &Column,
    old: &FieldType,
    new: &FieldType,
) -> Vec<Hint> {
    let mut notes = Vec::new();
    if old.sql() != new.sql() {
        notes.extend(remaining_enum_types(schema, [current]));
    }
    if rounds(old, new) {
        notes.push(Hint::text(format!(
            "PostgreSQL silently rounds or truncates values that do not fit `{}`, and `down` does not \
                restore them",
            new.sql()
        )));
    }
    notes
}

/// Returns why the column cannot be changed in this way, if it cannot.
fn problem(
    schema: VisibleSchema<'_>,
    table: &Table,
    current: &Column,
    field: &Field,
) -> Option<&'static str> {
    if matches!(field.kind, FieldKind::References { .. }) {
        return Some("a reference is a different column with a foreign key");
    }
    if is_generated(current) || !owned_sequences(schema, table, current).is_empty() {
        return Some("the database generates its values");
    }
    let are_enums = matches!(field.kind, FieldKind::Enum { .. }) && is_enum(&current.data_type);
    are_enums.then_some(
        "it already has an enum type, whose values change by names such as addVoidToStatusEnum",
    )
}

fn script(summary: String, up: Vec<SchemaCall>, down: Vec<SchemaCall>) -> ScriptSource {
    let calls = |calls: Vec<SchemaCall>| {
        FunctionBody::Calls(calls.into_iter().map(|call| call.rust).collect())
    };
    ScriptSource {
        doc: vec![summary, "A change of the type may rewrite the table under a lock.".to_owned()],
        up: calls(up),
        down_doc: Some("Restores the definition from when this migration was written.".to_owned()),
        down: calls(down),
        ..ScriptSource::default()
    }
}

/// Describes the change for the first line of the script.
fn describe_change(old: &FieldType, new: &FieldType, current: &Column, field: &Field) -> String {
    let mut changes = Vec::new();
    if new.sql() != old.sql() {
        changes.push(format!("`{}` becomes `{}`", old.sql(), new.sql()));
    }
    if field.null == Nullability::Nullable && current.not_null.is_some() {
        changes.push("it becomes nullable".to_owned());
    }
    if let Some(default) = &field.default {
        changes.push(format!("its default becomes `{}`", default.sql()));
    }
    changes.join(", ")
}

/// Fails if the change would lose properties that PostgreSQL does not preserve.
fn ensure_nothing_is_lost(
    schema: VisibleSchema<'_>,
    table: &Table,
    current: &Column,
    field: &Field,
) -> Result<(), WriteError> {
    let name = &table.name.name;
    let own = unrestorable::properties_of_column(schema, table, current);
    let lost = |is_lost: fn(&Property) -> bool| {
        own.iter().filter(move |one| is_lost(&one.property)).cloned()
    };
    if field.null == Nullability::Nullable {
        let depends_on_not_null = lost(|property| {
            matches!(
                property,
                Property::NamedNotNull
                    | Property::NotNullNotValid
                    | Property::NotNullNoInherit
                    | Property::ReplicaIdentity
            )
        });
        ensure_restorable(&current.name, &depends_on_not_null.collect())?;
    }
    let (old, new) = (types::from_data_type(schema, &current.data_type), field.type_in(name));
    if old.sql() == new.sql() {
        return Ok(());
    }
    let mut dependents = type_dependents(schema, table, current);
    if old.without_modifier() != new.without_modifier() {
        dependents.extend(foreign_keys(schema, table, current));
    }
    if !dependents.is_empty() {
        let (table, column) = (name.clone(), current.name.clone());
        return Err(WriteError::TypeHasDependents { table, column, by: describe(&dependents) });
    }
    let is_storage =
        |property: &Property| matches!(property, Property::Storage | Property::Compression);
    let unrestorable = rebuilt(schema, table, current).chain(lost(is_storage));
    ensure_restorable(&current.name, &unrestorable.collect())
}

/// Returns the properties that the column's indexes and constraints lose when PostgreSQL rebuilds them for the new
/// type.
fn rebuilt(
    schema: VisibleSchema<'_>,
    table: &Table,
    current: &Column,
) -> impl Iterator<Item = Unrestorable> {
    let indexes = table.indexes.iter().filter_map(|(name, index)| {
        let columns = index_columns(schema, table, name, index);
        columns
            .contains(&current.name)
            .then(|| unrestorable::properties_of_index(schema, table, name, index))
    });
    let keys = constraints(table).filter_map(|(name, one)| {
        let columns = constraint_columns(schema, table, name, one);
        columns
            .contains(&current.name)
            .then(|| unrestorable::properties_of_constraint(schema, table, name, one))
    });
    indexes.chain(keys).flatten().collect::<Vec<_>>().into_iter()
}

/// Returns the calls of `up` and of `down`.
fn calls(
    request: &MigrationRequest<'_>,
    schema: VisibleSchema<'_>,
    table: &Table,
    current: &Column,
    field: &Field,
) -> Result<(Vec<SchemaCall>, Vec<SchemaCall>), WriteError> {
    let name = &table.name.name;
    let collation = current.collation.as_ref().map(|name| schema.sql_name(name));
    let old = ColumnState {
        field_type: types::from_data_type(schema, &current.data_type),
        default: default_sql(current).map(|sql| DefaultValue::Sql(sql.to_owned())),
        collation: collation.as_deref(),
    };
    let field_type = field.type_in(name);
    let new = ColumnState {
        default: match &field.default {
            None => {
                default_sql(current).map(|sql| without_old_cast(sql, &old.field_type, &field_type))
            }
            Some(DefaultValue::None) => None,
            Some(default) => Some(default.clone()),
        },
        collation: old.collation.filter(|_| is_collatable(&field_type)),
        field_type,
    };
    let (mut up, mut down) = (Vec::new(), Vec::new());
    let enum_type = quote_if_needed(&field.enum_name(name));
    let (create, drop) = super::snippets::enum_calls(request, std::slice::from_ref(field), name)?;
    if let FieldKind::Enum { values, .. } = &field.kind {
        let create = create.into_iter();
        up.extend(create.map(|rust| SchemaCall { rust, sql: create_enum(&enum_type, values) }));
    }
    if old.field_type.sql() != new.field_type.sql() {
        up.extend(retype(name, &current.name, &old, &new));
        down.extend(retype(name, &current.name, &new, &old));
    } else if !is_same_default(old.default.as_ref(), new.default.as_ref()) {
        up.push(set_default(name, &current.name, new.default.as_ref()));
        down.push(set_default(name, &current.name, old.default.as_ref()));
    }
    if field.null == Nullability::Nullable && current.not_null.is_some() {
        let column = quote_if_needed(&current.name);
        let rust = format!("drop_not_null({})", strings(&[name, &current.name]));
        up.push(SchemaCall::alter(
            name,
            Some(rust),
            &format!("ALTER COLUMN {column} DROP NOT NULL"),
        ));
        // This is not the verb `set_not_null`, which requires a script without a transaction. The statement scans the
        // whole table under its lock.
        down.push(SchemaCall::alter(name, None, &format!("ALTER COLUMN {column} SET NOT NULL")));
    }
    let drop = drop.into_iter();
    down.extend(drop.map(|rust| SchemaCall { rust, sql: format!("DROP TYPE {enum_type}") }));
    Ok((up, down))
}

/// Returns the existing default without the cast of a literal to the old type, because with the cast the default would
/// depend on the old type.
fn without_old_cast(sql: &str, old: &FieldType, new: &FieldType) -> DefaultValue {
    let cast = cast_literal(sql).filter(|(_, sql)| *sql == old.without_modifier().to_string());
    let literal = cast.filter(|_| old.sql() != new.sql()).map(|(literal, _)| literal);
    DefaultValue::Sql(literal.unwrap_or(sql).to_owned())
}

/// Returns whether two defaults are equal. The database reports the default `'a'` as `'a'::text`.
fn is_same_default(old: Option<&DefaultValue>, new: Option<&DefaultValue>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return old.is_none() && new.is_none() };
    let (old, new) = (old.sql(), new.sql());
    let is_cast =
        |cast: &str, literal: &str| cast_literal(cast).is_some_and(|(uncast, _)| uncast == literal);
    old == new || is_cast(&old, &new) || is_cast(&new, &old)
}

/// The properties of a column that change.
struct ColumnState<'c> {
    field_type: FieldType,
    default: Option<DefaultValue>,
    collation: Option<&'c str>,
}

/// Returns the calls that change the type. Between different base types PostgreSQL needs an
/// explicit cast for the values, and cannot cast the default.
fn retype(
    table: &str,
    column: &str,
    old: &ColumnState<'_>,
    new: &ColumnState<'_>,
) -> Vec<SchemaCall> {
    let mut definition =
        format!("ColumnDef::new_with_type({}, {})", string(column), new.field_type.column_type);
    let name = quote_if_needed(column);
    let mut subcommand = format!("ALTER COLUMN {name} TYPE {}", new.field_type.sql());
    // Without `COLLATE`, the column would get the default collation of its type.
    if let Some(collation) = new.collation {
        subcommand.push_str(&format!(" COLLATE {collation}"));
    }
    let mut calls = Vec::new();
    let changes_base = old.field_type.without_modifier() != new.field_type.without_modifier();
    if changes_base {
        if old.default.is_some() {
            calls.push(set_default(table, column, None));
        }
        let cast_to_text = if casts(&old.field_type, &new.field_type) { "" } else { "::text" };
        let cast = format!("{name}{cast_to_text}::{}", unbounded(&new.field_type));
        definition.push_str(&format!(".using(Expr::cust({}))", string(&cast)));
        subcommand.push_str(&format!(" USING {cast}"));
    }
    let rust = format!("change_column({}, {definition})", string(table));
    // `change_column` cannot set a collation.
    calls.push(SchemaCall::alter(table, new.collation.is_none().then_some(rust), &subcommand));
    // A change of the base type has already dropped the default.
    let (before, after) = (old.default.as_ref(), new.default.as_ref());
    let must_set = if changes_base { after.is_some() } else { !is_same_default(before, after) };
    if must_set {
        calls.push(set_default(table, column, after));
    }
    calls
}

/// Returns the call that sets the default, or drops it if there is none.
fn set_default(table: &str, column: &str, default: Option<&DefaultValue>) -> SchemaCall {
    let name = quote_if_needed(column);
    match default.and_then(|default| Some((default.rust()?, default.sql()))) {
        Some((rust, sql)) => {
            let definition = format!("ColumnDef::new({}).default({rust})", string(column));
            let rust = format!("change_column({}, {definition})", string(table));
            SchemaCall::alter(table, Some(rust), &format!("ALTER COLUMN {name} SET DEFAULT {sql}"))
        }
        None => SchemaCall::alter(table, None, &format!("ALTER COLUMN {name} DROP DEFAULT")),
    }
}
