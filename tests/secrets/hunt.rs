//! A run of mockstack that is asked, and everything that it leaves.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mockstack::base::json::{Value, json};
use mockstack::report::{FORMATS, Format};
use tempfile::TempDir;

use super::foreign::Exchange;
use super::places::{Ask, IMAGE, LOGIN, SERVERS, login, server};

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The simulated cloud.
    Run,
    /// Another cloud, which stands behind.
    Record,
    /// What was recorded before.
    Replay,
}

/// A run, and two tokens that it issued.
pub struct Hunt {
    mode: Mode,
    folder: TempDir,
    child: Child,
    /// The cloud behind a proxy.
    behind: Option<Behind>,
    address: String,
    pub tokens: [String; 2],
    /// The id of an image.
    image: String,
    left: Vec<(String, String)>,
    /// What was asked and answered.
    pub exchanges: Vec<Exchange>,
}

/// A cloud that ends with the test.
struct Behind(Child);

impl Drop for Behind {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The file, once it is there.
fn wait_for(file: &Path) -> String {
    let begun = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(file) {
            return text;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no server");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn mockstack(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    command.current_dir(folder).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Hunt {
    /// Starts a run that records, takes snapshots and writes every report. There are accepted snapshots from an earlier one.
    pub fn start(mode: Mode, arguments: &[&str]) -> Hunt {
        let folder = TempDir::new().unwrap();
        let mut first = Hunt::begin(Mode::Run, folder, arguments);
        let token = first.tokens[0].clone();
        for _ in 0..2 {
            first.ask(&Ask::post(SERVERS, &token, server(json!({"name": "other", "adminPass": "x"}))));
        }
        let Hunt { folder, child, .. } = first;
        finish(folder.path(), child);
        let accepted = mockstack(folder.path(), &["accept"]).output().unwrap();
        assert!(accepted.status.success(), "{accepted:?}");
        Hunt::begin(mode, folder, arguments)
    }

    fn begin(mode: Mode, folder: TempDir, arguments: &[&str]) -> Hunt {
        let script = r#"printf %s "$OS_AUTH_URL" > new; mv new url; while [ ! -e end ]; do sleep 0.01; done; rm end"#;
        let report = |Format { name, .. }: &Format| format!("--report={name}=report.{name}");
        let reports: Vec<String> = FORMATS.iter().map(report).collect();
        let mut behind = None;
        let mut command = match mode {
            Mode::Run => mockstack(folder.path(), &["run"]),
            Mode::Record => {
                let serve =
                    mockstack(folder.path(), &["serve", "--ready-file", "behind"]).stderr(Stdio::null()).spawn();
                behind = Some(Behind(serve.unwrap()));
                let url = wait_for(&folder.path().join("behind"));
                fs::remove_file(folder.path().join("behind")).unwrap();
                let mut command = mockstack(folder.path(), &["record", "--auth-url", url.trim()]);
                command.envs([("OS_USERNAME", "demo"), ("OS_PASSWORD", "secret"), ("OS_PROJECT_NAME", "demo")]);
                command
            }
            Mode::Replay => {
                fs::rename(folder.path().join("recording"), folder.path().join("recorded")).unwrap();
                mockstack(folder.path(), &["replay", "recorded"])
            }
        };
        let child = command
            .args(["--log", "--record", "recording", "--snapshots", "snapshots"])
            .args(&reports)
            .args(arguments)
            .args(["--", "sh", "-c", script])
            // Nobody reads a pipe meanwhile.
            .stderr(fs::File::create(folder.path().join("standard error")).unwrap())
            .spawn()
            .unwrap();
        let url = wait_for(&folder.path().join("url"));
        fs::remove_file(folder.path().join("url")).unwrap();
        let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        let mut hunt = Hunt {
            mode,
            folder,
            child,
            behind,
            address,
            tokens: Default::default(),
            image: String::new(),
            left: Vec::new(),
            exchanges: Vec::new(),
        };
        for place in 0..2 {
            let mut body = login(json!("secret"));
            body["auth"]["scope"] = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
            let answer = hunt.ask(&Ask { method: "POST", ..Ask::post(LOGIN, "", body) });
            let token = answer.lines().find_map(|line| line.strip_prefix("X-Subject-Token: "));
            hunt.tokens[place] = token.unwrap_or_else(|| panic!("{answer}")).to_owned();
        }
        let images = hunt.ask(&Ask::get("/image/v2/images", &hunt.tokens[0]));
        let images: Value = mockstack::base::json::from_str(images.split_once("\r\n\r\n").unwrap().1).unwrap();
        hunt.image = images["images"][0]["id"].as_str().unwrap().to_owned();
        hunt
    }

    /// Sends it; the answer with its head.
    pub fn ask(&mut self, ask: &Ask) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let bytes = ask.text(&self.address).replace(IMAGE, &self.image).into_bytes();
        stream.write_all(&bytes).unwrap();
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        self.exchanges.extend(Exchange::new(ask, &answer));
        answer
    }

    /// Asks for what the cloud makes up itself: passwords of servers, private keys, tokens of consoles; what it gave.
    pub fn let_the_cloud_issue_secrets(&mut self) -> Vec<String> {
        if self.mode == Mode::Replay {
            return Vec::new();
        }
        let token = self.tokens[0].clone();
        let mut secrets = Vec::new();
        let mut get = |hunt: &mut Hunt, ask: Ask, find: &dyn Fn(&Value) -> Vec<String>| -> Value {
            let answer = hunt.ask(&ask);
            let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let body: Value = mockstack::base::json::from_str(body).unwrap_or_default();
            secrets.extend(find(&body));
            body
        };
        let text = |value: &Value| value.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>();
        let boot = server(json!({"name": "vm9"}));
        let booted = get(self, Ask::post(SERVERS, &token, boot), &|body| text(&body["server"]["adminPass"]));
        let id = booted["server"]["id"].as_str().unwrap_or_else(|| panic!("{booted}")).to_owned();
        let pair = Ask::post("/compute/v2.1/os-keypairs", &token, json!({"keypair": {"name": "k9"}}));
        get(self, pair, &|body| {
            let key = body["keypair"]["private_key"].as_str().unwrap_or_default();
            key.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect()
        });
        std::thread::sleep(Duration::from_millis(200));
        let action = format!("{SERVERS}/{id}/action");
        let console = Ask::post(&action, &token, json!({"os-getVNCConsole": {"type": "novnc"}}));
        get(self, console, &|body| {
            let url = body["console"]["url"].as_str().unwrap_or_default();
            url.split(['=', '&'])
                .skip(1)
                .flat_map(|part| part.split("%3D"))
                .filter(|part| part.len() >= 32)
                .map(str::to_owned)
                .collect()
        });
        let rebuild =
            json!({"rebuild": {"imageRef": booted["server"]["image"]["id"], "adminPass": "Rebuilt-by-hand-3"}});
        get(self, Ask::post(&action, &token, rebuild), &|_| vec!["Rebuilt-by-hand-3".to_owned()]);
        let credential = Ask::post(
            "/identity/v3/users/me/application_credentials",
            &token,
            json!({"application_credential": {"name": "a9"}}),
        );
        get(self, credential, &|body| text(&body["application_credential"]["secret"]));
        secrets
    }

    /// Every byte that is left of it: files, reports, the terminal, and what the routes for people tell.
    pub fn end(mut self) -> Vec<(String, String)> {
        for route in ["", "state", "recording"]
            .map(str::to_owned)
            .into_iter()
            .chain(FORMATS.iter().map(|Format { name, .. }| format!("verdict?format={name}")))
        {
            let answer = self.ask(&Ask::get(&format!("/__mockstack/{route}"), ""));
            self.left.push((format!("route {route}"), answer));
        }
        let Hunt { folder, child, behind, mut left, .. } = self;
        let folder = folder.path();
        left.extend(finish(folder, child));
        drop(behind);
        for Format { name: format, .. } in FORMATS {
            let told = mockstack(folder, &["report", "--format", format, "recording"]).output().unwrap();
            left.push((format!("mockstack report {format}"), text(&[told.stdout, told.stderr].concat())));
        }
        let review = mockstack(folder, &["review"]).output().unwrap();
        left.push(("mockstack review".to_owned(), text(&[review.stdout, review.stderr].concat())));
        files(folder, folder, &mut left);
        left
    }
}

fn finish(folder: &Path, child: Child) -> [(String, String); 2] {
    fs::write(folder.join("end"), "").unwrap();
    let output = child.wait_with_output().unwrap();
    [("stdout".to_owned(), text(&output.stdout)), ("stderr".to_owned(), text(&output.stderr))]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn files(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(root, &path, found),
            false => {
                found.push((path.strip_prefix(root).unwrap().display().to_string(), text(&fs::read(&path).unwrap())))
            }
        }
    }
}
