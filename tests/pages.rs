//! Holds what the pages say of the tree: the files that an example touches, excerpts, paths, and where a word is at home.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::{Regex, RegexBuilder};

/// Where a word of the code may stand.
const PLACES: [&str; 13] = [
    "src",
    "contracts",
    "fixtures",
    "docs",
    "tests",
    "README.md",
    ".ci",
    "benches",
    "examples",
    "fuzz/src",
    "python",
    "go",
    "rust",
];

/// What the published package does not have.
const LEFT_OUT: [&str; 5] = ["fuzz/", "tests/fuzz.rs", "python/", "go/", "rust/"];

/// Each page shows one example, and lists the files that name it.
#[test]
fn files_that_name_an_example_are_those_that_its_page_lists() {
    let files: Vec<(String, String)> =
        tree(&PLACES).into_iter().filter(|(path, _)| !is_page_of_an_example(path)).collect();
    let mut count = 0;
    for (page, text) in pages().into_iter().filter(|(page, _)| is_page_of_an_example(page)) {
        let Some((_, marked)) = text.split_once("<!-- files that name: ") else {
            assert_eq!(page, "docs/add-a-microversion.md", "lists no files");
            continue;
        };
        let (word, rest) = marked.split_once(" -->").unwrap();
        let word = RegexBuilder::new(word).multi_line(true).build().unwrap();
        let listed: Vec<&str> = table(rest).filter_map(|row| in_backticks(row).next()).collect();
        let tests: Vec<&str> = section(&text, "## Tests that hold it").lines().flat_map(in_backticks).collect();
        let found: BTreeSet<&str> = files
            .iter()
            .filter(|(path, text)| word.is_match(path) || word.is_match(text))
            .map(|(path, _)| path.as_str())
            .collect();
        let covers = |entry: &str, path: &str| entry == path || entry.ends_with('/') && path.starts_with(entry);
        let unlisted: Vec<&&str> =
            found.iter().filter(|path| !listed.iter().chain(&tests).any(|entry| covers(entry, path))).collect();
        assert!(unlisted.is_empty(), "{page} does not list what names {word}: {unlisted:#?}");
        let idle: Vec<&&str> =
            listed.iter().filter(|entry| !found.iter().any(|path| covers(entry, path)) && is_here(entry)).collect();
        assert!(idle.is_empty(), "{page} lists what does not name {word}: {idle:#?}");
        count += 1;
    }
    assert!(count > 7, "{count} pages list files");
}

/// A block after a line that ends in `` `PATH`: `` is out of that file; a line `…` stands for lines that are left out, one that
/// ends in ` …` for its beginning.
#[test]
fn excerpts_are_in_the_files() {
    let mut count = 0;
    for (page, text) in pages() {
        for (path, excerpt) in excerpts(&text) {
            if let Err(line) = is_excerpt(&excerpt, &read(path)) {
                panic!("{page}: {path} has no such line there:\n{line}");
            }
            count += 1;
        }
        let blocks = text.lines().filter(|line| line.trim_start().starts_with("```")).count() / 2;
        let shows_plans = !is_page_of_an_example(&page) || page.ends_with("microversion.md");
        assert!(shows_plans || blocks == excerpts(&text).len(), "{page}: a block is out of no file");
    }
    assert!(count > 20, "{count} excerpts");
}

#[test]
fn excerpts_may_leave_out_lines_and_ends() {
    let file = "fn f() {\n    one();\n    two(\"long\");\n    three();\n}\n";
    for right in ["one();\ntwo(\"long\");", "fn f() {\n    …\n    three();\n}", "one();\n…\n}", "two( …\nthree();"]
    {
        assert_eq!(is_excerpt(right, file), Ok(()), "{right}");
    }
    for wrong in ["one();\nthree();", "three();\n…\none();", "tw();", "four();", "four( …"] {
        assert!(is_excerpt(wrong, file).is_err(), "{wrong}");
    }
}

/// Pages and comments name files that are there.
#[test]
fn paths_in_pages_and_comments_lead_to_files() {
    let path = Regex::new(
        r"(?:^|[\s`(\[>])((?:(?:src|contracts|fixtures|tests|docs|benches|examples|fuzz|\.ci)/|[\w-]+/(?:[\w-]+/)*[\w-]+\.rs\b)[\w./@-]*)",
    )
    .unwrap();
    let comment = |line: &str| line.trim_start().starts_with("//").then(|| line.to_owned() + "\n");
    let sources = tree(&["src", "tests", "benches", "examples"]).into_iter().filter(|(file, _)| file.ends_with(".rs"));
    let comments = sources.map(|(file, text)| (file, text.lines().filter_map(comment).collect::<String>()));
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for (file, text) in pages().into_iter().chain(comments) {
        for found in path.captures_iter(&text) {
            let named = found[1].trim_end_matches(['.', '/']);
            let follows = text[found.get(1).unwrap().end()..].chars().next();
            let is_pattern = follows.is_some_and(|c| "*…{<$%".contains(c)) || named.contains("..");
            let is_stand_in =
                named.split(['/', '.']).any(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase()));
            if is_pattern || is_stand_in || OTHERS.contains(&named) {
                continue;
            }
            count += 1;
            if !is_here(named) || root().join(named).exists() || root().join("src").join(named).exists() {
                continue;
            }
            wrong.insert(format!("{file}: {named}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 100, "{count} paths");
}

/// Paths of the reader's own project.
const OTHERS: [&str; 3] = ["fixtures/slow.yaml", "tests/boot", "tests/integration"];

/// Whoever wants to add something finds the page.
#[test]
fn pages_of_examples_are_linked() {
    for (page, _) in pages().into_iter().filter(|(page, _)| is_page_of_an_example(page)) {
        let name = page.trim_start_matches("docs/");
        assert!(read("CONTRIBUTING.md").contains(&format!("](docs/{name})")), "CONTRIBUTING.md has no link to {name}");
        assert!(read("docs/architecture.md").contains(&format!("]({name})")), "architecture.md has no link to {name}");
    }
}

/// Each word is at home where the glossary says, and they are in order.
#[test]
fn words_of_the_glossary_are_where_it_says() {
    let page = read("docs/glossary.md");
    let (mut words, mut strange) = (Vec::new(), Vec::new());
    for row in table(&page) {
        let [word, meaning, home] = row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("not three columns: {row}");
        };
        let home = in_backticks(home).next().unwrap_or_else(|| panic!("{word} has no file"));
        let told = words_of(&read(home));
        let has = |end: &str| told.contains(&words_of(&(word.to_owned() + end)));
        if !has("") && !has("s") {
            strange.push(format!("{home} does not have the word {word}"));
        }
        assert!(meaning.ends_with('.'), "{word}: a sentence ends with a full stop");
        words.push(word);
    }
    assert!(strange.is_empty(), "{strange:#?}");
    assert!(words.len() > 50, "{} words", words.len());
    assert!(words.is_sorted(), "the words are not in order");
}

/// The words of a text in lower case, each between two blanks; those of an identifier are told apart.
fn words_of(text: &str) -> String {
    let apart = Regex::new("([a-z0-9])([A-Z])").unwrap().replace_all(text, "$1 $2").to_lowercase();
    let words: Vec<&str> = apart.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

fn is_page_of_an_example(page: &str) -> bool {
    page.starts_with("docs/add-a") && page.ends_with(".md")
}

/// May `path` be asked for? Not in the published package, if it is left out there.
fn is_here(path: &str) -> bool {
    !LEFT_OUT.iter().any(|left| path.starts_with(left)) || root().join("fuzz").exists()
}

/// The blocks of `page` that are out of a file, each with the file's path.
fn excerpts(page: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let (mut named, mut lines) = (None, page.lines().map(str::trim));
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.extend(named.take().map(|path| (path, block.join("\n"))));
        } else if !line.is_empty() {
            named = line.strip_suffix("`:").and_then(|line| line.rsplit('`').next()).filter(|path| path.contains('/'));
        }
    }
    found
}

/// Are the lines of `excerpt` in `file`, in that order?
///
/// # Errors
/// The first line that is not.
fn is_excerpt(excerpt: &str, file: &str) -> Result<(), String> {
    let lines: Vec<&str> = file.lines().map(str::trim).collect();
    let is = |found: &str, line: &str| match line.strip_suffix(" …") {
        Some(start) => found.starts_with(start),
        None => found == line,
    };
    let mut at = 0;
    let excerpt: Vec<&str> = excerpt.lines().map(str::trim).collect();
    for run in excerpt.split(|line| line.trim_start_matches(['#', '/', ' ']) == "…").filter(|run| !run.is_empty()) {
        let starts = (at..lines.len()).filter(|start| is(lines[*start], run[0]));
        let fits = |start: &usize| {
            lines[*start..].len() >= run.len() && run.iter().zip(&lines[*start..]).all(|(line, found)| is(found, line))
        };
        let Some(start) = starts.clone().find(fits) else {
            let longest =
                starts.map(|start| run.iter().zip(&lines[start..]).take_while(|(line, found)| is(found, line)).count());
            return Err(run[longest.max().unwrap_or(0).min(run.len() - 1)].to_owned());
        };
        at = start + run.len();
    }
    Ok(())
}

/// The rows of the first table in `text`, without its head.
fn table(text: &str) -> impl Iterator<Item = &str> {
    let rows = text.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|')).skip(2)
}

/// What stands below the heading, until the next.
fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let (_, below) = text.split_once(heading).unwrap_or_default();
    below.split("\n## ").next().unwrap_or_default()
}

fn in_backticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every page of documentation but the history, by its path.
fn pages() -> BTreeMap<String, String> {
    let pages = tree(&["docs", "README.md", "CONTRIBUTING.md", "tests/clients"]);
    pages.into_iter().filter(|(path, _)| path.ends_with(".md")).collect()
}

/// Every text below `places`, by its path.
fn tree(places: &[&str]) -> BTreeMap<String, String> {
    let root = root();
    let mut left: Vec<PathBuf> = places.iter().map(|place| root.join(place)).filter(|path| path.exists()).collect();
    let mut files = BTreeMap::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(name(path.strip_prefix(&root).unwrap()), text);
        }
    }
    assert!(!files.is_empty(), "{places:?}");
    files
}

fn name(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
