//! The binary and its server as a client sees them: processes, sockets, text.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use mockstack::base::json::{Value, json};
use tempfile::TempDir;

/// What the base cloud holds.
pub const IMAGE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
pub const NETWORK: &str = "2782bf5e-284c-4e0d-9580-452243e3497a";
pub const SERVERS: &str = "/compute/v2.1/servers";

/// A client for `mockstack run`: see its head.
pub const ASK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/common/wire/ask.sh");

/// A boot of `name`.
pub fn boot(name: &str) -> Value {
    json!({"server": {"name": name, "flavorRef": "1", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]}})
}

/// The same with a field that 2.37, which the clients here ask for, does not have yet.
pub fn bad_boot(name: &str) -> Value {
    let mut body = boot(name);
    body["server"]["tags"] = json!(["web"]);
    body
}

/// How a command ended and what it printed.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A folder in which commands are run.
pub struct Folder(pub TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// `mockstack ARGUMENTS` in this folder, outside of CI.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
        command.args(arguments).current_dir(self.0.path()).env_remove("CI").stdin(Stdio::null());
        command
    }

    pub fn mockstack(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    /// The same in CI.
    pub fn in_ci(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).env("CI", "true"))
    }

    /// The names of all files below `name`, sorted.
    pub fn files(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        files(&self.path(name), &mut found);
        let mut names: Vec<String> =
            found.iter().map(|path| path.strip_prefix(self.0.path()).unwrap().display().to_string()).collect();
        names.sort();
        names
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// `mockstack serve`, killed at the end.
pub struct Serving {
    pub child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
}

impl Serving {
    pub fn start(folder: &Folder, arguments: &[&str]) -> Serving {
        Serving::begin(folder, &[&["serve"], arguments].concat())
    }

    /// The same of any command that is kept up.
    pub fn begin(folder: &Folder, arguments: &[&str]) -> Serving {
        Serving::of(folder.command(arguments))
    }

    pub fn of(mut command: Command) -> Serving {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let address = ready.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        Serving { address: address.unwrap_or_else(|| panic!("not ready: {ready}")).to_owned(), child }
    }

    /// Ends it with SIGTERM.
    pub fn stop(mut self) -> Ran {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut err = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        Ran { code: self.child.wait().unwrap().code(), out: String::new(), err }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer off the wire.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
    }

    pub fn json(&self) -> Value {
        mockstack::base::json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// A client with a connection that is kept alive.
pub struct Client {
    stream: BufReader<TcpStream>,
    /// Sent with each request.
    pub headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(address: &str) -> Client {
        let stream = BufReader::new(TcpStream::connect(address).unwrap());
        Client { stream, headers: vec![("Host".to_owned(), address.to_owned())] }
    }

    /// Logs in as `demo` and asks at compute 2.37 from then on.
    pub fn log_in(address: &str) -> Client {
        Client::log_in_to(address, "demo")
    }

    /// The same for another project, whose user has its name.
    pub fn log_in_to(address: &str, project: &str) -> Client {
        let mut client = Client::new(address);
        let domain = json!({"name": "Default"});
        let user = json!({"name": project, "password": "secret", "domain": domain});
        let login = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": project, "domain": domain}}}});
        let reply = client.ask("POST", "/identity/v3/auth/tokens", Some(&login));
        assert_eq!(reply.status, 201, "{}", reply.body);
        let token = reply.all("X-Subject-Token")[0].to_owned();
        client.headers.push(("X-Auth-Token".to_owned(), token));
        client.headers.push(("OpenStack-API-Version".to_owned(), "compute 2.37".to_owned()));
        client
    }

    /// The token with which it is logged in.
    pub fn token(&self) -> &str {
        self.headers.iter().find(|(name, _)| name == "X-Auth-Token").map_or("", |(_, token)| token)
    }

    #[track_caller]
    pub fn ask(&mut self, method: &str, target: &str, body: Option<&Value>) -> Reply {
        self.try_ask(method, target, body).unwrap()
    }

    /// Nothing if the connection ends first.
    pub fn try_ask(&mut self, method: &str, target: &str, body: Option<&Value>) -> std::io::Result<Reply> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut request = format!("{method} {target} HTTP/1.1\r\n");
        // Cinder refuses a header that names another service alone.
        let is_sent = |name: &str| name != "OpenStack-API-Version" || target.starts_with("/compute");
        let sent = self.headers.iter().filter(|(name, _)| is_sent(name));
        sent.for_each(|(name, value)| request += &format!("{name}: {value}\r\n"));
        if !body.is_empty() {
            request += "Content-Type: application/json\r\n";
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.reply()
    }

    /// A body that comes in chunks, each with its length in a line before it.
    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut length = String::new();
            self.stream.read_line(&mut length)?;
            let mut chunk = vec![0; usize::from_str_radix(length.trim(), 16).unwrap() + 2];
            self.stream.read_exact(&mut chunk)?;
            match chunk.len() {
                2 => return Ok(body),
                length => body.extend_from_slice(&chunk[..length - 2]),
            }
        }
    }

    fn reply(&mut self) -> std::io::Result<Reply> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let header = |wanted: &str| headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let mut body = match header("Transfer-Encoding") {
            Some(_) => self.chunks()?,
            None => vec![0; header("Content-Length").map_or(0, |(_, length)| length.parse().unwrap())],
        };
        if header("Transfer-Encoding").is_none() {
            self.stream.read_exact(&mut body)?;
        }
        Ok(Reply { status, headers, body: String::from_utf8(body).unwrap() })
    }
}
