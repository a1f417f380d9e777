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
