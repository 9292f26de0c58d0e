-- The tests generate models for these tables.
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('glad', 'so so');
CREATE TABLE owners (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name character varying NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE owners IS 'people and companies that have gadgets.';
CREATE TABLE gadgets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL REFERENCES owners ON DELETE CASCADE,
    name text NOT NULL,
    price numeric(10,2) NOT NULL,
    mood mood NOT NULL,
    tags text[] NOT NULL,
    label text NOT NULL GENERATED ALWAYS AS (name || '!') STORED
);
CREATE TABLE gadgets_moods (
    gadget_id uuid REFERENCES gadgets ON DELETE CASCADE,
    mood mood,
    since date,
    PRIMARY KEY (gadget_id, mood, since)
);
CREATE TABLE countries (
    code character(2) PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE numbers (
    number integer PRIMARY KEY
);
CREATE TABLE visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
-- The first table is as `createJoinTableGadgetsOwners` creates it, and the others are as users create them.
CREATE TABLE gadgets_owners (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    gadget_id uuid NOT NULL REFERENCES gadgets ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES owners ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (gadget_id, owner_id)
);
CREATE TABLE labels (
    word citext PRIMARY KEY,
    email citext NOT NULL UNIQUE,
    words citext[] NOT NULL,
    mood mood NOT NULL DEFAULT 'glad',
    moods mood[] NOT NULL,
    rank integer NOT NULL DEFAULT 7,
    code uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE
);
CREATE TABLE gadgets_labels (
    gadget_id uuid REFERENCES gadgets ON DELETE CASCADE,
    word citext REFERENCES labels,
    PRIMARY KEY (gadget_id, word)
);
CREATE TABLE moods (
    mood mood PRIMARY KEY
);
CREATE TABLE codes (
    code bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE
);
