//! The few words that a roster cell with a choice may hold, as types.

crate::words! {
    /// Sex as the ID number encodes it.
    pub enum Sex {
        Male = "male", "男", "Male", Info;
        Female = "female", "女", "Female", Info;
    }
}

crate::words! {
    /// Where the post is worked; decides which protection rules apply.
    pub enum PostKind {
        Underground = "underground", "井下", "Underground", Info;
        Surface = "surface", "地面", "Surface", Info;
        Office = "office", "管理", "Office", Info;
    }
}

crate::words! {
    /// How the person is employed. Dispatched staff may join where they are sent from or where they
    /// work (劳动合同法 第六十四条); the roster counts them once, where they work.
    pub enum Employment {
        Contract = "contract", "劳动合同", "Labour contract", Info;
        Dispatch = "dispatch", "劳务派遣", "Dispatched", Info;
        Other = "other", "其他", "Other", Info;
    }
}

/// The word whose Chinese label stands in the cell.
pub(super) fn word<W: crate::Word>(cell: &str) -> Option<W> {
    W::ALL.iter().copied().find(|word| word.zh() == cell)
}

/// Yes or no, in the ways people tick a column.
pub(super) fn yes_no(cell: &str) -> Option<bool> {
    match cell {
        "是" | "√" | "✓" | "1" | "Y" | "y" => Some(true),
        "否" | "×" | "0" | "N" | "n" => Some(false),
        _ => None,
    }
}
