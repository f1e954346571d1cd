//! How many items a page of a list has.

use crate::base::{Diagnostic, Node};
use crate::contract::Dialect;

/// How many items a page of a list has, by service, if not as many as it gives by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLimits([Option<usize>; ROWS.len()]);

/// A service whose pages have a limit.
struct Row {
    /// Its key in a fixture.
    key: &'static str,
    dialect: Dialect,
    /// The most items of a page.
    most: usize,
    /// As many has one that no limit is asked for.
    usual: usize,
}

/// As many as Nova's `max_limit`, Glance's `api_limit_max` and `limit_param_default`, Neutron's `pagination_max_limit` and Cinder's
/// `osapi_max_limit` say by default.
const ROWS: [Row; 4] = [
    Row { key: "compute", dialect: Dialect::Nova, most: 1000, usual: 1000 },
    Row { key: "image", dialect: Dialect::Glance, most: 1000, usual: 25 },
    Row { key: "network", dialect: Dialect::Neutron, most: usize::MAX, usual: usize::MAX },
    Row { key: "volume", dialect: Dialect::Cinder, most: 1000, usual: 1000 },
];

impl PageLimits {
    /// Takes over the limits that `node` names: `{compute: 100}`.
    ///
    /// # Errors
    /// A key is unknown, or a value is no number from 1.
    pub fn apply(&mut self, node: &Node) -> Result<(), Diagnostic> {
        node.only(&ROWS.map(|row| row.key))?;
        for (own, row) in self.0.iter_mut().zip(&ROWS) {
            let Some(value) = node.get(row.key) else { continue };
            let number = usize::try_from(value.integer()?).ok().filter(|number| *number > 0);
            *own = Some(number.ok_or_else(|| value.expected("a whole number from 1"))?);
        }
        Ok(())
    }

    /// How many items a service gives at most, and how many if no limit is asked for.
    pub fn of(&self, dialect: Dialect) -> (usize, usize) {
        let found = self.0.iter().zip(&ROWS).find(|(_, row)| row.dialect == dialect);
        let limits = found.map(|(own, row)| (own.unwrap_or(row.most), row.usual));
        // Keystone has no pages.
        limits.map_or((usize::MAX, usize::MAX), |(most, usual)| (most, usual.min(most)))
    }
}
