//! Shamir's sharing, two of three, byte by byte over GF(256). A line through the secret at 0: one point says
//! nothing about where it crosses, two say all. Written here because it is thirty lines that a test can walk
//! through whole; `sharks` has a published bias (RUSTSEC-2024-0398) and no maintainer, and `vsss-rs` brings
//! feldman and pedersen, curves and big integers with it.

/// Multiplication modulo x⁸+x⁴+x³+x+1, without tables or branches on secrets.
fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut out) = (a, 0u8);
    for bit in 0..8 {
        out ^= a & 0u8.wrapping_sub(b >> bit & 1);
        a = (a << 1) ^ (0x1b & 0u8.wrapping_sub(a >> 7));
    }
    out
}

/// a²⁵⁴, the inverse of everything but 0.
fn inverse(a: u8) -> u8 {
    (0..253).fold(a, |power, _| times(power, a))
}

/// The point of the line at `x`.
pub(super) fn point(secret: &[u8; 32], slope: &[u8; 32], x: u8) -> [u8; 32] {
    std::array::from_fn(|i| secret[i] ^ times(slope[i], x))
}

/// Where the line through two points crosses 0.
pub(super) fn secret(one: (u8, &[u8; 32]), other: (u8, &[u8; 32])) -> Option<[u8; 32]> {
    let ((x1, y1), (x2, y2)) = (one, other);
    if x1 == x2 || x1 == 0 || x2 == 0 {
        return None;
    }
    let apart = inverse(x1 ^ x2);
    let (l1, l2) = (times(x2, apart), times(x1, apart));
    Some(std::array::from_fn(|i| times(y1[i], l1) ^ times(y2[i], l2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_field() {
        assert_eq!((times(0x57, 0x83), times(0x57, 0x13)), (0xc1, 0xfe), "FIPS 197, 4.2");
        for a in 1..=255u8 {
            assert_eq!(times(a, inverse(a)), 1, "{a}");
            for b in 0..=255u8 {
                assert_eq!(times(a, b), times(b, a));
            }
        }
    }

    #[test]
    fn every_byte_comes_back_from_every_two_points() {
        for byte in 0..=255u8 {
            let (whole, slope) = ([byte; 32], std::array::from_fn(|i| (i as u8).wrapping_mul(37) ^ byte));
            let points = [1, 2, 3].map(|x| (x, point(&whole, &slope, x)));
            for (i, j) in [(0, 1), (1, 2), (2, 0)] {
                let (one, other) = (&points[i], &points[j]);
                assert_eq!(secret((one.0, &one.1), (other.0, &other.1)), Some(whole));
            }
        }
    }

    #[test]
    fn one_point_fits_every_secret() {
        // For each secret there is exactly one slope that makes the same point: it tells nothing.
        for x in 1..=3u8 {
            for secret in 0..=255u8 {
                let slopes = (0..=255u8).filter(|slope| secret ^ times(*slope, x) == 0x5a).count();
                assert_eq!(slopes, 1);
            }
        }
    }
}
