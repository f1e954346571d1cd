//! The picture of the README: what a terminal shows of the refused boot. `BLESS=1 cargo test --test main picture::` draws it.

use std::process::Command;

use crate::common::bless::compare;

/// Columns of the terminal that is shown.
const WIDTH: usize = 118;

#[test]
fn the_picture_of_the_readme_is_what_a_terminal_shows() {
    let arguments = ["run", "--", "examples/boot.sh", "tags"];
    let output = Command::new(env!("CARGO_BIN_EXE_mockstack"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(40));
    let shown = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let session = format!("\u{1b}[1m$ mockstack {}\u{1b}[0m\n{}", arguments.join(" "), wrapped(&shown));
    compare(
        "docs/refused-boot.svg",
        &anstyle_svg::Term::new().palette(anstyle_svg::WIN10_CONSOLE).render_svg(&session),
    );
}

/// Lines as a terminal breaks them: only what the service said is as long, and it has no colours.
fn wrapped(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.trim_end().lines() {
        let letters: Vec<char> = line.chars().collect();
        let pieces = if line.contains('\u{1b}') { vec![line.to_owned()] } else { chunks(&letters) };
        lines.extend(pieces);
    }
    lines.join("\n")
}

fn chunks(letters: &[char]) -> Vec<String> {
    if letters.is_empty() {
        return vec![String::new()];
    }
    letters.chunks(WIDTH).map(String::from_iter).collect()
}
