//! The faults of a cloud: which are there, which happen, and how clients take them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::injected::InjectedFault;
use super::kind::{Expectation, FaultKind};
use super::reaction::{Look, Seen, Watch};
use super::trigger::Occasion;
use crate::contract::{Part, Violation};
use crate::exchange::sequence::lock;
use crate::recording::{FaultReport, Missed, Reaction};

/// The faults of a cloud.
#[derive(Debug, Default)]
pub struct Faults {
    seed: u64,
    /// Is there any? Without one nothing is locked.
    is_armed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    all: BTreeMap<u64, Armed>,
    /// What cannot be read yet, and how many more reads do not find it.
    hidden: BTreeMap<String, u64>,
}

/// A fault, and what became of it so far.
#[derive(Debug)]
struct Armed {
    fault: InjectedFault,
    /// How many requests it was about.
    seen: u64,
    fired: u64,
    /// Nothing more happens.
    is_over: bool,
    watches: Vec<Watch>,
    reactions: Vec<Reaction>,
}

/// A fault that happens now.
#[derive(Clone, Debug)]
pub struct Strike {
    id: u64,
    /// Its name.
    pub name: String,
    /// What happens.
    pub kind: FaultKind,
}

/// The most reactions that are told of a fault.
const MOST: usize = 20;

impl Faults {
    /// Those, in a cloud of that seed.
    pub fn new(faults: Vec<InjectedFault>, seed: u64) -> Faults {
        let own = Faults { seed, ..Faults::default() };
        for fault in faults {
            own.add(fault);
        }
        own
    }

    /// Adds a fault; returns its number.
    pub fn add(&self, fault: InjectedFault) -> u64 {
        let mut state = lock(&self.state);
        state.last += 1;
        let (id, reactions) = (state.last, Vec::new());
        let armed = Armed { fault, seen: 0, fired: 0, is_over: false, watches: Vec::new(), reactions };
        state.all.insert(id, armed);
        self.is_armed.store(true, Ordering::Relaxed);
        id
    }

    /// Ends the fault of that number, or all, of a project or of all; returns how many ended. What became of them is still reported.
    pub fn end(&self, id: Option<u64>, project: Option<&str>) -> usize {
        let mut state = lock(&self.state);
        let is_meant =
            |own: u64, armed: &Armed| id.is_none_or(|id| id == own) && armed.is_of(project) && !armed.is_over;
        let meant = state.all.iter_mut().filter(|(own, armed)| is_meant(**own, armed));
        meant.map(|(_, armed)| armed.is_over = true).count()
    }

    /// Is there none at all? Then nothing needs to be asked.
    pub fn is_idle(&self) -> bool {
        !self.is_armed.load(Ordering::Relaxed)
    }

    /// The fault that happens on this occasion: the first of those that are due.
    pub fn strike(&self, occasion: &Occasion<'_>) -> Option<Strike> {
        let mut due = None;
        for (id, armed) in &mut lock(&self.state).all {
            let trigger = &armed.fault.trigger;
            if armed.is_over || !trigger.covers(occasion) {
                continue;
            }
            armed.seen += 1;
            let chance = format!("{} {id} {}", self.seed, armed.fault.name);
            if due.is_none() && trigger.happens(armed.seen, armed.fired, &chance) {
                armed.fired += 1;
                due = Some(Strike { id: *id, name: armed.fault.name.clone(), kind: armed.fault.kind.clone() });
            }
        }
        due
    }

    /// What of these ids cannot be read yet; the read counts.
    pub fn hidden(&self, ids: &[String]) -> Option<String> {
        let mut state = lock(&self.state);
        let id = ids.iter().find(|id| state.hidden.contains_key(*id))?.clone();
        let left = state.hidden.get_mut(&id)?;
        *left = left.saturating_sub(1);
        if *left == 0 {
            state.hidden.remove(&id);
        }
        Some(id)
    }

    /// Takes note of a request and its answer, and of what is expected after a fault that befell it. Returns what is wrong with the
    /// way in which the client takes the faults before.
    pub fn observe(
        &self,
        seen: &Seen<'_>,
        is_accepted: bool,
        struck: Option<(&Strike, Expectation)>,
        is_there: impl Fn(&str) -> bool,
    ) -> Vec<Violation> {
        let mut wrong = Vec::new();
        let mut state = lock(&self.state);
        for armed in state.all.values_mut() {
            wrong.extend(armed.look(seen, &is_there));
            armed.is_over |= is_accepted && armed.fault.trigger.ends_with(seen.operation);
        }
        match struck {
            Some((_, Expectation::Hidden(id, polls))) => drop(state.hidden.insert(id, polls)),
            Some((strike, expectation)) if expectation != Expectation::Nothing => {
                if let Some(armed) = state.all.get_mut(&strike.id) {
                    armed.watches.push(Watch::new(expectation, seen));
                }
            }
            _ => {}
        }
        wrong
    }

    /// What became of the faults so far, all or those of a project.
    pub fn reports(&self, project: Option<&str>) -> Vec<FaultReport> {
        let state = lock(&self.state);
        state.all.values().filter(|armed| armed.is_of(project)).map(Armed::report).collect()
    }

    /// The same with the numbers, and whether each is over.
    pub fn list(&self, project: Option<&str>) -> Vec<(u64, bool, FaultReport)> {
        let state = lock(&self.state);
        let own = state.all.iter().filter(|(_, armed)| armed.is_of(project));
        own.map(|(id, armed)| (*id, armed.is_over || armed.fault.trigger.is_over(armed.fired), armed.report()))
            .collect()
    }

    /// Has those instead of all that there are.
    pub fn start_again(&self, faults: Vec<InjectedFault>) {
        lock(&self.state).all.clear();
        self.is_armed.store(false, Ordering::Relaxed);
        for fault in faults {
            self.add(fault);
        }
    }

    /// Forgets the faults of a project.
    pub fn forget(&self, project: &str) {
        lock(&self.state).all.retain(|_, armed| armed.fault.trigger.project.as_deref() != Some(project));
    }
}

impl Armed {
    /// Is it one of that project, if one is named?
    fn is_of(&self, project: Option<&str>) -> bool {
        project.is_none() || self.fault.trigger.project.as_deref() == project
    }

    fn look(&mut self, seen: &Seen<'_>, is_there: &impl Fn(&str) -> bool) -> Vec<Violation> {
        let mut wrong = Vec::new();
        let reactions = &mut self.reactions;
        self.watches.retain_mut(|watch| {
            let text = match watch.look(seen, is_there) {
                Look::Unclear => return true,
                Look::Well(text) => text,
                Look::Wrong(code, text) => {
                    wrong.push(Violation::plain(code, Part::Path, "", text.clone(), ""));
                    text
                }
            };
            if reactions.len() < MOST {
                reactions.push(Reaction { text, missed: None });
            }
            false
        });
        wrong
    }

    fn report(&self) -> FaultReport {
        let open = self.watches.iter().filter_map(|watch| match watch.end() {
            Look::Unclear => None,
            Look::Well(text) => Some(Reaction { text, missed: None }),
            Look::Wrong(code, text) => Some(Reaction { text, missed: Some(Missed(code)) }),
        });
        FaultReport {
            name: self.fault.name.clone(),
            operation: self.fault.trigger.operation.clone(),
            project: self.fault.trigger.project.clone(),
            optional: self.fault.trigger.is_optional,
            times: self.fired,
            reactions: self.reactions.iter().cloned().chain(open).take(MOST).collect(),
        }
    }
}
