//! A file that says only what is different: merged, key by key, into the one that it stands over.

use crate::base::{Diagnostic, Entry, Node, Yaml, nearest};

/// The key that makes a file one to be merged.
pub const MERGE: &str = "merge";

/// The words that change a list or a mapping instead of replacing it.
const WORDS: [&str; 2] = ["add", "remove"];

/// Is the file `own` to be merged into another?
///
/// # Errors
/// The key `merge` is no boolean.
pub fn is_merged(own: &Node) -> Result<bool, Diagnostic> {
    own.get(MERGE).map_or(Ok(false), Node::boolean)
}

/// The file of that name beside the one that is merged, if there is one.
pub type Beside<'f> = &'f dyn Fn(&str) -> Option<Result<Node, Diagnostic>>;

/// The file called `name` with what `own` says differently; `known` are the names of all.
///
/// # Errors
/// There is no such file, or what `own` removes is not there.
pub fn merged(beside: Beside<'_>, known: &[&str], name: &str, own: &Node) -> Result<Node, Diagnostic> {
    let Some(base) = beside(name) else {
        return Err(Diagnostic::new(format!("there is no {name} to merge it into"))
            .at(&own.place)
            .did_you_mean(name, known.iter().copied())
            .row("fix", "drop `merge: true` to add the file as it is"));
    };
    let entries = own.entries()?.iter().filter(|(key, ..)| key != MERGE).cloned().collect();
    let own = Node::new(Yaml::Map(entries), own.place.clone());
    Merge { beside }.value(&base?, &own, name)
}

struct Merge<'f> {
    beside: Beside<'f>,
}

impl Merge<'_> {
    /// `base`, of `file`, with what `own` says.
    fn value(&self, base: &Node, own: &Node, file: &str) -> Result<Node, Diagnostic> {
        match (base.yaml(), own.yaml()) {
            (Yaml::Map(_), Yaml::Map(changes)) => {
                let base = self.expanded(base, own, file)?;
                let mut entries = base.entries()?.to_vec();
                for (key, place, change) in changes {
                    let at = entries.iter().position(|(known, ..)| known == key);
                    match (at, key.as_ref()) {
                        (Some(at), _) => entries[at].2 = self.value(&entries[at].2, change, file)?,
                        (None, "add") => change.entries()?.iter().for_each(|entry| put(&mut entries, entry)),
                        (None, "remove") => change.items()?.iter().try_for_each(|name| remove(&mut entries, name))?,
                        (None, _) => entries.push((key.clone(), place.clone(), change.clone())),
                    }
                }
                // What is said here and not only below is the user's: complaints name that line.
                let changed =
                    changes.iter().find(|(.., change)| !matches!(change.yaml(), Yaml::Map(_)) || is_of_words(change));
                let place = changed.map_or(&base.place, |(_, place, _)| place).clone();
                Ok(Node::new(Yaml::Map(entries), place))
            }
            (Yaml::List(items), Yaml::Map(_)) if is_of_words(own) => list(items, own),
            _ => Ok(own.clone()),
        }
    }

    /// `base`, or what it refers to: a change of one operation changes no other.
    fn expanded(&self, base: &Node, own: &Node, file: &str) -> Result<Node, Diagnostic> {
        let Some(reference) = base.get("$ref").filter(|_| own.get("$ref").is_none()) else { return Ok(base.clone()) };
        let unknown = || reference.expected("a reference to a schema");
        let (other, name) = reference.text()?.split_once("#/schemas/").ok_or_else(unknown)?;
        let other = if other.is_empty() { file } else { other };
        let source = (self.beside)(other).ok_or_else(unknown)??;
        let target = source.get("schemas").and_then(|schemas| schemas.get(name)).ok_or_else(unknown)?;
        let target = if other == file { target.clone() } else { of_file(target, other) };
        let target = self.expanded(&target, own, file)?;
        let besides = base.entries()?.iter().filter(|(key, ..)| key != "$ref");
        let mut entries = target.entries()?.to_vec();
        besides.for_each(|entry| put(&mut entries, entry));
        Ok(Node::new(Yaml::Map(entries), target.place.clone()))
    }
}

/// A mapping with nothing but `add` and `remove`.
fn is_of_words(node: &Node) -> bool {
    node.entries()
        .is_ok_and(|entries| !entries.is_empty() && entries.iter().all(|(key, ..)| WORDS.contains(&key.as_ref())))
}

fn put(entries: &mut Vec<Entry>, entry: &Entry) {
    match entries.iter_mut().find(|(key, ..)| *key == entry.0) {
        Some(known) => *known = entry.clone(),
        None => entries.push(entry.clone()),
    }
}

fn remove(entries: &mut Vec<Entry>, name: &Node) -> Result<(), Diagnostic> {
    let text = name.text()?;
    match entries.iter().position(|(key, ..)| key == text) {
        Some(at) => {
            entries.remove(at);
            Ok(())
        }
        None => Err(absent(name, entries.iter().map(|(key, ..)| key.as_ref()))),
    }
}

fn absent<'t>(name: &Node, known: impl Iterator<Item = &'t str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let told = name.expected("something that is there");
    let near = name.text().ok().and_then(|text| nearest(text, known.iter().copied()));
    told.row_if("did you mean", near)
}

/// The items without those that are removed, then those that are added.
fn list(items: &[Node], own: &Node) -> Result<Node, Diagnostic> {
    let mut kept = items.to_vec();
    // An entry of `required` may be a mapping of its name to a lifetime.
    let named = |item: &Node, name: &str| item.text().is_ok_and(|text| text == name) || item.get(name).is_some();
    for name in own.get("remove").map_or(Ok(&[][..]), Node::items)? {
        let text = name.text()?;
        let before = kept.len();
        kept.retain(|item| !named(item, text));
        if kept.len() == before {
            return Err(absent(name, items.iter().filter_map(|item| item.text().ok())));
        }
    }
    kept.extend_from_slice(own.get("add").map_or(Ok(&[][..]), Node::items)?);
    Ok(Node::new(Yaml::List(kept), own.place.clone()))
}

/// `node`, of another file: its references name that file.
fn of_file(node: &Node, file: &str) -> Node {
    let yaml = match node.yaml() {
        Yaml::List(items) => Yaml::List(items.iter().map(|item| of_file(item, file)).collect()),
        Yaml::Map(entries) => Yaml::Map(
            entries
                .iter()
                .map(|(key, place, value)| match value.yaml() {
                    Yaml::Text(text) if key == "$ref" && text.starts_with('#') => (
                        key.clone(),
                        place.clone(),
                        Node::new(Yaml::Text(format!("{file}{text}").into()), value.place.clone()),
                    ),
                    _ => (key.clone(), place.clone(), of_file(value, file)),
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Node::new(yaml, node.place.clone())
}
