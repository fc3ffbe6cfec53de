//! The invented people of the demo whom anybody may be: their posts and passwords. Their roster lines stand in
//! `demo/officers.csv`, beside the 6,800 of `demo/roster.csv`, so the company has 6,815 people here.
//! Real data never has passwords like these: `lianxin serve` refuses a demo folder.

use api::DemoAccount;
use domain::{OrgCode, Post, Role, Word};

/// One of them.
pub struct Person {
    /// Staff number, as in `officers.csv`.
    pub no: &'static str,
    /// Name, as in `officers.csv`.
    pub name: &'static str,
    /// Password, easy to type on a phone.
    pub password: &'static str,
    /// Posts in force.
    pub posts: &'static [(Role, &'static str)],
}

const fn person(
    no: &'static str,
    name: &'static str,
    password: &'static str,
    posts: &'static [(Role, &'static str)],
) -> Person {
    Person { no, name, password, posts }
}

/// All of them, in the order of the sign-in page.
pub const PEOPLE: [Person; 12] = [
    person("0209002", "李大勇", "dayong-2026", &[]),
    person("0409002", "巴特尔", "bateer-2026", &[(Role::BranchOfficer, "LB04.3"), (Role::Rights, "LB04")]),
    person("0409003", "其其格", "qiqige-2026", &[(Role::BranchOfficer, "LB04.3"), (Role::Rights, "LB04")]),
    person("0409004", "那顺", "nashun-2026", &[(Role::BranchChair, "LB04.3")]),
    person("0409001", "乌力吉", "wuliji-2026", &[(Role::UnitChair, "LB04")]),
    person("0209003", "冯立新", "lixin-2026", &[(Role::BranchChair, "LB02.3"), (Role::Rights, "LB02")]),
    person("0209001", "孙建国", "jianguo-2026", &[(Role::UnitChair, "LB02")]),
    person("0809002", "林秀兰", "xiulan-2026", &[(Role::Publicity, "LB")]),
    person("0809003", "苏敏", "sumin-2026", &[(Role::Rights, "LB")]),
    person("0809001", "赵卫东", "weidong-2026", &[(Role::CompanyChair, "LB")]),
    person("0809005", "高建业", "jianye-2026", &[(Role::Organiser, "LB")]),
    person("0809004", "周岚", "zhoulan-2026", &[(Role::Admin, "LB")]),
];

/// Has a post and no account: the auditor reads the audit trail, whose pages come later.
pub const AUDITOR: (&str, Role, &str) = ("0809006", Role::Auditor, "LB");

impl Person {
    /// For the sign-in page and the terminal.
    pub fn account(&self) -> DemoAccount {
        DemoAccount {
            no: self.no.into(),
            name: self.name.into(),
            post: self.words(post_zh, "会员（井下）", "、"),
            post_en: self.words(|role, at| format!("{} {at}", role.en()), "Member, under ground", ", "),
            password: self.password.into(),
        }
    }
    /// Posts as the kernel has them.
    pub fn posts(&self) -> impl Iterator<Item = Post> {
        self.posts.iter().map(|(role, at)| Post::new(*role, OrgCode::new(*at)))
    }
    fn words(&self, word: fn(Role, &str) -> String, none: &str, comma: &str) -> String {
        let posts: Vec<String> = self.posts.iter().map(|(role, at)| word(*role, at)).collect();
        if posts.is_empty() { none.into() } else { posts.join(comma) }
    }
}

/// `红柳滩露天煤矿 3 分会干事`: nobody who tries the demo knows the codes of its units.
fn post_zh(role: Role, at: &str) -> String {
    let (unit, branch) = at.split_once('.').unwrap_or((at, ""));
    let role = role.zh().trim_start_matches("公司").trim_start_matches("二级单位");
    match branch {
        "" => format!("{}{role}", name_of(unit)),
        branch => format!("{} {branch} {role}", name_of(unit)),
    }
}

/// Short name of a unit of the demo; the company is just that.
fn name_of(unit: &str) -> &'static str {
    let line = super::UNITS_TEXT.lines().find(|line| line.split(',').next() == Some(unit));
    match line.and_then(|line| line.split(',').nth(2)) {
        Some(name) if unit.contains(char::is_numeric) => name.trim_end_matches("工会"),
        _ => "公司",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_demo_person_stands_in_the_roster_and_has_a_good_password_of_their_own() {
        let roster = include_str!("../../demo/officers.csv");
        let mut passwords = BTreeSet::new();
        for person in &PEOPLE {
            assert!(roster.contains(&format!("\n{},{},", person.no, person.name)), "{}", person.no);
            assert_eq!(api::good_password(person.no, person.password), Ok(()));
            assert!(passwords.insert(person.password));
        }
        assert!(roster.contains(&format!("\n{},", AUDITOR.0)));
    }

    #[test]
    fn two_officers_share_one_branch_and_the_levels_above_have_others() {
        let holds = |role, at: &str| {
            PEOPLE.iter().filter(|p| p.posts().any(|post| post == Post::new(role, OrgCode::new(at)))).count()
        };
        assert_eq!(holds(Role::BranchOfficer, "LB04.3"), 2, "for the story of two phones");
        for (role, at) in [(Role::BranchChair, "LB04.3"), (Role::UnitChair, "LB04"), (Role::Publicity, "LB")]
        {
            assert_eq!(holds(role, at), 1, "three reviews take three people");
        }
        let posts: Vec<String> = PEOPLE.iter().map(|person| person.account().post).collect();
        assert_eq!(posts[1], "红柳滩露天煤矿 3 分会干事、红柳滩露天煤矿权益保障干事");
        assert_eq!((posts[4].as_str(), posts[9].as_str()), ("红柳滩露天煤矿工会主席", "公司工会主席"));
        let three = PEOPLE.iter().find(|p| p.posts().count() > 2);
        assert!(three.is_none());
    }
}
