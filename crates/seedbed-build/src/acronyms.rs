//! Words with capital letters inside, such as `OAuth` and `URLs`, which must stay one word when camelCase is split.

/// The names with mixed case, each of which is one word.
const MIXED_CASE: &[&str] = &[
    "GitHub",
    "GitLab",
    "GraphQL",
    "IPv",
    "IoT",
    "JavaScript",
    "LinkedIn",
    "MySQL",
    "NoSQL",
    "OAuth",
    "OpenAI",
    "OpenID",
    "PayPal",
    "PostgreSQL",
    "TypeScript",
    "WhatsApp",
    "WiFi",
    "YouTube",
    "iOS",
    "macOS",
];

/// Rewrites the words with mixed case, so that a camelCase name is split into the right words: `createOAuth2Tokens`
/// becomes `createOauth2Tokens`, and `addURLsToUsers` becomes `addURLSToUsers`.
pub(crate) fn normalize(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let before = text.chars().next_back();
        if let Some(word) = MIXED_CASE.iter().find(|word| starts_with_word(rest, word, before)) {
            text.push(first.to_ascii_uppercase());
            text.push_str(&word[1..].to_ascii_lowercase());
            rest = &rest[word.len()..];
            continue;
        }
        rest = &rest[first.len_utf8()..];
        // The `s` of a plural acronym, such as `URLs`, becomes a capital letter.
        let capitals = text.chars().rev().take_while(char::is_ascii_uppercase).count();
        let ends_word = !rest.starts_with(|next: char| next.is_ascii_lowercase());
        text.push(if first == 's' && capitals > 1 && ends_word { 'S' } else { first });
    }
    text
}

/// Returns whether the text begins with the whole word, and a new word may begin after the character `before`.
fn starts_with_word(text: &str, word: &str, before: Option<char>) -> bool {
    let may_start = match before {
        Some(letter) if word.starts_with(char::is_lowercase) => !letter.is_ascii_alphabetic(),
        Some(letter) => !letter.is_ascii_uppercase(),
        None => true,
    };
    let rest = text.strip_prefix(word);
    may_start && rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn a_word_with_capitals_inside_is_one_word() {
        for (name, expected) in [
            ("createOAuth2Tokens", "createOauth2Tokens"),
            ("addIPv4ToHosts", "addIpv4ToHosts"),
            ("create iOS devices", "create Ios devices"),
            ("addURLsToUsers", "addURLSToUsers"),
            ("createSKUs", "createSKUS"),
            ("create_gitHub", "create_gitHub"),
            ("createGitHubbers", "createGitHubbers"),
            ("createUsers", "createUsers"),
            ("createAsset", "createAsset"),
        ] {
            assert_eq!(normalize(name), expected);
        }
    }
}
