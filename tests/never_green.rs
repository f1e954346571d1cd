//! No run is green that should not be: every exit code is provoked once, and the table of it in docs/exit-codes.md is what was
//! seen. `BLESS=1 cargo test --test main never_green::` writes it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use mockstack::report::EXITS;

use crate::common::bless;
use crate::common::wire::{ASK, Folder, Ran, SERVERS, bad_boot, boot, ran};

/// A way to provoke an exit code.
struct Case {
    how: &'static str,
    code: i32,
    /// A part of what is printed.
    told: &'static str,
    provoke: fn(&Folder) -> Ran,
}

const fn case(code: i32, how: &'static str, told: &'static str, provoke: fn(&Folder) -> Ran) -> Case {
    Case { how, code, told, provoke }
}

const CASES: &[Case] = &[
    case(0, "a login and a right boot", "verdict       clean", |f| {
        client(f, &[], &["POST", SERVERS, &boot("vm1").to_string()])
    }),
    case(
        0,
        "an `--allow` that nothing used: it is reported, and is not a failure",
        "--allow not-yet allowed nothing",
        |f| client(f, &["--allow", "not-yet"], &[]),
    ),
    case(
        0,
        "a client that asks the URLs of the catalog themselves, and those one step up",
        "verdict       clean",
        |f| {
            let project = "36e1c9b9c0ff4f64ac6deada445d4d3b";
            let asked = ["/identity", "/compute", "/compute/v2.1", "/image", "/network", "/volume", "/volume/v3"]
                .map(str::to_owned);
            let asked = asked.into_iter().chain([format!("/volume/v3/{project}"), format!("/volume/v3/{project}/")]);
            let asks: Vec<String> = asked.flat_map(|path| ["GET".to_owned(), path, String::new()]).collect();
            client(f, &[], &asks.iter().map(String::as_str).collect::<Vec<_>>())
        },
    ),
    case(0, "a browser that looks at `/` and `/favicon.ico`", "2 requests, 2 accepted", |f| {
        client(f, &[], &["GET", "/", "", "GET", "/favicon.ico", "", "GET", SERVERS, ""])
    }),
    case(1, "`healthcheck` where nothing listens", "no cloud answers", |f| {
        f.mockstack(&["healthcheck", "http://127.0.0.1:9"])
    }),
    case(1, "`healthcheck` where something else answers", "something else answers there, with 204", |f| {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", other.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut client, _) = other.accept().unwrap();
            let _ = client.read(&mut [0; 1024]);
            client.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
        });
        f.mockstack(&["healthcheck", &url])
    }),
    case(1, "`healthcheck` of what takes the connection and says nothing", "did not answer in time", |f| {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        f.mockstack(&["healthcheck", "--timeout", "0.2", &format!("http://{}", silent.local_addr().unwrap())])
    }),
    case(2, "`healthcheck` of what is no URL", "expected a URL", |f| f.mockstack(&["healthcheck", "127.0.0.1:8774"])),
    case(2, "a fixture that does not exist", "no-such.yaml", |f| client(f, &["--fixtures", "no-such.yaml"], &[])),
    case(2, "a report that cannot be written", "cannot write the json report", |f| {
        client(f, &["--report", "json=no/such/folder/report.json"], &[])
    }),
    case(2, "a report over the recording", "a file is given twice", |f| {
        client(f, &["--record", "one.jsonl", "--report", "json=./one.jsonl"], &[])
    }),
    case(2, "`report` over its own recording", "a file is given twice", |f| {
        client(f, &["--record", "recording.jsonl"], &["GET", SERVERS, ""]);
        f.mockstack(&["report", "recording.jsonl", "--output", "recording.jsonl"])
    }),
    case(2, "a report that cannot be written when the run is over", "cannot write the json report", |f| {
        std::fs::create_dir(f.path("gone")).unwrap();
        let script =
            ["run", "--record", "recording.jsonl", "--report", "json=gone/report.json", "--report", "text=told.txt"];
        let ran = f.mockstack(&[&script[..], &["--", "sh", "-c", "rm -r gone; exec \"$0\"", ASK]].concat());
        agreed(f, ran)
    }),
    case(2, "a report to standard output that is full (`/dev/full`)", "cannot write the json report", |f| {
        let options =
            ["run", "--record", "recording.jsonl", "--report", "json=-", "--report", "text=told.txt", "--", ASK];
        let ran = ran_with(f.command(&options).stdout(full()));
        agreed(f, ran)
    }),
    case(2, "snapshots that cannot be compared", "cannot compare the snapshots", |f| {
        let options = ["run", "--record", "recording.jsonl", "--report", "text=told.txt", "--snapshots", "snapshots"];
        let script = ["--", "sh", "-c", "echo a file, no folder >snapshots; exec \"$0\"", ASK];
        let ran = f.mockstack(&[&options[..], &script].concat());
        agreed(f, ran)
    }),
    case(2, "standard output that is full", "cannot write to standard output", |f| {
        for arguments in [&["explain", "not-yet"][..], &["contract", "list"], &["run", "--print-config", "--", "true"]]
        {
            let ran = ran_with(f.command(arguments).stdout(full()));
            assert!(
                ran.code == Some(2) && ran.err.contains("cannot write to standard output"),
                "{arguments:?} {ran:?}"
            );
        }
        ran_with(f.command(&["explain"]).stdout(full()))
    }),
    case(2, "`report` of a file that is not a recording", "this is not a recording", |f| {
        f.write("recording.jsonl", "{}\n");
        f.mockstack(&["report", "recording.jsonl"])
    }),
    case(2, "`convert` to a disk that is full (`/dev/full`)", "cannot write the converted file", |f| {
        recorded(f, "recording.jsonl", &[]);
        f.mockstack(&["convert", "recording.jsonl", "/dev/full", "--to", "har"])
    }),
    case(40, "a boot with a field that its microversion does not have", "1 request broke its contract", |f| {
        client(f, &[], &["POST", SERVERS, &bad_boot("vm1").to_string()])
    }),
    case(40, "a boot that names an image that does not exist", "1 request broke its contract", |f| {
        let mut body = boot("vm1");
        body["server"]["imageRef"] = "11111111-2222-3333-4444-555555555555".into();
        client(f, &[], &["POST", SERVERS, &body.to_string()])
    }),
    case(40, "a login by name without a domain", "/auth/identity/password/user/domain", |f| {
        let body = r#"{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "password": "secret"}}}}}"#;
        client(f, &[], &["POST", "/identity/v3/auth/tokens", body])
    }),
    case(40, "a refusal that `--deny` names", "1 request broke its contract", |f| {
        client(f, &["--deny", "not-found"], &["GET", &format!("{SERVERS}/11111111-2222-3333-4444-555555555555"), ""])
    }),
    case(40, "a server that is left behind, with `--deny leftover`", "server vm1 was left behind", |f| {
        client(f, &["--deny", "leftover"], &["POST", SERVERS, &boot("vm1").to_string()])
    }),
    case(0, "the same when it is deleted", "verdict       clean", |f| {
        let path = format!("{SERVERS}/{{id}}");
        client(f, &["--deny", "leftover"], &["POST", SERVERS, &boot("vm1").to_string(), "DELETE", &path, ""])
    }),
    case(41, "a request to a path that no operation has", "1 request matched no operation", |f| {
        client(f, &[], &["GET", "/nowhere", ""])
    }),
    case(41, "a fault that never happened", "the fault rate-limited@compute.servers.create never happened", |f| {
        client(f, &["--fault", "rate-limited"], &["GET", SERVERS, ""])
    }),
    case(0, "a fault that the client took well", "fault         rate-limited@compute.servers.create ×1", |f| {
        client(f, &["--fault", "rate-limited"], &["POST", SERVERS, &boot("vm1").to_string(), "GET", SERVERS, ""])
    }),
    case(40, "a fault that the client took badly", "too early: retried", |f| {
        let vm1 = boot("vm1").to_string();
        client(f, &["--fault", "rate-limited"], &["POST", SERVERS, &vm1, "POST", SERVERS, &vm1])
    }),
    case(40, "a page of a list that the client never asks for", "never asked for the next page", |f| {
        let fixture = f.write("two.yaml", "resources: {servers: [{name: a, flavor: m1.tiny, image: cirros}, {name: b, flavor: m1.tiny, image: cirros}]}\n");
        let options = ["--fault", "one-per-page", "--fixtures", fixture.to_str().unwrap()];
        client(f, &options, &["GET", &format!("{SERVERS}/detail"), ""])
    }),
    case(2, "a fault that does not exist", "no fault is called \"rate-limit\"", |f| {
        client(f, &["--fault", "rate-limit"], &["GET", SERVERS, ""])
    }),
    case(41, "`replay` asked for what was never recorded", "1 request was never recorded", |f| {
        replayed(f, &[], &["GET", "/compute/v2.1/flavors/1", ""])
    }),
    case(
        41,
        "`replay` asked for a recorded write once more",
        "1 request was sent more often than it was recorded",
        |f| {
            let create = pair("k1");
            replayed(f, &[], &["POST", PAIRS, &create, "POST", PAIRS, &create])
        },
    ),
    case(41, "`replay` asked to delete what is not created yet", "1 request came earlier than it was recorded", |f| {
        replayed(f, &[], &["DELETE", "/compute/v2.1/os-keypairs/k1", ""])
    }),
    case(41, "`replay --strict` that does not send recorded writes", "2 recorded writes were not sent", |f| {
        let ran = replayed(
            f,
            &["--report", "text=told.txt", "--record", "recording.jsonl", "--strict"],
            &["GET", SERVERS, ""],
        );
        agreed(f, ran)
    }),
    case(0, "`replay` that does not send recorded writes", "not asked     request 4 (DELETE", |f| {
        replayed(f, &[], &["GET", SERVERS, ""])
    }),
    case(0, "`replay --strict` that may leave out a delete", "1 recorded write was not sent", |f| {
        let allowed = ["--strict", "--allow", "not-asked@keypairs.delete"];
        let ran = replayed(f, &allowed, &["GET", SERVERS, ""]);
        assert_eq!(ran.code, Some(41), "{ran:?}");
        let rest = replayed(f, &allowed, &["POST", PAIRS, &pair("k1"), "GET", SERVERS, ""]);
        Ran { err: ran.err + &rest.err, ..rest }
    }),
    case(
        41,
        "`replay --max-age` of a recording that is older",
        "days old, and --max-age allows 30 days: record it again",
        |f| {
            let made = r#","cloud":{"host":"0123456789ab","login":"/identity","time":"2026-01-31T12:00:00Z"}}"#;
            let ran = aged(f, made, "30d");
            agreed(f, ran)
        },
    ),
    case(0, "`replay --max-age` of a recording that is younger", "verdict       clean", |f| {
        let now = jiff::Timestamp::now();
        aged(f, &format!(r#","cloud":{{"host":"0123456789ab","login":"/identity","time":"{now}"}}}}"#), "90m")
    }),
    case(
        41,
        "`replay --max-age` of a recording that does not say when it was made",
        "does not say when it was made",
        |f| aged(f, "}", "12h"),
    ),
    case(2, "`replay --max-age` that is none", "such as 30d, 12h or 90m", |f| aged(f, "}", "30 days")),
    case(41, "a test that expects a refusal which does not happen", "t expected quota, which did not happen", |f| {
        let label = r#"{"test": "t", "expect": ["quota"]}"#;
        client(f, &[], &["POST", "/__mockstack/label", label, "GET", SERVERS, ""])
    }),
    case(42, "a command that asks nothing", "no request arrived", |f| f.mockstack(&["run", "--", "true"])),
    case(42, "a client whose requests are all refused", "the only request was not accepted", |f| {
        f.mockstack(&["run", "--", "sh", "-c", "curl -s ${OS_AUTH_URL%/identity}/compute/v2.1/servers"])
    }),
    case(42, "a client whose requests are all refused except the login", "only logins and version documents", |f| {
        let asks = r#"curl -s "$OS_AUTH_URL/v3"; "$0"; curl -s ${OS_AUTH_URL%/identity}/compute/v2.1/servers"#;
        f.mockstack(&["run", "--", "sh", "-c", asks, ASK])
    }),
    case(42, "`diff` of recordings in which nothing was asked", "0 requests compared", |f| {
        f.mockstack(&["run", "--record", "recording.jsonl", "--", "true"]);
        f.mockstack(&["diff", "recording.jsonl", "recording.jsonl"])
    }),
    case(43, "in CI, a request without a snapshot", "2 missing, 0 changed, 0 unreferenced", |f| {
        snapshots(f, &["POST", SERVERS, &boot("vm1").to_string()])
    }),
    case(43, "in CI, a boot that differs from its snapshot", "0 missing, 1 changed, 0 unreferenced", |f| {
        snapshots(f, &["POST", SERVERS, &boot("vm1").to_string()]);
        f.mockstack(&["accept"]);
        snapshots(f, &["POST", SERVERS, &boot("vm2").to_string()])
    }),
    case(43, "in CI, a snapshot that no request met", "0 missing, 0 changed, 1 unreferenced", |f| {
        snapshots(f, &["POST", SERVERS, &boot("vm1").to_string()]);
        f.mockstack(&["accept"]);
        snapshots(f, &[])
    }),
    case(44, "`--record` to a disk that is full (`/dev/full`)", "No space left on device", |f| {
        client(f, &["--record", "/dev/full"], &[])
    }),
    case(44, "a disk that fills up within the run", "the recording is incomplete", fills_up),
    case(44, "`--record` into a folder that does not exist", "cannot write the recording", |f| {
        client(f, &["--record", "no/such/folder/recording.jsonl"], &[])
    }),
    case(44, "`report` of a recording whose last line was cut off", "was cut", |f| cut(f, |text| text.len() - 7)),
    case(44, "`report` of a recording without an end", "the run did not finish", |f| {
        cut(f, |text| text.rfind("{\"end\"").unwrap())
    }),
    case(44, "`report` of a recording in which a line is lost", "has sequence 3, expected 2", |f| {
        changed(f, |lines| {
            lines.remove(2);
        })
    }),
    case(44, "`report` of a recording in which a line is doubled", "has sequence 2, expected 3", |f| {
        changed(f, |lines| {
            lines.insert(2, lines[2].clone());
        })
    }),
    case(44, "`report` of a recording in which lines are swapped", "has sequence 2, expected 1", |f| {
        changed(f, |lines| {
            lines.swap(1, 2);
        })
    }),
    case(44, "`report` of a recording whose last lines are lost", "it has 2 requests, but its end says 3", |f| {
        changed(f, |lines| {
            lines.remove(3);
        })
    }),
    case(44, "`report` of a recording to which a line was added", "comes after its end", |f| {
        changed(f, |lines| {
            lines.push(lines[1].clone());
        })
    }),
    case(44, "`convert` of a recording without an end", "the run did not finish", |f| {
        cut(f, |text| text.rfind("{\"end\"").unwrap());
        f.mockstack(&["convert", "recording.jsonl", "recording.har"])
    }),
    case(44, "`verify` of a recording whose end says something else", "its last line cannot be read", |f| {
        client(f, &["--record", "recording.jsonl"], &["GET", SERVERS, ""]);
        f.write("odd.jsonl", &f.read("recording.jsonl").replace("\"command\":0", "\"command\":\"x\""));
        f.mockstack(&["verify", "odd.jsonl"])
    }),
    case(44, "`replay` of a recording whose last line was cut off", "is incomplete and cannot be replayed", |f| {
        client(f, &["--record", "recording.jsonl"], &["GET", SERVERS, ""]);
        let whole = f.read("recording.jsonl");
        f.write("cut.jsonl", &whole[..whole.len() - 5]);
        f.mockstack(&["replay", "cut.jsonl", "--", "true"])
    }),
    case(45, "`serve` that cannot print its address (`/dev/full`)", "cannot serve", |f| {
        ran_with(f.command(&["serve"]).stdout(full()))
    }),
    case(45, "too few file descriptors (`ulimit -n 7`)", "cannot serve", |f| {
        let mut command = Command::new("sh");
        command.args(["-c", r#"ulimit -n 7; exec "$@""#, "sh", env!("CARGO_BIN_EXE_mockstack"), "run", "--", "true"]);
        ran(command.current_dir(f.0.path()))
    }),
    case(45, "`--listen` on a port that is taken", "cannot serve", |f| {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        client(f, &["--listen", &taken.local_addr().unwrap().to_string()], &[])
    }),
    case(
        46,
        "`verify --against` a cloud that nothing may be written to, of a boot",
        "for 1 operation it is unclear",
        |f| {
            client(f, &["--record", "recording.jsonl"], &["POST", SERVERS, &boot("vm1").to_string()]);
            let script = r#"exec "$0" verify recording.jsonl --against "$OS_AUTH_URL""#;
            f.mockstack(&["run", "--", "sh", "-c", script, env!("CARGO_BIN_EXE_mockstack")])
        },
    ),
    case(41, "`matrix` with a known failure that no longer fails", "clean, stale", |f| {
        f.write("known.yaml", "- {client: ask.sh, clouds: all, reason: once it did}\n");
        f.mockstack(&["matrix", "--release", "train", "--known", "known.yaml", "--", ASK, "GET", SERVERS, ""])
    }),
    case(42, "`matrix` with a client that asks nothing", "nothing-asked (42)", |f| {
        f.mockstack(&["matrix", "--release", "train", "--", "true"])
    }),
    case(124, "`matrix` with a client that does not end", "did not end within 0.2 s", |f| {
        let client = format!("--client=asks={ASK} GET {SERVERS} ''; sleep 60");
        f.mockstack(&["matrix", "--release", "train", &client, "--timeout", "0.2"])
    }),
    case(127, "`matrix` with a client that does not exist", "the command could not start", |f| {
        f.mockstack(&["matrix", "--release", "train", "--", "no-such-command"])
    }),
    case(1, "`lint` of a body with a field that no version has", "no version has it", |f| {
        f.write("boot.json", r#"{"server": {"name": "vm1", "flavorRef": "1", "nets": []}}"#);
        f.mockstack(&["lint", "."])
    }),
    case(47, "`diff` of recordings that boot different servers", "/server/name", |f| {
        recorded(f, "one.jsonl", &["POST", SERVERS, &boot("vm1").to_string()]);
        recorded(f, "other.jsonl", &["POST", SERVERS, &boot("vm2").to_string()]);
        f.mockstack(&["diff", "one.jsonl", "other.jsonl"])
    }),
    case(3, "a command that asks nothing wrong and ends with 3", "the command ended with 3", |f| {
        f.mockstack(&["run", "--", "sh", "-c", "exit 3"])
    }),
    case(7, "a command that ends with 7, and nowhere to print the verdict (`2>/dev/full`)", "", |f| {
        ran_with(f.command(&["run", "--", "sh", "-c", "exit 7"]).stderr(full()))
    }),
    case(126, "a command that cannot be executed", "cannot run \"./plain\"", |f| {
        f.write("plain", "");
        f.mockstack(&["run", "--", "./plain"])
    }),
    case(127, "a command that does not exist", "cannot run \"no-such-command\"", |f| {
        f.mockstack(&["run", "--", "no-such-command"])
    }),
    case(137, "a command that SIGKILL ended", "the command ended with 137", |f| {
        f.mockstack(&["run", "--", "sh", "-c", "kill -9 $$"])
    }),
];

fn client(folder: &Folder, options: &[&str], asks: &[&str]) -> Ran {
    folder.mockstack(&[&["run"], options, &["--", ASK], asks].concat())
}

const PAIRS: &str = "/compute/v2.1/os-keypairs";

fn pair(name: &str) -> String {
    format!(r#"{{"keypair":{{"name":"{name}"}}}}"#)
}

/// Replays to `asks` a login, a list of servers, and a key pair that is created and deleted.
fn replayed(folder: &Folder, options: &[&str], asks: &[&str]) -> Ran {
    let delete = format!("{PAIRS}/k1");
    recorded(folder, "old.jsonl", &["GET", SERVERS, "", "POST", PAIRS, &pair("k1"), "DELETE", &delete, ""]);
    folder.mockstack(&[&["replay", "old.jsonl"], options, &["--", ASK], asks].concat())
}

/// Replays a recording whose first line ends with `header`, which may be as old as `age`.
fn aged(folder: &Folder, header: &str, age: &str) -> Ran {
    recorded(folder, "old.jsonl", &["GET", SERVERS, ""]);
    let old = folder.read("old.jsonl");
    let (first, rest) = old.split_once('\n').unwrap();
    folder.write("old.jsonl", &format!("{}{header}\n{rest}", first.strip_suffix('}').unwrap()));
    let options = ["--report", "text=told.txt", "--record", "recording.jsonl", "--max-age", age];
    folder.mockstack(&[&["replay", "old.jsonl"], &options[..], &["--", ASK, "GET", SERVERS, ""]].concat())
}

fn recorded(folder: &Folder, name: &str, asks: &[&str]) {
    assert_eq!(client(folder, &["--record", name], asks).code, Some(0));
}

fn snapshots(folder: &Folder, asks: &[&str]) -> Ran {
    folder.in_ci(&[&["run", "--snapshots", "snapshots", "--", ASK], asks].concat())
}

/// A limit on the size of files stands for a full disk: the recording breaks off in the middle of a line.
fn fills_up(folder: &Folder) -> Ran {
    let script = r#"ulimit -f 8; exec "$@""#;
    let body = boot("vm1").to_string();
    let mut command = Command::new("sh");
    command.args([
        "-c",
        script,
        "sh",
        env!("CARGO_BIN_EXE_mockstack"),
        "run",
        "--record",
        "recording.jsonl",
        "--",
        ASK,
    ]);
    let ran = ran(command
        .args(["POST", SERVERS, &body])
        .args(["GET", SERVERS, ""])
        .current_dir(folder.0.path())
        .env_remove("CI"));
    let report = folder.mockstack(&["report", "recording.jsonl"]);
    assert!(report.code == Some(44) && report.out.contains("was cut"), "{report:?}");
    ran
}

/// A disk that is full.
fn full() -> std::process::Stdio {
    std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// Runs with the streams as they were set; the others are kept.
fn ran_with(command: &mut Command) -> Ran {
    ran(command)
}

/// What the run exits with is what its other report and its recording say.
fn agreed(folder: &Folder, ran: Ran) -> Ran {
    let verdict = format!("(exit code {})\n", ran.code.unwrap());
    assert!(ran.err.ends_with(&verdict), "{ran:?}");
    assert!(folder.read("told.txt").ends_with(&verdict), "{}", folder.read("told.txt"));
    let again = folder.mockstack(&["report", "recording.jsonl"]);
    assert!(again.code == ran.code && again.out == folder.read("told.txt"), "{again:?}");
    ran
}

/// The report of a recording whose lines were changed: a header, three requests, the end.
fn changed(folder: &Folder, change: fn(&mut Vec<String>)) -> Ran {
    let asks = ["GET", SERVERS, "", "GET", SERVERS, ""];
    assert_eq!(client(folder, &["--record", "recording.jsonl"], &asks).code, Some(0));
    let mut lines: Vec<String> = folder.read("recording.jsonl").lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 5);
    change(&mut lines);
    folder.write("recording.jsonl", &(lines.join("\n") + "\n"));
    folder.mockstack(&["report", "recording.jsonl"])
}

/// The report of a recording that ends too early.
fn cut(folder: &Folder, length: fn(&str) -> usize) -> Ran {
    assert_eq!(client(folder, &["--record", "recording.jsonl"], &[]).code, Some(0));
    let text = folder.read("recording.jsonl");
    folder.write("recording.jsonl", &text[..length(&text)]);
    folder.mockstack(&["report", "recording.jsonl"])
}

#[test]
fn every_exit_code_is_provoked_and_documented() {
    let mut rows = Vec::new();
    for case in CASES {
        let ran = (case.provoke)(&Folder::new());
        let text = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(case.code), "{}: {text}", case.how);
        assert!(text.contains(case.told), "{}: {:?} is not in {text}", case.how, case.told);
        rows.push(format!("| {} | {} | {} |", case.code, name(case.code), case.how));
    }
    for exit in EXITS {
        assert!(CASES.iter().any(|case| case.code == i32::from(exit.code)), "nothing provokes {}", exit.code);
    }
    compare(&rows);
}

fn name(code: i32) -> &'static str {
    EXITS.iter().find(|exit| i32::from(exit.code) == code).map_or("command", |exit| exit.name)
}

/// Holds the table after the mark against `rows`, or writes it.
fn compare(rows: &[String]) {
    const MARK: &str = "<!-- table: provoked -->\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/exit-codes.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, after) = page.split_once(MARK).unwrap_or_else(|| panic!("docs/exit-codes.md has no {MARK}"));
    let rest: String = after.lines().skip_while(|line| line.starts_with('|')).flat_map(|line| [line, "\n"]).collect();
    let table = format!("| code | verdict | provoked by |\n|---|---|---|\n{}\n", rows.join("\n"));
    let expected = format!("{before}{MARK}{table}{rest}");
    bless::compare("docs/exit-codes.md", &expected);
}
