//! Whether the backend has what the type of a volume wants (cinder/scheduler/filters/capabilities_filter.py, extra_specs_ops.py).

use super::backends::capabilities_of_pool;
use crate::base::json::{Value, json};
use crate::base::{is_true, truth};
use crate::cloud::store::Cloud;

/// Is there a place for volumes of the type with these fields? A type that a fixture describes has its backend.
pub fn has_place(cloud: &Cloud, kind: &Value) -> bool {
    let mut described = cloud.fixture.resources.get("volume_types").into_iter().flatten();
    if described.any(|own| kind["id"] == own.id.as_str()) {
        return true;
    }
    let Some(specs) = kind.get("extra_specs").and_then(Value::as_object) else { return true };
    let mut backend = capabilities_of_pool(cloud);
    // Which the list of pools does not show.
    backend["multiattach"] = json!(true);
    let mut wanted = specs.iter().filter_map(|(key, wanted)| Some((capability(key.as_str())?, wanted)));
    wanted.all(|(name, wanted)| backend.get(name).is_some_and(|own| is_met(own, wanted)))
}

/// The capability that an extra spec is about; `None`: it is about something else.
fn capability(key: &str) -> Option<&str> {
    let named = key.strip_prefix("capabilities:");
    named.or_else(|| (!key.contains(':')).then_some(key))
}

/// How what the backend has is compared with a word of the extra spec: closed, because each is code.
type Test = fn(&Value, &str) -> bool;

const TESTS: [(&str, Test); 13] = [
    ("=", |own, word| number(own, word, |own, word| own >= word)),
    ("==", |own, word| number(own, word, |own, word| own == word)),
    ("!=", |own, word| number(own, word, |own, word| own != word)),
    (">=", |own, word| number(own, word, |own, word| own >= word)),
    ("<=", |own, word| number(own, word, |own, word| own <= word)),
    ("s==", |own, word| own == word),
    ("s!=", |own, word| own != word),
    ("s<", |own, word| own.as_str().is_some_and(|own| own < word)),
    ("s<=", |own, word| own.as_str().is_some_and(|own| own <= word)),
    ("s>", |own, word| own.as_str().is_some_and(|own| own > word)),
    ("s>=", |own, word| own.as_str().is_some_and(|own| own >= word)),
    ("<in>", |own, word| own.as_str().is_some_and(|own| own.contains(word))),
    ("<is>", |own, word| is_true(own) == (truth(word) == Some(true))),
];

/// One of several.
const OR: &str = "<or>";

fn is_met(own: &Value, wanted: &Value) -> bool {
    let Some(text) = wanted.as_str() else { return wanted == own };
    let mut words = text.split_whitespace();
    let operator = words.next().unwrap_or("");
    let test = TESTS.iter().find(|(name, _)| *name == operator).map(|(_, test)| test);
    match test {
        Some(test) => !own.is_null() && words.next().is_some_and(|word| test(own, word)),
        None if operator == OR => words.step_by(2).any(|word| own == word),
        None => own == text,
    }
}

fn number(own: &Value, word: &str, test: fn(f64, f64) -> bool) -> bool {
    let own = own.as_f64().or_else(|| own.as_str()?.parse().ok());
    own.zip(word.parse().ok()).is_some_and(|(own, word)| test(own, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_spec_is_compared_as_its_operator_says() {
        for (own, wanted, is_so) in [
            (json!("iSCSI"), json!("iSCSI"), true),
            (json!("iSCSI"), json!("<or> NFS <or> iSCSI"), true),
            (json!("iSCSI"), json!("<in> SCSI"), true),
            (json!("iSCSI"), json!("s!= iSCSI"), false),
            (json!(true), json!("<is> True"), true),
            (json!(true), json!("True"), false),
            (json!(100), json!(">= 50"), true),
            (json!("infinite"), json!(">= 50"), false),
            (json!(null), json!("<is> False"), false),
            (json!(null), json!(null), true),
        ] {
            assert_eq!(is_met(&own, &wanted), is_so, "{own} {wanted}");
        }
    }

    #[test]
    fn an_extra_spec_of_another_scope_is_about_no_capability() {
        let about = ["multiattach", "capabilities:multiattach", "RESKEY:availability_zones"].map(capability);
        assert_eq!(about, [Some("multiattach"), Some("multiattach"), None]);
    }
}
