//! The codes of violations and refusals: one documented table.

use std::fmt;
use std::str::FromStr;

use crate::base::nearest;

macro_rules! codes {
    ($($variant:ident $name:literal $fails:literal $meaning:literal $advice:literal;)*) => {
        /// What is wrong with a request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        /// The table behind [`Code`], in the order in which it is printed.
        pub const CODES: &[CodeRow] = &[
            $(CodeRow { code: Code::$variant, name: $name, fails: $fails, meaning: $meaning, advice: $advice },)*
        ];
    };
}

/// A row of [`CODES`].
#[derive(Clone, Copy, Debug)]
pub struct CodeRow {
    /// The code.
    pub code: Code,
    /// Its name in reports and options.
    pub name: &'static str,
    /// Does it fail the verdict unless it is allowed?
    pub fails: bool,
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

codes! {
    UnknownOperation "unknown-operation" true
        "The path or the method is not an operation of this service."
        "Compare the URL with `mockstack contract list`; look for a doubled slash, a suffix or a missing version.";
    UnknownField "unknown-field" true
        "The body has a field that no version of the operation knows."
        "Drop the field, or look for a misspelling in `mockstack contract show OPERATION`.";
    NotYet "not-yet" true
        "The field or operation exists, but only in later versions than the one sent."
        "Send a microversion in which it exists, or leave it out for this version.";
    NoLonger "no-longer" true
        "The field or operation exists, but only in earlier versions than the one sent."
        "Send an earlier microversion, or use what replaced it.";
    Missing "missing" true
        "A field that this version requires is missing."
        "Add the field, or send a version that does not require it.";
    Type "type" true
        "A value has the wrong JSON type."
        "Send one of the types that are listed; note that \"1\" and 1 differ.";
    Length "length" true
        "A string, list or object is too short or too long."
        "Keep within the given length.";
    Range "range" true
        "A number is too small or too large."
        "Keep within the given limit.";
    Pattern "pattern" true
        "A string does not match the regular expression of its field."
        "Compare the string with the pattern.";
    Choice "choice" true
        "A value is not one of those that its field allows."
        "Send one of the values that are listed.";
    Format "format" true
        "A string does not have the format that its field requires: uuid, ipv4, base64, name …"
        "Send a string in that format.";
    ReadOnly "read-only" true
        "The request sets a field that only the service sets, such as an id or a status."
        "Leave the field out: a resource that was read has to lose it before it is written back.";
    Unique "unique" true
        "A list contains an item twice."
        "Drop the repeated item.";
    Alternative "alternative" true
        "A value matches none of the forms that its field may have."
        "Compare the value with each form in `mockstack contract show OPERATION`.";
    Rule "rule" true
        "The service's own code refuses a combination of values that its schema accepts."
        "Read the message of the refusal; it names the values.";
    TeamRule "team-rule" true
        "The request is right by the contract of the service, and breaks a rule of the team's own (rules.yaml beside the contracts)."
        "Do what the rule asks; its file and line are named, and its reason if it gives one.";
    UnknownQuery "unknown-query" true
        "The query has a parameter that the operation does not know."
        "Drop the parameter, or look for a misspelling.";
    Reference "reference" true
        "A write names a flavor, image, network, key pair or the like that the cloud does not have."
        "Name one that is in the fixture, or add it there.";
    Malformed "malformed" true
        "The body or the request is malformed: broken JSON, bytes that are not UTF-8, a truncated body, a wrong media type."
        "Send a complete body, usually JSON in UTF-8 with `Content-Type: application/json`.";
    TooLarge "too-large" true
        "The body is longer than the service reads."
        "Send less; Nova reads at most 114,688 bytes.";
    Version "version" true
        "The microversion header cannot be read, or names a version that the service does not have."
        "Send `OpenStack-API-Version: SERVICE MAJOR.MINOR` within the range of the version document.";
    NotSimulated "not-simulated" true
        "The operation is in the contract and was checked, but the simulated cloud cannot answer it (501)."
        "Allow it if the answer does not matter: `--allow not-simulated@OPERATION`.";
    AnswerStatus "answer-status" true
        "The answer has a status that the operation does not give at this version."
        "Look at the answer: the cloud failed, a proxy answered, or the contract lacks a status.";
    AnswerMissing "answer-missing" true
        "The answer lacks a field that every cloud gives at this version."
        "Compare the cloud with the contract; clients that read the field break.";
    AnswerUnknownField "answer-unknown-field" true
        "The answer has a field that the operation does not give at this version."
        "Allow a cloud's own extension by its name, or check whether the cloud is newer than the contract.";
    AnswerType "answer-type" true
        "A value of the answer has the wrong JSON type."
        "Compare the cloud with the contract; clients in typed languages break.";
    AcceptedThoughWrong "accepted-though-wrong" true
        "The cloud accepted a request that breaks its contract."
        "Do not rely on it: other clouds refuse the request. The violation is listed with it.";
    RefusedThoughRight "refused-though-right" true
        "The cloud refused a request as invalid (400), although it keeps its contract."
        "Read the message of the refusal: the contract is wrong, or the cloud is not of the release that it claims.";
    NotRecorded "not-recorded" true
        "The request is not in the recording that is replayed."
        "Compare it with the recorded request that is shown; record again if the client is right.";
    Repeated "repeated" true
        "A write was sent more often than it was recorded."
        "Check whether the client retries; record again if the client is right.";
    TooEarly "too-early" true
        "The request came before a write that preceded it in the recording."
        "Look for a step that is missing or out of order; record again if the client is right.";
    NotAsked "not-asked" false
        "The run did not send a recorded write. With --strict this fails."
        "Look for a step that is missing, such as a clean-up; record again if the client is right.";
    Upstream "upstream" true
        "The real cloud could not be reached, or its answer is incomplete."
        "Check the cloud and the connection to it, and record again.";
    RetriedTooEarly "retried-too-early" true
        "The client asked again before the time that the answer named in Retry-After."
        "Wait for as many seconds as Retry-After says.";
    NoBackOff "no-back-off" false
        "The client asked again at once after the service had failed."
        "Wait between attempts, longer each time.";
    NeverRetried "never-retried" false
        "The client did not ask again after a failure that passes."
        "Nothing, if the client is to leave that to its user; otherwise retry.";
    BootedTwice "booted-twice" true
        "The client sent a boot again that the cloud had carried out, though its answer was lost or an error."
        "Look the server up by its name before booting again, or name it so that it can be found.";
    TokenNotRenewed "token-not-renewed" true
        "The client used a token again after the service had refused it with 401."
        "Log in again after a 401, and repeat the request with the new token.";
    PolledAfterError "polled-after-error" true
        "The client went on polling a server whose status was ERROR."
        "Stop at ERROR: the status does not change by itself; show the fault of the server.";
    NextNotFollowed "next-not-followed" true
        "The client read the first page of a list and did not ask for the next."
        "Follow the `next` link, or ask again with the marker, until a page has none.";
    Leftover "leftover" false
        "The run made something and did not delete it: a server, a volume, a key pair."
        "Delete what a test makes when it ends, also when it fails; --deny leftover makes sure.";
    Ignored "ignored" false
        "The service ignores a parameter of the query: the list is not narrowed by it."
        "Drop the parameter, or look for the one that the service knows; do not rely on the list being narrowed.";
    NotFound "not-found" false
        "The request names something that does not exist. Clients that look up by name do this on purpose."
        "Nothing, unless the test expected it to exist.";
    Token "token" false
        "The token is missing, unknown or expired, or the credentials are wrong."
        "Authenticate first; compare the credentials with the fixture.";
    State "state" false
        "The state of the resource does not allow this (409)."
        "Wait for the state that the action needs.";
    Quota "quota" false
        "A quota is exhausted."
        "Raise the quota in the fixture, or delete what is no longer needed.";
    Policy "policy" false
        "The role of the user does not allow this (403)."
        "Use a user with the role, or leave out the request.";
}

impl Code {
    /// Is it about how a client takes what went wrong? Only who saw both knows.
    pub fn is_reaction(self) -> bool {
        matches!(
            self,
            Code::RetriedTooEarly
                | Code::NoBackOff
                | Code::NeverRetried
                | Code::BootedTwice
                | Code::TokenNotRenewed
                | Code::PolledAfterError
                | Code::NextNotFollowed
        )
    }

    /// The row of the table.
    pub fn row(self) -> &'static CodeRow {
        // The enum and the table come from one list, in one order.
        &CODES[self as usize]
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().name)
    }
}

impl FromStr for Code {
    type Err = String;

    fn from_str(text: &str) -> Result<Code, String> {
        let names = || CODES.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
        CODES.iter().find(|row| row.name == text).map(|row| row.code).ok_or_else(|| {
            match nearest(text, CODES.iter().map(|row| row.name)) {
                Some(name) => format!("{text:?} is not a code; did you mean {name}? The codes are {}", names()),
                None => format!("{text:?} is not a code; the codes are {}", names()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_finds_its_own_row() {
        for row in CODES {
            assert_eq!(row.code.row().name, row.name);
            assert_eq!(row.name.parse(), Ok(row.code));
        }
        assert!("nonsense".parse::<Code>().unwrap_err().contains("unknown-field"));
    }
}
