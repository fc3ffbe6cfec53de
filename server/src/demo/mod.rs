//! The demonstration: 岭北能源, an invented company of 6,815 people, with accounts that anybody may use.
//! Its roster goes the same way as a customer's.

mod accounts;
mod content;
mod folder;
mod key;
pub mod phone;
mod stage;
mod welcome;

pub use accounts::PEOPLE;
pub use folder::{default_dir, is_ready, open, refuse_demo_data};
pub use key::{SoftKey, enrol};
pub use welcome::print as welcome;

use crate::access::Transport;
use crate::cli::Stop;
use crate::desk::Signing;
use crate::house::{Config, House};
use crate::import::{FirstPosts, births, judge, write};
use domain::modules::org::person_id;
use domain::modules::org::roster::{Plan, Units};
use domain::{DAY_MS, OrgCode, Post};
use std::sync::Arc;
use std::time::Instant;

const UNITS_TEXT: &str = include_str!("../../demo/units.csv");
const UNITS: &[u8] = UNITS_TEXT.as_bytes();
const ROSTER: &[u8] = include_bytes!("../../demo/roster.csv");
const OFFICERS: &[u8] = include_bytes!("../../demo/officers.csv");

/// How the demo serves: plain http, because a LAN has no certificates.
///
/// `signing`: whether devices need a code as with real data, or only the password.
pub fn config(signing: Signing) -> Config {
    let demo = PEOPLE.iter().map(|person| person.account()).collect();
    Config {
        transport: Transport::Http,
        proxy: false,
        name: "岭北能源有限公司工会".into(),
        demo: Some(demo),
        signing,
    }
}

/// Fills an empty house.
///
/// # Errors
/// When something of the demo's own data is refused, or the disk fails.
pub async fn build(house: &Arc<House>) -> Result<(), Stop> {
    let begun = Instant::now();
    let done = |what| tracing::debug!(what, ms = begun.elapsed().as_millis(), "demo");
    people(house).await?;
    done("people");
    passwords(house).await?;
    done("passwords");
    stage::play(house, content::events(house.now_ms())).await?;
    done("what happened");
    Ok(())
}

/// Everybody was there before the first thing happened.
async fn people(house: &House) -> Result<(), Stop> {
    let (now_ms, before_ms) = (house.now_ms(), house.now_ms() - 200 * DAY_MS);
    let broken =
        |why: String| Stop::new(format!("演示数据有误：{why}"), format!("the demo's data are broken: {why}"));
    let units = Units::read(UNITS).map_err(|why| broken(why.zh()))?;
    let mut plan = Plan::default();
    for roster in [ROSTER, OFFICERS] {
        let part = judge(roster, &units, now_ms).map_err(|why| broken(why.zh()))?.plan;
        plan.persons.extend(part.persons);
        plan.units.extend(part.units);
    }
    let founded = write(&house.desk, births(&units, &plan, before_ms), &posts(), before_ms).await?;
    match founded.refused.first() {
        None => Ok(()),
        Some((doc, refusal)) => Err(broken(format!("{doc} {}", refusal.zh()))),
    }
}

fn posts() -> FirstPosts {
    let (no, role, at) = accounts::AUDITOR;
    let auditor = (no.to_string(), vec![Post::new(role, OrgCode::new(at))]);
    PEOPLE.iter().map(|person| (person.no.to_string(), person.posts().collect())).chain([auditor]).collect()
}

async fn passwords(house: &House) -> Result<(), Stop> {
    let now_ms = house.now_ms();
    let set = PEOPLE.iter().map(|person| {
        house.access.set_password(person_id(person.no), person.no, person.password.into(), now_ms)
    });
    futures_util::future::try_join_all(set).await?;
    Ok(())
}
