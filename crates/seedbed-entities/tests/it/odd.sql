-- These objects are rare in a schema, but an entity can express them.
CREATE SCHEMA extra;
CREATE TYPE mood AS ENUM ('so so', '2nd', 'it''s "fine"');
COMMENT ON TYPE mood IS 'How somebody feels.
so so: Neither, nor.';
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "Full Name" character varying(80) NOT NULL UNIQUE,
    type text,
    match text,
    "Self" text,
    line_2 character(2),
    weight real,
    born date,
    wakes time,
    seen timestamp NOT NULL,
    mood mood NOT NULL DEFAULT 'so so',
    boss_id bigint REFERENCES people,
    friend_id bigint REFERENCES people,
    raw bytea,
    extra jsonb NOT NULL DEFAULT '{}',
    initials text GENERATED ALWAYS AS (left("Full Name", 1)) STORED
);
COMMENT ON TABLE people IS 'everybody.
Whoever [is] <not> here: https://example.com.';
COMMENT ON COLUMN people.born IS E'In the town.\rOr not.';
CREATE TABLE extra.passports (
    number serial PRIMARY KEY,
    person_id bigint NOT NULL UNIQUE REFERENCES people
);
CREATE TABLE passports (
    id uuid PRIMARY KEY
);
CREATE TABLE letters (
    "from" bigint NOT NULL REFERENCES people,
    to_id bigint NOT NULL REFERENCES people,
    at timestamptz NOT NULL DEFAULT now(),
    mood mood,
    PRIMARY KEY ("from", to_id)
);
CREATE TABLE stamps (
    id uuid PRIMARY KEY,
    letter_from bigint NOT NULL,
    letter_to bigint NOT NULL,
    value double precision NOT NULL,
    FOREIGN KEY (letter_from, letter_to) REFERENCES letters
);
-- These foreign keys form a cycle, and these keys share a column.
CREATE TABLE "Teams" (
    id uuid PRIMARY KEY,
    leader_id uuid,
    town text NOT NULL,
    street text NOT NULL,
    house text NOT NULL,
    UNIQUE (town, street),
    UNIQUE (town, house)
);
CREATE TABLE players (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES "Teams",
    town text NOT NULL,
    house text NOT NULL,
    FOREIGN KEY (town, house) REFERENCES "Teams" (town, house)
);
ALTER TABLE "Teams" ADD FOREIGN KEY (leader_id) REFERENCES players;
-- The columns `author_id` and `types_id` refer to the table with the other name, and the singular of `types` is a keyword.
CREATE TABLE types (
    id uuid PRIMARY KEY
);
CREATE TABLE authors (
    id uuid PRIMARY KEY
);
CREATE TABLE posts (
    id uuid PRIMARY KEY,
    type_id uuid NOT NULL REFERENCES types,
    author_id uuid NOT NULL REFERENCES types,
    types_id uuid NOT NULL REFERENCES authors,
    author uuid
);
-- These objects have no entity.
CREATE VIEW adults AS SELECT id FROM people WHERE born < '2000-01-01';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS people FROM people;
CREATE TABLE events (at date NOT NULL, id uuid NOT NULL, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
CREATE TABLE events_of_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- The entity of this table is written by hand.
CREATE TABLE logs (id bigint PRIMARY KEY, line text NOT NULL, person_id bigint REFERENCES people);
