//! Tests the clauses of indexes and foreign keys, which are written from values.

use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::ConstraintKind;

use crate::support::TestConnection;

/// Asserts that the clauses of each index and each foreign key are those at the end of the server's definition.
pub(crate) fn assert_clauses_match_those_of_the_server(schema: &DatabaseSchema) {
    let tables = schema.tables.values();
    let indexes = tables.clone().flat_map(|table| table.indexes.values());
    for index in indexes.chain(schema.views.values().flat_map(|view| view.indexes.values())) {
        let clauses = format!(" USING {}", index.clauses());
        assert!(index.definition.ends_with(&clauses), "{}\n{clauses}", index.definition);
    }
    let keys = tables.flat_map(|table| table.constraints.values());
    for key in keys.filter(|key| key.kind == ConstraintKind::ForeignKey) {
        let clauses = key.reference_clauses();
        let before = key.definition.strip_suffix(&clauses).map(str::trim_end);
        // The clauses follow the list of referenced columns or MATCH FULL, which is not one of them.
        let before = before.map(|sql| sql.trim_end_matches(" MATCH FULL"));
        let is_complete = before.is_some_and(|sql| sql.ends_with(')'));
        assert!(is_complete, "{}\n{clauses}", key.definition);
    }
}

#[tokio::test]
async fn clauses_of_indexes_and_foreign_keys_equal_those_that_the_server_prints() {
    let mut database = TestConnection::with(
        "CREATE COLLATION plain (locale = 'C');
         CREATE TABLE \"A ) t\" (a int, \"B, (c\" text, d text COLLATE \"C\", e tsvector, f varchar, \"WHERE\" int,
            PRIMARY KEY (\"WHERE\"), UNIQUE (a, \"WHERE\"));
         CREATE INDEX ON \"A ) t\" (a DESC, \"B, (c\" NULLS FIRST, d DESC NULLS LAST, \"WHERE\" ASC NULLS LAST);
         CREATE INDEX ON \"A ) t\" (\"B, (c\" COLLATE \"C\" text_pattern_ops DESC, d COLLATE plain, f varchar_pattern_ops);
         CREATE UNIQUE INDEX ON \"A ) t\" (lower(f) text_pattern_ops, (a + 1) DESC, (f || 'x') COLLATE plain) INCLUDE (\"B, (c\", e)
            WITH (deduplicate_items = off, fillfactor = 70) WHERE d <> ' WHERE ' AND a > 0;
         CREATE INDEX ON \"A ) t\" USING gist (e tsvector_ops (siglen = 100)) WHERE \"WHERE\" > 0;
         CREATE INDEX ON \"A ) t\" USING brin (a int4_minmax_multi_ops (values_per_range = 16),
            \"WHERE\" int4_bloom_ops (false_positive_rate = 0.05, n_distinct_per_range = 20));
         CREATE TABLE u (a int, b int, FOREIGN KEY (a, b) REFERENCES \"A ) t\" (a, \"WHERE\") MATCH FULL
            ON UPDATE CASCADE ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED,
            FOREIGN KEY (b) REFERENCES \"A ) t\", FOREIGN KEY (b) REFERENCES \"A ) t\" DEFERRABLE,
            FOREIGN KEY (b) REFERENCES \"A ) t\" ON DELETE RESTRICT ON UPDATE SET NULL);
         ALTER TABLE u ADD FOREIGN KEY (b) REFERENCES \"A ) t\" ON DELETE CASCADE NOT VALID",
    )
    .await;
    if database.version().await >= 15 {
        database
            .run(
                "CREATE UNIQUE INDEX ON \"A ) t\" (a, \"B, (c\") NULLS NOT DISTINCT WHERE a > 1;
                 CREATE TABLE v (\"a b\" int, c int, FOREIGN KEY (\"a b\", c) REFERENCES \"A ) t\" (a, \"WHERE\")
                    ON DELETE SET NULL (\"a b\"))",
            )
            .await;
    }
    if database.version().await >= 18 {
        database
            .run("CREATE TABLE w (a int REFERENCES \"A ) t\" ON DELETE CASCADE NOT ENFORCED)")
            .await;
    }
    let schema = database.read().await;
    assert_clauses_match_those_of_the_server(&schema);
}
