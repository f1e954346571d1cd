//! The bulk form of a create: `{"ports": [{…}, {…}]}` beside `{"port": {…}}`, and an answer of the same form.
//! Source: `prepare_request_body` in neutron/api/v2/base.py.

use crate::base::Versions;
use crate::contract::schema::{Choice, JsonType, Keyword, Loader, Property, SchemaId};

impl Loader<'_> {
    /// The schema of both forms of a body that `single` describes, where `list` is the name of the list; `None` if `single` is
    /// not of the form `{"port": {…}}`. An item of the list may also have that form.
    pub(in crate::contract) fn both_forms(&mut self, single: SchemaId, list: &str) -> Option<SchemaId> {
        let [resource] = self.schemas.get(single).properties.as_slice() else { return None };
        let (field, bare) = (resource.name.clone(), resource.forms.first()?.1);
        let item = self.like(single, vec![Keyword::Choice(Choice { field, with: single, without: bare })]);
        let type_of = |kind| Keyword::Type(vec![kind]);
        let items = self.like(single, vec![type_of(JsonType::Array), Keyword::MinItems(1), Keyword::Items(item)]);
        let bulk = self.like(single, vec![type_of(JsonType::Object), Keyword::Properties]);
        let place = self.schemas.get(single).place.clone();
        let owner = &mut self.schemas.0[bulk.0];
        owner.index.insert(list.to_owned(), 0);
        owner.properties.push(Property {
            name: list.into(),
            place,
            forms: vec![(Versions::ALL, items)],
            lifetime: Versions::ALL,
        });
        Some(self.like(single, vec![Keyword::Choice(Choice { field: list.into(), with: bulk, without: single })]))
    }

    /// A schema that stands where `other` does.
    fn like(&mut self, other: SchemaId, keywords: Vec<Keyword>) -> SchemaId {
        let place = self.schemas.get(other).place.clone();
        let id = self.reserve(&place);
        self.schemas.0[id.0].keywords = keywords.into_iter().map(|keyword| (Versions::ALL, keyword)).collect();
        id
    }
}
