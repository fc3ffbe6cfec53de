//! A share on paper: letters and digits that cannot be taken for each other, with check digits, in groups of
//! four.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, Hrp};
use sha2::{Digest, Sha256};

const PREFIX: &str = "lxshare";

/// One of three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which: 1, 2 or 3.
    pub x: u8,
    /// Tells the keys apart to which shares belong.
    pub mark: [u8; 4],
    pub(super) y: [u8; 32],
}

/// The text is no share, or was copied with a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAShare;

impl Share {
    /// The mark of a public key.
    pub fn mark_of(public: &[u8]) -> [u8; 4] {
        let full = Sha256::digest(public);
        [full[0], full[1], full[2], full[3]]
    }
    /// From paper; spaces, dashes and case do not matter.
    ///
    /// # Errors
    /// When it is none; a wrong letter is always noticed.
    pub fn parse(text: &str) -> Result<Self, NotAShare> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let read = CheckedHrpstring::new::<Bech32m>(&plain).map_err(|_| NotAShare)?;
        let bytes: Vec<u8> = read.byte_iter().collect();
        let right = read.hrp() == Hrp::parse(PREFIX).map_err(|_| NotAShare)? && bytes.len() == 37;
        let x = bytes.first().copied().filter(|x| right && (1..=3).contains(x)).ok_or(NotAShare)?;
        let mark = bytes[1..5].try_into().map_err(|_| NotAShare)?;
        Ok(Self { x, mark, y: bytes[5..].try_into().map_err(|_| NotAShare)? })
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [&[self.x][..], &self.mark, &self.y].concat();
        let hrp = Hrp::parse(PREFIX).expect("a constant");
        let text = bech32::encode::<Bech32m>(hrp, &bytes).expect("37 bytes fit").to_uppercase();
        let letters: Vec<char> = text.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        f.write_str(&groups.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_survives_paper_and_every_wrong_letter_is_noticed() {
        let share = Share { x: 2, mark: [1, 2, 3, 4], y: [0xa7; 32] };
        let text = share.to_string();
        assert_eq!(Share::parse(&text), Ok(share.clone()));
        assert_eq!(Share::parse(&text.to_lowercase().replace('-', " ")), Ok(share));
        for (at, letter) in text.char_indices().filter(|(_, c)| *c != '-') {
            let other = if letter == 'Q' { "P" } else { "Q" };
            let mut wrong = text.clone();
            wrong.replace_range(at..=at, other);
            assert_eq!(Share::parse(&wrong), Err(NotAShare), "letter {at}");
        }
    }
}
