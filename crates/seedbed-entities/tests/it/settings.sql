-- These are the types that `settings.toml` changes, and types whose values the driver would change.
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('glad', 'so so', 'other');
COMMENT ON TYPE mood IS 'How somebody feels.
so so: Neither, nor.';
CREATE TYPE product_type AS ENUM ('plan', 'addon');
CREATE DOMAIN quantity AS integer CONSTRAINT quantity_required NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN more AS quantity;
CREATE DOMAIN hours AS integer[];
CREATE DOMAIN closing AS time;
CREATE TABLE queue (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE queues (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), queue_id uuid NOT NULL REFERENCES queue);
CREATE TABLE bookings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    until timestamptz NOT NULL DEFAULT 'infinity',
    since date,
    mood mood NOT NULL,
    moods mood[],
    type product_type NOT NULL DEFAULT 'plan',
    amount quantity,
    more more,
    extra jsonb,
    raw bytea,
    weight real
);
CREATE TABLE shops (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    opens time NOT NULL,
    closes time(0),
    closings time[],
    by_domain closing,
    rests time,
    times hours,
    weeks hours[]
);
CREATE TABLE feelings (mood mood PRIMARY KEY);
CREATE VIEW open_bookings AS SELECT id, until, amount, 1::bigint AS one FROM bookings WHERE until > now();
COMMENT ON VIEW open_bookings IS 'the bookings that have not ended.';
CREATE MATERIALIZED VIEW counted AS SELECT type, count(*) AS bookings FROM bookings GROUP BY type;
CREATE VIEW unseen AS SELECT 1 AS one;
