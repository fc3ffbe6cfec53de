//! Icons: names of the symbols in `public/icons.svg` (24 grid, 2 px round line), which the build puts into the page.
//! An icon beside a label is decoration; alone it needs an `aria-label` on its button.

use leptos::prelude::*;

/// Address of one symbol of the sprite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph(&'static str);

macro_rules! glyphs {
    ($($name:ident = $id:literal),+ $(,)?) => {
        impl Glyph {
            $(#[doc = concat!("Symbol `", $id, "`.")] pub const $name: Glyph = Glyph(concat!("#", $id));)+
        }
        #[cfg(test)]
        const IDS: &[&str] = &[$($id),+];
    };
}

glyphs! {
    // finding one's way
    HOME = "home", TODO = "todo", GRID = "grid", MESSAGE = "message", USER = "user", WORK = "work",
    BACK = "back", NEXT = "next", DOWN = "down", UP = "up", CLOSE = "close", MORE = "more", MENU = "menu",
    SEARCH = "search", FILTER = "filter", COLUMNS = "columns", SETTINGS = "settings", EXTERNAL = "external",
    // doing
    CHECK = "check", PLUS = "plus", MINUS = "minus", EDIT = "edit", TRASH = "trash", UNDO = "undo", COPY = "copy",
    REFRESH = "refresh", SAVE = "save", SEND = "send", SHARE = "share", PRINT = "print", DOWNLOAD = "download",
    UPLOAD = "upload", SCAN = "scan", QR = "qr", CAMERA = "camera", IMAGE = "image", FILE = "file", CLIP = "clip",
    LOGOUT = "logout", SIGN = "sign", STAMP = "stamp", SPEAK = "speak", LINK = "link",
    // states
    INFO = "info", WARN = "warn", DANGER = "danger", OK = "ok", CLOCK = "clock", DRAFT = "draft", VOID = "void",
    RETURN = "return", CHOICE = "choice", CLOUD_OFF = "cloud-off", CLOUD_UP = "cloud-up", CLOUD_OK = "cloud-ok",
    LOCK = "lock", EYE = "eye", EYE_OFF = "eye-off", ARCHIVE = "archive",
    // what the union works with
    BELL = "bell", NEWS = "news", BOOK = "book", VOTE = "vote", HEART = "heart", IDEA = "idea", CALENDAR = "calendar",
    USERS = "users", ORG = "org", YUAN = "yuan", RECEIPT = "receipt", CHART = "chart", SHIELD = "shield", FLAG = "flag",
    STAR = "star", PIN = "pin", PHONE = "phone", DEVICE = "device", SERVER = "server", GLOBE = "globe",
    SUN = "sun", MOON = "moon", CONTRAST = "contrast", FONT = "font", CARE = "care", HELP = "help",
    // pictures for the installation steps
    PIC_MENU = "pic-menu", PIC_INSTALL = "pic-install", PIC_HOME = "pic-home", PIC_SHARE = "pic-share",
    PIC_ADD = "pic-add",
}

impl Glyph {
    /// Where the symbol is found, for `<use href>`.
    pub const fn href(self) -> &'static str {
        self.0
    }
}

/// An icon in the size and colour of its surroundings, hidden from screen readers.
pub fn icon(glyph: Glyph) -> AnyView {
    icon_in("i", glyph)
}

/// An icon with another class than the plain `i` (`pic` for the pictures of the installation steps).
pub fn icon_in(class: &'static str, glyph: Glyph) -> AnyView {
    view! { <svg class=class aria-hidden="true" focusable="false"><use_ href=glyph.href()></use_></svg> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::IDS;
    use std::collections::BTreeSet;

    #[test]
    fn sprite_and_list_hold_the_same_symbols() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/icons.svg");
        let sprite = std::fs::read_to_string(path).expect("the sprite is in public/");
        let drawn: BTreeSet<&str> = sprite
            .match_indices("<symbol id=\"")
            .filter_map(|(at, m)| sprite[at + m.len()..].split('"').next())
            .collect();
        let named: BTreeSet<&str> = IDS.iter().copied().collect();
        assert_eq!(drawn, named);
        assert_eq!(IDS.len(), named.len(), "a symbol is named twice");
    }
}
