//! The responses in which services differ.

use crate::base::Version;
use crate::base::json::Map;
use crate::cloud::store::{Caller, Fault};
use crate::contract::{Contracts, Unrouted};
use crate::message::{Query, Response};

/// The responses in which services differ. Every service has a value for each; none has a default.
pub struct Manner {
    /// The answer that refuses; the text is the request's Accept header.
    pub refuse: fn(&Fault, &str) -> Response,
    /// The message for a role that is missing for a rule.
    pub policy: fn(&str) -> String,
    /// The answer to a request without a token.
    pub no_token: fn(&Asked<'_>) -> Response,
    /// The answer to a path that leads nowhere below the service's mount.
    pub unrouted: fn(&Asked<'_>, Unrouted) -> Response,
    /// Is a token asked for before the path is looked at?
    pub token_before_path: bool,
    /// Is a path outside of all API versions answered with the list of versions?
    pub tells_versions_anywhere: bool,
    /// Is a client that asks for the versions sent on to the newest?
    pub redirects_to_newest: bool,
    /// The refusal of a body that is not JSON.
    pub malformed: Said,
    /// The refusal of a body that is not UTF-8.
    pub not_utf8: Said,
    /// What it says where it met an error of Python's that it does not expect: of a body that is nested too deeply.
    pub crash: Said,
    /// What it says where half of a surrogate pair meets its database.
    pub unencodable: Said,
    /// The type that an answer without a body declares, by its status.
    pub empty_type: fn(u16) -> Option<&'static str>,
    /// The media types under which JSON is taken; `None`: any.
    pub json_types: Option<&'static [&'static str]>,
    /// The refusal of another media type.
    pub wrong_type: Said,
    /// How the message begins with which the service's schema refuses a request, as against its code.
    pub schema_refusals: &'static [&'static str],
    /// The `Vary` of every answer.
    pub vary: Option<&'static str>,
    /// Which headers carry the id of a request.
    pub request_id: RequestId,
    /// Does the answer at the mount itself have an id?
    pub id_at_mount: bool,
    /// Does the answer to a request without a token have one?
    pub id_without_token: bool,
    /// Does the answer at the mount itself contain the microversion?
    pub version_at_mount: bool,
    /// Is a single resource wrapped in its name: `{"server": {…}}`?
    pub wraps: bool,
    /// The fields of a new resource that hold its project.
    pub owner_fields: &'static [&'static str],
    /// Has a new resource a `user_id`?
    pub has_user: bool,
    /// Do resources tell when they were made and changed?
    pub has_times: bool,
    /// Has a new resource an `updated_at`, before anybody changed it?
    pub has_update: bool,
    /// Do times end in microseconds, instead of in `Z`?
    pub has_microseconds: bool,
    /// Does a list without an order start with the newest?
    pub newest_first: bool,
    /// Do lists show everything that the caller may see, regardless of the owner?
    pub lists_visible: bool,
    /// Does `all_tenants` show an administrator the resources of all projects?
    pub has_all_tenants: bool,
    /// The refusal of an action on a resource that the caller sees and does not own; `None`: it is not found.
    pub forbidden: fn(action: &str, resource: &str) -> Option<Fault>,
    /// Refuses a resource of a body whose owner the caller may not name.
    pub owner_in_body: fn(&Map, &Caller) -> Option<Fault>,
    /// The refusal of a marker that names nothing; `None`: that of the resource itself.
    pub no_marker: Option<fn(&str) -> Fault>,
    /// Refuses an order or a page that cannot be had.
    pub check_page: fn(&Query) -> Result<(), Fault>,
    /// Is a limit of 0 no limit?
    pub zero_is_no_limit: bool,
    /// Does a page that is full link on, even if nothing follows?
    pub full_page_links: bool,
    /// Does `page_reverse` ask for the page before the marker?
    pub page_reverse: bool,
    /// The fields beside a list that lead to other pages.
    pub page_links: fn(&ShownPage<'_>) -> Map,
    /// The refusal of parameters that narrow nothing; `None`: they are ignored.
    pub unknown_filters: fn(&UnknownFilters<'_>) -> Option<Fault>,
    /// Does the list contain the URL of the request?
    pub list_links: bool,
}

/// Status and message of a refusal that is always the same.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// The status.
    pub status: u16,
    /// The message.
    pub message: &'static str,
}

/// What an answer to a lost request may name.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Where the cloud is.
    pub origin: &'a str,
    /// The method.
    pub method: &'a str,
    /// What follows the mount.
    pub path: &'a str,
    /// The request's Accept header.
    pub accept: &'a str,
}

/// Parameters by which a list cannot be narrowed, and what decides whether that is said.
#[derive(Clone, Copy)]
pub struct UnknownFilters<'a> {
    /// Their names.
    pub names: &'a [&'a str],
    /// The version that is asked.
    pub version: Version,
    /// Does an administrator ask?
    pub admin: bool,
    /// The contracts, which know the release.
    pub contracts: &'a Contracts,
}

impl UnknownFilters<'_> {
    /// Is the cloud of that release or a later one? One without a release is of today.
    pub fn is_since(&self, release: &str) -> bool {
        let range = format!("{release}..");
        self.contracts.release().is_none_or(|own| self.contracts.releases().within(own, &range))
    }
}

/// Which headers carry the id of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestId {
    /// The common one.
    Common,
    /// Nova's own beside it.
    AndCompute,
    /// Nova's own beside it, from where the version is negotiated on.
    AndComputeOnceNegotiated,
}

/// A page of a list, as links to others are made.
#[derive(Clone, Copy, Debug)]
pub struct ShownPage<'a> {
    /// What the list is called.
    pub collection: &'a str,
    /// Where it was asked, below the root of the API.
    pub path: &'a str,
    /// The query.
    pub query: &'a Query,
    /// What names the last resource of a page that others follow.
    pub last: Option<&'a str>,
    /// What names the first and the last resource of the page.
    pub edges: Option<(&'a str, &'a str)>,
    /// Is there a limit?
    pub is_limited: bool,
    /// Has the page as many resources as the limit lets it have?
    pub is_full: bool,
    /// Is it the page before the marker?
    pub is_reversed: bool,
}
