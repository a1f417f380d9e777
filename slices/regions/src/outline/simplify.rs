//! Makes an outline light: points snap to a grid that neighbours share, straight runs become one line,
//! specks fall away, and what is still too heavy gets a coarser grid.
use std::fmt::Write as _;

use super::Outline;

/// Points that one outline may have.
const MOST: usize = 120;
/// Steps of the grid by level, in ten-thousandths of a degree (about eleven metres).
const GRID: [i64; 5] = [400, 200, 80, 20, 5];

type Point = (i64, i64);

/// The outline of these rings; none when no area is left.
pub(super) fn outline(code: &str, level: i64, rings: &[Vec<(f64, f64)>]) -> Option<Outline> {
    let mut step = usize::try_from(level).ok().and_then(|level| GRID.get(level)).copied().unwrap_or(5);
    loop {
        let light: Vec<Vec<Point>> = rings.iter().filter_map(|ring| lighten(ring, step)).collect();
        let light = drop_specks(light, step);
        let points: usize = light.iter().map(Vec::len).sum();
        if points <= MOST || step > 20_000 {
            return write(code, &light);
        }
        step *= 2;
    }
}

fn lighten(ring: &[(f64, f64)], step: i64) -> Option<Vec<Point>> {
    // Degrees of the earth fit by far.
    #[allow(clippy::cast_possible_truncation, reason = "checked to lie within 180 degrees")]
    let snap = |degrees: f64| (degrees * 10_000.0 / step as f64).round() as i64 * step;
    let mut points: Vec<Point> = ring.iter().map(|(east, north)| (snap(*east), -snap(*north))).collect();
    points.dedup();
    if points.first() == points.last() {
        points.pop();
    }
    if points.len() < 3 {
        return None;
    }
    let points = straighten(&points, step);
    (points.len() >= 3 && area(&points) > 0).then_some(points)
}

/// Twice the area within a ring.
fn area(ring: &[Point]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let sum: i128 =
        ring.iter().zip(next).map(|(a, b)| i128::from(a.0) * i128::from(b.1) - i128::from(b.0) * i128::from(a.1)).sum();
    i64::try_from(sum.abs()).unwrap_or(i64::MAX)
}

/// Rings smaller than a few cells of the grid say nothing; the largest always stays.
fn drop_specks(mut rings: Vec<Vec<Point>>, step: i64) -> Vec<Vec<Point>> {
    rings.sort_by_key(|ring| std::cmp::Reverse(area(ring)));
    let mut first = true;
    rings.retain(|ring| std::mem::take(&mut first) || area(ring) > 8 * step * step);
    rings
}

/// Douglas and Peucker's way over a closed ring, without recursion.
fn straighten(ring: &[Point], tolerance: i64) -> Vec<Point> {
    let far = (0..ring.len()).max_by_key(|i| apart(ring[0], ring[*i])).unwrap_or(0);
    let mut keep = vec![false; ring.len()];
    keep[0] = true;
    keep[far] = true;
    let mut open = vec![(0, far), (far, ring.len())];
    while let Some((from, to)) = open.pop() {
        let (a, b) = (ring[from], ring[to % ring.len()]);
        let worst = (from + 1..to).max_by_key(|i| beside(ring[*i], a, b));
        if let Some(worst) = worst
            && beside(ring[worst], a, b) > i128::from(tolerance) * i128::from(tolerance) / 2
        {
            keep[worst] = true;
            open.push((from, worst));
            open.push((worst, to));
        }
    }
    ring.iter().zip(keep).filter_map(|(point, keep)| keep.then_some(*point)).collect()
}

fn apart(a: Point, b: Point) -> i128 {
    let (x, y) = (i128::from(a.0 - b.0), i128::from(a.1 - b.1));
    x * x + y * y
}

/// Squared distance of a point from a line.
fn beside(p: Point, a: Point, b: Point) -> i128 {
    let long = apart(a, b);
    if long == 0 {
        return apart(p, a);
    }
    let cross = i128::from(b.0 - a.0) * i128::from(p.1 - a.1) - i128::from(b.1 - a.1) * i128::from(p.0 - a.0);
    cross * cross / long
}

fn write(code: &str, rings: &[Vec<Point>]) -> Option<Outline> {
    let all = || rings.iter().flatten();
    let mut path = String::new();
    for ring in rings {
        let (mut x, mut y) = *ring.first()?;
        // Writing into a string cannot fail.
        let _ = write!(path, "M{x} {y}l");
        for (i, (east, south)) in ring.iter().skip(1).enumerate() {
            let (dx, dy) = (east - x, south - y);
            let gap = if i == 0 || dx < 0 { "" } else { " " };
            let between = if dy < 0 { "" } else { " " };
            let _ = write!(path, "{gap}{dx}{between}{dy}");
            (x, y) = (*east, *south);
        }
        path.push('z');
    }
    Some(Outline {
        code: code.to_owned(),
        path,
        west: all().map(|p| p.0).min()?,
        north: all().map(|p| p.1).min()?,
        east: all().map(|p| p.0).max()?,
        south: all().map(|p| p.1).max()?,
    })
}
