//! What a person writes to the union, and the five kinds of it.

use crate::{OrgCode, Word, body, words};

body! {
    /// Body of `appeal.matter`. `named` is no for a matter that is confidential to its handler; such a
    /// matter is begun under an alias. `involved` is a unit code or plain words.
    /// `said` is for the words of steps where the matter is sealed, `keys` for what opens its pictures.
    pub struct MatterBody {
        kind: Str(20), "类别", "Kind";
        title: Str(60), "标题", "Title";
        text: Text(10000), "内容", "What it is about";
        involved: Str(60), "涉及单位", "Unit concerned";
        place: Str(80), "事发地点", "Place";
        urgent: Bool(0), "紧急", "Urgent";
        openly: Bool(0), "同意公开答复", "May be answered openly";
        named: Bool(0), "实名", "With my name";
        pics: Items(100), "图片说明", "Picture captions";
        said: Items(45000), "办理意见", "Words of steps";
        keys: Items(64), "图片密钥", "Keys of pictures";
    }
}

words! {
    /// Kinds of matter.
    pub enum Topic {
        Opinion = "opinion", "意见建议", "Suggestion", Info;
        Claim = "claim", "诉求", "Claim", Info;
        Complaint = "complaint", "投诉举报", "Complaint", Warn;
        Question = "question", "咨询", "Question", Info;
        Voice = "voice", "心声", "Voice", Info;
    }
}

/// What the codes of matters and answers say to people.
pub(super) fn said(field: &str, code: &str) -> Option<(String, String)> {
    let topic = (field == "kind").then(|| Topic::parse(code)).flatten()?;
    Some((topic.zh().into(), topic.en().into()))
}

words! {
    /// How satisfied the person is with the answer: four grades.
    pub enum Grade {
        Very = "very", "非常满意", "Very satisfied", Ok;
        Satisfied = "satisfied", "满意", "Satisfied", Ok;
        Basically = "basically", "基本满意", "Fairly satisfied", Info;
        Dissatisfied = "dissatisfied", "不满意", "Not satisfied", Warn;
    }
}

impl MatterBody {
    /// The unit concerned, where it is given as a code (`LB02`, or `LB02 青石岭煤矿`).
    pub fn involved_unit(&self) -> Option<OrgCode> {
        let code = self.involved.split_whitespace().next()?;
        let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        (plain && code.starts_with(|c: char| c.is_ascii_uppercase())).then(|| OrgCode::new(code))
    }
}
