//! YAML to schemas.

use std::collections::HashSet;

use foldhash::HashMap;

use super::files::Files;
use super::formats::Format;
use super::schema::{JsonType, Keyword, Notes, Pattern, Property, Schema, SchemaId, Schemas};
use crate::base::{Diagnostic, Node, Place, Versions, Yaml, parse_lifetime, unknown_key};

/// Reads schemas from the files of one service; each named schema is read once.
pub struct Loader<'f> {
    files: &'f Files,
    /// What has been read so far.
    pub schemas: Schemas,
    named: HashMap<(String, String), SchemaId>,
    /// Named schemas that are being read without a step down into the document: one that names itself would never end.
    open: HashSet<SchemaId>,
    queries: HashSet<SchemaId>,
}

impl<'f> Loader<'f> {
    /// A loader that has read nothing yet.
    pub fn new(files: &'f Files) -> Loader<'f> {
        Loader {
            files,
            schemas: Schemas::default(),
            named: HashMap::default(),
            open: HashSet::new(),
            queries: HashSet::new(),
        }
    }

    /// Reads the schema at `node` in `file`.
    ///
    /// # Errors
    /// An unknown keyword, an argument of the wrong kind, a reference to nowhere, lifetimes that overlap.
    pub fn schema(&mut self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        if let Some(reference) = node.get("$ref")
            && node.entries()?.iter().all(|(key, ..)| key == "$ref" || key == "microversions")
        {
            return self.reference(file, reference);
        }
        let id = self.reserve(&node.place);
        self.fill(id, file, node)?;
        Ok(id)
    }

    /// Reads a schema of query parameters: each field describes one value, and a parameter may be repeated.
    ///
    /// # Errors
    /// As [`Loader::schema`].
    pub fn query(&mut self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        let id = self.schema(file, node)?;
        if !self.queries.insert(id) {
            return Ok(id);
        }
        let query = &self.schemas.0[id.0];
        let fields: Vec<SchemaId> = query.properties.iter().flat_map(|p| p.forms.iter().map(|(_, id)| *id)).collect();
        let lists: Vec<SchemaId> = fields.into_iter().map(|item| self.list_of(item)).collect();
        let mut lists = lists.into_iter();
        for (_, id) in self.schemas.0[id.0].properties.iter_mut().flat_map(|p| &mut p.forms) {
            *id = lists.next().unwrap_or(*id);
        }
        Ok(id)
    }

    fn list_of(&mut self, item: SchemaId) -> SchemaId {
        let Schema { place, notes, .. } = self.schemas.get(item);
        let (place, once) = (place.clone(), notes.once);
        let id = self.reserve(&place);
        self.schemas.0[id.0].keywords = vec![(Versions::ALL, Keyword::Items(item)), (once, Keyword::MaxItems(1))];
        id
    }

    /// A place for a schema that is still to be read.
    pub(in crate::contract) fn reserve(&mut self, place: &Place) -> SchemaId {
        self.schemas.0.push(Schema {
            place: place.clone(),
            keywords: Vec::new(),
            properties: Vec::new(),
            index: HashMap::default(),
            patterns: Vec::new(),
            notes: Notes::default(),
        });
        SchemaId(self.schemas.0.len() - 1)
    }

    /// `#/schemas/NAME` in the same file, or `FILE#/schemas/NAME`.
    fn reference(&mut self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        let text = node.text()?;
        let Some((other, name)) = text.split_once("#/schemas/") else {
            return Err(node.expected("a reference to a schema: \"#/schemas/NAME\" or \"FILE#/schemas/NAME\""));
        };
        self.named(if other.is_empty() { file } else { other }, name, &node.place)
    }

    /// The schema `name` of `file`, which is referred to at `place`.
    ///
    /// # Errors
    /// It does not exist, or cannot be read.
    pub fn named(&mut self, file: &str, name: &str, place: &Place) -> Result<SchemaId, Diagnostic> {
        let target = self.target(file, name, place)?;
        let key = (file.to_owned(), name.to_owned());
        if let Some(id) = self.named.get(&key) {
            return match self.open.contains(id) {
                true => Err(Diagnostic::new(format!("the schema {name:?} refers to itself")).at(place)),
                false => Ok(*id),
            };
        }
        let id = self.reserve(&target.place);
        self.named.insert(key, id);
        self.open.insert(id);
        self.fill(id, file, target)?;
        self.open.remove(&id);
        Ok(id)
    }

    fn target(&self, file: &str, name: &str, place: &Place) -> Result<&'f Node, Diagnostic> {
        let files = &self.files.0;
        let Some(own) = files.get(file) else {
            return Err(Diagnostic::new(format!("there is no file {file:?} next to this one"))
                .at(place)
                .did_you_mean(file, files.keys().map(String::as_str)));
        };
        match own.schemas().iter().find(|(own, ..)| own == name) {
            Some((.., schema)) => Ok(schema),
            None => Err(Diagnostic::new(format!("{file} has no schema {name:?}"))
                .at(place)
                .did_you_mean(name, own.schemas().iter().map(|(name, ..)| name.as_ref()))),
        }
    }

    fn fill(&mut self, id: SchemaId, file: &str, node: &Node) -> Result<(), Diagnostic> {
        let mut keywords = Vec::new();
        if is_versioned(node) {
            self.schemas.0[id.0].keywords = vec![(Versions::ALL, Keyword::AllOf(self.forms(file, node)?))];
            return Ok(());
        }
        for (key, place, argument) in node.entries()? {
            match key.as_ref() {
                "properties" => {
                    self.properties(id, file, argument)?;
                    keywords.push((Versions::ALL, Keyword::Properties));
                }
                "patternProperties" => {
                    self.patterns(id, file, argument)?;
                    keywords.push((Versions::ALL, Keyword::PatternProperties));
                }
                "visible" | "while" | "from" | "link" | "default" | "once" | "secret" | "microversions" => {
                    self.note(id, key, argument)?;
                }
                _ => {
                    for (versions, argument) in versioned(argument)? {
                        keywords.extend(self.keyword(file, key, place, argument)?.map(|k| (versions, k)));
                    }
                }
            }
        }
        self.schemas.0[id.0].keywords = keywords;
        Ok(())
    }

    fn note(&mut self, id: SchemaId, key: &str, argument: &Node) -> Result<(), Diagnostic> {
        let notes = &mut self.schemas.0[id.0].notes;
        match key {
            "visible" => notes.admin_only = lifetime(argument.required("admin")?)?,
            "while" => {
                notes.shown_while =
                    argument.items()?.iter().map(|n| n.text().map(str::to_owned)).collect::<Result<_, _>>()?;
            }
            "from" => notes.from = Some(argument.text()?.to_owned()),
            "link" => notes.link = argument.boolean()?,
            "default" => notes.default = Some(argument.to_json()),
            "once" => notes.once = lifetime(argument)?,
            "secret" => notes.secret = argument.boolean()?,
            _ => {}
        }
        Ok(())
    }

    /// Reads what is said of a part of the document; there a schema may name those that it stands in.
    fn below<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let open = std::mem::take(&mut self.open);
        let result = read(self);
        self.open = open;
        result
    }

    fn properties(&mut self, id: SchemaId, file: &str, node: &Node) -> Result<(), Diagnostic> {
        for (name, place, schema) in node.entries()? {
            let forms = self.below(|loader| loader.forms(file, schema))?;
            let lifetime = forms.iter().fold(Versions::NONE, |all, (versions, _)| all | *versions);
            let owner = &mut self.schemas.0[id.0];
            owner.index.insert(name.to_string(), owner.properties.len());
            owner.properties.push(Property { name: name.as_ref().into(), place: place.clone(), forms, lifetime });
        }
        Ok(())
    }

    fn patterns(&mut self, id: SchemaId, file: &str, node: &Node) -> Result<(), Diagnostic> {
        for (source, place, schema) in node.entries()? {
            let pattern = Pattern::new(source).map_err(|why| Diagnostic::new(why).at(place))?;
            let schema = self.below(|loader| loader.schema(file, schema))?;
            self.schemas.0[id.0].patterns.push((pattern, schema));
        }
        Ok(())
    }

    /// A schema, or a mapping from ranges of versions to schemas.
    fn forms(&mut self, file: &str, node: &Node) -> Result<Vec<(Versions, SchemaId)>, Diagnostic> {
        let mut forms = Vec::new();
        for (versions, form) in versioned(node)? {
            let own = form.get("microversions").map_or(Ok(Versions::ALL), lifetime)?;
            forms.push((versions & own, self.schema(file, form)?));
        }
        Ok(forms)
    }

    fn keyword(&mut self, file: &str, key: &str, place: &Place, node: &Node) -> Result<Option<Keyword>, Diagnostic> {
        let keyword = match key {
            "$ref" => Keyword::AllOf(vec![(Versions::ALL, self.reference(file, node)?)]),
            "type" => Keyword::Type(types(node)?),
            "required" => Keyword::Required(node.items()?.iter().map(required).collect::<Result<_, _>>()?),
            "additionalProperties" => match node.yaml() {
                Yaml::Bool(true) => return Ok(None),
                Yaml::Bool(false) => Keyword::NoAdditionalProperties,
                _ => Keyword::AdditionalProperties(self.below(|loader| loader.schema(file, node))?),
            },
            "items" => Keyword::Items(self.below(|loader| loader.schema(file, node))?),
            "prefixItems" => Keyword::PrefixItems(self.below(|loader| loader.alternatives(file, node))?),
            "oneOf" => Keyword::OneOf(self.alternatives(file, node)?),
            "anyOf" => Keyword::AnyOf(self.alternatives(file, node)?),
            "allOf" => Keyword::AllOf(self.alternatives(file, node)?),
            "enum" => Keyword::Enum(node.items()?.iter().map(choice_value).collect::<Result<_, _>>()?),
            "minItems" => Keyword::MinItems(node.integer()?),
            "maxItems" => Keyword::MaxItems(node.integer()?),
            "minLength" => Keyword::MinLength(node.integer()?),
            "maxLength" => Keyword::MaxLength(node.integer()?),
            "minProperties" => Keyword::MinProperties(node.integer()?),
            "maxProperties" => Keyword::MaxProperties(node.integer()?),
            "minimum" => Keyword::Minimum(node.to_json()),
            "maximum" => Keyword::Maximum(node.to_json()),
            "exclusiveMinimum" => Keyword::ExclusiveMinimum(node.to_json()),
            "uniqueItems" => return Ok(node.boolean()?.then_some(Keyword::UniqueItems)),
            "pattern" => {
                Keyword::Pattern(Pattern::new(node.text()?).map_err(|why| Diagnostic::new(why).at(&node.place))?)
            }
            "format" => Keyword::Format(node.choice(&Format::ALL)?),
            _ => return Err(unknown_key(key, place, KEYWORDS)),
        };
        Ok(Some(keyword))
    }

    fn alternatives(&mut self, file: &str, node: &Node) -> Result<Vec<(Versions, SchemaId)>, Diagnostic> {
        let mut all = Vec::new();
        for item in node.items()? {
            all.extend(self.forms(file, item)?);
        }
        Ok(all)
    }
}

/// Every keyword that a schema may have.
const KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "items",
    "prefixItems",
    "oneOf",
    "anyOf",
    "allOf",
    "enum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "pattern",
    "format",
    "$ref",
    "microversions",
    "visible",
    "while",
    "from",
    "link",
    "default",
    "once",
    "secret",
];

/// A set of versions.
pub fn lifetime(node: &Node) -> Result<Versions, Diagnostic> {
    parse_lifetime(node.text()?).map_err(|why| node.expected("versions such as \"2.32, 2.42..\"").row("because", why))
}

/// A mapping keyed only by ranges of versions is a value that changes with the version; anything else is valid in all versions.
pub fn versioned(node: &Node) -> Result<Vec<(Versions, &Node)>, Diagnostic> {
    if !is_versioned(node) {
        return Ok(vec![(Versions::ALL, node)]);
    }
    let mut forms: Vec<(Versions, &Node)> = Vec::new();
    for (key, place, value) in node.entries()? {
        let versions = parse_lifetime(key).map_err(|why| Diagnostic::new(why).at(place))?;
        if let Some((other, _)) = forms.iter().find(|(other, _)| other.meets(versions)) {
            let both = (*other & versions).within(Versions::ALL).to_string();
            return Err(Diagnostic::new("two ranges overlap").at(place).row("found", format!("both contain {both}")));
        }
        forms.push((versions, value));
    }
    Ok(forms)
}

fn is_versioned(node: &Node) -> bool {
    matches!(node.yaml(), Yaml::Map(entries) if !entries.is_empty() && entries.iter().all(|(key, ..)| looks_like_lifetime(key)))
}

fn looks_like_lifetime(key: &str) -> bool {
    key.starts_with("..")
        || key.starts_with("legacy_v2")
        || (key.starts_with("2.") && key[2..].starts_with(|c: char| c.is_ascii_digit()))
}

fn types(node: &Node) -> Result<Vec<JsonType>, Diagnostic> {
    match node.yaml() {
        Yaml::List(items) => items.iter().map(|item| item.choice(&JsonType::ALL)).collect(),
        _ => Ok(vec![node.choice(&JsonType::ALL)?]),
    }
}

/// `name`, or `{name: LIFETIME}`.
fn required(node: &Node) -> Result<(String, Versions), Diagnostic> {
    match node.yaml() {
        Yaml::Map(entries) => match entries.as_slice() {
            [(name, _, versions)] => Ok((name.to_string(), lifetime(versions)?)),
            _ => Err(node.expected("one name with its lifetime")),
        },
        _ => Ok((node.text()?.to_owned(), Versions::ALL)),
    }
}

/// A value, or `{text: LIFETIME}`.
fn choice_value(node: &Node) -> Result<(crate::base::json::Value, Versions), Diagnostic> {
    match node.yaml() {
        Yaml::Map(_) => required(node).map(|(text, versions)| (text.into(), versions)),
        _ => Ok((node.to_json(), Versions::ALL)),
    }
}
