DECLARE
    old regtype := {type}::regtype;
    removed text := {value};
    was record;
    columns jsonb;
    col record;
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
    -- The texts of defaults name the type, which still has its name.
    SELECT jsonb_agg(jsonb_build_object(
        'in_table', a.attrelid::regclass::text,
        'name', quote_ident(a.attname),
        'is_default', pg_get_expr(d.adbin, d.adrelid),
        'list', CASE a.atttypid WHEN was.typarray THEN '[]' ELSE '' END
    ) ORDER BY a.attrelid, a.attnum) INTO columns
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE a.atttypid IN (old, was.typarray) AND NOT a.attisdropped AND a.attinhcount = 0;

    EXECUTE format('ALTER TYPE %s RENAME TO %I', old, left(was.typname, 59) || '_old');
    EXECUTE format('CREATE TYPE %s AS ENUM (%s)', was.name, coalesce(was.kept, ''));
    FOR col IN SELECT * FROM jsonb_to_recordset(columns) AS c (in_table text, name text, is_default text, list text) LOOP
        BEGIN
            IF col.is_default IS NOT NULL THEN
                EXECUTE format('ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT', col.in_table, col.name);
            END IF;
            EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$s TYPE %3$s%4$s USING %2$s::text%4$s::%3$s%4$s',
                col.in_table, col.name, was.name, col.list);
            IF col.is_default IS NOT NULL THEN
                EXECUTE format('ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s', col.in_table, col.name, col.is_default);
            END IF;
        EXCEPTION WHEN invalid_text_representation THEN
            RAISE restrict_violation USING
                MESSAGE = format('%s of %s has the value %L, in a row or as its default', col.name, col.in_table, removed),
                HINT = format('give it another value first: UPDATE %1$s SET %2$s = … WHERE %2$s = %3$L', col.in_table, col.name, removed);
        END;
    END LOOP;
    EXECUTE format('DROP TYPE %s', old);
    EXECUTE format('ALTER TYPE %s OWNER TO %s', was.name, was.owner);
    IF was.comment IS NOT NULL THEN
        EXECUTE format('COMMENT ON TYPE %s IS %L', was.name, was.comment);
    END IF;
END
