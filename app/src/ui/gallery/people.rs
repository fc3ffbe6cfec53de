//! People who do not exist, as many as the demo company has.

use crate::ui::*;
use leptos::prelude::*;

const FAMILY: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "罗", "高",
];
const GIVEN: [&str; 20] = [
    "建国",
    "红梅",
    "志强",
    "秀英",
    "海燕",
    "永刚",
    "丽华",
    "文博",
    "晓东",
    "玉兰",
    "阿依古丽",
    "国庆",
    "桂芳",
    "立新",
    "春生",
    "雪梅",
    "铁柱",
    "向阳",
    "思远",
    "宝山",
];
const UNITS: [&str; 4] =
    ["红柳滩煤矿 综采二队", "岭北选煤厂 机修车间", "青石沟煤矿 掘进一队", "公司机关 财务部"];

/// The person with this number, always the same.
pub fn person(i: usize) -> Person {
    let name = format!("{}{}", FAMILY[i % 20], GIVEN[(i / 20 + i * 7) % 20]);
    Person { id: i.to_string(), name, note: format!("{:06} · {}", 100_000 + i, UNITS[i % 4]) }
}

/// A picker over the first thousand, answering at once.
pub fn picker() -> AnyView {
    let chosen = RwSignal::new(None);
    let found = RwSignal::new(Found::Nothing);
    let search = move |words: String| {
        let hits = || {
            (0..1000)
                .map(person)
                .filter(|p| p.name.contains(&words) || p.note.contains(&words))
                .take(20)
                .collect()
        };
        found.set(if words.is_empty() { Found::Nothing } else { Found::People(hits()) });
    };
    let recent = Signal::stored(vec![person(3), person(11)]);
    view! { <PersonPicker label="承办人" chosen on_query=search found recent offline=true help="按姓名、拼音首字母或工号查找" /> }.into_any()
}
