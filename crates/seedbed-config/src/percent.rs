//! Percent-encoding as in libpq, where `+` is a plus sign.

/// Decodes codes such as `%41`. Leaves everything else unchanged.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code =
            after.get(..2).filter(|code| first == b'%' && code.iter().all(u8::is_ascii_hexdigit));
        let byte = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes
}

/// Encodes everything but letters, digits and `-._~`, for the path of a URL.
pub(crate) fn encode(text: &str) -> String {
    encode_except(text, "")
}

/// Encodes the value of a parameter, but leaves slashes and colons readable, for example in the path of a folder.
pub(crate) fn encode_value(text: &str) -> String {
    encode_except(text, "/:")
}

fn encode_except(text: &str, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ if kept.as_bytes().contains(&byte) => encoded.push(char::from(byte)),
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_reverses_encoding_and_keeps_other_text() {
        for text in ["", "plain", "p@ss/w:rd#?% '\"+", "ü"] {
            assert_eq!(decode(&encode(text)), text.as_bytes());
            assert_eq!(decode(&encode_value(text)), text.as_bytes());
        }
        assert_eq!(decode("a%40b%2"), b"a@b%2");
        assert_eq!(decode("%+1%zz"), b"%+1%zz");
    }
}
