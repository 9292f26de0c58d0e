//! Writes the dictionaries and configurations of text search.

use seedbed_sql::quote_ident_if_needed as ident;

use super::text::one_per_line;
use crate::model::{QualifiedName, TextSearchConfiguration, TextSearchDictionary};

impl TextSearchDictionary {
    pub(super) fn sql(&self, name: &QualifiedName) -> String {
        let options = [format!("TEMPLATE = {}", self.template)].into_iter();
        let options = one_per_line(options.chain(self.options.clone()));
        format!("CREATE TEXT SEARCH DICTIONARY {name} ({options});")
    }
}

impl TextSearchConfiguration {
    pub(super) fn sql(&self, name: &QualifiedName) -> String {
        let mappings = self.mappings.iter().map(|(token, dictionaries)| {
            let dictionaries: Vec<String> =
                dictionaries.iter().map(ToString::to_string).collect();
            let (token, dictionaries) = (ident(token), dictionaries.join(", "));
            format!("\nALTER TEXT SEARCH CONFIGURATION {name} ADD MAPPING FOR {token} WITH {dictionaries};")
        });
        let create = format!("CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = {});", self.parser);
        create + &mappings.collect::<String>()
    }
}
