//! Grants hold from and until, and act at once.
use base::authz::{Place, Scope};
use base::clock::DAY;
use both::both;
use stage::Engine;

use super::*;
use crate::roles::{EDITOR, FOSTERING};
use crate::session::tests::open;

#[both]
async fn a_grant_holds_for_its_time_and_place(engine: Engine) {
    let stage = open(engine).await;
    let (id, _) = crate::testing::person(&stage.kit, "Pembina", &[]).await;
    let now = stage.kit.clock.now();
    let city = Scope::Region("62.71".into());
    let mut tx = stage.write().await;
    let first = give(&mut tx, id, FOSTERING, &city, None, now, Some(now + DAY)).await.expect("given");
    assert_eq!(give(&mut tx, id, FOSTERING, &city, None, now, None).await.expect("given"), first, "it stands already");
    give(&mut tx, id, EDITOR, &Scope::Group(7), None, now, None).await.expect("given");
    tx.commit().await.expect("committed");
    let mut conn = stage.read().await;
    let actor = base::authz::Actor { account_id: id, name: String::new(), grants: held(&mut conn, id, now).await.expect("held") };
    assert!(actor.may(&[FOSTERING], &Place { region: "62.71.01", group: None }));
    assert!(!actor.may(&[FOSTERING], &Place { region: "63.71", group: None }));
    assert!(actor.may(&[EDITOR], &Place { region: "63.71", group: Some(7) }));
    assert_eq!(holders(&mut conn, FOSTERING, &city, now).await.expect("holders"), [id]);
    assert_eq!(held(&mut conn, id, now + 2 * DAY).await.expect("held").len(), 1, "the other is over");
    assert!(holders(&mut conn, FOSTERING, &city, now + 2 * DAY).await.expect("holders").is_empty());
    drop(conn);
    let mut tx = stage.write().await;
    assert_eq!(end(&mut tx, id, EDITOR, &Scope::Group(7), now).await.expect("ended"), 1);
    assert_eq!(end(&mut tx, id, EDITOR, &Scope::Group(7), now).await.expect("ended"), 0);
    assert_eq!(held(&mut tx, id, now).await.expect("held").len(), 1);
    tx.commit().await.expect("committed");
    stage.done().await;
}

#[both]
async fn a_grant_may_begin_later(engine: Engine) {
    let stage = open(engine).await;
    let (id, _) = crate::testing::person(&stage.kit, "Pembina", &[]).await;
    let now = stage.kit.clock.now();
    let city = Scope::Region("62.71".into());
    let later = Span { from: now + 5 * DAY, until: Some(now + 10 * DAY) };
    let shorter = Span { until: Some(now + 7 * DAY), ..later };
    let longer = Span { until: None, ..later };
    let mut tx = stage.write().await;
    let first = give_for(&mut tx, id, FOSTERING, &city, None, later, now).await.expect("given");
    for span in [later, shorter] {
        assert_eq!(give_for(&mut tx, id, FOSTERING, &city, None, span, now).await.expect("given"), first, "it holds then");
    }
    let second = give_for(&mut tx, id, FOSTERING, &city, None, longer, now).await.expect("given");
    assert_ne!(second, first);
    for (at, n) in [(now, 0), (now + 5 * DAY - 1, 0), (now + 5 * DAY, 2), (now + 11 * DAY, 1)] {
        assert_eq!(held(&mut tx, id, at).await.expect("held").len(), n, "at {at}");
        assert_eq!(holders(&mut tx, FOSTERING, &city, at).await.expect("holders").len(), n.min(1), "at {at}");
    }
    // What holds later does not stand in the way of what holds now.
    let today = give(&mut tx, id, FOSTERING, &city, None, now, Some(now + DAY)).await.expect("given");
    assert!(![first, second].contains(&today));
    let tomorrow = Span { from: now, until: Some(now + 2 * DAY) };
    assert_ne!(give_for(&mut tx, id, FOSTERING, &city, None, tomorrow, now).await.expect("prolonged"), today);
    assert_eq!(held(&mut tx, id, now).await.expect("held").len(), 1);
    // Ending a role ends what has yet to begin.
    assert_eq!(end(&mut tx, id, FOSTERING, &city, now).await.expect("ended"), 3);
    assert!(held(&mut tx, id, now + 6 * DAY).await.expect("held").is_empty());
    tx.commit().await.expect("committed");
    stage.done().await;
}

#[test]
fn days_are_read_as_typed() {
    let now = web::dates::parse_iso("2026-11-24T07:40:00+07:00").expect("a time");
    let day = |text: &str| web::dates::parse_day(text, "62").expect("a day");
    assert_eq!(Span::read("", " ", now), Ok(Span { from: now, until: None }));
    assert_eq!(Span::read("2026-11-24", "2026-11-25", now), Ok(Span { from: now, until: Some(day("2026-11-25")) }));
    assert_eq!(Span::read("2026-12-01", "", now), Ok(Span { from: day("2026-12-01"), until: None }));
    for (from, until, bad) in [
        ("2026-11-23", "", BadDay::From),
        ("besok", "", BadDay::From),
        ("", "2026-11-24", BadDay::Until),
        ("2026-12-01", "2026-12-01", BadDay::Until),
    ] {
        assert_eq!(Span::read(from, until, now), Err(bad), "{from} {until}");
    }
}
