//! Does one side's rule follow from the other side's?

use std::cmp::Ordering;

use super::form::{Form, Side};
use super::kinds::Kinds;
use crate::base::Place;
use crate::base::json::Value;
use crate::contract::judge::refuses;
use crate::contract::schema::{Format, Keyword, compare};

/// All values of `kind` that the rules take, if they list them.
pub fn values_of<'c>(side: Side<'c>, rules: &[(&'c Keyword, &'c Place)], kind: Kinds) -> Option<Vec<&'c Value>> {
    let listed = rules.iter().find_map(|(keyword, _)| match keyword {
        Keyword::Enum(values) => Some(side.values(values, kind).collect::<Vec<_>>()),
        _ => None,
    });
    let all = listed.or(match kind {
        Kinds::NULL => Some(vec![&Value::Null]),
        Kinds::BOOLEAN => Some(vec![&Value::Bool(true), &Value::Bool(false)]),
        _ => None,
    })?;
    let is_taken = |value: &&Value| !rules.iter().any(|(keyword, _)| refuses_at(side, keyword, value));
    Some(all.into_iter().filter(is_taken).collect())
}

fn refuses_at(side: Side<'_>, keyword: &Keyword, value: &Value) -> bool {
    match keyword {
        Keyword::Enum(values) => !side.living_values(values).any(|one| crate::contract::schema::equal(one, value)),
        _ => refuses(keyword, value),
    }
}

impl Side<'_> {
    fn living_values(self, all: &[(Value, crate::base::Versions)]) -> impl Iterator<Item = &Value> {
        all.iter().filter(move |(_, versions)| versions.contains(self.version)).map(|(value, _)| value)
    }
}

/// Does every value of `kind` that the rules `own` take meet `keyword`? What looks below a value is compared by itself.
pub fn implied(
    keyword: &Keyword,
    own: &[(&Keyword, &Place)],
    finite: Option<&[&Value]>,
    (side, kind): (Side<'_>, Kinds),
) -> bool {
    match finite {
        _ if !asked_of(keyword).meets(kind) => true,
        Some(values) => !values.iter().any(|value| refuses_at(side, keyword, value)),
        None => own.iter().any(|(own, _)| follows(keyword, own)),
    }
}

/// The kinds of values that a keyword looks at alone.
fn asked_of(keyword: &Keyword) -> Kinds {
    match keyword {
        Keyword::MinLength(_) | Keyword::MaxLength(_) | Keyword::Pattern(_) | Keyword::Format(_) => Kinds::STRING,
        Keyword::Minimum(_) | Keyword::Maximum(_) => Kinds::NUMBER.and_also(Kinds::STRING),
        Keyword::ExclusiveMinimum(_) => Kinds::NUMBER,
        Keyword::MinItems(_) | Keyword::MaxItems(_) | Keyword::UniqueItems => Kinds::ARRAY,
        Keyword::MinProperties(_) | Keyword::MaxProperties(_) => Kinds::OBJECT,
        Keyword::Enum(_) => Kinds::ALL,
        _ => Kinds::NONE,
    }
}

/// Does `keyword` follow from `own`?
fn follows(keyword: &Keyword, own: &Keyword) -> bool {
    let order = |own: &Value, other: &Value| Some(compare(own.as_number()?, other.as_number()?));
    match (keyword, own) {
        (Keyword::MinLength(0) | Keyword::MinItems(0) | Keyword::MinProperties(0), _) => true,
        (Keyword::MinLength(least), Keyword::MinLength(own))
        | (Keyword::MinItems(least), Keyword::MinItems(own))
        | (Keyword::MinProperties(least), Keyword::MinProperties(own)) => own >= least,
        (Keyword::MaxLength(most), Keyword::MaxLength(own))
        | (Keyword::MaxItems(most), Keyword::MaxItems(own))
        | (Keyword::MaxProperties(most), Keyword::MaxProperties(own)) => own <= most,
        (Keyword::Pattern(pattern), Keyword::Pattern(own)) => pattern.source == own.source,
        (Keyword::Format(format), Keyword::Format(own)) => format == own,
        (Keyword::Minimum(least), Keyword::Minimum(own))
        | (Keyword::ExclusiveMinimum(least), Keyword::ExclusiveMinimum(own)) => {
            order(own, least).is_some_and(Ordering::is_ge)
        }
        (Keyword::ExclusiveMinimum(bound), Keyword::Minimum(own)) => order(own, bound).is_some_and(Ordering::is_gt),
        (Keyword::Maximum(most), Keyword::Maximum(own)) => order(own, most).is_some_and(Ordering::is_le),
        (Keyword::UniqueItems, Keyword::UniqueItems) => true,
        (Keyword::UniqueItems, Keyword::MaxItems(own)) => *own <= 1,
        _ => false,
    }
}

/// Can no value be right by both? Known of formats that exclude each other, and of texts that must be empty.
pub fn are_disjoint(side: Side<'_>, one: &Form<'_>, other: &Form<'_>) -> bool {
    let rules = |form| side.rules(form).map(|(keyword, _)| keyword).collect::<Vec<_>>();
    let (one, other) = (rules(one), rules(other));
    let excludes = |a: &Keyword, b: &Keyword| match (a, b) {
        (Keyword::Format(a), Keyword::Format(b)) => a != b && is_exact(*a) && is_exact(*b),
        (Keyword::Format(format), Keyword::MaxLength(0)) => is_exact(*format),
        (Keyword::MinLength(least), Keyword::MaxLength(most)) => least > most,
        _ => false,
    };
    one.iter().any(|a| other.iter().any(|b| excludes(a, b) || excludes(b, a)))
}

fn is_exact(format: Format) -> bool {
    matches!(format, Format::Uuid | Format::Ipv4 | Format::Ipv6 | Format::Cidr)
}
