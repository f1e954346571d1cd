//! A command that runs inside a cloud: `mockstack run -- COMMAND…`, alone or beside others.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

use super::platform::{Signal, Signals, kill_group, lead_a_group, pass_on, pass_to_group, signal_of, terminate_group};

/// The environment of a command, in addition to what it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Inherited variables that are removed.
    pub remove: Vec<OsString>,
    /// Variables that are set.
    pub set: Vec<(String, String)>,
}

impl Environment {
    /// An environment with `set` and without those of the `inherited` names that start with `OS_`: a client that saw them
    /// might talk to a real cloud.
    pub fn new(inherited: impl IntoIterator<Item = OsString>, set: Vec<(String, String)>) -> Environment {
        let is_openstack = |name: &OsString| name.as_encoded_bytes().starts_with(b"OS_");
        Environment { remove: inherited.into_iter().filter(is_openstack).collect(), set }
    }
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It exited with this code.
    Code(i32),
    /// This signal killed it.
    Signal(i32),
    /// The command does not exist, and why.
    NotFound(String),
    /// It could not start, and why.
    NotExecutable(String),
    /// It had not ended after this time, and was killed.
    TooLong(Duration),
}

/// How a command runs beside others: in a process group of its own, without input, with its output in a file, for a limited time.
#[derive(Debug)]
pub struct Beside<'f> {
    pub output: &'f File,
    pub limit: Duration,
}

/// What a command has left to end in when its time is over.
const LAST_WORDS: Duration = Duration::from_secs(2);

impl Ended {
    /// The exit code that a shell would report.
    pub fn exit_code(&self) -> i32 {
        match self {
            Ended::Code(code) => *code,
            Ended::Signal(signal) => 128 + signal,
            Ended::NotFound(_) => 127,
            Ended::NotExecutable(_) => 126,
            // As timeout(1) has it.
            Ended::TooLong(_) => 124,
        }
    }

    /// Why it is not the command's own code that tells, if it is not.
    pub fn why(&self) -> Option<String> {
        match self {
            Ended::Code(_) | Ended::Signal(_) => None,
            Ended::NotFound(why) | Ended::NotExecutable(why) => Some(format!("the command could not start: {why}")),
            Ended::TooLong(limit) => Some(format!("the command did not end within {} s", limit.as_secs_f64())),
        }
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), signal_of(status)) {
            (Some(code), _) => Ended::Code(code),
            (None, Some(signal)) => Ended::Signal(signal),
            (None, None) => Ended::NotExecutable(status.to_string()),
        }
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Ended::NotFound(error.to_string()),
            _ => Ended::NotExecutable(error.to_string()),
        }
    }
}

/// Runs `command` to its end. It has our standard streams and our process group, gets the signals that we get, and is
/// killed if the future is dropped. If `heard` has received a signal before, it is not started at all.
pub async fn run(command: &[OsString], environment: &Environment, heard: impl Fn() -> Option<i32>) -> Ended {
    let supervised = async {
        // Listening comes first: a signal that arrives while the command starts must not end us and leave it behind.
        let mut signals = Signals::listen()?;
        if let Some(signal) = heard() {
            return Ok(Ended::Signal(signal));
        }
        let mut child = prepare(command, environment)?.spawn()?;
        supervise(&mut child, &mut signals, pass_on).await
    };
    supervised.await.unwrap_or_else(Ended::from)
}

/// The same beside other commands. The terminal does not know its process group, so that each signal is passed on.
pub async fn run_beside(
    command: &[OsString],
    environment: &Environment,
    heard: impl Fn() -> Option<i32>,
    Beside { output, limit }: Beside<'_>,
) -> Ended {
    let supervised = async {
        let mut signals = Signals::listen()?;
        if let Some(signal) = heard() {
            return Ok(Ended::Signal(signal));
        }
        let mut command = prepare(command, environment)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output.try_clone()?);
        lead_a_group(&mut command);
        let mut child = command.spawn()?;
        let group = child.id();
        match tokio::time::timeout(limit, supervise(&mut child, &mut signals, pass_to_group)).await {
            Ok(ended) => ended,
            Err(_) => {
                terminate_group(group);
                // Whether it went by itself or not, it has had its time.
                let _ = tokio::time::timeout(LAST_WORDS, child.wait()).await;
                kill_group(group);
                Ok(Ended::TooLong(limit))
            }
        }
    };
    supervised.await.unwrap_or_else(Ended::from)
}

async fn supervise(child: &mut Child, signals: &mut Signals, pass: fn(&Child, Signal)) -> io::Result<Ended> {
    loop {
        tokio::select! {
            status = child.wait() => return status.map(Ended::from),
            signal = signals.next() => pass(child, signal),
        }
    }
}

fn prepare(command: &[OsString], environment: &Environment) -> io::Result<Command> {
    let (program, arguments) = command.split_first().ok_or(ErrorKind::NotFound)?;
    let mut command = Command::new(program);
    for name in &environment.remove {
        command.env_remove(name);
    }
    command.args(arguments).envs(environment.set.iter().cloned()).kill_on_drop(true);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &[&str]) -> Vec<OsString> {
        command.iter().map(OsString::from).collect()
    }

    async fn shell(script: &str, environment: &Environment) -> Ended {
        run(&words(&["sh", "-c", script]), environment, || None).await
    }

    #[tokio::test]
    async fn a_command_ends_with_its_own_code_or_that_of_a_signal() {
        let environment = Environment::default();
        assert_eq!(shell("exit 7", &environment).await, Ended::Code(7));
        let killed = shell("kill -9 $$", &environment).await;
        assert_eq!((killed.exit_code(), killed), (137, Ended::Signal(9)));
    }

    #[tokio::test]
    async fn a_command_that_cannot_start_says_why() {
        let environment = Environment::default();
        let missing = run(&words(&["/no/such/command"]), &environment, || None).await;
        assert!(matches!(&missing, Ended::NotFound(why) if why.contains("No such file")), "{missing:?}");
        assert_eq!(missing.exit_code(), 127);
        assert_eq!(run(&words(&["no-such-command-at-all"]), &environment, || None).await.exit_code(), 127);
        let interrupted = run(&words(&["true"]), &environment, || Some(15)).await;
        assert_eq!((interrupted.exit_code(), interrupted), (143, Ended::Signal(15)));
        assert_eq!(run(&[], &environment, || None).await.exit_code(), 127);
        let plain_file =
            run(&words(&[concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]), &environment, || None).await;
        assert!(matches!(&plain_file, Ended::NotExecutable(why) if why.contains("denied")), "{plain_file:?}");
        assert_eq!(plain_file.exit_code(), 126);
    }

    #[test]
    fn variables_of_another_cloud_are_removed() {
        let inherited = words(&["OS_CLOUD", "PATH", "OSTYPE", "OS_PASSWORD"]);
        assert_eq!(Environment::new(inherited, Vec::new()).remove, words(&["OS_CLOUD", "OS_PASSWORD"]));
    }

    #[tokio::test]
    async fn a_command_gets_what_is_set_and_lacks_what_is_removed() {
        let environment = Environment {
            remove: words(&["OS_FOO", "OS_CLOUD"]),
            set: vec![("OS_CLOUD".into(), "mock".into()), ("A".into(), "b c".into())],
        };
        let command = prepare(&words(&["sh"]), &environment).unwrap();
        assert!(command.as_std().get_envs().any(|variable| variable == ("OS_FOO".as_ref(), None)));
        let script = r#"test "$OS_CLOUD,$A,${OS_FOO-none}" = "mock,b c,none""#;
        assert_eq!(shell(script, &environment).await, Ended::Code(0));
    }

    #[tokio::test]
    async fn beside_others_time_and_group_are_its_own() {
        let output = tempfile::tempfile().unwrap();
        let limit = Duration::from_millis(300);
        let beside = |script: &str| {
            let (words, output) = (words(&["sh", "-c", script]), output.try_clone().unwrap());
            async move { run_beside(&words, &Environment::default(), || None, Beside { output: &output, limit }).await }
        };
        assert_eq!(beside("echo told; read line; exit 7").await, Ended::Code(7));
        // What it has started goes with it.
        let begun = std::time::Instant::now();
        let ended = beside("trap '' TERM; sleep 60 & wait; sleep 60").await;
        assert_eq!((ended.exit_code(), &ended), (124, &Ended::TooLong(limit)));
        assert!(begun.elapsed() < Duration::from_secs(20) && ended.why().unwrap().contains("within 0.3 s"));
        let mut text = String::new();
        std::io::Seek::rewind(&mut &output).unwrap();
        std::io::Read::read_to_string(&mut &output, &mut text).unwrap();
        assert_eq!(text, "told\n");
    }
}
