//! A catalog of Keystone: <https://docs.openstack.org/api-ref/identity/v3/#get-service-catalog>

use crate::base::json::Value;

/// An endpoint that a cloud offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The type of its service: `compute`.
    pub kind: String,
    /// Its region; empty if it has none.
    pub region: String,
    /// `public`, `internal` or `admin`.
    pub interface: String,
    /// Where it is.
    pub url: String,
}

/// The endpoints in an answer of Keystone: of a login or a token of v3 (`token`), of its catalog alone, of a login of v2.0
/// (`access`). The public ones come first, in the order of the catalog.
pub fn endpoints(body: &Value) -> Vec<Endpoint> {
    let v3 = body.pointer("/token/catalog").or_else(|| body.get("catalog"));
    let services = v3.or_else(|| body.pointer("/access/serviceCatalog")).and_then(Value::as_array);
    let mut all: Vec<Endpoint> = services.into_iter().flatten().flat_map(of_service).collect();
    all.sort_by_key(|endpoint| rank(&endpoint.interface));
    all
}

fn rank(interface: &str) -> usize {
    ["public", "internal", "admin"].iter().position(|own| *own == interface).unwrap_or(usize::MAX)
}

fn of_service(service: &Value) -> Vec<Endpoint> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(kind) = text(service, "type") else { return Vec::new() };
    let listed = service.list("endpoints").iter();
    let urls = listed.flat_map(|endpoint| {
        let region = text(endpoint, "region").or_else(|| text(endpoint, "region_id")).unwrap_or_default();
        let own = [("public", "publicURL"), ("internal", "internalURL"), ("admin", "adminURL")]
            .into_iter()
            .filter_map(|(interface, key)| Some((interface.to_owned(), text(endpoint, key)?)));
        let named = text(endpoint, "interface").zip(text(endpoint, "url"));
        own.chain(named).map(move |(interface, url)| (region.clone(), interface, url)).collect::<Vec<_>>()
    });
    urls.map(|(region, interface, url)| Endpoint { kind: kind.clone(), region, interface, url }).collect()
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    #[test]
    fn catalogs_of_all_versions_say_the_same() {
        let urls = json!([
            {"interface": "admin", "region": "One", "url": "http://h:35357/v3"},
            {"interface": "public", "region": "One", "url": "http://h:5000/v3"},
        ]);
        let catalog = json!([{"type": "identity", "endpoints": urls}]);
        let of_v2 = json!([{"type": "identity", "endpoints": [
            {"region": "One", "adminURL": "http://h:35357/v3", "publicURL": "http://h:5000/v3"},
        ]}]);
        let expected = endpoints(&json!({"token": {"catalog": catalog}}));
        assert_eq!(
            expected.iter().map(|e| e.url.as_str()).collect::<Vec<_>>(),
            ["http://h:5000/v3", "http://h:35357/v3"]
        );
        assert_eq!(endpoints(&json!({"catalog": catalog})), expected);
        assert_eq!(endpoints(&json!({"access": {"serviceCatalog": of_v2}})), expected);
        assert_eq!(endpoints(&json!({"catalog": 1, "token": {"catalog": [{"endpoints": {}}, 3]}})), []);
    }
}
