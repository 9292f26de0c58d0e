-- Puts the rows of a seed in as its `up` will do, says what the database does not take, and takes all of it back. It is
-- for PostgreSQL 14 and later; trial.rs fills in the parts in braces. Triggers fire, sequences count, nothing else stays.
BEGIN;
SET LOCAL lock_timeout = '5s';
SET LOCAL client_min_messages = 'error';
SET LOCAL seedbed.rows = {rows};
DO $seedbed$
#variable_conflict use_column
DECLARE
    given CONSTANT json[] := ARRAY(SELECT json_array_elements(current_setting('seedbed.rows')::json));
    total CONSTANT int := cardinality(given);
    put CONSTANT text := {put};
    -- What is wrong, each with its row, from 1, and its column, from 0; the id is column 0.
    wrong jsonb := '[]';
    -- Those of one column, or of one statement.
    told jsonb;
    ids uuid[];
    seen uuid[] := '{}';
    cell record;
    field record;
    base oid;
    modifier int;
    uncut text;
    outer_type record;
    message text;
    detail text;
    about text;
BEGIN
    -- Each value on its own, so that it can be named. A cast to varchar(3), or to name, would cut in silence, and so it is
    -- compared with one that does not.
    FOR field IN
        SELECT place, attname AS name, atttypid AS type, atttypmod AS modifier,
            format_type(atttypid, atttypmod) AS sql_type
        FROM unnest({columns}) WITH ORDINALITY AS columns (name, place)
        JOIN pg_catalog.pg_attribute ON attrelid = {table}::regclass AND attname = name
    LOOP
        base := field.type;
        modifier := field.modifier;
        LOOP
            SELECT typbasetype, typtypmod INTO outer_type FROM pg_catalog.pg_type WHERE oid = base AND typtype = 'd';
            EXIT WHEN NOT FOUND;
            base := outer_type.typbasetype;
            modifier := greatest(modifier, outer_type.typtypmod);
        END LOOP;
        uncut := CASE
            WHEN base = 'pg_catalog.name'::regtype THEN 'text'
            WHEN base = 'pg_catalog.name[]'::regtype THEN 'text[]'
            WHEN modifier >= 0 THEN format_type(base, -1)
        END;
        BEGIN
            EXECUTE format(
                'SELECT jsonb_agg(jsonb_build_object(''row'', row, ''column'', %1$s, ''kept'', kept::text)) FROM ('
                'SELECT row, cells->>%1$s AS text, CAST(cells->>%1$s AS %2$s) AS kept, CAST(cells->>%1$s AS %3$s) AS whole '
                'FROM unnest($1) WITH ORDINALITY AS rows (cells, row)) AS one WHERE ' || CASE
                    WHEN uncut IS NOT NULL THEN 'kept::%3$s IS DISTINCT FROM whole'
                    ELSE 'text IS NOT NULL AND kept::text IS NULL'
                END, field.place, field.sql_type, coalesce(uncut, field.sql_type))
                USING given INTO told;
            wrong := wrong || coalesce(told, '[]');
        EXCEPTION WHEN others THEN
            FOR cell IN
                SELECT row, cells->>field.place::int AS text FROM unnest(given) WITH ORDINALITY AS rows (cells, row)
            LOOP
                EXIT WHEN jsonb_array_length(wrong) >= 20;
                BEGIN
                    EXECUTE format('SELECT CAST($1 AS %s)::text', field.sql_type) USING cell.text;
                EXCEPTION WHEN others THEN
                    wrong := wrong || jsonb_build_object('row', cell.row, 'column', field.place, 'message', SQLERRM,
                        'labels', (SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_catalog.pg_enum
                            WHERE enumtypid = base));
                END;
            END LOOP;
        END;
    END LOOP;

    -- Rows that are one for the database, whatever the file says.
    IF wrong = '[]' THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('row', row, 'first', first)), '[]') INTO wrong FROM (
            SELECT row, min(row) OVER (PARTITION BY {key}) AS first
            FROM unnest(given) WITH ORDINALITY AS rows (cells, row)
        ) AS keys WHERE row <> first;
    END IF;

    -- As many at a time as the seed puts in, since rows may refer to each other; one by one where those fail.
    IF wrong = '[]' THEN
        FOR start IN 1 .. total BY {rows_at_once} LOOP
            BEGIN
                EXECUTE put USING given[start:start + {rows_at_once} - 1] INTO ids;
                seen := seen || ids;
            EXCEPTION
            WHEN insufficient_privilege OR lock_not_available OR query_canceled THEN
                RAISE;
            WHEN others THEN
                message := CASE WHEN SQLSTATE = '21000' THEN 'a trigger makes one row of two' ELSE SQLERRM END;
                told := '[]';
                FOR place IN start .. least(start + {rows_at_once} - 1, total) LOOP
                    EXIT WHEN jsonb_array_length(told) >= 20;
                    BEGIN
                        EXECUTE put USING given[place:place] INTO ids;
                    EXCEPTION WHEN others THEN
                        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, about = CONSTRAINT_NAME;
                        told := told || jsonb_build_object('row', place, 'code', SQLSTATE, 'message', SQLERRM,
                            'detail', nullif(detail, ''), 'constraint', nullif(about, ''));
                    END;
                END LOOP;
                IF told = '[]' THEN
                    told := jsonb_build_array(jsonb_build_object('message', message));
                END IF;
                wrong := wrong || told;
            END;
        END LOOP;
        -- A row that refers to a later one is told here too, while that one is missing for another reason.
        IF wrong @? '$[*] ? (@.code != "23503")' THEN
            wrong := jsonb_path_query_array(wrong, '$[*] ? (@.code != "23503")');
        END IF;
    END IF;
    IF wrong = '[]' THEN
        BEGIN
            SET CONSTRAINTS ALL IMMEDIATE;
        EXCEPTION WHEN others THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
            wrong := jsonb_build_array(jsonb_build_object('message', SQLERRM, 'detail', nullif(detail, '')));
        END;
    END IF;
    -- Of the statements before, each by itself was in order.
    IF wrong = '[]' AND (SELECT count(DISTINCT id) FROM unnest(seen) AS id) <> total THEN
        wrong := '[{"message": "a trigger leaves rows out, or makes one row of two"}]';
    END IF;
    PERFORM set_config('seedbed.wrong', wrong::text, true);
END
$seedbed$;
SELECT current_setting('seedbed.wrong');
ROLLBACK;
