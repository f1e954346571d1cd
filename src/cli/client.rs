//! Clients that are run beside each other: commands with names.

use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;

/// A command with a name.
#[derive(Clone, Debug)]
pub struct Client {
    pub name: String,
    pub line: Vec<OsString>,
}

impl Client {
    /// A command and its arguments, named after its program; `None` for no words.
    pub fn of_command(line: &[OsString]) -> Option<Client> {
        let program = line.first()?;
        let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        Some(Client { name, line: line.to_vec() })
    }
}

/// `NAME=COMMAND`, where the command is one of the shell, and the name may be that of a folder.
impl FromStr for Client {
    type Err = String;

    fn from_str(text: &str) -> Result<Client, String> {
        let (name, command) = text.split_once('=').ok_or("expected NAME=COMMAND, such as osc='bash osc.sh'")?;
        let is_odd = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
        if name.is_empty() || name.starts_with('.') || name.contains(is_odd) || command.trim().is_empty() {
            return Err("expected NAME=COMMAND, where NAME has only letters, digits, - _ and .".to_owned());
        }
        Ok(Client { name: name.to_owned(), line: ["sh", "-c", command].map(OsString::from).to_vec() })
    }
}
