//! Nova's formats as patterns that every regular expression engine reads: other tools check `format` in their own way, or not at all.

use std::collections::BTreeSet;

use crate::base::json::{Value, json};
use crate::contract::schema::Format;

/// The names of formats that schemas refer to.
pub type Formats = BTreeSet<&'static str>;

/// The schema of a format; `None` if no pattern says it.
pub fn schema_of(format: Format) -> Option<Value> {
    let pattern = match format {
        // The format `regex` of JSON Schema is that of ECMAScript: tools refuse by it what Python takes.
        Format::Regex => return Some(json!({"type": "string", "format": "python-regex", "minLength": 1})),
        Format::Name => name(""),
        Format::AzName => name(":"),
        Format::NameWithBlanks => {
            let (any, shown) = (printable(""), ranges(&|c| is_printable(c) && !is_blank(c)));
            format!("^[{any}]*[{shown}][{any}]*\\n?$")
        }
        Format::Printable => format!("^[{}]*\\n?$", printable("")),
        Format::Uuid => r"^(?:urn:|uuid:)*[{}]*-*(?:[0-9a-fA-F]-*){32}[{}]*$".to_owned(),
        Format::Ipv4 => format!("^{IPV4}$"),
        Format::Ipv6 => format!("^{}$", ipv6()),
        Format::Cidr => {
            let ipv6 = ipv6();
            format!("^(?:{IPV4}/(?:{IPV4}|0*(?:3[0-2]|[12]?[0-9]))|{ipv6}/0*(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))$")
        }
        Format::Base64 => base64(),
        Format::Uri => r"^[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#]+[^\s]*$".to_owned(),
        Format::DateTime => DATE_TIME.to_owned(),
        Format::IpAddress => format!("^(?:{IPV4}|{})$", ipv6()),
        Format::MacAddress => MAC_ADDRESS.to_owned(),
        Format::BooleanText => boolean_text(),
        Format::IntegerText => r"^\s*[+\-]?[0-9]+\s*$".to_owned(),
    };
    Some(json!({"type": "string", "pattern": pattern}))
}

const IPV4: &str =
    r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

const DATE_TIME: &str = concat!(
    r"^[0-9]{4}(?:-?(?:0?[1-9]|1[0-2])(?:-?(?:0?[1-9]|[12][0-9]|3[01])(?:[ T](?:[01][0-9]|2[0-3])",
    r"(?::?[0-5]?[0-9](?::?[0-5]?[0-9](?:[.,][0-9]+)?)?)?(?:Z|[+\-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?$"
);

const MAC_ADDRESS: &str = concat!(
    "^(?:[0-9a-fA-F]{1,2}(?:[:\\-][0-9a-fA-F]{1,2}){5}|[0-9a-fA-F]{1,4}(?:[.\\-][0-9a-fA-F]{1,4}){2}",
    "|[0-9a-fA-F]{6}-[0-9a-fA-F]{6}|[0-9a-fA-F]{12})$"
);

/// Every word in every case.
fn boolean_text() -> String {
    let any_case = |word: &str| {
        let letter = |c: char| format!("[{}{c}]", c.to_ascii_uppercase());
        word.chars().map(|c| if c.is_ascii_digit() { c.to_string() } else { letter(c) }).collect::<String>()
    };
    let words = ["1", "t", "true", "on", "y", "yes", "0", "f", "false", "off", "n", "no"].map(any_case);
    format!(r"^\s*(?:{})\s*$", words.join("|"))
}

/// The forms of an IPv6 address, by how many groups stand before `::`.
fn ipv6() -> String {
    let group = "[0-9a-fA-F]{1,4}";
    let last = format!("(?:{group}:{group}|{IPV4})");
    let mut forms = vec![format!("(?:{group}:){{6}}{last}")];
    for before in 0..=7usize {
        let head = match before {
            0 => String::new(),
            _ => format!("(?:{group}:){{{}}}{group}", before - 1),
        };
        let room = 7 - before;
        let mut tails = vec![String::new()];
        if room >= 1 {
            tails.push(format!("(?:{group}:){{0,{}}}{group}", room - 1));
        }
        if room >= 2 {
            tails.push(format!("(?:{group}:){{0,{}}}{IPV4}", room - 2));
        }
        forms.push(format!("{head}::(?:{})", tails.join("|")));
    }
    format!("(?:{})", forms.join("|"))
}

/// As Python's lenient decoder reads it: groups of four of the alphabet, with anything between them, up to the padding.
fn base64() -> String {
    let (one, junk, lead) = ("[A-Za-z0-9+/]", r"[\x00-*,\-.:-<>-@\[-`{-\x7f]*", r"[\x00-*,\-.:-@\[-`{-\x7f]*");
    let two = format!("{lead}{one}{lead}{one}{junk}");
    let three = format!("{two}(?:={junk})?{one}{junk}");
    format!("^(?:{three}{one})*(?:{lead}|(?:{two}={junk}=|{three}=)[\\x00-\\x7f]*)$")
}

fn name(without: &str) -> String {
    let (any, blank) = (printable(without), blanks());
    format!("^(?:|(?![{blank}])[{any}]+(?<![{blank}])\\n?)$")
}

/// The printable characters of the basic plane, as ranges of a class.
fn printable(without: &str) -> String {
    ranges(&|c| is_printable(c) && !without.contains(c))
}

fn blanks() -> String {
    ranges(&is_blank)
}

fn is_printable(c: char) -> bool {
    c != '\n' && Format::Printable.holds(c.encode_utf8(&mut [0; 4]))
}

/// A name of one character may be any that is no blank.
fn is_blank(c: char) -> bool {
    is_printable(c) && !Format::Name.holds(c.encode_utf8(&mut [0; 4]))
}

fn ranges(is_in: &dyn Fn(char) -> bool) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for code in (0..0x1_0000).filter(|code| char::from_u32(*code).is_some_and(is_in)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => runs.push((code, code)),
        }
    }
    let escaped = |code: u32| format!("\\u{code:04x}");
    let text =
        |(first, last): (u32, u32)| if first == last { escaped(first) } else { escaped(first) + "-" + &escaped(last) };
    runs.into_iter().map(text).collect()
}
