//! Who may invite to what, and how an invitation stands. The whole way is tested in the slice `kim`.
use base::authz::Grant;

use super::*;
use crate::roles::{AGENCY, RESIDENT};

fn actor(role: Role, scope: Scope, delegated: bool) -> Actor {
    Actor {
        account_id: 1,
        name: String::new(),
        grants: vec![Grant { id: 1, privileged: true, role: role.0.into(), scope, delegated }],
    }
}

const KIM: Scope = Scope::Group(7);
const WARD: &str = "62.71.01.1003";

#[test]
fn officers_invite_into_their_own_group() {
    let officer = actor(OFFICER, KIM, false);
    for role in OF_GROUP {
        assert!(may(&officer, *role, &KIM, WARD, true), "{role:?}");
        assert!(!may(&officer, *role, &Scope::Group(8), WARD, true), "{role:?} of another group");
    }
    for role in [RESIDENT, VERIFIER, OPERATOR] {
        assert!(!may(&officer, role, &KIM, WARD, true), "{role:?} is no role of a group");
    }
    for role in [MEMBER, EDITOR] {
        assert!(!may(&actor(role, KIM, false), MEMBER, &KIM, WARD, true), "{role:?} invites nobody");
    }
}

#[test]
fn a_stand_in_fills_the_roster_and_hands_on_no_rights() {
    let deputy = actor(OFFICER, KIM, true);
    assert!(may(&deputy, MEMBER, &KIM, WARD, true));
    assert!(!may(&deputy, OFFICER, &KIM, WARD, true) && !may(&deputy, EDITOR, &KIM, WARD, true));
    let deputy = actor(VERIFIER, Scope::Region("62.71".into()), true);
    assert!(!may(&deputy, OFFICER, &KIM, WARD, false));
}

#[test]
fn overseers_name_an_officer_only_where_there_is_none() {
    for role in [VERIFIER, FOSTERING] {
        let overseer = actor(role, Scope::Region("62.71".into()), false);
        assert!(may(&overseer, OFFICER, &KIM, WARD, false));
        assert!(!may(&overseer, OFFICER, &KIM, WARD, true), "its own officers invite");
        assert!(!may(&overseer, EDITOR, &KIM, WARD, false) && !may(&overseer, MEMBER, &KIM, WARD, false));
        assert!(!may(&overseer, OFFICER, &KIM, "63.71.01.1001", false), "another city");
    }
    assert!(!may(&actor(AGENCY, Scope::Region("62.71".into()), false), OFFICER, &KIM, WARD, false));
}

#[test]
fn the_operator_alone_invites_officials() {
    let city = Scope::Region("62.71".into());
    let operator = actor(OPERATOR, Scope::All, false);
    for role in OF_REGION {
        assert!(may(&operator, *role, &city, "62.71", true));
        assert!(!may(&actor(FOSTERING, Scope::Region("62".into()), false), *role, &city, "62.71", true));
    }
    assert!(!may(&operator, OPERATOR, &Scope::All, "", true), "that role is given at /kelola, not by a link");
    assert!(!may(&operator, MEMBER, &city, "62.71", true) && !may(&operator, VERIFIER, &KIM, WARD, true));
}

#[test]
fn an_invitation_stands_for_its_time() {
    assert_eq!(standing(None, None, 10, 9), Standing::Open);
    assert_eq!(standing(None, None, 10, 10), Standing::Over);
    assert_eq!(standing(Some(5), None, 10, 6), Standing::Used);
    assert_eq!(standing(Some(5), Some(6), 10, 11), Standing::Revoked);
}

#[test]
fn a_link_becomes_a_picture_that_may_stand_in_a_page() {
    let drawn = qr("https://simpul.example/gabung/abcdefghijkmnpqrstuvwxyz23456789").expect("a code");
    assert!(drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"), "{drawn}");
    assert!(!drawn.contains("style=") && !drawn.contains("script"), "the page's policy holds");
}

/// The secret of an invitation for whoever has it.
pub(crate) async fn poster(stage: &stage::Stage) -> String {
    let (by, _) = crate::testing::person(&stage.kit, "Pengurus", &[(OFFICER, KIM)]).await;
    let new = New { role: MEMBER, scope: KIM, place: WARD, title: "KIM Uji", link: "/", many: true, entry: None, note: "" };
    let (secret, now) = (stage.kit.ids.token(), stage.kit.clock.now());
    let mut tx = stage.write().await;
    store::add(&mut tx, &web::hash(&secret), &new, by, now, now + LASTS).await.expect("an invitation");
    tx.commit().await.expect("a commit");
    secret
}
