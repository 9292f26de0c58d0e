//! The tables, and the operations that are requested on them.

/// Statements, and the operations that are requested after them.
pub(super) struct RequestCase {
    /// The first version of PostgreSQL that supports the statements.
    pub(super) since: u32,
    /// The statements, which are executed after [`THINGS`]. In all cases, `CLEAN` has created the table `more` before.
    pub(super) setup: &'static str,
    /// The name and the fields of each request, and a part of its expected answer: the message of the refusal, or the text
    /// of the scripts.
    pub(super) answers: &'static [(&'static str, &'static str)],
}

/// Returns a case for all versions of PostgreSQL.
pub(super) const fn case(
    setup: &'static str,
    answers: &'static [(&'static str, &'static str)],
) -> RequestCase {
    RequestCase { since: 14, setup, answers }
}

/// The statements that create the table of most cases.
pub(super) const THINGS: &str = "
    CREATE TABLE things (id integer PRIMARY KEY, name varchar(20), size integer);
    CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

/// The properties that `down` would lose, each with the words by which the refusal names it.
pub(super) const LOST: &[RequestCase] = &[
    case("ALTER TABLE things SET (fillfactor = 70)", &[("dropThings", "storage parameters")]),
    case("ALTER TABLE things ADD note text; ALTER TABLE things SET (toast.autovacuum_enabled = false)", &[("dropThings", "storage parameters")]),
    case("ALTER TABLE things FORCE ROW LEVEL SECURITY", &[("dropThings", "row security")]),
    case("CREATE POLICY own ON things USING (size > 0)", &[("dropThings", "policy own of table public.things")]),
    case("CREATE RULE r AS ON DELETE TO things DO INSTEAD NOTHING", &[("dropThings", "rule r of table public.things")]),
    case("GRANT SELECT ON things TO PUBLIC", &[("dropThings", "grants")]),
    case(
        "GRANT SELECT (name) ON things TO PUBLIC",
        &[("dropThings", "grants of name"), ("removeNameFromThings", "grants")],
    ),
    case("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC", &[("dropThings", "grants")]),
    case("ALTER TABLE things OWNER TO pg_monitor", &[("dropThings", "an owner that is not ")]),
    case("CREATE SCHEMA AUTHORIZATION CURRENT_USER", &[("dropThings", "the schema public, while new objects are created in CURRENT_USER")]),
    case("ALTER TABLE things SET UNLOGGED", &[("dropThings", "no write-ahead log")]),
    case("ALTER TABLE things REPLICA IDENTITY FULL", &[("dropThings", "a replica identity")]),
    case(
        "ALTER TABLE things ALTER size SET NOT NULL; CREATE UNIQUE INDEX sizes ON things (size);
         ALTER TABLE things REPLICA IDENTITY USING INDEX sizes",
        &[
            ("dropThings", "a replica identity, a replica identity of sizes"),
            ("removeSizeFromThings", "a replica identity of sizes"),
            ("removeIndexFromThingsOnSize", "a replica identity"),
            ("changeSizeOnThings size:integer?", "a replica identity of sizes"),
        ],
    ),
    case(
        "CREATE INDEX sizes ON things (size); CLUSTER things USING sizes",
        &[("dropThings", "the order of CLUSTER of sizes"), ("removeIndexFromThingsOnSize", "the order of CLUSTER")],
    ),
    case(
        "CREATE STATISTICS stat ON name, size FROM things",
        &[
            ("dropThings", "statistics public.stat"),
            ("removeNameFromThings", "statistics public.stat"),
            ("changeNameOnThings name:text", "cannot be changed, because other objects depend on it: \
                the statistics public.stat"),
        ],
    ),
    case(
        "ALTER TABLE things ALTER name SET STATISTICS 7, ALTER name SET (n_distinct = 5)",
        &[("dropThings", "a statistics target of name, options of name"), ("removeNameFromThings", "a statistics target, options")],
    ),
    case(
        "ALTER TABLE things ALTER name SET STORAGE EXTERNAL, ALTER name SET COMPRESSION pglz",
        &[
            ("dropThings", "compression of name, storage of name"),
            ("removeNameFromThings", "compression, storage"),
            ("changeNameOnThings name:text", "compression, storage"),
        ],
    ),
    case(
        "CREATE INDEX doubled ON things ((size * 2)); ALTER INDEX doubled ALTER COLUMN 1 SET STATISTICS 5",
        &[
            ("dropThings", "a statistics target of doubled"),
            ("removeSizeFromThings", "a statistics target of doubled"),
            ("removeIndexFromThingsOnSize", "a statistics target"),
            ("changeSizeOnThings size:bigint", "a statistics target"),
        ],
    ),
    case(
        "CREATE INDEX sizes ON things (size); ALTER INDEX sizes DEPENDS ON EXTENSION \"uuid-ossp\"",
        &[("dropThings", "the dependency of the index public.sizes of table public.things on the extension \"uuid-ossp\"")],
    ),
    case(
        "ALTER TABLE things ADD CONSTRAINT sizes UNIQUE (size) WITH (fillfactor = 70)",
        &[("dropThings", "storage parameters of sizes"), ("removeSizeFromThings", "storage parameters of sizes")],
    ),
    case(
        "COMMENT ON INDEX things_pkey IS 'x'",
        &[("dropThings", "a comment on the index public.things_pkey of table public.things")],
    ),
    case(
        "CREATE TRIGGER tr BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION nothing();
         COMMENT ON TRIGGER tr ON things IS 'x'; ALTER TABLE things DISABLE TRIGGER tr",
        &[("dropThings", "a comment on the trigger tr of table public.things, the firing state of tr")],
    ),
    case(
        "ALTER TABLE things ADD CONSTRAINT self FOREIGN KEY (size) REFERENCES things; ALTER TABLE things DISABLE TRIGGER ALL",
        &[("dropThings", "a disabled check of self"), ("removeSizeFromThings", "a disabled check of self")],
    ),
    case("COMMENT ON TYPE things IS 'x'", &[("dropThings", "a comment on the ")]),
    case("CREATE INDEX broken ON things (size); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass",
        &[("dropThings", "the invalid state of broken"), ("removeIndexFromThingsOnSize", "the invalid state")]),
    case("CREATE PUBLICATION pub FOR TABLE things", &[("dropThings", "publication pub")]),
    case(
        "INSERT INTO pg_seclabel SELECT attrelid, 'pg_class'::regclass, attnum, 'nobody', 'x' FROM pg_attribute
         WHERE attrelid = 'things'::regclass AND attname = 'size'",
        &[("dropThings", "a security label of size"), ("removeSizeFromThings", "a security label")],
    ),
    case(
        "CREATE SEQUENCE s OWNED BY things.size; GRANT USAGE ON SEQUENCE s TO PUBLIC",
        &[("dropThings", "grants of s"), ("removeSizeFromThings", "grants of s")],
    ),
    case(
        "DROP TABLE things; CREATE TABLE things (id integer, size integer) PARTITION BY RANGE (size);
         CREATE TABLE parts PARTITION OF things FOR VALUES FROM (0) TO (9)",
        &[
            ("dropThings", "partitions"),
            ("dropParts", "partitions"),
            ("removeSizeFromThings", "cannot be dropped, because other objects depend on it: the \
                table public.things"),
            ("removeIdFromThings", "partitions or inheritance"),
            ("changeSizeOnThings size:bigint", "partitions or inheritance"),
            ("renameSizeToLengthOnParts", "it is inherited from another table, where it has to be renamed"),
        ],
    ),
    case(
        "CREATE TABLE child (more integer) INHERITS (things)",
        &[
            ("dropThings", "cannot be dropped, because other objects depend on it: the table public.child"),
            ("dropChildTable", "inheritance"),
            ("removeNameFromThings", "partitions or inheritance"),
        ],
    ),
    case(
        "CREATE TYPE thing AS (a integer, b text); CREATE TABLE shapes OF thing",
        &[("dropShapes", "the type of a typed table"), ("removeAFromShapes", "partitions or inheritance")],
    ),
    case("CREATE TYPE mood AS ENUM ('calm'); GRANT USAGE ON TYPE mood TO pg_monitor", &[("dropMoodEnum", "grants")]),
    RequestCase {
        since: 18,
        setup: "ALTER TABLE things ADD CONSTRAINT always NOT NULL size",
        answers: &[
            ("dropThings", "a named NOT NULL of size"),
            ("removeSizeFromThings", "a named NOT NULL"),
            ("changeSizeOnThings size:integer?", "a named NOT NULL"),
        ],
    },
    RequestCase {
        since: 18,
        setup: "ALTER TABLE things ADD CONSTRAINT things_size_not_null NOT NULL size NOT VALID",
        answers: &[("dropThings", "an unvalidated NOT NULL of size")],
    },
];

/// The objects and other reasons that would prevent `up` from running, each with the words by which the refusal names it.
pub(super) const IN_THE_WAY: &[RequestCase] = &[
    case(
        "CREATE VIEW seen AS SELECT name FROM things",
        &[
            ("dropThings", "the view public.seen"),
            ("removeNameFromThings", "the view public.seen"),
            ("changeNameOnThings name:text", "the view public.seen"),
        ],
    ),
    case(
        "CREATE MATERIALIZED VIEW kept AS SELECT name FROM things",
        &[
            ("dropThings", "the materialized view public.kept"),
            ("removeNameFromThings", "the materialized view public.kept"),
            ("changeNameOnThings name:string(40)", "the materialized view public.kept"),
        ],
    ),
    case(
        "CREATE VIEW grouped AS SELECT id, name FROM things GROUP BY id",
        &[("removeIdFromThings", "the view public.grouped"), ("dropThings", "the view public.grouped")],
    ),
    case(
        "CREATE POLICY own ON things USING (name = current_user)",
        &[
            ("removeNameFromThings", "the policy own of table public.things"),
            ("changeNameOnThings name:text", "the policy own of table public.things"),
        ],
    ),
    case(
        "CREATE TRIGGER tr BEFORE UPDATE OF name ON things FOR EACH ROW EXECUTE FUNCTION nothing()",
        &[
            ("removeNameFromThings", "the trigger tr of table public.things"),
            ("changeNameOnThings name:text", "the trigger tr of table public.things"),
        ],
    ),
    case(
        "CREATE TRIGGER tr BEFORE UPDATE ON things FOR EACH ROW WHEN (NEW.name <> 'a') EXECUTE FUNCTION nothing()",
        &[
            ("removeNameFromThings", "the trigger tr of table public.things"),
            ("changeNameOnThings name:text", "the trigger tr of table public.things"),
        ],
    ),
    case(
        "ALTER TABLE things ADD twice integer GENERATED ALWAYS AS (size * 2) STORED",
        &[
            ("removeSizeFromThings", "the column twice of table public.things"),
            ("changeSizeOnThings size:bigint", "the column twice of table public.things"),
            ("changeTwiceOnThings twice:bigint", "the database generates its values"),
        ],
    ),
    case(
        "CREATE TABLE others (thing integer CONSTRAINT of_thing REFERENCES things)",
        &[
            ("dropThings", "the constraint of_thing of table public.others"),
            ("removeIdFromThings", "the constraint of_thing of table public.others"),
            ("changeThingOnOthers thing:text", "the constraint of_thing of table public.others"),
        ],
    ),
    case(
        "CREATE UNIQUE INDEX sizes ON things (size); CREATE TABLE others (size integer CONSTRAINT of_size REFERENCES things (size))",
        &[
            ("removeIndexFromThingsOnSize", "the constraint of_size of table public.others"),
            ("removeSizeFromThings", "the constraint of_size of table public.others"),
            ("changeSizeOnThings size:text", "the constraint of_size of table public.others"),
        ],
    ),
    case(
        "CREATE FUNCTION sizes() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT size FROM things; END",
        &[
            ("dropThings", "the function public.sizes()"),
            ("removeSizeFromThings", "the function public.sizes()"),
            ("changeSizeOnThings size:bigint", "the function public.sizes()"),
        ],
    ),
    case(
        "CREATE FUNCTION of(things) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TABLE others (a things[])",
        &[
            ("dropThings", "the function public.of(things), the column a of table public.others"),
            ("changeSizeOnThings size:bigint", "the column a of table public.others"),
        ],
    ),
    case(
        "CREATE FUNCTION filled(t things DEFAULT NULL) RETURNS integer LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION one() RETURNS integer LANGUAGE sql RETURN (row(1, 'a', 2)::things).id;
         CREATE TABLE others (a integer DEFAULT ('(1,a,2)'::things).id CHECK ((a, 'a', 2)::things IS NOT NULL));
         CREATE POLICY own ON others USING ((a, 'a', 2)::things IS NOT NULL)",
        &[
            ("changeSizeOnThings size:bigint", "the function public.filled(things)"),
            ("changeSizeOnThings size:bigint", "the function public.one()"),
            ("changeSizeOnThings size:bigint", "the column a of table public.others"),
            ("changeSizeOnThings size:bigint", "the constraint others_a_check of table public.others"),
            ("changeSizeOnThings size:bigint", "the policy own of table public.others"),
        ],
    ),
    case(
        "ALTER TABLE things ADD counted serial; CREATE TABLE others (a integer DEFAULT nextval('things_counted_seq'))",
        &[
            ("dropThings", "the column a of table public.others"),
            ("removeCountedFromThings", "the column a of table public.others"),
        ],
    ),
    case(
        "CREATE RULE r AS ON INSERT TO things WHERE NEW.size > 1 DO ALSO NOTHING",
        &[("removeSizeFromThings", "the rule r of table public.things"), ("changeSizeOnThings size:bigint", "the rule r of table public.things")],
    ),
    case(
        "ALTER TABLE things ADD CONSTRAINT apart EXCLUDE USING btree (id WITH =) WHERE (size > 0)",
        &[("removeSizeFromThings", "the constraint apart of table public.things")],
    ),
    case(
        "ALTER TABLE things ADD CONSTRAINT sizes UNIQUE (size) INCLUDE (name);
         ALTER TABLE things ADD CONSTRAINT self FOREIGN KEY (id) REFERENCES things (size)",
        &[("changeNameOnThings name:text", "the constraint self of table public.things")],
    ),
    case(
        "ALTER EXTENSION \"uuid-ossp\" ADD TABLE things",
        &[("dropThings", "`things` belongs to the extension `uuid-ossp`")],
    ),
    case(
        "CREATE TYPE mood AS ENUM ('calm'); CREATE TYPE pair AS (a mood); CREATE DOMAIN moods AS mood[];
         CREATE FUNCTION calm(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'",
        &[("dropMoodEnum", "the column a of type public.pair"), ("dropMoodEnum", "the function public.calm(mood)"), ("dropMoodEnum", "the domain public.moods")],
    ),
    case(
        "ALTER TABLE things ADD note text; CREATE INDEX lowered ON things (lower(note))",
        &[("changeNoteOnThings note:bytea", "function lower(bytea) does not exist")],
    ),
    case(
        "ALTER TABLE things ADD CONSTRAINT positive CHECK (size > 0)",
        &[("changeSizeOnThings size:text", "operator does not exist: text > integer")],
    ),
    case(
        "DROP TABLE things; CREATE TABLE things (a integer, b integer, PRIMARY KEY (a, b))",
        &[
            ("changeAOnThings a:integer?", "column \"a\" is in a primary key"),
            ("changeBOnThings b:integer=x", "`x` is not an integer"),
        ],
    ),
    RequestCase {
        since: 15,
        setup: "CREATE PUBLICATION pub FOR TABLE things (id, name) WHERE (id > 0)",
        answers: &[
            ("removeNameFromThings", "the publication pub"),
            ("changeIdNumberOnThings id_number:text", "has no column"),
        ],
    },
];

/// Operations that are similar to the refused ones, and that the generator accepts. They show that each refusal is for the
/// right reason.
pub(super) const NOT_IN_THE_WAY: &[RequestCase] = &[
    case(
        "CREATE VIEW seen AS SELECT name FROM things",
        &[
            ("removeSizeFromThings", ""),
            ("changeSizeOnThings size:bigint", ""),
            ("changeNameOnThings name:string(20)=x", ""),
            ("renameNameToTitleOnThings", ""),
        ],
    ),
    case(
        "CREATE TABLE others (a integer, b integer);
         INSERT INTO pg_seclabel VALUES ('others'::regclass, 'pg_class'::regclass, 1, 'nobody', 'x')",
        &[("dropThings", ""), ("removeBFromOthers", "")],
    ),
    case(
        "ALTER TABLE things SET (fillfactor = 70), ALTER name SET STATISTICS 7",
        &[("removeSizeFromThings", ""), ("changeNameOnThings name:text", "")],
    ),
    case(
        "CREATE TABLE others (thing varchar(9) REFERENCES more)",
        &[("changeThingOnOthers thing:string(20)", "")],
    ),
    case(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC; CREATE TABLE others (a integer)",
        &[("dropOthers", "")],
    ),
    case(
        "CREATE TABLE others (a bit(3), b \"char\", c interval minute to second(2), d name, e timestamp(2)[][], f regclass DEFAULT 'things', g money, h things)",
        &[("dropOthers", ""), ("changeEOnOthers e:timestamptz[]", "")],
    ),
    case(
        "CREATE FUNCTION of(t things, n integer DEFAULT 1) RETURNS things LANGUAGE sql AS 'SELECT t';
         CREATE FUNCTION one(things) RETURNS integer LANGUAGE sql RETURN 1; CREATE CAST (things AS integer) WITH FUNCTION one(things)",
        &[("changeSizeOnThings size:bigint", "")],
    ),
    RequestCase {
        since: 15,
        setup: "ALTER TABLE things ADD CONSTRAINT one UNIQUE NULLS NOT DISTINCT (size)",
        answers: &[
            ("dropThings", "UNIQUE NULLS NOT DISTINCT (size)"),
            ("removeSizeFromThings", "UNIQUE NULLS NOT DISTINCT (size)"),
        ],
    },
    RequestCase {
        since: 18,
        setup: "ALTER TABLE things ADD seen integer GENERATED ALWAYS AS (size * 2) VIRTUAL, ADD CONSTRAINT told CHECK (size > 0) NOT ENFORCED",
        answers: &[("dropThings", "VIRTUAL"), ("dropThings", "NOT ENFORCED")],
    },
];
