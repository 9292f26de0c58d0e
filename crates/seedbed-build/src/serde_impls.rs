//! The serde implementations of the names. Each serializes as its text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Environment, Kind, Name};

macro_rules! serialize_as_str {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )*};
}

serialize_as_str!(Environment, Kind, Name);

/// Deserializes a name from the history, which can be any text.
impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}
