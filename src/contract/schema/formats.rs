//! The named formats of Nova, with their quirks. A format accepts every value that is not a string.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use regex::Regex;

use crate::base::{compiled_pattern as compiled, truth};

/// A named format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Printable, no blank at either end.
    Name,
    /// Printable, with at least one character that is not a blank: what the relaxed `/v2` root requires of a name.
    NameWithBlanks,
    /// A name without `:`.
    AzName,
    /// Printable characters only; Nova writes this one as a pattern of several kilobytes.
    Printable,
    /// 32 hexadecimal digits, with or without hyphens, braces and prefixes.
    Uuid,
    /// An IPv4 address without leading zeros.
    Ipv4,
    /// An IPv6 address without a zone.
    Ipv6,
    /// What Python's lenient decoder takes for base64.
    Base64,
    /// An address, a slash, a prefix length.
    Cidr,
    /// A URI with a scheme and a host.
    Uri,
    /// A regular expression, not empty.
    Regex,
    /// A time in ISO 8601.
    DateTime,
    /// An address of either kind.
    IpAddress,
    /// Six bytes in hexadecimal digits.
    MacAddress,
    /// A spelling of true or false (oslo.utils, `bool_from_string`).
    BooleanText,
    /// What Python's `int` reads.
    IntegerText,
}

impl Format {
    /// Every format, by the name that contracts use.
    pub const ALL: [(&'static str, Format); 16] = [
        ("name", Format::Name),
        ("name-with-blanks", Format::NameWithBlanks),
        ("az-name", Format::AzName),
        ("printable", Format::Printable),
        ("uuid", Format::Uuid),
        ("ipv4", Format::Ipv4),
        ("ipv6", Format::Ipv6),
        ("base64", Format::Base64),
        ("cidr", Format::Cidr),
        ("uri", Format::Uri),
        ("regex", Format::Regex),
        ("date-time", Format::DateTime),
        ("ip-address", Format::IpAddress),
        ("mac-address", Format::MacAddress),
        ("boolean-text", Format::BooleanText),
        ("integer-text", Format::IntegerText),
    ];

    /// The name in contracts and messages.
    pub fn label(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Has `text` this format?
    pub fn holds(self, text: &str) -> bool {
        match self {
            Format::Name => is_name(text, &[]),
            Format::AzName => is_name(text, &[':']),
            Format::NameWithBlanks => all_printable(chomp(text), &[]) && chomp(text).chars().any(|c| !is_blank(c)),
            Format::Printable => all_printable(chomp(text), &[]),
            Format::Uuid => is_uuid(text),
            Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Format::Base64 => is_base64(text),
            Format::Cidr => is_cidr(text),
            Format::Uri => is_uri(text),
            // Its syntax alone: thirteen characters may compile for seconds.
            Format::Regex => !text.is_empty() && regex_syntax::ast::parse::Parser::new().parse(text).is_ok(),
            Format::DateTime => is_date_time(text),
            Format::IpAddress => text.parse::<IpAddr>().is_ok(),
            Format::MacAddress => is_mac_address(text),
            Format::BooleanText => truth(text.trim()).is_some(),
            Format::IntegerText => text.trim().parse::<i64>().is_ok(),
        }
    }

    /// The sentence that Nova answers instead of "is not a …", for the formats that have one.
    pub fn name_rule(self) -> Option<&'static str> {
        match self {
            Format::Name => Some("printable characters. Can not start or end with whitespace."),
            Format::NameWithBlanks => Some("printable characters with at least one non space character"),
            Format::AzName => Some("printable characters except :.Can not start or end with whitespace."),
            _ => None,
        }
    }
}

/// Python's `$` stands before one newline at the end, so that newline is never looked at.
fn chomp(text: &str) -> &str {
    text.strip_suffix('\n').unwrap_or(text)
}

/// The empty text passes (its length is another keyword's business), a newline alone does not.
fn is_name(text: &str, refused: &[char]) -> bool {
    let name = chomp(text);
    let ends = [name.chars().next(), name.chars().next_back()];
    (!name.is_empty() || text.is_empty()) && all_printable(name, refused) && !ends.into_iter().flatten().any(is_blank)
}

fn all_printable(text: &str, refused: &[char]) -> bool {
    text.chars().all(|c| is_printable(c) && !refused.contains(&c))
}

/// Nova's class of printable characters ends with the basic plane, so an emoji is not one.
fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{0}'..='\u{9f}' | '\u{10000}'.. => false,
        _ => !class(&UNPRINTABLE, r"[\p{C}\p{Zl}\p{Zp}]", c),
    }
}

/// Unicode category Zs.
fn is_blank(c: char) -> bool {
    c == ' ' || (!c.is_ascii() && class(&BLANK, r"\p{Zs}", c))
}

static UNPRINTABLE: OnceLock<Regex> = OnceLock::new();
static BLANK: OnceLock<Regex> = OnceLock::new();

fn class(cell: &'static OnceLock<Regex>, pattern: &str, c: char) -> bool {
    compiled(cell, pattern).is_match(c.encode_utf8(&mut [0; 4]))
}

/// oslo.utils `is_uuid_like`: case, dashes, braces and `urn:uuid:` do not matter.
fn is_uuid(text: &str) -> bool {
    let is_dressed = text.contains(':');
    let bare: Cow<'_, str> =
        if is_dressed { text.replace("urn:", "").replace("uuid:", "").into() } else { text.into() };
    let mut hex = bare.trim_matches(['{', '}']).bytes().filter(|b| *b != b'-');
    hex.by_ref().take(32).filter(u8::is_ascii_hexdigit).count() == 32 && hex.next().is_none()
}

/// CPython's `binascii.a2b_base64` when it is not strict: characters outside the alphabet are dropped, padding in the
/// right place ends the text, a rest that fills no group of four is wrong. Text beyond ASCII crashes Nova; here it is refused.
fn is_base64(text: &str) -> bool {
    let (mut position, mut padding) = (0u32, 0u32);
    for byte in text.bytes() {
        match byte {
            b'=' => {
                padding += u32::from(position >= 2);
                if position >= 2 && position + padding >= 4 {
                    return text.is_ascii();
                }
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {
                padding = 0;
                position = (position + 1) % 4;
            }
            _ => {}
        }
    }
    position == 0 && text.is_ascii()
}

fn is_cidr(text: &str) -> bool {
    let Some((address, prefix)) = text.split_once('/') else { return false };
    let length = |most: u32| prefix.parse::<u32>().is_ok_and(|bits| bits <= most);
    (address.parse::<Ipv4Addr>().is_ok() && (length(32) || prefix.parse::<Ipv4Addr>().is_ok()))
        || (address.parse::<Ipv6Addr>().is_ok() && length(128))
}

/// The forms that netaddr reads, of which clients send the first.
fn is_mac_address(text: &str) -> bool {
    static MAC: OnceLock<Regex> = OnceLock::new();
    let form = r"(?i)^([0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}|[0-9a-f]{1,4}([.-][0-9a-f]{1,4}){2}|[0-9a-f]{6}-[0-9a-f]{6}|[0-9a-f]{12})$";
    compiled(&MAC, form).is_match(text)
}

fn is_uri(text: &str) -> bool {
    static URI: OnceLock<Regex> = OnceLock::new();
    compiled(&URI, r"^[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+[^\s]*$").is_match(text)
}

/// What the iso8601 package reads: parts may be left out from the end, separators from the date and the time.
fn is_date_time(text: &str) -> bool {
    static DATE_TIME: OnceLock<Regex> = OnceLock::new();
    let pattern = r"(?x)^ [0-9]{4} ( -? (0?[1-9]|1[0-2]) ( -? (0?[1-9]|[12][0-9]|3[01])
        ( [\ T] ([01][0-9]|2[0-3]) ( :? [0-5]?[0-9] ( :? [0-5]?[0-9] ([.,][0-9]+)? )? )?
        ( Z | [+-][0-9]{2} (:?[0-9]{2})? )? )? )? )? $";
    compiled(&DATE_TIME, pattern).is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line is a format, texts it takes, texts it refuses. The verdicts are those of Nova 34.0.0.
    #[test]
    fn formats_decide_as_nova_does() {
        let cases: &[(Format, &[&str], &[&str])] = &[
            (
                Format::Name,
                &["a", "a b", "a\n", "a\u{a0}b", "é", ""],
                &[" a", "a ", "a\tb", "\n", "a\n\n", "a \n", "😀", "a\u{200b}"],
            ),
            (Format::NameWithBlanks, &[" a ", "a\n"], &["  ", "\t", ""]),
            (Format::AzName, &["nova"], &["nova:host"]),
            (Format::Printable, &["", " a", "a\n", "é"], &["a\u{0}b", "a\nb", "😀"]),
            (
                Format::Uuid,
                &[
                    "155D900F-4E14-4E4C-A73D-069CBF4541E6",
                    "155d900f4e144e4ca73d069cbf4541e6",
                    "{155d900f-4e14-4e4c-a73d-069cbf4541e6}",
                    "urn:uuid:155d900f-4e14-4e4c-a73d-069cbf4541e6",
                ],
                &["", "155d900f-4e14-4e4c-a73d-069cbf4541e", "x", "155d900f-4e14-4e4c-a73d-069cbf4541eg"],
            ),
            (Format::Ipv4, &["1.2.3.4"], &["01.2.3.4", "1.2.3", "", "::1"]),
            (Format::Ipv6, &["::1", "::ffff:1.2.3.4"], &["::1%eth0", "1.2.3.4", ""]),
            (
                Format::Base64,
                &["", "!!!!", "YWJj", "YQ==", "Cg==", "YQ==junk", "ab=cd"],
                &["x", "YWJ", "YW-_", "not base64!", "é"],
            ),
            (Format::Cidr, &["10.0.0.0/8", "fe80::/64"], &["10.0.0.0", "10.0.0.0/33", "10.0.0.0/ 8"]),
            (Format::Uri, &["http://h/x"], &["h/x", "http://"]),
            (Format::Regex, &["a", "^a.*$"], &["", "[", "("]),
            (
                Format::DateTime,
                &["2020-01-01T00:00:00Z", "2020-01-01", "20200101T000000", "2020-01-01 00:00:00.5+01:00"],
                &["x", "", "2020-13-01"],
            ),
        ];
        for (format, accepted, refused) in cases {
            for text in *accepted {
                assert!(format.holds(text), "{} takes {text:?}", format.label());
            }
            for text in *refused {
                assert!(!format.holds(text), "{} refuses {text:?}", format.label());
            }
        }
    }
}
