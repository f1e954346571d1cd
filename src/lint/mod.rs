//! Floor 5: documents of OpenStack in the files of a repository, judged by the contracts. Files become literals, literals that have the
//! shape of a body or an answer become documents, and each is judged in all versions at once.

mod baseline;
mod context;
mod evidence;
mod file;
mod finding;
mod here_document;
mod inner;
mod lines;
mod literal;
mod problem;
mod quoted;
mod read;
mod rule;
mod scan;
mod secret;
mod shapes;
mod syntax;
mod tell;
mod walk;

pub use file::Linter;
pub use finding::{Document, Finding, Linted, Removal};
pub use rule::{LINT_RULES, LintLevel, LintRule, LintRuleRow};
pub use shapes::Shapes;
pub use walk::lint;
