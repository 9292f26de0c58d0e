use proptest::prelude::*;
use rstest::rstest;
use test_support::assert_snapshot;

use super::*;

#[rstest]
#[case::camel("createWidgets", "create_widgets")]
#[case::pascal("CreateWidgets", "create_widgets")]
#[case::kebab("create-widgets", "create_widgets")]
#[case::snake("create_widgets", "create_widgets")]
#[case::shouting("CREATE_WIDGETS", "create_widgets")]
#[case::spaces("  Create the widgets ", "create_the_widgets")]
#[case::acronym("HTTPServerLog", "http_server_log")]
#[case::acronym_last("addUserID", "add_user_id")]
#[case::single_letters("createAUser", "create_a_user")]
#[case::mixed_acronym("createOAuth2Tokens", "create_oauth2_tokens")]
#[case::mixed_acronym_first("OAuthClients", "oauth_clients")]
#[case::mixed_acronym_with_a_digit("addIPv4ToHosts", "add_ipv4_to_hosts")]
#[case::acronyms("createAPIKeys", "create_api_keys")]
#[case::more_acronyms("addSSOUrlToUsers", "add_sso_url_to_users")]
#[case::acronym_between("createIOSDevices", "create_ios_devices")]
#[case::acronym_with_a_digit("createS3Objects", "create_s3_objects")]
#[case::plural_of_an_acronym("addURLsToUsers", "add_urls_to_users")]
#[case::plural_of_an_acronym_last("createSKUs", "create_skus")]
#[case::digits("add2FAColumns", "add2_fa_columns")]
#[case::digits_first("2faTokens", "2fa_tokens")]
#[case::digits_only("42", "42")]
#[case::other_signs("add users.email, (again)!", "add_users_email_again")]
#[case::path("../etc/passwd", "etc_passwd")]
#[case::many_signs("__create -- widgets__", "create_widgets")]
#[case::one_letter("x", "x")]
fn a_typed_name_becomes_a_slug_in_snake_case(#[case] input: &str, #[case] expected: &str) {
    assert_eq!(Slug::parse(input).unwrap().as_str(), expected);
}

#[test]
fn an_invalid_slug_is_refused() {
    let too_long = "a".repeat(101);
    let inputs =
        ["", " \t\n", "_-!?", "créerÉté", "🦀", "m20250303_045013_create_users.rs", &too_long];
    let report = inputs.map(|input| {
        let error = Slug::parse(input).unwrap_err();
        format!("{input:?}\n  {error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("invalid_slugs", report.join("\n"));
}

#[test]
fn a_slug_may_have_a_hundred_characters() {
    assert_eq!(Slug::parse(&"a".repeat(100)).unwrap().as_str().len(), 100);
}

#[rstest]
#[case::full("m20250303_045013_create_users", "20250303_045013", "create_users", true)]
#[case::sea_orms_first("m20220101_000001_create_table", "20220101_000001", "create_table", true)]
#[case::not_in_the_calendar("m20251399_999999_x", "20251399_999999", "x", false)]
#[case::date("m20230403_create_user", "20230403", "create_user", false)]
#[case::date_and_short_number("m20230403_01_create_user", "20230403", "01_create_user", false)]
#[case::date_and_long_number("m20230403_1234567_x", "20230403", "1234567_x", false)]
#[case::counter("m0000010_init", "0000010", "init", false)]
#[case::short_counter("m001_init", "001", "init", false)]
#[case::four_digits("m0001_init", "0001", "init", false)]
#[case::together("m20250303045013_x", "20250303045013", "x", false)]
#[case::digits_as_slug("m20250303_045013_42", "20250303_045013", "42", true)]
#[case::time_as_slug("m20250303_045013_045014_x", "20250303_045013", "045014_x", true)]
#[case::underscores("m20250303_045013__x_", "20250303_045013", "_x_", true)]
fn a_name_has_a_version_and_a_slug(
    #[case] text: &str,
    #[case] version: &str,
    #[case] slug: &str,
    #[case] has_timestamp: bool,
) {
    let name = Name::parse(text).unwrap();
    assert_eq!((name.as_str(), name.version(), name.slug()), (text, Some(version), slug));
    let timestamp = name.timestamp().map(|timestamp| timestamp.to_string());
    assert_eq!(timestamp, has_timestamp.then(|| version.to_owned()));
}

#[test]
fn a_text_in_another_form_is_not_a_script_name() {
    let texts = [
        "",
        "create_users",
        "CreateUsers",
        "m_create_users",
        "20250303_045013_create_users",
        "M20250303_045013_create_users",
        "m1_x",
        "m10_x",
        "m2025_x",
        "m20250303",
        "m20250303create",
        "m20250303_",
        "m20250303_045013",
        "m20250303_045013_",
        "m20250303_045013___",
        "m20250303_045013_createUsers",
        "m20250303_045013_créer",
        "m20250303_045013_create users",
        "m20250303-045013-create-users",
        "m20250303_045013_create.users",
        "m20250303_045013_create+users",
    ];
    let report = texts.map(|text| {
        let error = Name::parse(text).unwrap_err();
        format!("{error}\n  hint: {}", error.hint())
    });
    assert_snapshot!("invalid_names", report.join("\n"));
}

/// Tests names of the history. SeaORM's `MigrationName::name()` can return any text, and the history stores this text.
#[rstest]
#[case("", None, "")]
#[case("create_users", None, "create_users")]
#[case("m", None, "m")]
#[case("m_x", None, "m_x")]
#[case("m20250303create", None, "m20250303create")]
#[case("m1_x", Some("1"), "x")]
#[case("m20250303", Some("20250303"), "")]
#[case("m20250303_045013", Some("20250303_045013"), "")]
#[case("m20250303_045013_Create users", Some("20250303_045013"), "Create users")]
#[case("m20250303_é", Some("20250303"), "é")]
#[case("2025: première", None, "2025: première")]
fn a_name_in_the_history_can_be_any_text(
    #[case] text: &str,
    #[case] version: Option<&str>,
    #[case] slug: &str,
) {
    let name = Name::from(text.to_owned());
    assert_eq!((name.as_str(), name.version(), name.slug()), (text, version, slug));
}

#[test]
fn names_sort_by_bytes() {
    let sorted = [
        "m0000010_init",
        "m001_init",
        "m20230403_045013_create_user",
        "m20230403_create_user",
        "m20250303_045013_a",
        "m20250303_045013_b",
        "m20250303_045014_a",
    ]
    .map(|text| Name::parse(text).unwrap());
    assert!(sorted.is_sorted());
}

#[test]
fn a_format_width_pads_a_name_with_spaces() {
    let name = Name::parse("m001_x").unwrap();
    assert_eq!(format!("{name:<8}|"), "m001_x  |");
}

proptest! {
    #[test]
    fn any_input_becomes_a_valid_name_or_an_error(
        input in prop_oneof![any::<String>(), "[ -~]{0,40}", "[a-zA-Z0-9 _-]{0,120}", "m[0-9_]{0,20}"]
    ) {
        if let Ok(slug) = Slug::parse(&input) {
            let version = ScriptVersion::parse("20250303_045013").unwrap();
            let name = Name::new(version, &slug);
            prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(name.slug(), slug.as_str());
            prop_assert_eq!(name.timestamp(), Some(version));
            prop_assert!(slug.as_str().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')));
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
            // The name is a Rust identifier: the tokens are `mod`, the name and `;`.
            let module: proc_macro2::TokenStream = format!("mod {name};").parse().unwrap();
            prop_assert_eq!(module.into_iter().count(), 3);
        }
    }

    #[test]
    fn any_text_is_accepted_as_a_name_in_the_history(text in any::<String>()) {
        let name = Name::from(text.clone());
        prop_assert_eq!(name.as_str(), &text);
        prop_assert!(text.ends_with(name.slug()) && text.contains(name.version().unwrap_or_default()));
    }

    #[test]
    fn a_name_consists_of_a_version_and_a_slug(text in "m[0-9]{3,15}_[a-z0-9_]{0,12}") {
        if let Ok(name) = Name::parse(&text) {
            prop_assert_eq!(format!("m{}_{}", name.version().unwrap(), name.slug()), text);
        }
    }
}
