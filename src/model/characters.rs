//! Characters that have no place in a text.

/// Whether a character cannot be shown: control characters other than tabs and line ends, and the
/// noncharacters of Unicode, some of which serve as marks elsewhere in this program.
pub fn is_unshowable(character: char) -> bool {
    let is_control = character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}');
    is_control || is_noncharacter(character)
}

/// Whether a character is one of those noncharacters of Unicode that XML and HTML forbid.
pub fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}')
}
