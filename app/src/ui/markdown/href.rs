//! Which addresses a link of an article may have.

/// The address as it may stand in `href`, or `None` when it may not.
///
/// Allowed are `http:`, `https:`, `mailto:` and relative addresses. Control characters, blanks and invisible marks
/// are taken out first, because browsers skip many of them when they read a scheme (`java\tscript:`).
/// `//host` and backslashes are refused: browsers read both as another host.
pub fn safe_href(raw: &str) -> Option<String> {
    let href: String =
        raw.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !is_invisible(*c)).collect();
    if href.is_empty() || href.contains('\\') || href.starts_with("//") {
        return None;
    }
    let head = href.find(['/', '?', '#']).map_or(href.as_str(), |end| &href[..end]);
    match head.split_once(':') {
        None => Some(href),
        Some((scheme, _)) if is_allowed(scheme) => Some(href),
        Some(_) => None,
    }
}

/// Whether a link leads out of this app and opens in a tab of its own.
pub fn is_external(href: &str) -> bool {
    href.split_once(':').is_some_and(|(scheme, _)| is_allowed(scheme))
}

fn is_allowed(scheme: &str) -> bool {
    ["http", "https", "mailto"].iter().any(|s| scheme.eq_ignore_ascii_case(s))
}

/// Characters that take no place: joiners, direction marks, soft hyphen, byte order mark, tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
