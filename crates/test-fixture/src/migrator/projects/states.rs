//! Projects for the tests of the states of scripts.

use seedbed::{Project, Script};

use super::{CHECKSUM, project, row, table};
use crate::migrator::scripts::states::{self as bodies, LooksAndAdds, OwnTable};
use crate::migrator::scripts::{self, down, up};
use crate::migrator::sea_orm_files as files;

/// The checksum of a script whose file has changed.
const OTHER_CHECKSUM: &str = "1111111111111111111111111111111111111111111111111111111111111111";

const ROWS: Script = table("m20250101_000001_rows");
const TWO: Script = table("m20250101_000002_two");
const THREE: Script = table("m20250101_000003_three");
const FOUR: Script = table("m20250101_000004_four");

/// Expands to a script in the two-function format.
macro_rules! script {
    ($name:literal, $up:path) => {
        Script::from_functions($name, concat!("migrations/", $name, ".rs"), CHECKSUM, up!($up))
    };
    ($name:literal, $up:path, $down:path) => {
        script!($name, $up).down(down!($down))
    };
}

/// Expands to the script of a file in `sea_orm_files`.
macro_rules! file {
    ($module:ident) => {
        Script::from_sea_orm(
            stringify!($module),
            concat!("migrations/", stringify!($module), ".rs"),
            CHECKSUM,
            || Box::new(files::$module::Migration),
        )
    };
}

/// Expands to a script in SeaORM's format that creates a table with its own name.
macro_rules! own_table {
    ($name:literal) => {
        Script::from_sea_orm($name, $name, CHECKSUM, || Box::new(OwnTable($name)))
    };
}

/// Returns the project with the given name.
pub(crate) fn find(name: &str) -> Option<Project> {
    plain(name).or_else(|| odd(name)).or_else(|| sea_orm(name))
}

/// Returns a variant of the project `plain`, as it might be on another branch or at another time.
fn plain(name: &str) -> Option<Project> {
    Some(match name {
        "plain-one-and-three" => project! { migrations: [ROWS, THREE], seeds: [] },
        "plain-two-gone" => project! { migrations: [ROWS, THREE, FOUR], seeds: [] },
        "plain-two-modified" => project! {
            migrations: [
                ROWS,
                Script::from_functions(
                    "m20250101_000002_two",
                    "m20250101_000002_two",
                    OTHER_CHECKSUM,
                    up!(scripts::create_own_table),
                ),
                THREE,
                FOUR,
            ],
            seeds: [],
        },
        "plain-two-without-down" => project! {
            migrations: [
                ROWS,
                script!("m20250101_000002_two", scripts::create_own_table),
                THREE,
            ],
            seeds: [],
        },
        "plain-two-irreversible" => project! {
            migrations: [
                ROWS,
                script!("m20250101_000002_two", scripts::create_own_table, scripts::drop_own_table)
                    .irreversible("what it merged cannot be separated"),
                THREE,
            ],
            seeds: [],
        },
        "plain-twins" => project! {
            migrations: [ROWS, TWO, THREE, FOUR, table("m20250101_000004_another")],
            seeds: [],
        },
        "plain-future" => project! {
            migrations: [ROWS, TWO, THREE, FOUR, table("m20990101_000000_far")],
            seeds: [],
        },
        "plain-environments" => project! {
            migrations: [ROWS],
            seeds: [
                row("m20250101_000001_everywhere"),
                row("m20250101_000002_development").environment("development"),
                row("m20250101_000003_test").environment("test"),
                row("m20250101_000004_production").environment("production"),
            ],
        },
        _ => return None,
    })
}

/// Returns a project with a special property: it is empty, a script fails or waits, or a name is long.
fn odd(name: &str) -> Option<Project> {
    Some(match name {
        "empty" => project! { migrations: [], seeds: [] },
        "half" => project! {
            migrations: [
                ROWS,
                script!("m20250102_000000_half", bodies::half_applied, bodies::half_reverted)
                    .transaction(false),
                table("m20250103_000000_after"),
            ],
            seeds: [],
        },
        "mistake" => project! {
            migrations: [
                ROWS,
                script!("m20250102_000000_mistake", bodies::mistake, bodies::nothing),
                table("m20250103_000000_after"),
            ],
            seeds: [],
        },
        "extension" => project! {
            migrations: [script!("m20250101_000000_vector", bodies::create_pgvector, bodies::nothing)],
            seeds: [],
        },
        "stands-still" => project! {
            migrations: [
                ROWS,
                script!("m20250102_000000_slow", bodies::wait_for_gate, bodies::nothing),
            ],
            seeds: [],
        },
        "long-names" => project! {
            migrations: [
                ROWS,
                script!(
                    "m20250102_000000_a_name_that_is_as_long_as_the_longest_one_that_create_migration_would_ever_write_for_anybody",
                    bodies::nothing,
                    bodies::nothing
                ),
            ],
            seeds: [],
        },
        "not-null-at-once" => project! {
            migrations: [
                script!("m20250101_000000_customers", bodies::create_customers, bodies::drop_customers),
                script!("m20250102_000000_stripe_id", bodies::add_stripe_id_at_once, bodies::remove_stripe_id),
            ],
            seeds: [],
        },
        "not-null-in-steps" => project! {
            migrations: [
                script!("m20250101_000000_customers", bodies::create_customers, bodies::drop_customers),
                script!("m20250102_000000_stripe_id", bodies::add_stripe_id, bodies::remove_stripe_id),
                script!("m20250103_000000_fill_in", bodies::fill_in_stripe_id, bodies::nothing),
                script!("m20250104_000000_require", bodies::require_stripe_id, bodies::allow_no_stripe_id)
                    .transaction(false),
            ],
            seeds: [],
        },
        _ => return None,
    })
}

/// Returns a project of files in SeaORM's format, with or without scripts in the two-function format.
fn sea_orm(name: &str) -> Option<Project> {
    Some(match name {
        "seaorm" => project! {
            migrations: [
                file!(m0000010_init),
                file!(m20230403_create_user),
                file!(m20230404_101500_create_post),
                file!(m20230405_093000_raw_sql),
                file!(m20230406_120000_post_status),
                file!(m20230407_080000_archived_status),
                file!(m20230408_070000_insert_accounts),
                file!(m20230409_110000_guarded),
                file!(m20230410_140000_fill_display_names),
                file!(m20230411_160000_by_hand),
                file!(m20230412_090000_nested),
                file!(m20230413_090000_index_concurrently),
                file!(m20230414_090000_alter_and_rename),
                file!(m20230415_090000_settings),
                table("m20250101_000001_rows"),
            ],
            seeds: [row("m20250101_000001_first")],
        },
        "mixed" => project! {
            migrations: [
                own_table!("m0000010_init"),
                own_table!("m20230403_create_user"),
                table("m20240101_000000_ours"),
                own_table!("m20240102_000000_theirs"),
                table("m20240103_000000_alone").transaction(false),
                table("m20240104_000000_last"),
            ],
            seeds: [],
        },
        "mixed-with-older" => project! {
            migrations: [
                own_table!("m0000010_init"),
                own_table!("m20230403_create_user"),
                own_table!("m20230501_forgotten"),
                table("m20240101_000000_ours"),
                own_table!("m20240102_000000_theirs"),
                table("m20240103_000000_alone").transaction(false),
                table("m20240104_000000_last"),
                table("m20240105_000000_new"),
            ],
            seeds: [],
        },
        "same-query" => project! {
            migrations: [
                own_table!("m0000010_init"),
                Script::from_sea_orm("m20240101_one", "m20240101_one", CHECKSUM, || {
                    Box::new(LooksAndAdds("m20240101_one"))
                }),
                Script::from_sea_orm("m20240102_two", "m20240102_two", CHECKSUM, || {
                    Box::new(LooksAndAdds("m20240102_two"))
                }),
            ],
            seeds: [],
        },
        "same-names" => project! {
            migrations: [
                file!(m20230415_090000_settings),
                Script::from_sea_orm("m20240101_copy", "migrations/m20240101_copy.rs", CHECKSUM, || {
                    Box::new(files::m20230415_090000_settings::Migration)
                }),
            ],
            seeds: [],
        },
        _ => return None,
    })
}
