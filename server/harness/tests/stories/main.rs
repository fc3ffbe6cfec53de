//! What the town promises, told as stories: people, phones, a network that comes and goes. Each test is one
//! promise of `repo/README.md` or one invariant of `docs/architecture.md`.

mod clocks;
mod clones;
mod confidential;
mod devices;
mod first_day;
mod kit;
mod links;
mod papers;
mod posts;
mod power;
mod random;
mod refused;
mod restored;
mod restored_again;
mod rulebook;
mod sealed;
mod sealed_pictures;
mod upgrades;
