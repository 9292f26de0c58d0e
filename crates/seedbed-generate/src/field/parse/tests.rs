//! Tests that valid fields are read, and that invalid fields give a helpful message.

use rstest::rstest;

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
            let sql = field.type_in("widgets").sql;
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

#[rstest]
#[case("name", "field `name`: the type is missing", "write name:string; a field looks like ")]
#[case("name:", "field `name:`: the type is missing", "write name:string")]
#[case(
    "name:strng!",
    "field `name:strng!`: unknown type `strng`",
    "did you mean string? A type of your own is written custom(strng)"
)]
#[case("Name:string", "field `Name:string`: `Name` is not a valid column name", "write name")]
#[case("id:uuid", "field `id:uuid`: every generated table has a column `id`", "leave it out")]
#[case(
    "xmin:bigint",
    "field `xmin:bigint`: `xmin` is a system column of PostgreSQL",
    "choose another name"
)]
#[case(
    "a:decimal(x)",
    "field `a:decimal(x)`: decimal takes one or two numbers, not (x)",
    "a field looks like "
)]
#[case(
    "a:decimal(10",
    "field `a:decimal(10`: unbalanced opening parenthesis",
    "a field looks like "
)]
#[case("a:string='x", "field `a:string='x`: unbalanced quotation mark", "a field looks like ")]
#[case(
    "a:enum",
    "field `a:enum`: an enum needs distinct values that are not empty",
    "a:enum(active,inactive)"
)]
#[case(
    "a:enum(b,b)",
    "field `a:enum(b,b)`: an enum needs distinct values that are not empty",
    "a:enum("
)]
#[case(
    "a:enum(b,c)=d",
    "field `a:enum(b,c)=d`: the default `d` is not one of its values",
    "use one of b, c"
)]
#[case(
    "a:references()",
    "field `a:references()`: the parentheses are empty",
    "a field looks like "
)]
#[case("a:serial[]", "field `a:serial[]`: a serial type cannot be an array", "bigint[]")]
#[case(
    "a:text!:fill()",
    "field `a:text!:fill()`: unknown option `fill()`",
    "the options are index, unique and fill(SQL)"
)]
#[case(
    "a:integer=1.5",
    "field `a:integer=1.5`: `1.5` is not an integer",
    "write a number such as =0"
)]
#[case(
    "a:text[]=b,c",
    "field `a:text[]=b,c`: `b,c` is not an array",
    "write an array such as ={} or ={a,b}"
)]
#[case("a:uuid=1", "field `a:uuid=1`: `1` is not a uuid", "write =uuid_generate_v4()")]
#[case(
    "user_id:references",
    "field `user_id:references`: the column would be named `user_id_id`",
    "write user:references, whose column is `user_id`"
)]
#[case("a:integer=x", "field `a:integer=x`: `x` is not an integer", "write a number such as =0")]
#[case("a:boolean=1", "field `a:boolean=1`: `1` is not a boolean", "write =true or =false")]
#[case(
    "a:timestamptz=now",
    "field `a:timestamptz=now`: `now` is not computed for each row",
    "write =now(), "
)]
#[case(
    "a:date='Now()'",
    "field `a:date='Now()'`: `'Now()'` is not computed for each row",
    "write =now(), "
)]
#[case("a:jsonb={x}", "field `a:jsonb={x}`: `{x}` is not JSON", "write JSON such as ={} or =[]")]
#[case(
    "a:string=",
    "field `a:string=`: the default behind the `=` is missing",
    "an empty text is written ''"
)]
#[case(
    "a:string=b!",
    "field `a:string=b!`: the `!` is behind the default",
    "write the ! before the ="
)]
#[case(
    "a:string:uniqe",
    "field `a:string:uniqe`: unknown option `uniqe`",
    "the options are index, unique and fill(SQL)"
)]
#[case(
    "a:time=12:30",
    "field `a:time=12:30`: unknown option `30`",
    "put a default with a colon into single quotes"
)]
#[case(
    "a:string:cascade",
    "field `a:string:cascade`: unknown option `cascade`",
    "the options are \
    index, unique"
)]
#[case("a:string!, b:text", "field `a:string!,`: unexpected `,`", "fields are separated by spaces")]
#[case("a:string;", "field `a:string;`: unexpected `;`", "a field looks like ")]
#[case(
    "a:references!:set_null",
    "field `a:references!:set_null`: set_null conflicts with `!`, which forbids nulls",
    "remove the !"
)]
#[case(
    "a:json:index",
    "field `a:json:index`: PostgreSQL has no ordinary index for this type",
    "use jsonb"
)]
#[case(
    "a:string b:text a:text",
    "field `a:text`: another field has the same name",
    "remove one of them"
)]
#[case(
    "a:references a_id:uuid",
    "field `a_id:uuid`: another field has the same name",
    "remove one of them"
)]
fn invalid_fields_are_refused_with_a_message_and_a_hint(
    #[case] text: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    let error = Field::parse_all(text).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.hint().starts_with(hint), "{}", error.hint());
}

#[rstest]
#[case("name", "write name:string; a field looks like ")]
#[case("name=string", "write name:string; a field looks like ")]
#[case("NOT", "NOT NULL is a ! behind the type: name:string!")]
#[case("userId:uuid", "write user_id")]
#[case("Name:string", "write name")]
#[case("été:string", "use the letters a-z, digits and _, at most 60")]
#[case("name:string:required", "NOT NULL is a ! behind the type: name:string!")]
#[case("name:string:uniq", "write :unique")]
#[case("size:integer:default", "a default is =VALUE: size:integer=0")]
#[case("status:enum(on off)", "status:enum(on,off)")]
fn the_syntax_of_other_tools_gets_a_hint(#[case] input: &str, #[case] hint: &str) {
    let error = field(input).unwrap_err();
    assert!(error.hint().starts_with(hint), "{}", error.hint());
}
