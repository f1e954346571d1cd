//! The judgement of a request by its contract, in all versions at once.

use super::walk::walk;
use super::{cinder, glance, neutron};
use crate::base::json::Value;
use crate::base::{Version, Versions};
use crate::contract::finding::{Finding, Kind, MOST_FINDINGS, More, Refusal, Subject};
use crate::contract::schema::{SchemaId, Schemas};
use crate::contract::table::{Dialect, Operation};

/// The judgement of a request by its contract. `None` in place of a document means that there was none to judge.
#[derive(Debug)]
pub struct Judgement<'c> {
    /// The operation that was asked.
    pub operation: &'c Operation,
    /// The versions that the API has.
    pub api: Versions,
    /// What is wrong with the query, then with the body, in the order in which the service looks; of each version at least
    /// the first [`MOST_FINDINGS`].
    pub findings: Vec<(Subject, Finding)>,
    /// What else is wrong.
    more: More,
}

impl<'c> Judgement<'c> {
    /// Judges `query` (an object of lists) and `body`.
    pub fn new(
        operation: &'c Operation,
        schemas: &Schemas,
        api: Versions,
        query: Option<&Value>,
        body: &Value,
    ) -> Judgement<'c> {
        let live = (api | Versions::only(Version::LEGACY_V2)) & operation.lifetime;
        let (mut findings, mut more) = (Vec::new(), More::default());
        let mut judge = |subject, schema: Option<SchemaId>, document: Option<&Value>| {
            if let (Some(schema), Some(document)) = (schema, document) {
                let (found, further) = walk(schemas, schema, document, live).into_parts();
                findings.extend(found.into_iter().map(|finding| (subject, finding)));
                more.extend(further);
            }
        };
        judge(Subject::Query, operation.query, query);
        judge(Subject::Body, operation.body, Some(body));
        let mut judgement = Judgement { operation, api, findings, more };
        if let Some(check) = operation.check {
            let live = live.without(judgement.failing());
            let (subject, document) = match check.is_of_query() {
                true => (Subject::Query, query.unwrap_or(&Value::Null)),
                false => (Subject::Body, body),
            };
            let found = check.run(document, live, &operation.place);
            judgement.findings.extend(found.into_iter().map(|finding| (subject, finding)));
        }
        judgement
    }

    /// The versions in which something is wrong.
    pub fn failing(&self) -> Versions {
        self.findings.iter().fold(Versions::NONE, |all, (_, finding)| all | finding.versions)
    }

    /// The versions in which the request is right as it was sent.
    pub fn valid(&self) -> Versions {
        (self.api & self.operation.lifetime).without(self.failing())
    }

    /// What is wrong at `version`, the service's own choice first; at most [`MOST_FINDINGS`].
    pub fn at(&self, version: Version) -> impl Iterator<Item = &(Subject, Finding)> {
        self.holding(version).take(MOST_FINDINGS)
    }

    fn holding(&self, version: Version) -> impl Iterator<Item = &(Subject, Finding)> {
        self.findings.iter().filter(move |(_, finding)| finding.versions.contains(version))
    }

    /// How much is wrong at `version` beside what [`Judgement::at`] gives.
    pub fn more_at(&self, version: Version) -> usize {
        self.holding(version).count().saturating_sub(MOST_FINDINGS) + self.more.at(version)
    }

    /// How the service refuses the request at `version`; `None` if it does not.
    pub fn refusal(&self, dialect: Dialect, version: Version, query: &Value, body: &Value) -> Option<Refusal> {
        let (subject, finding) = self.at(version).next()?;
        let document = match subject {
            Subject::Body => body,
            Subject::Query => query,
        };
        let status = match finding.kind {
            Kind::Checked { status, .. } => status,
            _ => 400,
        };
        let plain = |message| (message, None);
        let (message, class) = match dialect {
            Dialect::Neutron => {
                let (message, class) = neutron::message(self.operation, finding, document, version);
                (message, Some(class))
            }
            Dialect::Glance => plain(glance::message(self.operation, finding, document, *subject, version)),
            Dialect::Cinder => plain(cinder::message(finding, document, *subject, version)),
            Dialect::Keystone if self.operation.tells_path => plain(finding.message_with_path(document, version)),
            _ => plain(finding.message(document, *subject, version)),
        };
        Some(Refusal { status, message, class, path: finding.pointer.clone() })
    }
}
