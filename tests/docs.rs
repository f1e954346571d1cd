//! Holds the documentation against the program: tables, outputs, files and the words that it accepts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use mockstack::cloud::{Fields, Fixture};
use mockstack::contract::{CODES, Contracts};
use mockstack::report::EXITS;

use crate::builds::cargo_tree;
use crate::common::bless::compare;

#[test]
fn tables_of_exit_codes_are_the_table() {
    let expected: Vec<String> =
        EXITS.iter().map(|exit| format!("| {} | {} | {} |", exit.code, exit.name, exit.meaning)).collect();
    let readme = read("README.md");
    assert_eq!(table(readme.split_once("<!-- table: exits -->").unwrap().1), expected, "README.md");
    assert_eq!(table(&read("docs/exit-codes.md")), expected, "docs/exit-codes.md");
}

#[test]
fn table_of_codes_is_the_table() {
    let yes_or_no = |fails: bool| if fails { "yes" } else { "no" };
    let row =
        |row: &mockstack::contract::CodeRow| format!("| {} | {} | {} |", row.name, yes_or_no(row.fails), row.meaning);
    assert_eq!(table(&read("docs/codes.md")), CODES.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn every_code_is_explained() {
    for row in CODES {
        let text = mockstack(&["explain", row.name]);
        assert!(text.contains(row.meaning) && text.contains(row.advice), "{text}");
    }
}

/// What mockstack.yaml may set too has a page of its own.
#[test]
fn every_command_and_option_is_on_their_page() {
    let page = read("docs/commands.md");
    let config = read("docs/config.md");
    for command in commands(&[]) {
        assert!(page.contains(&format!("`mockstack {command}")), "docs/commands.md has no `mockstack {command}`");
        for below in commands(&[&command]) {
            assert!(
                page.contains(&format!("`mockstack {command} {below}")),
                "docs/commands.md has no `mockstack {command} {below}`"
            );
        }
    }
    for command in ["run", "serve"] {
        let help = mockstack(&[command, "--help"]);
        let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("--")?.split_whitespace().next());
        for option in options {
            let shown = format!("`--{option}");
            assert!(page.contains(&shown) || config.contains(&shown), "docs/commands.md has no `--{option}`");
        }
    }
}

/// Outputs are compared to the byte, with the lines of rules; `BLESS=1 cargo test --test main docs::` writes them.
#[test]
fn outputs_in_the_pages_are_real() {
    for path in pages() {
        let page = path.strip_prefix(root()).unwrap().to_str().unwrap();
        compare(page, &with_real_outputs(&read(page)));
    }
    // Where another page names the line of a rule, it is the one that the tour's output has.
    let rule = regex::Regex::new(r"(contracts/compute/v2\.1/servers\.yaml):\d+").unwrap();
    let tour = with_real_outputs(&read("docs/guide.md"));
    let real = rule.find(&tour).unwrap().as_str();
    let page = read("docs/recording-format.md");
    assert!(rule.is_match(&page));
    compare("docs/recording-format.md", &rule.replace_all(&page, real));
}

fn with_real_outputs(page: &str) -> String {
    let shown: Vec<(String, String)> = page.split("<!-- output: ").skip(1).map(marked).map(owned).collect();
    shown.iter().fold(page.to_owned(), |page, (arguments, old)| {
        let real = mockstack(&arguments.split(' ').collect::<Vec<_>>());
        let place = page.find(&format!("<!-- output: {arguments} -->")).unwrap();
        // The block may be empty so far.
        let fence = place + page[place..].find("\n```").unwrap() + 1;
        let start = fence + page[fence..].find('\n').unwrap() + 1;
        [&page[..start], real.trim_end(), "\n", &page[start + old.len()..]].concat()
    })
}

/// The crates that a build takes which does without the default features, and with them.
#[test]
fn the_number_of_dependencies_is_the_one_that_is_told() {
    let count = |features: &[&str]| {
        let text = cargo_tree(&[&["--edges", "normal"], features].concat());
        let crates: BTreeSet<&str> = text.lines().filter_map(|line| line.split(" (").next()).collect();
        // It is in its own tree.
        crates.len() - 1
    };
    let page = read("docs/install-and-use.md");
    let number = regex::Regex::new(r"the crate has \d+ dependencies instead of \d+").unwrap();
    let real = format!("the crate has {} dependencies instead of {}", count(&["--no-default-features"]), count(&[]));
    assert!(number.is_match(&page));
    compare("docs/install-and-use.md", &number.replace(&page, real));
}

/// A filter that nothing matches passes.
#[test]
fn commands_that_run_some_tests_find_them() {
    let command = regex::Regex::new(r"cargo test [-a-z ]*--test ([a-z_]+)(?: ([a-z_]+)(::)?)?").unwrap();
    let sources = std::fs::read_dir(root().join("tests")).unwrap().map(|entry| entry.unwrap().path());
    let sources = sources.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    // The published package has no `fuzz/`.
    let scripts = [".ci/run", "fuzz/run"].map(|path| root().join(path)).into_iter().filter(|path| path.exists());
    let manifest = read("Cargo.toml");
    let mut count = 0;
    for page in pages().into_iter().chain(sources).chain(scripts) {
        let text = std::fs::read_to_string(&page).unwrap();
        for found in command.captures_iter(&text) {
            let (shown, program) = (&found[0], &found[1]);
            assert!(manifest.contains(&format!("[[test]]\nname = \"{program}\"")), "{}: {shown}", page.display());
            let Some(filter) = found.get(2).map(|filter| filter.as_str()) else { continue };
            let program = read(&format!("tests/{program}.rs"));
            let sought = if found.get(3).is_some() { format!("mod {filter};") } else { format!("fn {filter}()") };
            assert!(program.contains(&sought), "{}: {shown}", page.display());
            count += 1;
        }
    }
    assert!(count > 5, "{count} commands");
}

/// docs/commands.md says that the service may be left out.
#[test]
fn rules_take_ids_with_and_without_the_service() {
    for id in ["compute.servers.create", "servers.create"] {
        let printed = mockstack(&["run", "--allow", &format!("not-yet@{id}"), "--print-config", "--", "true"]);
        assert!(printed.contains(&format!("not-yet@{id}")), "{printed}");
        let told = mockstack(&["run", "--allow", &format!("not-yet@{id}"), "--", "true"]);
        assert!(!told.contains("no operation is called"), "{told}");
    }
}

fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

#[test]
fn the_options_file_in_the_pages_is_read() {
    let page = read("docs/commands.md");
    let shown = fenced(page.split_once("<!-- config -->").unwrap().1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mockstack.yaml");
    std::fs::write(&path, shown).unwrap();
    let printed = mockstack(&["run", "--config", path.to_str().unwrap(), "--print-config", "--", "true"]);
    assert!(printed.contains("not-yet@compute.servers.create") && printed.contains("slow.yaml"), "{printed}");
}

/// The README shows the heart of what `tests/install-and-use.sh` runs.
#[test]
fn what_the_readme_shows_for_tests_is_what_is_run() {
    let readme = read("README.md");
    let page = read("docs/install-and-use.md");
    let (_, section) = readme.split_once("\n## Use it in your tests\n").unwrap();
    let blocks: Vec<&str> = section.split("\n## ").next().unwrap().split("```").skip(1).step_by(2).collect();
    assert_eq!(blocks.len(), 4, "pytest, Go, Rust, and anything else");
    for line in blocks.iter().flat_map(|block| block.lines().skip(1)) {
        assert!(page.lines().any(|real| real.trim() == line.trim()), "docs/install-and-use.md does not have: {line}");
    }
}

/// The README is read in ten seconds; what is longer has a page.
#[test]
fn the_readme_is_short() {
    assert!(read("README.md").lines().count() <= 150);
}

#[test]
fn files_in_the_pages_are_the_files() {
    for page in pages() {
        let page = std::fs::read_to_string(page).unwrap();
        for (path, shown) in page.split("<!-- file: ").skip(1).map(marked) {
            assert_eq!(shown, read(path), "{path}");
        }
    }
}

#[test]
fn links_lead_to_files() {
    for page in pages() {
        let folder = page.parent().unwrap();
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let is_file = path.is_empty() || path.starts_with("http") || folder.join(path).exists();
            assert!(is_file, "{}: {link}", page.display());
        }
    }
}

#[test]
fn every_word_of_contracts_is_documented() {
    let page = read("docs/contract-format.md");
    let service =
        "service: s\nmount: /s\nroot: ''\ncatalog: {type: s, name: s, path: /s}\nbody_limit: 1\ndialect: nova\n";
    let row = |more: &str| format!("operations:\n  index: {{route: GET /s, {more}}}\n");
    let body = |schema: &str| row(&format!("request: {{body: {schema}}}"));
    let broken = [
        (format!("{service}no: 1\n"), String::new()),
        (service.replace("nova", "no"), String::new()),
        (service.replace("{type", "{no: 1, type"), String::new()),
        (format!("{service}microversions: {{no: 1}}\n"), String::new()),
        (service.to_owned(), "no: 1\n".to_owned()),
        (service.to_owned(), "resource: {no: 1}\n".to_owned()),
        (service.to_owned(), row("no: 1")),
        (service.to_owned(), row("effect: no")),
        (service.to_owned(), row("check: no")),
        (service.to_owned(), row("at: no")),
        (service.to_owned(), row("policy: {no: 1}")),
        (service.to_owned(), row("request: {no: 1}")),
        (service.to_owned(), row("responses: {200: {no: 1}}")),
        (service.to_owned(), body("{no: 1}")),
        (service.to_owned(), body("{type: no}")),
        (service.to_owned(), body("{format: no}")),
        (service.to_owned(), body("{validator: no}")),
        (service.to_owned(), body("{properties: {a: {set_by: no}}}")),
    ];
    for (service, rows) in broken {
        let files = [("contracts/s/v1/service.yaml", &service), ("contracts/s/v1/s.yaml", &rows)];
        let files = files.map(|(name, text)| (name.to_owned(), text.clone())).into();
        let found = Contracts::from_files(files).and_then(|all| all.services()[0].table().map(|_| ()));
        let text = found.unwrap_err().to_string();
        for word in accepted_words(&text) {
            let mentioned = page.contains(&format!("`{word}`")) || page.contains(&format!("{word}: "));
            assert!(mentioned, "{word} is not documented: {text}");
        }
    }
}

#[test]
fn every_key_of_fixtures_is_documented() {
    let page = read("docs/fixture-format.md");
    for broken in [
        "no: 1",
        "boot: {no: 1}",
        "quotas: {no: 1}",
        "projects: [{no: 1}]",
        "users: [{no: 1}]",
        "application_credentials: [{no: 1}]",
    ] {
        let text = with_fixture(broken).unwrap_err();
        for word in accepted_words(&text) {
            let mentioned = page.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == word);
            assert!(mentioned, "{word} is not documented: {text}");
        }
    }
}

#[test]
fn yaml_in_the_pages_is_accepted() {
    with_fixture(block(&read("docs/fixture-format.md"), "description:")).unwrap();
    let row = "operations:\n  create: {route: POST /example, request: {body: {$ref: \"#/schemas/network\"}}}\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("compute/v2.1")).unwrap();
    let example = format!("{row}{}", block(&read("docs/contract-format.md"), "schemas:"));
    std::fs::write(folder.path().join("compute/v2.1/example.yaml"), example).unwrap();
    Contracts::with_overlay(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    Contracts::with_overlay(&root().join("examples/contracts")).unwrap_or_else(|error| panic!("{error}"));
}

/// The examples of fixtures, and one that changes all that a login needs.
#[test]
fn a_client_of_every_fixture_in_the_pages_boots_with_what_it_finds() {
    const OTHER: &str = "region: RegionThree\ndomain: {id: firm, name: Firm}\n\
        users: [{name: demo, password: another, roles: {alt: [member]}}]\n";
    let page = read("docs/fixture-format.md");
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let files = std::fs::read_dir(root().join("examples/fixtures")).unwrap();
    let files = files.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let mut clients = 0;
    for fixture in blocks.chain(files).chain([OTHER.to_owned()]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fixture.yaml");
        std::fs::write(&path, &fixture).unwrap();
        let told =
            mockstack(&["run", "--fixtures", &path.display().to_string(), "--", "sh", "tests/common/wire/boot.sh"]);
        assert!(told.contains("verdict       clean (exit code 0)"), "{fixture}\n{told}");
        clients += 1;
    }
    assert!(clients > 3, "the pages have examples");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every page of documentation.
fn pages() -> Vec<PathBuf> {
    let folders = [root(), root().join("docs"), root().join("tests/clients")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The rows of the first table in `text`, without its head.
fn table(text: &str) -> Vec<&str> {
    let rows = text.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|')).skip(2).collect()
}

/// What a mark (`<!-- output: ARGUMENTS -->`) says, and the block that follows it.
fn marked(text: &str) -> (&str, &str) {
    let (argument, rest) = text.split_once(" -->").unwrap();
    (argument, fenced(rest))
}

/// The first fenced block in `text`.
fn fenced(text: &str) -> &str {
    let (_, rest) = text.split_once("```").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("```").unwrap().0
}

/// The first YAML block of a page that starts with `start`.
fn block<'p>(page: &'p str, start: &str) -> &'p str {
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.into_iter().find(|block| block.starts_with(start)).unwrap()
}

/// Standard output, then standard error.
fn mockstack(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mockstack")).args(arguments).current_dir(root()).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

/// The commands that the help of a command lists, but for `help`.
fn commands(above: &[&str]) -> Vec<String> {
    let help = mockstack(&[above, &["--help"]].concat());
    let section = help.split_once("Commands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or_default());
    let names = section.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The words that a complaint says it had expected: `expected one of a, b`.
fn accepted_words(text: &str) -> Vec<&str> {
    let (_, rest) = text.split_once("one of ").unwrap_or_else(|| panic!("{text}"));
    rest.lines().next().unwrap_or_default().split(", ").collect()
}

fn with_fixture(text: &str) -> Result<Fixture, String> {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("fixture.yaml");
    std::fs::write(path, text).unwrap();
    let base = Fixture::base().unwrap_or_else(|error| panic!("{error}"));
    base.with_overlay(path, Fields::default()).map_err(|error| error.to_string())
}
