//! The reverse of a projection: the fields of resources in an answer, under the names by which they are stored.

use crate::base::Version;
use crate::base::json::{Map, Value};
use crate::contract::schema::{SchemaId, Schemas};

impl Schemas {
    /// The fields of each resource in `body`, an answer of the schema `id` at `version`: of the only one, or of all in
    /// its list.
    pub fn resources_in(&self, id: SchemaId, version: Version, body: &Value) -> Vec<Map> {
        let id = self.get(id).choice().map_or(id, |choice| choice.of(body));
        let is_list = |items: &&Vec<Value>| items.iter().all(Value::is_object);
        let lists = self.get(id).properties.iter().filter_map(|property| {
            let items = body.get(&*property.name)?.as_array().filter(is_list)?;
            Some((property.form_at(version)?, items))
        });
        // An image has lists of its own, and stands alone.
        match lists.into_iter().next().filter(|_| body.get("id").is_none()) {
            Some((list, items)) => {
                let form = self.get(list).items_at(version).unwrap_or(list);
                items.iter().map(|item| self.fields_in(form, version, item)).collect()
            }
            None => vec![self.fields_in(id, version, body)],
        }
    }

    /// The fields of one resource, which may be in a wrapper: `{"server": {…}}`.
    fn fields_in(&self, id: SchemaId, version: Version, body: &Value) -> Map {
        let id = self.get(id).choice().map_or(id, |choice| choice.of(body));
        let Some(map) = body.as_object() else { return Map::new() };
        let schema = self.get(id);
        let mut entries = map.iter();
        if let (Some((name, inner)), None) = (entries.next(), entries.next())
            && inner.is_object()
        {
            let form = schema.property(name).and_then(|property| property.form_at(version));
            return self.fields_in(form.unwrap_or(id), version, inner);
        }
        map.iter().map(|(name, value)| (self.stored_name(schema, name), value.clone())).collect()
    }
}
