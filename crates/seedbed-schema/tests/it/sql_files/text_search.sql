CREATE EXTENSION unaccent;
CREATE SCHEMA "Search";
CREATE TEXT SEARCH DICTIONARY "Search".accents (TEMPLATE = unaccent, rules = unaccent);
CREATE TEXT SEARCH DICTIONARY zero (TEMPLATE = simple, stopwords = english, accept = false);
CREATE TEXT SEARCH DICTIONARY stem (TEMPLATE = snowball, language = french);
CREATE TEXT SEARCH DICTIONARY a_phrase (TEMPLATE = thesaurus, dictfile = thesaurus_sample, dictionary = stem);
COMMENT ON TEXT SEARCH DICTIONARY zero IS 'it''s';
CREATE TEXT SEARCH CONFIGURATION simple_words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION simple_words
    ALTER MAPPING FOR word, numword, hword, hword_part WITH "Search".accents, zero, pg_catalog.simple;
ALTER TEXT SEARCH CONFIGURATION simple_words DROP MAPPING FOR url, "float";
COMMENT ON TEXT SEARCH CONFIGURATION simple_words IS 'without accents';
CREATE TEXT SEARCH CONFIGURATION phrases (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION phrases ADD MAPPING FOR asciiword WITH a_phrase, stem;
CREATE TEXT SEARCH CONFIGURATION "Search"."no Mappings" (PARSER = "default");
CREATE FUNCTION words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$ SELECT to_tsvector('public.simple_words', $1) $$;
CREATE TABLE album (
    name text,
    language regconfig DEFAULT 'phrases',
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple_words', name)) STORED
);
CREATE INDEX album_name ON album USING gin (to_tsvector('phrases', name));
CREATE INDEX album_words ON album USING gin (words(name));
CREATE VIEW found AS SELECT name FROM album WHERE ts_lexize('zero', name) IS NOT NULL;
