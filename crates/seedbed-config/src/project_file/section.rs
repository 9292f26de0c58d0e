//! Reads the values of a TOML table and reports invalid keys and values.

use toml_edit::{Item, TableLike};

/// A table of the file, with its path.
pub(super) struct Section<'t> {
    path: String,
    table: &'t dyn TableLike,
}

/// A key or a value that is invalid.
#[derive(Debug)]
pub(super) enum SectionError {
    UnknownKey { at: Option<usize>, key: String, known: Vec<&'static str> },
    Value { at: Option<usize>, key: String, expected: &'static str },
}

impl<'t> Section<'t> {
    /// Returns the whole document.
    pub(super) fn root(document: &'t Item) -> Self {
        static EMPTY: std::sync::LazyLock<toml_edit::Table> =
            std::sync::LazyLock::new(toml_edit::Table::new);
        let table = document.as_table_like().unwrap_or(&*EMPTY);
        Self { path: String::new(), table }
    }

    fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Fails if the table has a key that is not in `known`.
    pub(super) fn ensure_only_keys(&self, known: &[&'static str]) -> Result<(), SectionError> {
        for (key, item) in self.table.iter() {
            if !known.contains(&key) {
                let key_span = self.table.key(key).and_then(toml_edit::Key::span);
                let at = key_span.or_else(|| item.span()).map(|span| span.start);
                return Err(SectionError::UnknownKey {
                    at,
                    key: self.path(key),
                    known: known.to_vec(),
                });
            }
        }
        Ok(())
    }

    /// Returns the tables in the table `key`, each with its own key.
    pub(super) fn sections(&self, key: &str) -> Result<Vec<(String, Self)>, SectionError> {
        let Some(section) = self.section(key)? else { return Ok(Vec::new()) };
        let mut sections = Vec::new();
        for (name, _) in section.table.iter() {
            if let Some(inner) = section.section(name)? {
                sections.push((name.to_owned(), inner));
            }
        }
        Ok(sections)
    }

    /// Returns the table `key`, if there is one.
    pub(super) fn section(&self, key: &str) -> Result<Option<Self>, SectionError> {
        let path = self.path(key);
        self.value(key, "a table", |item| {
            Some(Self { path: path.clone(), table: item.as_table_like()? })
        })
    }

    /// Returns the keys of the table.
    pub(super) fn keys(&self) -> Vec<String> {
        self.table.iter().map(|(key, _)| key.to_owned()).collect()
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, SectionError> {
        self.value(key, "a string", |item| item.as_str().map(str::to_owned))
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, SectionError> {
        self.value(key, "true or false", Item::as_bool)
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, SectionError> {
        let texts = self.value(key, "a list of strings", |item| {
            let texts = item.as_array()?.iter();
            texts.map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        })?;
        Ok(texts.unwrap_or_default())
    }

    /// Returns the value of `key` as `read` converts it, or `None` if there is no such key. Fails with `expected`, a
    /// description of the valid values, if `read` returns `None`.
    pub(super) fn value<T>(
        &self,
        key: &str,
        expected: &'static str,
        read: impl FnOnce(&'t Item) -> Option<T>,
    ) -> Result<Option<T>, SectionError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let at = item.span().map(|span| span.start);
        let wrong = || SectionError::Value { at, key: self.path(key), expected };
        read(item).ok_or_else(wrong).map(Some)
    }
}
