//! Executes SQL with several statements in one message, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE TABLE pages (id int PRIMARY KEY, title text NOT NULL, rank int NOT NULL DEFAULT 0);
             INSERT INTO pages (id, title) SELECT n, 'page ' || n FROM generate_series(1, 40) n;
             ALTER TABLE words ADD COLUMN page_id int REFERENCES pages;
             UPDATE words SET page_id = 1 + id % 40;
             CREATE VIEW page_words AS
               SELECT p.title, count(*) AS words FROM pages p JOIN words w ON w.page_id = p.id GROUP BY p.title;
             COMMENT ON VIEW page_words IS 'How many words a page has.'",
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "DROP VIEW page_words; ALTER TABLE words DROP COLUMN page_id; DROP TABLE pages",
        )
        .await
}
