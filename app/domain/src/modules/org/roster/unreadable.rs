//! Why a file could not be read at all, in sentences for the person who sent it.

use super::column::Column;

/// The whole file is refused; nothing was taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Not UTF-8: most likely GB18030, or Excel's "Unicode text".
    NotUtf8,
    /// An Excel or WPS workbook, not a CSV file.
    Workbook,
    /// No header, or nothing below it.
    Empty,
    /// Columns that must be there are not.
    Missing(Vec<Column>),
    /// One column stands in the header twice (perhaps under two names).
    Twice(Column),
    /// More lines than one company can have; probably the wrong file.
    TooLong,
    /// The units file breaks off or contradicts itself in this line (header = 1).
    BadUnits(u32),
}

impl Unreadable {
    /// What happened and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NotUtf8 => "文件不是 UTF-8 编码，汉字会变成乱码。请在 Excel 或 WPS 中打开原表，点“文件 → 另存为”，\
                文件类型选“CSV UTF-8（逗号分隔）(*.csv)”，再上传新文件。WPS 没有这一项时：用记事本打开 CSV，“另存为”，编码选 UTF-8。"
                .into(),
            Self::Workbook => "这是 Excel/WPS 工作簿，不是 CSV 文件。请打开它，点“文件 → 另存为”，\
                文件类型选“CSV UTF-8（逗号分隔）(*.csv)”，再上传新文件。"
                .into(),
            Self::Empty => "文件里没有数据。第一行应为表头，从第二行起每行一人。请对照模板检查。".into(),
            Self::Missing(columns) => {
                let names: Vec<_> = columns.iter().map(|c| c.zh()).collect();
                format!("表头缺少必填列：{}。请对照模板补上；列与列之间须用英文逗号分隔，列的顺序不限。", names.join("、"))
            }
            Self::Twice(column) => format!("表头里“{}”出现了两次（可能用了不同叫法）。请只保留一列。", column.zh()),
            Self::TooLong => "文件超过 10 万行，可能选错了文件。请按二级单位拆分后分别导入。".into(),
            Self::BadUnits(line) => {
                format!("单位表第 {line} 行有误：代码或名称为空、代码重复、上级不存在或排在后面。请改正后重试。")
            }
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Self::NotUtf8 => "The file is not UTF-8, so Chinese characters would be garbled. Open the original in \
                Excel or WPS, choose File, Save as, type \"CSV UTF-8 (comma delimited) (*.csv)\", and upload the \
                new file. If WPS does not offer it: open the CSV in Notepad, Save as, encoding UTF-8."
                .into(),
            Self::Workbook => "This is an Excel or WPS workbook, not a CSV file. Open it, choose File, Save as, type \
                \"CSV UTF-8 (comma delimited) (*.csv)\", and upload the new file."
                .into(),
            Self::Empty => "The file has no data. The first line must be the header, then one person per line. \
                Compare it with the template."
                .into(),
            Self::Missing(columns) => {
                let names: Vec<_> = columns.iter().map(|c| format!("{} ({})", c.zh(), c.en())).collect();
                format!(
                    "Required columns are missing from the header: {}. Add them as in the template; separate \
                     columns with commas, in any order.",
                    names.join(", ")
                )
            }
            Self::Twice(column) => {
                format!("\"{}\" stands in the header twice, perhaps under two names. Keep one column.", column.zh())
            }
            Self::TooLong => "The file has more than 100,000 lines and may be the wrong one. Split it by \
                second-level unit and import the parts."
                .into(),
            Self::BadUnits(line) => format!(
                "Line {line} of the units file is wrong: code or name empty, code used twice, or the unit above \
                 unknown or listed later. Correct it and try again."
            ),
        }
    }
}
