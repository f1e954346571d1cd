//! The violations of one request as one diagnostic.

use super::remedy::Remedy;
use crate::base::{Diagnostic, Versions};
use crate::contract::finding::{Part, Violation};

/// What is wrong with a request, then what would make it right, then the rules.
///
/// `headline` names the request; `more` is the number of its other violations; `api` is the version range of its service.
pub fn complaint(
    headline: String,
    violations: &[Violation],
    more: usize,
    remedy: Option<&Remedy>,
    api: Versions,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(headline);
    for violation in violations {
        diagnostic = diagnostic.row(label(violation), violation.text());
    }
    diagnostic = diagnostic.row_if("…", (more > 0).then(|| format!("and {more} more that are not listed")));
    if let Some(remedy) = remedy {
        let has_versions = api.iter().count() > 1;
        diagnostic = diagnostic
            .row_if("valid at", has_versions.then(|| remedy.valid_text(api)))
            .row_if("fix", (!remedy.fix.is_empty()).then_some(remedy.fix.as_str()));
    } else {
        diagnostic = diagnostic.row_if("fix", violations.first().map(|violation| violation.code.row().advice));
    }
    let mut rules: Vec<String> = violations.iter().filter_map(|v| v.rule.as_ref()).map(|place| place.short()).collect();
    rules.dedup();
    diagnostic.row_if("rule", (!rules.is_empty()).then(|| rules.join("\n")))
}

/// A JSON pointer into the body; elsewhere the part of the request and the name.
fn label(violation: &Violation) -> String {
    let pointer = violation.pointer.to_string();
    match (violation.part, pointer.trim_start_matches('/')) {
        (Part::Body, "") => "/".to_owned(),
        (Part::Body, _) => pointer,
        (part, "") => part.name().to_owned(),
        (part, name) => format!("{} {name}", part.name()),
    }
}
