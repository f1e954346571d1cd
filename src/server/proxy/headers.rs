//! Header lines between two connections.

use hyper::HeaderMap;
use hyper::header::{CONNECTION, HeaderName, HeaderValue};

use crate::exchange::Rewriter;

/// What is of one connection alone: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
const OF_CONNECTION: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Leaves out what is of one connection alone.
pub fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let listed = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<HeaderName> =
        listed.flat_map(|names| names.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
    for name in named {
        headers.remove(name);
    }
    for name in OF_CONNECTION {
        headers.remove(name);
    }
}

/// Rewrites the URLs in the lines.
pub fn rewrite(headers: &mut HeaderMap, rewriter: &Rewriter) {
    for value in headers.values_mut() {
        let rewritten = value.to_str().ok().filter(|text| text.contains("://")).and_then(|text| rewriter.text(text));
        if let Some(new) = rewritten.and_then(|text| HeaderValue::try_from(text).ok()) {
            *value = new;
        }
    }
}
