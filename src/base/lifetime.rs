//! How contracts spell a set of versions: `"2.32, 2.42.."`.

use super::{Microversion, Version, Versions};

/// Reads a comma-separated list of ranges. Each is `A..B`, `A..`, `..B`, `..`, a single version, or `legacy_v2`.
/// A range that is open at its start begins with `legacy_v2`, as Nova's schemas without a first version do; one that
/// names a first version leaves `legacy_v2` out.
///
/// # Errors
/// A message that names the part that cannot be read.
///
/// ```
/// use mockstack::base::{parse_lifetime, Version};
/// let tag = parse_lifetime("2.32, 2.42..").unwrap();
/// assert!(tag.contains(Version::minor(32).unwrap()) && !tag.contains(Version::minor(33).unwrap()));
/// ```
pub fn parse_lifetime(text: &str) -> Result<Versions, String> {
    text.split(',').map(str::trim).try_fold(Versions::NONE, |all, part| Ok(all | parse_range(part)?))
}

fn parse_range(text: &str) -> Result<Versions, String> {
    if text == "legacy_v2" {
        return Ok(Versions::only(Version::LEGACY_V2));
    }
    let Some((first, last)) = text.split_once("..") else {
        return parse_version(text).map(Versions::only);
    };
    let first = if first.is_empty() { Version::LEGACY_V2 } else { parse_version(first)? };
    let last = if last.is_empty() { Version::LAST } else { parse_version(last)? };
    match Versions::range(first, last) {
        range if range.is_empty() => Err(format!("the range {text:?} is empty: {first} comes after {last}")),
        range => Ok(range),
    }
}

fn parse_version(text: &str) -> Result<Version, String> {
    let microversion: Microversion = text.trim().parse().map_err(|e: super::InvalidMicroversion| e.to_string())?;
    Version::of(microversion)
        .ok_or_else(|| format!("{microversion} is outside the known versions (2.1 to {})", Version::LAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_open_at_the_start_include_legacy_v2() {
        assert!(parse_lifetime("..2.56").unwrap().contains(Version::LEGACY_V2));
        assert!(!parse_lifetime("2.1..2.56").unwrap().contains(Version::LEGACY_V2));
        assert_eq!(parse_lifetime("..").unwrap(), Versions::ALL);
        assert_eq!(parse_lifetime("legacy_v2, 2.1..").unwrap(), Versions::ALL);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert!(parse_lifetime("2.9..2.3").unwrap_err().contains("empty"));
        assert!(parse_lifetime("2.x").unwrap_err().contains("2.x"));
        assert_eq!(parse_lifetime("3.1").unwrap().iter().next().unwrap().to_string(), "3.1");
        assert!(parse_lifetime("4.1").unwrap_err().contains("known versions"));
        assert!(parse_lifetime("2.200").unwrap_err().contains("known versions"));
        assert!(parse_lifetime("").is_err());
    }
}
