-- What is rare in a schema, and an entity can say.
CREATE SCHEMA extra;
CREATE TYPE mood AS ENUM ('so so', '2nd', 'it''s "fine"');
COMMENT ON TYPE mood IS 'How somebody feels.
so so: Neither, nor.';
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "Full Name" character varying(80) NOT NULL UNIQUE,
    type text,
    line_2 character(2),
    weight real,
    born date,
    wakes time,
    seen timestamp NOT NULL,
    mood mood NOT NULL DEFAULT 'so so',
    boss_id bigint REFERENCES people,
    raw bytea,
    extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE people IS 'everybody.
Whoever [is] <not> here: https://example.com.';
CREATE TABLE extra.passports (
    number serial PRIMARY KEY,
    person_id bigint NOT NULL UNIQUE REFERENCES people
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
