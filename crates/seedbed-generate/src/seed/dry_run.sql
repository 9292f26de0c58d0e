-- Inserts the rows of a seed as its `up` will do, reports what the database rejects, and rolls back. It runs on
-- PostgreSQL 14 and later. dry_run.rs fills in the parts in braces. Only sequences keep their new state.
BEGIN;
SET LOCAL lock_timeout = '5s';
SET LOCAL client_min_messages = 'error';
SET LOCAL seedbed.rows = {rows};
DO $seedbed$
#variable_conflict use_column
DECLARE
    given CONSTANT json[] := ARRAY(SELECT json_array_elements(current_setting('seedbed.rows')::json));
    total CONSTANT int := cardinality(given);
    -- The upsert, which takes rows and returns their ids.
    put CONSTANT text := {put};
    -- The problems, each with its row, from 1, and its column, from 1. The id is cell 0 of a row, and has no column.
    problems jsonb := '[]';
    -- The problems of one column, or of one statement.
    batch_problems jsonb;
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
    -- Casts the values of each column with one statement, and if that fails, one by one, so that a message can name the
    -- value. A cast to varchar(3), or to name, silently truncates, so its result is compared with that of a cast to the
    -- type `uncut`, which does not truncate.
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
                USING given INTO batch_problems;
            problems := problems || coalesce(batch_problems, '[]');
        EXCEPTION WHEN others THEN
            FOR cell IN
                SELECT row, cells->>field.place::int AS text FROM unnest(given) WITH ORDINALITY AS rows (cells, row)
            LOOP
                EXIT WHEN jsonb_array_length(problems) >= 20;
                BEGIN
                    EXECUTE format('SELECT CAST($1 AS %s)::text', field.sql_type) USING cell.text;
                EXCEPTION WHEN others THEN
                    problems := problems || jsonb_build_object('row', cell.row, 'column', field.place, 'code', SQLSTATE,
                        'message', SQLERRM, 'labels', (SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_catalog.pg_enum
                            WHERE enumtypid = base));
                END;
            END LOOP;
        END;
    END LOOP;

    -- Finds rows with keys that are equal for the database in different spellings.
    IF problems = '[]' THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('row', row, 'first', first)), '[]') INTO problems FROM (
            SELECT row, min(row) OVER (PARTITION BY {key}) AS first
            FROM unnest(given) WITH ORDINALITY AS rows (cells, row)
        ) AS keys WHERE row <> first;
    END IF;

    -- Inserts batches of the size that the seed uses, because rows may refer to each other. The rows of a batch that
    -- fails are inserted one by one.
    IF problems = '[]' THEN
        FOR start IN 1 .. total BY {rows_at_once} LOOP
            BEGIN
                EXECUTE put USING given[start:start + {rows_at_once} - 1] INTO ids;
                seen := seen || ids;
            EXCEPTION
            WHEN insufficient_privilege OR lock_not_available OR query_canceled THEN
                RAISE;
            WHEN others THEN
                -- 21000: the upsert would affect a row twice, although the keys of the rows differ.
                message := CASE WHEN SQLSTATE = '21000' THEN 'a trigger merges two rows' ELSE SQLERRM END;
                batch_problems := '[]';
                FOR place IN start .. least(start + {rows_at_once} - 1, total) LOOP
                    EXIT WHEN jsonb_array_length(batch_problems) >= 20;
                    BEGIN
                        EXECUTE put USING given[place:place] INTO ids;
                    EXCEPTION WHEN others THEN
                        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, about = CONSTRAINT_NAME;
                        batch_problems := batch_problems || jsonb_build_object('row', place, 'code', SQLSTATE, 'message', SQLERRM,
                            'detail', nullif(detail, ''), 'constraint', nullif(about, ''));
                    END;
                END LOOP;
                IF batch_problems = '[]' THEN
                    batch_problems := jsonb_build_array(jsonb_build_object('message', message));
                END IF;
                problems := problems || batch_problems;
            END;
        END LOOP;
        -- Hides missing references if there are other problems, because a referenced row may be missing for that reason.
        IF problems @? '$[*] ? (@.code != "23503")' THEN
            problems := jsonb_path_query_array(problems, '$[*] ? (@.code != "23503")');
        END IF;
    END IF;
    IF problems = '[]' THEN
        BEGIN
            SET CONSTRAINTS ALL IMMEDIATE;
        EXCEPTION WHEN others THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
            problems := jsonb_build_array(jsonb_build_object('message', SQLERRM, 'detail', nullif(detail, '')));
        END;
    END IF;
    -- Each batch succeeded, but a trigger may have skipped or merged rows.
    IF problems = '[]' AND (SELECT count(DISTINCT id) FROM unnest(seen) AS id) <> total THEN
        problems := '[{"message": "a trigger skips rows, or merges two of them"}]';
    END IF;
    PERFORM set_config('seedbed.problems', problems::text, true);
END
$seedbed$;
SELECT current_setting('seedbed.problems');
ROLLBACK;
