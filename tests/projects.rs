//! Projects with a cloud of their own, as a client on the wire makes and uses them.

use mockstack::base::json::{Value, json};
use mockstack::report::FORMATS;

use crate::common::wire::{Client, Folder, Reply, SERVERS, Serving, bad_boot, boot};

fn admin(client: &mut Client, method: &str, route: &str, body: Option<&Value>) -> Reply {
    client.ask(method, &format!("/__mockstack/{route}"), body)
}

/// A client of a new project.
fn project(serving: &Serving, name: &str) -> (Client, Value) {
    let mut client = Client::new(&serving.address);
    let made = admin(&mut client, "POST", "projects", Some(&json!({"name": name})));
    assert_eq!(made.status, 201, "{}", made.body);
    let (made, domain) = (made.json(), json!({"name": "Default"}));
    let identity = json!({"methods": ["password"], "password": {"user":
        {"name": made["user"], "password": made["password"], "domain": domain}}});
    let auth = json!({"auth": {"identity": identity, "scope": {"project": {"name": made["name"], "domain": domain}}}});
    let login = client.ask("POST", "/identity/v3/auth/tokens", Some(&auth));
    assert_eq!(login.status, 201, "{}", login.body);
    let told = login.json()["token"]["project"]["id"].clone();
    assert_eq!(told, made["id"]);
    client.headers.push(("X-Auth-Token".to_owned(), login.all("X-Subject-Token")[0].to_owned()));
    (client, made)
}

#[test]
fn each_project_has_its_own_verdict_and_its_own_lines() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--record", "recording.jsonl", "--allow", "quota"]);
    let ((mut good, made), (mut bad, _)) = (project(&serving, "good"), project(&serving, "bad"));
    let version = ("OpenStack-API-Version".to_owned(), "compute 2.37".to_owned());
    [&mut good, &mut bad].into_iter().for_each(|client| client.headers.push(version.clone()));
    assert_eq!(good.ask("POST", SERVERS, Some(&boot("vm"))).status, 202);
    assert_eq!(bad.ask("POST", SERVERS, Some(&bad_boot("vm"))).status, 400);

    let env = &made["env"];
    let auth_url = format!("http://{}/identity", serving.address);
    assert_eq!((env["OS_AUTH_URL"].as_str(), &env["OS_PROJECT_ID"]), (Some(auth_url.as_str()), &made["id"]));
    let clouds: Value = made["clouds_yaml"].as_str().unwrap().parse().unwrap();
    assert_eq!(clouds["clouds"]["mockstack"]["auth"]["password"], made["password"]);

    let listed = admin(&mut good, "GET", "projects", None).json();
    assert_eq!(
        listed["projects"][0],
        json!({"name": "bad", "id": listed["projects"][0]["id"], "requests": 2, "accepted": 1})
    );
    let so_far = admin(&mut good, "GET", "projects/bad", None).json();
    assert_eq!((&so_far["exit_code"], &so_far["requests"]), (&json!(40), &json!(2)));
    let id = made["id"].as_str().unwrap();
    assert_eq!(admin(&mut bad, "GET", &format!("projects/{id}"), None).json()["exit_code"], 0);
    assert_eq!(admin(&mut bad, "GET", "state?project=good", None).json()["servers"][0]["name"], "vm");
    assert_eq!(admin(&mut bad, "GET", "state", None).json().get("servers"), None);
    let lines = admin(&mut good, "GET", "recording?project=bad", None).body;
    assert_eq!(lines.lines().count(), 3, "a header, a login and a boot");

    assert_eq!(admin(&mut good, "POST", "reset?project=bad", None).status, 204);
    assert_eq!(admin(&mut good, "GET", "projects/bad", None).json()["requests"], 0);
    let verdict = admin(&mut good, "DELETE", "projects/good", None);
    assert_eq!((verdict.status, &verdict.json()["verdict"]), (200, &json!("clean")));
    assert_eq!(verdict.json()["unused_allows"], json!([]), "what the run allows may be used elsewhere");
    assert_eq!(good.ask("GET", SERVERS, None).status, 401);
    assert_eq!(admin(&mut bad, "DELETE", "projects/good", None).status, 404);
    assert_eq!(serving.stop().code, Some(40), "the whole run has all of it");
}

/// A project's cloud has the regions of the fixture, and what is the project's there is its own.
#[test]
fn a_project_has_all_regions() {
    const THERE: &str = "/compute@RegionTwo/v2.1/servers";
    let folder = Folder::new();
    folder.write("regions.yaml", "other_regions: [RegionTwo]\n");
    let serving = Serving::start(&folder, &["--fixtures", "regions.yaml"]);
    let ((mut one, _), (mut two, _)) = (project(&serving, "one"), project(&serving, "two"));
    let networks = one.ask("GET", "/network@RegionTwo/v2.0/networks?name=private", None).json();
    let images = one.ask("GET", "/image@RegionTwo/v2/images?name=cirros", None).json();
    let server = json!({"name": "vm", "flavorRef": "1", "imageRef": images["images"][0]["id"], "networks": [{"uuid": networks["networks"][0]["id"]}]});
    assert_eq!(one.ask("POST", THERE, Some(&json!({"server": server}))).status, 202);
    let counts = [(&mut one, THERE), (&mut two, THERE)]
        .map(|(client, path)| client.ask("GET", path, None).json()["servers"].as_array().map(Vec::len));
    assert_eq!(counts, [Some(1), Some(0)]);
    assert_eq!(one.ask("GET", SERVERS, None).json()["servers"], json!([]));
    let groups = one.ask("GET", "/network@RegionTwo/v2.0/security-groups?name=default", None).json();
    assert_eq!(groups["security_groups"].as_array().map(Vec::len), Some(1));
    let state = admin(&mut two, "GET", "state?project=one", None).json();
    assert_eq!(state["servers@RegionTwo"][0]["name"], "vm");
    assert_eq!(admin(&mut two, "POST", "reset?project=one", None).status, 204);
    assert_eq!(one.ask("GET", THERE, None).json()["servers"], json!([]));
}

#[test]
fn what_cannot_be_made_is_told_with_its_place() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &[]);
    let mut client = Client::new(&serving.address);
    for (body, status, told) in [
        (json!({"name": "demo"}), 409, "\"demo\" already"),
        (json!({"nam": "x"}), 400, "did you mean"),
        (json!({"name": ""}), 400, "1 to 64"),
        (json!({"quotas": {"instance": 1}}), 400, "instances"),
        (json!({"fixtures": {"bot": {"polls": 1}}}), 400, "boot"),
        (json!({"fixtures": "boot: {polls: x}"}), 400, "fixtures:1:15"),
        (json!({"fixtures": [{"boot": {"polls": 1}}, "boot: {polls: x}"]}), 400, "fixtures:1:15"),
        (json!({"clock": "noon"}), 400, "RFC 3339"),
        (json!({"env_for": "java"}), 400, "gophercloud"),
    ] {
        let reply = admin(&mut client, "POST", "projects", Some(&body));
        assert_eq!(reply.status, status, "{body}: {}", reply.body);
        assert!(reply.json()["error"]["message"].as_str().unwrap().contains(told), "{}", reply.body);
    }
    let made = admin(&mut client, "POST", "projects", Some(&json!({"env_for": "gophercloud"}))).json();
    assert_eq!((&made["name"], &made["env"]["OS_DOMAIN_NAME"]), (&json!("project-1"), &json!("Default")));
    assert_eq!(admin(&mut client, "POST", "projects", None).json()["name"], "project-2");
    assert_eq!(admin(&mut client, "PUT", "projects/project-1", None).status, 405);
    drop(serving.stop());
}

/// In a container the address to listen on is not the one that clients use.
#[test]
fn what_is_advertised_is_what_clients_are_told() {
    let folder = Folder::new();
    let listen = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let options = ["serve", "--listen", &listen, "--advertise", "http://mockstack:8774/", "--admin-token", "t0ken"];
    let serving = Serving::start(&folder, &options[1..]);
    assert_eq!(serving.address, "mockstack:8774", "the first line says where clients reach it");
    let shown = folder.mockstack(&[&options[..], &["--print-config"]].concat());
    assert_eq!(
        (shown.out.contains("t0ken"), shown.out.contains("admin_token: # a secret")),
        (false, true),
        "{}",
        shown.out
    );
    let mut client = Client::new(&listen);
    let made = admin(&mut client, "POST", "projects", None).json();
    assert_eq!(made["env"]["OS_AUTH_URL"], "http://mockstack:8774/identity");
    let openrc = admin(&mut client, "POST", "projects?format=openrc", Some(&json!({"name": "shell"}))).body;
    assert!(
        openrc.contains("export OS_AUTH_URL=http://mockstack:8774/identity\nexport OS_USERNAME=shell\n"),
        "{openrc}"
    );
    let versions = client.ask("GET", "/identity", None);
    assert!(versions.body.contains("http://mockstack:8774/identity/v3/"), "{}", versions.body);
    let (_, catalog) = (client.headers.clear(), Client::log_in(&listen).ask("GET", "/identity/v3/auth/catalog", None));
    assert!(catalog.body.contains("http://mockstack:8774/compute/v2.1"), "{}", catalog.body);
    assert!(!catalog.body.contains("127.0.0.1"), "{}", catalog.body);
    client.headers.push(("Host".to_owned(), "mockstack:8774".to_owned()));
    assert_eq!(admin(&mut client, "GET", "state", None).status, 403);
    client.headers.push(("X-Mockstack-Admin-Token".to_owned(), "t0ken".to_owned()));
    assert_eq!(admin(&mut client, "GET", "state", None).status, 200);
    drop(serving.stop());
}

/// A client of Icehouse logs in without a project, looks which there are, and takes its token there.
#[test]
fn a_client_of_icehouse_has_a_project_of_its_own_too() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--release", "icehouse"]);
    let mut client = Client::new(&serving.address);
    let made = admin(&mut client, "POST", "projects", Some(&json!({"name": "old"}))).json();
    let credentials = json!({"username": made["user"], "password": made["password"]});
    let ask = |client: &mut Client, body: Value| client.ask("POST", "/identity/v2.0/tokens", Some(&body)).json();
    let unscoped = ask(&mut client, json!({"auth": {"passwordCredentials": credentials}}));
    let token = unscoped["access"]["token"]["id"].as_str().unwrap().to_owned();
    client.headers.push(("X-Auth-Token".to_owned(), token.clone()));
    let tenants = client.ask("GET", "/identity/v2.0/tenants", None).json();
    assert_eq!(tenants["tenants"][0]["id"], made["id"]);
    client.headers.clear();
    let scoped = ask(&mut client, json!({"auth": {"token": {"id": token}, "tenantId": made["id"]}}));
    let token = scoped["access"]["token"]["id"].as_str().unwrap().to_owned();
    client.headers.push(("X-Auth-Token".to_owned(), token));
    let servers = format!("/compute/v2/{}/servers", made["id"].as_str().unwrap());
    assert_eq!(client.ask("POST", &servers, Some(&boot("vm"))).status, 202);
    let verdict = admin(&mut client, "DELETE", "projects/old", None).json();
    assert_eq!((&verdict["exit_code"], &verdict["requests"]), (&json!(0), &json!(4)), "{verdict}");
    drop(serving.stop());
}

/// With `--deny leftover` a test deletes what it makes, or says that it does not: every report names the one that did neither, and
/// the recording says the same later.
#[test]
fn a_test_that_leaves_something_behind_is_named() {
    let folder = Folder::new();
    let reports: Vec<String> = FORMATS.iter().map(|format| format!("--report={0}=report.{0}", format.name)).collect();
    let reports = reports.iter().map(String::as_str);
    let options: Vec<&str> = ["--deny", "leftover", "--record", "r.jsonl"].into_iter().chain(reports).collect();
    let serving = Serving::start(&folder, &options);
    for (name, more, deletes, code) in [
        ("leaves", json!({"file": "t.py", "line": 3}), false, 40),
        ("tidy", json!({}), true, 0),
        ("may", json!({"allow": ["leftover@compute.servers.create"]}), false, 0),
        ("must", json!({"expect": ["leftover"]}), false, 0),
        ("must-and-does-not", json!({"expect": ["leftover"]}), true, 41),
    ] {
        let (mut client, _) = project(&serving, name);
        let mut label = json!({"project": name, "test": format!("t::{name}")});
        label.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(admin(&mut client, "POST", "label", Some(&label)).status, 204);
        let made = client.ask("POST", SERVERS, Some(&boot(name))).json();
        if deletes {
            let path = format!("{SERVERS}/{}", made["server"]["id"].as_str().unwrap());
            assert_eq!(client.ask("DELETE", &path, None).status, 204);
        }
        let verdict = admin(&mut client, "DELETE", &format!("projects/{name}"), None).json();
        assert_eq!(verdict["exit_code"], code, "{name}: {verdict}");
        assert_eq!(verdict["left_behind"].as_array().unwrap().len(), usize::from(!deletes), "{name}: {verdict}");
    }
    assert_eq!(serving.stop().code, Some(40));
    let written = |name: &str| folder.read(&format!("report.{name}"));
    for format in FORMATS {
        let again = folder.mockstack(&["report", "r.jsonl", "--format", format.name]);
        assert_eq!((again.out, again.code), (written(format.name), Some(40)), "{} out of the recording", format.name);
    }
    let all: String = FORMATS.iter().map(|format| written(format.name)).collect();
    for told in [
        "left behind   server leaves, made by compute.servers.create in request 2 of t::leaves\n",
        "fails         server leaves was left behind\n",
        "fails         t::must-and-does-not expected leftover, which did not happen\n",
        "\"kind\": \"server\",\n      \"name\": \"may\"",
        "name=\"t::leaves\" file=\"t.py\" line=\"3\"",
        "<failure message=\"leftover\">left behind: server leaves, made by",
        "Left behind: server leaves, made by compute.servers.create in request 2 of `t::leaves`.",
        "\"id\": \"leftover\"",
        "\"uri\": \"t.py\"",
        "::error file=t.py,line=3,title=mockstack%3A leftover::left behind: server leaves, made by",
    ] {
        assert!(all.contains(told), "no report says {told:?}: {all}");
    }
}
