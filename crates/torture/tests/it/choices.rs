//! Tests that all choices of a case follow from its seed and its number.

use std::collections::BTreeSet;

use torture::plan::Case;

const MIGRATIONS: usize = 16;
const SEEDS: usize = 3;

#[test]
fn one_seed_makes_the_same_choices_and_another_seed_makes_others() {
    for number in 0..100 {
        assert_eq!(
            Case::draw(1, number, MIGRATIONS, SEEDS),
            Case::draw(1, number, MIGRATIONS, SEEDS)
        );
    }
    let same = (0..100).filter(|number| {
        Case::draw(1, *number, MIGRATIONS, SEEDS) == Case::draw(2, *number, MIGRATIONS, SEEDS)
    });
    assert_eq!(same.count(), 0);
}

#[test]
fn a_thousand_cases_have_every_command_every_disturbance_and_races_of_fifty() {
    let cases: Vec<Case> =
        (0..1000).map(|number| Case::draw(5, number, MIGRATIONS, SEEDS)).collect();
    let commands: BTreeSet<&str> = cases.iter().map(|case| case.command.name()).collect();
    // `DownOnly` is never drawn. It follows a disturbed revert.
    assert_eq!(commands.len(), 9, "{commands:?}");
    let attempts = || cases.iter().flat_map(|case| &case.attempts);
    let disturbances: BTreeSet<_> = attempts()
        .flat_map(|attempt| &attempt.disturbances)
        .map(|planned| planned.disturbance)
        .collect();
    assert_eq!(disturbances.len(), 7, "{disturbances:?}");
    assert!(attempts().any(|attempt| attempt.runners == 50));
    assert!(attempts().any(|attempt| attempt.runners > 1 && attempt.disturbances.is_empty()));
}
