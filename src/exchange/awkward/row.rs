//! The awkward answers that there are: fixtures/answers/catalogue.yaml.

use std::sync::Arc;

use super::change::Change;
use crate::base::{Catalogue, Diagnostic, Glob, Node};
use crate::message::{Query, Response};

static ROWS: Catalogue<Arc<AwkwardRow>> = Catalogue::new(
    "fixtures/answers/catalogue.yaml",
    include_str!("../../../fixtures/answers/catalogue.yaml"),
    "answers",
    |(name, _, node)| AwkwardRow::read(name, node).map(Arc::new),
);

/// The name of all that go together.
const ALL: &str = "awkward";

/// A row, and whether it was asked for by its name.
pub type Choice = (Arc<AwkwardRow>, bool);

/// An awkward answer.
#[derive(Clone, Debug)]
pub struct AwkwardRow {
    /// Its name: `image-of-volume`.
    pub name: String,
    /// What is awkward, in a sentence.
    pub summary: String,
    /// Why it is right, and what clients got wrong about it.
    pub because: String,
    /// The operations, with `*` in their ids.
    pub operations: Vec<Glob>,
    /// Does it only come by its name, as it leaves nothing of what others change, or leads elsewhere?
    pub alone: bool,
    /// What is done to the answer.
    pub change: Change,
}

impl AwkwardRow {
    fn read(name: &str, node: &Node) -> Result<AwkwardRow, Diagnostic> {
        let operation =
            |node: &Node| node.text()?.parse().map_err(|_| node.expected("an operation, such as compute.servers.*"));
        let operations = node.required("operation")?.one_or_more().iter().map(operation).collect::<Result<_, _>>()?;
        let alone = node.get("alone").map_or(Ok(false), Node::boolean)?;
        let (summary, because) = (node.required_text("summary")?, node.required_text("because")?);
        Ok(AwkwardRow { name: name.to_owned(), summary, because, operations, alone, change: Change::read(node)? })
    }

    /// Is it about answers of the operation?
    pub fn is_about(&self, operation: &str) -> bool {
        self.operations.iter().any(|own| own.is_match(operation))
    }

    /// Makes the answer to a request with that query awkward; returns whether it changed.
    pub fn apply(&self, query: &Query, response: &mut Response) -> bool {
        self.change.apply(query, response)
    }
}

/// All awkward answers, in the order of the file.
///
/// # Errors
/// The file cannot be read: a defect of mockstack.
pub fn awkward_rows() -> Result<&'static [Arc<AwkwardRow>], Diagnostic> {
    ROWS.rows()
}

/// The awkward answers that `name` asks for: one, or with `awkward` all that go together.
///
/// # Errors
/// There is none of that name.
pub fn answers(name: &str) -> Result<Vec<Choice>, Diagnostic> {
    let rows = awkward_rows()?;
    if name == ALL {
        return Ok(rows.iter().filter(|row| !row.alone).map(|row| (Arc::clone(row), false)).collect());
    }
    match rows.iter().find(|row| row.name == name) {
        Some(row) => Ok(vec![(Arc::clone(row), true)]),
        None => {
            let names = rows.iter().map(|row| row.name.as_str()).chain([ALL]);
            Err(Diagnostic::new(format!("no answers are called {name:?}"))
                .did_you_mean(name, names)
                .row("fix", "see docs/awkward-answers.md for their names; `awkward` are all that go together"))
        }
    }
}

/// The awkward answers of a list of names, or of one.
///
/// # Errors
/// There is none of such a name.
pub fn chosen(node: &Node) -> Result<Vec<Choice>, Diagnostic> {
    let all = node.one_or_more().iter().map(chosen_one).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().flatten().collect())
}

/// Those of one name.
///
/// # Errors
/// As `chosen`.
pub fn chosen_one(node: &Node) -> Result<Vec<Choice>, Diagnostic> {
    answers(node.text()?).map_err(|told| told.at(&node.place))
}
