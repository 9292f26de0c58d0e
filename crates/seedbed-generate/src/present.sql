-- What there is under the names in {names}, as one JSON document: see present.rs.
--
-- Nothing of a table is passed over in silence. What goes with it, the server itself lists (`part`), and each
-- row of the catalogue about that is taken as a whole (`row`): what is in no column that a script tells
-- (`told`), and is not as it is in what a script makes (`usual`), is beyond it. What the server keeps for itself is
-- left out, and what is not known here is only named (`unknown`).
WITH RECURSIVE wanted AS (
    SELECT DISTINCT unnest({names}) AS name
),
t AS (
    SELECT c.*, c.oid AS id FROM pg_catalog.pg_class c JOIN wanted ON c.relname = name
    WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)
),
att AS (
    SELECT a.* FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.id AND a.attnum > 0 AND NOT a.attisdropped
),
-- What may go: a table, a column, an index, a constraint.
seed AS (
    SELECT id AS of_table, 'pg_catalog.pg_class'::regclass::oid AS of_class, id AS of_id, 0 AS of_sub FROM t
    UNION ALL SELECT attrelid, 'pg_catalog.pg_class'::regclass, attrelid, attnum FROM att
    UNION ALL SELECT indrelid, 'pg_catalog.pg_class'::regclass, indexrelid, 0
        FROM t JOIN pg_catalog.pg_index ON indrelid = id
    UNION ALL SELECT conrelid, 'pg_catalog.pg_constraint'::regclass, c.oid, 0
        FROM t JOIN pg_catalog.pg_constraint c ON conrelid = id
),
-- And what goes with it.
part AS (
    SELECT * FROM (
        SELECT seed.*, of_class AS class, of_id AS id, of_sub AS sub FROM seed
        UNION ALL
        SELECT seed.*, of_class, of_id, attnum FROM seed JOIN att ON attrelid = of_id AND of_sub = 0
    ) itself
    UNION
    SELECT of_table, of_class, of_id, of_sub, d.classid, d.objid, d.objsubid FROM part
    JOIN pg_catalog.pg_depend d ON d.refclassid = class AND d.refobjid = part.id AND (sub = 0 OR d.refobjsubid = sub)
    WHERE d.deptype IN ('a', 'i', 'P', 'S')
),
piece AS (
    SELECT DISTINCT of_table, class, id, sub FROM part
),
sequence AS (
    SELECT d.refobjid AS attrelid, d.refobjsubid AS attnum, d.deptype, c.oid AS id, c.relname, s.seqtypid,
        concat_ws(' ',
            'INCREMENT BY ' || nullif(seqincrement, 1),
            'MINVALUE ' || nullif(seqmin, CASE WHEN seqincrement > 0 THEN 1 ELSE least END),
            'MAXVALUE ' || nullif(seqmax, CASE WHEN seqincrement > 0 THEN most ELSE -1 END),
            'START WITH ' || nullif(seqstart, CASE WHEN seqincrement > 0 THEN seqmin ELSE seqmax END),
            'CACHE ' || nullif(seqcache, 1),
            CASE WHEN seqcycle THEN 'CYCLE' END) AS options
    FROM t
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.id
        AND d.refobjsubid > 0 AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
    JOIN pg_catalog.pg_class c ON c.oid = d.objid
    JOIN (VALUES ('int2'::regtype, -32768, 32767), ('int4', -2147483648, 2147483647),
        ('int8', -9223372036854775808, 9223372036854775807)) AS bounds (kind, least, most) ON kind = s.seqtypid
),
-- What the table type `bigserial` stands for, to the last option.
serial AS (
    SELECT s.* FROM sequence s JOIN att a USING (attrelid, attnum)
    JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    JOIN pg_catalog.pg_class c ON c.oid = s.id
    JOIN t ON t.id = a.attrelid AND t.relnamespace = c.relnamespace
    WHERE s.deptype = 'a' AND s.options = '' AND s.seqtypid = a.atttypid AND a.attnotnull
        AND s.relname = t.relname || '_' || a.attname || '_seq'
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.id::regclass)
        AND pg_catalog.obj_description(s.id, 'pg_class') IS NULL
        AND NOT EXISTS (SELECT FROM sequence o WHERE (o.attrelid, o.attnum) = (s.attrelid, s.attnum) AND o.id <> s.id)
),
row AS (
    SELECT piece.*, c.relname AS name, c.relkind::text AS kind,
        CASE
            WHEN c.relkind = 't' THEN jsonb_build_object('reloptions', o.of_user)
            -- The definition of an index tells them, that of a key does not.
            WHEN c.relkind IN ('i', 'I') AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                WHERE k.conindid = c.oid AND k.contype IN ('p', 'u')) THEN to_jsonb(c) - 'reloptions'
            ELSE to_jsonb(c) || jsonb_build_object('reloptions', o.of_user)
        END AS line
    FROM piece JOIN pg_catalog.pg_class c ON class = 'pg_catalog.pg_class'::regclass AND c.oid = id AND sub = 0
    CROSS JOIN LATERAL (SELECT array_agg(o) AS of_user FROM unnest(c.reloptions) o WHERE o !~ '^pg_') o
    UNION ALL
    -- No statement sets an option with `pg_`: the server keeps the version of a row type so, and counts by itself.
    SELECT piece.*, a.attname, 'column', to_jsonb(a) - 'attoptions' - CASE a.attstorage WHEN y.typstorage THEN 'attstorage' ELSE '' END
        || coalesce((SELECT jsonb_object_agg('option ' || split_part(o, '=', 1), o) FROM unnest(a.attoptions) o WHERE o !~ '^pg_'), '{}')
    FROM piece JOIN pg_catalog.pg_attribute a ON class = 'pg_catalog.pg_class'::regclass AND a.attrelid = id AND a.attnum = sub
    JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
    WHERE sub > 0
    UNION ALL
    SELECT piece.*, x.indexrelid::regclass::text, 'index', to_jsonb(x) || jsonb_build_object('target', (
        SELECT max(a.attstattarget) FROM pg_catalog.pg_attribute a WHERE a.attrelid = id AND a.attstattarget >= 0))
    FROM piece JOIN pg_catalog.pg_index x ON class = 'pg_catalog.pg_class'::regclass AND x.indexrelid = id AND sub = 0
    UNION ALL
    SELECT piece.*, c.conname, 'constraint', to_jsonb(c) || CASE WHEN c.contype = 'n' THEN jsonb_build_object(
        'named', c.conname NOT LIKE '%\_not\_null', 'not_valid', NOT c.convalidated, 'no_inherit', c.connoinherit) ELSE '{}' END
    FROM piece JOIN pg_catalog.pg_constraint c ON class = 'pg_catalog.pg_constraint'::regclass AND c.oid = id
    UNION ALL
    SELECT piece.*, g.tgname, 'trigger', to_jsonb(g)
    FROM piece JOIN pg_catalog.pg_trigger g ON class = 'pg_catalog.pg_trigger'::regclass AND g.oid = id
    UNION ALL
    SELECT piece.*, y.typname, 'type', jsonb_build_object('typacl', y.typacl)
    FROM piece JOIN pg_catalog.pg_type y ON class = 'pg_catalog.pg_type'::regclass AND y.oid = id
),
told (kinds, keys) AS (VALUES
    ('{r,p,i,I,S}'::text[], '{oid,relname,relnamespace,reltype,relowner,relfilenode,relpages,reltuples,relallvisible,relallfrozen,
        reltoastrelid,relhasindex,relisshared,relnatts,relchecks,relhasrules,relhastriggers,relhassubclass,relispopulated,
        relrewrite,relfrozenxid,relminmxid}'::text[]),
    ('{r,p,S}', '{relacl}'),
    ('{p,i,I,S}', '{relam}'),
    ('{i,I}', '{relpersistence,relreplident}'),
    ('{S}', '{relkind,relreplident}'),
    ('{column}', '{attrelid,attname,atttypid,attlen,attnum,attndims,attcacheoff,atttypmod,attbyval,attalign,attnotnull,
        atthasdef,atthasmissing,attidentity,attgenerated,attisdropped,attcollation,attmissingval}'),
    ('{index}', '{indexrelid,indrelid,indnatts,indnkeyatts,indisunique,indnullsnotdistinct,indisprimary,indisexclusion,
        indimmediate,indcheckxmin,indkey,indcollation,indclass,indoption,indexprs,indpred}'),
    ('{constraint}', '{oid,conname,connamespace,contype,condeferrable,condeferred,convalidated,conenforced,conrelid,contypid,
        conindid,confrelid,confupdtype,confdeltype,confmatchtype,conkey,confkey,conpfeqop,conppeqop,conffeqop,confdelsetcols,
        conexclop,conbin,connoinherit,conperiod}'),
    ('{trigger}', '{oid,tgrelid,tgname,tgfoid,tgtype,tgisinternal,tgconstrrelid,tgconstrindid,tgconstraint,tgdeferrable,
        tginitdeferred,tgnargs,tgattr,tgargs,tgqual,tgoldtable,tgnewtable}')
),
usual (key, value, words) AS (VALUES
    ('relkind', 'r', 'partitions'), ('relispartition', 'false', 'partitions'), ('relpartbound', NULL, 'partitions'),
    ('reloftype', '0', 'a type that its columns are of'), ('relam', '2', 'an access method'),
    ('reltablespace', '0', 'a tablespace'), ('relpersistence', 'p', 'no write-ahead log'),
    ('relrowsecurity', 'false', 'row security'), ('relforcerowsecurity', 'false', 'row security'),
    ('relreplident', 'd', 'a replica identity'), ('reloptions', NULL, 'storage parameters'), ('relacl', NULL, 'grants'),
    ('attstattarget', '-1', 'a statistics target'), ('attstorage', NULL, 'storage'), ('attcompression', '', 'compression'),
    ('attislocal', 'true', 'inheritance'), ('attinhcount', '0', 'inheritance'), ('attacl', NULL, 'grants'),
    ('option n_distinct', NULL, 'options'), ('option n_distinct_inherited', NULL, 'options'),
    ('attfdwoptions', NULL, 'options'),
    ('indisclustered', 'false', 'the order of CLUSTER'), ('indisvalid', 'true', 'an invalid index'),
    ('indisready', 'true', 'an invalid index'), ('indislive', 'true', 'an invalid index'),
    ('indisreplident', 'false', 'a replica identity'), ('target', NULL, 'a statistics target'),
    ('conparentid', '0', 'partitions'), ('conislocal', 'true', 'inheritance'), ('coninhcount', '0', 'inheritance'),
    ('named', 'false', 'a named NOT NULL'), ('not_valid', 'false', 'a NOT NULL that is not valid'),
    ('no_inherit', 'false', 'a NOT NULL without inheritance'), ('tgenabled', 'O', 'a trigger that does not always fire'),
    ('tgparentid', '0', 'partitions'), ('typacl', NULL, 'grants')
),
setting AS (
    SELECT row.*, set.key, set.value, usual.words
    FROM row CROSS JOIN jsonb_each_text(line - ARRAY(SELECT unnest(keys) FROM told WHERE row.kind = ANY (kinds))) set
    LEFT JOIN usual ON usual.key = set.key
    WHERE set.value IS NOT NULL AND set.value IS DISTINCT FROM usual.value
        -- An index that is one of partitions; and what is no part of the table, see below.
        AND NOT (row.kind = 'i' AND (set.key, set.value) = ('relkind', 'i'))
        AND row.kind IN ('r', 'p', 'i', 'I', 'S', 't', 'column', 'index', 'constraint', 'trigger', 'type')
        AND (row.kind NOT IN ('r', 'p', 'column') OR row.id = row.of_table)
),
-- What only a later server has, unless the tables of its own have it too.
own (kinds, line) AS (
    SELECT '{r,p,i,I,S,t}'::text[], to_jsonb(c) FROM pg_catalog.pg_class c WHERE c.oid < 16384
    UNION ALL SELECT '{column}', to_jsonb(a) FROM pg_catalog.pg_attribute a WHERE a.attrelid < 16384
    UNION ALL SELECT '{index}', to_jsonb(x) FROM pg_catalog.pg_index x WHERE x.indexrelid < 16384
    UNION ALL SELECT '{constraint}', to_jsonb(c) FROM pg_catalog.pg_constraint c WHERE c.oid < 16384
),
unknown AS (
    SELECT DISTINCT format('%s of the %s %s', key, i.type, i.identity) AS line
    FROM setting CROSS JOIN LATERAL pg_catalog.pg_identify_object(class, id, sub) i
    WHERE words IS NULL AND NOT EXISTS (SELECT FROM own WHERE kind = ANY (kinds) AND own.line ->> key = value)
),
-- What a script would not put back, with what has it.
fact AS (
    SELECT of_table, class, id, sub, name, words FROM setting WHERE words IS NOT NULL
    UNION
    -- What is no part of any table that a script makes.
    SELECT of_table, class, piece.id, sub, NULL, i.type || ' ' || i.identity
    FROM piece CROSS JOIN LATERAL pg_catalog.pg_identify_object(class, piece.id, sub) i
    LEFT JOIN pg_catalog.pg_class c ON class = 'pg_catalog.pg_class'::regclass AND c.oid = piece.id
    WHERE class NOT IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_attrdef'::regclass,
            'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_trigger'::regclass)
        OR c.relkind NOT IN ('i', 'I', 'S', 't') AND c.oid <> of_table
    UNION
    SELECT piece.of_table, class, piece.id, sub, NULL, format('a comment on the %s %s', i.type, i.identity)
    FROM piece JOIN pg_catalog.pg_description ON (classoid, objoid, objsubid) = (class, piece.id, sub)
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(class, piece.id, sub) i
    LEFT JOIN pg_catalog.pg_constraint k ON class = 'pg_catalog.pg_constraint'::regclass AND k.oid = piece.id
    WHERE CASE class
        WHEN 'pg_catalog.pg_constraint'::regclass THEN k.contype = 'n'
        -- The index behind a constraint has a comment of its own.
        WHEN 'pg_catalog.pg_class'::regclass THEN EXISTS (SELECT FROM pg_catalog.pg_constraint b
            WHERE b.conindid = piece.id AND b.contype IN ('p', 'u', 'x'))
        ELSE true
    END
    UNION
    SELECT of_table, class, piece.id, sub, NULL, 'a security label'
    FROM piece JOIN pg_catalog.pg_seclabel ON (classoid, objoid, objsubid) = (class, piece.id, sub)
    UNION
    SELECT of_table, class, piece.id, sub, NULL, format('what %s %s shares with the extension %I', i.type, i.identity, extname)
    FROM piece JOIN pg_catalog.pg_depend d ON (d.classid, d.objid, d.deptype) = (class, piece.id, 'x')
    JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(class, piece.id, sub) i
    UNION
    SELECT id, 'pg_catalog.pg_class'::regclass, id, 0, NULL, 'a subscription'
    FROM t JOIN pg_catalog.pg_subscription_rel ON srrelid = id
    UNION
    SELECT t.id, 'pg_catalog.pg_class'::regclass, t.id, 0, NULL, 'inheritance'
    FROM t JOIN pg_catalog.pg_inherits ON t.id IN (inhrelid, inhparent)
    UNION
    SELECT id, 'pg_catalog.pg_class'::regclass, id, 0, NULL, format('an owner that is not %I', current_user)
    FROM t WHERE relowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
    UNION
    SELECT id, 'pg_catalog.pg_class'::regclass, id, 0, NULL,
        format('the schema %I, while new tables come into %I', relnamespace::regnamespace, current_schema())
    FROM t WHERE relnamespace <> (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
    UNION
    -- What is granted, less what would be by ALTER DEFAULT PRIVILEGES, and the other way round.
    SELECT piece.of_table, class, piece.id, 0, c.relname, 'grants'
    FROM piece JOIN pg_catalog.pg_class c ON class = 'pg_catalog.pg_class'::regclass AND c.oid = piece.id AND sub = 0
    JOIN (VALUES ('r', 'r'::"char"), ('S', 's')) AS kinds (kind, letter) ON kind = c.relkind::text
    LEFT JOIN pg_catalog.pg_default_acl g ON (g.defaclrole, g.defaclnamespace, g.defaclobjtype::text) = (c.relowner, 0, kind)
    LEFT JOIN pg_catalog.pg_default_acl n ON (n.defaclrole, n.defaclnamespace, n.defaclobjtype::text) = (c.relowner, c.relnamespace, kind)
    CROSS JOIN LATERAL (SELECT coalesce(array_agg(x::text ORDER BY x::text), '{}') AS list
        FROM aclexplode(coalesce(c.relacl, acldefault(letter, c.relowner))) x) has
    CROSS JOIN LATERAL (SELECT coalesce(array_agg(x::text ORDER BY x::text), '{}') AS list
        FROM (SELECT * FROM aclexplode(coalesce(g.defaclacl, acldefault(letter, c.relowner)))
            UNION SELECT * FROM aclexplode(n.defaclacl)) x) gets
    WHERE has.list <> gets.list
),
beyond AS (
    SELECT DISTINCT of_class, of_id, of_sub,
        CASE WHEN name IS NULL OR (part.id, part.sub) = (of_id, of_sub) THEN words ELSE words || ' of ' || name END AS line
    FROM part JOIN fact ON (fact.of_table, fact.class, fact.id, fact.sub) = (part.of_table, part.class, part.id, part.sub)
),
-- What the server names that would keep it from going.
needs AS (
    SELECT DISTINCT part.of_class, part.of_id, part.of_sub, format('the %s %s', i.type, i.identity) AS line
    FROM part
    JOIN pg_catalog.pg_depend d ON d.refclassid = class AND d.refobjid = part.id AND (sub = 0 OR d.refobjsubid = sub)
        AND d.deptype = 'n'
    LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
    LEFT JOIN pg_catalog.pg_attrdef v ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND v.oid = d.objid
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(
        CASE WHEN coalesce(r.oid, v.oid) IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END,
        coalesce(r.ev_class, v.adrelid, d.objid), coalesce(v.adnum, d.objsubid)) i
    WHERE NOT EXISTS (SELECT FROM part o WHERE (o.of_class, o.of_id, o.of_sub, o.class, o.id) =
        (part.of_class, part.of_id, part.of_sub, d.classid, d.objid) AND o.sub IN (0, d.objsubid))
    UNION
    -- What does not go without being asked for, because it is made of one that would: the key whose index it is,
    -- the table that is partitioned by a column.
    SELECT part.of_class, part.of_id, part.of_sub, format('the %s %s', i.type, i.identity)
    FROM part JOIN pg_catalog.pg_depend d ON d.classid = class AND d.objid = part.id AND d.objsubid = sub AND d.deptype = 'i'
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) i
    WHERE NOT EXISTS (SELECT FROM part o WHERE (o.of_class, o.of_id, o.of_sub, o.class, o.id) =
        (part.of_class, part.of_id, part.of_sub, d.refclassid, d.refobjid) AND o.sub IN (0, d.refobjsubid))
    UNION
    -- Another column that would go with this one.
    SELECT of_class, of_id, of_sub, format('the %s %s', i.type, i.identity)
    FROM part CROSS JOIN LATERAL pg_catalog.pg_identify_object(class, id, sub) i
    WHERE of_class = class AND of_id = id AND of_sub <> sub AND of_sub > 0
    UNION
    SELECT of_class, of_id, of_sub, format('the extension %I', x.extname)
    FROM seed JOIN pg_catalog.pg_depend d ON d.classid = of_class AND d.objid = of_id AND d.deptype = 'e'
    JOIN pg_catalog.pg_extension x ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND x.oid = d.refobjid
),
-- What the server would not carry over to another type of a column, or not for sure.
holds AS (
    SELECT DISTINCT d.refobjid AS attrelid, d.refobjsubid AS attnum, k.oid IS NOT NULL AS is_key,
        format('the %s %s', i.type, i.identity) AS line
    FROM t JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.id AND d.refobjsubid > 0
    LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
    LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid AND k.contype = 'f'
    LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid
    LEFT JOIN pg_catalog.pg_attrdef v ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND v.oid = d.objid
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(
        CASE WHEN coalesce(r.oid, v.oid) IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END,
        coalesce(r.ev_class, v.adrelid, d.objid), coalesce(v.adnum, d.objsubid)) i
    WHERE (d.classid <> 'pg_catalog.pg_constraint'::regclass OR k.oid IS NOT NULL)
        AND (c.oid IS NULL OR c.relkind NOT IN ('i', 'I', 'S'))
        AND (v.oid IS NULL OR (v.adrelid, v.adnum) <> (d.refobjid, d.refobjsubid))
    UNION
    -- A key or an index with that column is made anew, and what needs it is not: a view that groups by the key, or a
    -- foreign key to others of its columns.
    SELECT o.refobjid, o.refobjsubid, false, format('the %s %s', i.type, i.identity)
    FROM t JOIN pg_catalog.pg_depend o ON o.refclassid = 'pg_catalog.pg_class'::regclass AND o.refobjid = t.id
        AND o.refobjsubid > 0 AND o.deptype = 'a'
    LEFT JOIN pg_catalog.pg_constraint k ON o.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = o.objid
        AND k.contype IN ('p', 'u', 'x')
    JOIN pg_catalog.pg_depend d ON d.deptype = 'n' AND ((d.refclassid, d.refobjid) = (o.classid, o.objid)
        OR (d.refclassid, d.refobjid) = ('pg_catalog.pg_class'::regclass, k.conindid))
    LEFT JOIN pg_catalog.pg_constraint f ON d.classid = 'pg_catalog.pg_constraint'::regclass AND f.oid = d.objid
    LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(
        CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END, coalesce(r.ev_class, d.objid), d.objsubid) i
    WHERE (k.oid IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_index x
            WHERE o.classid = 'pg_catalog.pg_class'::regclass AND x.indexrelid = o.objid))
        AND (f.oid IS NULL OR o.refobjsubid <> ALL (f.confkey))
    UNION
    -- What has rows of the table in it, or names its type in an expression: since November 2026 the server refuses that.
    SELECT a.attrelid, a.attnum, false, format('the %s %s', i.type, i.identity)
    FROM t JOIN att a ON a.attrelid = t.id
    JOIN pg_catalog.pg_type y ON y.oid = t.reltype
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray)
        AND d.deptype = 'n' AND d.classid NOT IN ('pg_catalog.pg_cast'::regclass, 'pg_catalog.pg_operator'::regclass)
    LEFT JOIN pg_catalog.pg_proc p ON d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid
    LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
    LEFT JOIN pg_catalog.pg_attrdef v ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND v.oid = d.objid
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(
        CASE WHEN coalesce(r.oid, v.oid) IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END,
        coalesce(r.ev_class, v.adrelid, d.objid), coalesce(v.adnum, d.objsubid)) i
    -- A function may take and return such rows.
    WHERE p.oid IS NULL OR concat(p.proargdefaults, p.prosqlbody) ~ format('\m(%s|%s)\M', y.oid, y.typarray)
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
        'identity', (
            SELECT CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY'
                || coalesce(' (' || nullif(concat_ws(' ', 'SEQUENCE NAME ' || s.id::regclass::text, nullif(s.options, '')), '') || ')', '')
            FROM (SELECT CASE WHEN s.relname <> t.relname || '_' || a.attname || '_seq' THEN s.id END AS id, s.options
                FROM sequence s WHERE (s.attrelid, s.attnum, s.deptype) = (a.attrelid, a.attnum, 'i')) s),
        'serial', EXISTS (SELECT FROM serial s WHERE (s.attrelid, s.attnum) = (a.attrelid, a.attnum)),
        'sequences', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'name', s.id::regclass::text,
                'definition', CASE s.deptype WHEN 'a' THEN concat_ws(' ', 'CREATE SEQUENCE ' || s.id::regclass,
                    'AS ' || nullif(s.seqtypid::regtype::text, 'bigint'), nullif(s.options, '')) END,
                'comment', pg_catalog.obj_description(s.id, 'pg_class')) ORDER BY s.relname), '[]')
            FROM sequence s WHERE (s.attrelid, s.attnum) = (a.attrelid, a.attnum)
            AND (s.deptype = 'a' OR pg_catalog.obj_description(s.id, 'pg_class') IS NOT NULL)
            AND NOT EXISTS (SELECT FROM serial o WHERE o.id = s.id)),
        'collation', (
            SELECT o.oid::regcollation::text FROM pg_catalog.pg_collation o
            WHERE o.oid = a.attcollation AND a.attcollation <> y.typcollation),
        'comment', pg_catalog.col_description(a.attrelid, a.attnum),
        'beyond', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM beyond WHERE (of_id, of_sub) = (a.attrelid, a.attnum)),
        'needed_by', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM needs WHERE (of_id, of_sub) = (a.attrelid, a.attnum)),
        'held_by', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM holds h
            WHERE (h.attrelid, h.attnum) = (a.attrelid, a.attnum) AND NOT is_key),
        'keys', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM holds h
            WHERE (h.attrelid, h.attnum) = (a.attrelid, a.attnum) AND is_key)
    ) AS line
    FROM t
    JOIN att a ON a.attrelid = t.id
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
            WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)),
        -- With those in the expressions of an exclusion, and those that a key only includes.
        'touches', (
            SELECT coalesce(jsonb_agg(a.attname ORDER BY a.attnum), '[]') FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.conrelid AND (a.attnum = ANY (c.conkey) OR EXISTS (
                SELECT FROM pg_catalog.pg_depend
                WHERE refclassid = 'pg_catalog.pg_class'::regclass AND refobjid = c.conrelid AND refobjsubid = a.attnum
                AND deptype = 'a' AND (classid = 'pg_catalog.pg_constraint'::regclass AND objid = c.oid
                    OR classid = 'pg_catalog.pg_class'::regclass AND objid = c.conindid AND c.contype IN ('p', 'u', 'x'))))),
        'beyond', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM beyond
            WHERE (of_class, of_id) = ('pg_catalog.pg_constraint'::regclass, c.oid)),
        'needed_by', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM needs
            WHERE (of_class, of_id) = ('pg_catalog.pg_constraint'::regclass, c.oid))
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
                AND refclassid = 'pg_catalog.pg_class'::regclass AND refobjid = x.indrelid)),
        'beyond', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM beyond WHERE of_id = x.indexrelid),
        'needed_by', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM needs WHERE of_id = x.indexrelid)
    ) AS line
    FROM t JOIN pg_catalog.pg_index x ON x.indrelid = t.id
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c
        WHERE c.conrelid = x.indrelid AND c.conindid = x.indexrelid AND c.contype IN ('p', 'u', 'x'))
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
        'inherits', EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE id IN (inhrelid, inhparent)) OR reloftype <> 0,
        'needed_by', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM needs WHERE (of_id, of_sub) = (id, 0)),
        'beyond', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM beyond WHERE (of_id, of_sub) = (id, 0))
    ) ORDER BY relname), '[]') FROM t),
    'unknown', (SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM unknown),
    'enums', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'name', y.typname,
        'comment', pg_catalog.obj_description(y.oid, 'pg_type'),
        'values', (
            SELECT coalesce(jsonb_agg(enumlabel ORDER BY enumsortorder), '[]') FROM pg_catalog.pg_enum
            WHERE enumtypid = y.oid),
        'used_by', (
            SELECT coalesce(jsonb_agg(DISTINCT format('the %s %s', i.type, i.identity)), '[]')
            FROM pg_catalog.pg_depend d
            LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
            CROSS JOIN LATERAL pg_catalog.pg_identify_object(
                CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END, coalesce(r.ev_class, d.objid), d.objsubid) i
            WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray) AND d.deptype <> 'i'),
        'beyond', (
            SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM (VALUES
                ('grants', y.typacl IS NOT NULL),
                (format('an owner that is not %I', current_user), y.typowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)),
                (format('the schema %I, while new types come into %I', y.typnamespace::regnamespace, current_schema()),
                    y.typnamespace <> (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()))
            ) AS facts (line, is_so) WHERE is_so)
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
