//! Makes a document that a schema takes at one version.

use super::texts::{TEXTS, numbers};
use crate::base::Version;
use crate::base::json::{Map, Value, json};
use crate::contract::diff::{Chosen, Form, Kinds, Side};
use crate::contract::judge::refuses;
use crate::contract::schema::{Keyword, SchemaId, Schemas};

/// How much is in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What must be there.
    Required,
    /// Each field that may be there, as is picked.
    Picked,
}

/// Deeper than this only required fields are made.
const DEEPEST: usize = 8;

/// Makes documents. Where there is a choice among so many, it asks `pick`.
pub struct Maker<'s, P> {
    side: Side<'s>,
    pick: P,
    extent: Extent,
}

impl<'s, P: FnMut(usize) -> usize> Maker<'s, P> {
    /// A maker of documents of `version`.
    pub fn new(schemas: &'s Schemas, version: Version, extent: Extent, pick: P) -> Maker<'s, P> {
        Maker { side: Side { schemas, version, is_answer: false }, pick, extent }
    }

    /// A document of the schema `id`. It is right wherever the schema's limits are of a usual kind.
    pub fn document(&mut self, id: SchemaId) -> Value {
        self.value(&[id], 0)
    }

    /// The value of the field `name` of the object `id`; `None` if there is no such field.
    pub fn field(&mut self, id: SchemaId, path: &[String]) -> Option<Value> {
        let mut ids = vec![id];
        for name in path {
            let form = self.side.form(&ids, &Chosen::new());
            ids = self.side.field(&form, name).filter(|ids| !ids.is_empty())?;
        }
        Some(self.value(&ids, 0))
    }

    fn chosen<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { all.get((self.pick)(all.len()) % all.len()).cloned() }
    }

    fn value(&mut self, ids: &[SchemaId], depth: usize) -> Value {
        let form = self.form(ids);
        let kinds: Vec<Kinds> = self.kinds(&form);
        let Some(kind) = self.chosen(&kinds) else { return Value::Null };
        if let Some(listed) = self.listed(&form, kind) {
            return self.chosen(&listed).unwrap_or(Value::Null);
        }
        let made = self.of_kind(&form, kind, depth);
        let mut rules = self.side.rules(&form);
        let unmade = rules.find_map(|(rule, _)| match rule {
            Keyword::Validator(validator) if refuses(rule, &made) => Some(validator.example()),
            _ => None,
        });
        unmade.unwrap_or(made)
    }

    fn of_kind(&mut self, form: &Form<'s>, kind: Kinds, depth: usize) -> Value {
        match kind {
            Kinds::NULL => Value::Null,
            Kinds::BOOLEAN => Value::Bool((self.pick)(2) == 0),
            Kinds::OBJECT => self.object(form, depth),
            Kinds::ARRAY => self.array(form, depth),
            Kinds::STRING => self.scalar(form, TEXTS.iter().map(|text| Value::from(*text)).collect()),
            _ => self.scalar(form, numbers()),
        }
    }

    /// What `ids` say, with one alternative of each group.
    fn form(&mut self, ids: &[SchemaId]) -> Form<'s> {
        let mut chosen = Chosen::new();
        let mut form = self.side.form(ids, &chosen);
        while let Some(field) = form.open {
            let is_there = self.extent == Extent::Picked && (self.pick)(4) == 3;
            chosen.push((field, is_there));
            form = self.side.form(ids, &chosen);
        }
        while let Some(group) = form.groups.pop() {
            let living: Vec<SchemaId> = self.side.living(group.alternatives).collect();
            let Some(id) = self.chosen(&living) else { continue };
            let inner = self.side.form(&[id], &chosen);
            form.parts.extend(inner.parts);
            form.groups.extend(inner.groups);
        }
        form
    }

    /// The kinds of values that a form takes, as it lists them; of one that lists none, texts before others.
    fn kinds(&mut self, form: &Form<'s>) -> Vec<Kinds> {
        let is_taken = |kind: &Kinds| self.side.of_kind(form, *kind).is_some();
        let mut kinds: Vec<Kinds> = Vec::new();
        for (keyword, _) in self.side.rules(form) {
            if let Keyword::Type(types) = keyword {
                kinds.extend(types.iter().flat_map(|one| Kinds::of_types(&[*one]).each().next()));
            }
        }
        let has_fields = form.parts.iter().any(|part| !part.properties.is_empty());
        kinds.extend(if has_fields { Kinds::OBJECT } else { Kinds::STRING }.each());
        kinds.extend(Kinds::ALL.each().filter(|_| self.extent == Extent::Picked));
        kinds.retain(is_taken);
        match kinds.is_empty() {
            true => Kinds::ALL.each().filter(is_taken).collect(),
            false => kinds,
        }
    }

    /// The values that a form lists.
    fn listed(&self, form: &Form<'s>, kind: Kinds) -> Option<Vec<Value>> {
        let listed = self.side.rules(form).find_map(|(keyword, _)| match keyword {
            Keyword::Enum(values) => Some(self.side.values(values, kind).cloned().collect()),
            _ => None,
        });
        listed.filter(|values: &Vec<Value>| !values.is_empty())
    }

    fn scalar(&mut self, form: &Form<'s>, candidates: Vec<Value>) -> Value {
        let rules: Vec<&Keyword> = self.side.rules(form).map(|(keyword, _)| keyword).collect();
        let fitting: Vec<Value> =
            candidates.into_iter().filter(|value| !rules.iter().any(|rule| refuses(rule, value))).collect();
        self.chosen(&fitting).or_else(|| long_enough(&rules)).unwrap_or_else(|| json!("example"))
    }

    fn array(&mut self, form: &Form<'s>, depth: usize) -> Value {
        let rules: Vec<&'s Keyword> = self.side.rules(form).map(|(keyword, _)| keyword).collect();
        let least = rules.iter().filter_map(|rule| if let Keyword::MinItems(n) = rule { Some(*n) } else { None }).max();
        let most = rules.iter().filter_map(|rule| if let Keyword::MaxItems(n) = rule { Some(*n) } else { None }).min();
        let wanted = if self.extent == Extent::Picked && depth < DEEPEST { (self.pick)(3) as u64 } else { 0 };
        let count = wanted.max(least.unwrap_or(0)).min(most.unwrap_or(u64::MAX));
        let mut items = Vec::new();
        for index in 0..count as usize {
            let mut ids: Vec<SchemaId> = Vec::new();
            for rule in &rules {
                match rule {
                    Keyword::Items(id) => ids.push(*id),
                    Keyword::PrefixItems(first) => ids.extend(first.get(index).map(|(_, id)| *id)),
                    _ => {}
                }
            }
            items.push(self.value(&ids, depth + 1));
        }
        Value::Array(items)
    }

    fn object(&mut self, form: &Form<'s>, depth: usize) -> Value {
        let required: Vec<&str> = self.side.required(form).map(|(name, _)| name).collect();
        let version = self.side.version;
        let properties = form.parts.iter().flat_map(|part| &part.properties);
        let living = properties.filter(|property| property.form_at(version).is_some());
        let mut names: Vec<String> = living
            .map(|property| property.name.to_string())
            .filter(|name| required.contains(&name.as_str()) || self.is_wanted(depth))
            .collect();
        names.extend(required.iter().map(|name| (*name).to_owned()));
        if names.is_empty() {
            names.extend(self.free_names(form));
        }
        let mut map = Map::new();
        for name in names {
            let Some(ids) = self.side.field(form, &name).filter(|_| !map.contains_key(name.as_str())) else { continue };
            let value = self.value(&ids, depth + 1);
            map.insert(name, value);
        }
        Value::Object(map)
    }

    fn is_wanted(&mut self, depth: usize) -> bool {
        self.extent == Extent::Picked && depth < DEEPEST && (self.pick)(4) == 0
    }

    /// Names for an object that names no field: those that it needs, or one that its patterns take.
    fn free_names(&mut self, form: &Form<'s>) -> Vec<String> {
        let least = self.side.rules(form).find_map(|(keyword, _)| match keyword {
            Keyword::MinProperties(least) => Some(*least as usize),
            _ => None,
        });
        let wanted = least.unwrap_or(usize::from(self.is_wanted(0)));
        let fits = |name: &&&str| self.side.field(form, name).is_some();
        TEXTS.iter().filter(fits).take(wanted).map(|name| (*name).to_owned()).collect()
    }
}

/// A text as long as the shortest that is taken.
fn long_enough(rules: &[&Keyword]) -> Option<Value> {
    let least = rules.iter().find_map(|rule| if let Keyword::MinLength(least) = rule { Some(*least) } else { None })?;
    Some(Value::from("e".repeat(usize::try_from(least).ok()?)))
}
