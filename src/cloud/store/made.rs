//! What a request made.

/// What a request made. What comes along with it, such as the ports of a server, goes with it and is not told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Made {
    /// The collection.
    pub collection: Box<str>,
    /// Its key there.
    pub key: Box<str>,
    /// The server for which it was made, and which it outlives: no matter of its own as long as that is there.
    pub of_server: Option<Box<str>>,
}
