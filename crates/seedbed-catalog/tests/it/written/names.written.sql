-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA "a.b";

CREATE SCHEMA "Ünïcode ""x"" schema";

CREATE TYPE "a.b"."E.n" AS ENUM (
    'it''s',
    'a\b',
    '',
    'naïve'
);

CREATE SEQUENCE "a.b"."S.q";

CREATE SEQUENCE "a.b"."c.d_id_seq" AS integer;

CREATE OR REPLACE FUNCTION "a.b"."F.g"("In put" "a.b"."E.n", "user" integer DEFAULT 5)
 RETURNS "a.b"."E.n"
 LANGUAGE sql
AS $function$SELECT $1$function$;

CREATE TABLE "a.b"."c.d" (
    id integer DEFAULT nextval('"a.b"."c.d_id_seq"'::regclass) NOT NULL,
    "X y" integer
);

CREATE TABLE "a.b"."id.t" (
    "a.c" integer GENERATED ALWAYS AS IDENTITY NOT NULL
);

CREATE TABLE "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc" (
    "select" integer NOT NULL,
    "日本語の列" text DEFAULT 'é''\\n'::text,
    "a.b" integer,
    "%I" integer,
    "tab	name" text,
    "new
line" text
);

CREATE TABLE public."UPPER" ();

CREATE TABLE public."like" (
    a integer
);

CREATE TABLE public."table" (
    "column" integer
);

CREATE TABLE public.upper ();

ALTER SEQUENCE "a.b"."S.q" OWNED BY "a.b"."c.d"."X y";

ALTER SEQUENCE "a.b"."c.d_id_seq" OWNED BY "a.b"."c.d".id;

ALTER TABLE "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc" ADD CONSTRAINT "123456789012345678901234567890123456789012345678901234_%I_check" CHECK (("%I" <> 5));

ALTER TABLE ONLY "a.b"."c.d" ADD CONSTRAINT "c.d_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc" ADD CONSTRAINT "1234567890123456789012345678901234567890123456789012345678_pkey" PRIMARY KEY ("select");

ALTER TABLE ONLY "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc" ADD CONSTRAINT "1234567890123456789012345678901234567890123456789012345_a.b_key" UNIQUE ("a.b");

CREATE INDEX "i.x""y" ON "a.b"."c.d" USING btree ("X y");

ALTER TABLE "a.b"."c.d" ADD CONSTRAINT "c.d_X y_fkey" FOREIGN KEY ("X y") REFERENCES "Ünïcode ""x"" schema"."123456789012345678901234567890123456789012345678901234567890abc"("a.b");

CREATE VIEW "a.b"."V w" AS
 SELECT id AS "Id Two",
    "X y"
   FROM "a.b"."c.d";

CREATE TRIGGER "t r" BEFORE UPDATE ON public."table" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();

CREATE POLICY "p ""q" ON public."table" USING (("column" > 0));

COMMENT ON FUNCTION "a.b"."F.g"("a.b"."E.n", integer) IS 'f';

COMMENT ON INDEX "a.b"."i.x""y" IS 'i';

COMMENT ON COLUMN "a.b"."V w"."Id Two" IS 'x';

GRANT SELECT ("column") ON TABLE public."table" TO pg_monitor;
