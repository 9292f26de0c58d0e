//! Tests the models that `create-model` generates for the entities of a shop. `generated_models.rs` compiles these
//! files.

use std::collections::BTreeMap;
use std::path::Path;

use sea_orm::ConnectionTrait as _;
use seedbed_config::EntityOptions;
use seedbed_schema::{DatabaseSchema, ReadOptions};
use seedbed_testdb::TestDatabase;

/// The paths of the sample application, and their replacements in these tests.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("entity::", "crate::shop::"),
    ("sea_orm::crate::shop::", "sea_orm::entity::"),
    ("backend::models::", "crate::models::"),
    ("TestDatabase::new(&rds::project())", "crate::shop_database()"),
    ("use seedbed_testdb::TestDatabase;\n", ""),
];

/// Compares the generated models with the files. `SEEDBED_WRITE=1` in the environment updates the files after an
/// intended change.
#[tokio::test]
async fn the_models_of_the_shop_are_as_expected() {
    let database = TestDatabase::empty().await;
    let db = database.connection();
    db.execute_unprepared(include_str!("shop/schema.sql")).await.expect("valid SQL");
    let pool = db.get_postgres_connection_pool();
    let mut connection = pool.acquire().await.expect("the pool has four connections");
    let schema = DatabaseSchema::read(&mut connection, &ReadOptions::default())
        .await
        .expect("the schema can be read");

    let mut list = "//! The operations on rows, one file per table.\n\n".to_owned();
    let mut tests = "//! The tests of the models.\n\n".to_owned();
    let (options, by_hand) = (EntityOptions::default(), BTreeMap::new());
    let generated = seedbed_entities::write(&schema, &options, &by_hand);
    let generated = generated.expect("the schema has entities");
    for file in &generated.files {
        assert_file(&format!("shop/{}", file.name), &file.text);
    }
    for name in &generated.modules {
        let entity = seedbed_entities::describe(&schema, &options, &by_hand, name);
        let entity = entity.expect("the settings match").expect("there is an entity");
        let model = seedbed_generate::write_model(&entity).expect("there is a key");
        let adapt = |text: String| {
            REPLACEMENTS.iter().fold(text, |text, (sample, here)| text.replace(sample, here))
        };
        assert_file(&format!("models/{name}.rs"), &adapt(model.model));
        assert_file(&format!("models/tests/{name}.rs"), &adapt(model.test));
        list = seedbed_generate::add_module(&list, "pub mod ", name);
        tests = seedbed_generate::add_module(&tests, "pub mod ", name);
    }
    assert_file("models/mod.rs", &format!("{list}\nmod tests;\n"));
    assert_file("models/tests/mod.rs", &tests);
}

fn format(text: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    seedbed_generate::format(text, &root).expect("valid Rust")
}

fn assert_file(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name);
    if std::env::var_os("SEEDBED_WRITE").is_some() {
        let folder = file.parent().expect("the folder of the file");
        std::fs::create_dir_all(folder).expect("the folder can be created");
        std::fs::write(&file, format(text)).expect("the file can be written");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), format(text), "{name}");
}
