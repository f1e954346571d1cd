//! Ids that follow from a name, so that they are the same in every run.

/// An id of Keystone's form that depends on `text` alone, so that it is the same in every run.
pub fn stable_id(text: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, text.as_bytes()).simple().to_string()
}

/// The same, as the other services write ids.
pub fn stable_uuid(text: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, text.as_bytes()).to_string()
}
