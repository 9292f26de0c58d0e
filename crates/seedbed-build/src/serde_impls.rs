//! The serde implementations of names, kinds and environments. Each of them serializes as its text.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Environment, Name, ScriptKind};

macro_rules! serialize_as_str {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )*};
}

serialize_as_str!(Environment, ScriptKind, Name);

/// Deserializes a name from the history, which can be any text.
impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Deserializes the singular, which the log and the JSON output of the command line contain.
impl<'de> Deserialize<'de> for ScriptKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "migration" => Ok(Self::Migration),
            "seed" => Ok(Self::Seed),
            other => Err(D::Error::unknown_variant(other, &["migration", "seed"])),
        }
    }
}
