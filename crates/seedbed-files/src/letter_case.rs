//! Words with capital letters inside, which camelCase would be split at.

/// As they are written, each of them one word.
const MIXED: &[&str] = &[
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

/// The same name in which each word has at most its first letter in capitals, or all of them:
/// `createOauth2Tokens`, `addURLSToUsers`.
pub(crate) fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let before = text.chars().next_back();
        if let Some(word) = MIXED.iter().find(|word| begins(rest, word, before)) {
            text.push(first.to_ascii_uppercase());
            text.push_str(&word[1..].to_ascii_lowercase());
            rest = &rest[word.len()..];
            continue;
        }
        rest = &rest[first.len_utf8()..];
        // The plural of an acronym: `URLs`.
        let capitals = text.chars().rev().take_while(char::is_ascii_uppercase).count();
        let ends = !rest.starts_with(|next: char| next.is_ascii_lowercase());
        text.push(if first == 's' && capitals > 1 && ends { 'S' } else { first });
    }
    text
}

/// Whether the text begins with the word, and a new word may begin here.
fn begins(text: &str, word: &str, before: Option<char>) -> bool {
    let starts = match before {
        Some(letter) if word.starts_with(char::is_lowercase) => !letter.is_ascii_alphabetic(),
        Some(letter) => !letter.is_ascii_uppercase(),
        None => true,
    };
    let rest = text.strip_prefix(word);
    starts && rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::plain;

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
            assert_eq!(plain(name), expected);
        }
    }
}
