//! What a validator of Neutron's says.

/// What a validator has against a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// A reason, to be told in the sentence that Neutron has for every attribute.
    Reason(String),
    /// A sentence of its own, under the name of its class.
    Own(&'static str, String),
}

impl Objection {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Objection::Reason(text) | Objection::Own(_, text) => text,
        }
    }
}

impl From<String> for Objection {
    fn from(reason: String) -> Objection {
        Objection::Reason(reason)
    }
}
