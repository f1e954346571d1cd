//! What the services of a real cloud say of their versions.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::asker::{Asker, send};
use super::clouds::RealCloud;
use crate::base::json::Value;
use crate::base::{split_origin, split_version};
use crate::exchange::Endpoint;
use crate::recording::ServiceVersion;
use crate::upstream::Client;
use crate::verify::against::{Received, Sent};

/// How long to wait for all of them: a recording is worth more than its header.
const PATIENCE: Duration = Duration::from_secs(3);

/// What each service of the catalog says at its version document, by type. Without credentials, or where they are not taken, that is
/// the identity service alone; one that says nothing in time is left out.
pub fn service_versions(client: &Client, cloud: &RealCloud) -> Vec<ServiceVersion> {
    let client = client.clone().with_patience(PATIENCE);
    let mut offered = catalog(&client, cloud);
    offered.sort_by(|one, other| one.kind.cmp(&other.kind));
    offered.dedup_by(|one, other| one.kind == other.kind);
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return Vec::new() };
    runtime.block_on(async {
        let mut asking: JoinSet<Option<ServiceVersion>> =
            offered.into_iter().map(|endpoint| version(client.clone(), endpoint)).collect();
        let mut known = Vec::new();
        // What is not there by then does not come.
        let _ = timeout(PATIENCE, async {
            while let Some(told) = asking.join_next().await {
                known.extend(told.ok().flatten());
            }
        })
        .await;
        known.sort_by(|one, other| one.kind.cmp(&other.kind));
        known
    })
}

/// The public endpoints, those of the region of `cloud` if it names one; the identity service alone if nobody can log in.
fn catalog(client: &Client, cloud: &RealCloud) -> Vec<Endpoint> {
    // A passcode is good for one login, and that is the client's.
    let may_log_in = !cloud.auth().contains_key("passcode");
    let asker = Some(client.clone()).filter(|_| may_log_in);
    let asker = asker.and_then(|client| Asker::log_in(client, &cloud.auth_url, cloud).ok());
    let mut offered = asker.map(|asker| asker.endpoints).unwrap_or_default();
    offered.retain(|own| own.interface == "public" && cloud.region().is_none_or(|region| own.region == region));
    if !offered.iter().any(|own| own.kind == "identity") {
        let [kind, region, interface] = ["identity", "", "public"].map(str::to_owned);
        offered.push(Endpoint { kind, region, interface, url: cloud.auth_url.clone() });
    }
    offered
}

/// What the service at `endpoint` says: without a version in the path, or with it where it says nothing there.
async fn version(client: Client, endpoint: Endpoint) -> Option<ServiceVersion> {
    let (root, version) = split_version(&endpoint.url);
    for url in [root.to_owned(), [root, version].concat()] {
        let (origin, path) = split_origin(&url);
        let sent = Sent { method: "GET".to_owned(), target: format!("{path}/"), ..Sent::default() };
        // The answer to `/` is a 300 of some.
        let Ok(Received { status: 200..400, body, .. }) = send(&client, origin, &sent, "").await else { continue };
        if let Some(said) = said(&endpoint.kind, &body, version.trim_start_matches('/')) {
            return Some(said);
        }
    }
    None
}

/// What a version document says of `version`, which is that of the endpoint; of the current one if that is empty.
fn said(kind: &str, document: &Value, version: &str) -> Option<ServiceVersion> {
    let listed = document.pointer("/versions/values").or_else(|| document.get("versions")).and_then(Value::as_array);
    let single = document.get("version").into_iter();
    let all: Vec<&Value> = single.chain(listed.into_iter().flatten()).collect();
    // Nothing but versions: what else stands there could name the cloud.
    let text = |own: &Value, key: &str| {
        let text = own.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())?;
        text.chars().all(|c| c.is_ascii_digit() || "v.".contains(c)).then(|| text.to_owned())
    };
    // Nova's v2.0 is at `/v2`, and so is Glance's v2.17.
    let is_meant = |own: &&&Value| {
        let is_there = place(own).is_some_and(|place| place == version);
        version.is_empty() || is_there || text(own, "id").as_deref() == Some(version)
    };
    let is_current = |own: &&&Value| {
        own.get("status").and_then(Value::as_str).is_some_and(|own| ["CURRENT", "stable"].contains(&own))
    };
    let meant: Vec<&Value> = all.iter().filter(is_meant).copied().collect();
    let own = meant.iter().find(is_current).or(meant.first())?;
    Some(ServiceVersion {
        kind: kind.to_owned(),
        version: text(own, "id")?,
        min: text(own, "min_version"),
        max: text(own, "max_version").or_else(|| text(own, "version")),
    })
}

/// The version in the URL at which an entry says it is.
fn place(entry: &Value) -> Option<&str> {
    let links = entry.get("links").and_then(Value::as_array)?;
    let own = links.iter().find(|link| link.get("rel").is_some_and(|rel| rel == "self"))?;
    Some(split_version(own.get("href").and_then(Value::as_str)?).1.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    /// As Keystone 30, Nova 34, Glance, Neutron, Cinder and Placement of their day say it.
    #[test]
    fn version_documents_of_all_services_are_read() {
        let at = |version: &str| json!([{"rel": "self", "href": format!("http://h:1/{version}/")}]);
        let keystone = json!({"versions": {"values": [{"id": "v3.14", "status": "stable", "links": at("v3")}]}});
        let nova = json!({"versions": [
            {"id": "v2.0", "status": "DEPRECATED", "version": "", "min_version": "", "links": at("v2")},
            {"id": "v2.1", "status": "CURRENT", "version": "2.104", "min_version": "2.1", "links": at("v2.1")},
        ]});
        let glance = json!({"versions": [
            {"id": "v2.15", "status": "SUPPORTED", "links": at("v2")},
            {"id": "v2.17", "status": "CURRENT", "links": at("v2")},
        ]});
        let placement =
            json!({"versions": [{"id": "v1.0", "max_version": "1.39", "min_version": "1.0", "status": "CURRENT"}]});
        for (document, version, expected) in [
            (&keystone, "v3", Some(("v3.14", None, None))),
            (&nova, "v2.1", Some(("v2.1", Some("2.1"), Some("2.104")))),
            (&nova, "v2", Some(("v2.0", None, None))),
            (&nova, "v3", None),
            (&glance, "v2", Some(("v2.17", None, None))),
            (&glance, "", Some(("v2.17", None, None))),
            (&placement, "", Some(("v1.0", Some("1.0"), Some("1.39")))),
            (&json!({"version": {"id": "v2.1", "version": "2.90"}}), "v2.1", Some(("v2.1", None, Some("2.90")))),
            (&json!({"versions": [{"id": "of acme.example"}]}), "", None),
            (&json!("odd"), "", None),
        ] {
            let told = said("compute", document, version);
            let told = told.as_ref().map(|own| (own.version.as_str(), own.min.as_deref(), own.max.as_deref()));
            assert_eq!(told, expected, "{document}");
        }
    }
}
