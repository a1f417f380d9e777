//! The fostering desk: what waits for a decision, where KIM are missing, whom to look after.
pub mod check;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base::clock::DAY;
use web::Ctx;

/// Whole days left until a promised limit; negative when it has passed by a day or more.
pub fn days_left(due: i64, now: i64) -> i64 {
    -(now - due).div_euclid(DAY)
}

/// Class of the badge for the days left.
pub fn left_class(left: i64) -> &'static str {
    match left {
        ..=0 => "is-danger",
        1..=2 => "is-caution",
        _ => "",
    }
}

/// Says the days left.
pub fn say_left(ctx: &Ctx, left: i64) -> String {
    let n = left.abs().to_string();
    match left {
        ..0 => ctx.say_with("kim-left-over", &[("n", &n)]),
        0 => ctx.say("kim-left-today"),
        _ => ctx.say_with("kim-left-days", &[("n", &n)]),
    }
}
