//! Claim: after an old backup comes back, told (`restore`) or untold (somebody copies an old file back), everything
//! that was ever acknowledged is at the server again once the phones have synced, and nobody did anything by
//! hand (reliability D11, G13), as it was or written anew. Real SQLite files, real phones (`repo`); the network is a
//! function call.

mod town;

use town::Town;

/// Rounds of everybody after a restore. Decisions of several people build on each other, so the last one
/// to come may have to come twice.
const ROUNDS: usize = 8;

fn restores(ordinary: u64) -> u64 {
    std::env::var("LIANXIN_RESTORES").ok().and_then(|text| text.parse().ok()).unwrap_or(ordinary)
}

#[tokio::test]
async fn the_union_of_what_was_acknowledged_comes_back_by_itself() {
    let mut town = Town::new(20).await;
    for round in 0..restores(4) {
        town.day(2).await;
        let backup = town.backup().await;
        town.day(3).await;
        let before = town.acknowledged();
        if round.is_multiple_of(2) {
            town.restore_told(&backup).await;
        } else {
            town.copy_back_untold(&backup).await;
        }
        let lost = town.lacking().await;
        assert!(!lost.is_empty(), "round {round}: the old copy lacks something, or this proves nothing");
        for _ in 0..ROUNDS {
            town.everybody_syncs().await;
        }
        let lost_for_good = town.lacking().await;
        assert_eq!(lost_for_good, vec![] as Vec<String>, "round {round}, of {before}");
        assert_eq!(
            town.waiting().await,
            vec![] as Vec<String>,
            "round {round}: nobody waits or has to do something"
        );
        assert_eq!(town.verify().await, vec![] as Vec<String>, "round {round}: the log is sound");
        println!("round {round}: {} of {before} acknowledged writes were lost and are back", lost.len());
    }
}
