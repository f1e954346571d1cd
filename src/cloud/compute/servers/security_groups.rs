//! Security groups of a server: those of its ports.

use crate::base::json::{Map, Value, json};
use crate::cloud::network::security_groups::SECURITY_GROUPS;
use crate::cloud::network::{group_called, groups_of, ports_of};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, visible};

/// The field in which a port lists its groups.
const GROUPS: &str = "security_groups";

/// The groups of the server, by name.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = visible(cloud, ask, false)?.id.clone();
    let mut groups: Vec<&Resource> = groups_of(cloud, &server).collect();
    groups.sort_by(|a, b| a.text("name").cmp(b.text("name")));
    let shown: Vec<Map> = groups.iter().map(|group| SECURITY_GROUPS.view(cloud, ask.service, group)).collect();
    ask.answer(Some(json!({GROUPS: shown})))
}

/// Adds a group to all ports of the server.
pub fn add(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (server, group, _) = look_up(cloud, ask)?;
    if ports_of(cloud, &server).next().is_none() {
        let message = format!("instance_id {server} could not be found as device id on any ports");
        return Err(Fault::not_found(message));
    }
    each_port(cloud, &server, |list| {
        if !list.iter().any(|other| *other == group) {
            list.push(json!(group));
        }
    });
    ask.answer(None)
}

/// Removes a group.
pub fn remove(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (server, group, name) = look_up(cloud, ask)?;
    let has = |port: &Resource| {
        port.body.get(GROUPS).and_then(Value::as_array).is_some_and(|groups| groups.contains(&json!(group)))
    };
    if !ports_of(cloud, &server).any(has) {
        let message = format!("Security group {name} not associated with the instance {server}");
        return Err(Fault::not_found(message));
    }
    each_port(cloud, &server, |list| list.retain(|other| *other != group));
    ask.answer(None)
}

/// The server, and the id and the name of the group that the body names by either.
fn look_up(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(String, String, String), Fault> {
    let wanted = ask.required("name")?;
    let server = visible(cloud, ask, false)?.id.clone();
    let project = ask.project();
    match group_called(cloud, &wanted, project)? {
        Some(group) => Ok((server, group.id.clone(), group.text("name").to_owned())),
        None => {
            // Python's word for none.
            let project = project.unwrap_or("None");
            let message = format!("Security group {wanted} is not found for project {project}");
            Err(Fault { code: crate::contract::Code::Reference, ..Fault::not_found(message) })
        }
    }
}

/// Changes the list of ids of each port of the server.
fn each_port(cloud: &mut Cloud, server: &str, change: impl Fn(&mut Vec<Value>)) {
    let ports: Vec<String> = ports_of(cloud, server).map(|port| port.id.clone()).collect();
    for port in ports {
        if let Some(mut port) = cloud.collection("ports").get_mut(&port)
            && let Some(list) = port.body.get_or_insert_with(GROUPS, || json!([])).as_array_mut()
        {
            change(list);
        }
    }
}
