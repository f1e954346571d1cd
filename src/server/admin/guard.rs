//! Who may use the routes: this machine's own users, and from elsewhere whoever knows the token.

use std::fmt;
use std::str::FromStr;

use crate::message::Request;

/// The header with the token.
const HEADER: &str = "X-Mockstack-Admin-Token";

/// Who may use the routes.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// The token of `--admin-token`, with which others may use them too.
    pub token: Option<AdminToken>,
}

/// A token that lets others in. Nothing prints it.
#[derive(Clone)]
pub struct AdminToken(String);

impl FromStr for AdminToken {
    type Err = String;

    fn from_str(text: &str) -> Result<AdminToken, String> {
        match text.trim().is_empty() {
            true => Err("a token that is empty lets everybody in".to_owned()),
            false => Ok(AdminToken(text.to_owned())),
        }
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(…)")
    }
}

impl Guard {
    /// Why the request is none of ours: it comes from a page; or, without the token, from another machine, or under a name that
    /// only a page's script would use for us.
    pub fn refuses(&self, request: &Request) -> Option<String> {
        if request.headers.get("Origin").is_some_and(|origin| !is_own_page(origin, request)) {
            return Some("these routes are not for web pages".to_owned());
        }
        match (request.headers.get(HEADER), &self.token) {
            (Some(given), Some(AdminToken(token))) if is_same(given, token) => None,
            (Some(_), _) => Some("that is not the token of --admin-token".to_owned()),
            (None, token) => foreign(request, token.is_some()),
        }
    }
}

/// Is `origin` that of our own page, on this machine, which gives no token?
fn is_own_page(origin: &str, request: &Request) -> bool {
    let host = request.headers.get("Host").unwrap_or_default();
    let is_ours = request.peer.origin(host).eq_ignore_ascii_case(origin);
    is_ours && request.headers.get(HEADER).is_none() && foreign(request, false).is_none()
}

/// Compares without telling by the time it takes how much of a guess is right.
fn is_same(given: &str, token: &str) -> bool {
    let differs = given.bytes().zip(token.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    given.len() == token.len() && differs == 0
}

fn foreign(request: &Request, has_token: bool) -> Option<String> {
    if request.peer.address.is_some_and(|peer| !peer.to_canonical().is_loopback()) {
        let why = "these routes are for this machine only";
        let fix =
            if has_token { format!("; send {HEADER} from others") } else { "; others need --admin-token".to_owned() };
        return Some(format!("{why}{fix}"));
    }
    let host = request.headers.get("Host").unwrap_or("localhost");
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if port.is_empty() || port.starts_with(':') => address,
        Some(_) => host,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let is_loopback = |ip: std::net::IpAddr| ip.to_canonical().is_loopback();
    let is_local = name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback);
    (!is_local).then(|| format!("{name} is not a loopback name of this machine"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Peer;

    #[test]
    fn only_this_machines_own_users_are_served() {
        let request = |lines: &[(&str, &str)], peer: &str| Request {
            headers: lines.iter().copied().collect(),
            peer: Peer { address: peer.parse().ok(), ..Peer::default() },
            ..Request::default()
        };
        let own = Guard::default();
        assert_eq!(own.refuses(&request(&[("Host", "127.0.0.1:5000")], "127.0.0.1")), None);
        for (host, peer) in [
            ("[::1]:5000", "::1"),
            ("[::1]", "::1"),
            ("LocalHost", "127.0.0.1"),
            // IPv4 at a socket that listens at `[::]`.
            ("127.0.0.1:5000", "::ffff:127.0.0.1"),
            ("[::ffff:127.0.0.1]:5000", "::ffff:127.0.0.1"),
        ] {
            assert_eq!(own.refuses(&request(&[("Host", host)], peer)), None, "{host} from {peer}");
        }
        for bad in [
            request(&[("Host", "127.0.0.1:5000")], "10.0.0.7"),
            request(&[("Host", "127.0.0.1:5000"), ("Origin", "http://evil.example")], "127.0.0.1"),
            request(&[("Host", "127.0.0.1:5000")], "::ffff:10.0.0.7"),
            request(&[("Host", "evil.example:5000")], "127.0.0.1"),
            request(&[("Host", "[::1]evil.example")], "127.0.0.1"),
        ] {
            assert!(own.refuses(&bad).is_some(), "{bad:?}");
        }
    }

    /// Its own page is one that this machine's users have opened.
    #[test]
    fn of_web_pages_its_own_alone_is_served() {
        let request = |host: &str, origin: &str, peer: &str| Request {
            headers: [("Host", host), ("Origin", origin)].into_iter().collect(),
            peer: Peer { address: peer.parse().ok(), ..Peer::default() },
            ..Request::default()
        };
        let own = Guard::default();
        assert_eq!(own.refuses(&request("127.0.0.1:5000", "http://127.0.0.1:5000", "127.0.0.1")), None);
        for (host, origin, peer) in [
            ("127.0.0.1:5000", "http://127.0.0.1:5001", "127.0.0.1"),
            ("127.0.0.1:5000", "null", "127.0.0.1"),
            ("evil.example:5000", "http://evil.example:5000", "127.0.0.1"),
            ("127.0.0.1:5000", "http://127.0.0.1:5000", "10.0.0.7"),
        ] {
            assert!(own.refuses(&request(host, origin, peer)).is_some(), "{origin} at {host} from {peer}");
        }
    }

    #[test]
    fn others_need_the_token_and_pages_do_not_get_in_with_it() {
        let guard = Guard { token: Some("s3cret".parse().unwrap()) };
        let request = |lines: &[(&str, &str)]| Request {
            headers: lines.iter().copied().collect(),
            peer: Peer { address: "10.0.0.7".parse().ok(), ..Peer::default() },
            ..Request::default()
        };
        let host = ("Host", "mockstack:5000");
        assert_eq!(guard.refuses(&request(&[host, (HEADER, "s3cret")])), None);
        for bad in [
            request(&[host]),
            request(&[host, (HEADER, "s3cret2")]),
            request(&[host, (HEADER, "s3creT")]),
            request(&[host, (HEADER, "s3cret"), ("Origin", "http://mockstack:5000")]),
        ] {
            assert!(guard.refuses(&bad).is_some(), "{bad:?}");
        }
        assert!(Guard::default().refuses(&request(&[host, (HEADER, "")])).is_some());
        assert!("".parse::<AdminToken>().is_err() && !format!("{guard:?}").contains("s3cret"));
    }
}
