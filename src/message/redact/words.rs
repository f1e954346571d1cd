//! What single words look like: ids, and what chance made.

/// Is `byte` of the alphabets of base64, those for URLs too?
pub fn is_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
}

/// Is it an id as OpenStack writes it, of a resource or of a request: 8, 4, 4, 4 and 12 hexadecimal digits?
pub fn is_uuid(word: &str) -> bool {
    let word = word.strip_prefix("req-").unwrap_or(word);
    let is_dash = |place: usize| matches!(place, 8 | 13 | 18 | 23);
    let fits = |(place, byte): (usize, u8)| if is_dash(place) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    word.len() == 36 && word.bytes().enumerate().all(fits)
}

/// Is it a path with such an id in it?
pub fn has_id(word: &str) -> bool {
    word.split('/').any(is_uuid)
}

/// Is it an id or a digest: hexadecimal digits in one of their lengths, alone or in groups?
pub fn is_id(word: &str) -> bool {
    let word = word.strip_prefix("req-").unwrap_or(word);
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let digits = word.bytes().filter(|byte| *byte != b'-').count();
    is_hex && matches!(digits, 32 | 40 | 64 | 96 | 128)
}

/// Does it change between small letters, capitals and digits about as often as chance would? Of random letters and digits
/// six of ten neighbours are of different kinds; in words, also in `CamelCase2`, it is two of ten.
pub fn looks_random(word: &str) -> bool {
    const SHORTEST: usize = 16;
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 4,
        _ => 0,
    };
    if word.len() < SHORTEST || is_id(word) {
        return false;
    }
    // What an id in a name such as vm-a8a63b4d-63a0-4aed-820d-0f5f249e07d9 consists of is not random.
    let is_of_id =
        |part: &&str| matches!(part.len(), 4 | 8 | 12 | 32) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = word.split('-').filter(|part| !is_of_id(part));
    let (mut all, mut length, mut changes, mut last) = (0, 0, 0, 0);
    for kind in parts.flat_map(str::bytes).map(kind).filter(|kind| *kind != 0) {
        changes += usize::from(last != 0 && kind != last);
        all |= kind;
        last = kind;
        length += 1;
    }
    if length < SHORTEST {
        return false;
    }
    let beyond_hex = || word.bytes().any(|byte| byte.is_ascii_alphabetic() && !byte.is_ascii_hexdigit());
    match all {
        // The longer a word, the less can chance make of it.
        7 => changes * 100 >= (length - 1) * if length < 24 { 36 } else { 30 },
        5 | 6 => length >= 20 && changes * 100 >= (length - 1) * 34 && beyond_hex(),
        _ => false,
    }
}
