//! What a check may find: a closed list, each with how grave it is and what to do about it.
//! `docs/import.md` explains the same list to customers; a test holds the two together.

use super::column::Column;
use crate::Word;

/// Whether a line can be imported in spite of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The line is left out until it is corrected.
    Refuse,
    /// The line is imported; somebody should look at it.
    Warn,
}

crate::words! {
    /// What is wrong.
    pub enum Code {
        CellsFew = "cells.few", "列数不足", "Too few cells", Danger;
        CellsMany = "cells.many", "列数过多", "Too many cells", Danger;
        CellBreak = "cell.break", "单元格内有换行", "Line break in a cell", Danger;
        CellLong = "cell.long", "单元格内容过长", "Cell too long", Danger;
        CellFormula = "cell.formula", "公式注入", "Formula injection", Danger;
        NoEmpty = "no.empty", "工号为空", "Staff number empty", Danger;
        NoShape = "no.shape", "工号含有字母和数字以外的字符", "Staff number is not letters and digits", Danger;
        NoTwice = "no.twice", "工号重复", "Staff number used twice", Danger;
        NameEmpty = "name.empty", "姓名为空", "Name empty", Danger;
        IdShape = "id.shape", "身份证号格式不对", "ID number malformed", Danger;
        IdChecksum = "id.checksum", "身份证号校验位错", "ID number fails its check digit", Danger;
        IdTwice = "id.twice", "身份证号重复", "ID number used twice", Danger;
        BornDiffers = "born.differs", "出生日期与身份证不符", "Date of birth differs from the ID number", Danger;
        SexDiffers = "sex.differs", "性别与身份证不符", "Sex differs from the ID number", Danger;
        PhoneShape = "phone.shape", "手机号不是11位", "Mobile number is not 11 digits", Danger;
        PhoneMissing = "phone.missing", "手机号为空", "Mobile number empty", Warn;
        UnitUnknown = "unit.unknown", "单位代码不存在", "Unknown unit code", Danger;
        UnitName = "unit.name", "单位代码与所在单位不一致", "Unit code and unit name differ", Warn;
        BranchMissing = "branch.missing", "没有填写分会", "Branch empty", Warn;
        GroupApart = "group.apart", "小组编号与分会不一致", "Group and branch numbers differ", Warn;
        WordUnknown = "word.unknown", "填写的内容不在选项中", "Not one of the choices", Danger;
        DateShape = "date.shape", "日期不存在", "Not a date", Danger;
        DateFuture = "date.future", "日期晚于今天", "Date lies in the future", Danger;
        JoinedEarly = "joined.early", "入会日期早于入司", "Joined the union before the company", Warn;
        JoinedMissing = "joined.missing", "会员没有入会日期", "Member without a joining date", Warn;
        JoinedIdle = "joined.idle", "不是会员却有入会日期", "Joining date but not a member", Warn;
        WomanUnderground = "woman.underground", "女职工井下岗位", "Woman on an underground post", Danger;
        ColumnIgnored = "column.ignored", "这一列不会导入", "Column will not be imported", Warn;
    }
}

impl Code {
    /// How grave: what the tone of its chip says.
    pub fn severity(self) -> Severity {
        if self.tone() == crate::Tone::Danger { Severity::Refuse } else { Severity::Warn }
    }

    /// What to do, in Chinese.
    pub fn remedy_zh(self) -> &'static str {
        match self {
            Self::CellsFew => "对照表头补齐这一行的逗号和内容",
            Self::CellsMany => "检查这一行是否多了逗号；内容里有逗号时，整个单元格用英文双引号括起来",
            Self::CellBreak => "删去单元格里的换行；如果连着吞掉了好几行，检查是否多了一个英文双引号",
            Self::CellLong => "请缩短：工号、民族最多 20 字，单位、分会、小组最多 60 字，其他最多 40 字",
            Self::CellFormula => "内容不能以 = + - @ 或制表符开头，请改成普通文字",
            Self::NoEmpty => "填写工号",
            Self::NoShape => "只用字母、数字和连字符；在 Excel 中先把这一列设为“文本”，不能是科学计数",
            Self::NoTwice => "工号一人一个，核对后改正或删去多余的一行",
            Self::NameEmpty => "填写姓名",
            Self::IdShape => {
                "应为 18 位；在 Excel 中先把这一列设为“文本”再重新录入，不能是科学计数或 15 位旧号"
            }
            Self::IdChecksum => "对照身份证原件逐位核对",
            Self::IdTwice => "对照身份证原件核对；同一个人只保留一行",
            Self::BornDiffers => "对照身份证原件改正出生日期；也可以留空，由系统从身份证号取得",
            Self::SexDiffers => "对照身份证原件改正性别或身份证号",
            Self::PhoneShape => "应为 1 开头的 11 位手机号；没有手机号可以留空",
            Self::PhoneMissing => "可以导入；本人无法收到短信，有手机号后再补",
            Self::UnitUnknown => "改成单位表中已有的代码；新单位先由公司工会建立",
            Self::UnitName => "可以导入，以单位代码为准；核对代码是否填错",
            Self::BranchMissing => "可以导入，先放在单位名下；补上分会后再归入分会和小组",
            Self::GroupApart => "可以导入；核对小组是否属于这个分会",
            Self::WordUnknown => "从选项中选一个，写法与模板相同",
            Self::DateShape => "写成 2020-04-30 的样子，并确认有这一天",
            Self::DateFuture => "核对年份；还没有发生的事不要写入花名册",
            Self::JoinedEarly => "可以导入；从别的单位转来的会员保留原入会日期，否则请改正",
            Self::JoinedMissing => "可以导入；会籍从批准之日算起，请查入会批复后补上",
            Self::JoinedIdle => "可以导入，按非会员处理；核对“是否会员”",
            Self::WomanUnderground => {
                "法律禁止安排女职工从事矿山井下作业：核对性别和岗位性质，属实的须调整岗位"
            }
            Self::ColumnIgnored => "不需要处理；本系统只收集用得到的信息",
        }
    }

    /// The same in English.
    pub fn remedy_en(self) -> &'static str {
        match self {
            Self::CellsFew => "Complete the line as the header asks",
            Self::CellsMany => "Look for a comma too many; put a cell that contains a comma in double quotes",
            Self::CellBreak => {
                "Remove the line break; if several lines were swallowed, look for a stray double quote"
            }
            Self::CellLong => {
                "Shorten it: staff number and ethnic group 20 characters, unit, branch and group 60, others 40"
            }
            Self::CellFormula => "A cell must not begin with = + - @ or a tab; write plain text",
            Self::NoEmpty => "Fill in the staff number",
            Self::NoShape => "Use letters, digits and hyphens; set the column to Text in Excel (no 1E+06)",
            Self::NoTwice => "One staff number per person; correct it or remove the extra line",
            Self::NameEmpty => "Fill in the name",
            Self::IdShape => {
                "It has 18 characters; set the column to Text in Excel and enter it again (no 1.5E+17, no old \
                 15-digit number)"
            }
            Self::IdChecksum => "Compare it digit by digit with the ID card",
            Self::IdTwice => "Compare it with the ID card; keep one line per person",
            Self::BornDiffers => {
                "Correct the date by the ID card, or leave it empty: it is taken from the ID number"
            }
            Self::SexDiffers => "Correct the sex or the ID number by the ID card",
            Self::PhoneShape => "Write 11 digits beginning with 1, or leave it empty",
            Self::PhoneMissing => "Imported; the person gets no text messages until a number is added",
            Self::UnitUnknown => {
                "Use a code from the units file; a new unit is set up by the company union first"
            }
            Self::UnitName => "Imported by the code; see whether the code is right",
            Self::BranchMissing => {
                "Imported under the unit; add the branch to place the person in branch and group"
            }
            Self::GroupApart => "Imported; see whether the group belongs to this branch",
            Self::WordUnknown => "Choose one of the words in the template",
            Self::DateShape => "Write it like 2020-04-30, and a day that exists",
            Self::DateFuture => "Check the year; a roster says what has happened",
            Self::JoinedEarly => {
                "Imported; right for a member who came from another union, otherwise correct it"
            }
            Self::JoinedMissing => {
                "Imported; membership begins on the day of approval, look it up and add it"
            }
            Self::JoinedIdle => "Imported as a non-member; see whether that is right",
            Self::WomanUnderground => {
                "The law forbids underground mine work for women: check sex and kind of post; if both are right, \
                 the post must change"
            }
            Self::ColumnIgnored => "Nothing to do; only what the union needs is collected",
        }
    }
}

/// One thing wrong in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Line in the file; the header is line 1.
    pub line: u32,
    /// Column, when it is about one.
    pub column: Option<Column>,
    /// What is wrong.
    pub code: Code,
    /// Whether the line is left out.
    pub severity: Severity,
    /// What is wrong, in Chinese, without personal data.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The earlier line with the same number, for duplicates.
    pub see: Option<u32>,
}

impl Finding {
    pub(super) fn new(line: u32, column: Option<Column>, code: Code) -> Finding {
        let (zh, en) = (code.zh().to_string(), code.en().to_string());
        Finding { line, column, code, severity: code.severity(), zh, en, see: None }
    }
    /// Says it more exactly than the code does.
    pub(super) fn saying(self, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding { zh: zh.into(), en: en.into(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_says_what_to_do_in_both_languages() {
        for code in Code::ALL {
            assert!(code.remedy_zh().chars().count() >= 4 && code.remedy_en().is_ascii(), "{}", code.code());
        }
    }
}
