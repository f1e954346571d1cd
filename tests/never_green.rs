//! No run is green that should not be: every exit code is provoked once, and the table of it in docs/exit-codes.md is what was
//! seen. `UPDATE_DOCS=1 cargo test --test never_green` writes it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod wire;

use std::net::TcpListener;
use std::process::Command;

use mockstack::report::EXITS;
use wire::{ASK, Folder, Ran, SERVERS, bad_boot, boot, ran};

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
    case(0, "an `--allow` that nothing used: it is told, and no failure", "--allow not-yet allowed nothing", |f| {
        client(f, &["--allow", "not-yet"], &[])
    }),
    case(2, "a fixture that does not exist", "no-such.yaml", |f| client(f, &["--fixtures", "no-such.yaml"], &[])),
    case(2, "a report that cannot be written", "cannot write the json report", |f| {
        client(f, &["--report", "json=no/such/folder/report.json"], &[])
    }),
    case(2, "`report` of a file that is no recording", "this is no recording", |f| {
        f.write("recording.jsonl", "{}\n");
        f.mockstack(&["report", "recording.jsonl"])
    }),
    case(40, "a boot with a field that its microversion does not have", "1 request broke its contract", |f| {
        client(f, &[], &["POST", SERVERS, &bad_boot("vm1").to_string()])
    }),
    case(40, "a boot that names an image that does not exist", "1 request broke its contract", |f| {
        let mut body = boot("vm1");
        body["server"]["imageRef"] = "11111111-2222-3333-4444-555555555555".into();
        client(f, &[], &["POST", SERVERS, &body.to_string()])
    }),
    case(40, "a refusal that `--deny` names", "1 request broke its contract", |f| {
        client(f, &["--deny", "not-found"], &["GET", &format!("{SERVERS}/11111111-2222-3333-4444-555555555555"), ""])
    }),
    case(41, "a request to a path that no operation has", "1 request led to no operation", |f| {
        client(f, &[], &["GET", "/nowhere", ""])
    }),
    case(42, "a command that asks nothing", "no request arrived", |f| f.mockstack(&["run", "--", "true"])),
    case(42, "a client of which every request is refused", "none of 1 requests was accepted", |f| {
        f.mockstack(&["run", "--", "sh", "-c", "curl -s ${OS_AUTH_URL%/identity}/compute/v2.1/servers"])
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
    case(44, "a disk that fills up within the run", "the recording is not whole", fills_up),
    case(44, "`--record` into a folder that does not exist", "cannot write the recording", |f| {
        client(f, &["--record", "no/such/folder/recording.jsonl"], &[])
    }),
    case(44, "`report` of a recording of which the last line was cut", "was cut", |f| cut(f, |text| text.len() - 7)),
    case(44, "`report` of a recording without an end", "the run did not come to its end", |f| {
        cut(f, |text| text.rfind("{\"end\"").unwrap())
    }),
    case(45, "`--listen` on a port that is taken", "cannot serve", |f| {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        client(f, &["--listen", &taken.local_addr().unwrap().to_string()], &[])
    }),
    case(3, "a command that asks nothing wrong and ends with 3", "the command ended with 3", |f| {
        f.mockstack(&["run", "--", "sh", "-c", "exit 3"])
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

fn snapshots(folder: &Folder, asks: &[&str]) -> Ran {
    folder.in_ci(&[&["run", "--snapshots", "snapshots", "--", ASK], asks].concat())
}

/// A limit on the size of files stands for a full disk: the recording breaks off in the middle of a line.
fn fills_up(folder: &Folder) -> Ran {
    let script = r#"trap '' XFSZ; ulimit -f 8; exec "$@""#;
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
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), expected, "UPDATE_DOCS=1 cargo test --test never_green");
}
