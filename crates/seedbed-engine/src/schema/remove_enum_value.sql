DECLARE
    old regtype := {type}::regtype;
    removed text := {value};
    was record;
    columns jsonb;
    uses record;
    col record;
    remade record;
BEGIN
    SELECT t.typname, format('%s.%I', t.typnamespace::regnamespace, t.typname) AS name, t.typarray, t.typacl,
        t.typowner::regrole AS owner, obj_description(t.oid, 'pg_type') AS comment,
        (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
            WHERE enumtypid = t.oid AND enumlabel <> removed) AS kept
    INTO was FROM pg_type t WHERE t.oid = old;
    IF NOT EXISTS (SELECT FROM pg_enum WHERE enumtypid = old AND enumlabel = removed) THEN
        RAISE undefined_object USING MESSAGE = format('enum type %s has no value %L', old, removed);
    END IF;
    IF was.typacl IS NOT NULL THEN
        RAISE feature_not_supported USING MESSAGE = format('enum type %s has grants, which would be lost', old);
    END IF;

    -- Selects the objects that use the type or a column of the type. PostgreSQL changes the objects marked 'stays'
    -- itself. The text of an index or a check may compare with a value, which would then still have the old type, so
    -- these objects are marked 'remade'.
    WITH typed AS (
        SELECT a.attrelid, a.attnum FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
        WHERE a.atttypid IN (old, was.typarray) AND NOT a.attisdropped
    ), used AS (
        SELECT classid, objid, objsubid FROM pg_depend
        WHERE refclassid = 'pg_type'::regclass AND refobjid IN (old, was.typarray)
            AND NOT (classid = 'pg_type'::regclass AND objid = was.typarray)
            AND NOT (classid = 'pg_class'::regclass AND (objid, objsubid) IN (SELECT * FROM typed))
        UNION
        SELECT classid, objid, objsubid FROM pg_depend
        JOIN typed ON refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = attnum
        UNION
        -- A column depends on its own table only as part of the partition key.
        SELECT classid, objid, objsubid FROM pg_depend
        JOIN typed ON classid = 'pg_class'::regclass AND objid = attrelid AND objsubid = attnum
        WHERE refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = 0
    ), judged AS (
        SELECT CASE c.relkind WHEN 'p' THEN 'partition key' ELSE o.type END || ' ' || o.identity AS name, u.classid, u.objid, i.indrelid, i.indisclustered, c.relname,
            k.conrelid, k.conname, CASE
                WHEN i.indexrelid IS NOT NULL THEN CASE
                    WHEN i.indpred IS NULL AND i.indexprs IS NULL THEN 'stays'
                    -- pg_get_indexdef omits these properties, so they would be lost.
                    WHEN c.relkind = 'i' AND NOT c.relispartition AND x.oid IS NULL AND i.indisvalid
                        AND c.reltablespace = 0 AND NOT EXISTS (SELECT FROM pg_attribute
                            WHERE attrelid = i.indexrelid AND attstattarget >= 0) THEN 'remade'
                    END
                WHEN k.contype IN ('p', 'u', 'x', 'n') THEN 'stays'
                WHEN k.contype = 'c' AND k.contypid = 0 THEN CASE
                    WHEN k.coninhcount = 0 THEN 'remade'
                    -- A constraint of a partition is dropped and recreated with that of its parent.
                    WHEN NOT k.conislocal AND obj_description(k.oid, 'pg_constraint') IS NULL THEN 'stays'
                    END
                WHEN a.attgenerated = '' AND a.atttypid IN (old, was.typarray) THEN 'stays'
                WHEN s.oid IS NOT NULL AND s.stxexprs IS NULL THEN 'stays'
                -- The functions of a range type are dropped with it, so the error names only the range type.
                WHEN u.classid = 'pg_proc'::regclass AND EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = u.classid AND e.objid = u.objid AND e.deptype = 'i'
                        AND e.refclassid = 'pg_type'::regclass) THEN 'stays'
            END AS fate
        FROM used u
        LEFT JOIN pg_class c ON u.classid = 'pg_class'::regclass AND c.oid = u.objid
        LEFT JOIN pg_index i ON i.indexrelid = c.oid
        LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.contype = 'x'
        LEFT JOIN pg_constraint k ON u.classid = 'pg_constraint'::regclass AND k.oid = u.objid
        LEFT JOIN pg_attrdef d ON u.classid = 'pg_attrdef'::regclass AND d.oid = u.objid
        LEFT JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        LEFT JOIN pg_statistic_ext s ON u.classid = 'pg_statistic_ext'::regclass AND s.oid = u.objid
        LEFT JOIN pg_rewrite r ON u.classid = 'pg_rewrite'::regclass AND r.oid = u.objid AND r.rulename = '_RETURN'
        -- The error names the object that can be dropped, such as the view of a rule or the column of a default.
        CROSS JOIN LATERAL pg_identify_object(
            CASE
                WHEN r.oid IS NOT NULL OR d.oid IS NOT NULL THEN 'pg_class'::regclass
                WHEN x.oid IS NOT NULL THEN 'pg_constraint'::regclass
                ELSE u.classid
            END,
            coalesce(r.ev_class, d.adrelid, x.oid, u.objid),
            CASE WHEN c.relkind IN ('v', 'm') THEN 0 ELSE coalesce(d.adnum, u.objsubid) END
        ) o
    )
    SELECT string_agg(DISTINCT name, ', ') FILTER (WHERE fate IS NULL) AS blocking,
        jsonb_agg(jsonb_build_object('name', name) || CASE classid
            WHEN 'pg_class'::regclass THEN jsonb_build_object(
                'drop', format('DROP INDEX %s', objid::regclass),
                'make', concat_ws('; ', pg_get_indexdef(objid),
                    format('COMMENT ON INDEX %s IS ', objid::regclass)
                        || quote_literal(obj_description(objid, 'pg_class')),
                    CASE WHEN indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I', indrelid::regclass, relname) END))
            ELSE jsonb_build_object(
                'drop', format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
                'make', concat_ws('; ',
                    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(objid)),
                    format('COMMENT ON CONSTRAINT %I ON %s IS ', conname, conrelid::regclass)
                        || quote_literal(obj_description(objid, 'pg_constraint'))))
            END ORDER BY classid, objid) FILTER (WHERE fate = 'remade') AS remade
    INTO uses FROM judged;
    IF uses.blocking IS NOT NULL THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('enum type %s is used by what cannot follow it to a type without %L: %s', old, removed, uses.blocking),
            HINT = 'drop them in a script before this one, and make them again in one after it';
    END IF;
    -- The texts of defaults name the type, which still has its name.
    SELECT jsonb_agg(jsonb_build_object(
        'in_table', a.attrelid::regclass::text,
        'name', quote_ident(a.attname),
        'is_inherited', a.attinhcount > 0,
        'is_default', pg_get_expr(d.adbin, d.adrelid),
        'list', CASE a.atttypid WHEN was.typarray THEN '[]' ELSE '' END
    ) ORDER BY a.attrelid, a.attnum) INTO columns
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE a.atttypid IN (old, was.typarray) AND NOT a.attisdropped;

    FOR remade IN SELECT * FROM jsonb_to_recordset(uses.remade) AS r (drop text) LOOP
        EXECUTE remade.drop;
    END LOOP;
    EXECUTE format('ALTER TYPE %s RENAME TO %I', old, left(was.typname, 59) || '_old');
    EXECUTE format('CREATE TYPE %s AS ENUM (%s)', was.name, coalesce(was.kept, ''));
    -- Each table has a default of its own, and the type that its parents have.
    FOR col IN SELECT * FROM jsonb_to_recordset(columns) AS c (in_table text, name text, is_default text) LOOP
        IF col.is_default IS NOT NULL THEN
            EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %s DROP DEFAULT', col.in_table, col.name);
        END IF;
    END LOOP;
    FOR col IN SELECT step, c.* FROM generate_series(1, 2) step, jsonb_to_recordset(columns) AS c
        (in_table text, name text, is_inherited bool, is_default text, list text) ORDER BY step
    LOOP
        BEGIN
            IF col.step = 1 AND NOT col.is_inherited THEN
                EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$s TYPE %3$s%4$s USING %2$s::text%4$s::%3$s%4$s',
                    col.in_table, col.name, was.name, col.list);
            ELSIF col.step = 2 AND col.is_default IS NOT NULL THEN
                EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %s SET DEFAULT %s', col.in_table, col.name, col.is_default);
            END IF;
        EXCEPTION WHEN invalid_text_representation THEN
            RAISE restrict_violation USING
                MESSAGE = format('%s of %s has the value %L, in a row or as its default', col.name, col.in_table, removed),
                HINT = format('give it another value first: UPDATE %1$s SET %2$s = … WHERE %2$s = %3$L', col.in_table, col.name, removed);
        END;
    END LOOP;
    FOR remade IN SELECT * FROM jsonb_to_recordset(uses.remade) AS r (name text, make text) LOOP
        BEGIN
            EXECUTE remade.make;
        EXCEPTION WHEN invalid_text_representation THEN
            RAISE restrict_violation USING
                MESSAGE = format('%s speaks of the value %L', remade.name, removed),
                HINT = 'drop it in a script before this one, and make it again without the value';
        END;
    END LOOP;
    EXECUTE format('DROP TYPE %s', old);
    EXECUTE format('ALTER TYPE %s OWNER TO %s', was.name, was.owner);
    IF was.comment IS NOT NULL THEN
        EXECUTE format('COMMENT ON TYPE %s IS %L', was.name, was.comment);
    END IF;
END
