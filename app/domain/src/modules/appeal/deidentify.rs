//! A public answer names nobody. What can be found by rule is refused here, with the word that says
//! which; the rest is for the officer who writes it.

use crate::Refusal;

/// What must not stand in a public answer about this person. Empty parts are not looked for.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// Names the person is known by.
    pub names: Vec<String>,
    /// Staff number.
    pub no: String,
}

/// Refuses a text that names the person or carries something that looks like a telephone, identity
/// or bank card number.
pub fn deidentified(field: &str, text: &str, secrets: &Secrets) -> Result<(), Refusal> {
    let flat = flatten(text);
    let no = |zh: &str, en: &str| Err(Refusal::invalid(field, zh, en));
    if secrets.names.iter().any(|name| !name.trim().is_empty() && flat.contains(&flatten(name))) {
        return no(
            "公开答复里出现了提出人的姓名，请删去后再公开",
            "The open answer names the person; please take the name out",
        );
    }
    if !secrets.no.is_empty() && flat.contains(&flatten(&secrets.no)) {
        return no(
            "公开答复里出现了提出人的工号，请删去后再公开",
            "The open answer carries the staff number; please take it out",
        );
    }
    match digit_runs(&flat).into_iter().find_map(looks_like) {
        Some(Private::Phone) => no(
            "公开答复里有 11 位号码，像是手机号，请删去后再公开",
            "There is an 11-digit number that looks like a mobile; please take it out",
        ),
        Some(Private::Identity) => no(
            "公开答复里有身份证号样的号码，请删去后再公开",
            "There is a number that looks like an identity number; please take it out",
        ),
        Some(Private::Card) => no(
            "公开答复里有银行卡号样的号码，请删去后再公开",
            "There is a number that looks like a bank card; please take it out",
        ),
        None => Ok(()),
    }
}

#[derive(Clone, Copy)]
enum Private {
    Phone,
    Identity,
    Card,
}

/// Full-width forms become plain, and what people put between digits (or letters of a name) goes.
fn flatten(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        'Ｘ' | 'ｘ' | 'x' => 'X',
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace() && !"-－—–·•・_.*".contains(*c)).map(plain).collect()
}

/// Runs of digits, with a closing X where an identity number may have one.
fn digit_runs(flat: &str) -> Vec<&str> {
    flat.split(|c: char| !c.is_ascii_digit() && c != 'X').filter(|run| run.len() >= 11).collect()
}

fn looks_like(run: &str) -> Option<Private> {
    let digits = run.trim_matches('X').len();
    match (digits, run.ends_with('X')) {
        (17, true) | (15 | 18, _) => Some(Private::Identity),
        (16 | 17 | 19, _) => Some(Private::Card),
        (11, _) if run.starts_with('1') => Some(Private::Phone),
        _ => None,
    }
}
