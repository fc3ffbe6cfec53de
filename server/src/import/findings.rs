//! Findings of a roster in Chinese, for the terminal: line, column, what is wrong, what to do. Never a cell's
//! content: it is personal data, and terminals keep what they showed.

use super::Judged;
use domain::Word;
use domain::modules::org::roster::{Code, Finding, Severity};
use std::collections::BTreeMap;

/// So many lines are shown of each kind of finding; the rest is counted.
const SHOWN: usize = 10;

/// The report.
pub fn tell(judged: &Judged) -> String {
    let mut by_code: BTreeMap<(Severity, Code), Vec<&Finding>> = BTreeMap::new();
    for finding in &judged.findings {
        by_code.entry((finding.severity, finding.code)).or_default().push(finding);
    }
    let mut out = String::new();
    for ((severity, code), findings) in &by_code {
        let mark = if *severity == Severity::Refuse { "不导入" } else { "请核对" };
        out.push_str(&format!("【{mark}】{}：{} 处。{}\n", code.zh(), findings.len(), code.remedy_zh()));
        findings.iter().take(SHOWN).for_each(|finding| out.push_str(&line(finding)));
        if findings.len() > SHOWN {
            out.push_str(&format!("    ……还有 {} 处\n", findings.len() - SHOWN));
        }
    }
    out + &sum(judged)
}

/// All findings as a table for the personnel office, which mends the sheet they came from. Like every table
/// it goes through [`domain::csv`], so no cell runs as a formula.
pub fn table(judged: &Judged) -> String {
    let head = ["行", "栏", "问题", "怎么办", "是否导入"].map(str::to_string);
    let row = |finding: &Finding| {
        let refused = finding.severity == Severity::Refuse;
        [
            finding.line.to_string(),
            finding.column.map(|column| column.zh().to_string()).unwrap_or_default(),
            finding.zh.clone(),
            finding.code.remedy_zh().to_string(),
            if refused { "不导入" } else { "请核对" }.to_string(),
        ]
    };
    domain::csv(std::iter::once(head).chain(judged.findings.iter().map(row)))
}

fn line(finding: &Finding) -> String {
    let column = finding.column.map(|column| format!("“{}”", column.zh())).unwrap_or_default();
    let see = finding.see.map(|line| format!("（与第 {line} 行）")).unwrap_or_default();
    format!("    第 {} 行{column} {}{see}\n", finding.line, finding.zh)
}

fn sum(judged: &Judged) -> String {
    let (rows, plan) = (judged.sheet.len(), &judged.plan);
    let members = plan.persons.iter().filter(|person| person.member).count();
    let branches = plan.units.iter().filter(|unit| unit.level == 3).count();
    format!(
        "共 {rows} 行：可导入 {} 人（会员 {members} 人），不导入 {} 行；分会 {branches} 个，小组 {} 个\n",
        plan.persons.len(),
        plan.skipped.len(),
        plan.units.len() - branches,
    )
}

#[cfg(test)]
mod tests {
    use crate::import::judge;
    use domain::modules::org::roster::Units;

    #[test]
    fn a_roster_full_of_formulas_comes_back_as_text() {
        let units = Units::read(include_bytes!("../../demo/units.csv")).unwrap();
        let roster = include_str!("../../demo/officers.csv");
        let mut lines: Vec<String> = roster.lines().map(str::to_string).collect();
        let evil =
            lines[1].split(',').map(|_| "\"=HYPERLINK(\"\"http://x\"\")\"").collect::<Vec<_>>().join(",");
        lines.push(evil);
        let judged = judge(lines.join("\n").as_bytes(), &units, 1_795_392_000_000).unwrap();
        let table = super::table(&judged);
        assert!(!judged.findings.is_empty() && table.lines().count() > judged.findings.len());
        for cell in table.split("\",\"") {
            assert!(!cell.trim_start_matches(['"', '\u{feff}']).starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }

    #[test]
    fn the_report_names_lines_and_never_people() {
        let units = Units::read(include_bytes!("../../demo/units.csv")).unwrap();
        let text = String::from_utf8(include_bytes!("../../demo/officers.csv").to_vec()).unwrap();
        let broken = text.replace("0809002", "0809001").replace("LB04,红柳滩", "LB44,红柳滩");
        let judged = judge(broken.as_bytes(), &units, 1_795_392_000_000).unwrap();
        let report = super::tell(&judged);
        assert!(
            report.contains("第 3 行") && report.contains("工号重复") && report.contains("单位代码不存在"),
            "{report}"
        );
        for private in ["林秀兰", "0809001", "150799"] {
            assert!(!report.contains(private), "{private} in {report}");
        }
    }
}
