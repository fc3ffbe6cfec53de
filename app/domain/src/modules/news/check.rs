//! What must be right before a draft goes to review. Each refusal names the field and says what to do.

use super::{Audience, HONOUR, NewsBody, column, level};
use crate::{Hash, OrgCode, Refusal, parse_date};

type Check = Result<(), Refusal>;

/// Everything that must be right before review and before each approval.
pub fn ready(body: &NewsBody, unit: &OrgCode) -> Check {
    words(body)?;
    audience(body, unit)?;
    dates(body)?;
    pictures(body)?;
    secrecy(body)?;
    if body.column == HONOUR { honour(body) } else { Ok(()) }
}

fn words(body: &NewsBody) -> Check {
    if column(&body.column).is_none() {
        return no("column", "请选择栏目", "Please choose a column");
    }
    if body.title.trim().is_empty() {
        return no("title", "请填写标题", "Please give it a title");
    }
    if body.text.trim().is_empty() {
        return no("text", "请填写正文", "Please write the text");
    }
    Ok(())
}

fn audience(body: &NewsBody, unit: &OrgCode) -> Check {
    match Audience::parse(&body.audience) {
        None => no("audience", "请选择发布范围：公开、全体会员或某个单位", "Please choose the audience"),
        Some(Audience::Unit(code)) if code.company() != unit.company() => {
            no("audience", "发布范围不在本公司之内，请重新选择单位", "That unit is not in this company")
        }
        Some(_) => Ok(()),
    }
}

fn dates(body: &NewsBody) -> Check {
    let date = |key, text: &str| match text.is_empty() || parse_date(text).is_some() {
        true => Ok(()),
        false => {
            no(key, "日期不存在，请写成 2026-11-23 这样的形式", "No such date; write it like 2026-11-23")
        }
    };
    date("expires", &body.expires)?;
    date("confirm_by", &body.confirm_by)?;
    let late = !body.expires.is_empty() && body.confirm_by > body.expires;
    if late {
        return no(
            "confirm_by",
            "确认截止日期晚于有效期，请调整其中一个",
            "It asks for confirmation after it has expired",
        );
    }
    Ok(())
}

fn pictures(body: &NewsBody) -> Check {
    let fits = |hash: &str| Hash::parse(hash).is_some();
    if !body.cover.is_empty() && !fits(&body.cover) {
        return no(
            "cover",
            "封面图没有保存完整，请重新选择图片",
            "The cover was not kept whole; choose it again",
        );
    }
    if !body.pics.keys().all(|hash| fits(hash)) {
        return no(
            "pics",
            "有图片没有保存完整，请删除后重新插入",
            "A picture was not kept whole; insert it again",
        );
    }
    Ok(())
}

/// Marks of state secrets never enter this system (domain facts §4, item 10).
fn secrecy(body: &NewsBody) -> Check {
    let marked = |text: &str| ["绝密★", "机密★", "秘密★"].iter().any(|mark| text.contains(mark));
    if marked(&body.title) || marked(&body.text) {
        return no(
            "text",
            "带有密级标志的内容不得进入本系统，请删除",
            "Classified content must not enter this system",
        );
    }
    Ok(())
}

fn honour(body: &NewsBody) -> Check {
    if level(&body.honour_level).is_none() {
        return no("honour_level", "请选择荣誉级别", "Please choose the level of the honour");
    }
    let wanted: [(&str, &str, &str, &str); 4] = [
        ("honour_name", &body.honour_name, "请填写荣誉名称", "Please name the honour"),
        ("honour_by", &body.honour_by, "请填写授予单位", "Please say who gave the honour"),
        ("honour_who", &body.honour_who, "请填写获奖集体或个人", "Please say who received the honour"),
        (
            "honour_doc_no",
            &body.honour_doc_no,
            "请填写荣誉文号，日后凭文号查证",
            "Please give the document number",
        ),
    ];
    for (key, value, zh, en) in wanted {
        if value.trim().is_empty() {
            return no(key, zh, en);
        }
    }
    if parse_date(&body.honour_date).is_none() {
        return no("honour_date", "请填写授予日期，例如 2026-05-01", "Please give the date of the honour");
    }
    document_number("honour_doc_no", &body.honour_doc_no)
}

/// A document number as GB/T 9704 writes it: `岭北工〔2026〕3号`. Year in full between 〔〕 (U+3014,
/// U+3015), no 第, no leading zero. `field` names where it stands.
pub fn document_number(field: &str, text: &str) -> Check {
    let text = text.trim();
    if text.contains(['[', ']', '(', ')', '（', '）', '【', '】', '［', '］', '{', '}']) {
        return no(
            field,
            "文号的年份要用六角括号〔〕，例如 岭北工〔2026〕3号",
            "Use 〔〕 around the year: 岭北工〔2026〕3号",
        );
    }
    let parts = text.split_once('〔').and_then(|(word, rest)| Some((word, rest.split_once('〕')?)));
    let Some((word, (year, number))) = parts else {
        return no(
            field,
            "文号要写年份和六角括号，例如 岭北工〔2026〕3号",
            "A number needs its year: 岭北工〔2026〕3号",
        );
    };
    if word.trim().is_empty() {
        return no(
            field,
            "文号前面要写发文机关代字，例如 岭北工",
            "A number begins with the issuer's word, like 岭北工",
        );
    }
    if year.len() != 4 || !year.chars().all(|c| c.is_ascii_digit()) {
        return no(field, "文号的年份要写全四位数字，例如〔2026〕", "Write the year in full: 〔2026〕");
    }
    serial(field, number)
}

fn serial(field: &str, number: &str) -> Check {
    if number.contains('第') {
        return no(
            field,
            "文号的序号前不加“第”，例如〔2026〕3号",
            "No 第 before the serial number: 〔2026〕3号",
        );
    }
    let Some(digits) = number.strip_suffix('号') else {
        return no(field, "文号以“号”结尾，例如〔2026〕3号", "A number ends with 号: 〔2026〕3号");
    };
    if digits.starts_with('0') {
        return no(field, "文号的序号前不加 0，例如 3号，不写 03号", "No leading zero: 3号, not 03号");
    }
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return no(
            field,
            "文号的序号只用数字，例如〔2026〕3号",
            "The serial number is digits only: 〔2026〕3号",
        );
    }
    Ok(())
}

fn no(field: &str, zh: &str, en: &str) -> Check {
    Err(Refusal::invalid(field, zh, en))
}
