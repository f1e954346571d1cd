//! What the schemas of answers and bodies say of the fields of a resource, and under which names these are stored.

use std::collections::{BTreeSet, HashSet};

use super::schema::{Keyword, Property, Schema, SchemaId};
use super::schemas::Schemas;
use crate::base::json::{Map, Value};
use crate::base::{Version, Versions};

impl Schemas {
    /// The schemas that `id` is composed of, or that its items have: they describe a value of the same name.
    pub fn composed(&self, id: SchemaId) -> Vec<SchemaId> {
        let inner = |(_, keyword): &(Versions, Keyword)| match keyword {
            Keyword::Items(id) => vec![*id],
            Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) | Keyword::PrefixItems(all) => {
                all.iter().map(|(_, id)| *id).collect()
            }
            _ => Vec::new(),
        };
        self.get(id).keywords.iter().flat_map(inner).collect()
    }

    /// Has the object `id` a field `name` at `version`?
    pub fn has_field(&self, id: SchemaId, name: &str, version: Version) -> bool {
        self.get(id).property(name).is_some_and(|property| property.form_at(version).is_some())
    }

    /// The schema `id` and all that `step` leads to from it, each once.
    fn all_from<'s, I: IntoIterator<Item = SchemaId>>(
        &'s self,
        id: SchemaId,
        step: impl Fn(&'s Schema) -> I,
    ) -> Vec<&'s Schema> {
        let (mut open, mut seen, mut found) = (vec![id], HashSet::new(), Vec::new());
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                let schema = self.get(id);
                open.extend(step(schema));
                found.push(schema);
            }
        }
        found
    }

    /// The fields that an object of the schema `id` may have in some version, whichever of its alternatives it is.
    pub fn own_fields(&self, id: SchemaId) -> Vec<&Property> {
        self.all_from(id, Schema::alternatives).into_iter().flat_map(|schema| &schema.properties).collect()
    }

    /// The fields of an object of the schema `id` that everybody sees in every state, and the versions in which they are shown.
    pub fn always_shown(&self, id: SchemaId) -> Vec<(&str, Versions)> {
        let schema = self.get(id);
        let is_plain = |form: &SchemaId| {
            let notes = &self.get(*form).notes;
            notes.admin_only.is_empty() && notes.shown_while.is_empty()
        };
        let own = schema.properties.iter().filter(|field| field.forms.iter().all(|(_, form)| is_plain(form)));
        let mut all: Vec<(&str, Versions)> = own.map(|field| (field.name.as_ref(), field.lifetime)).collect();
        for (_, keyword) in &schema.keywords {
            if let Keyword::AllOf(parts) = keyword {
                all.extend(parts.iter().flat_map(|(_, part)| self.always_shown(*part)));
            }
        }
        all
    }

    /// The schemas of the items that a list of the schema `id` may have.
    pub fn items_of(&self, id: SchemaId) -> Vec<SchemaId> {
        self.get(id).items().collect()
    }

    /// The fields of the items that a list of the schema `id` may have.
    pub fn fields_of_items(&self, id: SchemaId) -> Vec<&Property> {
        let lists = self.all_from(id, Schema::alternatives).into_iter();
        lists.flat_map(Schema::items).flat_map(|item| self.own_fields(item)).collect()
    }

    /// The versions in which a document of the schema `id` may have to be other than in the version before.
    pub fn turns(&self, id: SchemaId) -> Versions {
        let patterns = |schema: &Schema| schema.patterns.iter().map(|(_, form)| *form).collect::<Vec<_>>();
        let all = self.all_from(id, |schema| schema.nested().chain(patterns(schema)));
        all.into_iter().map(Schema::turns).fold(Versions::NONE, |all, own| all | own)
    }

    /// Every name that a field has anywhere below `id`, by itself and where it is stored under another.
    pub fn field_names(&self, id: SchemaId, names: &mut BTreeSet<String>) {
        for schema in self.all_from(id, Schema::nested) {
            names.extend(schema.notes.from.clone());
            names.extend(schema.properties.iter().map(|property| property.name.as_ref().to_owned()));
        }
    }
}

impl Schemas {
    /// The stored fields without which the resource in the answer `id` cannot be shown: required in every version, without a default.
    pub fn required_of_resource(&self, id: SchemaId) -> BTreeSet<String> {
        let schema = self.get(self.resource(id));
        let required = schema.keywords.iter().filter_map(|(_, keyword)| match keyword {
            Keyword::Required(fields) => Some(fields),
            _ => None,
        });
        let always = required.flatten().filter(|(_, versions)| *versions == Versions::ALL).map(|(name, _)| name);
        always.filter(|name| !self.has_default(schema, name)).map(|name| self.stored_name(schema, name)).collect()
    }

    /// The fields of the resource in `body`, which the schema `id` let pass, under the names by which they are stored.
    pub fn stored(&self, id: SchemaId, body: &Value) -> Map {
        let (id, body) = self.inner(id, body);
        let schema = self.get(id);
        let fields = body.as_object().into_iter().flatten();
        fields.map(|(key, value)| (self.stored_name(schema, key), value.clone())).collect()
    }

    /// What `schema` refers to, if it is a reference with notes.
    pub fn meant<'s>(&'s self, schema: &'s Schema) -> &'s Schema {
        match schema.keywords.as_slice() {
            [(_, Keyword::AllOf(all))] if all.len() == 1 => self.get(all[0].1),
            _ => schema,
        }
    }

    /// The items of lists by the schema `list`.
    pub fn item_of(&self, list: &Schema) -> Option<&Schema> {
        list.items().next().map(|id| self.get(id))
    }

    /// The resource in `body`, which the schema `id` let pass, and its schema.
    pub fn inner<'b>(&self, id: SchemaId, body: &'b Value) -> (SchemaId, &'b Value) {
        if let Some(choice) = self.get(id).choice() {
            return self.inner(choice.of(body), body);
        }
        // `{"volume": {…}}`; Glance takes an image without a wrapper.
        let empty = |schema: &Schema| schema.properties.is_empty() && schema.patterns.is_empty();
        let mut in_body =
            self.get(id).properties.iter().filter(|own| body.get(&*own.name).is_some_and(Value::is_object));
        let wrapper = in_body.find(|own| own.forms.iter().any(|(_, form)| !empty(self.get(*form))));
        match wrapper.and_then(|wrapper| Some((wrapper.forms.first()?.1, body.get(&*wrapper.name)?))) {
            Some(inner) => inner,
            None if self.get(id).properties.is_empty() => {
                let inner = body.as_object().and_then(|body| body.values().next()).filter(|inner| inner.is_object());
                (id, inner.unwrap_or(body))
            }
            None => (id, body),
        }
    }

    /// The name under which the field `name` of `schema` is stored.
    pub(in crate::contract) fn stored_name(&self, schema: &Schema, name: &str) -> String {
        let form = schema.property(name).and_then(|property| property.forms.first());
        form.and_then(|(_, form)| self.get(*form).notes.from.clone()).unwrap_or_else(|| name.to_owned())
    }

    /// The resource in the answer `id`, without the wrapper.
    fn resource(&self, id: SchemaId) -> SchemaId {
        match self.get(id).properties.as_slice() {
            [wrapper] => wrapper.forms.first().map_or(id, |(_, inner)| *inner),
            _ => id,
        }
    }

    /// What the answer `id` may show of the field that its resource stores as `name`, each form with its versions.
    pub fn forms_of(&self, id: SchemaId, name: &str) -> Vec<(Versions, SchemaId)> {
        let (mut open, mut forms) = (vec![self.resource(id)], Vec::new());
        while let Some(id) = open.pop() {
            let schema = self.get(id);
            for property in &schema.properties {
                let stored = |form: SchemaId| self.get(form).notes.from.as_deref().unwrap_or(&property.name) == name;
                forms.extend(property.forms.iter().filter(|(_, form)| stored(*form)));
            }
            for (_, keyword) in &schema.keywords {
                if let Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) = keyword {
                    open.extend(all.iter().map(|(_, part)| *part));
                }
            }
        }
        forms
    }

    fn has_default(&self, schema: &Schema, name: &str) -> bool {
        let forms = schema.property(name).map(|property| property.forms.as_slice());
        forms.into_iter().flatten().any(|(_, id)| self.get(*id).notes.default.is_some())
    }
}
