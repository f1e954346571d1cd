//! The colours of what is printed. Who prints takes them out if the output is not a terminal.

/// What is wrong.
pub const RED: &str = "\u{1b}[1;31m";
/// What is right.
pub const GREEN: &str = "\u{1b}[1;32m";
/// What is only told.
pub const YELLOW: &str = "\u{1b}[33m";
/// Headlines.
pub const BOLD: &str = "\u{1b}[1m";
/// Everything else.
pub const PLAIN: &str = "\u{1b}[0m";

/// `text` without colours.
pub fn without_colours(text: String) -> String {
    [RED, GREEN, YELLOW, BOLD, PLAIN].iter().fold(text, |text, colour| text.replace(colour, ""))
}
