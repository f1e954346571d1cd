//! URLs of one side as the other side knows them; all other bytes stay as they are.

/// Replaces what URLs start with.
#[derive(Clone, Debug)]
pub struct Rewriter {
    /// What is replaced by what, the longest first.
    pairs: Vec<(String, String)>,
}

impl Rewriter {
    /// Replaces the first of each pair by the second, the longest that fits; of equal ones the first counts.
    pub fn new(pairs: impl Iterator<Item = (String, String)>) -> Rewriter {
        let mut pairs: Vec<(String, String)> = pairs.collect();
        pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
        Rewriter { pairs }
    }

    /// The JSON text `bytes` with the URLs at the starts of its strings rewritten; `None` if there are none. It is not parsed and
    /// serialized again, so blanks, numbers and duplicate keys are unchanged.
    pub fn json(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut spans = Vec::new();
        let mut at = 0;
        while let Some(quote) = find(bytes, at, b'"') {
            let start = quote + 1;
            spans.extend(self.at(bytes, start));
            at = end_of_string(bytes, start);
        }
        replaced(bytes, &spans)
    }

    /// A header line or another text in which URLs are at the start, in quotes, in brackets or after an equals sign.
    pub fn text(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let before = |at: &usize| *at == 0 || matches!(bytes[at - 1], b'<' | b'"' | b'\'' | b'=' | b' ' | b',');
        let starts = text.match_indices("http").map(|(at, _)| at).filter(before);
        let spans: Vec<_> = starts.filter_map(|at| self.at(bytes, at)).collect();
        replaced(bytes, &spans).and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// What is replaced at `start`, and by what.
    fn at(&self, bytes: &[u8], start: usize) -> Option<(usize, usize, &str)> {
        let rest = bytes.get(start..)?;
        if !rest.starts_with(b"http") {
            return None;
        }
        let ends = |from: &str| match rest.get(from.len()) {
            None => true,
            Some(next) => b"/?#\"'>,; \\".contains(next),
        };
        let (from, to) = self.pairs.iter().find(|(from, _)| rest.starts_with(from.as_bytes()) && ends(from))?;
        Some((start, start + from.len(), to))
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|byte| *byte == wanted).map(|at| from + at)
}

/// The place after the quote that ends the string whose text begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn replaced(bytes: &[u8], spans: &[(usize, usize, &str)]) -> Option<Vec<u8>> {
    if spans.is_empty() {
        return None;
    }
    let (mut whole, mut done) = (Vec::with_capacity(bytes.len() + 64), 0);
    for (start, end, to) in spans {
        whole.extend_from_slice(bytes.get(done..*start)?);
        whole.extend_from_slice(to.as_bytes());
        done = *end;
    }
    whole.extend_from_slice(bytes.get(done..)?);
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewriter() -> Rewriter {
        let pairs = [
            ("http://h:8774", "http://p/compute"),
            ("http://h:8774/two", "http://p/compute@Two"),
            ("http://h", "http://p/x"),
        ];
        Rewriter::new(pairs.into_iter().map(|(from, to)| (from.to_owned(), to.to_owned())))
    }

    #[test]
    fn only_urls_at_the_start_of_strings_are_rewritten() {
        let odd = r#"{ "a":1.50e0,"a" : "http://h:8774/v2.1" , "b":["http://h:8774","http://h:87745","http://hh/","see http://h/",
            "\"http://h/","http://h:8774/two?x","http://h:8774/twofold","http://h#é"],"http://h/":"\\"}"#;
        let expected = r#"{ "a":1.50e0,"a" : "http://p/compute/v2.1" , "b":["http://p/compute","http://h:87745","http://hh/","see http://h/",
            "\"http://h/","http://p/compute@Two?x","http://p/compute/twofold","http://p/x#é"],"http://p/x/":"\\"}"#;
        assert_eq!(String::from_utf8(rewriter().json(odd.as_bytes()).unwrap()).unwrap(), expected);
        for same in [&b"{\"a\": \"x\"}"[..], b"\"", b"", b"\"\\", b"\xff\"http:\xff\"", b"\"http://h"] {
            let rewritten = rewriter().json(same);
            assert!(rewritten.is_none() || same == b"\"http://h", "{same:?}");
        }
    }

    #[test]
    fn urls_in_header_lines_are_rewritten() {
        for (line, expected) in [
            ("http://h:8774/v2.1/servers/1", Some("http://p/compute/v2.1/servers/1")),
            ("<http://h/a>; rel=\"next\", <http://h:8774>", Some("<http://p/x/a>; rel=\"next\", <http://p/compute>")),
            ("Keystone uri=\"http://h\"", Some("Keystone uri=\"http://p/x\"")),
            ("xhttp://h", None),
            ("text/html", None),
        ] {
            assert_eq!(rewriter().text(line).as_deref(), expected, "{line}");
        }
    }
}
