//! What looks secret by its name is marked in the contracts.

use mockstack::contract::{SchemaId, Schemas};
use mockstack::message::{Mark, kind_by_name};

use crate::common;

/// Names that look secret and are not, each with the reason.
const NO_SECRETS: [(&str, &str); 8] = [
    ("application_credentials", "a list; it has no secrets, which are shown but once"),
    ("personality", "a list of files; their contents are marked"),
    ("key", "the name of an item of metadata"),
    ("token", "what is told of a token; its id is marked"),
    ("ignore_change_password_upon_first_use", "a flag of a user"),
    ("ignore_password_expiry", "a flag of a user"),
    ("lock_password", "a flag of a user"),
    ("application_credential", "what is told of it; its secret is marked"),
];

/// What looks secret by its name is marked in the contracts, or there is a reason.
#[test]
fn every_field_that_looks_secret_is_marked() {
    let (mut marked, mut forgotten) = (0, Vec::new());
    for (contract, row) in common::rows() {
        let schemas = &contract.table().unwrap().schemas;
        let marks = row.marks(schemas);
        let roots = row.body.into_iter().chain(row.query).chain(row.responses.iter().filter_map(|row| row.body));
        for (parent, field) in fields(roots, schemas) {
            if kind_by_name(&field).is_none() || NO_SECRETS.iter().any(|(name, _)| *name == field) {
                continue;
            }
            match marks.told(&parent, &field).mark {
                // What holds a marked field is not marked itself.
                Some(Mark::Secret | Mark::Around) => marked += 1,
                _ => forgotten.push(format!("{}: {parent}/{field}", row.id)),
            }
        }
    }
    assert!(marked > 20 && forgotten.is_empty(), "{marked} are marked, these are not:\n{}", forgotten.join("\n"));
}

fn fields(roots: impl Iterator<Item = SchemaId>, schemas: &Schemas) -> Vec<(String, String)> {
    let (mut open, mut seen, mut found) =
        (roots.map(|id| (id, String::new())).collect::<Vec<_>>(), Vec::new(), Vec::new());
    while let Some((id, parent)) = open.pop() {
        if seen.contains(&(id, parent.clone())) {
            continue;
        }
        seen.push((id, parent.clone()));
        for property in &schemas.get(id).properties {
            found.push((parent.clone(), property.name.to_string()));
            open.extend(property.forms.iter().map(|(_, form)| (*form, property.name.to_string())));
        }
        for inner in schemas.composed(id) {
            open.push((inner, parent.clone()));
        }
    }
    found
}
