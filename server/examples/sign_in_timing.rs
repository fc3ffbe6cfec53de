//! Can one tell by the time whether a number has an account? Welch's t over pairs of sign-ins with a wrong
//! password, a known number and an unknown one, in random order, straight at the database of accounts.
//! |t| < 4.5 says no. `cargo run --release -p server --example sign_in_timing -- 2000`

use domain::DocId;
use server::access::Access;
use std::time::Instant;

#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }
    /// Square of the error of the mean.
    fn error(&self) -> f64 {
        let (mean, n) = (self.mean(), self.0.len() as f64);
        self.0.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
    }
}

#[tokio::main]
async fn main() {
    let rounds: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(500);
    let dir = std::env::temp_dir().join(format!("lianxin-timing-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder for the database");
    let access = Access::open(&dir.join("access.db")).await.expect("a new database");
    access.set_password(DocId([1; 16]), "0209002", "green-lamp-42".into(), 0).await.expect("an account");
    let mut times = [Times::default(), Times::default()];
    let mut seed = 7u32;
    for _ in 0..rounds * 2 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let known = seed >> 31 == 0;
        let start = Instant::now();
        let no = if known { "0209002" } else { "0209999" };
        assert!(access.person_of(no, "wrong-wrong".into()).await.expect("an answer").is_none());
        times[usize::from(known)].0.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    let [unknown, known] = &times;
    let t = (known.mean() - unknown.mean()) / (known.error() + unknown.error()).sqrt();
    println!(
        "known {:.3} ms ({})  unknown {:.3} ms ({})  t = {t:.2}",
        known.mean(),
        known.0.len(),
        unknown.mean(),
        unknown.0.len()
    );
    let _ = std::fs::remove_dir_all(&dir);
}
