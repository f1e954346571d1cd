//! What clients get for what they ask, and what the verdict will say of it: the whole pipeline without sockets.
//! What a line can tell is a story of tests/cases/stories; the rest stands here.

use std::collections::BTreeMap;

use mockstack::base::Clock;
use mockstack::base::json::{Name, Value, json};
use mockstack::exchange::OnViolation;

use crate::common::simulated::{Answer, DEMO, IMAGE, NETWORK, Simulated, ask, get, plus, post, server};

// ---- Nova: headers and links ----------------------------------------------------------------------------------------

/// The same id twice, under Nova's own name and the common one, and a new one for each request.
#[test]
fn every_answer_of_nova_has_a_request_id() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let ids = |target: &str| {
        let answer = get(target).token(&token).send(&cloud);
        let [own, common] =
            ["x-compute-request-id", "x-openstack-request-id"].map(|name| answer.header(name).unwrap().to_owned());
        assert_eq!(own, common);
        own
    };
    let [first, second] = [ids("/compute/v2.1/servers"), ids("/compute/v2.1/nosuch")];
    assert!(first.starts_with("req-") && first != second, "{first} {second}");
    let refused = get("/compute/v2.1/servers").send(&cloud);
    assert!(refused.header("x-compute-request-id").is_some());
}

/// Clients follow links: they must lead through the name and the path under which the client reached the cloud.
#[test]
fn links_lead_back_the_way_the_client_came() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    let links = |target: &str, host: &str| {
        let answer = get(target).token(&token).header("Host", host).send(&cloud).expect(200);
        let link = |place: usize| answer["server"]["links"][place]["href"].as_str().unwrap().to_owned();
        [link(0), link(1)]
    };
    assert_eq!(
        links(&format!("/compute/v2.1/servers/{id}"), "nova.example:80"),
        [
            format!("http://nova.example:80/compute/v2.1/servers/{id}"),
            format!("http://nova.example:80/compute/servers/{id}")
        ]
    );
    assert_eq!(
        links(&format!("/compute/v2.1/{DEMO}/servers/{id}"), "h"),
        [format!("http://h/compute/v2.1/{DEMO}/servers/{id}"), format!("http://h/compute/{DEMO}/servers/{id}")]
    );
    let created = post("/compute/v2.1/servers").token(&token).json(json!({"server": server("web-2")})).send(&cloud);
    let own = created.body["server"]["links"][0]["href"].as_str();
    assert!(created.header("Location").is_some());
    assert_eq!(created.header("Location"), own);
}

// ---- Nova: the life of a server -------------------------------------------------------------------------------------

#[test]
fn a_server_is_active_at_the_first_look_and_gone_after_its_delete() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    let target = format!("/compute/v2.1/servers/{id}");
    let shown = get(&target).token(&token).send(&cloud).expect(200);
    assert_eq!([&shown["server"]["status"], &shown["server"]["OS-EXT-STS:vm_state"]], ["ACTIVE", "active"]);
    let deleted = ask("DELETE", &target).token(&token).send(&cloud);
    assert_eq!((deleted.status, deleted.header("Content-Type")), (204, Some("application/json")));
    let message = format!("404 itemNotFound Instance {id} could not be found.");
    assert_eq!(get(&target).token(&token).send(&cloud).fault(), message);
    assert_eq!(ask("DELETE", &target).token(&token).send(&cloud).fault(), message);
}

/// `boot: {polls: 2}`: a client that waits sees BUILD twice, without what a host has to be chosen for.
#[test]
fn a_boot_of_two_polls_builds_twice() {
    let cloud = Simulated::with("boot: {polls: 2}");
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    for _ in 0..2 {
        let shown = show(&cloud, &token, &id);
        assert_eq!(shown["status"], "BUILD");
        assert_eq!(
            (&shown["addresses"], &shown["hostId"], &shown["OS-EXT-AZ:availability_zone"]),
            (&json!({}), &json!(""), &json!(""))
        );
        assert_eq!((shown.get("security_groups"), &shown["progress"]), (None, &json!(0)));
        assert_eq!(shown["OS-SRV-USG:launched_at"], Value::Null);
    }
    let shown = show(&cloud, &token, &id);
    assert_eq!((&shown["status"], &shown["security_groups"]), (&json!("ACTIVE"), &json!([{"name": "default"}])));
    assert_eq!(shown["addresses"]["private"][0]["addr"], "10.0.0.2");
    assert_eq!(shown["OS-SRV-USG:launched_at"], "2026-02-03T04:05:06.000000");
}

fn show(cloud: &Simulated, token: &str, id: &str) -> Value {
    get(&format!("/compute/v2.1/servers/{id}")).token(token).send(cloud).expect(200)["server"].take()
}

/// A look of somebody else's is no look: a run with several clients must not speed up the boot of one.
#[test]
fn only_looks_that_show_the_server_are_counted() {
    let cloud = Simulated::with("boot: {polls: 1}");
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    for _ in 0..3 {
        let other = cloud.token("alt", "alt");
        assert_eq!(get("/compute/v2.1/servers/detail").token(&other).send(&cloud).expect(200), json!({"servers": []}));
    }
    let listed = |cloud: &Simulated| get("/compute/v2.1/servers/detail").token(&token).send(cloud).expect(200);
    assert_eq!(listed(&cloud)["servers"][0]["status"], "BUILD");
    assert_eq!(show(&cloud, &token, &id)["status"], "ACTIVE");
}

/// With `--clock` time stands still, so a boot that takes seconds never ends.
#[test]
fn a_boot_of_seconds_ends_with_the_clock() {
    let cloud = Simulated::with("boot: {seconds: 5}");
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    assert!((0..5).all(|_| show(&cloud, &token, &id)["status"] == "BUILD"));
    let cloud = Simulated::at(Clock::Wall, "boot: {seconds: 0}", OnViolation::Reject);
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    assert_eq!(show(&cloud, &token, &id)["status"], "ACTIVE");
}

#[test]
fn start_and_stop_go_by_the_state() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    let act = |action: &str| {
        let answer =
            post(&format!("/compute/v2.1/servers/{id}/action")).token(&token).json(json!({action: null})).send(&cloud);
        if answer.status < 400 { answer.status.to_string() } else { answer.fault() }
    };
    let conflict = |action: &str, state: &str| {
        format!("409 conflictingRequest Cannot '{action}' instance {id} while it is in vm_state {state}")
    };
    assert_eq!(act("os-stop"), "202");
    let stopped = show(&cloud, &token, &id);
    assert_eq!(
        (&stopped["status"], &stopped["OS-EXT-STS:power_state"], stopped.get("progress")),
        (&json!("SHUTOFF"), &json!(4), None)
    );
    assert_eq!(act("os-stop"), conflict("stop", "stopped"));
    assert_eq!(act("os-start"), "202");
    assert_eq!(act("os-start"), conflict("start", "active"));
}

#[test]
fn several_servers_are_numbered_and_answered_with_one_or_with_a_reservation() {
    let cloud = Simulated::new();
    let token = cloud.member();
    cloud.boot(&token, plus(server("web"), json!({"min_count": "2", "max_count": 3})));
    assert_eq!(names(&cloud, &token, ""), ["web-3", "web-2", "web-1"]);
    let body = plus(server("db"), json!({"min_count": 2, "return_reservation_id": "true"}));
    let answer = post("/compute/v2.1/servers").token(&token).json(json!({"server": body})).send(&cloud).expect(202);
    let id = answer["reservation_id"].as_str().unwrap();
    assert!(id.starts_with("r-") && id.len() == 10 && answer.as_object().unwrap().len() == 1, "{answer}");
    assert_eq!(names(&cloud, &token, "?name=db"), ["db-2", "db-1"]);
}

fn names(cloud: &Simulated, token: &str, query: &str) -> Vec<String> {
    let list = get(&format!("/compute/v2.1/servers{query}")).token(token).send(cloud).expect(200);
    list["servers"].as_array().unwrap().iter().map(|server| server["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_quota_is_a_refusal_and_no_violation() {
    let cloud = Simulated::with("quotas: {instances: 1}");
    let token = cloud.member();
    cloud.boot(&token, server("web-1"));
    let answer = post("/compute/v2.1/servers").token(&token).json(json!({"server": server("web-2")})).send(&cloud);
    assert_eq!(
        answer.fault(),
        "403 forbidden Quota exceeded for instances: Requested 1, but already used 1 of 1 instances"
    );
    assert!(cloud.journal().diagnoses.is_empty());
}

/// Ports that Nova made go with the server; one that the user made is only let go.
#[test]
fn a_delete_takes_the_servers_own_ports_with_it() {
    let port = json!({"id": "00000000-0000-4000-8000-000000000001", "network_id": NETWORK, "project": "demo", "mac_address": "fa:16:3e:00:00:01"});
    let cloud = Simulated::with(&json!({"resources": {"ports": [port]}}).to_string());
    let token = cloud.member();
    let networks = json!([{"uuid": NETWORK}, {"port": "00000000-0000-4000-8000-000000000001"}]);
    let id = cloud.boot(&token, plus(server("web"), json!({"networks": networks})));
    let ports = |query: &str| {
        let list = get(&format!("/network/v2.0/ports{query}")).token(&token).send(&cloud).expect(200);
        list["ports"].as_array().unwrap().len()
    };
    assert_eq!((ports(""), ports(&format!("?device_id={id}"))), (2, 2));
    ask("DELETE", &format!("/compute/v2.1/servers/{id}")).token(&token).send(&cloud).expect(204);
    assert_eq!((ports(""), ports(&format!("?device_id={id}"))), (1, 0));
    cloud.boot(&token, plus(server("web"), json!({"networks": [{"port": "00000000-0000-4000-8000-000000000001"}]})));
}

/// From 2.75 on an update answers as show does, before with the fields of old, and addresses without their extensions.
#[test]
fn an_update_answers_as_its_version_does() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    let target = format!("/compute/v2.1/servers/{id}");
    let update = |version: &str, body: Value| {
        let answer = ask("PUT", &target).token(&token).version(version).json(json!({"server": body})).send(&cloud);
        answer.expect(200)["server"].take()
    };
    let old = update("2.1", json!({"name": "web-2"}));
    assert_eq!(
        (&old["name"], old.get("OS-EXT-STS:vm_state"), old.get("security_groups")),
        (&json!("web-2"), None, None)
    );
    assert_eq!(old["addresses"]["private"], json!([{"version": 4, "addr": "10.0.0.2"}]));
    let new = update("2.90", json!({"hostname": "h1"}));
    assert_eq!((&new["OS-EXT-SRV-ATTR:hostname"], &new["OS-EXT-STS:vm_state"]), (&json!("h1"), &json!("active")));
    assert!(new["addresses"]["private"][0].get("OS-EXT-IPS:type").is_some());
    assert_eq!(show(&cloud, &token, &id)["name"], "web-2");
}

// ---- Nova: the fields of a server -----------------------------------------------------------------------------------

/// Fields as they come with the versions of Nova 34.0.0: for a member, and what an administrator sees beside it.
const FIELDS: &[(u32, &str)] = &[
    (9, "locked"),
    (19, "description"),
    (26, "tags"),
    (63, "trusted_image_certificates"),
    (71, "server_groups"),
    (73, "locked_reason"),
    (90, "OS-EXT-SRV-ATTR:hostname"),
    (96, "pinned_availability_zone"),
    (100, "scheduler_hints"),
];
const ADMIN_FIELDS: &[(u32, &str)] = &[
    (1, "OS-EXT-SRV-ATTR:host"),
    (1, "OS-EXT-SRV-ATTR:instance_name"),
    (1, "OS-EXT-SRV-ATTR:hypervisor_hostname"),
    (3, "OS-EXT-SRV-ATTR:hostname"),
    (3, "OS-EXT-SRV-ATTR:kernel_id"),
    (3, "OS-EXT-SRV-ATTR:launch_index"),
    (3, "OS-EXT-SRV-ATTR:ramdisk_id"),
    (3, "OS-EXT-SRV-ATTR:reservation_id"),
    (3, "OS-EXT-SRV-ATTR:root_device_name"),
    (3, "OS-EXT-SRV-ATTR:user_data"),
    (16, "host_status"),
];

#[test]
fn each_field_of_a_server_comes_with_its_version() {
    let cloud = Simulated::new();
    let (member, admin) = (cloud.member(), cloud.admin());
    let id = cloud.boot(&member, server("web-1"));
    let keys = |token: &str, minor: u32| -> Vec<String> {
        let answer =
            get(&format!("/compute/v2.1/servers/{id}")).token(token).version(&format!("2.{minor}")).send(&cloud);
        let mut keys: Vec<String> =
            answer.expect(200)["server"].as_object().unwrap().keys().map(Name::to_string).collect();
        keys.sort();
        keys
    };
    let base = keys(&member, 1);
    assert_eq!(base.len(), 27, "{base:?}");
    let expected = |minor: u32, fields: &[&[(u32, &str)]]| {
        let live = fields
            .iter()
            .flat_map(|fields| fields.iter())
            .filter(|(since, _)| *since <= minor)
            .map(|(_, field)| (*field).to_owned());
        let mut keys: Vec<String> = base.iter().cloned().chain(live).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    for minor in 1..=104 {
        assert_eq!(keys(&member, minor), expected(minor, &[FIELDS]), "2.{minor}, member");
        assert_eq!(keys(&admin, minor), expected(minor, &[FIELDS, ADMIN_FIELDS]), "2.{minor}, administrator");
    }
}

/// What show has and lists have not, and the two forms of the flavor.
#[test]
fn a_list_in_detail_shows_what_show_does_but_for_the_server_groups() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let id = cloud.boot(&token, server("web-1"));
    for version in ["2.1", "2.46", "2.47", "2.71", "2.104"] {
        let answer = |target: &str| get(target).token(&token).version(version).send(&cloud).expect(200);
        let mut shown = answer(&format!("/compute/v2.1/servers/{id}"))["server"].take();
        shown.as_object_mut().unwrap().remove("server_groups");
        assert_eq!(answer("/compute/v2.1/servers/detail")["servers"], json!([shown]), "{version}");
    }
    let flavor = |version: &str| {
        let answer =
            get(&format!("/compute/v2.1/servers/{id}")).token(&token).version(version).send(&cloud).expect(200);
        answer["server"]["flavor"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(flavor("2.46"), ["id", "links"]);
    assert_eq!(flavor("2.47"), ["vcpus", "ram", "disk", "ephemeral", "swap", "original_name", "extra_specs"]);
}

/// What was sent comes back in the fields of its version.
#[test]
fn what_a_boot_says_is_shown() {
    let cloud = Simulated::new();
    let token = cloud.admin();
    let body = plus(
        server("Web One"),
        json!({
            "networks": "auto", "description": "d", "tags": ["t"], "trusted_image_certificates": ["c"], "hostname": "h1", "metadata": {"a": "b"},
            "config_drive": "yes", "OS-DCF:diskConfig": "AUTO", "accessIPv4": "1.2.3.4", "user_data": "eA==", "availability_zone": "nova",
            "security_groups": [{"name": "default"}], "adminPass": "hunter2",
        }),
    );
    let body = json!({"server": body, "os:scheduler_hints": {"foo": "bar"}});
    let created = post("/compute/v2.1/servers").token(&token).version("2.104").json(body).send(&cloud).expect(202);
    assert_eq!(created["server"]["adminPass"], "hunter2");
    let id = created["server"]["id"].as_str().unwrap();
    let answer = get(&format!("/compute/v2.1/servers/{id}")).token(&token).version("2.104").send(&cloud).expect(200);
    let shown = &answer["server"];
    for (field, value) in [
        ("name", json!("Web One")),
        ("description", json!("d")),
        ("tags", json!(["t"])),
        ("trusted_image_certificates", json!(["c"])),
        ("OS-EXT-SRV-ATTR:hostname", json!("h1")),
        ("metadata", json!({"a": "b"})),
        ("config_drive", json!("True")),
        ("OS-DCF:diskConfig", json!("AUTO")),
        ("accessIPv4", json!("1.2.3.4")),
        ("OS-EXT-SRV-ATTR:user_data", json!("eA==")),
        ("pinned_availability_zone", json!("nova")),
        ("scheduler_hints", json!({"foo": ["bar"]})),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    assert_eq!(answer["server"].get("adminPass"), None);
}

/// Until 2.18 a request had no description and the name was kept for it; then it is null unless it is sent.
#[test]
fn a_description_that_was_not_sent_depends_on_the_version_of_the_boot() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let description = |version: &str| {
        let created = post("/compute/v2.1/servers")
            .token(&token)
            .version(version)
            .json(json!({"server": server("web-1")}))
            .send(&cloud);
        let id = created.expect(202)["server"]["id"].as_str().unwrap().to_owned();
        get(&format!("/compute/v2.1/servers/{id}")).token(&token).version("2.19").send(&cloud).expect(200)["server"]["description"].take()
    };
    assert_eq!((description("2.18"), description("2.19")), (json!("web-1"), Value::Null));
}

/// From 2.98 on a server shows the properties of its image.
#[test]
fn the_properties_of_an_image_are_shown_with_the_server() {
    let image = json!({"name": "custom", "architecture": "x86_64", "visibility": "public"});
    let cloud = Simulated::with(&json!({"resources": {"images": [image]}}).to_string());
    let token = cloud.member();
    let images = get("/image/v2/images?name=custom").token(&token).send(&cloud).expect(200);
    assert_eq!(images["images"][0]["architecture"], "x86_64");
    let id = cloud.boot(&token, plus(server("web"), json!({"imageRef": images["images"][0]["id"]})));
    let at = |version: &str| {
        let answer = get(&format!("/compute/v2.1/servers/{id}")).token(&token).version(version).send(&cloud);
        answer.expect(200)["server"]["image"].get("properties").cloned()
    };
    assert_eq!((at("2.97"), at("2.98")), (None, Some(json!({"architecture": "x86_64"}))));
}

// ---- Nova: lists ----------------------------------------------------------------------------------------------------

/// Five servers, read two by two: a client that follows `next` sees each once, and an empty page ends it.
#[test]
fn pages_lead_through_the_whole_list() {
    let cloud = Simulated::new();
    let token = cloud.member();
    for number in 1..=5 {
        cloud.boot(&token, server(&format!("web-{number}")));
    }
    let mut target = Some("/compute/v2.1/servers?limit=2&name=web".to_owned());
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(page) = target {
        let list = get(&page).token(&token).send(&cloud).expect(200);
        seen.extend(
            list["servers"].as_array().unwrap().iter().map(|server| server["name"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        let next = list["servers_links"][0]["href"]
            .as_str()
            .map(|href| href.strip_prefix("http://cloud.test:8774").unwrap().to_owned());
        assert!(
            next.as_ref().is_none_or(|next| next.starts_with("/compute/v2.1/servers?limit=2&name=web&marker=")),
            "{next:?}"
        );
        target = next;
    }
    assert_eq!((seen, pages), (["web-5", "web-4", "web-3", "web-2", "web-1"].map(str::to_owned).to_vec(), 3));
}

#[test]
fn names_are_expressions_and_the_order_is_asked_for() {
    let cloud = Simulated::new();
    let token = cloud.member();
    for name in ["web-2", "db-1", "web-1"] {
        cloud.boot(&token, server(name));
    }
    let listed = |query: &str| names(&cloud, &token, query);
    assert_eq!(listed("?name=%5Eweb"), ["web-1", "web-2"]);
    assert_eq!(listed("?name=b-1"), ["web-1", "db-1"]);
    assert_eq!(listed("?sort_key=display_name&sort_dir=asc"), ["db-1", "web-1", "web-2"]);
    assert_eq!(listed("?sort_key=display_name"), ["web-2", "web-1", "db-1"]);
    assert_eq!(listed("?status=shutoff"), [""; 0]);
    assert_eq!(listed("?image=nosuch"), [""; 0]);
    assert_eq!(listed(&format!("?image={IMAGE}&flavor=1")).len(), 3);
}

/// A member sees the project's servers; an administrator who asks for it all.
#[test]
fn all_projects_are_seen_by_administrators_who_ask() {
    let cloud = Simulated::new();
    let (demo, alt, admin) = (cloud.member(), cloud.token("alt", "alt"), cloud.token("admin", "admin"));
    cloud.boot(&demo, server("of-demo"));
    cloud.boot(&alt, server("of-alt"));
    assert_eq!(names(&cloud, &demo, ""), ["of-demo"]);
    assert_eq!(names(&cloud, &alt, ""), ["of-alt"]);
    assert_eq!(names(&cloud, &admin, ""), [""; 0]);
    assert_eq!(names(&cloud, &admin, "?all_tenants=1"), ["of-alt", "of-demo"]);
}

#[test]
fn flavors_are_shown_as_their_version_does() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let keys = |version: &str| {
        let answer = get("/compute/v2.1/flavors/1").token(&token).version(version).send(&cloud).expect(200);
        (
            answer["flavor"]["swap"].clone(),
            answer["flavor"].as_object().unwrap().keys().map(Name::to_string).collect::<Vec<_>>(),
        )
    };
    let (blank, first) = keys("2.1");
    assert_eq!(blank, json!(""));
    assert!(!first.contains(&"description".to_owned()));
    let (zero, last) = keys("2.104");
    assert_eq!(zero, json!(0));
    assert!(last.contains(&"extra_specs".to_owned()) && !last.contains(&"rxtx_factor".to_owned()), "{last:?}");
}

// ---- Keystone -------------------------------------------------------------------------------------------------------

fn log_in(cloud: &Simulated, auth: Value) -> Answer {
    post("/identity/v3/auth/tokens").json(json!({"auth": auth})).send(cloud)
}

fn password() -> Value {
    json!({"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"id": "default"}, "password": "secret"}}})
}

#[test]
fn an_unscoped_token_has_no_project_no_roles_and_no_catalog() {
    let cloud = Simulated::new();
    let answer = log_in(&cloud, json!({"identity": password()}));
    let token = answer.header("X-Subject-Token").unwrap().to_owned();
    assert_eq!(token.len(), 183);
    let body = answer.expect(201);
    let keys: Vec<&Name> = body["token"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["methods", "user", "audit_ids", "expires_at", "issued_at"]);
    // It opens nothing that belongs to a project …
    let listed = get("/compute/v2.1/servers").token(&token).send(&cloud);
    assert_eq!(listed.fault(), "403 forbidden Policy doesn't allow os_compute_api:servers:index to be performed.");
    // … but can be traded for one that does.
    let scope = json!({"project": {"id": DEMO}});
    let traded = log_in(&cloud, json!({"identity": {"methods": ["token"], "token": {"id": token}}, "scope": scope}));
    let scoped = traded.header("X-Subject-Token").unwrap().to_owned();
    let body = traded.expect(201);
    assert_eq!(
        (&body["token"]["methods"], &body["token"]["project"]["id"]),
        (&json!(["password", "token"]), &json!(DEMO))
    );
    get("/compute/v2.1/servers").token(&scoped).send(&cloud).expect(200);
}

#[test]
fn the_catalog_names_each_service_at_the_clients_own_host() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let answer = get("/identity/v3/auth/catalog").token(&token).header("Host", "h:5").send(&cloud).expect(200);
    let entries = answer["catalog"].as_array().unwrap();
    let urls: BTreeMap<&str, &str> = entries
        .iter()
        .map(|entry| (entry["type"].as_str().unwrap(), entry["endpoints"][2]["url"].as_str().unwrap()))
        .collect();
    let expected = [
        ("compute", "http://h:5/compute/v2.1"),
        ("identity", "http://h:5/identity"),
        ("image", "http://h:5/image"),
        ("network", "http://h:5/network"),
        ("block-storage", "http://h:5/volume/v3"),
        ("volumev3", &format!("http://h:5/volume/v3/{DEMO}")),
    ];
    assert_eq!(urls, BTreeMap::from(expected));
    assert!(entries.iter().all(|entry| entry["endpoints"].as_array().unwrap().len() == 3));
    let without = post("/identity/v3/auth/tokens?nocatalog")
        .json(json!({"auth": {"identity": password(), "scope": {"project": {"id": DEMO}}}}));
    assert_eq!(without.send(&cloud).expect(201)["token"].get("catalog"), None);
}

/// A token that is already over is handed out all the same, and opens nothing.
#[test]
fn an_expired_token_opens_nothing() {
    let cloud = Simulated::at(Clock::Wall, "token_lifetime: 0", OnViolation::Reject);
    let answer = log_in(&cloud, json!({"identity": password(), "scope": {"project": {"id": DEMO}}}));
    let token = answer.header("X-Subject-Token").unwrap().to_owned();
    answer.expect(201);
    assert_eq!(get("/compute/v2.1/servers").token(&token).send(&cloud).status, 401);
}

#[test]
fn a_token_is_told_about_until_it_is_revoked() {
    let cloud = Simulated::new();
    let (token, other) = (cloud.member(), cloud.admin());
    let about = |method: &str| {
        ask(method, "/identity/v3/auth/tokens").token(&other).header("X-Subject-Token", &token).send(&cloud)
    };
    let shown = about("GET");
    assert_eq!(shown.header("X-Subject-Token"), Some(token.as_str()));
    assert_eq!(shown.expect(200)["token"]["user"]["name"], "demo");
    assert_eq!(about("HEAD").status, 200);
    let revoked = about("DELETE");
    assert_eq!(
        (revoked.status, revoked.header("Content-Type"), revoked.header("Vary")),
        (204, None, Some("X-Auth-Token"))
    );
    assert_eq!(get("/compute/v2.1/servers").token(&token).send(&cloud).status, 401);
    assert_eq!(about("GET").status, 404);
}

// ---- Glance and Neutron ---------------------------------------------------------------------------------------------

/// The fields of an image, and none of those that only Nova or Neutron have.
#[test]
fn an_image_has_the_fields_of_glance() {
    let cloud = Simulated::new();
    let token = cloud.member();
    let shown = get(&format!("/image/v2/images/{IMAGE}")).token(&token).send(&cloud).expect(200);
    let mut keys: Vec<&str> = shown.as_object().unwrap().keys().map(Name::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "checksum",
        "container_format",
        "created_at",
        "disk_format",
        "file",
        "id",
        "min_disk",
        "min_ram",
        "name",
        "os_hash_algo",
        "os_hash_value",
        "os_hidden",
        "owner",
        "protected",
        "schema",
        "self",
        "size",
        "status",
        "stores",
        "tags",
        "updated_at",
        "virtual_size",
        "visibility",
    ];
    assert_eq!(keys, expected);
    let listed = get("/image/v2/images?name=cirros").token(&token).send(&cloud).expect(200);
    assert_eq!(listed, json!({"images": [shown], "first": "/v2/images?name=cirros", "schema": "/v2/schemas/images"}));
    assert_eq!(get("/image/v2/images?name=nosuch").token(&token).send(&cloud).expect(200)["images"], json!([]));
}

#[test]
fn images_come_in_pages() {
    let cloud = Simulated::with("resources: {images: [{name: a}, {name: b}, {name: c}]}");
    let token = cloud.member();
    let mut target = "/image/v2/images?limit=3".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = get(&target).token(&token).send(&cloud).expect(200);
        seen.extend(page["images"].as_array().unwrap().iter().map(|image| image["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        target = format!("/image{next}");
    }
    assert_eq!(seen, ["c", "b", "a", "cirros", "cirros-alt"]);
}

#[test]
fn neutron_filters_narrows_and_pages() {
    let cloud = Simulated::with(
        "resources: {networks: [{name: a, project: demo}, {name: b, project: demo}, {name: hidden, project: alt}]}",
    );
    let token = cloud.member();
    let networks = |query: &str| get(&format!("/network/v2.0/networks{query}")).token(&token).send(&cloud).expect(200);
    let names = |query: &str| {
        let list = networks(query);
        list["networks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n["name"].as_str().unwrap_or("-").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["private", "public", "a", "b"]);
    assert_eq!(names("?name=a"), ["a"]);
    assert_eq!(names("?name=a&name=b"), ["a", "b"]);
    assert_eq!(names("?name=a&admin_state_up=False"), [""; 0]);
    assert_eq!(networks("?name=a&fields=name&fields=status"), json!({"networks": [{"name": "a", "status": "ACTIVE"}]}));
    let page = networks("?limit=2");
    assert_eq!(page["networks"].as_array().unwrap().len(), 2);
    let next = page["networks_links"][0]["href"].as_str().unwrap();
    let rest = get(next.strip_prefix("http://cloud.test:8774").unwrap()).token(&token).send(&cloud).expect(200);
    // A page that is full has a link, whether or not there is more (neutron/api/api_common.py).
    assert_eq!((&rest["networks"][0]["name"], rest.get("networks_links").is_some()), (&json!("a"), true));
    let rels = |query: &str| {
        networks(query)["networks_links"].as_array().unwrap().iter().map(|link| link["rel"].clone()).collect::<Vec<_>>()
    };
    // Nor does it look whether there is anything before (asked of neutron 29.0.0).
    assert_eq!(rels("?limit=5"), ["previous"]);
    assert_eq!(rels("?limit=5&page_reverse=true"), ["next"]);
    assert_eq!(rels("?limit=2"), ["next", "previous"]);
    let shown = get(&format!("/network/v2.0/networks/{NETWORK}")).token(&token).send(&cloud).expect(200);
    assert!(shown["network"].get("provider:network_type").is_none() && shown["network"].get("links").is_none());
}

// ---- The verdict ----------------------------------------------------------------------------------------------------

/// `--on-violation report`: a sloppy client is served, and told on.
#[test]
fn a_reported_request_is_served_and_still_a_violation() {
    let cloud = Simulated::set_up("{}", OnViolation::Report);
    let token = cloud.member();
    let boot = |version: &str, body: Value| {
        post("/compute/v2.1/servers").token(&token).version(version).json(body).send(&cloud)
    };
    let tags = json!({"server": plus(server("web"), json!({"tags": ["a"]}))});
    let created = boot("2.37", tags).expect(202);
    let id = created["server"]["id"].as_str().unwrap();
    let shown = get(&format!("/compute/v2.1/servers/{id}")).token(&token).version("2.52").send(&cloud).expect(200);
    assert_eq!(shown["server"]["tags"], json!(["a"]));
    // What the cloud cannot serve gets the refusal of the service itself.
    let refused = boot("2.37", json!({"server": []}));
    assert_eq!(
        refused.fault(),
        "400 badRequest Invalid input for field/attribute server. Value: []. [] is not of type 'object'"
    );
    assert_eq!(
        boot("abc", json!({})).fault(),
        "400 badRequest API Version String abc is of invalid format. Must be of format MajorNum.MinorNum."
    );
    let journal = cloud.journal();
    let codes: Vec<String> =
        journal.diagnoses.iter().flat_map(|d| &d.violations).map(|violation| violation.code.to_string()).collect();
    assert_eq!(codes, ["not-yet", "type", "version"]);
    // A violation is not accepted, whatever the client got.
    assert_eq!((journal.requests, journal.accepted), (5, 2));
}

/// The same requests in the same order: the same answers to the last byte.
#[test]
fn the_same_session_is_answered_the_same() {
    let session = || {
        let cloud = Simulated::new();
        let token = cloud.member();
        let id = cloud.boot(&token, server("web"));
        let shown = get(&format!("/compute/v2.1/servers/{id}")).token(&token).send(&cloud);
        (token, shown.body.to_string(), shown.headers)
    };
    assert_eq!(session(), session());
}

/// A body that lacks what an answer must show cannot be served, whatever `--on-violation` says: the client made the mistake.
#[test]
fn what_cannot_be_served_for_a_violation_gets_the_answer_of_the_contract() {
    let cloud = Simulated::set_up("release: {name: icehouse}", OnViolation::Report);
    let answer = post(&format!("/compute/v2/{DEMO}/os-keypairs"))
        .token(&cloud.member())
        .json(json!({"keypair": {}}))
        .send(&cloud);
    assert_eq!(answer.fault(), "400 badRequest Invalid request body");
}

/// Neutron gives every project a group, also one that a client made, and a reset gives it back.
#[test]
fn a_project_that_a_client_made_has_its_default_group() {
    let cloud = Simulated::new();
    let admin = cloud.admin();
    let project = json!({"project": {"name": "made"}});
    let project = post("/identity/v3/projects").token(&admin).json(project).send(&cloud).expect(201);
    let id = project["project"]["id"].as_str().unwrap();
    let groups = || {
        let list = get(&format!("/network/v2.0/security-groups?project_id={id}")).token(&admin).send(&cloud);
        list.expect(200)["security_groups"].clone()
    };
    let before = groups();
    assert_eq!((before[0]["name"].as_str(), before.as_array().map(Vec::len)), (Some("default"), Some(1)));
    assert_eq!(before[0]["security_group_rules"].as_array().map(Vec::len), Some(4));
    let port = json!({"port": {"network_id": NETWORK, "project_id": id}});
    let port = post("/network/v2.0/ports").token(&admin).json(port).send(&cloud).expect(201);
    assert_eq!(port["port"]["security_groups"], json!([before[0]["id"]]));
    cloud.exchange.reset(Some("made"));
    assert_eq!(groups(), before);
}

/// Keystone looks for more than its schema once it looks the user up: a 400 that fails the run.
#[test]
fn logins_that_keystone_takes_for_malformed() {
    let identity = json!({"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"id": "default"}, "password": "secret"}}});
    let credential =
        |own: Value| json!({"identity": {"methods": ["application_credential"], "application_credential": own}});
    let project = json!({"name": "demo", "domain": {"id": "default"}});
    const SCOPES: &str = "system, project, domain, OS-TRUST:trust or unscoped in scope";
    for (auth, what) in [
        (json!({"identity": identity, "scope": {}}), SCOPES),
        (json!({"identity": identity, "scope": "foo"}), SCOPES),
        (json!({"identity": identity, "scope": {"project": project, "domain": {"id": "default"}}}), SCOPES),
        (json!({"identity": identity, "scope": {"OS-TRUST:trust": {}}}), "trust_id in trust"),
        (json!({"identity": {"methods": ["password"], "password": {}}}), "user in None"),
        (credential(json!({"name": "x", "secret": "y"})), "user in application credential"),
        (credential(json!({"secret": "y"})), "name or ID in application credential"),
    ] {
        let cloud = Simulated::new();
        let answer = post("/identity/v3/auth/tokens").json(json!({"auth": auth})).send(&cloud);
        let said = format!(
            "Expecting to find {what}. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."
        );
        assert_eq!((answer.status, answer.message()), (400, said.as_str()));
    }
}
