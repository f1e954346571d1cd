//! The bulk form of a create: `{"ports": [{…}, {…}]}` beside `{"port": {…}}`, and an answer of the same form.
//! Source: `prepare_request_body` in neutron/api/v2/base.py.

use crate::base::{Diagnostic, Versions};
use crate::contract::schema::{Choice, JsonType, Keyword, Schema, SchemaId, Schemas};

/// The schema of both forms of a body that `single` describes, where `list` is the name of the list. An item of the list may also
/// have the form of the single body.
///
/// # Errors
/// `single` is not of the form `{"port": {…}}`.
pub fn both_forms(schemas: &Schemas, single: SchemaId, list: &str) -> Result<Schema, Diagnostic> {
    let own = schemas.read(single)?;
    let ([resource], place) = (own.properties.as_slice(), &own.place) else { return Err(not_wrapped(own)) };
    let Some((_, bare)) = resource.forms.first() else { return Err(not_wrapped(own)) };
    let choice = |field, with, without| [Keyword::Choice(Choice { field, with, without })];
    let item = schemas.add(Schema::of(place, choice(resource.name.clone(), single, *bare)));
    let type_of = |kind| Keyword::Type(vec![kind]);
    let items = [type_of(JsonType::Array), Keyword::MinItems(1), Keyword::Items(item)];
    let items = schemas.add(Schema::of(place, items));
    let mut bulk = Schema::of(place, [type_of(JsonType::Object), Keyword::Properties]);
    bulk.add_property(list, place, vec![(Versions::ALL, items)]);
    let bulk = schemas.add(bulk);
    Ok(Schema::of(place, choice(list.into(), bulk, single)))
}

fn not_wrapped(schema: &Schema) -> Diagnostic {
    Diagnostic::new("a bulk form needs bodies that hold one object under its name").at(&schema.place)
}
