//! The columns a roster may have, the names that personnel offices give them, and which must be there.

use std::fmt;

/// One column of the roster. The order here is the order of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Staff number, unique in the company; later the name for signing in.
    No,
    /// Name.
    Name,
    /// Sex, one of two words.
    Sex,
    /// Ethnic group.
    Ethnic,
    /// Date of birth; taken from the ID number when empty.
    Born,
    /// Citizen's ID number.
    IdNumber,
    /// Mobile number.
    Phone,
    /// Code of the second-level unit, as in the units file.
    Unit,
    /// Name of that unit; only compared with the code.
    UnitName,
    /// Branch (分会).
    Branch,
    /// Union group (工会小组).
    Group,
    /// Post.
    Post,
    /// Kind of post: underground, surface, office.
    PostKind,
    /// Kind of employment.
    Employment,
    /// Whether the person is a rural worker (农民工).
    Rural,
    /// Date of joining the company.
    JoinedCompany,
    /// Whether the person is a union member.
    Member,
    /// Date of joining the union.
    JoinedUnion,
    /// Post in the union.
    UnionPost,
}

impl Column {
    /// All columns in template order.
    pub const ALL: [Column; 19] = [
        Self::No,
        Self::Name,
        Self::Sex,
        Self::Ethnic,
        Self::Born,
        Self::IdNumber,
        Self::Phone,
        Self::Unit,
        Self::UnitName,
        Self::Branch,
        Self::Group,
        Self::Post,
        Self::PostKind,
        Self::Employment,
        Self::Rural,
        Self::JoinedCompany,
        Self::Member,
        Self::JoinedUnion,
        Self::UnionPost,
    ];

    /// Names accepted in the header; the first is the one we print.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::No => &["工号", "员工编号", "职工编号", "员工号", "人员编号"],
            Self::Name => &["姓名", "职工姓名", "员工姓名", "名字"],
            Self::Sex => &["性别"],
            Self::Ethnic => &["民族"],
            Self::Born => &["出生日期", "出生年月日", "生日"],
            Self::IdNumber => &["身份证号", "身份证", "身份证号码", "公民身份号码", "证件号码"],
            Self::Phone => &["手机号", "电话", "手机", "手机号码", "联系电话", "联系方式"],
            Self::Unit => &["单位代码", "单位编码", "单位编号"],
            Self::UnitName => &["所在单位", "单位", "单位名称", "工作单位", "二级单位"],
            Self::Branch => &["分会", "所属分会", "工会分会", "车间工会"],
            Self::Group => &["工会小组", "小组", "所属小组"],
            Self::Post => &["岗位", "工种", "岗位名称", "岗位(工种)"],
            Self::PostKind => &["岗位性质", "岗位类别"],
            Self::Employment => &["用工形式", "用工性质", "用工类型"],
            Self::Rural => &["是否农民工", "农民工"],
            Self::JoinedCompany => &["入司时间", "入司日期", "入职时间", "入职日期"],
            Self::Member => &["是否会员", "会员", "是否工会会员"],
            Self::JoinedUnion => &["入会日期", "入会时间"],
            Self::UnionPost => &["工会职务"],
        }
    }

    /// Name in Chinese, as in the template.
    pub const fn zh(self) -> &'static str {
        self.names()[0]
    }

    /// Name in English, for the English screen.
    pub const fn en(self) -> &'static str {
        match self {
            Self::No => "Staff number",
            Self::Name => "Name",
            Self::Sex => "Sex",
            Self::Ethnic => "Ethnic group",
            Self::Born => "Date of birth",
            Self::IdNumber => "ID number",
            Self::Phone => "Mobile number",
            Self::Unit => "Unit code",
            Self::UnitName => "Unit name",
            Self::Branch => "Branch",
            Self::Group => "Union group",
            Self::Post => "Post",
            Self::PostKind => "Kind of post",
            Self::Employment => "Employment",
            Self::Rural => "Rural worker",
            Self::JoinedCompany => "Joined the company",
            Self::Member => "Member",
            Self::JoinedUnion => "Joined the union",
            Self::UnionPost => "Union post",
        }
    }

    /// True when a file without this column cannot be checked at all. The kind of post is among them
    /// because without it the ban on underground work for women could not be checked.
    pub const fn required(self) -> bool {
        matches!(
            self,
            Self::No
                | Self::Name
                | Self::Sex
                | Self::IdNumber
                | Self::Unit
                | Self::PostKind
                | Self::Employment
                | Self::Member
        )
    }

    /// Longest cell in characters; what the fields of units and persons take.
    pub const fn max_chars(self) -> usize {
        match self {
            Self::No | Self::Ethnic => 20,
            Self::UnitName | Self::Branch | Self::Group => 60,
            _ => 40,
        }
    }

    /// True for long numbers, which travel as digits and must not be treated as text.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::No | Self::IdNumber | Self::Phone)
    }

    /// The column that a header cell means. Blanks, `*` and a note in brackets do not matter.
    pub fn from_header(cell: &str) -> Option<Column> {
        let plain: String = cell.chars().filter(|c| !is_padding(*c) && !matches!(c, '*' | '＊')).collect();
        let plain = plain.replace('（', "(").replace('）', ")");
        let short = plain.split('(').next().unwrap_or_default();
        let is = |column: &Column, name: &str| column.names().contains(&name);
        Self::ALL.into_iter().find(|column| is(column, &plain) || is(column, short))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.zh())
    }
}

/// Blanks of all kinds, and the invisible marks that spreadsheets leave behind.
pub(super) fn is_padding(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_columns() {
        let mut names: Vec<_> = Column::ALL.iter().flat_map(|c| c.names()).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn headers_are_read_generously() {
        for header in ["工号", " 员工编号 ", "*工号", "工 号", "工号（7位）", "\u{feff}工号"]
        {
            assert_eq!(Column::from_header(header), Some(Column::No), "{header}");
        }
        assert_eq!(Column::from_header("岗位（工种）"), Some(Column::Post));
        assert_eq!(Column::from_header("备注"), None);
        assert_eq!(Column::from_header(""), None);
    }

    #[test]
    fn all_lists_every_column_in_order() {
        assert!(Column::ALL.iter().enumerate().all(|(i, column)| *column as usize == i));
    }
}
