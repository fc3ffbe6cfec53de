//! What an editor fills in. Draft and article have the same fields, so that publishing is a copy.

use crate::body;

body! {
    /// Body of `news.draft` and `news.article`. Dates are `2026-11-23`, pictures are blob hashes in hex.
    pub struct NewsBody {
        column: Str(20), "栏目", "Column";
        title: Str(60), "标题", "Title";
        subtitle: Str(80), "副标题", "Subtitle";
        text: Text(50000), "正文", "Text";
        summary: Str(200), "摘要", "Summary";
        cover: Str(64), "封面图", "Cover picture";
        pics: Items(100), "图片说明", "Picture captions";
        author: Str(40), "作者", "Author";
        source: Str(60), "来源单位", "Source unit";
        photographer: Str(40), "摄影", "Photographer";
        audience: Str(30), "发布范围", "Audience";
        pinned: Bool(0), "置顶", "Pinned";
        expires: Str(10), "有效期至", "Valid until";
        confirm: Bool(0), "需确认阅读", "Asks for confirmation";
        confirm_by: Str(10), "确认截止日期", "Confirm by";
        honour_name: Str(60), "荣誉名称", "Honour";
        honour_level: Str(20), "荣誉级别", "Level of honour";
        honour_by: Str(60), "授予单位", "Given by";
        honour_doc_no: Str(40), "荣誉文号", "Document number";
        honour_date: Str(10), "授予日期", "Date of honour";
        honour_who: Str(200), "获奖集体或个人", "Given to";
    }
}

impl NewsBody {
    /// The summary, or the first words of the text without Markdown signs.
    pub fn short(&self) -> String {
        if !self.summary.is_empty() {
            return self.summary.clone();
        }
        let plain = self.text.lines().map(|line| line.trim_start_matches(['#', '>', '-', '*', ' ']));
        let plain: String =
            plain.collect::<Vec<_>>().join(" ").chars().filter(|c| !"*_`".contains(*c)).collect();
        plain.trim().chars().take(60).collect()
    }
}
