//! Tests the diagrams of a schema that was read from a server.

use seedbed_diagram::{mermaid, page, svg};

use crate::support::read;

const SCHEMA: &str = "\
    CREATE SCHEMA shop;
    CREATE TYPE shop.\"Odd state\" AS ENUM ('on', 'off');
    CREATE TABLE \"user\" (id uuid PRIMARY KEY, \"E-mail\" varchar(80) NOT NULL, state shop.\"Odd state\"[]);
    CREATE UNIQUE INDEX ON \"user\" USING btree (\"E-mail\" text_pattern_ops DESC);
    CREATE TABLE shop.profiles (owner_id uuid NOT NULL REFERENCES \"user\" ON DELETE CASCADE,
        seen time(3) with time zone[]);
    CREATE UNIQUE INDEX ON shop.profiles (owner_id) INCLUDE (seen);
    CREATE TABLE shop.visits (owner_id uuid REFERENCES \"user\", at date NOT NULL) PARTITION BY RANGE (at);
    CREATE UNIQUE INDEX ON shop.visits (owner_id, at);
    CREATE TABLE shop.visits_2025 PARTITION OF shop.visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    CREATE TABLE places (of uuid NOT NULL REFERENCES \"user\", \"first\" boolean NOT NULL);
    CREATE UNIQUE INDEX ON places (of) WHERE \"first\";
    CREATE VIEW who AS SELECT \"E-mail\" AS \"Mail\", of FROM \"user\" JOIN places ON of = id;
    CREATE MATERIALIZED VIEW shop.seen AS SELECT \"Mail\" FROM who;
    COMMENT ON TABLE \"user\" IS E'Who can\\nlog in; it''s \"one\"';
    COMMENT ON COLUMN \"user\".\"E-mail\" IS 'Where to write to';";

#[tokio::test]
async fn diagrams_show_the_schema_of_a_real_server() {
    let schema = read(SCHEMA).await;
    assert_eq!(
        mermaid(&schema).join(""),
        "\
erDiagram
    \"places\" {
        uuid of FK
        boolean first
    }
    \"shop.profiles\" {
        uuid owner_id FK, UK
        timetz(3)[] seen \"nullable\"
    }
    \"shop.visits\" {
        uuid owner_id FK \"nullable\"
        date at
    }
    \"user\" {
        uuid id PK
        varchar(80) E-mail UK
        shop_Odd_state[] state \"shop.Odd state[], nullable, on | off\"
    }
    \"shop.seen (materialized view)\" {
        varchar(80) Mail
    }
    \"who (view)\" {
        varchar(80) Mail
        uuid of
    }
    \"user\" ||--o{ \"places\" : \"of\"
    \"user\" ||--o| \"shop.profiles\" : \"owner_id\"
    \"user\" |o--o{ \"shop.visits\" : \"owner_id\"
"
    );
    let page = page(&schema, "x.svg");
    for part in [
        "### user\n\nWho can log in; it's \"one\"\n",
        "| `E-mail` | `varchar(80)` | UK | | | Where to write to |\n",
        "\nReferenced by:\n\n- `places.of → user.id`\n- `shop.profiles.owner_id → user.id ON DELETE CASCADE`\n",
        "\nIndexes:\n\n- `places_of_idx`: `unique btree (of) WHERE first`\n",
        "| `shop.Odd state` | `on`, `off` | `user.state` | |\n",
        "- `shop.visits.owner_id → user.id`\n",
        "\nUnique together:\n\n- `owner_id`, `at`\n",
        "- materialized\n- reads `who`\n",
        "- reads `places`, `user`\n",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(svg(&schema).contains(">timetz(3)[]</text>"));
}
