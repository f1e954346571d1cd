//! What projects used: their servers, also those that are gone but remembered, and for how long each was there within a span.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Flavor, Resource, precise_time};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;

/// From when to when.
struct Span {
    start: Timestamp,
    stop: Timestamp,
}

/// What all projects used; each server only to those who ask for details.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let span = Span::of(cloud, ask)?;
    let (servers, next) = page(cloud, ask, &span, None)?;
    let mut projects: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for server in servers {
        projects.entry(server.text("tenant_id")).or_default().push(server);
    }
    let is_detailed = ask.query.last("detailed") == Some("1");
    let now = cloud.clock.now();
    let rows: Value =
        projects.iter().map(|(project, servers)| span.usage(project, servers, now, is_detailed)).collect();
    answer(ask, "tenant_usages", rows, next)
}

/// The usage of one project; empty if it used nothing.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let span = Span::of(cloud, ask)?;
    let (servers, next) = page(cloud, ask, &span, Some(ask.id()))?;
    let usage = if servers.is_empty() { json!({}) } else { span.usage(ask.id(), &servers, cloud.clock.now(), true) };
    answer(ask, "tenant_usage", usage, next)
}

fn answer(ask: &Ask<'_>, name: &str, usage: Value, next: Option<String>) -> Result<Answer, Fault> {
    let mut stored = Map::from_iter([(name.to_owned(), usage)]);
    if let Some(marker) = next {
        let kept =
            ask.query.0.iter().filter(|(name, _)| name != "marker").map(|(name, value)| format!("{name}={value}&"));
        let path = ask.operation.path_text().replace("{project_id}", ask.id());
        let href = format!("self:{}?{}marker={marker}", path.trim_start_matches('/'), kept.collect::<String>());
        stored.insert(format!("{name}_links"), json!([{"rel": "next", "href": href}]));
    }
    ask.answer(Some(Value::Object(stored)))
}

/// The servers of the page that is asked for, in order of their ids, and where the next one starts.
fn page<'c>(
    cloud: &'c Cloud,
    ask: &Ask<'_>,
    span: &Span,
    project: Option<&str>,
) -> Result<(Vec<&'c Resource>, Option<String>), Fault> {
    const MOST: usize = 1000;
    let alive = cloud.collections.get("servers").into_iter().flat_map(|servers| servers.iter());
    let gone = cloud.history.all_gone().filter(|server| ended(server).is_some_and(|end| end > span.start));
    let is_meant = |server: &&Resource| project.is_none_or(|project| server.project.as_deref() == Some(project));
    let is_launched = |server: &&Resource| launched(server).is_some_and(|since| since < span.stop);
    let mut servers: Vec<&Resource> = alive.chain(gone).filter(is_meant).filter(is_launched).collect();
    servers.sort_by(|a, b| a.id.cmp(&b.id));
    let asked = |name: &str| ask.query.last(name).filter(|value| ask.knows(name) && !value.is_empty());
    if let Some(marker) = asked("marker") {
        let place = servers.iter().position(|server| server.id == marker);
        let place = place.ok_or_else(|| bad(format!("Marker {marker} could not be found.")))?;
        servers.drain(..=place);
    }
    let limit = asked("limit").and_then(|limit| limit.parse().ok()).filter(|limit| *limit > 0).unwrap_or(MOST);
    let is_full = servers.len() >= limit && ask.knows("limit");
    servers.truncate(limit);
    Ok((servers.clone(), servers.last().filter(|_| is_full).map(|server| server.id.clone())))
}

impl Span {
    /// The span of the query. Without one it is the moment that passes between two looks at the clock.
    fn of(cloud: &Cloud, ask: &Ask<'_>) -> Result<Span, Fault> {
        let asked = |name: &str| ask.query.last(name).filter(|time| !time.is_empty()).map(instant).transpose();
        let now = cloud.clock.now();
        let start = asked("start")?.unwrap_or(now);
        let stop = asked("end")?.unwrap_or_else(|| now.saturating_add(SignedDuration::from_micros(10)).unwrap_or(now));
        match start < stop {
            true => Ok(Span { start, stop }),
            false => Err(bad("Invalid start time. The start time cannot occur after the end time.")),
        }
    }

    fn usage(&self, project: &str, servers: &[&Resource], now: Timestamp, is_detailed: bool) -> Value {
        let rows: Vec<Value> = servers.iter().map(|server| self.row(server, now)).collect();
        let total = |field: Option<&str>| -> f64 {
            rows.iter().map(|row| number(&row["hours"]) * field.map_or(1.0, |field| number(&row[field]))).sum()
        };
        let mut usage = json!({
            "tenant_id": project,
            "total_local_gb_usage": total(Some("local_gb")),
            "total_vcpus_usage": total(Some("vcpus")),
            "total_memory_mb_usage": total(Some("memory_mb")),
            "total_hours": total(None),
            "start": precise_time(self.start),
            "stop": precise_time(self.stop),
        });
        if is_detailed {
            usage["server_usages"] = rows.into();
        }
        usage
    }

    fn row(&self, server: &Resource, now: Timestamp) -> Value {
        let since = launched(server).unwrap_or(self.stop);
        let end = ended(server);
        let state = if end.is_some() { "terminated" } else { server.text("OS-EXT-STS:vm_state") };
        let flavor = Flavor::of_server(server);
        json!({
            "hours": hours(self.start.max(since), end.unwrap_or(self.stop).min(self.stop)),
            "flavor": flavor.name(),
            "instance_id": server.id,
            "name": server.text("name"),
            "tenant_id": server.text("tenant_id"),
            "memory_mb": flavor.ram(),
            "local_gb": flavor.disks(),
            "vcpus": flavor.vcpus(),
            "started_at": precise_time(since),
            "ended_at": end.map(precise_time),
            "state": state,
            "uptime": end.unwrap_or(now).duration_since(since).as_secs().max(0),
        })
    }
}

/// When a server first ran.
fn launched(server: &Resource) -> Option<Timestamp> {
    instant(server.text("OS-SRV-USG:launched_at")).ok()
}

/// When a server that is gone went.
fn ended(server: &Resource) -> Option<Timestamp> {
    instant(server.text("OS-SRV-USG:terminated_at")).ok()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn hours(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64().max(0.0) / 3600.0
}

/// Nova reads three forms of time, none of which has a zone.
fn instant(text: &str) -> Result<Timestamp, Fault> {
    let parts = text.split_once(['T', ' ']).filter(|_| !text.ends_with('Z'));
    let (date, time) = parts.ok_or_else(|| bad(FORMAT))?;
    format!("{date}T{time}Z").parse::<Timestamp>().map_err(|_| bad(FORMAT))
}

const FORMAT: &str = "Invalid datetime string: Datetime is in invalid format";

fn bad(message: impl Into<String>) -> Fault {
    Fault::new(Code::Rule, 400, message)
}
