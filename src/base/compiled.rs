//! YAML that was read when mockstack was built: to read it again takes a fiftieth of the time.
//!
//! A value is a byte for its kind, its line, its column, and what it holds, a list or a map after its length in bytes; a number of lines,
//! columns, items or bytes has seven bits a byte, the lowest first, all but the last with the eighth bit set.

use std::sync::Arc;

use super::{Diagnostic, Node, Place, Yaml};

/// A file that was compiled.
#[derive(Clone, Copy, Debug)]
pub struct Compiled {
    /// The path in the project: `contracts/compute/v2.1/servers.yaml`.
    pub file: &'static str,
    /// Words that can be had without decoding the file: of a contract the collections that its rows are about.
    words: &'static [u8],
    /// The SHA-1 of the content: hashing it at each start would be a third of what comes before the first request.
    digest: &'static [u8],
    node: &'static [u8],
}

impl Compiled {
    /// The files that [`compile`] made `bytes` of.
    ///
    /// # Errors
    /// They are something else: a defect of mockstack.
    pub fn all(bytes: &'static [u8]) -> Result<Vec<Compiled>, Diagnostic> {
        let mut reader = Reader { bytes, file: "".into() };
        let mut files = Vec::new();
        while !reader.bytes.is_empty() {
            let (file, words) = (reader.text()?, reader.part()?);
            let (digest, node) = (reader.part()?, reader.part()?);
            files.push(Compiled { file, words, digest, node });
        }
        Ok(files)
    }

    /// The file's content.
    ///
    /// # Errors
    /// As [`Compiled::all`].
    pub fn node(&self) -> Result<Node, Diagnostic> {
        self.part().node()
    }

    /// The file's content, still to be decoded.
    pub fn part(&self) -> CompiledPart {
        CompiledPart { file: self.file.into(), bytes: self.node }
    }

    /// The words that came with the file.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let mut reader = Reader { bytes: self.words, file: "".into() };
        std::iter::from_fn(move || reader.text().ok())
    }

    /// What tells the content from any other.
    pub fn digest(&self) -> &'static [u8] {
        self.digest
    }
}

/// A value of a file that was compiled, still to be decoded.
#[derive(Clone, Debug)]
pub struct CompiledPart {
    file: Arc<str>,
    bytes: &'static [u8],
}

impl CompiledPart {
    /// The value.
    ///
    /// # Errors
    /// As [`Compiled::all`].
    pub fn node(&self) -> Result<Node, Diagnostic> {
        self.reader().node()
    }

    /// Its place in the source file.
    ///
    /// # Errors
    /// As [`Compiled::all`].
    pub fn place(&self) -> Result<Place, Diagnostic> {
        let mut reader = self.reader();
        reader.byte()?;
        reader.place()
    }

    /// The keys and values of a map; nothing else has any.
    ///
    /// # Errors
    /// As [`Compiled::all`].
    pub fn entries(&self) -> Result<Vec<(&'static str, CompiledPart)>, Diagnostic> {
        self.each()?.collect()
    }

    /// The value below `key` of a map.
    ///
    /// # Errors
    /// As [`Compiled::all`].
    pub fn get(&self, key: &str) -> Result<Option<CompiledPart>, Diagnostic> {
        self.each()?
            .find(|entry| entry.as_ref().is_ok_and(|(own, _)| *own == key))
            .map(|found| found.map(|(_, part)| part))
            .transpose()
    }

    fn each(&self) -> Result<impl Iterator<Item = Result<(&'static str, CompiledPart), Diagnostic>>, Diagnostic> {
        let mut reader = self.reader();
        let kind = reader.byte()?;
        reader.place()?;
        let count = match kind {
            MAP => (reader.count()?, reader.count()?).1,
            _ => 0,
        };
        let mut entry = move || {
            let key = reader.text()?;
            reader.place()?;
            let bytes = reader.bytes;
            reader.skip()?;
            Ok((key, CompiledPart { file: Arc::clone(&reader.file), bytes }))
        };
        Ok((0..count).map(move |_| entry()))
    }

    fn reader(&self) -> Reader {
        Reader { bytes: self.bytes, file: Arc::clone(&self.file) }
    }
}

/// Compiles a file: its path, words for [`Compiled::words`], and its content.
pub fn compile(file: &str, words: &[&str], node: &Node) -> Vec<u8> {
    let (mut all, mut own, mut content) = (Vec::new(), Vec::new(), Vec::new());
    words.iter().for_each(|word| put_part(&mut own, word.as_bytes()));
    put_node(&mut content, node);
    let digest = sha1_smol::Sha1::from(&content).digest().bytes();
    [file.as_bytes(), &own, &digest, &content].into_iter().for_each(|part| put_part(&mut all, part));
    all
}

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const NUMBER: u8 = 3;
const TEXT: u8 = 4;
const LIST: u8 = 5;
const MAP: u8 = 6;

fn put_node(out: &mut Vec<u8>, node: &Node) {
    out.push(match &node.yaml {
        Yaml::Null => NULL,
        Yaml::Bool(false) => FALSE,
        Yaml::Bool(true) => TRUE,
        Yaml::Number(_) => NUMBER,
        Yaml::Text(_) => TEXT,
        Yaml::List(_) => LIST,
        Yaml::Map(_) => MAP,
    });
    put_place(out, &node.place);
    match &node.yaml {
        Yaml::Null | Yaml::Bool(_) => {}
        Yaml::Number(number) => put_part(out, number.to_string().as_bytes()),
        Yaml::Text(text) => put_part(out, text.as_bytes()),
        Yaml::List(items) => {
            let mut inner = Vec::new();
            put_count(&mut inner, items.len());
            items.iter().for_each(|item| put_node(&mut inner, item));
            put_part(out, &inner);
        }
        Yaml::Map(entries) => {
            let mut inner = Vec::new();
            put_count(&mut inner, entries.len());
            for (key, place, value) in entries {
                put_part(&mut inner, key.as_bytes());
                put_place(&mut inner, place);
                put_node(&mut inner, value);
            }
            put_part(out, &inner);
        }
    }
}

fn put_place(out: &mut Vec<u8>, place: &Place) {
    put_count(out, place.line as usize);
    put_count(out, place.column as usize);
}

fn put_part(out: &mut Vec<u8>, part: &[u8]) {
    put_count(out, part.len());
    out.extend(part);
}

fn put_count(out: &mut Vec<u8>, mut count: usize) {
    while count >= 0x80 {
        out.push((count & 0x7f) as u8 | 0x80);
        count >>= 7;
    }
    out.push(count as u8);
}

struct Reader {
    bytes: &'static [u8],
    file: Arc<str>,
}

impl Reader {
    fn byte(&mut self) -> Result<u8, Diagnostic> {
        let (first, rest) = self.bytes.split_first().ok_or_else(damaged)?;
        self.bytes = rest;
        Ok(*first)
    }

    fn count(&mut self) -> Result<usize, Diagnostic> {
        let mut count = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            count |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(count);
            }
        }
        Err(damaged())
    }

    fn part(&mut self) -> Result<&'static [u8], Diagnostic> {
        let length = self.count()?;
        let (part, rest) = self.bytes.split_at_checked(length).ok_or_else(damaged)?;
        self.bytes = rest;
        Ok(part)
    }

    fn text(&mut self) -> Result<&'static str, Diagnostic> {
        std::str::from_utf8(self.part()?).map_err(|_| damaged())
    }

    fn place(&mut self) -> Result<Place, Diagnostic> {
        let mut number = || u32::try_from(self.count()?).map_err(|_| damaged());
        let (line, column) = (number()?, number()?);
        Ok(Place { file: Arc::clone(&self.file), line, column })
    }

    fn node(&mut self) -> Result<Node, Diagnostic> {
        let kind = self.byte()?;
        let place = self.place()?;
        let yaml = match kind {
            NULL => Yaml::Null,
            FALSE | TRUE => Yaml::Bool(kind == TRUE),
            NUMBER => Yaml::Number(self.text()?.parse().map_err(|_| damaged())?),
            TEXT => Yaml::Text(self.text()?.to_owned()),
            LIST => {
                self.count()?;
                let count = self.count()?;
                Yaml::List((0..count).map(|_| self.node()).collect::<Result<_, _>>()?)
            }
            MAP => {
                self.count()?;
                let count = self.count()?;
                let mut entry = || Ok::<_, Diagnostic>((self.text()?.to_owned(), self.place()?, self.node()?));
                Yaml::Map((0..count).map(|_| entry()).collect::<Result<_, _>>()?)
            }
            _ => return Err(damaged()),
        };
        Ok(Node { yaml, place })
    }

    /// Steps over a value.
    fn skip(&mut self) -> Result<(), Diagnostic> {
        let kind = self.byte()?;
        self.count()?;
        self.count()?;
        if !matches!(kind, NULL | FALSE | TRUE) {
            self.part()?;
        }
        Ok(())
    }
}

fn damaged() -> Diagnostic {
    Diagnostic::new("the data embedded in mockstack is damaged").row("fix", "build it again")
}

#[cfg(test)]
mod tests {
    use super::super::parse_yaml;
    use super::*;

    #[test]
    fn what_was_compiled_is_what_was_read() {
        let text = "a: 1\nb:\n  - 'x'\n  - 2.10\n  - true\n  - false\n  -\n  - {c: d, e: []}\nlong: >\n  ".to_owned()
            + &"word ".repeat(100);
        let node = parse_yaml("f.yaml", &text).unwrap();
        let mut bytes = compile("f.yaml", &["one", "two"], &node);
        bytes.extend(compile("g.yaml", &[], &node));
        let files = Compiled::all(bytes.leak()).unwrap();
        assert_eq!(files.iter().map(|file| file.file).collect::<Vec<_>>(), ["f.yaml", "g.yaml"]);
        assert_eq!(files[0].words().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(format!("{:?}", files[0].node().unwrap()), format!("{node:?}"));
        let parts = files[0].part().entries().unwrap();
        let parts: Vec<_> =
            parts.iter().map(|(key, part)| (*key, part.node().unwrap(), part.place().unwrap())).collect();
        let entries: Vec<_> = node.entries().unwrap().iter().map(|(key, _, part)| (key, part, &part.place)).collect();
        assert_eq!(format!("{parts:?}"), format!("{entries:?}"));
    }

    #[test]
    fn what_is_cut_off_is_damaged() {
        let node = parse_yaml("f.yaml", "a: [1, x]").unwrap();
        let bytes = compile("f.yaml", &[], &node).leak();
        assert!((1..bytes.len()).all(|end| Compiled::all(&bytes[..end]).is_err()));
        let whole = Compiled::all(bytes).unwrap()[0].node;
        let cut = |end: usize| Reader { bytes: &whole[..end], file: "".into() }.node();
        assert!((0..whole.len()).all(|end| cut(end).is_err()) && cut(whole.len()).is_ok());
    }
}
