//! Creates a type, a column of this type and a trigger, and backfills the column, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("mood", ["calm", "tense"]).await?;
    schema.execute("ALTER TABLE pages ADD COLUMN mood mood").await?;
    schema
        .execute("UPDATE pages SET mood = CASE WHEN id % 2 = 0 THEN 'calm' ELSE 'tense' END::mood")
        .await?;
    schema.set_not_null("pages", "mood").await?;
    schema
        .execute(
            "CREATE FUNCTION trim_title() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN NEW.title := trim(NEW.title); RETURN NEW; END $$;
             CREATE TRIGGER trim_title BEFORE INSERT OR UPDATE ON pages
               FOR EACH ROW EXECUTE FUNCTION trim_title()",
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("DROP TRIGGER trim_title ON pages; DROP FUNCTION trim_title()").await?;
    schema.remove_column("pages", "mood").await?;
    schema.drop_enum("mood").await
}
