//! YAML to nodes.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Options, Spanned};

use super::json::Number;
use super::{Diagnostic, Node, Place, Yaml};

/// Reads one YAML document; `file` is the name that places will carry.
///
/// # Errors
/// A diagnostic with the place at which the text is not YAML (or has a duplicate key).
pub fn parse_yaml(file: &str, text: &str) -> Result<Node, Diagnostic> {
    let file: Arc<str> = Arc::from(file);
    let options = serde_yaml::options! {
        // Deeper than any contract, and not too deep for the stack of a thread.
        budget: serde_yaml::budget! { max_depth: 32, enforce_alias_anchor_ratio: false },
        strict_booleans: true,
        with_snippet: false,
    };
    read(text, options).map(|raw| raw.into_node(&file)).map_err(|error| {
        let place = error.location().map_or(Place::start(&file), |l| place(&file, l));
        Diagnostic::new("this is not valid YAML").at(&place).row("found", error.without_snippet().to_string())
    })
}

fn read(text: &str, options: Options) -> Result<Spanned<Raw>, serde_yaml::Error> {
    serde_yaml::from_str_with_options(text, options)
}

enum Raw {
    Scalar(Yaml),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

trait IntoNode {
    fn into_node(self, file: &Arc<str>) -> Node;
}

impl IntoNode for Spanned<Raw> {
    fn into_node(self, file: &Arc<str>) -> Node {
        let yaml = match self.value {
            Raw::Scalar(yaml) => yaml,
            Raw::List(items) => Yaml::List(items.into_iter().map(|item| item.into_node(file)).collect()),
            Raw::Map(entries) => Yaml::Map(
                entries
                    .into_iter()
                    .map(|(k, v)| (k.value.into(), place(file, k.referenced), v.into_node(file)))
                    .collect(),
            ),
        };
        Node::new(yaml, place(file, self.referenced))
    }
}

fn place(file: &Arc<str>, location: serde_yaml::Location) -> Place {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Place { file: Arc::clone(file), line: number(location.line()), column: number(location.column()) }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, bool: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Bool(bool)))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Number(number.into())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Number(number.into())))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Raw, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("a number must be finite"))?;
        Ok(Raw::Scalar(Yaml::Number(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Text(text.to_owned().into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place_and_its_kind() {
        let node = parse_yaml("f.yaml", "a: 1\nb:\n  - 'x'\n  - 2.10\n  - yes\n  - \"\"\n  -\n").unwrap();
        let items = node.get("b").unwrap().items().unwrap();
        assert_eq!(items[0].text().unwrap(), "x");
        assert_eq!(items[0].place.to_string(), "f.yaml:3:5");
        assert!(items[1].text().unwrap_err().to_string().contains("quotes"));
        assert_eq!(items[2].text().unwrap(), "yes");
        assert_eq!(items[3].text().unwrap(), "");
        assert!(matches!(items[4].yaml(), Yaml::Null));
    }

    #[test]
    fn a_broken_file_and_a_key_given_twice_are_located() {
        let text = parse_yaml("f.yaml", "a: 1\na: 2\n").unwrap_err().to_string();
        assert!(text.contains("f.yaml:2:1"), "{text}");
        assert!(parse_yaml("f.yaml", "a: [1\nb").unwrap_err().to_string().contains("f.yaml:"));
    }
}
