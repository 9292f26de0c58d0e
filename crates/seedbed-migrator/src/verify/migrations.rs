//! Verifies migrations. `down` must restore the schema, `up` after `down` must create it again, and `up` must not fail
//! on rows.

use std::collections::BTreeSet;
use std::time::Instant;

use seedbed_engine::{Name, Script, ScriptKind};
use seedbed_schema::model::{ObjectKind, PartKind, QualifiedName};
use seedbed_schema::{Change, DatabaseSchema, diff};

use super::generated_rows::GeneratedRows;
use super::{
    Finding, MigratedDatabase, ScriptFailure, Selection, SkipReason, Verification,
    VerificationProgress, Verifier, VerifyError,
};

/// Verifies the selected migrations, and applies the others up to the last selected one.
pub(super) async fn verify(
    verifier: &Verifier<'_>,
    selection: &Selection,
    database: &mut MigratedDatabase<'_>,
) -> Result<(), VerifyError> {
    if selection.migration_range().is_none() {
        return Ok(());
    }
    let mut filled = FilledDatabase {
        database: MigratedDatabase::create(*verifier).await?,
        rows: GeneratedRows::default(),
    };
    let verified = verify_on(verifier, selection, database, &mut filled).await;
    let dropped = filled.database.drop().await;
    verified.and(dropped)
}

async fn verify_on(
    verifier: &Verifier<'_>,
    selection: &Selection,
    database: &mut MigratedDatabase<'_>,
    filled: &mut FilledDatabase<'_>,
) -> Result<(), VerifyError> {
    let Some((first, last)) = selection.migration_range() else {
        return Ok(());
    };
    let up_to_last = selection.migrations().iter().take_while(|(name, _)| *name <= last);
    // The schema after a verified migration is the schema before the next one.
    let mut known_schema = None;
    for (name, script) in up_to_last {
        if !selection.contains(name) {
            // The migrations before the first selected one are applied at once by `up_to`.
            if name > first {
                database.up(ScriptKind::Migration, name).await?;
            }
            known_schema = None;
            // The migration is not verified, so its failure on rows is no finding.
            filled.up(verifier, name, None).await?;
            continue;
        }
        (verifier.progress)(VerificationProgress::Started(name));
        let started_at = Instant::now();
        let old = match known_schema.take() {
            Some(schema) => schema,
            None => {
                if name == first {
                    apply_those_before(selection, database, first).await?;
                }
                database.schema().await?
            }
        };
        let (mut findings, new) = verify_down(database, name, script, &old).await?;
        let altered = altered_tables(&old, &diff(&old, &new));
        let unfilled = filled.rows.unfilled(&altered);
        findings.extend(filled.up(verifier, name, Some(&new)).await?.map(Finding::UpFailsOnRows));
        known_schema = Some(new);
        (verifier.progress)(VerificationProgress::Finished(Box::new(Verification {
            kind: ScriptKind::Migration,
            name: name.clone(),
            file: script.file(),
            skipped: script.irreversible_reason().map(SkipReason::Irreversible),
            findings,
            unfilled,
            elapsed: started_at.elapsed(),
        })));
    }
    Ok(())
}

/// Applies the migrations before the first selected one.
async fn apply_those_before(
    selection: &Selection,
    database: &MigratedDatabase<'_>,
    first: &Name,
) -> Result<(), VerifyError> {
    let names = selection.migrations().iter().map(|(name, _)| name);
    if let Some(previous) = names.take_while(|name| *name < first).last() {
        database.up_to(ScriptKind::Migration, previous).await?;
    }
    Ok(())
}

/// A database with generated rows in every table.
struct FilledDatabase<'v> {
    database: MigratedDatabase<'v>,
    rows: GeneratedRows,
}

impl FilledDatabase<'_> {
    /// Applies a migration and fills the tables that it creates. `schema` is the schema after the migration, if it has
    /// been read. Returns the error if the migration fails on the rows; the database is then created again, and filled
    /// after the migration.
    async fn up(
        &mut self,
        verifier: &Verifier<'_>,
        name: &Name,
        schema: Option<&DatabaseSchema>,
    ) -> Result<Option<ScriptFailure>, VerifyError> {
        let ran = self.database.up(ScriptKind::Migration, name).await;
        let failure = ScriptFailure::from_run(ran)?;
        if failure.is_some() {
            self.database.recreate(name).await?;
            self.rows = GeneratedRows::default();
        }
        self.rows.fill_new_tables(verifier, &mut self.database, schema).await?;
        Ok(failure)
    }
}

/// Returns the tables that the changes alter, and the tables with a column of a type that the changes alter.
fn altered_tables(before: &DatabaseSchema, changes: &[Change]) -> BTreeSet<QualifiedName> {
    let altered: BTreeSet<QualifiedName> = changes
        .iter()
        .filter(|change| {
            let kinds = [ObjectKind::Table, ObjectKind::Type, ObjectKind::Domain];
            kinds.contains(&change.object().kind)
        })
        .filter_map(|change| change.object().qualified_name())
        .collect();
    let tables = before.tables.iter().filter(|(name, table)| {
        let types = table.columns.iter().filter_map(|column| column.data_type.base.name());
        types.chain([*name]).any(|name| altered.contains(name))
    });
    tables.map(|(name, _)| name.clone()).collect()
}

/// Applies, reverts and applies a migration. Returns its faults, and the schema that it leads to.
async fn verify_down(
    database: &mut MigratedDatabase<'_>,
    name: &Name,
    script: &Script,
    before: &DatabaseSchema,
) -> Result<(Vec<Finding>, DatabaseSchema), VerifyError> {
    database.up(ScriptKind::Migration, name).await?;
    let after = database.schema().await?;
    if script.irreversible_reason().is_some() {
        return Ok((Vec::new(), after));
    }
    let findings = compare(database, name, before, &after).await?;
    if !findings.is_empty() {
        database.recreate(name).await?;
    }
    Ok((findings, after))
}

/// Reverts a migration and applies it again, and compares each schema with the expected one.
async fn compare(
    database: &mut MigratedDatabase<'_>,
    name: &Name,
    before: &DatabaseSchema,
    after: &DatabaseSchema,
) -> Result<Vec<Finding>, VerifyError> {
    let down = database.down(ScriptKind::Migration, name).await;
    if let Some(failure) = ScriptFailure::from_run(down)? {
        return Ok(vec![Finding::DownFails(failure)]);
    }
    let mut findings = Vec::new();
    let changes = changes(before, &database.schema().await?);
    if !changes.is_empty() {
        findings.push(Finding::DownDiffers { changes });
    }
    let up = database.up(ScriptKind::Migration, name).await;
    if let Some(failure) = ScriptFailure::from_run(up)? {
        findings.push(Finding::UpFailsAfterDown(failure));
        return Ok(findings);
    }
    let changes = self::changes(after, &database.schema().await?);
    if !changes.is_empty() {
        findings.push(Finding::UpDiffersAfterDown { changes });
    }
    Ok(findings)
}

/// Returns the changes between two schemas. The order of columns is not a difference, because a `down` that restores a
/// column appends it.
fn changes(before: &DatabaseSchema, after: &DatabaseSchema) -> Vec<Change> {
    let is_order = |change: &Change| change.object().part_kind() == Some(PartKind::ColumnOrder);
    diff(before, after).into_iter().filter(|change| !is_order(change)).collect()
}
