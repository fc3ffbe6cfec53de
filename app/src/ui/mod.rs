//! The design system: components of the design guide §5, one file each, with a partial of the same name in `style/`.
//! `README.md` lists them. They know nothing of records, the worker or the network: they show and ask.
//!
//! Names and props here are settled: pages are written against them, whoever changes one changes the pages too.
//!
//! Two rules for whoever writes views, here and in the pages:
//! - No HTML strings. `view!` turns an element that holds only literals into one (`innerHTML`), which the page's
//!   Trusted Types policy forbids; a class in braces (`class={"x"}`) or any changing part keeps it an element.
//! - No `style` attributes, for the same policy; `style:width=` is allowed, it goes through CSSOM.
// A kit offers more than the screens use at any time.
#![allow(dead_code, unused_imports)]

mod actionsheet;
mod appbar;
mod attach;
mod badge;
mod button;
mod card;
mod cell;
mod chip;
mod choice;
mod date;
mod dialog;
mod dom;
mod empty;
mod field;
#[cfg(feature = "gallery")]
pub mod gallery;
mod glyph;
mod install;
mod list;
#[cfg(test)]
mod literal;
pub mod markdown;
mod noticebar;
pub mod overlay;
mod person;
pub mod prefs;
mod primarybar;
mod progress;
mod pull;
mod qr;
mod search;
mod sheet;
mod switch;
mod syncbar;
mod tabbar;
mod table;
mod text;
mod tiles;
mod timeline;
mod toast;
mod vlist;
pub mod when;

pub use actionsheet::{ActionItem, ActionSheet};
pub use appbar::AppBar;
pub use attach::{AttachField, AttachState, Attachment};
pub use badge::Badge;
pub use button::{Button, ButtonKind, IconButton};
pub use card::Card;
pub use cell::{Cell, CellGroup};
pub use chip::{ApprovalState, Chip, RecordState, StateChip, Tone};
pub use choice::{CheckCell, CheckCells, Choice, RadioCells};
pub use date::DateField;
pub use dialog::Dialog;
pub use dom::{after_ms, bytes, deco, next_frame, uid};
pub use empty::{Empty, ErrorView, NoRight};
pub use field::{Field, FieldKind};
pub use glyph::{Glyph, icon};
pub use install::{ChatBrowserBar, InstallGuide, Platform, in_chat_browser};
pub use list::{List, Load, Skeleton};
pub use markdown::{Markdown, PictureOf};
pub use noticebar::NoticeBar;
pub use person::{Found, Person, PersonPicker, PickWords};
pub use primarybar::PrimaryBar;
pub use progress::{Done, Progress, Ring};
pub use pull::pull_to_refresh;
pub use qr::{QrArt, QrCard};
pub use search::{Filter, SearchBar, highlight};
pub use sheet::Sheet;
pub use switch::Switch;
pub use syncbar::{SyncBar, SyncState, provide_sync_line};
pub use tabbar::{NavGroup, NavItem, SideNav, TabBar};
pub use table::{Column, Table, TableCell, TableRow};
pub use text::Text;
pub use tiles::TileGrid;
pub use timeline::{NodeState, Timeline, TrackNode};
pub use toast::{Toaster, Toasts, toasts};
pub use vlist::{RowView, VirtualList};
pub use when::When;
