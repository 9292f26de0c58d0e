-- What there is under the names in {names}, as one JSON document: see present.rs.
WITH wanted AS (
    SELECT DISTINCT unnest({names}) AS name
),
t AS (
    SELECT c.*, c.oid AS id FROM pg_catalog.pg_class c JOIN wanted ON c.relname = name
    WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)
),
col AS (
    SELECT a.attrelid, a.attnum, jsonb_build_object(
        'name', a.attname,
        'sql_type', pg_catalog.format_type(a.atttypid, a.atttypmod),
        'is_enum', y.typtype = 'e',
        'not_null', a.attnotnull,
        'default', CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
        'generated', format('(%s) ', pg_catalog.pg_get_expr(d.adbin, d.adrelid))
            || CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
        'serial', a.attidentity = '' AND pg_catalog.pg_get_serial_sequence(
            quote_ident(n.nspname) || '.' || quote_ident(t.relname), a.attname) IS NOT NULL,
        'collation', (
            SELECT quote_ident(o.collname) FROM pg_catalog.pg_collation o
            WHERE o.oid = a.attcollation AND a.attcollation <> y.typcollation),
        'comment', pg_catalog.col_description(a.attrelid, a.attnum),
        -- What a script would not put back.
        'beyond', (
            SELECT coalesce(jsonb_agg(what ORDER BY what), '[]') FROM (VALUES
                ('compression', a.attcompression <> ''),
                ('grants', a.attacl IS NOT NULL),
                ('options', a.attoptions IS NOT NULL),
                ('a named NOT NULL', EXISTS (SELECT FROM pg_catalog.pg_constraint c
                    WHERE c.conrelid = t.id AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum]
                    AND c.conname NOT LIKE '%\_not\_null')),
                ('a statistics target', a.attstattarget >= 0),
                ('storage', a.attstorage <> y.typstorage)
            ) AS settings (what, is_set) WHERE is_set)
    ) AS line
    FROM t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.id AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
),
con AS (
    SELECT c.conrelid, c.conname, jsonb_build_object(
        'name', c.conname,
        'kind', c.contype,
        'definition', pg_catalog.pg_get_constraintdef(c.oid, true),
        'comment', pg_catalog.obj_description(c.oid, 'pg_constraint'),
        'columns', (
            SELECT coalesce(jsonb_agg(a.attname ORDER BY a.attnum), '[]') FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
    ) AS line
    -- PostgreSQL 18 lists NOT NULL here too: it is told with its column.
    FROM t JOIN pg_catalog.pg_constraint c ON c.conrelid = t.id AND c.contype IN ('p', 'u', 'c', 'f', 'x')
),
idx AS (
    SELECT x.indrelid, i.relname, jsonb_build_object(
        'name', i.relname,
        'definition', pg_catalog.pg_get_indexdef(x.indexrelid, 0, true),
        'comment', pg_catalog.obj_description(x.indexrelid, 'pg_class'),
        -- Columns in expressions and in WHERE count too.
        'columns', (
            SELECT coalesce(jsonb_agg(a.attname ORDER BY array_position(x.indkey::int2[], a.attnum), a.attnum), '[]')
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = x.indrelid AND a.attnum IN (
                SELECT refobjsubid FROM pg_catalog.pg_depend
                WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = x.indexrelid
                AND refclassid = 'pg_catalog.pg_class'::regclass AND refobjid = x.indrelid))
    ) AS line
    FROM t JOIN pg_catalog.pg_index x ON x.indrelid = t.id
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c
        WHERE c.conrelid = x.indrelid AND c.conindid = x.indexrelid AND c.contype IN ('p', 'u', 'x'))
),
-- What holds a table back from being dropped.
needs AS (
    SELECT c.confrelid AS id, format('the foreign key %s of %s', c.conname, c.conrelid::regclass) AS line
    FROM t JOIN pg_catalog.pg_constraint c ON c.confrelid = t.id AND c.conrelid <> t.id AND c.conparentid = 0
    UNION
    SELECT t.id, format('the view %s', r.ev_class::regclass)
    FROM t JOIN pg_catalog.pg_depend d ON d.refobjid = t.id
        AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.classid = 'pg_catalog.pg_rewrite'::regclass
    JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> t.id
),
-- What a script would not put back.
beyond AS (
    SELECT id, 'partitions' AS line FROM t WHERE relkind = 'p' OR relispartition
    UNION SELECT id, 'inheritance' FROM t JOIN pg_catalog.pg_inherits ON id IN (inhrelid, inhparent)
    UNION SELECT id, 'row security' FROM t WHERE relrowsecurity
        OR EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = id)
    UNION SELECT id, 'rules' FROM t JOIN pg_catalog.pg_rewrite ON ev_class = id
    UNION SELECT id, 'grants' FROM t WHERE relacl IS NOT NULL
    UNION SELECT attrelid, format('%s of %s', what, line->>'name') FROM col, jsonb_array_elements_text(line->'beyond') what
    UNION SELECT id, 'storage parameters' FROM t WHERE reloptions IS NOT NULL
    UNION SELECT id, 'no write-ahead log' FROM t WHERE relpersistence <> 'p'
    UNION SELECT id, 'a replica identity' FROM t WHERE relreplident <> 'd'
    UNION SELECT id, 'extended statistics' FROM t JOIN pg_catalog.pg_statistic_ext ON stxrelid = id
    UNION SELECT id, 'a publication' FROM t JOIN pg_catalog.pg_publication_rel ON prrelid = id
    UNION SELECT id, 'triggers that do not always fire' FROM t JOIN pg_catalog.pg_trigger ON tgrelid = id
        WHERE tgenabled <> 'O' AND NOT tgisinternal
    UNION SELECT id, 'an invalid index' FROM t JOIN pg_catalog.pg_index ON indrelid = id WHERE NOT indisvalid
    UNION SELECT id, 'a comment on a trigger' FROM t JOIN pg_catalog.pg_trigger g ON tgrelid = id
        WHERE pg_catalog.obj_description(g.oid, 'pg_trigger') IS NOT NULL
    -- The index behind a constraint has a comment of its own.
    UNION SELECT id, 'a comment on the index of a constraint' FROM t
    JOIN pg_catalog.pg_constraint ON conrelid = id AND contype IN ('p', 'u', 'x')
    WHERE pg_catalog.obj_description(conindid, 'pg_class') IS NOT NULL
)
SELECT jsonb_build_object(
    'tables', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'name', relname,
        'comment', pg_catalog.obj_description(id, 'pg_class'),
        'columns', (SELECT coalesce(jsonb_agg(line ORDER BY attnum), '[]') FROM col WHERE attrelid = id),
        'constraints', (SELECT coalesce(jsonb_agg(line ORDER BY conname), '[]') FROM con WHERE conrelid = id),
        'indexes', (SELECT coalesce(jsonb_agg(line ORDER BY relname), '[]') FROM idx WHERE indrelid = id),
        'triggers', (
            SELECT coalesce(jsonb_agg(pg_catalog.pg_get_triggerdef(g.oid, true) ORDER BY tgname), '[]')
            FROM pg_catalog.pg_trigger g WHERE tgrelid = id AND NOT tgisinternal),
        'needed_by', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM needs WHERE needs.id = t.id),
        'beyond', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM beyond WHERE beyond.id = t.id)
    ) ORDER BY relname), '[]') FROM t),
    'enums', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'name', y.typname,
        'comment', pg_catalog.obj_description(y.oid, 'pg_type'),
        'values', (
            SELECT coalesce(jsonb_agg(enumlabel ORDER BY enumsortorder), '[]') FROM pg_catalog.pg_enum
            WHERE enumtypid = y.oid),
        'used_by', (
            SELECT coalesce(jsonb_agg(format('%s of %s', a.attname, a.attrelid::regclass)
                ORDER BY a.attrelid, a.attnum), '[]')
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            WHERE a.atttypid IN (y.oid, y.typarray) AND NOT a.attisdropped AND c.relkind IN ('r', 'p'))
    ) ORDER BY y.typname), '[]')
    FROM pg_catalog.pg_type y JOIN wanted ON y.typname = name
    WHERE y.typtype = 'e' AND pg_catalog.pg_type_is_visible(y.oid)),
    -- What a new name may clash with: all relations, and the types that are none.
    'others', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'kind', kind, 'key', key) ORDER BY name), '[]')
    FROM (
        SELECT c.relname AS name,
            CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'i' THEN 'index'
                WHEN 'I' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' ELSE 'relation' END AS kind,
            (SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
            WHERE c.relkind IN ('r', 'p') AND a.attrelid = c.oid AND a.attname = 'id' AND NOT a.attisdropped) AS key
        FROM pg_catalog.pg_class c
        WHERE pg_catalog.pg_table_is_visible(c.oid) AND c.relnamespace <> 'pg_catalog'::regnamespace
        UNION ALL
        SELECT y.typname, CASE y.typtype WHEN 'e' THEN 'enum type' ELSE 'type' END, NULL
        FROM pg_catalog.pg_type y
        WHERE y.typrelid = 0 AND y.typcategory <> 'A' AND pg_catalog.pg_type_is_visible(y.oid)
        AND y.typnamespace <> 'pg_catalog'::regnamespace
    ) taken)
)::text
