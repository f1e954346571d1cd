//! YAML to schemas.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;

use super::files::Files;
use super::formats::Format;
use super::schema::{JsonType, Keyword, Notes, Pattern, Property, Schema, SchemaId, Setter};
use super::schemas::Schemas;
use super::validator::Validator;
use crate::base::{Diagnostic, Node, Place, Versions, Yaml, parse_lifetime, unknown_key};

/// Reads schemas from the files of one service; each named schema is read once, when it is first looked at.
#[derive(Clone)]
pub struct Loader<'s> {
    /// What has been read so far, and what is still to be.
    pub schemas: &'s Schemas,
    shared: Arc<Shared>,
}

struct Shared {
    files: Files,
    named: Mutex<HashMap<(String, String), SchemaId>>,
}

impl<'s> Loader<'s> {
    /// A loader that has read nothing yet.
    pub fn new(schemas: &'s Schemas, files: Files) -> Loader<'s> {
        Loader { schemas, shared: Arc::new(Shared { files, named: Mutex::default() }) }
    }

    /// The files.
    pub fn files(&self) -> &Files {
        &self.shared.files
    }

    /// The schema at `node` in `file`, which is read when it is first looked at.
    ///
    /// # Errors
    /// A reference to nowhere. Looked at: an unknown keyword, an argument of the wrong kind, lifetimes that overlap.
    pub fn unread(&self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        if let Some(reference) = whole_reference(node)? {
            return self.reference(file, reference);
        }
        let (file, node) = (file.to_owned(), node.clone());
        Ok(self.later(move |loader| loader.read(&file, &node)))
    }

    /// A schema that is read when it is first looked at.
    fn later(&self, read: impl Fn(&Loader<'_>) -> Result<Schema, Diagnostic> + Send + Sync + 'static) -> SchemaId {
        let shared = Arc::clone(&self.shared);
        self.schemas.add_unread(move |schemas| read(&Loader { schemas, shared: Arc::clone(&shared) }))
    }

    /// As [`Loader::unread`], of query parameters: each field describes one value, and a parameter may be repeated.
    ///
    /// # Errors
    /// As [`Loader::unread`].
    pub fn query(&self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        let id = self.unread(file, node)?;
        Ok(self.schemas.add_unread(move |schemas| query(schemas, id)))
    }

    /// The schema at `node` in `file`.
    fn schema(&self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        match whole_reference(node)? {
            Some(reference) => self.reference(file, reference),
            None => Ok(self.schemas.add(self.read(file, node)?)),
        }
    }

    /// `#/schemas/NAME` in the same file, or `FILE#/schemas/NAME`.
    fn reference(&self, file: &str, node: &Node) -> Result<SchemaId, Diagnostic> {
        let text = node.text()?;
        let Some((other, name)) = text.split_once("#/schemas/") else {
            return Err(node.expected("a reference to a schema: \"#/schemas/NAME\" or \"FILE#/schemas/NAME\""));
        };
        self.named(if other.is_empty() { file } else { other }, name, &node.place)
    }

    /// The schema `name` of `file`, which is referred to at `place`.
    ///
    /// # Errors
    /// It does not exist.
    pub fn named(&self, file: &str, name: &str, place: &Place) -> Result<SchemaId, Diagnostic> {
        let key = (file.to_owned(), name.to_owned());
        let mut named = self.shared.named.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = named.get(&key) {
            return Ok(*id);
        }
        self.target(file, name, place)?;
        let (file, name, place) = (file.to_owned(), name.to_owned(), place.clone());
        let id = self.later(move |loader| loader.read(&file, loader.target(&file, &name, &place)?));
        named.insert(key, id);
        Ok(id)
    }

    /// Names every schema, so that those to which nothing refers are read, too.
    ///
    /// # Errors
    /// As [`Loader::named`].
    pub fn name_all(&self) -> Result<(), Diagnostic> {
        let mut all =
            self.files().0.iter().flat_map(|(file, parts)| parts.schemas().iter().map(move |own| (file, own)));
        all.try_for_each(|(file, (name, place, _))| self.named(file, name, place).map(drop))
    }

    fn target(&self, file: &str, name: &str, place: &Place) -> Result<&Node, Diagnostic> {
        let files = &self.shared.files.0;
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

    fn read(&self, file: &str, node: &Node) -> Result<Schema, Diagnostic> {
        let mut schema = Schema::at(&node.place);
        if is_versioned(node) {
            schema.keywords = vec![(Versions::ALL, Keyword::AllOf(self.forms(file, node)?))];
            return Ok(schema);
        }
        for (key, place, argument) in node.entries()? {
            match key.as_ref() {
                "properties" => {
                    self.properties(&mut schema, file, argument)?;
                    schema.keywords.push((Versions::ALL, Keyword::Properties));
                }
                "patternProperties" => {
                    self.patterns(&mut schema, file, argument)?;
                    schema.keywords.push((Versions::ALL, Keyword::PatternProperties));
                }
                "visible" | "while" | "from" | "link" | "default" | "once" | "secret" | "microversions"
                | "readOnly" | "set_by" => {
                    note(&mut schema.notes, key, argument)?;
                }
                "validator" => {
                    let meant = argument.choice(&Validator::ALL)?.keywords();
                    schema.keywords.extend(meant.into_iter().map(|keyword| (Versions::ALL, keyword)));
                }
                _ => {
                    for (versions, argument) in versioned(argument)? {
                        let keyword = self.keyword(file, key, place, argument)?;
                        schema.keywords.extend(keyword.map(|keyword| (versions, keyword)));
                    }
                }
            }
        }
        Ok(schema)
    }

    fn properties(&self, schema: &mut Schema, file: &str, node: &Node) -> Result<(), Diagnostic> {
        for (name, place, field) in node.entries()? {
            schema.add_property(name, place, self.forms(file, field)?);
        }
        Ok(())
    }

    fn patterns(&self, schema: &mut Schema, file: &str, node: &Node) -> Result<(), Diagnostic> {
        for (source, place, field) in node.entries()? {
            let pattern = Pattern::new(source).map_err(|why| Diagnostic::new(why).at(place))?;
            schema.patterns.push((pattern, self.schema(file, field)?));
        }
        Ok(())
    }

    /// A schema, or a mapping from ranges of versions to schemas.
    fn forms(&self, file: &str, node: &Node) -> Result<Vec<(Versions, SchemaId)>, Diagnostic> {
        let mut forms = Vec::new();
        for (versions, form) in versioned(node)? {
            let own = match is_read_only(form)? {
                true => Versions::NONE,
                false => form.get("microversions").map_or(Ok(Versions::ALL), lifetime)?,
            };
            forms.push((versions & own, self.schema(file, form)?));
        }
        Ok(forms)
    }

    fn keyword(&self, file: &str, key: &str, place: &Place, node: &Node) -> Result<Option<Keyword>, Diagnostic> {
        let keyword = match key {
            "$ref" => Keyword::AllOf(vec![(Versions::ALL, self.reference(file, node)?)]),
            "type" => Keyword::Type(types(node)?),
            "required" => Keyword::Required(node.items()?.iter().map(required).collect::<Result<_, _>>()?),
            "additionalProperties" => match node.yaml() {
                Yaml::Bool(true) => return Ok(None),
                Yaml::Bool(false) => Keyword::NoAdditionalProperties,
                _ => Keyword::AdditionalProperties(self.schema(file, node)?),
            },
            "items" => Keyword::Items(self.schema(file, node)?),
            "prefixItems" => Keyword::PrefixItems(self.alternatives(file, node)?),
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

    fn alternatives(&self, file: &str, node: &Node) -> Result<Vec<(Versions, SchemaId)>, Diagnostic> {
        let mut all = Vec::new();
        for item in node.items()? {
            all.extend(self.forms(file, item)?);
        }
        Ok(all)
    }
}

/// Is the field one that only the service sets? It is named, and lives in no version.
fn is_read_only(form: &Node) -> Result<bool, Diagnostic> {
    form.get("readOnly").map_or(Ok(false), Node::boolean)
}

/// The reference that is all that `node` says, beside when it holds.
fn whole_reference(node: &Node) -> Result<Option<&Node>, Diagnostic> {
    let Some(reference) = node.get("$ref") else { return Ok(None) };
    let is_whole = node.entries()?.iter().all(|(key, ..)| key == "$ref" || key == "microversions");
    Ok(is_whole.then_some(reference))
}

/// The schema `id` of one value each, as one of query parameters, which may be repeated.
fn query(schemas: &Schemas, id: SchemaId) -> Result<Schema, Diagnostic> {
    let own = schemas.read(id)?;
    let mut query = Schema { properties: Vec::new(), index: HashMap::default(), ..own.clone() };
    for Property { name, place, forms, .. } in &own.properties {
        let list = |(versions, item): &(Versions, SchemaId)| Ok((*versions, list_of(schemas, *item)?));
        query.add_property(name, place, forms.iter().map(list).collect::<Result<_, Diagnostic>>()?);
    }
    Ok(query)
}

fn list_of(schemas: &Schemas, item: SchemaId) -> Result<SchemaId, Diagnostic> {
    let Schema { place, notes, .. } = schemas.read(item)?;
    let keywords = vec![(Versions::ALL, Keyword::Items(item)), (notes.once, Keyword::MaxItems(1))];
    Ok(schemas.add(Schema { keywords, ..Schema::at(place) }))
}

fn note(notes: &mut Notes, key: &str, argument: &Node) -> Result<(), Diagnostic> {
    match key {
        "visible" => notes.admin_only = lifetime(argument.required("admin")?)?,
        "while" => {
            notes.shown_while = argument.all_texts()?;
        }
        "from" => notes.from = Some(argument.text()?.to_owned()),
        "link" => notes.link = argument.boolean()?,
        "default" => notes.default = Some(argument.to_json()),
        "once" => notes.once = lifetime(argument)?,
        "secret" => notes.secret = argument.boolean()?,
        "set_by" => notes.set_by = Some(argument.choice(&Setter::ALL)?),
        _ => {}
    }
    Ok(())
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
    "validator",
    "$ref",
    "microversions",
    "readOnly",
    "visible",
    "while",
    "from",
    "link",
    "default",
    "once",
    "secret",
    "set_by",
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

/// Is it a value that changes with the version?
pub fn is_versioned(node: &Node) -> bool {
    matches!(node.yaml(), Yaml::Map(entries) if !entries.is_empty() && entries.iter().all(|(key, ..)| looks_like_lifetime(key)))
}

fn looks_like_lifetime(key: &str) -> bool {
    let minor = || key.strip_prefix("2.").or_else(|| key.strip_prefix("3."));
    key.starts_with("..")
        || key.starts_with("legacy_v2")
        || minor().is_some_and(|minor| minor.starts_with(|c: char| c.is_ascii_digit()))
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
