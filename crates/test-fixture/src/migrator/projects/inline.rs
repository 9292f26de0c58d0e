//! A project whose scripts are in the variable `FIXTURE_SCRIPTS`, as JSON, so that tests write their own SQL.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use seedbed::prelude::*;
use seedbed::{Project, Script};
use serde::Deserialize;

use crate::migrator::scripts::{down, up};

/// One script, as a test describes it.
#[derive(Debug, Deserialize)]
struct Described {
    name: String,
    /// The statements to execute.
    up: Vec<String>,
    down: Vec<String>,
    transaction: bool,
    sea_orm: bool,
    seed: bool,
    environment: Option<String>,
    irreversible: Option<String>,
    checksum: String,
}

/// The scripts of the project, by their names.
static SCRIPTS: OnceLock<BTreeMap<String, Described>> = OnceLock::new();

/// Returns the description of the script with the given name.
fn described(name: &str) -> &'static Described {
    let scripts = SCRIPTS.get().expect("the project was read");
    scripts.get(name).expect("a script of the project")
}

/// Returns the project in `FIXTURE_SCRIPTS`.
pub(crate) fn project() -> Project {
    let text = std::env::var("FIXTURE_SCRIPTS").expect("FIXTURE_SCRIPTS is set");
    let list: Vec<Described> = serde_json::from_str(&text).expect("FIXTURE_SCRIPTS is JSON");
    let by_name = list.into_iter().map(|script| (script.name.clone(), script)).collect();
    let scripts = SCRIPTS.get_or_init(|| by_name);
    let of_kind = |seed: bool| -> &'static [&'static Script] {
        let mut slots = SLOTS.iter();
        let scripts = scripts.values().filter(|script| script.seed == seed);
        let scripts: Vec<&'static Script> = scripts
            .map(|script| {
                let (name, checksum) = (script.name.as_str(), script.checksum.as_str());
                let built = if script.sea_orm {
                    let slot = slots.next().expect("at most three SeaORM files");
                    Script::from_sea_orm(name, name, checksum, *slot)
                } else {
                    let built = Script::from_functions(name, name, checksum, up!(apply))
                        .down(down!(revert))
                        .transaction(script.transaction);
                    let built = match script.irreversible.as_deref() {
                        Some(why) => built.irreversible(why),
                        None => built,
                    };
                    match script.environment.as_deref() {
                        Some(environment) => built.environment(environment),
                        None => built,
                    }
                };
                &*Box::leak(Box::new(built))
            })
            .collect();
        Box::leak(scripts.into_boxed_slice())
    };
    Project { migrations: of_kind(false), seeds: of_kind(true) }
}

async fn apply(schema: &Schema<'_>) -> Result {
    for statement in &described(schema.name().as_str()).up {
        schema.execute(statement.clone()).await?;
    }
    Ok(())
}

async fn revert(schema: &Schema<'_>) -> Result {
    for statement in &described(schema.name().as_str()).down {
        schema.execute(statement.clone()).await?;
    }
    Ok(())
}

/// The SeaORM file at the index `N` of the project, among its SeaORM files. The index is a const parameter, because a
/// function pointer cannot hold a value.
struct SeaOrmScript<const N: usize>;

/// The function that [`Script::from_sea_orm`] needs.
type Slot = fn() -> Box<dyn MigrationTrait>;

/// The functions for the SeaORM files of a project, which has at most three.
const SLOTS: [Slot; 3] = [
    || Box::new(SeaOrmScript::<0>),
    || Box::new(SeaOrmScript::<1>),
    || Box::new(SeaOrmScript::<2>),
];

impl<const N: usize> SeaOrmScript<N> {
    fn described() -> &'static Described {
        let scripts = SCRIPTS.get().expect("the project was read");
        scripts.values().filter(|script| script.sea_orm).nth(N).expect("a file of the project")
    }
}

impl<const N: usize> MigrationName for SeaOrmScript<N> {
    fn name(&self) -> &str {
        &Self::described().name
    }
}

#[async_trait::async_trait]
impl<const N: usize> MigrationTrait for SeaOrmScript<N> {
    async fn up(&self, manager: &SchemaManager) -> std::result::Result<(), DbErr> {
        for statement in &Self::described().up {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> std::result::Result<(), DbErr> {
        for statement in &Self::described().down {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(Self::described().transaction)
    }
}
