//! Fields, and the exact words about those that are none.

use rstest::rstest;

use super::*;

fn parsed(text: &str) -> Field {
    field(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_list_of_the_readme_is_read() {
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
            "name character varying Never None",
            "price numeric(10,2) Unsaid None",
            "status widget_status Unsaid None",
            "email citext Never Some(Unique)",
            "organization_id uuid Unsaid None",
            "tags text[] Unsaid None",
            "data jsonb Unsaid None",
            "published_at timestamp with time zone Unsaid Some(Any)",
        ]
    );
    assert_eq!(fields[2].default, Some(DefaultValue::Text("active".to_owned())));
    assert!(matches!(&fields[4].kind, Kind::References { table, on_delete: OnDelete::Cascade, .. }
            if table == "organizations"));
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
fn a_default_is_read_by_its_type(#[case] text: &str, #[case] sql: &str) {
    assert_eq!(parsed(text).default.map(|default| default.sql()).as_deref(), Some(sql));
}

#[test]
fn what_the_rows_of_old_get_may_be_any_sql() {
    let field = parsed("owner:references(users)!:cascade:fill((SELECT id FROM users LIMIT 1))");
    assert_eq!(field.fill.as_deref(), Some("(SELECT id FROM users LIMIT 1)"));
    assert_eq!(field.column(), "owner_id");
    assert!(matches!(field.kind, Kind::References { ref table, .. } if table == "users"));
}

#[rstest]
#[case("name", "field `name`: it has no type", "write name:string, or ")]
#[case("name:", "field `name:`: it has no type", "write name:string")]
#[case(
    "name:strng!",
    "field `name:strng!`: there is no type `strng`",
    "did you mean string? A type of your own is written custom(strng)"
)]
#[case("Name:string", "field `Name:string`: `Name` is not the name of a column", "write name")]
#[case("id:uuid", "field `id:uuid`: every table has `id`", "leave it out")]
#[case(
    "xmin:bigint",
    "field `xmin:bigint`: PostgreSQL has a `xmin` of its own in every table",
    "take another name"
)]
#[case(
    "a:decimal(x)",
    "field `a:decimal(x)`: decimal takes one or two numbers in parentheses, and not (x)",
    "a field looks like "
)]
#[case(
    "a:decimal(10",
    "field `a:decimal(10`: an opening parenthesis has no partner",
    "a field looks like "
)]
#[case(
    "a:string='x",
    "field `a:string='x`: a quotation mark has no partner",
    "a field looks like "
)]
#[case(
    "a:enum",
    "field `a:enum`: an enum needs its values, each once and none empty",
    "a:enum(active,inactive)"
)]
#[case(
    "a:enum(b,b)",
    "field `a:enum(b,b)`: an enum needs its values, each once and none empty",
    "a:enum("
)]
#[case(
    "a:enum(b,c)=d",
    "field `a:enum(b,c)=d`: its default `d` is not among its values",
    "one of b, c"
)]
#[case(
    "a:references()",
    "field `a:references()`: there is nothing in its parentheses",
    "a field looks like "
)]
#[case("a:serial[]", "field `a:serial[]`: what the database counts is no array", "bigint[]")]
#[case(
    "a:text!:fill()",
    "field `a:text!:fill()`: it has no option `fill()`",
    "index, unique, fill(SQL)"
)]
#[case("a:integer=1.5", "field `a:integer=1.5`: `1.5` is no integer", "such as =0")]
#[case("a:text[]=b,c", "field `a:text[]=b,c`: `b,c` is no array", "such as ={} or ={a,b}")]
#[case("a:uuid=1", "field `a:uuid=1`: `1` is no uuid", "=uuid_generate_v4()")]
#[case(
    "user_id:references",
    "field `user_id:references`: its column would be `user_id_id`",
    "write user:references, whose column is `user_id`"
)]
#[case("a:integer=x", "field `a:integer=x`: `x` is no integer", "such as =0")]
#[case("a:boolean=1", "field `a:boolean=1`: `1` is no boolean", "=true or =false")]
#[case(
    "a:timestamptz=now",
    "field `a:timestamptz=now`: `now` is no moment that stays the present one",
    "=now() "
)]
#[case(
    "a:date='Now()'",
    "field `a:date='Now()'`: `'Now()'` is no moment that stays the present one",
    "=now() "
)]
#[case("a:jsonb={x}", "field `a:jsonb={x}`: `{x}` is no JSON", "such as ={} or =[]")]
#[case("a:string=", "field `a:string=`: nothing follows the `=`", "an empty text is ''")]
#[case(
    "a:string=b!",
    "field `a:string=b!`: its `!` stands behind the default",
    "write the ! before the ="
)]
#[case(
    "a:string:uniqe",
    "field `a:string:uniqe`: it has no option `uniqe`",
    "index, unique, fill(SQL)"
)]
#[case(
    "a:time=12:30",
    "field `a:time=12:30`: it has no option `30`",
    "a default with a colon stands in ''"
)]
#[case("a:string:cascade", "field `a:string:cascade`: it has no option `cascade`", "index, unique")]
#[case(
    "a:string!, b:text",
    "field `a:string!,`: `,` does not belong there",
    "fields are separated by spaces"
)]
#[case("a:string;", "field `a:string;`: `;` does not belong there", "a field looks like ")]
#[case(
    "a:references!:set_null",
    "field `a:references!:set_null`: set_null puts a null where `!` allows none",
    "leave the ! out"
)]
#[case(
    "a:json:index",
    "field `a:json:index`: PostgreSQL has no ordinary index for this type",
    "jsonb can be indexed"
)]
#[case("a:string b:text a:text", "field `a:text`: there are two of that name", "leave one out")]
#[case("a:references a_id:uuid", "field `a_id:uuid`: there are two of that name", "leave one out")]
fn what_is_no_field_is_told_in_its_own_words(
    #[case] text: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    let error = Field::parse_all(text).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.hint().starts_with(hint), "{}", error.hint());
}

#[rstest]
#[case("name", "write name:string, or ")]
#[case("name=string", "write name:string, or ")]
#[case("NOT", "NOT NULL is a ! behind the type: name:string!")]
#[case("userId:uuid", "write user_id")]
#[case("Name:string", "write name")]
#[case("été:string", "use the letters a-z, digits and _, at most 60")]
#[case("name:string:required", "NOT NULL is a ! behind the type: name:string!")]
#[case("name:string:uniq", "write :unique")]
#[case("size:integer:default", "a default is =VALUE: size:integer=0")]
#[case("status:enum(on off)", "status:enum(on,off)")]
fn what_other_tools_write_is_met_with_how_it_is_written_here(
    #[case] typed: &str,
    #[case] hint: &str,
) {
    let error = field(typed).unwrap_err();
    assert!(error.hint().starts_with(hint), "{}", error.hint());
}
