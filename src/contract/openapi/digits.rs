//! Texts that spell a number which is too small or too large. Nova compares them as numbers; JSON Schema looks at numbers alone.

/// A pattern of the texts that spell a whole number below `least`.
pub fn below(least: i64) -> String {
    match least {
        // Every negative number, and the natural ones up to it.
        0.. => format!(
            r"^\s*(?:-0*[1-9][0-9]*{}{})\s*$",
            if least > 0 { r"|[-+]?0+|\+?0*" } else { "" },
            alternatives(least)
        ),
        _ => {
            let more = less_or_more(&least.unsigned_abs().to_string(), true);
            format!(r"^\s*-0*(?:{more})\s*$")
        }
    }
}

/// A pattern of the texts that spell a whole number above `most`.
pub fn above(most: i64) -> String {
    match most {
        0.. => {
            let more = less_or_more(&most.to_string(), true);
            format!(r"^\s*\+?0*(?:{more})\s*$")
        }
        _ => {
            let less = less_or_more(&most.unsigned_abs().to_string(), false);
            format!(r"^\s*(?:\+?[0-9]+|-0*(?:{less}))\s*$")
        }
    }
}

/// The positive numbers below `least`.
fn alternatives(least: i64) -> String {
    match least {
        0 | 1 => String::new(),
        _ => format!("(?:{})", less_or_more(&least.to_string(), false)),
    }
}

/// The numbers without leading zeros that are less than `digits` (and not 0), or more.
fn less_or_more(digits: &str, more: bool) -> String {
    let mut all = Vec::new();
    for (index, digit) in digits.char_indices() {
        let (head, digit, rest) = (&digits[..index], digit.to_digit(10).unwrap_or(0), digits.len() - index - 1);
        let range = match more {
            true if digit < 9 => Some((digit + 1, 9)),
            false if digit > u32::from(index == 0) => Some((u32::from(index == 0), digit - 1)),
            _ => None,
        };
        all.extend(range.map(|(first, last)| format!("{head}[{first}-{last}]{}", times(rest, rest))));
    }
    let length = digits.len();
    match more {
        true => all.push(format!("[1-9][0-9]{{{length},}}")),
        false if length > 1 => all.push(format!("[1-9]{}", times(0, length - 2))),
        false => {}
    }
    all.join("|")
}

fn times(least: usize, most: usize) -> String {
    match (least, most) {
        (_, 0) => String::new(),
        (least, most) if least == most => format!("[0-9]{{{most}}}"),
        (least, most) => format!("[0-9]{{{least},{most}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compare_as_numbers_do() {
        for bound in [-12, -1, 0, 1, 2, 10, 19, 255, 1000] {
            let [below, above] = [below(bound), above(bound)].map(|pattern| regex::Regex::new(&pattern).unwrap());
            for number in -1200..1200 {
                for text in [number.to_string(), format!(" {number} ")] {
                    assert_eq!(below.is_match(&text), number < bound, "{text:?} below {bound}: {below}");
                    assert_eq!(above.is_match(&text), number > bound, "{text:?} above {bound}: {above}");
                }
            }
            assert!(!below.is_match("x") && !above.is_match("") && !above.is_match("1x"));
        }
    }
}
