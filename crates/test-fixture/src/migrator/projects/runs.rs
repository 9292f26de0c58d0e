//! Projects whose runs are disturbed: stopped at a gate, killed, blocked, interrupted, or made to fail.

use seedbed::{Project, Script, ScriptFn};

use super::{CHECKSUM, project, row, table};
use crate::migrator::scripts::runs::{self, sea_orm as files};
use crate::migrator::scripts::{down, drop_own_table, up};

/// Returns a script with the given name and `up`. Its file has the same name, and its `down` drops the table with the same
/// name.
const fn script(name: &'static str, up: ScriptFn) -> Script {
    Script::from_functions(name, name, CHECKSUM, up).down(down!(drop_own_table))
}

/// Returns a script as [`script`] does, but without a transaction.
const fn non_transactional(name: &'static str, up: ScriptFn) -> Script {
    script(name, up).transaction(false)
}

/// The first script of most projects.
const ROWS: Script = table("m20250101_000001_rows");
/// The last script of most projects, which shows whether a run went on after the script before it.
const LAST: Script = table("m20250101_000009_last");

/// Returns the project with the given name.
pub(crate) fn find(name: &str) -> Option<Project> {
    Some(match name {
        "plain_as_sea_orm" => project! {
            migrations: [
                sea_orm("m20250101_000001_rows", || Box::new(files::CreatesTable("m20250101_000001_rows"))),
                sea_orm("m20250101_000002_two", || Box::new(files::CreatesTable("m20250101_000002_two"))),
                sea_orm("m20250101_000003_three", || Box::new(files::CreatesTable("m20250101_000003_three"))),
            ],
            seeds: [],
        },
        // The migration waits at the gate 1, the seed at the gate 2.
        "gates" => project! {
            migrations: [ROWS, script("m20250101_000002_gate", up!(runs::pass_gate_1)), LAST],
            seeds: [
                row("m20250101_000001_first"),
                script("m20250101_000002_gate", up!(runs::insert_and_pass_gate_2)),
                row("m20250101_000009_last"),
            ],
        },
        // In the name of a project, `alone` means that the script in the middle has no transaction.
        "gates_alone" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_gate", up!(runs::pass_gate_1_repeatably)), LAST],
            seeds: [],
        },
        "concurrently" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_index", up!(runs::index_concurrently)), LAST],
            seeds: [],
        },
        "unique_concurrently" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_index", up!(runs::unique_index_concurrently))],
            seeds: [],
        },
        "index_was_there" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_index", up!(runs::index_that_existed_before))],
            seeds: [],
        },
        "long_names" => project! {
            migrations: [script("m20250101_000002_asks", up!(runs::ask_about_long_names))],
            seeds: [],
        },
        "alters" => project! {
            migrations: [ROWS, script("m20250101_000002_alter", up!(runs::alter_rows)), LAST],
            seeds: [],
        },
        "alters_alone" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_alter", up!(runs::alter_rows_alone)), LAST],
            seeds: [],
        },
        "alters_by_hand" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_alter", up!(runs::alter_rows_by_hand)), LAST],
            seeds: [],
        },
        "alters_as_sea_orm" => project! {
            migrations: [ROWS, sea_orm("m20250101_000002_alter", || Box::new(files::AlterAlone)), LAST],
            seeds: [],
        },
        "beside_as_sea_orm" => project! {
            migrations: [ROWS, sea_orm("m20250101_000002_beside", || Box::new(files::Beside)), LAST],
            seeds: [],
        },
        "slow" => project! {
            migrations: [ROWS, script("m20250101_000002_slow", up!(runs::sleep_in_the_database)), LAST],
            seeds: [],
        },
        "slow_alone" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_slow", up!(runs::sleep_in_the_database)), LAST],
            seeds: [],
        },
        "stubborn" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_slow", up!(runs::sleep_again_and_again)), LAST],
            seeds: [],
        },
        "stuck" => project! {
            migrations: [ROWS, script("m20250101_000002_stuck", up!(runs::wait_outside_forever)), LAST],
            seeds: [],
        },
        "stuck_alone" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_stuck", up!(runs::wait_outside_forever)), LAST],
            seeds: [],
        },
        "stuck_as_sea_orm" => project! {
            migrations: [ROWS, sea_orm("m20250101_000002_stuck", || Box::new(files::Stuck)), LAST],
            seeds: [],
        },
        "blocking" => project! {
            migrations: [ROWS, script("m20250101_000002_block", up!(runs::block_the_thread)), LAST],
            seeds: [],
        },
        name => return misbehaving(name),
    })
}

/// Returns a project of scripts that do what a script must not do.
fn misbehaving(name: &str) -> Option<Project> {
    Some(match name {
        "settings" => project! {
            migrations: [
                script("m20250101_000001_before", up!(runs::note_settings)),
                script("m20250101_000002_change", up!(runs::change_settings)),
                script("m20250101_000003_after", up!(runs::note_settings)),
                non_transactional("m20250101_000004_change", up!(runs::change_settings)),
                non_transactional("m20250101_000005_after", up!(runs::note_settings)),
                sea_orm("m20250101_000006_change", || Box::new(files::ChangeSettings)),
                script("m20250101_000007_after", up!(runs::note_settings)),
            ],
            seeds: [],
        },
        // Unlike in `settings`, each script has a transaction, and none is a SeaORM file.
        "settings_at_once" => project! {
            migrations: [
                script("m20250101_000001_before", up!(runs::note_settings)),
                script("m20250101_000002_change", up!(runs::change_settings)),
                script("m20250101_000003_after", up!(runs::note_settings)),
            ],
            seeds: [],
        },
        "commits" => project! {
            migrations: [ROWS, script("m20250101_000002_commits", up!(runs::commit_by_hand)), LAST],
            seeds: [],
        },
        "commits_and_begins" => project! {
            migrations: [ROWS, script("m20250101_000002_commits", up!(runs::commit_and_begin)), LAST],
            seeds: [],
        },
        "rolls_back" => project! {
            migrations: [ROWS, script("m20250101_000002_rolls_back", up!(runs::roll_back_by_hand)), LAST],
            seeds: [],
        },
        "leaves_open" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_leaves", up!(runs::begin_and_leave)), LAST],
            seeds: [],
        },
        "frees_locks" => project! {
            migrations: [ROWS, script("m20250101_000002_frees", up!(runs::free_all_locks)), LAST],
            seeds: [],
        },
        "panics" => project! {
            migrations: [ROWS, script("m20250101_000002_panics", up!(runs::panic_half_way)), LAST],
            seeds: [],
        },
        "panics_alone" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_panics", up!(runs::panic_half_way)), LAST],
            seeds: [],
        },
        "panics_as_sea_orm" => project! {
            migrations: [ROWS, sea_orm("m20250101_000002_panics", || Box::new(files::Panics)), LAST],
            seeds: [],
        },
        "fails" => project! {
            migrations: [
                ROWS,
                table("m20250101_000002_two"),
                script("m20250101_000003_fails", up!(runs::misspell_half_way)),
                LAST,
            ],
            seeds: [],
        },
        "fails_alone" => project! {
            migrations: [ROWS, non_transactional("m20250101_000002_fails", up!(runs::misspell_half_way)), LAST],
            seeds: [],
        },
        "enum" => project! {
            migrations: [
                script("m20250101_000001_value", up!(runs::add_enum_value)),
                script("m20250101_000002_use", up!(runs::use_enum_value)),
                LAST,
            ],
            seeds: [],
        },
        "deferred" => project! {
            migrations: [
                script("m20250101_000001_insert", up!(runs::insert_deferred)),
                script("m20250101_000002_alter", up!(runs::alter_deferred)),
                LAST,
            ],
            seeds: [],
        },
        "deferred_violation" => project! {
            migrations: [ROWS, script("m20250101_000002_insert", up!(runs::violate_deferred)), LAST],
            seeds: [],
        },
        // The second script creates a schema that precedes the one of the history on the search path.
        "schema_of_role" => project! {
            migrations: [ROWS, script("m20250101_000002_schema", up!(runs::create_schema_of_role))],
            seeds: [row("m20250101_000001_first")],
        },
        "event_trigger" => project! {
            migrations: [
                script("m20250101_000001_trigger", up!(runs::create_event_trigger)),
                script("m20250101_000002_fires", up!(runs::fire_event_trigger)),
                script("m20250101_000003_lands", up!(runs::fire_event_trigger)),
            ],
            seeds: [],
        },
        "swallows" => project! {
            migrations: [ROWS, script("m20250101_000002_swallow", up!(runs::swallow_an_error)), LAST],
            seeds: [],
        },
        "tables_1000" => Project { migrations: many_tables(20), seeds: &[] },
        _ => return None,
    })
}

/// Returns a script in SeaORM's format.
const fn sea_orm(
    name: &'static str,
    migration: fn() -> Box<dyn sea_orm_migration::MigrationTrait>,
) -> Script {
    Script::from_sea_orm(name, name, CHECKSUM, migration)
}

/// Returns `count` scripts that create fifty tables each. They are leaked, because a project lives as long as the program.
fn many_tables(count: u32) -> &'static [&'static Script] {
    let leak = |script: Script| -> &'static Script { Box::leak(Box::new(script)) };
    let name = |n: u32| -> &'static str { format!("m20250101_{n:06}_tables").leak() };
    let scripts: Vec<_> =
        (0..count).map(|n| leak(script(name(n), up!(runs::create_fifty_tables)))).collect();
    scripts.leak()
}
