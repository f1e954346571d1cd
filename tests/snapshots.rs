//! Snapshots as a CI job and its people meet them: pending, accepted, changed, unreferenced.

use std::io::Write;
use std::process::Command;

use mockstack::base::json::{Value, json};

use crate::common::wire::{self, ASK, Client, Folder, Ran, SERVERS, Serving, boot};

const BOOT: &str = "snapshots/default/compute.servers.create@1.snap";
const LOGIN: &str = "snapshots/default/identity.tokens.create@1.snap";

/// `mockstack run` with these options and a client that boots these servers, in CI.
fn boots(folder: &Folder, options: &[&str], bodies: &[Value]) -> Ran {
    let bodies: Vec<String> = bodies.iter().map(Value::to_string).collect();
    let asks: Vec<&str> = bodies.iter().flat_map(|body| ["POST", SERVERS, body]).collect();
    in_ci(folder, options, &asks)
}

fn in_ci(folder: &Folder, options: &[&str], asks: &[&str]) -> Ran {
    folder.in_ci(&[&["run", "--snapshots", "snapshots"], options, &["--", ASK], asks].concat())
}

/// A folder with the accepted snapshots of a login and these boots.
fn accepted(bodies: &[Value]) -> Folder {
    let folder = Folder::new();
    assert_eq!(boots(&folder, &[], bodies).code, Some(43));
    assert_eq!(folder.mockstack(&["accept"]).code, Some(0));
    folder
}

#[test]
fn a_run_is_accepted_then_green_then_changed() {
    let folder = Folder::new();
    let first = boots(&folder, &[], &[boot("vm1")]);
    assert_eq!(first.code, Some(43), "{}", first.err);
    assert_eq!(folder.files("snapshots"), [format!("{BOOT}.new"), format!("{LOGIN}.new")]);
    assert!(first.err.contains("verdict       snapshots (exit code 43)"), "{}", first.err);

    let review = folder.mockstack(&["review"]);
    assert!(review.out.contains(BOOT) && review.out.contains(r#"+    "name": "vm1","#), "{}", review.out);
    assert_eq!(folder.files("snapshots").len(), 2, "a review changes nothing");
    assert!(folder.mockstack(&["accept"]).out.ends_with("2 accepted\n"));
    assert_eq!(folder.files("snapshots"), [BOOT, LOGIN]);
    insta::assert_snapshot!("accepted boot", folder.read(BOOT));

    for _ in 0..2 {
        let again = boots(&folder, &[], &[boot("vm1")]);
        assert_eq!(again.code, Some(0), "{}", again.err);
        assert!(again.err.contains("snapshots     2 matched, 0 missing, 0 changed, 0 unreferenced"), "{}", again.err);
    }
    let changed = boots(&folder, &[], &[boot("vm2")]);
    assert_eq!(changed.code, Some(43));
    insta::assert_snapshot!("changed boot", changed.err.trim_start());
    assert_eq!(folder.files("snapshots"), [BOOT, &format!("{BOOT}.new"), LOGIN]);
    assert_eq!(folder.mockstack(&["reject"]).code, Some(0));
    assert_eq!(boots(&folder, &[], &[boot("vm1")]).code, Some(0));
    assert_eq!(folder.files("snapshots"), [BOOT, LOGIN], "nothing is left of it");
}

#[test]
fn some_are_accepted_and_others_rejected() {
    let folder = Folder::new();
    boots(&folder, &[], &[boot("vm1"), boot("vm2")]);
    let second = BOOT.replace("@1", "@2");
    assert!(folder.mockstack(&["accept", "--operation", "identity.tokens.create"]).out.ends_with("1 accepted\n"));
    assert!(folder.mockstack(&["reject", &second]).out.ends_with("1 rejected\n"));
    assert_eq!(folder.files("snapshots"), [format!("{BOOT}.new"), LOGIN.to_owned()]);
    let absolute = folder.path(&format!("{BOOT}.new")).display().to_string();
    assert!(folder.mockstack(&["accept", &absolute]).out.ends_with("1 accepted\n"));
    assert_eq!(folder.files("snapshots"), [BOOT, LOGIN]);
    let nothing = folder.mockstack(&["accept", &second]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.out);
    assert!(nothing.err.contains("compute.servers.create@2.snap"), "{}", nothing.err);
    let no_folder = folder.mockstack(&["accept", "--snapshots", "elsewhere"]);
    assert_eq!(no_folder.code, Some(2), "{}", no_folder.out);
}

#[test]
fn a_snapshot_that_nothing_met_fails_unless_the_run_is_a_shard() {
    let folder = accepted(&[boot("vm1"), boot("vm2")]);
    let less = boots(&folder, &[], &[boot("vm1")]);
    assert_eq!(less.code, Some(43), "{}", less.err);
    assert!(less.err.contains(&format!("snapshot unreferenced: {}", BOOT.replace("@1", "@2"))), "{}", less.err);
    assert_eq!(boots(&folder, &["--partial"], &[boot("vm1")]).code, Some(0));
    let new = boots(&folder, &["--partial"], &[boot("vm3")]);
    assert_eq!(new.code, Some(43), "what is new fails a shard too: {}", new.err);
}

#[test]
fn shards_keep_each_others_pending_snapshots() {
    let folder = Folder::new();
    for name in ["vm1", "vm2", "vm1"] {
        assert_eq!(boots(&folder, &["--partial"], &[boot(name)]).code, Some(43));
    }
    let second = BOOT.replace("@1", "@2");
    assert_eq!(folder.files("snapshots"), [format!("{BOOT}.new"), format!("{second}.new"), format!("{LOGIN}.new")]);
    folder.mockstack(&["accept"]);
    assert_eq!(boots(&folder, &[], &[boot("vm2"), boot("vm1")]).code, Some(0));
}

#[test]
fn scenarios_have_folders_of_their_own() {
    let folder = accepted(&[boot("vm1")]);
    let other = boots(&folder, &["--scenario", "nightly@2024.1"], &[boot("vm2")]);
    assert_eq!(other.code, Some(43));
    assert_eq!(folder.files("snapshots/nightly@2024.1").len(), 2);
    assert_eq!(
        boots(&folder, &[], &[boot("vm1")]).code,
        Some(0),
        "the pending ones of another scenario are not its own"
    );
    assert_eq!(folder.files("snapshots/nightly@2024.1").len(), 2);
}

/// `mockstack serve` in CI, and a boot of each name by the test of that label, in a project of its own. The codes are those of the
/// projects' verdicts and that of the run.
fn suite(folder: &Folder, options: &[&str], tests: &[(&str, &str)]) -> (Vec<Value>, Ran) {
    let mut command = folder.command(&[&["serve", "--snapshots", "snapshots"], options].concat());
    let serving = Serving::of({
        command.env("CI", "true");
        command
    });
    let of_test = |(label, name): &(&str, &str)| {
        let mut client = Client::new(&serving.address);
        let made = client.ask("POST", "/__mockstack/projects", Some(&json!({"test": label}))).json();
        let domain = json!({"name": "Default"});
        let user = json!({"name": made["user"], "password": made["password"], "domain": domain});
        let login = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": made["name"], "domain": domain}}}});
        let token = client.ask("POST", "/identity/v3/auth/tokens", Some(&login)).all("X-Subject-Token")[0].to_owned();
        client.headers.push(("X-Auth-Token".to_owned(), token));
        assert_eq!(client.ask("POST", SERVERS, Some(&boot(name))).status, 202);
        let gone = format!("/__mockstack/projects/{}", made["name"].as_str().unwrap());
        client.ask("DELETE", &gone, None).json()["exit_code"].clone()
    };
    (tests.iter().map(of_test).collect(), serving.stop())
}

#[test]
fn each_test_has_a_folder_and_the_verdict_of_its_project_says_what_changed() {
    let folder = Folder::new();
    let tests = [("t.py::one", "vm1"), ("t.py::two", "vm2"), ("t.py//two", "vm3")];
    let (codes, run) = suite(&folder, &[], &tests);
    assert_eq!((codes, run.code), (vec![json!(43), json!(43), json!(43)], Some(43)), "{}", run.err);
    assert!(run.err.contains("snapshot missing: compute.servers.create of t.py::one   pending in"), "{}", run.err);
    let of = |label: &str, operation: &str, number| format!("snapshots/{label}/{operation}@{number}.snap");
    let (boots, logins) = ("compute.servers.create", "identity.tokens.create");
    let all = [
        of("t.py__one", boots, 1),
        of("t.py__one", logins, 1),
        of("t.py__two", boots, 1),
        of("t.py__two", boots, 2),
        of("t.py__two", logins, 1),
        of("t.py__two", logins, 2),
    ];
    folder.mockstack(&["accept"]);
    assert_eq!(folder.files("snapshots"), all, "the names of two tests lead to one folder");
    insta::assert_snapshot!("accepted boot of a test", folder.read(&all[0]));

    let (codes, run) = suite(&folder, &[], &[tests[2], tests[0], tests[1]]);
    assert_eq!((codes, run.code), (vec![json!(0), json!(0), json!(0)], Some(0)), "in any order: {}", run.err);
    let (codes, run) = suite(&folder, &[], &[("t.py::one", "other"), tests[1], tests[2]]);
    assert_eq!((codes, run.code), (vec![json!(43), json!(0), json!(0)], Some(43)), "{}", run.err);
    assert_eq!(run.err.matches("snapshot changed").count(), 1, "{}", run.err);
    let (codes, run) = suite(&folder, &[], &tests[..2]);
    assert_eq!((codes, run.code), (vec![json!(0), json!(0)], Some(43)), "nothing is wrong with those that ran");
    assert!(run.err.contains("0 missing, 0 changed, 2 unreferenced"), "{}", run.err);
    assert_eq!(suite(&folder, &["--partial"], &tests[..2]).1.code, Some(0), "a shard has some of the tests");

    let (_, run) = suite(&folder, &["--scenario", "old"], &tests[..1]);
    assert!(run.err.contains("2 missing, 0 changed, 0 unreferenced"), "another scenario is its own: {}", run.err);
    assert_eq!(folder.files("snapshots/old").len(), 2);
    assert_eq!(suite(&folder, &[], &tests).1.code, Some(0));
}

/// A name that the client makes up stands in the body of a boot, in the query of a search and in a path.
#[test]
fn made_up_names_are_masked_wherever_they_stand() {
    for (mask, shown) in [("/server/name", "? name=[masked]"), ("/server/name=[0-9a-f]{6}$", "? name=job-[masked]")] {
        let folder = Folder::new();
        let run = |name: &str| {
            let (body, search) = (boot(name).to_string(), format!("{SERVERS}?name={name}"));
            let wrong = format!("{SERVERS}/{name}");
            in_ci(&folder, &["--mask", mask], &["POST", SERVERS, &body, "GET", &search, "", "GET", &wrong, ""])
        };
        assert_eq!(run("job-4f3a9c").code, Some(43));
        folder.mockstack(&["accept"]);
        let again = run("job-77aa01");
        assert_eq!(again.code, Some(0), "{}", again.err);
        let texts: Vec<String> = folder.files("snapshots").iter().map(|file| folder.read(file)).collect();
        assert!(texts.iter().all(|text| !text.contains("4f3a9c")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains(shown)), "{texts:?}");
    }
    let wrong = Folder::new().mockstack(&["run", "--mask", "server", "--", "true"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
}

#[test]
fn a_double_boot_is_one_more_and_repeated_reads_are_not() {
    let folder = accepted(&[boot("vm1")]);
    let twice = boots(&folder, &[], &[boot("vm1"), boot("vm1")]);
    assert_eq!(twice.code, Some(43), "{}", twice.err);
    assert!(twice.err.contains("snapshots     2 matched, 1 missing, 0 changed, 0 unreferenced"), "{}", twice.err);
    let folder = Folder::new();
    in_ci(&folder, &[], &["GET", SERVERS, "", "GET", SERVERS, "", "GET", SERVERS, ""]);
    assert_eq!(folder.files("snapshots").len(), 2, "a login and a list");
}

#[test]
fn ids_are_told_by_what_they_name() {
    let folder = Folder::new();
    let (body, path) = (boot("vm1").to_string(), format!("{SERVERS}/{{id}}"));
    in_ci(&folder, &["--seed", "7"], &["POST", SERVERS, &body, "GET", &path, "", "DELETE", &path, ""]);
    let shown = folder.read("snapshots/default/compute.servers.show@1.snap.new");
    assert!(shown.contains("GET /compute/v2.1/servers/[server vm1]\n"), "{shown}");
    assert!(folder.read(&format!("{BOOT}.new")).contains(r#""imageRef": "[image cirros]""#));
    folder.mockstack(&["accept"]);
    let other_ids = in_ci(&folder, &["--seed", "8"], &["POST", SERVERS, &body, "GET", &path, "", "DELETE", &path, ""]);
    assert_eq!(other_ids.code, Some(0), "{}", other_ids.err);
}

/// Of two boots one changes: its diff is with the one that it was.
#[test]
fn a_change_is_told_beside_the_nearest() {
    let mut small = boot("small");
    small["server"]["metadata"] = json!({"a": "1", "b": "2"});
    let folder = accepted(&[boot("big"), small.clone()]);
    small["server"]["metadata"]["a"] = json!("3");
    let changed = boots(&folder, &[], &[small]);
    assert!(changed.err.contains("1 changed, 1 unreferenced"), "{}", changed.err);
    assert!(changed.err.contains("-      \"a\": \"1\",\n  +      \"a\": \"3\","), "{}", changed.err);
}

#[test]
fn outside_of_ci_differences_are_told_and_do_not_fail() {
    let folder = Folder::new();
    let body = boot("vm1").to_string();
    let arguments = ["run", "--snapshots", "snapshots", "--", ASK, "POST", SERVERS, &body];
    let ran = folder.mockstack(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("2 missing") && ran.err.contains("snapshot missing: compute.servers.create"),
        "{}",
        ran.err
    );
    for value in ["", "0", "false"] {
        assert_eq!(wire::ran(folder.command(&arguments).env("CI", value)).code, Some(0), "CI={value:?}");
    }
    assert_eq!(wire::ran(folder.command(&arguments).env("CI", "1")).code, Some(43));
}

/// Inside a Cargo project, `cargo insta` reads what we leave pending.
#[test]
fn cargo_insta_reads_them() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "[package]\nname = \"client\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    std::fs::create_dir(folder.path("src")).unwrap();
    folder.write("src/lib.rs", "");
    let insta = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        wire::ran(command.arg("insta").args(arguments).current_dir(folder.0.path()).env("CARGO_NET_OFFLINE", "true"))
    };
    if insta(&["--version"]).code != Some(0) {
        // Past the capture of the test harness: a skip must be seen.
        let why = b"SKIPPED cargo_insta_reads_them: there is no `cargo insta` (cargo install cargo-insta)\n";
        std::io::stderr().write_all(why).unwrap();
        return;
    }
    boots(&folder, &[], &[boot("vm1")]);
    let pending = insta(&["pending-snapshots"]);
    assert!(pending.out.contains(BOOT) && pending.out.contains(LOGIN), "{pending:?}");
    let accepted = insta(&["accept"]);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    assert_eq!(folder.files("snapshots"), [BOOT, LOGIN]);
    let again = boots(&folder, &[], &[boot("vm1")]);
    assert_eq!(again.code, Some(0), "{}", again.err);
}
