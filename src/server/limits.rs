//! What the server bears from a client.

use std::time::Duration;

/// Times and sizes that keep one client from holding the server up.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long the header lines may take, from their first byte on, or on a new connection from its start.
    pub header_time: Duration,
    /// How long the body may take.
    pub body_time: Duration,
    /// How long a connection may rest between two requests.
    pub idle_time: Duration,
    /// How long the server waits for the next bytes of a body that is too large, before it answers without them.
    pub discard_time: Duration,
    /// How long requests under way may take once the server stops.
    pub stop_time: Duration,
    /// How many bytes the request line and the header lines may have.
    pub header_bytes: usize,
    /// How many header lines there may be.
    pub header_lines: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            // `client_socket_timeout` of nova-api: clients that poll reuse a connection after long pauses.
            idle_time: Duration::from_secs(900),
            discard_time: Duration::from_millis(500),
            stop_time: Duration::from_secs(5),
            header_bytes: 64 * 1024,
            header_lines: 100,
        }
    }
}
