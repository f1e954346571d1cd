//! A replay that asks a real cloud what was not recorded, and records it.

use mockstack::base::json::json;

use super::cloud::{document, login};
use super::compute;

use crate::common::wire::{ASK, Client, Folder, Ran, SERVERS, Serving, boot, ran};

const FLAVORS: &str = "/compute/v2.1/flavors/detail";

/// `mockstack ARGUMENTS -- ask.sh ASKS` by who may log in at the simulated cloud.
fn mockstack(folder: &Folder, arguments: &[&str], asks: &[&str]) -> Ran {
    let mut command = folder.command(&[arguments, &["--", ASK], asks].concat());
    let who = [("OS_USERNAME", "demo"), ("OS_PASSWORD", "secret"), ("OS_PROJECT_NAME", "demo")];
    ran(command.envs(who))
}

fn record(folder: &Folder, url: &str, asks: &[&str]) {
    let recorded = mockstack(folder, &["record", "--auth-url", url, "--record", "old.jsonl"], asks);
    assert_eq!(recorded.code, Some(0), "{}", recorded.err);
}

#[test]
fn what_was_not_recorded_is_recorded_and_replays_afterwards() {
    let (base, folder) = (Folder::new(), Folder::new());
    let upstream = Serving::start(&base, &["--no-fail"]);
    let url = format!("http://{}/identity", upstream.address);
    record(&folder, &url, &["GET", SERVERS, ""]);
    drop(upstream);
    // A cloud that is the same but for its address.
    let upstream = Serving::start(&base, &["--no-fail"]);
    let url = format!("http://{}/identity", upstream.address);
    let server = boot("vm1").to_string();
    let asks =
        ["GET", SERVERS, "", "GET", FLAVORS, "", "POST", SERVERS, &server, "GET", "/compute/v2.1/servers/{id}", ""];
    let on_miss = ["replay", "old.jsonl", "--on-miss", "record", "--auth-url", &url];
    let replayed = mockstack(&folder, &[&on_miss[..], &["--record", "new.jsonl"]].concat(), &asks);
    assert_eq!(replayed.code, Some(0), "{}", replayed.err);
    assert!(replayed.err.contains("note          3 new requests were recorded"), "{}", replayed.err);
    // The cloud was asked that alone, after a login.
    let upstream = upstream.stop();
    assert!(upstream.err.contains("4 requests, 4 accepted"), "{}", upstream.err);
    let new = folder.read("new.jsonl");
    assert!(!new.contains(&url) && !new.contains("\"secret\""), "{new}");
    let again = mockstack(&folder, &["replay", "new.jsonl"], &asks);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(again.err.contains("5 requests, 5 accepted") && !again.err.contains("not asked"), "{}", again.err);
    let report = folder.mockstack(&["report", "new.jsonl"]);
    assert!(report.out.contains("3 new requests were recorded"), "{report:?}");
    // The header is the old one's: the new recording is as old as what it took over.
    let header = |name: &str| folder.read(name).lines().next().unwrap().to_owned();
    assert_eq!(header("old.jsonl"), header("new.jsonl"));
}

#[test]
fn without_a_miss_nobody_is_asked_and_with_one_a_cloud_that_is_not_there_fails() {
    let (base, folder) = (Folder::new(), Folder::new());
    let upstream = Serving::start(&base, &["--no-fail"]);
    record(&folder, &format!("http://{}/identity", upstream.address), &["GET", SERVERS, ""]);
    drop(upstream);
    let nowhere = "http://127.0.0.1:1/identity/v3";
    let on_miss = ["replay", "old.jsonl", "--on-miss", "record", "--auth-url", nowhere, "--record", "new.jsonl"];
    let clean = mockstack(&folder, &on_miss, &["GET", SERVERS, ""]);
    assert_eq!(clean.code, Some(0), "{}", clean.err);
    let missed = mockstack(&folder, &on_miss, &["GET", FLAVORS, ""]);
    assert_eq!(missed.code, Some(40), "{}", missed.err);
    assert!(missed.err.contains("got no complete answer from the cloud"), "{}", missed.err);
}

/// The token of the real cloud is known here alone, and the client never gets it.
#[test]
fn the_token_of_the_cloud_stays_between_it_and_us() {
    let token = "gAAAAABtoken-of-the-fake-cloud";
    let cloud = compute(move |line, url| match line {
        "GET /nova/v2.1/servers" => document("200 OK", "", "{\"servers\": []}"),
        "GET /id/v3/auth/tokens" => login(&[("compute", "One", "public", &format!("{url}/nova/v2.1"))]),
        _ => document("200 OK", "", "{\"flavors\": []}"),
    });
    let folder = Folder::new();
    let url = format!("{}/id/v3", cloud.url);
    let proxy = Serving::begin(&folder, &["record", "--auth-url", &url, "--record", "old.jsonl"]);
    let mut client = Client::log_in(&proxy.address);
    assert_eq!(client.ask("GET", SERVERS, None).status, 200);
    drop(client);
    proxy.stop();
    let mut command =
        folder.command(&["replay", "old.jsonl", "--on-miss", "record", "--auth-url", &url, "--record", "new.jsonl"]);
    command.envs([("OS_USERNAME", "demo"), ("OS_PASSWORD", "rosebud-of-the-cloud"), ("OS_PROJECT_NAME", "demo")]);
    let replay = Serving::of(command);
    let mut client = Client::log_in(&replay.address);
    let own = client.token().to_owned();
    assert_ne!(own, token);
    let flavors = client.ask("GET", FLAVORS, None);
    assert_eq!((flavors.status, flavors.json()), (200, json!({"flavors": []})));
    client.headers.push(("X-Subject-Token".to_owned(), own.clone()));
    let shown = client.ask("GET", "/identity/v3/auth/tokens", None);
    assert_eq!(shown.all("X-Subject-Token"), [own.as_str()]);
    assert!(!shown.body.contains(token), "{}", shown.body);
    drop(client);
    let ended = replay.stop();
    assert!(ended.err.contains("2 new requests were recorded"), "{}", ended.err);
    for text in [folder.read("new.jsonl"), ended.err] {
        assert!(!text.contains(token) && !text.contains("rosebud") && !text.contains(&own), "{text}");
    }
    let asked: Vec<_> = cloud
        .got()
        .into_iter()
        .filter(|got| got.line.contains("flavors") || got.line == "GET /id/v3/auth/tokens")
        .collect();
    assert!(asked.iter().all(|got| got.head.contains(token) && !got.head.contains(&own)), "{asked:?}");
}

#[test]
fn it_needs_a_cloud_and_a_file_of_its_own() {
    let (base, folder) = (Folder::new(), Folder::new());
    let upstream = Serving::start(&base, &["--no-fail"]);
    record(&folder, &format!("http://{}/identity", upstream.address), &["GET", SERVERS, ""]);
    let replay = ["replay", "old.jsonl"];
    let url = ["--auth-url", "http://127.0.0.1:1"];
    for (arguments, told) in [
        ([&["--on-miss", "record", "--record", "new.jsonl"][..], &[]].concat(), "no real cloud was given"),
        ([&["--on-miss", "record"][..], &url].concat(), "needs a file for the new recording"),
        ([&["--on-miss", "record", "--record", "old.jsonl"][..], &url].concat(), "a file is given twice"),
        (url.to_vec(), "nothing would be sent to it"),
    ] {
        let refused = mockstack(&folder, &[&replay[..], &arguments].concat(), &[]);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.err);
        assert!(refused.err.contains(told), "{arguments:?}: {}", refused.err);
    }
}
