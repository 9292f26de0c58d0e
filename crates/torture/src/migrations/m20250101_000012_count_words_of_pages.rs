//! Calls a procedure that commits inside itself, and that can run twice. `down` does the same with a DO block.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute("CREATE TABLE IF NOT EXISTS totals (page_id int PRIMARY KEY, words int NOT NULL)")
        .await?;
    schema
        .execute(
            "CREATE OR REPLACE PROCEDURE count_words() LANGUAGE plpgsql AS $$ BEGIN
               FOR page IN 1..40 LOOP
                 INSERT INTO totals SELECT page, count(*) FROM words WHERE page_id = page
                   ON CONFLICT (page_id) DO UPDATE SET words = EXCLUDED.words;
                 IF page % 4 = 0 THEN COMMIT; END IF;
               END LOOP;
             END $$",
        )
        .await?;
    schema.execute("CALL count_words()").await?;
    schema.execute("DROP PROCEDURE IF EXISTS count_words()").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    if schema.has_table("totals").await? {
        schema
            .execute(
                "DO $$ BEGIN
                   FOR page IN 1..40 LOOP
                     DELETE FROM totals WHERE page_id = page;
                     IF page % 4 = 0 THEN COMMIT; END IF;
                   END LOOP;
                 END $$",
            )
            .await?;
    }
    schema.execute("DROP PROCEDURE IF EXISTS count_words()").await?;
    schema.execute("DROP TABLE IF EXISTS totals").await
}
