//! THE LIST of modules. A new module is one folder and two lines here: its `mod` and its kinds.

pub mod appeal;
pub mod news;
pub mod org;

use crate::{AnyKind, Erased};

/// Every kind the product knows. The server and the repo reach kinds only through this list.
pub fn kinds() -> &'static [&'static dyn AnyKind] {
    static KINDS: &[&dyn AnyKind] = &[
        &Erased::<org::Unit>::new(),
        &Erased::<org::Person>::new(),
        &Erased::<org::Private>::new(),
        &Erased::<org::DeviceKind>::new(),
        &Erased::<news::Draft>::new(),
        &Erased::<news::Article>::new(),
        &Erased::<appeal::Matter>::new(),
        &Erased::<appeal::Answer>::new(),
    ];
    KINDS
}

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static dyn AnyKind> {
    kinds().iter().copied().find(|kind| kind.name() == name)
}
