DECLARE
    enum_type regtype := {type}::regtype;
    removed text := {value};
    -- The properties of the type that its successor must have.
    properties record;
    -- The columns of the type, as a list of objects.
    columns jsonb;
    -- The names of the objects that prevent the change, and the statements that drop and recreate the others.
    dependents record;
    changed record;
    recreated record;
BEGIN
    SELECT t.typname, format('%s.%I', t.typnamespace::regnamespace, t.typname) AS name, t.typarray, t.typacl,
        t.typowner::regrole AS owner, obj_description(t.oid, 'pg_type') AS comment,
        (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
            WHERE enumtypid = t.oid AND enumlabel <> removed) AS remaining_values
    INTO properties FROM pg_type t WHERE t.oid = enum_type;
    IF NOT EXISTS (SELECT FROM pg_enum WHERE enumtypid = enum_type AND enumlabel = removed) THEN
        RAISE undefined_object USING MESSAGE = format('enum type %s has no value %L', enum_type, removed);
    END IF;
    IF properties.typacl IS NOT NULL THEN
        RAISE feature_not_supported USING MESSAGE = format('enum type %s has grants, which would be lost', enum_type);
    END IF;

    -- Selects the objects that use the type or a column of the type, and decides how to treat them. 'kept': PostgreSQL
    -- changes the object itself. 'recreated': the text of the index or check may compare with a value, which would still
    -- have the old type after the change. NULL: the object prevents the change.
    WITH typed_columns AS (
        SELECT a.attrelid, a.attnum FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
        WHERE a.atttypid IN (enum_type, properties.typarray) AND NOT a.attisdropped
    ), used AS (
        SELECT classid, objid, objsubid FROM pg_depend
        WHERE refclassid = 'pg_type'::regclass AND refobjid IN (enum_type, properties.typarray)
            AND NOT (classid = 'pg_type'::regclass AND objid = properties.typarray)
            AND NOT (classid = 'pg_class'::regclass AND (objid, objsubid) IN (SELECT * FROM typed_columns))
        UNION
        SELECT classid, objid, objsubid FROM pg_depend
        JOIN typed_columns ON refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = attnum
        UNION
        -- A column depends on its own table only as part of the partition key.
        SELECT classid, objid, objsubid FROM pg_depend
        JOIN typed_columns ON classid = 'pg_class'::regclass AND objid = attrelid AND objsubid = attnum
        WHERE refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = 0
    ), classified AS (
        SELECT CASE c.relkind WHEN 'p' THEN 'partition key' ELSE o.type END || ' ' || o.identity AS name, u.classid, u.objid, i.indrelid, i.indisclustered, c.relname,
            k.conrelid, k.conname, CASE
                WHEN i.indexrelid IS NOT NULL THEN CASE
                    WHEN i.indpred IS NULL AND i.indexprs IS NULL THEN 'kept'
                    -- pg_get_indexdef omits these properties, so they would be lost.
                    WHEN c.relkind = 'i' AND NOT c.relispartition AND x.oid IS NULL AND i.indisvalid
                        AND c.reltablespace = 0 AND NOT EXISTS (SELECT FROM pg_attribute
                            WHERE attrelid = i.indexrelid AND attstattarget >= 0) THEN 'recreated'
                    END
                WHEN k.contype IN ('p', 'u', 'x', 'n') THEN 'kept'
                WHEN k.contype = 'c' AND k.contypid = 0 THEN CASE
                    WHEN k.coninhcount = 0 THEN 'recreated'
                    -- A constraint of a partition is dropped and recreated with that of its parent.
                    WHEN NOT k.conislocal AND obj_description(k.oid, 'pg_constraint') IS NULL THEN 'kept'
                    END
                WHEN a.attgenerated = '' AND a.atttypid IN (enum_type, properties.typarray) THEN 'kept'
                WHEN s.oid IS NOT NULL AND s.stxexprs IS NULL THEN 'kept'
                -- The functions of a range type are dropped with it, so the error names only the range type.
                WHEN u.classid = 'pg_proc'::regclass AND EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = u.classid AND e.objid = u.objid AND e.deptype = 'i'
                        AND e.refclassid = 'pg_type'::regclass) THEN 'kept'
            END AS treatment
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
    SELECT string_agg(DISTINCT name, ', ') FILTER (WHERE treatment IS NULL) AS blocking,
        jsonb_agg(jsonb_build_object('name', name) || CASE classid
            WHEN 'pg_class'::regclass THEN jsonb_build_object(
                'drop_sql', format('DROP INDEX %s', objid::regclass),
                'create_sql', concat_ws('; ', pg_get_indexdef(objid),
                    format('COMMENT ON INDEX %s IS ', objid::regclass)
                        || quote_literal(obj_description(objid, 'pg_class')),
                    CASE WHEN indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I', indrelid::regclass, relname) END))
            ELSE jsonb_build_object(
                'drop_sql', format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
                'create_sql', concat_ws('; ',
                    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(objid)),
                    format('COMMENT ON CONSTRAINT %I ON %s IS ', conname, conrelid::regclass)
                        || quote_literal(obj_description(objid, 'pg_constraint'))))
            END ORDER BY classid, objid) FILTER (WHERE treatment = 'recreated') AS recreated
    INTO dependents FROM classified;
    IF dependents.blocking IS NOT NULL THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('cannot remove %L from enum type %s because other objects depend on it: %s', removed, enum_type, dependents.blocking),
            HINT = 'drop these objects in an earlier script, and recreate them in a later one';
    END IF;
    -- The expressions of the defaults are read before the type is renamed, so that they name the new type later.
    SELECT jsonb_agg(jsonb_build_object(
        'table_name', a.attrelid::regclass::text,
        'name', quote_ident(a.attname),
        'is_inherited', a.attinhcount > 0,
        'default_expression', pg_get_expr(d.adbin, d.adrelid),
        'array_suffix', CASE a.atttypid WHEN properties.typarray THEN '[]' ELSE '' END
    ) ORDER BY a.attrelid, a.attnum) INTO columns
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE a.atttypid IN (enum_type, properties.typarray) AND NOT a.attisdropped;

    FOR recreated IN SELECT * FROM jsonb_to_recordset(dependents.recreated) AS r (drop_sql text) LOOP
        EXECUTE recreated.drop_sql;
    END LOOP;
    EXECUTE format('ALTER TYPE %s RENAME TO %I', enum_type, left(properties.typname, 59) || '_old');
    EXECUTE format('CREATE TYPE %s AS ENUM (%s)', properties.name, coalesce(properties.remaining_values, ''));
    -- Each table has its own default, even if it inherits the column. Its type is that of the parent, so only the type of
    -- the parent's column is changed. The first step changes types, and the second one restores defaults.
    FOR changed IN SELECT * FROM jsonb_to_recordset(columns) AS c (table_name text, name text, default_expression text) LOOP
        IF changed.default_expression IS NOT NULL THEN
            EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %s DROP DEFAULT', changed.table_name, changed.name);
        END IF;
    END LOOP;
    FOR changed IN SELECT step, c.* FROM generate_series(1, 2) step, jsonb_to_recordset(columns) AS c
        (table_name text, name text, is_inherited bool, default_expression text, array_suffix text) ORDER BY step
    LOOP
        BEGIN
            IF changed.step = 1 AND NOT changed.is_inherited THEN
                EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$s TYPE %3$s%4$s USING %2$s::text%4$s::%3$s%4$s',
                    changed.table_name, changed.name, properties.name, changed.array_suffix);
            ELSIF changed.step = 2 AND changed.default_expression IS NOT NULL THEN
                EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %s SET DEFAULT %s', changed.table_name, changed.name, changed.default_expression);
            END IF;
        EXCEPTION WHEN invalid_text_representation THEN
            RAISE restrict_violation USING
                MESSAGE = format('%s of %s has the value %L in a row or as its default', changed.name, changed.table_name, removed),
                HINT = format('give it another value first: UPDATE %1$s SET %2$s = … WHERE %2$s = %3$L', changed.table_name, changed.name, removed);
        END;
    END LOOP;
    FOR recreated IN SELECT * FROM jsonb_to_recordset(dependents.recreated) AS r (name text, create_sql text) LOOP
        BEGIN
            EXECUTE recreated.create_sql;
        EXCEPTION WHEN invalid_text_representation THEN
            RAISE restrict_violation USING
                MESSAGE = format('%s refers to the value %L', recreated.name, removed),
                HINT = 'drop it in an earlier script, and recreate it without the value';
        END;
    END LOOP;
    EXECUTE format('DROP TYPE %s', enum_type);
    EXECUTE format('ALTER TYPE %s OWNER TO %s', properties.name, properties.owner);
    IF properties.comment IS NOT NULL THEN
        EXECUTE format('COMMENT ON TYPE %s IS %L', properties.name, properties.comment);
    END IF;
END
