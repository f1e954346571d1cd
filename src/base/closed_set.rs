//! Closed sets of words: a table of the values of an enum, each with the name that OpenStack has for it.

/// The name of `value` in its table, which has every value.
pub fn name_in<T: Copy + PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(own, _)| *own == value).map_or("", |(_, name)| name)
}

/// The value that is called `name`; `None`: the set has no such word.
pub fn named_in<T: Copy>(table: &[(T, &'static str)], name: &str) -> Option<T> {
    table.iter().find(|(_, own)| *own == name).map(|(value, _)| *value)
}
