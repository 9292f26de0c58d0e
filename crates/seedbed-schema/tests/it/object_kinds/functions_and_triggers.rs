//! Tests views, functions, triggers, rules and policies.

use super::{ObjectKindCase, case, check_each};

const CASES: &[ObjectKindCase] = &[
    case(
        "view",
        "CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT * FROM t",
        "CREATE OR REPLACE VIEW v AS SELECT * FROM t WHERE a > 0",
        &["view public.v"],
    ),
    case(
        "view options",
        "CREATE TABLE t (a int); CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t WHERE \
         a > 1 WITH LOCAL CHECK OPTION",
        "ALTER VIEW v SET (check_option = cascaded)",
        &["view public.v"],
    ),
    case(
        "views on views",
        "CREATE TABLE t (a int); CREATE VIEW z AS SELECT a FROM t; CREATE VIEW a AS SELECT a \
         FROM z; CREATE MATERIALIZED VIEW b AS SELECT a FROM a; CREATE VIEW m AS SELECT a FROM b",
        "ALTER VIEW z ALTER a SET DEFAULT 5",
        &["default of column a of view public.z"],
    ),
    case(
        "materialized view",
        "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS SELECT a \
         FROM t; CREATE UNIQUE INDEX i ON m (a)",
        "DROP INDEX i",
        &["index public.i of materialized view public.m"],
    ),
    case(
        "columns of a materialized view",
        "CREATE MATERIALIZED VIEW m AS SELECT 'x'::text AS a, 5 AS b; ALTER MATERIALIZED VIEW m \
         ALTER a SET STORAGE external, ALTER a SET COMPRESSION pglz, ALTER b SET STATISTICS 5; \
         CREATE INDEX i ON m (b); ALTER MATERIALIZED VIEW m CLUSTER ON i",
        "ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 6",
        &["column b of materialized view public.m"],
    ),
    case(
        "a view that needs a key",
        "CREATE TABLE t (a int PRIMARY KEY, b text); CREATE VIEW v AS SELECT a, b FROM t GROUP \
         BY a",
        "ALTER VIEW v RENAME b TO c",
        &["view public.v"],
    ),
    case(
        "function",
        "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE plpgsql STABLE STRICT \
         SET work_mem = '8MB' AS $$ BEGIN RETURN missing(a); END $$",
        "ALTER FUNCTION f IMMUTABLE",
        &["function public.f(integer, text)"],
    ),
    case(
        "functions with the same name",
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(text) \
         RETURNS int LANGUAGE sql AS 'SELECT 2'",
        "DROP FUNCTION f(text)",
        &["function public.f(text)"],
    ),
    case(
        "function body in sql",
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS \
         bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM v; END",
        "CREATE OR REPLACE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) \
         FROM t; END",
        &["function public.f()"],
    ),
    case(
        "function that returns rows of a table",
        "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * \
         FROM t'; CREATE VIEW v AS SELECT a FROM f()",
        "ALTER FUNCTION f ROWS 5",
        &["function public.f()"],
    ),
    case(
        "default calls a function of its own table",
        "CREATE TABLE t (a int, b int CHECK (b > 0)); CREATE FUNCTION f(t) RETURNS int LANGUAGE \
         sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT \
         f(NULL::t)'; CREATE FUNCTION h() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT \
         count(*)::int FROM t; END; ALTER TABLE t ALTER a SET DEFAULT h(); ALTER TABLE t ADD \
         CHECK (f(t) > 0); CREATE INDEX ON t (f(t))",
        "ALTER TABLE t ALTER a DROP DEFAULT",
        &["column a of table public.t"],
    ),
    case(
        "procedure",
        "CREATE PROCEDURE p(INOUT a int) LANGUAGE plpgsql AS 'BEGIN END'",
        "ALTER PROCEDURE p SECURITY DEFINER",
        &["procedure public.p(integer)"],
    ),
    case(
        "aggregates",
        "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', COMBINEFUNC = \
         int4pl, PARALLEL = SAFE); CREATE AGGREGATE number(*) (SFUNC = int8inc, STYPE = int8, \
         INITCOND = '0', MSFUNC = int8inc, MINVFUNC = int8dec, MSTYPE = int8, MINITCOND = '0'); \
         CREATE AGGREGATE highest(int) (SFUNC = int4larger, STYPE = int, SORTOP = >); CREATE \
         AGGREGATE middle(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = \
         internal, FINALFUNC = percentile_cont_float8_final, FINALFUNC_MODIFY = SHAREABLE)",
        "DROP AGGREGATE total(int); CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, \
         INITCOND = '1', COMBINEFUNC = int4pl, PARALLEL = SAFE)",
        &["aggregate public.total(integer)"],
    ),
    case(
        "trigger",
        "CREATE TABLE t (a int); CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN \
         RETURN NEW; END'; CREATE TRIGGER one AFTER INSERT ON t REFERENCING NEW TABLE AS n FOR \
         EACH STATEMENT EXECUTE FUNCTION g('x')",
        "ALTER TABLE t DISABLE TRIGGER one",
        &["trigger one of table public.t"],
    ),
    case(
        "triggers of all kinds",
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT; \
         CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql \
         AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER each BEFORE UPDATE OF a ON t FOR EACH ROW \
         WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION g(); CREATE CONSTRAINT TRIGGER \
         late AFTER INSERT ON t1 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION \
         g(); CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION g(); \
         ALTER TABLE t1 ENABLE ALWAYS TRIGGER late",
        "ALTER TABLE t1 ENABLE REPLICA TRIGGER late",
        &["trigger late of table public.t1"],
    ),
    case(
        "trigger of a partition",
        "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT \
         PARTITION BY LIST (a); CREATE TABLE p2 PARTITION OF p1 DEFAULT; CREATE FUNCTION g() \
         RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER t AFTER \
         INSERT ON p FOR EACH ROW EXECUTE FUNCTION g(); ALTER TABLE p DISABLE TRIGGER t; ALTER \
         TABLE p1 ENABLE ALWAYS TRIGGER t",
        "ALTER TABLE p2 DISABLE TRIGGER t",
        &["trigger t of table public.p2"],
    ),
    case(
        "event trigger",
        "CREATE FUNCTION g() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT \
         TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE \
         FUNCTION g(); COMMENT ON EVENT TRIGGER e IS 'x'",
        "ALTER EVENT TRIGGER e DISABLE",
        &["event trigger e"],
    ),
    case(
        "rule",
        "CREATE TABLE t (a int); CREATE TABLE log (a int); CREATE RULE r AS ON INSERT TO t WHERE \
         NEW.a > 5 DO ALSO (INSERT INTO log VALUES (NEW.a); DELETE FROM log)",
        "ALTER TABLE t DISABLE RULE r",
        &["rule r of table public.t"],
    ),
    case(
        "row security",
        "CREATE TABLE t (a int, o text); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY \
         p ON t AS RESTRICTIVE FOR UPDATE TO pg_monitor, pg_read_all_data USING (o = \
         CURRENT_USER) WITH CHECK (a > 0)",
        "ALTER TABLE t FORCE ROW LEVEL SECURITY",
        &["row security of table public.t"],
    ),
    case(
        "policy",
        "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE POLICY p ON t USING (EXISTS \
         (SELECT FROM u WHERE u.a = t.a))",
        "ALTER POLICY p ON t TO pg_monitor",
        &["policy p of table public.t"],
    ),
    case(
        "statistics",
        "CREATE TABLE t (a int, b int); CREATE STATISTICS s (ndistinct, mcv) ON a, (b + 1) FROM \
         t",
        "DROP STATISTICS s; CREATE STATISTICS s (ndistinct) ON a, (b + 1) FROM t",
        &["statistics public.s"],
    ),
    case(
        "target of statistics",
        "CREATE TABLE t (a int, b int); CREATE STATISTICS s ON a, b FROM t",
        "ALTER STATISTICS s SET STATISTICS 50",
        &["statistics public.s"],
    ),
];

#[tokio::test]
async fn a_change_of_a_view_function_or_trigger_is_found() {
    check_each(CASES).await;
}
