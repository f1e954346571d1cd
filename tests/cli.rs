//! The program itself: exit codes, what it prints where, what it leaves behind, and what it bears from sockets.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use mockstack::base::json::{Value, json};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const IMAGE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";

// ---- Helpers: a program, a cloud that it keeps up, a client of sockets ----------------------------------------------

fn mockstack() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    command.env_remove("CI").env("CLICOLOR_FORCE", "").stdin(Stdio::null());
    command
}

/// Runs to the end.
fn run(arguments: &[&str]) -> Output {
    mockstack().args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{output:?}"))
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A file with this text; it lives as long as the folder.
fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// What `what` gives once it gives something.
fn wait_for<T>(mut what: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(value) = what() {
            return value;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "waited in vain");
        sleep(Duration::from_millis(10));
    }
}

/// A cloud that `mockstack run` keeps up for a command which ends when it is told to.
struct Session {
    child: Child,
    folder: TempDir,
    address: String,
}

impl Session {
    fn begin(arguments: &[&str], command_exits_with: i32) -> Session {
        let folder = TempDir::new().unwrap();
        let script = format!(
            r#"cd '{}'; printf %s "$OS_AUTH_URL" > new; mv new url; while [ ! -e end ]; do sleep 0.01; done; exit {command_exits_with}"#,
            folder.path().display()
        );
        let mut command = mockstack();
        command.arg("run").args(arguments).args(["--", "sh", "-c", &script]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let url = wait_for(|| fs::read_to_string(folder.path().join("url")).ok());
        let address = url.strip_prefix("http://").and_then(|url| url.strip_suffix("/identity")).unwrap().to_owned();
        Session { child, folder, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// The bytes that come back for these bytes, until the other side closes.
    fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// Head and body of the answer to a request.
    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> (String, String) {
        let mut request =
            format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n", self.address);
        if !body.is_empty() {
            request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        headers.iter().for_each(|(name, value)| request += &format!("{name}: {value}\r\n"));
        let answer = self.raw(format!("{request}Connection: close\r\n\r\n{body}").as_bytes());
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
        (head.to_owned(), body.to_owned())
    }

    fn token(&self) -> String {
        let user = json!({"name": "demo", "password": "secret", "domain": {"id": "default"}});
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        let scope = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
        let (head, _) = self.ask(
            "POST",
            "/identity/v3/auth/tokens",
            &[],
            &json!({"auth": {"identity": identity, "scope": scope}}).to_string(),
        );
        let line = head.lines().find_map(|line| line.strip_prefix("X-Subject-Token: "));
        line.unwrap_or_else(|| panic!("no token: {head}")).to_owned()
    }

    /// Boots a server with `more` fields at a version; head and body of the answer.
    fn boot(&self, token: &str, version: &str, more: Value) -> (String, String) {
        let mut server = json!({"name": "vm1", "flavorRef": "1", "imageRef": IMAGE});
        server.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        let version = format!("compute {version}");
        let headers = [("X-Auth-Token", token), ("OpenStack-API-Version", version.as_str())];
        self.ask("POST", "/compute/v2.1/servers", &headers, &json!({"server": server}).to_string())
    }

    /// The command ends, and so does the program.
    fn end(self) -> Output {
        fs::write(self.folder.path().join("end"), "").unwrap();
        self.child.wait_with_output().unwrap()
    }
}

#[track_caller]
fn assert_status(answer: &(String, String), status: &str) {
    assert!(answer.0.starts_with(&format!("HTTP/1.1 {status} ")), "{answer:?}");
}

// ---- Exit codes -----------------------------------------------------------------------------------------------------

#[test]
fn a_clean_run_ends_with_0_and_says_so() {
    let session = Session::begin(&[], 0);
    let token = session.token();
    assert_status(&session.boot(&token, "2.1", json!({})), "202");
    let output = session.end();
    assert!(err(&output).ends_with("verdict       clean (exit code 0)\n"), "{}", err(&output));
    assert_eq!(code(&output), 0);
}

#[test]
fn a_violation_ends_with_40() {
    let session = Session::begin(&[], 0);
    let token = session.token();
    assert_status(&session.boot(&token, "2.37", json!({"networks": "none", "tags": ["a"]})), "400");
    let output = session.end();
    assert!(err(&output).contains("  /server/tags   not yet: lives in 2.52.., you sent 2.37\n"), "{}", err(&output));
    assert_eq!(code(&output), 40);
}

#[test]
fn a_request_that_leads_nowhere_ends_with_41() {
    let session = Session::begin(&[], 0);
    let token = session.token();
    assert_status(&session.ask("GET", "/compute/v2.1/nosuch", &[("X-Auth-Token", &token)], ""), "404");
    assert_eq!(code(&session.end()), 41);
}

#[test]
fn nothing_asked_ends_with_42() {
    let output = run(&["run", "--", "true"]);
    assert!(err(&output).contains("no request arrived: does the client use OS_AUTH_URL?"), "{}", err(&output));
    assert_eq!(code(&output), 42);
    // What was not found asked nothing for another reason.
    for line in [&["no-such-command"][..], &["sh", "-c", "no-such-command"]] {
        let output = run(&[&["run", "--"], line].concat());
        assert!(err(&output).contains("\nfails         no request arrived\n"), "{}", err(&output));
        assert_eq!(code(&output), 127);
    }
}

/// Only refusals: nothing was tested either.
#[test]
fn nothing_accepted_ends_with_42() {
    let session = Session::begin(&[], 0);
    assert_status(&session.ask("GET", "/compute/v2.1/servers", &[], ""), "401");
    assert_eq!(code(&session.end()), 42);
}

#[test]
fn what_the_command_itself_says_comes_before_the_verdict_on_its_requests() {
    let session = Session::begin(&[], 7);
    let token = session.token();
    assert_status(&session.boot(&token, "2.37", json!({"tags": ["a"]})), "400");
    let output = session.end();
    let text = err(&output);
    assert!(
        text.contains("fails         the command ended with 7\nfails         1 request broke its contract\n"),
        "{text}"
    );
    assert_eq!(code(&output), 7);
}

#[test]
fn a_command_that_cannot_be_run_ends_as_in_a_shell() {
    assert_eq!(code(&run(&["run", "--", "/no/such/command"])), 127);
    assert_eq!(code(&run(&["run", "--", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])), 126);
    assert_eq!(code(&run(&["run", "--", "sh", "-c", "kill -9 $$"])), 137);
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for arguments in [
        &["run", "--nosuch", "--", "true"][..],
        &["run"],
        &["nosuch"],
        &["run", "--allow", "nosuch", "--", "true"],
        &["explain", "nosuch"],
    ] {
        let output = run(arguments);
        assert_eq!((code(&output), out(&output)), (2, String::new()), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

/// Wrong input is told with its file, line and column before anything runs.
#[test]
fn wrong_input_ends_with_2_and_its_place() {
    let folder = TempDir::new().unwrap();
    let cases = [
        ("fixtures", "a.yaml", "boot: {polls: 1}\nnosuch: 1\n", ":2:1"),
        ("fixtures", "b.yaml", "resources:\n  flavors:\n    - {id: \"9\", name: x, rum: 1}\n", ":3:26"),
        ("fixtures", "c.yaml", "resources:\n  flavors:\n    - {id: 9, name: x}\n", ":3:"),
        ("fixtures", "d.yaml", "a: [1\n", ":"),
        ("fixtures", "e.yaml", "users:\n  - {name: x, password: y, roles: {nosuch: [member]}}\n", ":2:36"),
        ("fixtures", "g.yaml", "resources:\n  flavors:\n    - {id: \"9\", name: x, ram: 1, disk: 1}\n", ":3:7"),
        ("fixtures", "h.yaml", "resources:\n  ports:\n    - {name: x, project: demo}\n", ":3:7"),
        ("fixtures", "f.yaml", "boot: {polls: 1}\nboot: {polls: 2}\n", ":2:1"),
    ];
    for (option, name, text, place) in cases {
        let path = file(&folder, name, text);
        let output = run(&["run", &format!("--{option}"), &path, "--", "true"]);
        assert!(err(&output).contains(&format!("{path}{place}")), "{name}: {}", err(&output));
        assert_eq!(code(&output), 2);
    }
    let missing = run(&["run", "--fixtures", "/no/such/fixture.yaml", "--", "true"]);
    assert!(code(&missing) == 2 && err(&missing).contains("/no/such/fixture.yaml"), "{missing:?}");
}

#[test]
fn a_wrong_contract_ends_with_2_and_its_place() {
    for (text, place) in [
        ("operations:\n  index:\n    route: GET /servers\n    nosuch: 1\n", "servers.yaml:4:5"),
        ("operations:\n  index:\n    route: GET /servers\n    microversions: 2.10\n", "servers.yaml:4:20"),
        (
            "operations:\n  index:\n    route: GET /servers\n    request: {query: {$ref: \"#/schemas/nosuch\"}}\n",
            "servers.yaml:4:29",
        ),
        ("operations: [\n", "servers.yaml:"),
    ] {
        let folder = TempDir::new().unwrap();
        file(&folder, "compute/v2.1/servers.yaml", text);
        let output = run(&["run", "--contracts", &folder.path().display().to_string(), "--", "true"]);
        assert!(
            err(&output).contains(&format!("{}/compute/v2.1/{place}", folder.path().display())),
            "{text}: {}",
            err(&output)
        );
        assert_eq!(code(&output), 2);
    }
}

#[test]
fn an_unwritable_recording_ends_with_44_before_anything_runs() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("no/such/folder.jsonl");
    // Nobody may read a pipe, and then the cloud would stand still.
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [missing.as_path(), Path::new("/dev/full"), folder.path(), pipe.as_path()] {
        let output = run(&["run", "--record", &path.display().to_string(), "--", "sh", "-c", "echo ran"]);
        assert_eq!((code(&output), out(&output)), (44, String::new()), "{}", path.display());
        assert!(err(&output).contains(&path.display().to_string()), "{}", err(&output));
    }
}

#[test]
fn a_port_that_is_taken_ends_with_45() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for arguments in [&["run", "--listen", &address, "--", "true"][..], &["serve", "--listen", &address]] {
        let output = run(arguments);
        assert!(err(&output).contains(&address), "{}", err(&output));
        assert_eq!(code(&output), 45);
    }
}

// ---- contract and explain -------------------------------------------------------------------------------------------

#[test]
fn contract_show_knows_operations_and_versions() {
    let shown = run(&["contract", "show", "servers.create", "--microversion", "2.37"]);
    assert_eq!(code(&shown), 0);
    assert!(
        out(&shown).starts_with("compute.servers.create\n") && out(&shown).contains("body at 2.37:"),
        "{}",
        out(&shown)
    );
    // Nova has volumes too.
    let of_two = out(&run(&["contract", "show", "volumes.create"]));
    assert!(of_two.contains("\n  same name      volume.volumes.create\n"), "{of_two}");
    for arguments in
        [&["contract", "show", "nosuch"][..], &["contract", "show", "servers.create", "--microversion", "2.999"]]
    {
        let output = run(arguments);
        assert_eq!((code(&output), out(&output)), (2, String::new()), "{arguments:?}");
    }
}

/// A line that cannot be judged does not stop the others, and shows in the exit code.
#[test]
fn contract_check_answers_every_line() {
    let folder = TempDir::new().unwrap();
    let good = r#"{"id": "a", "op": "servers.create", "microversion": "2.37", "body": {}}"#;
    let cases = file(&folder, "good.jsonl", &format!("{good}\n\n{good}\n"));
    let output = run(&["contract", "check", "--cases", &cases]);
    assert_eq!((code(&output), out(&output).lines().count()), (0, 2));
    let verdict: Value = mockstack::base::json::from_str(out(&output).lines().next().unwrap()).unwrap();
    assert_eq!((&verdict["valid"], &verdict["message"]), (&json!(false), &json!("'server' is a required property")));
    let cases = file(&folder, "bad.jsonl", &format!("{{\n{{\"op\": \"nosuch\"}}\n[]\n{good}\n"));
    let output = run(&["contract", "check", "--cases", &cases]);
    assert_eq!((code(&output), out(&output).lines().count()), (2, 4), "{}", out(&output));
    for line in 1..=3 {
        assert!(err(&output).contains(&format!("{cases}:{line}")), "{}", err(&output));
    }
    assert_eq!(code(&run(&["contract", "check", "--cases", "/no/such/file"])), 2);
}

/// `mockstack contract list | head -1` is no reason to panic.
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for arguments in [&["contract", "list"][..], &["contract", "show", "servers.create"], &["explain"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = mockstack().args(arguments).stdout(writer).output().unwrap();
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", err(&output));
        assert_eq!(code(&output), 0, "{arguments:?}");
    }
}

/// The verdict counts even if nobody reads it.
#[test]
fn a_verdict_that_nobody_reads_is_still_the_exit_code() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(mockstack().args(["run", "--", "true"]).stderr(writer).status().unwrap().code(), Some(42));
}

// ---- What a command sees, and what it leaves ------------------------------------------------------------------------

#[test]
fn a_command_sees_this_cloud_and_no_other() {
    let mut command = mockstack();
    command.env("OS_CLOUD", "prod").env("OS_TOKEN", "t").env("OS_AUTH_URL", "https://prod").env("OSTYPE", "linux");
    let output = command.args(["run", "--", "env"]).output().unwrap();
    let text = out(&output);
    let variable = |name: &str| text.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    assert_eq!([variable("OS_CLOUD"), variable("OS_TOKEN"), variable("OSTYPE")], [None, None, Some("linux")]);
    assert!(variable("OS_AUTH_URL").unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!([variable("OS_USERNAME"), variable("OS_PROJECT_NAME")], [Some("demo"), Some("demo")]);
}

/// The files that a run makes go with it, also when the command dies.
#[test]
fn nothing_is_left_behind() {
    let folder = TempDir::new().unwrap();
    for script in ["test -r \"$OS_CLIENT_CONFIG_FILE\"; echo $OS_AUTH_URL", "echo $OS_AUTH_URL; kill -9 $$"] {
        let output = mockstack().env("TMPDIR", folder.path()).args(["run", "--", "sh", "-c", script]).output().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let url = out(&output);
        let address =
            url.trim().strip_prefix("http://").and_then(|url| url.strip_suffix("/identity")).unwrap().to_owned();
        assert!(TcpStream::connect(address).is_err(), "the cloud is still up");
    }
}

/// The command's output is its own: every byte of it, and nothing else.
#[test]
fn standard_output_belongs_to_the_command() {
    let output = run(&["run", "--", "printf", r"a\000\033[1mb\n\n"]);
    assert_eq!(output.stdout, b"a\0\x1b[1mb\n\n");
    assert!(err(&output).contains("verdict"));
}

#[test]
fn what_is_no_terminal_gets_no_colours() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "xterm-256color")] {
        let output = mockstack().env(name, value).args(["run", "--", "true"]).output().unwrap();
        assert!(!output.stderr.contains(&0x1b), "{}", err(&output));
    }
    assert!(!run(&["run", "--fixtures", "/no/such", "--", "true"]).stderr.contains(&0x1b));
    assert!(!run(&["--help"]).stdout.contains(&0x1b));
}

/// A signal goes on to the command, and its answer to it is the answer.
#[test]
fn a_signal_ends_the_command_and_then_the_program() {
    let folder = TempDir::new().unwrap();
    let pid_file = folder.path().join("pid");
    let script = format!(
        "trap 'exit 9' TERM; echo $$ > '{0}.new'; mv '{0}.new' '{0}'; while :; do sleep 0.01; done",
        pid_file.display()
    );
    let child = mockstack().args(["run", "--", "sh", "-c", &script]).stderr(Stdio::piped()).spawn().unwrap();
    let inner = wait_for(|| fs::read_to_string(&pid_file).ok()).trim().to_owned();
    signal(&child, Signal::TERM);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 9);
    assert!(!PathBuf::from(format!("/proc/{inner}/cmdline")).exists(), "the command is still there");
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), signal).unwrap();
}

// ---- serve ----------------------------------------------------------------------------------------------------------

/// Starts `serve`, ends it with a signal once it is ready; what it printed.
fn serve(arguments: &[&str], end: Signal) -> Output {
    let folder = TempDir::new().unwrap();
    let ready = folder.path().join("ready");
    let mut command = mockstack();
    command.args(["serve", "--ready-file"]).arg(&ready).args(arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let url = wait_for(|| fs::read_to_string(&ready).ok().filter(|url| url.ends_with('\n')));
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/identity\n"), "{url:?}");
    signal(&child, end);
    child.wait_with_output().unwrap()
}

#[test]
fn serve_says_when_it_is_ready_and_ends_with_a_verdict() {
    for end in [Signal::TERM, Signal::INT] {
        let output = serve(&[], end);
        let text = out(&output);
        let mut lines = text.lines();
        assert!(lines.next().unwrap().starts_with("mockstack is ready at http://127.0.0.1:"), "{text}");
        assert!(lines.next().unwrap().starts_with("export OS_AUTH_URL=http://127.0.0.1:"), "{text}");
        assert!(err(&output).contains("verdict       nothing-asked (exit code 42)"), "{}", err(&output));
        assert_eq!(code(&output), 42);
    }
    assert_eq!(code(&serve(&["--no-fail"], Signal::TERM)), 0);
}

// ---- Sockets --------------------------------------------------------------------------------------------------------

/// Bytes that are no HTTP are answered, recorded as a violation, and hurt nobody else.
#[test]
fn garbage_on_the_socket_is_a_violation() {
    let session = Session::begin(&[], 0);
    let answer = session.raw(b"\x16\x03\x01\x02\x00\x01\x00 this is TLS\r\n\r\n");
    assert!(answer.starts_with(b"HTTP/1.1 400 "), "{}", String::from_utf8_lossy(&answer));
    session.token();
    let output = session.end();
    assert!(err(&output).contains("bytes that are not a request\n"), "{}", err(&output));
    assert_eq!(code(&output), 40);
}

#[test]
fn a_request_that_is_cut_short_is_a_violation() {
    let session = Session::begin(&[], 0);
    let token = session.token();
    let head = format!(
        "POST /compute/v2.1/servers HTTP/1.1\r\nHost: h\r\nX-Auth-Token: {token}\r\nContent-Length: 100\r\n\r\n"
    );
    session.raw(format!("{head}{{\"server\"").as_bytes());
    session.raw(b"GET /compute/v2.1/serv");
    let output = session.end();
    let text = err(&output);
    assert!(text.contains("malformed: the body is incomplete (truncated)"), "{text}");
    assert!(text.contains("bytes that are not a request"), "{text}");
    assert_eq!(code(&output), 40);
}

#[test]
fn a_body_beyond_the_limit_gets_its_413() {
    let session = Session::begin(&[], 0);
    let token = session.token();
    let padding = "x".repeat(120_000);
    let answer = session.boot(&token, "2.1", json!({"metadata": {"a": padding}}));
    assert_status(&answer, "413");
    assert!(answer.1.contains("Request is too large."), "{}", answer.1);
    assert_eq!(code(&session.end()), 40);
}

/// Clients that say nothing, or half of something, hold nobody up, and do not keep the run from its end.
#[test]
fn slow_clients_hold_nobody_up() {
    let session = Session::begin(&[], 0);
    let mut slow: Vec<TcpStream> = (0..50).map(|_| session.connect()).collect();
    slow.iter_mut()
        .for_each(|stream| stream.write_all(b"POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: h\r\nContent-").unwrap());
    let begin = Instant::now();
    session.token();
    assert!(begin.elapsed() < Duration::from_secs(2));
    let begin = Instant::now();
    let output = session.end();
    assert!(begin.elapsed() < Duration::from_secs(8), "the end took {:?}", begin.elapsed());
    assert!(err(&output).contains("verdict"));
}

// ---- Recording ------------------------------------------------------------------------------------------------------

/// Each secret is a word of its own here, so that it is found wherever it turns up: in what was sent, in what came back, in
/// refusals that quote the body, and in the verdict.
const SECRETS: [&str; 7] =
    ["hunter-password", "hunter-admin", "aHVudGVyLWRhdGE=", "aHVudGVyLWZpbGU=", "8675309", "hunter-list", "hunter-key"];

fn ask_with_secrets(session: &Session) -> Vec<String> {
    let token = session.token();
    let [password, admin, data, contents, number, list, key] = SECRETS;
    let wrong = json!({"methods": ["password"], "password": {"user": {"name": "demo", "password": password, "domain": {"id": "default"}}}});
    session.ask("POST", "/identity/v3/auth/tokens", &[], &json!({"auth": {"identity": wrong}}).to_string());
    session.ask(
        "POST",
        "/identity/v3/auth/tokens",
        &[],
        &json!({"auth": {"identity": {"password": {"user": {"password": password}}}}}).to_string(),
    );
    let secret = json!({"adminPass": admin, "user_data": data, "personality": [{"path": "/a", "contents": contents}]});
    let with = |more: Value| {
        let mut body = secret.clone();
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        body
    };
    assert_status(&session.boot(&token, "2.1", secret.clone()), "202");
    // Nova quotes the whole server, the value alone, or the list around it.
    let quoted = session.boot(&token, "2.1", with(json!({"bogus": 1})));
    assert!(quoted.1.contains(admin), "the client sees what Nova says: {}", quoted.1);
    session.boot(&token, "2.60", with(json!({"networks": "none"})));
    session.boot(&token, "2.1", json!({"adminPass": 8_675_309}));
    session.boot(&token, "2.1", json!({"adminPass": [list], "name": 5}));
    session.boot(&token, "2.1", json!({"user_data": format!("{data}x")}));
    session.boot(&token, "2.1", json!({"personality": [{"path": "/a", "contents": contents, "private_key": key}]}));
    session.boot(&token, "2.1", json!({"personality": {"contents": contents}}));
    session.ask(
        "POST",
        "/compute/v2.1/servers",
        &[("X-Auth-Token", &token)],
        &format!("{{\"server\": {{\"adminPass\": \"{admin}\""),
    );
    session.ask("GET", "/identity/v3/auth/tokens", &[("X-Auth-Token", &token), ("X-Subject-Token", &token)], "");
    let generated = session.boot(&token, "2.1", json!({})).1;
    let generated: Value = mockstack::base::json::from_str(&generated).unwrap();
    let generated = generated["server"]["adminPass"].as_str().unwrap().to_owned();
    assert!(!number.is_empty());
    vec![token, generated]
}

#[test]
fn a_recording_is_whole_in_order_and_without_secrets() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.jsonl");
    let session = Session::begin(&["--record", &path.display().to_string()], 0);
    let mut secrets = ask_with_secrets(&session);
    secrets.extend(SECRETS.map(str::to_owned));
    let output = session.end();
    assert_eq!(code(&output), 40);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| mockstack::base::json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["mockstack"], &lines[0]["seed"]), (&json!("recording"), &json!(1)));
    let sequences: Vec<u64> = lines[1..].iter().filter_map(|line| line["sequence"].as_u64()).collect();
    assert_eq!(sequences, (1..=14).collect::<Vec<_>>());
    for secret in secrets {
        for (place, text) in [("recording", &text), ("verdict", &err(&output))] {
            let line = text.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{secret} is in the {place}");
        }
    }
    assert!(text.contains("[token 1]") && !text.contains("[token 3]"));
}

/// However many clients ask at once: a line each, in sequence, and each answer after its line.
#[test]
fn a_recording_of_many_clients_is_in_sequence() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.jsonl");
    let session = Session::begin(&["--record", &path.display().to_string()], 0);
    let token = session.token();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| (0..5).for_each(|_| assert_status(&session.boot(&token, "2.1", json!({})), "202")));
        }
    });
    let lines = || {
        fs::read_to_string(&path)
            .unwrap()
            .lines()
            .filter_map(|line| line.parse::<Value>().unwrap()["sequence"].as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(), (1..=31).collect::<Vec<_>>());
    assert_eq!(code(&session.end()), 0);
}

/// The same requests in the same order give the same verdict, byte for byte.
#[test]
fn the_same_requests_give_the_same_verdict() {
    let verdict = || {
        let session = Session::begin(&["--seed", "5"], 0);
        ask_with_secrets(&session);
        err(&session.end())
    };
    assert_eq!(verdict(), verdict());
}

/// An image may have properties of its own, in a fixture as in Glance.
#[test]
fn an_image_of_a_fixture_may_have_its_own_properties() {
    let folder = TempDir::new().unwrap();
    let fixture = file(&folder, "f.yaml", "resources:\n  images:\n    - {name: custom, hw_disk_bus: scsi}\n");
    assert_eq!(code(&run(&["run", "--fixtures", &fixture, "--", "true"])), 42);
}

#[test]
fn completions_and_man_pages_have_every_command() {
    let help = out(&run(&["--help"]));
    let commands = help.split_once("Commands:\n").unwrap().1.split("\n\n").next().unwrap().lines();
    let commands = commands.filter_map(|line| line.split_whitespace().next()).filter(|command| *command != "help");
    let commands: Vec<&str> = commands.collect();
    assert!(commands.contains(&"run"), "{help}");
    let folder = TempDir::new().unwrap();
    assert_eq!(code(&run(&["man", folder.path().to_str().unwrap()])), 0);
    for command in &commands {
        assert!(folder.path().join(format!("mockstack-{command}.1")).exists(), "{command}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = out(&run(&["completions", shell]));
        commands.iter().for_each(|command| assert!(completions.contains(command), "{shell}: {command}"));
    }
    let refused = run(&["man", "/nowhere/at/all"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("cannot write the man pages"));
}
