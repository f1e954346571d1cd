//! YAML that was read when mockstack was built: to read it again takes a fiftieth of the time.

use super::packed::{Unpacked, pack_part};
use super::{Diagnostic, Node};

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
        let mut packed = Unpacked { bytes };
        let mut files = Vec::new();
        while !packed.bytes.is_empty() {
            files.push(Compiled::unpack(&mut packed).ok_or_else(damaged)?);
        }
        Ok(files)
    }

    fn unpack(packed: &mut Unpacked) -> Option<Compiled> {
        let (file, words) = (packed.text()?, packed.part()?);
        Some(Compiled { file, words, digest: packed.part()?, node: packed.part()? })
    }

    /// The file's content.
    ///
    /// # Errors
    /// As [`Compiled::all`].
    pub fn node(&self) -> Result<Node, Diagnostic> {
        Node::unpack(&mut Unpacked { bytes: self.node }, &self.file.into()).ok_or_else(damaged)
    }

    /// The words that came with the file.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let mut packed = Unpacked { bytes: self.words };
        std::iter::from_fn(move || packed.text())
    }

    /// What tells the content from any other.
    pub fn digest(&self) -> &'static [u8] {
        self.digest
    }
}

/// Compiles a file: its path, words for [`Compiled::words`], and its content.
pub fn compile(file: &str, words: &[&str], node: &Node) -> Vec<u8> {
    let (mut all, mut own, mut content) = (Vec::new(), Vec::new(), Vec::new());
    words.iter().for_each(|word| pack_part(&mut own, word.as_bytes()));
    node.pack(&mut content);
    let digest = sha1_smol::Sha1::from(&content).digest().bytes();
    [file.as_bytes(), &own, &digest, &content].into_iter().for_each(|part| pack_part(&mut all, part));
    all
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
    }

    #[test]
    fn what_is_cut_off_is_damaged() {
        let node = parse_yaml("f.yaml", "a: [1, x]").unwrap();
        let bytes = compile("f.yaml", &[], &node).leak();
        assert!((1..bytes.len()).all(|end| Compiled::all(&bytes[..end]).is_err()));
    }
}
