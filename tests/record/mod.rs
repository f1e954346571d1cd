//! A proxy before a cloud: it changes nothing but the URLs that lead to the cloud, keeps no body that may be of any length, tells
//! what the cloud does not as the contract has it, and leaves a recording that replays.

mod anew;
mod cloud;

use std::io::{Read, Write};
use std::net::TcpStream;

use cloud::{FakeCloud, Say, document, login};
use mockstack::base::json::{Value, json};

use crate::common::wire::{Client, Folder, Ran, Reply, SERVERS, Serving, bad_boot, boot, ran};

/// `mockstack record` before the cloud at `url`, into `session.jsonl`.
struct Recording {
    folder: Folder,
    proxy: Serving,
}

impl Recording {
    fn of(url: &str) -> Recording {
        Recording::with(url, &[])
    }

    fn with(url: &str, arguments: &[&str]) -> Recording {
        let folder = Folder::new();
        let begin = ["record", "--auth-url", url, "--record", "session.jsonl"];
        let proxy = Serving::begin(&folder, &[&begin, arguments].concat());
        Recording { folder, proxy }
    }

    fn client(&self) -> Client {
        Client::new(&self.proxy.address)
    }

    /// Logs in, so that the catalog is known.
    fn logged_in(&self) -> Client {
        Client::log_in(&self.proxy.address)
    }

    /// Ends it: how, its folder, and the interactions that it kept.
    fn end(self) -> (Ran, Folder, Vec<Value>) {
        let ran = self.proxy.stop();
        let text = self.folder.read("session.jsonl");
        let lines: Vec<Value> = text.lines().map(|line| mockstack::base::json::from_str(line).unwrap()).collect();
        let interactions = lines[1..lines.len() - 1].to_vec();
        (ran, self.folder, interactions)
    }
}

/// A fake cloud that is a compute service in one region, and says `answer` to what is asked of it.
fn compute(answer: impl Fn(&str, &str) -> Say + Send + Sync + 'static) -> FakeCloud {
    FakeCloud::start(move |got, url| match got.line.as_str() {
        "POST /id/v3/auth/tokens" => login(&[("compute", "One", "public", &format!("{url}/nova/v2.1"))]),
        line => answer(line, url),
    })
}

fn codes(interaction: &Value) -> Vec<&str> {
    interaction["violations"].as_array().unwrap().iter().map(|violation| violation["code"].as_str().unwrap()).collect()
}

/// What the real clients of fixtures/recordings got of a real cloud is what the contracts say.
#[test]
fn recordings_of_real_clients_are_right() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings");
    let names = ["gophercloud", "novaclient-18", "osc", "sdk-cloud"];
    for name in names.map(|name| folder.join(name).with_extension("jsonl")) {
        let ran = Folder::new().mockstack(&["verify", name.to_str().unwrap()]);
        assert_eq!(ran.code, Some(0), "{}: {}", name.display(), ran.err);
    }
}

#[test]
fn a_boot_goes_through_and_its_recording_replays() {
    let (base, folder) = (Folder::new(), Folder::new());
    let upstream = Serving::start(&base, &["--no-fail"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");
    let url = format!("http://{}/identity", upstream.address);
    let mut command = folder.command(&["record", "--auth-url", &url, "--record", "boot.jsonl", "--", script]);
    let recorded = ran(command.envs([("OS_USERNAME", "demo"), ("OS_PASSWORD", "secret"), ("OS_PROJECT_NAME", "demo")]));
    assert_eq!((recorded.code, recorded.out.trim()), (Some(0), "ACTIVE"), "{}", recorded.err);
    assert!(!folder.read("boot.jsonl").contains(&upstream.address), "the recording names the cloud");
    // What went past the proxy would be counted there alone, as are the login and the version documents of the header.
    let upstream = upstream.stop();
    assert!(recorded.err.contains("6 requests, 6 accepted"), "{}", recorded.err);
    for asked in
        ["identity.tokens.create 2", "compute.servers.create 1", "compute.servers.show 1", "image.images.index 1"]
    {
        assert!(upstream.err.contains(asked), "{asked}: {}", upstream.err);
    }
    let header: Value = mockstack::base::json::from_str(folder.read("boot.jsonl").lines().next().unwrap()).unwrap();
    let told = |kind: &str| {
        let all = header["cloud"]["services"].as_array().unwrap();
        let own = all.iter().find(|own| own["type"] == kind).unwrap();
        ["version", "min", "max"].map(|key| own[key].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(told("compute"), ["v2.1", "2.1", "2.104"]);
    assert_eq!(told("identity")[0], "v3.14");
    let replayed = folder.mockstack(&["replay", "boot.jsonl", "--", script]);
    assert_eq!((replayed.code, replayed.out.trim()), (Some(0), "ACTIVE"), "{}", replayed.err);
    assert_eq!(folder.mockstack(&["verify", "boot.jsonl"]).code, Some(0));
}

#[test]
fn nothing_is_refused_here_and_the_cloud_refuses_what_is_wrong() {
    let base = Folder::new();
    let upstream = Serving::start(&base, &["--no-fail"]);
    let recording = Recording::of(&format!("http://{}/identity/v3", upstream.address));
    let mut client = recording.logged_in();
    let refused = client.ask("POST", SERVERS, Some(&bad_boot("vm1")));
    assert_eq!((refused.status, refused.json()["badRequest"]["code"].clone()), (400, json!(400)));
    assert_eq!(client.ask("POST", SERVERS, Some(&boot("vm1"))).status, 202);
    assert_eq!(client.ask("GET", "/compute/v2.1/nowhere", None).status, 404);
    assert_eq!(client.ask("GET", "/orchestration/v1/stacks", None).status, 404);
    let (ran, _, interactions) = recording.end();
    assert_eq!(ran.code, Some(40), "{}", ran.err);
    let told: Vec<Vec<&str>> = interactions.iter().map(codes).collect();
    assert_eq!(told, [vec![], vec!["not-yet"], vec![], vec!["unknown-operation"], vec!["unknown-operation"]]);
}

#[test]
fn bytes_are_those_of_the_other_side_but_for_urls() {
    let odd = |url: &str| {
        format!(
            "{{ \"servers\" : [ {{\"id\":\"1\",\"id\": \"2\", \"n\": 1.50e+1,\"é\\u00e9\":\"{url}/nova/v2.1/servers/2?a=b\"}},\
             \"{url}/novae\",\"see {url}/nova\" ],\n\"next\":\"{url}/nova\" }}\n"
        )
    };
    let cloud = compute(move |line, url| match line {
        "GET /nova/v2.1/latin" => {
            Say::Bytes(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ncaf\xe9".to_vec())
        }
        "GET /nova/v2.1/plain" => document("200 OK", "", "{\"a\" :1,\"a\": 2}"),
        _ => document(
            "200 OK",
            &format!("Location: {url}/nova/v2.1/servers/3\r\nx-OpenStack-Odd: {url}/nova\r\n"),
            &odd(url),
        ),
    });
    let recording = Recording::of(&format!("{}/id/v3", cloud.url));
    let mut client = recording.logged_in();
    let here = format!("http://{}/compute", recording.proxy.address);
    let answer = client.ask("GET", "/compute/v2.1/servers", None);
    let expected = odd(&cloud.url).replace(&format!("\"{}/nova/", cloud.url), &format!("\"{here}/"));
    assert_eq!(answer.body, expected.replace(&format!("\"{}/nova\"", cloud.url), &format!("\"{here}\"")));
    assert_eq!(answer.all("Location"), [format!("{here}/v2.1/servers/3")]);
    assert!(
        answer.headers.iter().any(|(name, value)| name == "x-OpenStack-Odd" && *value == here),
        "{:?}",
        answer.headers
    );
    assert_eq!(client.ask("GET", "/compute/v2.1/plain", None).body, "{\"a\" :1,\"a\": 2}");

    let sent = format!("{{ \"createImage\" :{{\"name\":\"x\",  \"url\":\"{here}/v2.1/1\",\"n\":1.0}} }}");
    let request = format!(
        "POST /compute/v2.1/servers/1/action HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
        Content-Length: {}\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nAccept-Encoding: gzip\r\nX-Kept: yes\r\n\r\n{sent}",
        recording.proxy.address,
        sent.len()
    );
    raw(&recording.proxy.address, request.as_bytes());
    let got = cloud.last();
    assert_eq!(String::from_utf8(got.body).unwrap(), sent.replace(&here, &format!("{}/nova", cloud.url)));
    let head = got.head.to_ascii_lowercase();
    assert!(head.contains(&format!("host: {}\r\n", cloud.url.trim_start_matches("http://"))), "{head}");
    assert!(head.contains("x-kept: yes") && !head.contains("x-hop") && !head.contains("gzip"), "{head}");

    let latin = raw(
        &recording.proxy.address,
        format!("GET /compute/v2.1/latin HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", recording.proxy.address)
            .as_bytes(),
    );
    assert!(latin.ends_with(b"\r\n\r\ncaf\xe9"), "{}", String::from_utf8_lossy(&latin));
    let (_, _, interactions) = recording.end();
    assert_eq!(interactions.last().unwrap()["response"]["contents"]["bytes"], json!(4));
}

/// All that comes back until the connection closes, or breaks.
fn raw(address: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn every_endpoint_of_every_region_is_behind_the_one_port() {
    let servers = || document("200 OK", "", &json!({"servers": []}).to_string());
    let two = FakeCloud::start(move |_, _| servers());
    let elsewhere = two.url.clone();
    let cloud = FakeCloud::start(move |got, url| match got.line.as_str() {
        "POST /v3/auth/tokens" => login(&[
            ("identity", "One", "public", &format!("{url}/v3")),
            ("compute", "One", "public", &format!("{url}/compute/v2.1")),
            ("compute", "Two", "public", &format!("{elsewhere}/v2.1")),
            ("compute", "One", "internal", &format!("{url}/inner/v2.1")),
            ("object-store", "One", "public", &format!("{url}/swift/v1/AUTH_p")),
        ]),
        _ => document("200 OK", "", &json!({"servers": []}).to_string()),
    });
    let recording = Recording::of(&format!("{}/v3", cloud.url));
    let mut client = recording.client();
    let body = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "password": "s", "domain": {"name": "Default"}}}}}});
    let answer = client.ask("POST", "/identity/v3/auth/tokens", Some(&body)).json();
    let urls: Vec<&str> = answer["token"]["catalog"]
        .as_array()
        .unwrap()
        .iter()
        .map(|service| service["endpoints"][0]["url"].as_str().unwrap())
        .collect();
    let here = format!("http://{}", recording.proxy.address);
    let mounts = ["/identity/v3", "/compute/v2.1", "/compute@Two/v2.1", "/compute@One/v2.1", "/object-store/v1/AUTH_p"];
    assert_eq!(urls, mounts.map(|mount| here.clone() + mount));
    for (target, line, of) in [
        ("/compute@Two/v2.1/servers?limit=1", "GET /v2.1/servers?limit=1", &two),
        ("/compute@One/v2.1/servers", "GET /inner/v2.1/servers", &cloud),
        ("/object-store/v1/AUTH_p/c", "GET /swift/v1/AUTH_p/c", &cloud),
    ] {
        client.ask("GET", target, None);
        assert_eq!(of.last().line, line);
    }
    let (_, folder, interactions) = recording.end();
    let operations: Vec<&Value> = interactions.iter().map(|interaction| &interaction["operation"]).collect();
    let index = json!("compute.servers.index");
    assert_eq!(operations, [&json!("identity.tokens.create"), &index, &index, &Value::Null]);
    let replay = Serving::begin(&folder, &["replay", "session.jsonl"]);
    let mut client = Client::new(&replay.address);
    let token = client.ask("POST", "/identity/v3/auth/tokens", Some(&body)).all("X-Subject-Token")[0].to_owned();
    client.headers.push(("X-Auth-Token".to_owned(), token));
    assert_eq!(client.ask("GET", "/compute@Two/v2.1/servers?limit=1", None).status, 200);
    assert_eq!(client.ask("GET", "/compute/v2.1/servers?limit=1", None).status, 501, "it was asked of another region");
}

#[test]
fn contents_stream_both_ways_and_are_not_kept() {
    const MUCH: u64 = 64 << 20;
    let cloud = FakeCloud::start(|got, url| match got.line.as_str() {
        "POST /v3/auth/tokens" => login(&[("image", "One", "public", &format!("{url}/glance"))]),
        line if line.starts_with("GET") => Say::Much(MUCH),
        _ => Say::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
    });
    let recording = Recording::of(&format!("{}/v3", cloud.url));
    let address = recording.proxy.address.clone();
    drop(recording.logged_in());
    let file = "/image/v2/images/a8a63b4d-63a0-4aed-820d-0f5f249e07d9/file";
    let mut stream = TcpStream::connect(&address).unwrap();
    let head = format!(
        "PUT {file} HTTP/1.1\r\nHost: {address}\r\nX-Auth-Token: t\r\nConnection: close\r\nContent-Type: application/octet-stream\r\nContent-Length: {MUCH}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..MUCH >> 20).for_each(|_| stream.write_all(&piece).unwrap());
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert_eq!(cloud.last().length, MUCH);
    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .write_all(
            format!("GET {file} HTTP/1.1\r\nHost: {address}\r\nX-Auth-Token: t\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )
        .unwrap();
    let (mut length, mut buffer) = (0, vec![0; 1 << 20]);
    loop {
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            read => length += read as u64,
        }
    }
    assert!(length > MUCH, "{length}");
    let status = std::fs::read_to_string(format!("/proc/{}/status", recording.proxy.child.id())).unwrap();
    let most = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .unwrap();
    assert!(most < 64 << 10, "{most} kB were resident");
    let (_, folder, interactions) = recording.end();
    let kept = |side: &str, place: usize| interactions[place][side]["contents"].clone();
    assert_eq!(kept("request", 1)["bytes"], json!(MUCH));
    assert_eq!(kept("response", 2), kept("request", 1));
    let replay = Serving::begin(&folder, &["replay", "session.jsonl"]);
    let mut client = Client::log_in(&replay.address);
    assert_eq!(client.ask("PUT", file, None).status, 204);
    assert_eq!(client.ask("GET", file, None).status, 501, "nobody has the contents");
}

fn status_and(answer: &[u8]) -> (u16, Vec<u8>) {
    let text = String::from_utf8_lossy(answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body =
        answer.windows(4).position(|part| part == b"\r\n\r\n").map_or(Vec::new(), |at| answer[at + 4..].to_vec());
    (status, body)
}

#[test]
fn what_does_not_arrive_is_told_as_what_it_was() {
    let cloud = compute(|line, _| match line {
        "GET /nova/v2.1/servers/cut" => Say::Bytes(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"server\"".to_vec(),
        ),
        "GET /nova/v2.1/servers/chunk" => Say::Bytes(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n".to_vec(),
        ),
        "GET /nova/v2.1/servers/odd" => Say::Bytes(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()),
        _ => Say::Nothing,
    });
    let recording = Recording::of(&format!("{}/id/v3", cloud.url));
    drop(recording.logged_in());
    let address = recording.proxy.address.clone();
    let get = |path: &str| {
        status_and(&raw(
            &address,
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
        ))
    };
    assert_eq!(get("/compute/v2.1/servers/cut"), (200, b"{\"server\"".to_vec()));
    assert_eq!(get("/compute/v2.1/servers/chunk"), (200, b"4\r\nabcd\r\n".to_vec()));
    let (status, body) = get("/compute/v2.1/servers/odd");
    assert_eq!(
        (status, mockstack::base::json::from_slice::<Value>(&body).unwrap()["computeFault"]["code"].clone()),
        (502, json!(502))
    );
    assert_eq!(get("/compute/v2.1/servers/reset").0, 502);
    let (ran, _, interactions) = recording.end();
    let failures: Vec<&Value> =
        interactions[1..].iter().map(|interaction| &interaction["response"]["failure"]).collect();
    assert_eq!(failures, ["truncated", "truncated", "malformed", "reset"]);
    assert!(
        interactions[1..].iter().all(|interaction| interaction["refusal"]["code"] == "upstream"),
        "{interactions:?}"
    );
    assert_eq!(ran.code, Some(40), "{}", ran.err);
    assert!(ran.err.contains("4 requests got no complete answer from the cloud"), "{}", ran.err);

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let recording = Recording::of(&format!("http://{nobody}/v3"));
    let refused: Reply = recording.client().ask("GET", "/identity/v3", None);
    assert_eq!(refused.status, 502);
    assert!(
        refused.json()["error"]["message"].as_str().unwrap().contains("the cloud cannot be reached"),
        "{}",
        refused.body
    );
    assert_eq!(recording.end().2[0]["response"]["failure"], "unreachable");
}

/// The header says the versions of the services that say them; a run does not wait long for those that do not, nor fail.
#[test]
fn services_that_do_not_answer_are_left_out_of_the_header() {
    let cloud = FakeCloud::start(|got, url| match got.line.as_str() {
        "POST /v3/auth/tokens" if String::from_utf8_lossy(&got.body).contains("wrong-one") => {
            document("401 Unauthorized", "", "{}")
        }
        "POST /v3/auth/tokens" => login(&[
            ("compute", "One", "public", &format!("{url}/nova/v2.1")),
            ("compute", "One", "internal", &format!("{url}/inner/v2.1")),
            ("image", "One", "public", "http://127.0.0.1:1"),
            ("network", "One", "public", &format!("{url}/neutron")),
            ("volumev3", "Two", "public", &format!("{url}/cinder/v3/p")),
        ]),
        "GET /" => document(
            "300 Multiple Choices",
            "",
            r#"{"versions": {"values": [{"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": "http://h/v3/"}]}]}}"#,
        ),
        // Only at its version.
        "GET /nova/v2.1/" => document(
            "200 OK",
            "",
            r#"{"version": {"id": "v2.1", "status": "CURRENT", "version": "2.90", "min_version": "2.1"}}"#,
        ),
        "GET /neutron/" => Say::Silence(Vec::new()),
        _ => document("404 Not Found", "", "{}"),
    });
    let identity = json!({"type": "identity", "version": "v3.14"});
    let compute = json!({"type": "compute", "version": "v2.1", "min": "2.1", "max": "2.90"});
    for (password, expected) in
        [("secret", json!([compute, identity])), ("wrong-one", json!([identity])), ("", json!([identity]))]
    {
        let folder = Folder::new();
        let url = format!("{}/v3", cloud.url);
        let mut command = folder.command(&["record", "--auth-url", &url, "--record", "session.jsonl", "--", "true"]);
        command.envs([("OS_USERNAME", "demo"), ("OS_PASSWORD", password), ("OS_PROJECT_NAME", "demo")]);
        let begun = std::time::Instant::now();
        let ran = ran(command.env("OS_REGION_NAME", "One"));
        assert_eq!(ran.code, Some(42), "{}", ran.err);
        assert!(begun.elapsed().as_secs() < 20, "{password:?}");
        let header: Value =
            mockstack::base::json::from_str(folder.read("session.jsonl").lines().next().unwrap()).unwrap();
        assert_eq!(header["cloud"]["services"], expected, "{password:?}");
        let kept = folder.read("session.jsonl");
        assert!(!kept.contains(cloud.url.trim_start_matches("http://")), "the cloud is named: {kept}");
    }
}

/// A cloud that is silent is given up after --timeout; whatever had arrived of the answer reaches the client.
#[test]
fn silence_ends_after_the_timeout() {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n";
    let cloud = compute(|line, _| match line {
        "GET /nova/v2.1/servers/half" => {
            Say::Silence([HEAD, b"Content-Type: application/json\r\n\r\n{\"server\""].concat())
        }
        "GET /nova/v2.1/servers/text" => Say::Silence([HEAD, b"Content-Type: text/plain\r\n\r\nabcd"].concat()),
        _ => Say::Silence(Vec::new()),
    });
    let recording = Recording::with(&format!("{}/id/v3", cloud.url), &["--timeout", "0.5"]);
    drop(recording.logged_in());
    let address = recording.proxy.address.clone();
    let get = |path: &str| {
        let asked = std::time::Instant::now();
        let answer =
            raw(&address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes());
        let seconds = asked.elapsed().as_secs_f64();
        assert!((0.4..20.0).contains(&seconds), "{path} took {seconds} s");
        status_and(&answer)
    };
    // Each in the form of its service.
    for (path, pointer) in [("/compute/v2.1/servers/1", "/computeFault/code"), ("/identity/v3/users", "/error/code")] {
        let (status, body) = get(path);
        let body: Value = mockstack::base::json::from_slice(&body).unwrap();
        assert_eq!((status, body.pointer(pointer)), (504, Some(&json!(504))), "{body}");
        assert!(body.to_string().contains("the cloud did not answer in time"), "{body}");
    }
    assert_eq!(get("/compute/v2.1/servers/half"), (200, b"{\"server\"".to_vec()));
    assert_eq!(get("/compute/v2.1/servers/text"), (200, b"abcd".to_vec()));
    let (ran, _, interactions) = recording.end();
    let kept = |key: &str| -> Vec<Value> { interactions[1..].iter().map(|own| own["response"][key].clone()).collect() };
    assert_eq!(kept("failure"), ["too slow"; 4]);
    assert_eq!(kept("status"), [504, 504, 200, 200]);
    assert!(
        ran.code == Some(40) && ran.err.contains("4 requests got no complete answer from the cloud"),
        "{}",
        ran.err
    );
    let refused = Folder::new().mockstack(&["record", "--auth-url", &cloud.url, "--timeout", "0"]);
    assert!(refused.code == Some(2) && refused.err.contains("a number of seconds above 0"), "{}", refused.err);
}

/// What takes connections and breaks them off before it has read what was sent.
#[test]
fn a_connection_that_is_reset_is_told_as_such() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v3", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // What is unread when a socket is closed makes it a reset.
            drop(stream.unwrap().peek(&mut [0]));
        }
    });
    let recording = Recording::of(&url);
    let answer = recording.client().ask("GET", "/identity/v3", None);
    let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(answer.status == 502 && message.contains("closed the connection without an answer"), "{message}");
    let (_, _, interactions) = recording.end();
    assert_eq!((&interactions[0]["response"]["failure"], &interactions[0]["status"]), (&json!("reset"), &json!(502)));
}

#[test]
fn where_cloud_and_contract_differ_is_told() {
    let server = json!({"server": {"id": "1", "links": [], "security_groups": [{"name": "default"}], "OS-DCF:diskConfig": "AUTO", "acme:zone": 1}});
    let right = boot("right").to_string();
    let cloud = FakeCloud::start(move |got, url| match got.line.as_str() {
        "POST /v3/auth/tokens" => login(&[("compute", "One", "public", &format!("{url}/v2.1"))]),
        // It takes what is wrong, and refuses what is right.
        "POST /v2.1/servers" if got.body == right.as_bytes() => {
            let fault = json!({"badRequest": {"code": 400, "message": "Invalid input for field/attribute name."}});
            document("400 Bad Request", "", &fault.to_string())
        }
        _ => document("202 Accepted", "", &server.to_string()),
    });
    let recording = Recording::of(&cloud.url);
    let mut client = recording.logged_in();
    assert_eq!(client.ask("POST", SERVERS, Some(&bad_boot("vm1"))).status, 202);
    assert_eq!(client.ask("POST", SERVERS, Some(&boot("right"))).status, 400);
    let (ran, folder, interactions) = recording.end();
    assert_eq!(codes(&interactions[1]), ["not-yet", "answer-unknown-field", "accepted-though-wrong"]);
    assert_eq!(codes(&interactions[2]), ["refused-though-right"]);
    assert_eq!(ran.code, Some(40), "{}", ran.err);
    assert_eq!(folder.mockstack(&["verify", "session.jsonl"]).code, Some(40));
}

#[test]
fn a_field_of_the_clouds_own_is_allowed_with_a_reason() {
    let server =
        json!({"server": {"id": "1", "links": [], "security_groups": [], "OS-DCF:diskConfig": "AUTO", "acme:zone": 1}});
    let cloud = compute(move |_, _| document("202 Accepted", "", &server.to_string()));
    let folder = Folder::new();
    folder.write("mockstack.yaml", "extensions: [{pointer: '/server/acme:*', reason: its zones}]\n");
    let url = format!("{}/id/v3", cloud.url);
    let proxy = Serving::begin(&folder, &["record", "--auth-url", &url, "--record", "session.jsonl"]);
    assert_eq!(Client::log_in(&proxy.address).ask("POST", SERVERS, Some(&boot("vm1"))).status, 202);
    let ran = proxy.stop();
    assert!(ran.code == Some(0) && !ran.err.contains("unused"), "{}", ran.err);
    // The same holds for who judges the recording again.
    folder.write("none.yaml", "{}\n");
    for (code, arguments) in [(0, &[][..]), (40, &["--config", "none.yaml"])] {
        let again = folder.mockstack(&[&["verify", "session.jsonl"], arguments].concat());
        assert_eq!(again.code, Some(code), "{}", again.err);
        assert_eq!(folder.mockstack(&[&["convert", "session.jsonl", "copy.jsonl"], arguments].concat()).code, Some(0));
        assert_eq!(folder.mockstack(&["report", "copy.jsonl"]).code, Some(code));
    }
    assert_eq!(folder.mockstack(&["verify", "session.jsonl", "--config", "missing.yaml"]).code, Some(2));
    folder.write("mockstack.yaml", "extensions: [{pointer: '/server/acme:*'}]\n");
    let refused = folder.mockstack(&["record", "--auth-url", &url]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("a place needs a reason"), "{}", refused.err);
}

/// What was allowed for something that is no more is told, and fails nothing.
#[test]
fn a_decision_that_was_about_nothing_is_told() {
    let cloud = compute(|_, _| document("200 OK", "", "{\"servers\": []}"));
    let folder = Folder::new();
    folder.write("mockstack.yaml", "extensions: [{pointer: '/servers/*/acme:zone', reason: its zones}]\nkeep: [{pointer: /kept, reason: a mark}]\n");
    let url = format!("{}/id/v3", cloud.url);
    let begin = ["record", "--auth-url", &url, "--record", "session.jsonl", "--redact", "/redacted"];
    let proxy = Serving::begin(&folder, &begin);
    assert_eq!(Client::log_in(&proxy.address).ask("GET", SERVERS, None).status, 200);
    let ran = proxy.stop();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report = folder.mockstack(&["report", "session.jsonl"]);
    for entry in ["extensions /servers/*/acme:zone", "redact /redacted", "keep /kept"] {
        let told = format!("unused        {entry} matched nothing; drop it\n");
        assert!(ran.err.contains(&told) && report.out.contains(&told), "{}{}", ran.err, report.out);
    }
    let again = folder.mockstack(&["verify", "session.jsonl"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(again.err.contains("unused        extensions /servers/*/acme:zone matched nothing"), "{}", again.err);
    assert!(!again.err.contains("/kept"), "verify decides on no secrets: {}", again.err);
}

#[test]
fn no_secret_of_a_session_is_left_anywhere() {
    let secrets =
        ["Tr0ub4dor&3-password", "gAAAAABtoken-of-the-fake-cloud", "made-by-the-cloud-9Q", "MIIEowIBAAKCAQEAplanted"];
    let cloud = compute(|_, _| {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAplanted\n-----END RSA PRIVATE KEY-----\n";
        document(
            "202 Accepted",
            "",
            &json!({"server": {"id": "1", "adminPass": "made-by-the-cloud-9Q", "note": key, "links": []}}).to_string(),
        )
    });
    let recording = Recording::of(&format!("{}/id/v3", cloud.url));
    let mut client = recording.logged_in();
    let mut body = boot("vm1");
    body["server"]["adminPass"] = json!(secrets[0]);
    client.headers.push(("X-Auth-Token".to_owned(), secrets[1].to_owned()));
    let answer = client.ask("POST", SERVERS, Some(&body));
    assert!(answer.body.contains(secrets[2]), "the client gets what the cloud says");
    client.ask("GET", &format!("/compute/v2.1/servers?token={}", secrets[1]), None);
    let (ran, folder, _) = recording.end();
    let kept = folder.read("session.jsonl");
    for secret in secrets {
        assert!(!kept.contains(secret) && !ran.err.contains(secret), "{secret} is left");
    }
    assert!(!kept.contains(cloud.url.trim_start_matches("http://")), "the cloud is named");
}

/// What looks like a secret where nothing says that one stands is left out, and the run is not clean until somebody decides.
#[test]
fn what_may_be_a_secret_is_to_be_decided() {
    const ODD: &str = "x8Kq2LmZ7Rt4Wv9PbN3sYc";
    let cloud = compute(|_, _| {
        let server =
            json!({"id": "1", "links": [], "security_groups": [], "OS-DCF:diskConfig": "AUTO", "acme:mark": ODD});
        document("202 Accepted", "", &json!({"server": server}).to_string())
    });
    let recorded = |arguments: &[&str]| {
        let folder = Folder::new();
        folder.write("mockstack.yaml", "extensions: [{pointer: '/server/acme:*', reason: its marks}]\n");
        let url = format!("{}/id/v3", cloud.url);
        let begin = ["record", "--auth-url", &url, "--record", "session.jsonl"];
        let proxy = Serving::begin(&folder, &[&begin, arguments].concat());
        let answer = Client::log_in(&proxy.address).ask("POST", SERVERS, Some(&boot("vm1")));
        assert!(answer.body.contains(ODD), "the client gets it");
        let ran = proxy.stop();
        (ran, folder)
    };
    let (ran, folder) = recorded(&[]);
    assert_eq!((ran.code, folder.read("session.jsonl").contains(ODD)), (Some(44), false), "{}", ran.err);
    let place = "/server/acme:mark of compute.servers.create";
    assert!(ran.err.contains(place) && ran.err.contains("redacted      ") && !ran.err.contains(ODD), "{}", ran.err);
    let report = folder.mockstack(&["report", "session.jsonl"]);
    assert!(report.code == Some(44) && report.out.contains(place), "{}", report.out);
    let (ran, folder) = recorded(&["--redact", "/server/acme:mark"]);
    assert_eq!((ran.code, folder.read("session.jsonl").contains(ODD)), (Some(0), false), "{}", ran.err);
    let (ran, folder) = recorded(&["--keep", "/server/*:mark"]);
    assert_eq!((ran.code, folder.read("session.jsonl").contains(ODD)), (Some(0), true), "{}", ran.err);
}

/// A cloud with TLS whose certificate nobody knows; it speaks of itself with either scheme, as services behind a load balancer do.
fn cloud_with_tls() -> std::net::SocketAddr {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let pem = include_bytes!("localhost.pem");
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth();
    let config = config.with_single_cert(certificates, PrivateKeyDer::from_pem_slice(pem).unwrap()).unwrap();
    let config = std::sync::Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(std::sync::Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            let mut head = [0; 4096];
            // Whoever does not trust it says nothing.
            let Ok(_) = stream.read(&mut head) else { continue };
            let Say::Bytes(said) =
                document("200 OK", "", &format!("[\"http://{address}/v3\", \"https://{address}/v3\"]"))
            else {
                continue;
            };
            let _ = stream.write_all(&said);
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    address
}

#[test]
fn certificates_are_checked_unless_it_is_said_aloud() {
    let url = format!("https://{}/v3", cloud_with_tls());
    let pem = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/record/localhost.pem");
    let asked = |arguments: &[&str]| {
        let folder = Folder::new();
        let proxy = Serving::begin(&folder, &[&["record", "--auth-url", &url], arguments].concat());
        let answer = Client::new(&proxy.address).ask("GET", "/identity/v3", None);
        let here = format!("http://{}/identity/v3", proxy.address);
        (answer, here, proxy.stop().err)
    };
    for arguments in [&["--cacert", pem][..], &["--insecure"]] {
        let (answer, here, err) = asked(arguments);
        assert_eq!((answer.status, answer.json()), (200, json!([here, here])), "{err}");
        assert_eq!(err.contains("certificates are not verified"), arguments == ["--insecure"], "{err}");
    }
    let (answer, ..) = asked(&[]);
    assert_eq!(answer.status, 502);
    assert!(answer.body.contains("invalid peer certificate"), "{}", answer.body);
}

#[test]
fn a_cloud_of_clouds_yaml_is_recorded_and_the_command_finds_it_by_its_name() {
    let cloud = compute(|_, _| document("200 OK", "", "{}"));
    let folder = Folder::new();
    folder.write("clouds.yaml", &format!("clouds:\n  other: {{auth: {{auth_url: 'http://192.0.2.1/v3'}}}}\n  mine:\n    auth: {{auth_url: '{}/id/v3', username: demo, project_name: demo}}\n    region_name: One\n    compute_endpoint_override: {}/nova\n", cloud.url, cloud.url));
    folder.write("secure.yaml", "clouds: {mine: {auth: {password: 'very secret'}}}\n");
    let script = "stat -c %a $OS_CLIENT_CONFIG_FILE; cat $OS_CLIENT_CONFIG_FILE; echo \"$OS_CLOUD $OS_USERNAME $OS_PASSWORD $OS_AUTH_URL ${OS_TOKEN-none}\"; echo $OS_CLIENT_CONFIG_FILE > where";
    let mut command = folder.command(&["record", "--cloud", "mine", "--", "sh", "-c", script]);
    let ran = ran(command.env("OS_TOKEN", "of another").env_remove("OS_CLIENT_CONFIG_FILE"));
    let (mode, rest) = ran.out.split_once('\n').unwrap();
    let (yaml, variables) = rest.trim_end().rsplit_once('\n').unwrap();
    let yaml: Value = mockstack::base::json::from_str(yaml).unwrap();
    let mine = &yaml["clouds"]["mine"];
    let auth_url = mine["auth"]["auth_url"].as_str().unwrap();
    assert!(auth_url.starts_with("http://127.0.0.1:") && auth_url.ends_with("/identity/v3"), "{auth_url}");
    assert_eq!((mode, &mine["auth"]["password"], &mine["region_name"]), ("600", &json!("very secret"), &json!("One")));
    assert_eq!(
        (mine.get("compute_endpoint_override"), &yaml["clouds"]["other"]["auth"]["auth_url"]),
        (None, &json!("http://192.0.2.1/v3"))
    );
    assert_eq!(variables, format!("mine demo very secret {auth_url} none"));
    assert!(ran.err.contains("compute_endpoint_override of the cloud is ignored"), "{}", ran.err);
    assert_eq!(ran.code, Some(42), "nothing was asked");
    assert!(!std::path::Path::new(folder.read("where").trim()).exists(), "the file with the password is still there");
    let unknown = folder.mockstack(&["record", "--cloud", "mime"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("mine") && !unknown.err.contains("very secret"), "{}", unknown.err);
}
