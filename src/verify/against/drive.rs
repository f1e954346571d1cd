//! Asks a cloud what a recording asked another one.

use super::cloud::{Cloud, Received, Sent, inner};
use super::findings::{Answer, Findings};
use super::journal::Journal;
use super::names::{Names, is_id, rename};
use super::pauses::Pauses;
use super::remains::{BLOCK_STORAGE, ids_of, is_server, note_remains, taken_along};
use crate::base::json::Value;
use crate::contract::{
    Contracts, Dialect, Effect, Operation, Part, PathSegment, ServerAction, ServiceContract, Violation,
};
use crate::recording::{Interaction, RecordedRequest, RecordedResponse, Refused};
use crate::verify::Verifier;
use crate::verify::again::sent;

/// What a run may do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// May it create things, and change and delete what it created?
    pub may_write: bool,
    /// How many seconds it waits until the cloud has done what the recording shows as done.
    pub patience: u32,
}

/// Asks a cloud what a recording asked another one.
#[derive(Debug)]
pub struct Driver<'d, C> {
    cloud: C,
    contracts: &'d Contracts,
    verifier: &'d Verifier<'d>,
    names: Names,
    journal: Option<Journal>,
    limits: Limits,
    findings: Findings,
}

/// A recorded request with the row that it leads to.
struct Step<'a> {
    recorded: &'a Interaction,
    operation: &'a Operation,
    body: Value,
    /// The paths at which lists show what it makes; none if it makes nothing that stays by itself.
    makes: Vec<String>,
}

/// Header lines that decide on what is asked.
const ASKING: [&str; 4] = ["content-type", "accept", "openstack-api-version", "x-openstack-nova-api-version"];

impl<'d, C: Cloud> Driver<'d, C> {
    /// Drives `cloud`, held against the contracts of `verifier`. Without a `journal` nothing is written.
    pub fn new(
        cloud: C,
        (contracts, verifier): (&'d Contracts, &'d Verifier<'d>),
        names: Names,
        journal: Option<Journal>,
        limits: Limits,
    ) -> Driver<'d, C> {
        Driver { cloud, contracts, verifier, names, journal, limits, findings: Findings::default() }
    }

    /// Asks what was recorded; the exchange with this cloud, judged, if one came of it.
    pub fn drive(&mut self, recorded: &Interaction) -> Option<Interaction> {
        let request = sent(recorded);
        let ruling = self.verifier.judged(&request, recorded.time).1;
        let (contract, operation) = (ruling.target.contract?, ruling.target.operation?);
        // Who logs in is another one here.
        if operation.effect == Some(Effect::IssueToken) {
            return None;
        }
        let body = match &request.1 {
            crate::message::Body::Json(body) => body.clone(),
            _ => Value::Null,
        };
        let makes = self.makes(contract, operation, &recorded.request.target);
        let step = Step { recorded, operation, body, makes };
        let (answer, judged) = match self.ask(&step) {
            Ok((sent, received)) => {
                let judged = self.judged(&step, sent, received);
                (told(&judged, recorded), Some(judged))
            }
            Err(why) => (Answer::Undecided(why), None),
        };
        self.findings.add(&operation.id, self.without_names(answer));
        judged
    }

    /// The findings, the cloud, and the journal of what was created.
    pub fn end(self) -> (Findings, C, Option<Journal>) {
        (self.findings, self.cloud, self.journal)
    }

    /// Asks, once what is recorded was put into the terms of this cloud; or why it is not asked.
    fn ask(&mut self, step: &Step<'_>) -> Result<(Sent, Received), String> {
        let Step { recorded, operation, body, makes, .. } = step;
        let RecordedRequest { method, target, headers, unreadable, contents, .. } = &recorded.request;
        if unreadable.is_some() || contents.is_some() {
            return Err("the recording does not contain its body".to_owned());
        }
        if headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("X-Subject-Token")) {
            return Err("it uses a token of the recording".to_owned());
        }
        let writes = !matches!(method.as_str(), "GET" | "HEAD");
        if let Err(why) = if writes { self.may_write(step) } else { Ok(()) } {
            recorded.response.body.iter().for_each(|body| self.names.put_unmade(body));
            return Err(why);
        }
        match self.names.unknown(operation, target, body).filter(|_| recorded.status < 400) {
            Some(id) if self.names.is_unmade(&id) => {
                return Err("it needs a resource that was not created here".to_owned());
            }
            Some(id) => {
                return Err(format!("it is unknown which resource here corresponds to {id}: use --map {id}=ID"));
            }
            None => {}
        }
        let headers = headers.iter().filter(|(name, _)| ASKING.iter().any(|own| name.eq_ignore_ascii_case(own)));
        let mut asked = Sent {
            method: method.clone(),
            target: self.names.target(operation, target),
            headers: headers.cloned().collect(),
            body: self.names.body(body),
        };
        if writes {
            self.note_before(step, &mut asked)?;
        }
        let received = self.settled(step, &asked)?;
        if let Some(list) = makes.first().filter(|_| received.status < 300) {
            self.note_made(list, &asked, &received);
        }
        self.learn(recorded, &received);
        Ok((asked, received))
    }

    /// May what the step asks be asked?
    fn may_write(&self, step: &Step<'_>) -> Result<(), String> {
        let Step { recorded, operation, makes, .. } = step;
        let Some(journal) = self.journal.as_ref().filter(|_| self.limits.may_write) else {
            return Err("it writes, which needs --allow-writes".to_owned());
        };
        let has_parameter = operation.path.iter().any(|segment| matches!(segment, PathSegment::Parameter(_)));
        let is_own = self.names.leads_to(operation, &recorded.request.target, |id| journal.has_made(id));
        match (has_parameter, is_own, makes.is_empty()) {
            (true, true, _) | (false, _, false) => Ok(()),
            _ => Err("it would change a resource that existed before".to_owned()),
        }
    }

    /// The answer, once the cloud is where the recording was: what takes time there takes another time here.
    fn settled(&mut self, step: &Step<'_>, asked: &Sent) -> Result<Received, String> {
        let mut pauses = Pauses::within(self.limits.patience);
        loop {
            let received = self.cloud.ask(asked).map_err(|why| format!("there was no answer: {why}"))?;
            match pauses.next().filter(|_| !is_settled(step, &received)) {
                Some(pause) => self.cloud.wait(pause),
                None => return Ok(received),
            }
        }
    }

    /// Writes down what the request, which writes, makes, names and leaves behind, before it is asked for.
    fn note_before(&mut self, step: &Step<'_>, asked: &mut Sent) -> Result<(), String> {
        let journal = self.journal.as_mut().ok_or("there is no journal for what it creates")?;
        let unwritten = |error: std::io::Error| format!("cannot list in the journal what it creates: {error}");
        if !step.makes.is_empty() {
            let (names, run) = (&mut self.names, &journal.run);
            rename(&mut asked.body, &mut |name| named(names, name, run));
        }
        if let Some(id) = taken_along(&asked.body, &|id| journal.has_made(id)) {
            return Err(format!("it would delete the volume {id}, which existed before, with its server"));
        }
        ids_of(&asked.body).into_iter().try_for_each(|id| journal.naming(id)).map_err(unwritten)?;
        step.makes.iter().try_for_each(|list| journal.making(list)).map_err(unwritten)?;
        let ends_server = match step.operation.effect {
            Some(Effect::Delete) => Some(asked.target.as_str()),
            Some(Effect::Action(ServerAction::ForceDelete)) => asked.target.strip_suffix("/action"),
            _ => None,
        };
        match ends_server.filter(|path| is_server(path)) {
            Some(path) => note_remains(&mut self.cloud, journal, path, self.limits.patience),
            None => Ok(()),
        }
    }

    fn note_made(&mut self, list: &str, asked: &Sent, received: &Received) {
        let Some(journal) = &mut self.journal else { return };
        let own = inner(&received.body);
        let text = |key: &str| own.get(key).and_then(Value::as_str);
        let image = received.body.get("image_id").and_then(Value::as_str).or_else(|| location(&received.headers));
        let name = || inner(&asked.body).get("name").and_then(Value::as_str);
        let by_name = list.ends_with("/os-keypairs");
        let id = match by_name {
            true => name(),
            false => text("id").or(image.filter(|_| own.get("id").is_none())),
        };
        if let Some(id) = id {
            // What is not listed here is found by its name.
            let _ = journal.made(&format!("{list}/{id}"));
        }
    }

    fn learn(&mut self, recorded: &Interaction, received: &Received) {
        if let Some(body) = &recorded.response.body {
            self.names.learn(body, &received.body);
        }
        let ids = (location(&recorded.response.headers), location(&received.headers));
        if let (Some(recorded), Some(real)) = ids {
            self.names.put_id(recorded, real);
        }
    }

    /// The exchange as a recording would have it, judged: of its violations only those of the cloud.
    fn judged(&self, step: &Step<'_>, sent: Sent, received: Received) -> Interaction {
        let Received { status, headers, body } = received;
        let own = Interaction {
            status,
            violations: Vec::new(),
            diagnostic: None,
            valid: None,
            refusal: None,
            request: RecordedRequest {
                target: sent.target,
                headers: sent.headers,
                body: Some(sent.body),
                ..step.recorded.request.clone()
            },
            response: RecordedResponse { status, headers, body: Some(body), contents: None, failure: None },
            ..step.recorded.clone()
        };
        let mut judged = self.verifier.again(own);
        if !judged.violations.iter().any(|violation| violation.part == Part::Answer) {
            (judged.violations, judged.diagnostic, judged.valid) = (Vec::new(), None, None);
        }
        judged
    }

    /// The paths at which lists show what `operation` makes; none if it makes nothing that stays by itself.
    fn makes(&self, contract: &ServiceContract, operation: &Operation, target: &str) -> Vec<String> {
        if !matches!(operation.effect, Some(Effect::Action(ServerAction::CreateImage | ServerAction::CreateBackup))) {
            return self.list_of(contract, operation, target).into_iter().collect();
        }
        let is_current = |own: &&ServiceContract| own.service.dialect == Dialect::Glance && own.service.root == "/v2";
        let images = self.contracts.living().find(is_current);
        let images = images.map(|glance| format!("{}{}/images", glance.service.mount, glance.service.root));
        // Of a server on volumes Nova makes snapshots, too, and gives them the name of the image.
        let snapshots = self.cloud.endpoint(&BLOCK_STORAGE).map(|root| format!("{root}/snapshots"));
        images.into_iter().chain(snapshots).collect()
    }

    /// The path at which a list shows what `operation` makes; `None` if it makes nothing that stays by itself.
    fn list_of(&self, contract: &ServiceContract, operation: &Operation, target: &str) -> Option<String> {
        let is_by_itself = operation.path.iter().all(|segment| matches!(segment, PathSegment::Fixed(_)));
        if operation.method != "POST" || !is_by_itself || operation.action.is_some() {
            return None;
        }
        let takes_away =
            |row: &&Operation| row.effect == Some(Effect::Delete) && row.collection == operation.collection;
        let deleting = contract.table().ok()?.operations.iter().find(takes_away)?;
        let fixed: Option<Vec<&str>> = deleting.path.split_last()?.1.iter().map(fixed).collect();
        let path = target.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        let before = segments.len().checked_sub(operation.path.len())?;
        let real = self.names.target(operation, path);
        let before: Vec<&str> = real.split('/').take(before).collect();
        Some([before, fixed?].concat().join("/"))
    }

    /// The same without what differs from run to run.
    fn without_names(&self, answer: Answer) -> Answer {
        let plain = |why: String| match &self.journal {
            Some(Journal { run, .. }) => without_ids(&why.replace(&format!("-{run}"), "").replace(run, "NAME")),
            None => without_ids(&why),
        };
        match answer {
            // An id of the recording is the same each time.
            Answer::Undecided(why) if why.contains("--map") => Answer::Undecided(why),
            Answer::Undecided(why) => Answer::Undecided(plain(why)),
            Answer::Violated(why) => Answer::Violated(plain(why)),
            Answer::Verified => Answer::Verified,
        }
    }
}

fn fixed(segment: &PathSegment) -> Option<&str> {
    match segment {
        PathSegment::Fixed(text) => Some(text),
        PathSegment::Parameter(_) => None,
    }
}

/// The name of the run for what was called `name`.
fn named(names: &mut Names, name: Option<&str>, run: &str) -> String {
    match name {
        None | Some("") => run.to_owned(),
        Some(name) if name.contains(run) => name.to_owned(),
        Some(name) => {
            let new = format!("{name}-{run}");
            names.put_name(name, &new);
            new
        }
    }
}

/// Is the cloud where the recording was, or where it will stay?
fn is_settled(step: &Step<'_>, received: &Received) -> bool {
    let Step { recorded, operation, .. } = step;
    let (was, is) = (recorded.status, received.status);
    if matches!(is, 429 | 503) {
        return false;
    }
    match operation.method.as_str() {
        "GET" | "HEAD" if was == 404 => is >= 400,
        "GET" | "HEAD" if is < 300 && operation.effect == Some(Effect::Show) => {
            let status =
                |body: Option<&Value>| body.and_then(|body| inner(body).get("status")?.as_str()).map(str::to_lowercase);
            let (was, is) = (status(recorded.response.body.as_ref()), status(Some(&received.body)));
            was == is || !is.as_deref().is_some_and(is_passing) || was.as_deref().is_some_and(is_passing)
        }
        "GET" | "HEAD" => true,
        // It cannot be done yet.
        _ => was >= 400 || is != 409,
    }
}

/// Does a resource stay in that state only for a while?
fn is_passing(status: &str) -> bool {
    const PASSING: [&str; 9] =
        ["build", "reboot", "hard_reboot", "resize", "rebuild", "saving", "queued", "importing", "password"];
    PASSING.contains(&status) || status.ends_with("ing")
}

/// What the exchange found out.
fn told(judged: &Interaction, recorded: &Interaction) -> Answer {
    if let Some(Violation { code, pointer, expected, found, .. }) =
        judged.violations.iter().find(|own| own.part == Part::Answer)
    {
        let found = if found.is_empty() { String::new() } else { format!(", found {found}") };
        return Answer::Violated(format!("{code} {pointer}: expected {expected}{found}"));
    }
    let (was, is) = (recorded.status, judged.status);
    if was == is || (was < 400 && is < 400) {
        return Answer::Verified;
    }
    let why = judged.refusal.as_ref().map(|Refused { message, .. }| format!(" ({message})")).unwrap_or_default();
    Answer::Undecided(format!("the cloud answered {is}{why}, but {was} was recorded"))
}

/// The last segment of the `Location` of an answer.
fn location(headers: &[(String, String)]) -> Option<&str> {
    let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Location"))?;
    found.1.rsplit('/').next().filter(|id| is_id(id))
}

/// `text` without the ids in it.
fn without_ids(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '-';
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        plain += &rest[..start];
        plain += if is_id(word) || is_id(word.trim_start_matches("req-")) { "ID" } else { word };
        rest = &rest[end..];
    }
    plain + rest
}
