//! The people of the stories: one mine far out, its branch, and the company.

use crate::town::Person;
use domain::Role;

const fn person(
    name: &'static str,
    no: &'static str,
    unit: &'static str,
    posts: &'static [(Role, &'static str)],
) -> Person {
    Person { name, no, unit, posts }
}

/// 分会干事 and 权益干事 at the far mine.
pub const BATEER: Person =
    person("巴特尔", "0409002", "LB04.3", &[(Role::BranchOfficer, "LB04.3"), (Role::Rights, "LB04")]);
/// The other one with the same posts.
pub const QIQIGE: Person =
    person("其其格", "0409003", "LB04.3", &[(Role::BranchOfficer, "LB04.3"), (Role::Rights, "LB04")]);
/// 分会主席: first review.
pub const NASHUN: Person = person("那顺", "0409004", "LB04.3", &[(Role::BranchChair, "LB04.3")]);
/// Chair of the mine: second review.
pub const WULIJI: Person = person("乌力吉", "0409001", "LB04", &[(Role::UnitChair, "LB04")]);
/// Publicity and rights at the company: third review.
pub const LINXIULAN: Person =
    person("林秀兰", "0809002", "LB", &[(Role::Publicity, "LB"), (Role::Rights, "LB")]);
/// A miner without any post.
pub const DAYONG: Person = person("李大勇", "0209002", "LB02.3.1", &[]);
/// Another one, at the far mine.
pub const SUHE: Person = person("苏和", "0400031", "LB04.3.2", &[]);

/// Everybody.
pub const EVERYBODY: [Person; 7] = [BATEER, QIQIGE, NASHUN, WULIJI, LINXIULAN, DAYONG, SUHE];
