//! Verifies seeds. The second `up` must change nothing, and `down` must remove exactly the rows that `up` added.

use std::time::Instant;

use seedbed_engine::{Name, Repair, Script, ScriptKind};

use super::generated_rows::GeneratedRows;
use super::table_contents::TableContents;
use super::{
    Finding, MigratedDatabase, ScriptFailure, Selection, SkipReason, Verification,
    VerificationProgress, Verifier, VerifyError,
};

/// Verifies the selected seeds, after all migrations and after the seeds before each of them.
pub(super) async fn verify(
    verifier: &Verifier<'_>,
    selection: &Selection,
    database: &mut MigratedDatabase<'_>,
) -> Result<(), VerifyError> {
    let mut seeds = selection.selected_seeds().peekable();
    if seeds.peek().is_none() {
        return Ok(());
    }
    let last = selection.migrations().iter().next_back().map(|(name, _)| name);
    if let Some(last) = last {
        database.up_to(ScriptKind::Migration, last).await?;
    }
    // The generated rows reveal a seed that removes rows that it has not added.
    GeneratedRows::default().fill_new_tables(verifier, database, None).await?;
    for (name, seed) in seeds {
        let started_at = Instant::now();
        let other_environment = seed
            .only_environment()
            .filter(|environment| *environment != verifier.options.environment);
        let mut findings = Vec::new();
        if other_environment.is_none() {
            (verifier.progress)(VerificationProgress::Started(name));
            findings = verify_seed(verifier, selection, database, (name, seed)).await?;
            if !findings.is_empty()
                && let Some(last) = last
            {
                database.recreate(last).await?;
                GeneratedRows::default().fill_new_tables(verifier, database, None).await?;
                database.up_to(ScriptKind::Seed, name).await?;
            }
        }
        let irreversible = seed.irreversible_reason().map(SkipReason::Irreversible);
        (verifier.progress)(VerificationProgress::Finished(Box::new(Verification {
            kind: ScriptKind::Seed,
            name: name.clone(),
            file: seed.file(),
            skipped: other_environment.map(SkipReason::Environment).or(irreversible),
            findings,
            unfilled: Vec::new(),
            elapsed: started_at.elapsed(),
        })));
    }
    Ok(())
}

/// Applies a seed twice, reverts it, and applies it again for the seeds that follow.
async fn verify_seed(
    verifier: &Verifier<'_>,
    selection: &Selection,
    database: &mut MigratedDatabase<'_>,
    (name, seed): (&Name, &Script),
) -> Result<Vec<Finding>, VerifyError> {
    // The seeds before this one that are not selected are only applied.
    if let Some((previous, _)) =
        selection.seeds().in_environment().take_while(|(other, _)| *other < name).last()
    {
        database.up_to(ScriptKind::Seed, previous).await?;
    }
    let mut findings = Vec::new();
    let before = TableContents::read(verifier, database.connection()).await?;
    database.up(ScriptKind::Seed, name).await?;
    let after = TableContents::read(verifier, database.connection()).await?;

    database.record(ScriptKind::Seed, Repair::RunAgain(name.into())).await?;
    if let Some(failure) = ScriptFailure::from_run(database.up(ScriptKind::Seed, name).await)? {
        findings.push(Finding::SecondUpFails(failure));
        database.record(ScriptKind::Seed, Repair::Applied(name.into())).await?;
    }
    let tables = after.changes(&TableContents::read(verifier, database.connection()).await?);
    if !tables.is_empty() {
        findings.push(Finding::SecondUpChangesRows { tables });
    }
    if seed.irreversible_reason().is_some() {
        return Ok(findings);
    }

    if let Some(failure) = ScriptFailure::from_run(database.down(ScriptKind::Seed, name).await)? {
        findings.push(Finding::DownFails(failure));
        return Ok(findings);
    }
    let tables = before.changes(&TableContents::read(verifier, database.connection()).await?);
    if !tables.is_empty() {
        findings.push(Finding::DownRowsDiffer { tables });
    }
    if let Some(failure) = ScriptFailure::from_run(database.up(ScriptKind::Seed, name).await)? {
        findings.push(Finding::UpFailsAfterDown(failure));
    }
    Ok(findings)
}
