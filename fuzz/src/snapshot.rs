//! A folder of snapshots and what was asked, with `%%` on a line between two: what starts with `---` is a file, another part is
//! an operation in its first line and a text. What was accepted is clean afterwards.

use mockstack::snapshot::{Extent, Folder, Texts, accept, pending};

/// More parts than this are cut off.
const MOST: usize = 20;

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let temporary = tempfile::tempdir().unwrap();
    let (root, scenario) = (temporary.path().to_owned(), "default".to_owned());
    let folder = Folder { root, scenario, partial: false, enforced: true };
    std::fs::create_dir(folder.of_scenario()).unwrap();
    let mut asked = Vec::new();
    for (number, part) in text.split("\n%%\n").take(MOST).enumerate() {
        if part.starts_with("---") {
            std::fs::write(folder.of_scenario().join(format!("{number}.snap")), part).unwrap();
        } else {
            let text = part.split_once('\n').map_or(part, |(_, text)| text);
            let operation =
                ["compute.servers.create", "compute.servers.index", "identity.tokens.create"][part.len() % 3];
            asked.push((operation.to_owned(), text.to_owned()));
        }
    }
    let texts = || Texts::from([(None, asked.clone())]);
    let Ok(first) = folder.compare(texts(), Extent::Whole) else { return };
    assert_eq!(first.matched + first.missing.len() + first.changed.len(), asked.len());
    let waiting = pending(&folder.root).unwrap();
    assert_eq!(waiting.len(), first.missing.len() + first.changed.len());
    waiting.iter().for_each(|pending| accept(pending).unwrap());
    let again = folder.compare(texts(), Extent::Whole).unwrap();
    assert!(again.matched == asked.len() && again.missing.is_empty() && again.changed.is_empty(), "{again:?}");
    let shard = Folder { partial: true, ..folder }.compare(texts(), Extent::Whole).unwrap();
    assert!(shard.is_clean(), "{shard:?}");
}
