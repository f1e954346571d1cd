//! A shell script that asks a fresh cloud with curl.

use std::process::{Command, Output, Stdio};

/// `login` prints a token; `$COMPUTE` is where Nova is.
const PRELUDE: &str = r#"
COMPUTE=${OS_AUTH_URL%/identity}/compute/v2.1
login() {
    curl -si "$OS_AUTH_URL/v3/auth/tokens" -H 'Content-Type: application/json' -d '{"auth": {"identity": {"methods": ["password"],
        "password": {"user": {"name": "demo", "domain": {"name": "Default"}, "password": "secret"}}},
        "scope": {"project": {"name": "demo", "domain": {"name": "Default"}}}}}' | tr -d '\r' | sed -n 's/^x-subject-token: //Ip'
}
"#;

/// The program with `arguments`, without what this process was told of CI.
pub fn mockstack(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("mockstack"));
    command.env_remove("CI").stdin(Stdio::null()).args(arguments);
    command
}

/// Runs `script` in a fresh cloud that has `options`.
pub fn run(options: &[&str], script: &str) -> Output {
    let mut command = mockstack(&["run"]);
    command.args(options).args(["--", "bash", "-c", &format!("{PRELUDE}{script}")]).output().unwrap()
}
