//! Verifies migrations: `down` restores the schema, and `up` after `down` creates it again.

use std::time::Instant;

use seedbed_engine::{Name, Script, ScriptKind};
use seedbed_schema::{Catalog, Change, PartKind, diff};

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
    let Some((first, last)) = selection.migration_range() else {
        return Ok(());
    };
    let names = selection.migrations().iter().map(|(name, _)| name);
    if let Some(previous) = names.take_while(|name| *name < first).last() {
        database.up_to(ScriptKind::Migration, previous).await?;
    }
    let mut before = database.schema().await?;
    for (name, script) in selection.migrations().iter() {
        if name < first {
            continue;
        }
        if name > last {
            break;
        }
        if !selection.contains(name) {
            database.up(ScriptKind::Migration, name).await?;
            before = database.schema().await?;
            continue;
        }
        (verifier.progress)(VerificationProgress::Started(name));
        let started_at = Instant::now();
        let (findings, after) = verify_down(database, name, script, &before).await?;
        before = after;
        (verifier.progress)(VerificationProgress::Finished(Box::new(Verification {
            kind: ScriptKind::Migration,
            name: name.clone(),
            file: script.file(),
            skipped: script.irreversible_reason().map(SkipReason::Irreversible),
            findings,
            unfilled: Vec::new(),
            elapsed: started_at.elapsed(),
        })));
    }
    Ok(())
}

/// Applies, reverts and applies a migration. Returns what is wrong with it, and the schema that it leads to.
async fn verify_down(
    database: &mut MigratedDatabase<'_>,
    name: &Name,
    script: &Script,
    before: &Catalog,
) -> Result<(Vec<Finding>, Catalog), VerifyError> {
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

/// Reverts a migration and applies it again, and compares each schema with the one that it should be.
async fn compare(
    database: &mut MigratedDatabase<'_>,
    name: &Name,
    before: &Catalog,
    after: &Catalog,
) -> Result<Vec<Finding>, VerifyError> {
    if let Some(failure) =
        ScriptFailure::from_run(database.down(ScriptKind::Migration, name).await)?
    {
        return Ok(vec![Finding::DownFails(failure)]);
    }
    let mut findings = Vec::new();
    let changes = changes(before, &database.schema().await?);
    if !changes.is_empty() {
        findings.push(Finding::DownDiffers { changes });
    }
    if let Some(failure) = ScriptFailure::from_run(database.up(ScriptKind::Migration, name).await)?
    {
        findings.push(Finding::UpFailsAfterDown(failure));
        return Ok(findings);
    }
    let changes = self::changes(after, &database.schema().await?);
    if !changes.is_empty() {
        findings.push(Finding::UpDiffersAfterDown { changes });
    }
    Ok(findings)
}

/// Returns the changes between two schemas. The order of columns is no difference: a `down` that restores a column appends
/// it.
fn changes(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let is_order = |change: &Change| {
        change.object.part.as_ref().is_some_and(|part| part.kind == PartKind::ColumnOrder)
    };
    diff(before, after).into_iter().filter(|change| !is_order(change)).collect()
}
