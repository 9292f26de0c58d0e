//! Tests that valid fields are read, and that invalid fields give a helpful message.

use rstest::rstest;
use test_support::assert_snapshot;

use super::*;

fn parsed(text: &str) -> Field {
    field(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_field_list_of_the_readme_is_parsed() {
    let text = "name:string! price:decimal(10,2) status:enum(active,inactive)=active \
        email:citext!:unique organization:references:cascade tags:text[] data:jsonb \
        published_at:timestamptz:index";
    let fields = Field::parse_all(text).unwrap();
    let read: Vec<_> = fields
        .iter()
        .map(|field| {
            let sql = field.type_in("widgets").sql();
            format!("{} {sql} {:?} {:?}", field.column(), field.null, field.index)
        })
        .collect();
    assert_eq!(
        read,
        [
            "name character varying NotNull None",
            "price numeric(10,2) Unspecified None",
            "status widget_status Unspecified None",
            "email citext NotNull Some(Unique)",
            "organization_id uuid Unspecified None",
            "tags text[] Unspecified None",
            "data jsonb Unspecified None",
            "published_at timestamp with time zone Unspecified Some(Any)",
        ]
    );
    assert_eq!(fields[2].default, Some(DefaultValue::Text("active".to_owned())));
    assert!(
        matches!(&fields[4].kind, FieldKind::References { table, on_delete: OnDelete::Cascade, .. }
            if table == "organizations")
    );
}

#[rstest]
#[case("a:string='two words'", "'two words'")]
#[case("a:string='it''s'", "'it''s'")]
#[case("a:text=''", "''")]
#[case("a:integer=-1", "-1")]
#[case("a:bigint=5000000000", "5000000000")]
#[case("a:decimal(10,2)=9.90", "9.90")]
#[case("a:boolean=TRUE", "true")]
#[case("a:timestamptz=now():index", "now()")]
#[case("a:timestamptz!=now()", "now()")]
#[case("a:uuid=gen_random_uuid()", "gen_random_uuid()")]
#[case("a:jsonb={}", "'{}'")]
#[case("a:jsonb={\"b\":[1,2]}:index", "'{\"b\":[1,2]}'")]
#[case("a:text[]={}", "'{}'")]
#[case("a:text[]='{\"b, c\",d}'", "'{\"b, c\",d}'")]
#[case("a:enum(b,c)[]={b}", "'{b}'")]
#[case("a:decimal(10,2)!=-0.5", "-0.5")]
#[case("a:uuid=00000000-0000-4000-8000-000000000001", "'00000000-0000-4000-8000-000000000001'")]
#[case("a:inet='::1'::inet", "'::1'::inet")]
#[case("a:string=null", "NULL")]
#[case("a:text='b'||'c'", "'b'||'c'")]
#[case("a:enum(one,'two')=two", "'two'")]
#[case("a:enum('it''s','b, c)',d)='it''s':index", "'it''s'")]
#[case("a:enum('it''s','b, c)',d)='b, c)'", "'b, c)'")]
#[case("a:custom(numeric(3,1))=2.5", "'2.5'")]
fn a_default_is_parsed_according_to_its_type(#[case] text: &str, #[case] sql: &str) {
    assert_eq!(parsed(text).default.map(|default| default.sql()).as_deref(), Some(sql));
}

#[test]
fn the_fill_option_takes_any_sql_expression() {
    let field = parsed("owner:references(users)!:cascade:fill((SELECT id FROM users LIMIT 1))");
    assert_eq!(field.fill.as_deref(), Some("(SELECT id FROM users LIMIT 1)"));
    assert_eq!(field.column(), "owner_id");
    assert!(matches!(field.kind, FieldKind::References { ref table, .. } if table == "users"));
}

#[test]
fn invalid_fields_are_refused_with_a_message_and_a_hint() {
    let texts = [
        "name",
        "name:",
        "name:strng!",
        "Name:string",
        "id:uuid",
        "xmin:bigint",
        "a:decimal(x)",
        "a:decimal(10",
        "a:string='x",
        "a:enum",
        "a:enum(b,b)",
        "a:enum(b,c)=d",
        "a:references()",
        "a:belongs_to(b,c)",
        "a:serial[]",
        "a:text!:fill()",
        "a:integer=1.5",
        "a:text[]=b,c",
        "a:uuid=1",
        "user_id:references",
        "a:integer=x",
        "a:boolean=1",
        "a:timestamptz=now",
        "a:date='Now()'",
        "a:jsonb={x}",
        "a:string=",
        "a:string=b!",
        "a:string:uniqe",
        "a:time=12:30",
        "a:string:cascade",
        "a:string!, b:text",
        "a:string;",
        "a:references!:set_null",
        "a:json:index",
        "a:string b:text a:text",
        "a:references a_id:uuid",
    ];
    let report = texts.map(|text| {
        let error = Field::parse_all(text).unwrap_err();
        format!("{error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("invalid_fields", report.join("\n"));
}

#[test]
fn the_syntax_of_other_tools_gets_a_hint() {
    let texts = [
        "name",
        "name=string",
        "NOT",
        "userId:uuid",
        "Name:string",
        "été:string",
        "name:string:required",
        "name:string:uniq",
        "size:integer:default",
        "status:enum(on off)",
    ];
    let report = texts.map(|text| format!("{text}\n  hint: {}", field(text).unwrap_err().hint()));
    assert_snapshot!("other_tools", report.join("\n"));
}
