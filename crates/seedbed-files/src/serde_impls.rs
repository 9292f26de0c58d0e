//! The names in JSON: each is its text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Environment, Kind, Name};

macro_rules! is_its_text {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )*};
}

is_its_text!(Environment, Kind, Name);

/// From the history, where a name may be any text.
impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}
