//! Hints spell the commands that they name as the user has typed the one that prints them.

use test_support::assert_snapshot;

use crate::support::{Checkout, fail, succeed};

#[test]
fn each_caller_gets_its_own_spelling_of_hints() {
    let rows = ["--rows", "roles.csv"];
    for (caller, command_lines) in [
        (
            "seedbed",
            [
                vec!["create-migration"],
                vec!["create-model"],
                [vec!["create-seed", "moreRoles"], rows.to_vec()].concat(),
                vec!["migrate-verify", "--since", "-x"],
            ],
        ),
        (
            "make",
            [
                vec!["make", "create-migration", "name="],
                vec!["make", "create-model", "name="],
                vec!["make", "create-seed", "name=moreRoles", "rows=roles.csv"],
                vec!["make", "migrate-verify", "since=-x"],
            ],
        ),
    ] {
        let checkout = Checkout::new();
        let errors = command_lines.map(|line| {
            let (code, stderr) = fail(&mut checkout.seedbed(&line));
            assert_eq!(code, 2);
            format!("{line:?}\n{stderr}")
        });
        assert_snapshot!(format!("hints_for_{caller}"), errors.join("\n"));
    }
}

#[test]
fn each_caller_gets_its_own_spelling_of_the_state_of_the_local_server() {
    let checkout = Checkout::new();
    let expected = |command: &str| format!("absent   `{command}` creates it\n");
    assert_eq!(succeed(&mut checkout.seedbed(&["db-status"])), expected("seedbed db-start"));
    assert_eq!(succeed(&mut checkout.seedbed(&["make", "db-status"])), expected("make db-start"));
}
