//! What a phone must download, against the budgets of the design. A module that makes the first load heavier
//! than its budget fails here, with the file that grew in front of the reader.

use std::fs;
use std::path::Path;

use crate::origins;
use crate::say::kilobytes;
use crate::shelf::LIST;
use crate::trouble::{Doing, Result, Trouble};

/// A group of files that is downloaded together.
#[derive(Debug, Clone, Copy)]
struct Budget {
    title: &'static str,
    /// Bytes, brotli.
    limit: u64,
    holds: fn(&str) -> bool,
}

/// `app` and `core` once per version, the shell at every update. 1 KB = 1,024 bytes.
/// Parts are what screens fetch when first opened; how they came to be: docs/decisions/wasm-size.md.
const BUDGETS: [Budget; 6] = [
    Budget { title: "screens  ui.wasm + glue", limit: 350 * 1_024, holds: is_ui },
    Budget { title: "worker   core.wasm + glue", limit: 590 * 1_024, holds: is_core },
    Budget { title: "locks    locks.wasm + glue, PINs", limit: 110 * 1_024, holds: is_locks },
    Budget { title: "parts    of the screens, all together", limit: 400 * 1_024, holds: is_part },
    Budget { title: "shell    html + css + icons + scripts", limit: 60 * 1_024, holds: is_shell },
    Budget { title: "         of that css", limit: 20 * 1_024, holds: is_css },
];

/// What opening one page may cost beside the program, bytes: 100 KB are 13 s at a mine's 64 kbit/s.
const PART_LIMIT: u64 = 100 * 1_024;

fn is_ui(path: &str) -> bool {
    path.starts_with("assets/ui")
}

fn is_core(path: &str) -> bool {
    path.starts_with("assets/core") || path.starts_with("assets/worker")
}

fn is_locks(path: &str) -> bool {
    path.starts_with("assets/locks")
}

fn is_part(path: &str) -> bool {
    path.starts_with("assets/part-")
}

fn is_css(path: &str) -> bool {
    path.ends_with(".css")
}

fn is_shell(path: &str) -> bool {
    !is_ui(path)
        && !is_core(path)
        && !is_locks(path)
        && !is_part(path)
        && path != LIST
        && path != "sw-kill.js"
}

/// One file of a site: its path and what it costs to download.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Weight {
    path: String,
    raw: u64,
    sent: u64,
}

/// Prints the sizes; with `gate`, fails when a budget is passed or another origin is named.
pub fn report(site: &Path, gate: bool) -> Result<()> {
    let weights = weigh(site)?;
    println!("{:<40} {:>12} {:>12}", "", "brotli", "budget");
    for budget in BUDGETS {
        println!(
            "{:<40} {:>12} {:>12}",
            budget.title,
            kilobytes(total(&weights, budget)),
            kilobytes(budget.limit)
        );
    }
    for weight in &weights {
        println!("    {:<36} {:>12} {:>12} raw", weight.path, kilobytes(weight.sent), kilobytes(weight.raw));
    }
    let mut faults = over_budget(&weights);
    faults.extend(origins::foreign(site)?);
    match (gate, faults.is_empty()) {
        (_, true) => Ok(()),
        (true, false) => Err(Trouble::new(faults.join("\n"))),
        (false, false) => {
            println!("{}", faults.join("\n"));
            Ok(())
        }
    }
}

fn total(weights: &[Weight], budget: Budget) -> u64 {
    weights.iter().filter(|weight| (budget.holds)(&weight.path)).map(|weight| weight.sent).sum()
}

fn over_budget(weights: &[Weight]) -> Vec<String> {
    let heavy = BUDGETS.iter().filter(|budget| total(weights, **budget) > budget.limit);
    let parts = weights.iter().filter(|weight| is_part(&weight.path) && weight.sent > PART_LIMIT);
    let parts = parts.map(|part| {
        let (sent, limit) = (kilobytes(part.sent), kilobytes(PART_LIMIT));
        format!("over budget: {} alone is {sent}, a part may be {limit}", part.path)
    });
    heavy
        .map(|budget| {
            let total = total(weights, *budget);
            format!(
                "over budget: {} is {}, {} more than {}",
                budget.title.trim(),
                kilobytes(total),
                kilobytes(total - budget.limit),
                kilobytes(budget.limit)
            )
        })
        .chain(parts)
        .collect()
}

/// All files of a site but the side files; `sent` is the brotli size where there is one.
fn weigh(site: &Path) -> Result<Vec<Weight>> {
    if !site.join(LIST).is_file() {
        return Err(Trouble::new(format!("no site in {}", site.display())).remedy("cargo bundle"));
    }
    let mut weights = Vec::new();
    for path in crate::origins::files(site)? {
        let name = path.strip_prefix(site).unwrap_or(&path).to_string_lossy().into_owned();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let size = |path: &Path| fs::metadata(path).map(|data| data.len());
        let raw = size(&path).doing(|| format!("weighing {name}"))?;
        let sent = size(&site.join(format!("{name}.br"))).unwrap_or(raw);
        weights.push(Weight { path: name, raw, sent });
    }
    weights.sort_by(|a, b| b.sent.cmp(&a.sent).then_with(|| a.path.cmp(&b.path)));
    Ok(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(path: &str, sent: u64) -> Weight {
        Weight { path: path.into(), raw: sent * 3, sent }
    }

    #[test]
    fn a_site_within_its_budgets_passes() {
        let site =
            [weight("assets/ui.1.wasm", 357_400), weight("assets/ui.2.js", 1_000), weight("index.html", 900)];
        assert_eq!(over_budget(&site), Vec::<String>::new());
    }

    #[test]
    fn one_byte_too_many_is_named() {
        let site = [weight("assets/ui.1.wasm", 357_401), weight("assets/ui.2.js", 1_000)];
        let faults = over_budget(&site);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("ui.wasm + glue is 350.0 KB"), "{}", faults[0]);
    }

    #[test]
    fn a_part_that_is_too_heavy_alone_is_named() {
        let site =
            [weight("assets/part-ui-news.1.wasm", 102_401), weight("assets/part-ui-people.2.wasm", 900)];
        let faults = over_budget(&site);
        assert!(faults.len() == 1 && faults[0].contains("part-ui-news.1.wasm alone"), "{faults:?}");
    }

    #[test]
    fn css_counts_for_itself_and_for_the_shell() {
        let site = [weight("assets/style.1.css", 61_441)];
        assert_eq!(over_budget(&site).len(), 2);
    }

    #[test]
    fn every_file_but_lists_and_the_kill_switch_has_a_budget() {
        for path in [
            "assets/core.1.js",
            "assets/locks-stretch.1.wasm",
            "assets/part-ui-news.2.wasm",
            "assets/worker.2.js",
            "assets/boot.3.js",
            "icons/512.png",
            "sw.js",
        ] {
            assert_eq!(BUDGETS[..5].iter().filter(|budget| (budget.holds)(path)).count(), 1, "{path}");
        }
        assert!(!is_shell(LIST) && !is_shell("sw-kill.js"));
    }

    #[test]
    fn a_folder_without_a_site_is_said_to_be_none() {
        assert!(report(Path::new("/nonexistent"), false).unwrap_err().to_string().contains("cargo bundle"));
    }
}
