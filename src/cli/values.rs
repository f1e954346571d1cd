//! How the values of options are spelled, on the command line and in mockstack.yaml alike.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::base::Diagnostic;

/// `ADDRESS:PORT`; the address may be a host name, of whose addresses the first IPv4 address is used.
///
/// # Errors
/// What is wrong, and the expected form.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    const EXAMPLE: &str = "expected ADDRESS:PORT, such as 127.0.0.1:8774";
    let is_bare_ipv6 = text.parse::<std::net::Ipv6Addr>().is_ok();
    let (host, port) = text.rsplit_once(':').filter(|(host, _)| !host.is_empty() && !is_bare_ipv6).ok_or(EXAMPLE)?;
    let port: u16 = port
        .parse()
        .map_err(|_| format!("{port:?} is not a port (a number from 0 to 65535; 0 picks a free one); {EXAMPLE}"))?;
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let found = (host, port).to_socket_addrs().map_err(|_| format!("{host:?} cannot be resolved; {EXAMPLE}"))?;
    let all: Vec<SocketAddr> = found.collect();
    let first = all.iter().find(|address| address.is_ipv4()).or(all.first()).copied();
    first.ok_or_else(|| format!("{host:?} has no address; {EXAMPLE}"))
}

/// A name, which says something.
///
/// # Errors
/// It is blank.
pub fn not_blank(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("expected a name that is not blank".to_owned()) } else { Ok(text.to_owned()) }
}

/// A whole number.
///
/// # Errors
/// It is not one.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}, such as 42", u64::MAX))
}

/// A time of RFC 3339.
///
/// # Errors
/// It is not one.
pub fn clock(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "expected a time of RFC 3339, such as 2026-01-31T12:00:00Z".to_owned())
}

/// The URL of a host, without a slash at the end.
///
/// # Errors
/// It is not one.
pub fn origin(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or_default();
    let rest = rest.trim_end_matches('/');
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "?#@\"'".contains(c);
    match rest.is_empty() || rest.starts_with('/') || rest.contains(is_odd) {
        true => Err("expected a URL such as http://mockstack:8774".to_owned()),
        false => Ok(text.trim_end_matches('/').to_owned()),
    }
}

/// A number of seconds, more than 0.
///
/// # Errors
/// It is not one.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let read = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    read.filter(|time| !time.is_zero()).ok_or_else(|| "expected a number of seconds above 0, such as 60".to_owned())
}

/// A number of days, hours or minutes: `30d`, `12h`, `90m`.
///
/// # Errors
/// It is not one, or is too large.
pub fn age(text: &str) -> Result<SignedDuration, String> {
    const EXPECTED: &str = "expected a number of days, hours or minutes, such as 30d, 12h or 90m";
    let unit = text.chars().next_back().and_then(|unit| match unit {
        'd' => Some(86_400),
        'h' => Some(3_600),
        'm' => Some(60),
        _ => None,
    });
    let number = unit.and_then(|unit| Some((text.get(..text.len() - 1)?, unit)));
    let (number, unit) =
        number.filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit())).ok_or(EXPECTED)?;
    let count: i64 = number.parse().map_err(|_| EXPECTED)?;
    count.checked_mul(unit).map(SignedDuration::from_secs).ok_or_else(|| EXPECTED.to_owned())
}

/// The error for a COMMAND without `--` before it.
pub fn command_without_dashes(error: &clap::Error, words: &[String]) -> Option<Diagnostic> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let Some(ContextValue::String(command)) = error.get(ContextKind::InvalidArg) else { return None };
    let takes_command =
        words.get(1).is_some_and(|word| ["run", "record", "replay", "matrix", "bisect"].contains(&word.as_str()));
    if error.kind() != ErrorKind::UnknownArgument || !takes_command || command.starts_with('-') {
        return None;
    }
    // The first word that could be meant: one that is the value of an option may be spelled like it.
    let place = words.iter().rposition(|word| word == command)?;
    let options = words.get(1..place)?.join(" ");
    let more = if words.len() > place + 1 { " …" } else { "" };
    let fix = format!("put -- before it: mockstack {options} -- {command}{more}");
    Some(Diagnostic::new(format!("the command {command:?} is among the options")).row("fix", fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_more_than_none() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "1m", "", "NaN", "inf", "1e30"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_age_is_a_number_and_a_unit() {
        for (text, seconds) in [("30d", 2_592_000), ("12h", 43_200), ("90m", 5_400), ("0m", 0)] {
            assert_eq!(age(text), Ok(SignedDuration::from_secs(seconds)));
        }
        for text in [
            "",
            "d",
            "30",
            "-1d",
            "+1d",
            "1.5h",
            "30 d",
            "30s",
            "1d12h",
            "99999999999999999999d",
            "999999999999999999d",
            "3é",
        ] {
            assert!(age(text).is_err_and(|told| told.contains("such as 30d")), "{text}: {:?}", age(text));
        }
    }

    #[test]
    fn an_address_may_be_a_name_and_needs_a_port() {
        for text in ["localhost:8774", "127.0.0.1:8774"] {
            assert_eq!(listen(text), Ok(SocketAddr::from(([127, 0, 0, 1], 8774))));
        }
        assert_eq!(listen("[::1]:0").map(|address| address.to_string()), Ok("[::1]:0".to_owned()));
        for (text, why) in [
            ("localhost:8774x", "\"8774x\" is not a port"),
            ("127.0.0.1:65536", "\"65536\" is not a port"),
            ("::1", "ADDRESS:PORT"),
            (":8774", "ADDRESS:PORT"),
            ("8774", "ADDRESS:PORT"),
            ("localhost", "ADDRESS:PORT"),
            ("", "ADDRESS:PORT"),
        ] {
            assert!(listen(text).is_err_and(|told| told.contains(why)), "{text}: {:?}", listen(text));
        }
    }
}
