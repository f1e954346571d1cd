//! Which servers the lists of Icehouse's APIs show, those of v2 up to Kilo. Sources: nova/api/openstack/compute/servers.py,
//! nova/compute/api.py and nova/db/sqlalchemy/api.py of 2014.1 to 2015.1.

use foldhash::HashSet;

use super::listing::{Filter, Listing, strict};
use super::state_filter::Wanted;
use crate::cloud::store::{Caller, Fault};
use crate::cloud::verb::{Ask, instant};
use crate::contract::Code;

/// Filters that anybody may use.
const FOR_ALL: [&str; 7] = ["reservation_id", "name", "status", "image", "flavor", "ip", "all_tenants"];

/// Filters that came with microversions: what is no column of the table narrows nothing.
const OF_TODAY: [&str; 6] = ["tags", "tags-any", "not-tags", "not-tags-any", "changes-before", "locked"];

impl<'q> Listing<'q> {
    /// Reads the query as Nova did before there were microversions.
    ///
    /// # Errors
    /// The query asks for something that is not allowed or not valid.
    pub fn read_classic(ask: &Ask<'q>, caller: &Caller) -> Result<Listing<'q>, Fault> {
        let since = if ask.service.name == "compute-v3" { "changes_since" } else { "changes-since" };
        let is_allowed = |name: &str| caller.admin || name == since || FOR_ALL.contains(&name);
        let last = |name: &str| ask.query.last(name).filter(|_| is_allowed(name));
        let mut listing = Listing::of(ask.query, statuses(ask));
        // A limit of nothing is a page of nothing.
        listing.is_empty = ask.query.last("limit") == Some("0") || listing.wanted.is_impossible();
        if last(since).is_some_and(|time| instant(time).is_none()) && !listing.wanted.is_impossible() {
            return Err(Fault::new(Code::Rule, 400, format!("Invalid {since} value")));
        }
        listing.gone = match last("deleted") {
            // Any text is true.
            Some(text) => Some(!text.is_empty()),
            None => last(since).is_none().then_some(false),
        };
        if listing.wanted.is_only_deleted() {
            if !caller.admin {
                return Err(Fault::new(Code::Policy, 403, "Only administrators may list deleted instances"));
            }
            listing.gone = Some(true);
        }
        let all =
            last("all_tenants").map_or(Ok(false), |text| if text.is_empty() { Ok(true) } else { strict(text) })?;
        // Anybody may ask so; what is no administrator's query is narrowed to the project all the same.
        listing.everybodys = all && caller.admin;
        let mut met = HashSet::default();
        let names = ask.query.0.iter().map(|(name, _)| name.as_str());
        let names = names.filter(|name| is_allowed(name) && !OF_TODAY.contains(name) && met.insert(*name));
        listing.filters = names.filter_map(|name| filter(ask, name, since)).collect();
        Ok(listing)
    }
}

fn filter<'q>(ask: &Ask<'q>, name: &'q str, since: &str) -> Option<Filter<'q>> {
    let value = ask.query.last(name)?;
    Some(match name {
        // An address is matched from its start.
        "ip" | "ip6" => Filter::matching(name, value, &format!("^(?:{value})")),
        "fixed_ip" => Filter::matching("ip", value, &format!("^{}$", regex::escape(value))),
        _ if name == since => Filter::of("changes-since", value),
        _ => Filter::of(name, value),
    })
}

/// Before Juno one status could be asked for.
fn statuses(ask: &Ask<'_>) -> Wanted {
    match ask.is_of("juno..") {
        true => Wanted::of(ask.query.all("status")),
        false => Wanted::of(ask.query.last("status").into_iter()),
    }
}
