//! The woven emblem of a group: triangles mirrored four ways, the same for the same seed.

/// Ground, and the two colours woven into it, as classes of the art tokens.
const COLOURS: [(&str, &str, &str); 4] = [
    ("k-deep", "k-wall", "k-glow"),
    ("k-leaf", "k-glow", "k-wall"),
    ("k-roof", "k-glow", "k-wall"),
    ("k-dark", "k-cloth", "k-glow"),
];
const CELL: u8 = 8;
const SIZE: u8 = 48;

/// The emblem as safe SVG, in the size of a line of text.
pub fn emblem(seed: &str) -> String {
    draw(seed, "emblem")
}

/// The emblem as safe SVG, in the size of a page's head.
pub fn emblem_big(seed: &str) -> String {
    draw(seed, "emblem emblem--big")
}

fn draw(seed: &str, class: &str) -> String {
    let mut bits = Bits(hash(seed));
    let (ground, first, second) = COLOURS[bits.below(4)];
    let mut svg = format!(
        "<svg class=\"{class}\" viewBox=\"0 0 48 48\" aria-hidden=\"true\"><rect width=\"48\" height=\"48\" class=\"{ground}\"/>"
    );
    for row in 0..3u8 {
        for column in 0..3u8 {
            let (gap, half, swap) = (bits.below(8) == 0, bits.below(4), bits.below(4) == 0);
            // The middle is always woven, so that no emblem is bare.
            if gap && (row, column) != (2, 2) {
                continue;
            }
            let even = (row + column) % 2 == 0;
            let colour = if even != swap { first } else { second };
            svg.push_str(&format!("<path class=\"{colour}\" d=\"{}\"/>", mirrored(column * CELL, row * CELL, half)));
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Half a cell, drawn in all four quarters.
fn mirrored(x: u8, y: u8, half: usize) -> String {
    let (right, below) = (x + CELL, y + CELL);
    let points = match half {
        0 => [(x, y), (right, y), (right, below)],
        1 => [(x, y), (right, y), (x, below)],
        2 => [(x, y), (right, below), (x, below)],
        _ => [(right, y), (right, below), (x, below)],
    };
    let mut path = String::new();
    for (flip_x, flip_y) in [(false, false), (false, true), (true, false), (true, true)] {
        for (i, (x, y)) in points.iter().enumerate() {
            let x = if flip_x { SIZE - x } else { *x };
            let y = if flip_y { SIZE - y } else { *y };
            path.push_str(&format!("{}{x} {y}", if i == 0 { 'M' } else { 'L' }));
        }
        path.push('z');
    }
    path
}

/// FNV-1a: stable across versions and machines, which the standard hasher is not.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A stream of choices from one hash (SplitMix64).
struct Bits(u64);

impl Bits {
    fn below(&mut self, most: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % most).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_emblem_and_nothing_of_the_seed_shows() {
        assert_eq!(emblem("KIM-0217"), emblem("KIM-0217"));
        assert_ne!(emblem("KIM-0217"), emblem("KIM-0218"));
        let odd = emblem("<script>\"'&");
        assert!(!odd.contains("script") && odd.ends_with("</svg>"));
        assert!(emblem_big("x").contains("emblem--big"));
    }

    #[test]
    fn every_emblem_is_woven() {
        for n in 0..500 {
            let drawn = emblem(&format!("KIM-{n:04}"));
            assert!(drawn.matches("<path").count() >= 3, "{n}");
        }
    }
}
