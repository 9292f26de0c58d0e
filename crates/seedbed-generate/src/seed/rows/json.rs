//! A reader of JSON objects that keeps numbers as text, because a float would lose digits.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::super::SeedError;
use super::super::error::RowError;
use super::{Cell, FORMATS, InputRow, Rows, unreadable};

/// Reads the names of the columns and all rows.
pub(super) fn read(text: &str) -> Result<Rows, SeedError> {
    let list: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
        let problem = match error.classify() {
            Category::Data => "it is not a list of objects".to_owned(),
            _ => error.to_string(),
        };
        unreadable(problem, FORMATS)
    })?;
    let mut columns: Vec<String> = Vec::new();
    let mut objects = Vec::new();
    let (mut line, mut seen) = (1, 0);
    for raw in list {
        // The raw value borrows from the text, so its address tells its position.
        let start = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        line += text.as_bytes()[seen..start].iter().filter(|byte| **byte == b'\n').count();
        seen = start;
        let wrong = |problem: String, hint| unreadable(format!("line {line}: {problem}"), hint);
        let JsonObject(fields) = serde_json::from_str(raw.get())
            .map_err(|_| wrong(format!("{} is not an object", short(raw.get())), FORMATS))?;
        let mut cells: Vec<(String, Cell)> = Vec::new();
        for (name, value) in fields {
            if cells.iter().any(|(other, _)| *other == name) {
                return Err(wrong(format!("duplicate key `{name}`"), "remove one of the two"));
            }
            if !columns.contains(&name) {
                columns.push(name.clone());
            }
            let cell = cell(value).map_err(|_| {
                let problem =
                    format!("`{name}` contains an unpaired surrogate, {}", short(value.get()));
                wrong(problem, r"write a complete pair, such as `\ud83d\ude00`")
            })?;
            cells.push((name, cell));
        }
        objects.push((line, cells));
    }
    let mut errors = Vec::new();
    let mut rows = Vec::new();
    for (line, mut fields) in objects {
        let (mut cells, mut missing) = (Vec::new(), Vec::new());
        for name in &columns {
            match fields.iter().position(|(other, _)| other == name) {
                Some(at) => cells.push(fields.swap_remove(at).1),
                None => missing.push(name.clone()),
            }
        }
        // Null for a missing key would overwrite the value of an existing row.
        if !missing.is_empty() {
            errors.push(RowError::missing_keys(line, &missing));
        }
        rows.push(InputRow { line, cells });
    }
    if !errors.is_empty() {
        return Err(SeedError::InvalidRows(errors));
    }
    Ok(Rows { columns, rows })
}

/// Returns the start of some JSON in backquotes.
fn short(raw: &str) -> String {
    let start: String = raw.chars().take(40).collect();
    if start.len() < raw.len() { format!("`{start}…`") } else { format!("`{start}`") }
}

fn cell(value: &RawValue) -> serde_json::Result<Cell> {
    Ok(match value.get() {
        "null" => Cell::Null,
        string if string.starts_with('"') => Cell::String(serde_json::from_str(string)?),
        other => Cell::Json(compact(other)),
    })
}

/// Removes the insignificant whitespace from JSON.
fn compact(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = in_string || !c.is_ascii_whitespace();
        match c {
            '"' if !escaped => in_string = !in_string,
            '\\' if !escaped => {
                escaped = true;
                return kept;
            }
            _ => {}
        }
        escaped = false;
        kept
    };
    json.chars().filter(keep).collect()
}

/// Returns the text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes a JSON list as a PostgreSQL
/// [array](https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO), such as `{a,"b,
/// c",NULL}`. In an array of JSON, each element stays JSON.
pub(super) fn array(list: &str, is_json: bool) -> Result<String, &'static str> {
    let elements: Vec<&RawValue> = serde_json::from_str(list).map_err(|_| "it is not a list")?;
    let mut texts = Vec::new();
    for element in elements {
        texts.push(match element.get() {
            "null" => "NULL".to_owned(),
            raw if is_json => element_text(raw),
            raw if raw.starts_with('[') => array(raw, false)?,
            raw if raw.starts_with('"') => {
                let text: String =
                    serde_json::from_str(raw).map_err(|_| "it contains an unpaired surrogate")?;
                if text.contains('\0') {
                    return Err(
                        "it contains a NUL character, which PostgreSQL does not allow in text",
                    );
                }
                element_text(&text)
            }
            raw => element_text(raw),
        });
    }
    Ok(format!("{{{}}}", texts.join(",")))
}

/// Returns an element of an array, in quotation marks unless PostgreSQL reads it without them.
fn element_text(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-.:/@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.eq_ignore_ascii_case("null") {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The fields of an object in their order, including duplicates.
struct JsonObject<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for JsonObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(JsonObjectVisitor)
    }
}

struct JsonObjectVisitor;

impl<'de> Visitor<'de> for JsonObjectVisitor {
    type Value = JsonObject<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(JsonObject(fields))
    }
}
