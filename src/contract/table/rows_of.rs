//! An API version that has the rows of another, as they are in the first version of that: Cinder's v3 began as what v2 was, so that
//! one contract holds for both. Its own files stand over those of the other.

use super::merge::{is_merged, merged};
use super::operation::Operation;
use super::service::Service;
use super::sources::{Sources, short};
use crate::base::{Diagnostic, Node, Version, Versions, Yaml, not_empty};
use crate::contract::schema::{File, Files, is_versioned, lifetime, versioned};

/// The place among `services` of the API that `node` names, whose rows the one at the place `own` has.
///
/// # Errors
/// There is no such API, it has no rows of its own, or the one at `own` has microversions, and would have no first version alone.
pub fn base_of(services: &[&Service], own: usize, node: &Node) -> Result<usize, Diagnostic> {
    let name = node.text()?;
    if services[own].microversions.is_some() {
        let told = Diagnostic::new("an API with the rows of another has no microversions").at(&node.place);
        return Err(told.row("because", format!("it is what {name} is in its first version")));
    }
    let known = || services.iter().filter(|service| service.rows_of.is_none()).map(|service| service.name.as_str());
    let found = services.iter().position(|service| service.name == name && service.rows_of.is_none());
    found.ok_or_else(|| node.expected("the name of an API that has rows of its own").did_you_mean(name, known()))
}

/// What the files of an API say of its first version, by their short names: those of `base`, and over them its `own`, of which one
/// with `merge: true` says only what is different.
///
/// # Errors
/// The first mistake in the order of the files.
pub fn parsed_over(base: &Sources, own: &Sources) -> Result<Files, Diagnostic> {
    let find = |sources: &Sources, name: &str| {
        sources.iter().find(|(known, _)| short(known) == name).map(|(_, source)| source.clone())
    };
    let known: Vec<&str> = base.keys().map(|name| short(name)).collect();
    let beside = |name: &str| find(base, name).map(|source| source.node());
    let mut files = Files::default();
    for name in known.iter().copied().chain(own.keys().map(|name| short(name))) {
        let Some(source) = find(own, name).or_else(|| find(base, name)) else { continue };
        let node = source.node()?;
        not_empty("a contract file", &node)?;
        let node = if is_merged(&node)? { merged(&beside, &known, name, &node)? } else { node };
        files.0.insert(name.to_owned(), File::of_node(of_first_version(&node)?)?);
    }
    Ok(files)
}

/// Those of `rows` that the first version has; no other version is told of.
pub fn living(rows: Vec<Operation>) -> Vec<Operation> {
    let living = rows.into_iter().filter(|row| row.lifetime.contains(Version::FIRST));
    living.map(|row| Operation { lifetime: Versions::ALL, ..row }).collect()
}

/// What `file` says of the first version. Rows keep their lifetimes: one that the version does not have takes its route along.
fn of_first_version(file: &Node) -> Result<Node, Diagnostic> {
    let row = |row: &Node| {
        changed(row, |key, part| match key {
            "microversions" => Ok(Some(part.clone())),
            _ => part_of(key, part),
        })
    };
    changed(file, |key, part| match (key, part.yaml()) {
        ("operations", Yaml::Map(_)) => Ok(Some(changed(part, |_, own| row(own).map(Some))?)),
        _ => part_of(key, part),
    })
}

/// What `node`, the value of `key`, is in the first version; none of what is not there.
fn part_of(key: &str, node: &Node) -> Result<Option<Node>, Diagnostic> {
    let lives = |versions: &Node| lifetime(versions).map(|own| own.contains(Version::FIRST));
    match node.yaml() {
        // Documents and values say nothing of versions, and whatever has a lifetime beside it is there by now.
        _ if matches!(key, "document" | "default") => Ok(Some(node.clone())),
        Yaml::Text(_) if key == "microversions" => Ok(None),
        Yaml::Map(_) if is_versioned(node) => {
            let form = versioned(node)?.into_iter().find(|(versions, _)| versions.contains(Version::FIRST));
            form.map_or(Ok(None), |(_, form)| part_of(key, form))
        }
        Yaml::Map(_) if !node.get("microversions").map_or(Ok(true), lives)? => Ok(None),
        Yaml::Map(_) => {
            let are_names = matches!(key, "properties" | "patternProperties" | "schemas" | "filters" | "responses");
            changed(node, |key, part| part_of(if are_names { "" } else { key }, part)).map(Some)
        }
        Yaml::List(items) => {
            let mut there = Vec::new();
            for item in items {
                match (key, item.entries()) {
                    ("required" | "enum", Ok([(name, place, versions)])) => {
                        let word = || Node::new(Yaml::Text(name.clone()), place.clone());
                        there.extend(lives(versions)?.then(word));
                    }
                    _ => there.extend(part_of("", item)?),
                }
            }
            Ok(Some(Node::new(Yaml::List(there), node.place.clone())))
        }
        _ => Ok(Some(node.clone())),
    }
}

/// The mapping `node` with what `part` makes of the value of each key; without those of which it makes nothing.
fn changed(node: &Node, part: impl Fn(&str, &Node) -> Result<Option<Node>, Diagnostic>) -> Result<Node, Diagnostic> {
    let mut entries = Vec::new();
    for (key, place, value) in node.entries()? {
        entries.extend(part(key, value)?.map(|value| (key.clone(), place.clone(), value)));
    }
    Ok(Node::new(Yaml::Map(entries), node.place.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::contracts::Contracts;
    use super::*;

    const NEW: &str = "service: s\nmount: /s\nroot: /v3\nbody_limit: 1\ndialect: cinder\nmicroversions: {service: s, minimum: \"3.0\", \
                       maximum: \"3.9\"}\n";
    const OLD: &str = "service: s-v2\nmount: /s\nroot: /v2\nbody_limit: 1\ndialect: cinder\nrows_of: s\n";
    const RACKS: &str = "
resource: {source: a/racks.py}
operations:
  index: {route: GET /racks}
  show: {route: \"GET /racks/{id}\", microversions: \"3.2..\"}
  create:
    route: POST /racks
    request:
      body:
        properties:
          name: {\"..3.4\": {type: string, maxLength: 8}, \"3.5..\": {type: string}}
          size: {type: integer, microversions: \"3.3..\"}
          place: {enum: [left, {top: \"3.6..\"}], default: {microversions: none}}
        required: [name, {place: \"3.7..\"}]
        additionalProperties: {\"..3.8\": false, \"3.9..\": true}
routes: [GET /racks, \"GET /racks/{id}\", GET /shelves, GET /boxes]
";

    fn contracts(old: &str, own: &str) -> Result<Contracts, Diagnostic> {
        let files = [
            ("contracts/s-v2/v2/service.yaml", old),
            ("contracts/s-v2/v2/racks.yaml", own),
            ("contracts/s/v3/service.yaml", NEW),
            ("contracts/s/v3/racks.yaml", RACKS),
        ];
        Contracts::from_files(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into())
    }

    #[test]
    fn it_is_what_the_other_is_in_its_first_version() {
        let contracts = contracts(OLD, "merge: true\nroutes: {remove: [GET /boxes]}").unwrap();
        let table = contracts.services()[0].table().unwrap();
        let rows: Vec<String> = table.operations.iter().map(|row| format!("{} {}", row.id, row.place)).collect();
        assert_eq!(
            rows,
            [
                "s-v2.racks.index contracts/s/v3/racks.yaml:4:10",
                "s-v2.racks.create contracts/s/v3/racks.yaml:7:5",
                "s-v2.shelves.index contracts/s/v3/racks.yaml:16:41"
            ]
        );
        let file = super::super::sources::named([("a/b/c/racks.yaml".to_owned(), RACKS.to_owned())].into());
        let files = parsed_over(&file, &Sources::new()).unwrap();
        let create = &files.0["racks.yaml"].operations()[2].2;
        let body = create.get("request").and_then(|request| request.get("body")).unwrap().to_json();
        assert_eq!(
            body.to_string(),
            r#"{"properties":{"name":{"type":"string","maxLength":8},"place":{"enum":["left"],"default":{"microversions":"none"}}},"required":["name"],"additionalProperties":false}"#
        );
    }

    #[test]
    fn whose_rows_it_has_is_checked() {
        let refused = |old: &str| contracts(old, "merge: true\n").unwrap_err().to_string();
        let told = refused(&OLD.replace("rows_of: s", "rows_of: z"));
        assert!(told.contains("contracts/s-v2/v2/service.yaml:6:10") && told.contains("did you mean   s\n"), "{told}");
        let told = refused(&OLD.replace("rows_of: s", "rows_of: s-v2"));
        assert!(told.contains("expected the name of an API that has rows of its own"), "{told}");
        let told = refused(&format!("{OLD}microversions: {{service: s, minimum: \"2.1\", maximum: \"2.2\"}}\n"));
        assert!(told.starts_with("an API with the rows of another has no microversions"), "{told}");
        let own = contracts(OLD, "merge: true\noperations: {remove: [nothing]}").unwrap();
        let told = own.services()[0].table().unwrap_err().to_string();
        assert!(told.contains("contracts/s-v2/v2/racks.yaml:2:23"), "{told}");
    }
}
