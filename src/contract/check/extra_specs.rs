//! What Nova checks of the extra specs of flavors from 2.86 on: names that it knows have values that it knows.

use std::sync::OnceLock;

use regex::Regex;

use crate::base::json::Value;
use crate::base::{Diagnostic, Node, Pointer, Version, Versions, Yaml, parse_yaml, python_str, truth};
use crate::contract::finding::{Code, Rejection, Step};

/// The steps.
pub const STEPS: &[Step] = &[(since_2_86, specs)];

fn since_2_86() -> Versions {
    Version::minor(86).map_or(Versions::NONE, |first| Versions::range(first, Version::LAST))
}

/// All in `extra_specs`, or the one that the body is.
fn specs(body: &Value) -> Result<(), Rejection> {
    let (all, at) = match body.get("extra_specs") {
        Some(all) => (all, Pointer::default().key("extra_specs")),
        None => (body, Pointer::default()),
    };
    let mut fields = all.as_object().into_iter().flatten();
    let refuse =
        |name: &str, (code, why)| Rejection::bad_request(code, at.key(name), format!("Validation failed; {why}"));
    fields.try_for_each(|(name, value)| spec(name, &python_str(value)).map_err(|why| refuse(name, why)))
}

fn spec(name: &str, value: &str) -> Result<(), (Code, String)> {
    let table = table();
    if let Some(row) = table.rows.iter().find(|row| row.name.is_match(name)) {
        return row.rule.allow(value);
    }
    match name.split_once(':').is_some_and(|(namespace, _)| table.namespaces.is_match(namespace)) {
        true => Err((Code::Rule, format!("extra spec '{name}' does not appear to be a valid extra spec."))),
        false => Ok(()),
    }
}

/// What a value must be.
enum Rule {
    Text,
    Boolean,
    Integer { least: Option<i64>, most: Option<i64> },
    OneOf(Vec<String>),
    Pattern(String, Regex),
}

impl Rule {
    fn allow(&self, value: &str) -> Result<(), (Code, String)> {
        let refused = |code, why: String| Err((code, format!("'{value}' {why}.")));
        match self {
            Rule::Boolean if truth(value).is_none() => {
                refused(Code::Format, "is not a valid boolean-like value".into())
            }
            Rule::OneOf(all) if !all.iter().any(|one| one == value) => {
                refused(Code::Choice, format!("is not one of: {}", all.join(", ")))
            }
            Rule::Pattern(source, pattern) if !pattern.is_match(value) => {
                refused(Code::Pattern, format!("is not of the format '{source}'"))
            }
            Rule::Integer { least, most } => match value.trim().parse::<i64>() {
                Err(_) => refused(Code::Format, "is not a valid integer value".into()),
                Ok(number) if most.is_some_and(|most| most < number) => {
                    refused(Code::Range, format!("is greater than the max value of '{}'", most.unwrap_or(number)))
                }
                Ok(number) if least.is_some_and(|least| least > number) => {
                    refused(Code::Range, format!("is less than the min value of '{}'", least.unwrap_or(number)))
                }
                Ok(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn read(node: &Node) -> Result<Rule, Diagnostic> {
        let bound = |key: &str| node.get(key).map(|own| own.integer().map(|own| own as i64)).transpose();
        Ok(match node.yaml() {
            Yaml::List(_) => Rule::OneOf(node.all_texts()?),
            Yaml::Text(kind) if kind == "boolean" => Rule::Boolean,
            Yaml::Text(kind) if kind == "integer" => Rule::Integer { least: None, most: None },
            Yaml::Text(_) => Rule::Text,
            _ => match node.get("pattern") {
                Some(pattern) => Rule::Pattern(pattern.text()?.to_owned(), whole(pattern.text()?, node)?),
                None => Rule::Integer { least: bound("min")?, most: bound("max")? },
            },
        })
    }
}

struct Row {
    name: Regex,
    rule: Rule,
}

struct Table {
    rows: Vec<Row>,
    namespaces: Regex,
}

/// A regular expression of the whole text.
fn whole(pattern: &str, node: &Node) -> Result<Regex, Diagnostic> {
    Regex::new(&format!("^(?:{pattern})$"))
        .map_err(|why| node.expected("a regular expression").row("because", why.to_string()))
}

fn read() -> Result<Table, Diagnostic> {
    let file = parse_yaml("extra_specs.yaml", include_str!("extra_specs.yaml"))?;
    let mut rows = Vec::new();
    for (name, _, rule) in file.required("names")?.entries()? {
        rows.push(Row { name: whole(name, rule)?, rule: Rule::read(rule)? });
    }
    let any = |key: &str| Ok::<_, Diagnostic>(file.required(key)?.all_texts()?.join("|"));
    const GROUP: &str = "([a-zA-Z0-9_-]{1,64})?";
    let integer = Rule::Integer { least: None, most: None };
    let has_trait = Rule::OneOf(["required", "forbidden"].map(str::to_owned).to_vec());
    for (name, rule) in [
        (format!("capabilities:({})", any("capabilities")?), Rule::Text),
        (format!(r"capabilities:({})(:\w+)*", any("deep_capabilities")?), Rule::Text),
        (format!("resources{GROUP}:({})", any("resources")?), integer),
        (format!("trait{GROUP}:({})", any("traits")?), has_trait),
    ] {
        rows.push(Row { name: whole(&name, &file)?, rule });
    }
    let namespaces = format!("{}|(resources|trait){GROUP}", any("namespaces")?);
    Ok(Table { rows, namespaces: whole(&namespaces, &file)? })
}

/// The table; a test reads it, so that it is never one of no rows.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "the file is embedded, and a test reads it")]
    TABLE.get_or_init(|| read().expect("the file is embedded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of nova 34.0.0.
    #[test]
    fn values_are_right_as_nova_has_them() {
        let right = [
            ("hw:cpu_policy", "mixed"),
            ("hw:numa_cpus.3", "0-3,^2"),
            ("foo", "bar"),
            ("foo:bar", "x"),
            ("trait1:CUSTOM_X", "forbidden"),
            ("resources:VCPU", "2"),
            ("capabilities:cpu_info:arch", "x86"),
            ("hw:boot_menu", "yes"),
        ];
        for (name, value) in right {
            assert_eq!(spec(name, value), Ok(()), "{name}");
        }
        let wrong = [
            ("hw:cpu_policy", "x", "'x' is not one of: dedicated, shared, mixed."),
            ("hw:numa_nodes", "0", "'0' is less than the min value of '1'."),
            ("hw:redirected_usb_ports", "16", "'16' is greater than the max value of '15'."),
            ("capabilities:x", "5", "extra spec 'capabilities:x' does not appear to be a valid extra spec."),
        ];
        for (name, value, why) in wrong {
            assert_eq!(spec(name, value).unwrap_err().1, why);
        }
    }
}
