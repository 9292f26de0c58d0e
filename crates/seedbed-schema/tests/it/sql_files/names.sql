-- Names that need quotes, and names of the maximum length.
CREATE SCHEMA "Ünïcode ""x"" schema";
CREATE SCHEMA "a.b";
CREATE TABLE "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc" ("select" int PRIMARY KEY, "日本語の列" text DEFAULT 'é''\\n', "a.b" int UNIQUE, "%I" int CHECK ("%I" <> 5), "tab	name" text, "new
line" text);
CREATE TABLE "a.b"."c.d" (id serial PRIMARY KEY, "X y" int REFERENCES "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc" ("a.b"));
CREATE INDEX "i.x""y" ON "a.b"."c.d" ("X y");
CREATE TYPE "a.b"."E.n" AS ENUM ('it''s', 'a\b', '', 'naïve');
CREATE FUNCTION "a.b"."F.g"("In put" "a.b"."E.n", "user" int DEFAULT 5) RETURNS "a.b"."E.n" LANGUAGE sql AS 'SELECT $1';
CREATE VIEW "a.b"."V w" AS SELECT id AS "Id Two", "X y" FROM "a.b"."c.d";
COMMENT ON COLUMN "a.b"."V w"."Id Two" IS 'x';
COMMENT ON FUNCTION "a.b"."F.g"("a.b"."E.n", int) IS 'f';
COMMENT ON INDEX "a.b"."i.x""y" IS 'i';
CREATE SEQUENCE "a.b"."S.q" OWNED BY "a.b"."c.d"."X y";
CREATE TABLE "a.b"."id.t" ("a.c" int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE "UPPER" ();
CREATE TABLE upper ();
CREATE TABLE "table" ("column" int);
CREATE TABLE "like" (a int);
CREATE POLICY "p ""q" ON "table" USING ("column" > 0);
CREATE TRIGGER "t r" BEFORE UPDATE ON "table" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
GRANT SELECT ("column") ON "table" TO pg_monitor;
