//! Where interactions go: into the journals, the recording, and the collection of snapshots.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::pipeline::Done;
use crate::message::{Body, Marks, Redactor, Request, Response};
use crate::recording::{Case, Interaction, Journal, Recorder, line};
use crate::snapshot::{Asked, Collector};

/// Where interactions go.
#[derive(Debug)]
pub struct Ledger {
    /// Everything that is kept or told goes through it.
    pub redactor: Redactor,
    journals: Arc<Mutex<Journals>>,
    recorder: Option<Recorder>,
    collector: Option<Mutex<Collector>>,
}

/// What happened, in all and by project.
#[derive(Debug, Default)]
struct Journals {
    all: Journal,
    by_project: BTreeMap<String, Journal>,
}

impl Ledger {
    pub fn new(recorder: Option<Recorder>, collector: Option<Collector>) -> Ledger {
        Ledger {
            redactor: Redactor::default(),
            journals: Arc::default(),
            recorder,
            collector: collector.map(Mutex::new),
        }
    }

    /// Takes the request for a snapshot; `look_up` tells what an id names. Before the answer, as the answer may delete it.
    pub fn collect(
        &self,
        operation: &str,
        request: &Request,
        body: &Body,
        marks: Option<Arc<Marks>>,
        look_up: impl Fn(&str) -> Option<String>,
    ) {
        if let Some(collector) = &self.collector {
            let redaction = self.redactor.inspect(marks, request, body, None);
            let mut collector = lock(collector);
            let asked = Asked::capture(operation, request, body, &redaction, &mut |id| collector.name(id, &look_up));
            collector.take(asked);
        }
    }

    /// Notes the interaction. The answer leaves once it is written down, if it is, by the next [`Ledger::record`].
    pub fn tell(
        &self,
        mut interaction: Interaction,
        request: &Request,
        body: &Body,
        marks: Option<Arc<Marks>>,
        response: Response,
        done: Done,
    ) {
        let redaction = self.redactor.inspect(marks, request, body, Some(&response));
        interaction.redact(&redaction);
        let interaction = &interaction;
        let case = Case::of(interaction);
        let mut journals = lock(&self.journals);
        journals.all.note(interaction, &case);
        if let Some(project) = &interaction.project {
            match journals.by_project.get_mut(project) {
                Some(journal) => journal.note(interaction, &case),
                None => journals.by_project.entry(project.clone()).or_default().note(interaction, &case),
            }
        }
        drop(journals);
        let Some(recorder) = &self.recorder else { return done(response) };
        let line = line(&redaction, interaction, request, body, &response);
        let journals = Arc::clone(&self.journals);
        let written = Box::new(move |result: Result<(), &str>| {
            if let Err(why) = result {
                lock(&journals).all.recording_failed.get_or_insert_with(|| why.to_owned());
            }
            done(response);
        });
        recorder.put(interaction.sequence, line, written);
    }

    /// Writes down what was noted.
    pub fn record(&self) {
        if let Some(recorder) = &self.recorder {
            recorder.write();
        }
    }

    /// Writes the last line of the recording, which says that the run came to its end, and waits until it is written.
    pub fn end(&self, sequence: u64, end: &Value) {
        let Some(recorder) = &self.recorder else { return };
        let (send, written) = std::sync::mpsc::channel();
        let journals = Arc::clone(&self.journals);
        let told = Box::new(move |result: Result<(), &str>| {
            if let Err(why) = result {
                lock(&journals).all.recording_failed.get_or_insert_with(|| why.to_owned());
            }
            // Whoever waited may have gone.
            let _ = send.send(());
        });
        let line = json!({"end": self.redactor.texts(end), "requests": sequence.saturating_sub(1)});
        recorder.put(
            sequence,
            format!(
                "{line}
"
            )
            .into_bytes(),
            told,
        );
        recorder.write();
        // The recorder always answers, or has died and dropped the sender.
        let _ = written.recv();
    }

    /// What happened so far, in all or in the project of that name.
    pub fn journal(&self, project: Option<&str>) -> Journal {
        let journals = lock(&self.journals);
        match project {
            None => journals.all.clone(),
            Some(project) => journals.by_project.get(project).cloned().unwrap_or_default(),
        }
    }

    /// Forgets what happened in a project.
    pub fn forget(&self, project: &str) {
        lock(&self.journals).by_project.remove(project);
    }

    /// Operation and text of everything that was asked, if snapshots are taken.
    pub fn texts(&self) -> Vec<(String, String)> {
        self.collector.as_ref().map(|collector| lock(collector).texts()).unwrap_or_default()
    }
}

/// A panic while the lock was held leaves data that is still whole: nothing is changed in more than one step.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
