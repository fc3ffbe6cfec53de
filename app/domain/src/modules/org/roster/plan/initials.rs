//! First letters of a name in pinyin, so that a phone finds 单丽华 by typing `slh`. Surnames that are read
//! otherwise than the same character in other words come from a small table.

use pinyin::ToPinyin;

/// Nobody types more letters than this to find somebody.
const MAX: usize = 20;

/// Surnames whose usual reading has another first letter.
const SURNAMES: [(char, char); 18] = [
    ('单', 's'), // Shàn
    ('解', 'x'), // Xiè
    ('查', 'z'), // Zhā
    ('仇', 'q'), // Qiú
    ('曾', 'z'), // Zēng
    ('区', 'o'), // Ōu
    ('乐', 'y'), // Yuè
    ('翟', 'z'), // Zhái
    ('覃', 'q'), // Qín
    ('种', 'c'), // Chóng
    ('折', 's'), // Shé
    ('繁', 'p'), // Pó
    ('阚', 'k'), // Kàn
    ('秘', 'b'), // Bì
    ('乜', 'n'), // Niè
    ('佴', 'n'), // Nài
    ('句', 'g'), // Gōu
    ('祭', 'z'), // Zhài
];

/// Beginnings of names that the table above or the dictionary would misread: double surnames, and
/// Mongolian and Tibetan names that begin like a Han surname.
const BEGINNINGS: [(&str, &str); 7] = [
    ("尉迟", "yc"),
    ("万俟", "mq"),
    ("长孙", "zs"),
    ("澹台", "tt"),
    ("查干", "cg"),
    ("单巴", "db"),
    ("单增", "dz"),
];

/// The first letters, lower case. Latin letters and digits stand for themselves; other signs are dropped.
///
/// ```text
/// 巴特尔 → bte    单丽华 → slh    阿依古丽·买买提 → ayglmmt
/// ```
pub fn initials(name: &str) -> String {
    let (mut letters, rest) = beginning(name);
    letters.extend(rest.chars().filter_map(letter));
    letters.truncate(MAX);
    letters
}

fn beginning(name: &str) -> (String, &str) {
    for (start, letters) in BEGINNINGS {
        if let Some(rest) = name.strip_prefix(start) {
            return (letters.to_string(), rest);
        }
    }
    let surname = name.chars().next().and_then(|c| SURNAMES.iter().find(|(han, _)| *han == c));
    match surname {
        // A name of one character is no surname with a given name behind it.
        Some((han, letter)) if name.len() > han.len_utf8() => (letter.to_string(), &name[han.len_utf8()..]),
        _ => (String::new(), name),
    }
}

fn letter(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    if c == '长' {
        // In names (长江, 长胜) it is cháng; the dictionary puts zhǎng first.
        return Some('c');
    }
    c.to_pinyin().and_then(|reading| reading.plain().chars().next()).filter(char::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_read_as_surnames() {
        for (name, letters) in [
            ("单丽华", "slh"),
            ("解放军", "xfj"),
            ("查良", "zl"),
            ("仇英", "qy"),
            ("曾国", "zg"),
            ("区大海", "odh"),
            ("朴顺姬", "psj"),
            ("盖娟", "gj"),
            ("翟志刚", "zzg"),
            ("乐嘉", "yj"),
            ("尉迟恭", "ycg"),
            ("贾宝", "jb"),
            ("沈阳", "sy"),
            ("吕安", "la"),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }

    #[test]
    fn the_same_characters_elsewhere_are_read_as_usual() {
        assert_eq!(initials("李解"), "lj");
        assert_eq!(initials("王长江"), "wcj");
        assert_eq!(initials("巴特尔"), "bte");
        assert_eq!(initials("查干夫"), "cgf");
        assert_eq!(initials("阿依古丽·买买提"), "ayglmmt");
        assert_eq!(initials("John Smith2"), "johnsmith2");
        assert_eq!(initials("𠮷=·"), "");
    }
}
