//! Singular and plural of English nouns, for the names of tables.

/// Singular and plural of words that the library gets wrong, or that projects commonly write
/// differently.
const OVERRIDES: &[(&str, &str)] = &[
    ("agenda", "agendas"),
    ("axis", "axes"),
    ("bias", "biases"),
    ("cache", "caches"),
    ("cattle", "cattle"),
    ("clothes", "clothes"),
    ("cors", "cors"),
    ("dns", "dns"),
    ("epoch", "epochs"),
    ("feedback", "feedback"),
    ("german", "germans"),
    ("gnu", "gnus"),
    ("goods", "goods"),
    ("gps", "gps"),
    ("guru", "gurus"),
    ("ios", "ios"),
    ("lens", "lenses"),
    ("metadata", "metadata"),
    ("money", "money"),
    ("niche", "niches"),
    ("os", "os"),
    ("physics", "physics"),
    ("roman", "romans"),
    ("schema", "schemas"),
    ("sku", "skus"),
    ("sms", "sms"),
    ("species", "species"),
    ("stomach", "stomachs"),
    ("taxi", "taxis"),
    ("virus", "viruses"),
    ("weather", "weather"),
];

/// Returns the plural of a name, such as `user_profiles` for `user_profile`. A plural stays unchanged.
#[must_use]
pub fn plural(name: &str) -> String {
    last_word(name, |word| {
        match OVERRIDES.iter().find(|(one, many)| word == *one || word == *many) {
            Some((_, many)) => (*many).to_owned(),
            None => pluralizer::pluralize(word, 2, false),
        }
    })
}

/// Returns the singular of a name, such as `user_profile` for `user_profiles`. A singular stays unchanged.
#[must_use]
pub fn singular(name: &str) -> String {
    last_word(name, |word| {
        match OVERRIDES.iter().find(|(one, many)| word == *one || word == *many) {
            Some((one, _)) => (*one).to_owned(),
            None => pluralizer::pluralize(word, 1, false),
        }
    })
}

/// Returns whether the word is a plural, or both a plural and a singular.
#[must_use]
pub fn is_plural(word: &str) -> bool {
    plural(word) == word
}

/// Returns the name with its last word changed.
fn last_word(name: &str, change: impl Fn(&str) -> String) -> String {
    match name.rsplit_once('_') {
        Some((words, last)) => format!("{words}_{}", change(last)),
        None => change(name),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("user", "users")]
    #[case("user_profile", "user_profiles")]
    #[case("person", "people")]
    #[case("child", "children")]
    #[case("grandchild", "grandchildren")]
    #[case("man", "men")]
    #[case("category", "categories")]
    #[case("company", "companies")]
    #[case("key", "keys")]
    #[case("day", "days")]
    #[case("box", "boxes")]
    #[case("bus", "buses")]
    #[case("status", "statuses")]
    #[case("hotel_status", "hotel_statuses")]
    #[case("address", "addresses")]
    #[case("process", "processes")]
    #[case("alias", "aliases")]
    #[case("analysis", "analyses")]
    #[case("axis", "axes")]
    #[case("criterion", "criteria")]
    #[case("index", "indices")]
    #[case("mouse", "mice")]
    #[case("hero", "heroes")]
    #[case("photo", "photos")]
    #[case("leaf", "leaves")]
    #[case("movie", "movies")]
    #[case("tax", "taxes")]
    #[case("taxi", "taxis")]
    #[case("quiz", "quizzes")]
    #[case("virus", "viruses")]
    #[case("bias", "biases")]
    #[case("schema", "schemas")]
    #[case("lens", "lenses")]
    #[case("cache", "caches")]
    #[case("release", "releases")]
    #[case("sku", "skus")]
    #[case("series", "series")]
    #[case("species", "species")]
    #[case("news", "news")]
    #[case("staff", "staff")]
    #[case("media", "media")]
    #[case("equipment", "equipment")]
    #[case("feedback", "feedback")]
    #[case("gps", "gps")]
    #[case("datum", "data")]
    #[case("oauth2_token", "oauth2_tokens")]
    fn singular_and_plural_are_inverse(#[case] one: &str, #[case] many: &str) {
        assert_eq!(plural(one), many);
        assert_eq!(plural(many), many);
        assert_eq!(singular(many), one);
        assert_eq!(singular(one), one);
    }

    #[test]
    fn both_plurals_of_a_noun_are_kept() {
        for plural_word in ["indexes", "indices", "matrixes", "matrices"] {
            assert_eq!(plural(plural_word), plural_word);
        }
    }
}
