//! Properties of grants over made-up lives: regions, times, standing in, handing over. Cases are drawn
//! by proptest; the seed is fixed, so that a failure comes again.
use std::collections::BTreeSet;

use base::authz::{Actor, Grant, Place, Role, Scope, within};
use base::clock::DAY;
use both::both;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use stage::{Client, Engine, Stage};

use crate::roles::{EDITOR, FOSTERING, MEMBER, OFFICER, VERIFIER};
use crate::session::tests::open;
use crate::{grant, testing};

const GROUP_ROLES: [Role; 3] = [MEMBER, OFFICER, EDITOR];

/// Dotted codes of one to four parts, close to each other so that they often lie within one another.
fn code() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof!["6", "62", "7", "71"], 1..5).prop_map(|parts| parts.join("."))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A region grant reaches the region and what lies below, part by part, and nothing beside it.
    #[test]
    fn a_grant_reaches_whole_parts_only(root in code(), place in code(), group in 1i64..4, delegated: bool) {
        let actor = |scope: Scope| Actor {
            account_id: 1,
            name: String::new(),
            grants: vec![Grant { id: 1, privileged: true, role: VERIFIER.0.into(), scope, delegated }],
        };
        let below = {
            let (root, place): (Vec<&str>, Vec<&str>) = (root.split('.').collect(), place.split('.').collect());
            place.starts_with(&root)
        };
        let there = Place { region: &place, group: Some(group) };
        prop_assert_eq!(within(&place, &root), below);
        prop_assert_eq!(actor(Scope::Region(root.clone())).may(&[VERIFIER], &there), below);
        prop_assert_eq!(actor(Scope::Region(root.clone())).owns(&[VERIFIER], &there), below && !delegated);
        prop_assert!(!actor(Scope::Region(root)).may(&[FOSTERING, OFFICER], &there));
        prop_assert!(actor(Scope::All).may(&[VERIFIER], &there));
        prop_assert_eq!(actor(Scope::Group(2)).may(&[VERIFIER], &there), group == 2);
    }
}

/// One drawn value after another.
struct Draw(TestRunner);

impl Draw {
    fn new() -> Draw {
        Draw(TestRunner::deterministic())
    }

    fn one<T: std::fmt::Debug>(&mut self, strategy: impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.0).expect("a value").current()
    }
}

async fn person(stage: &Stage, name: &str) -> (i64, Client) {
    let (id, cookie) = testing::person(&stage.kit, name, &[]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

/// What an account holds of its own in a group, as names.
async fn own(stage: &Stage, account: i64, group: i64) -> BTreeSet<String> {
    let mut conn = stage.read().await;
    let own = grant::own(&mut conn, account, stage.kit.clock.now()).await.expect("grants");
    own.into_iter().filter(|own| own.scope == Scope::Group(group)).map(|own| own.role).collect()
}

/// All that an account may act by in a group, as (name, lent).
async fn held(stage: &Stage, account: i64, group: i64, now: i64) -> BTreeSet<(String, bool)> {
    let mut conn = stage.read().await;
    let held = grant::held(&mut conn, account, now).await.expect("grants");
    held.into_iter().filter(|grant| grant.scope == Scope::Group(group)).map(|grant| (grant.role, grant.delegated)).collect()
}

#[both]
async fn a_grant_holds_between_its_days(engine: Engine) {
    let stage = open(engine).await;
    let mut draw = Draw::new();
    for group in 1..30 {
        let (id, _) = person(&stage, "Orang").await;
        let (days, ends): (i64, bool) = draw.one((0i64..6, any::<bool>()));
        let now = stage.kit.clock.now();
        let until = ends.then_some(now + days * DAY);
        let mut tx = stage.write().await;
        grant::give(&mut tx, id, OFFICER, &Scope::Group(group), None, now, until).await.expect("given");
        tx.commit().await.expect("committed");
        let at = now + draw.one(0i64..6) * DAY;
        let holds = until.is_none_or(|until| at < until);
        let mut conn = stage.read().await;
        assert_eq!(grant::holders(&mut conn, OFFICER, &Scope::Group(group), at).await.expect("holders") == [id], holds);
        assert_eq!(grant::owners(&mut conn, OFFICER, &Scope::Group(group), at).await.expect("owners") == [id], holds);
        assert!(grant::holders(&mut conn, OFFICER, &Scope::Group(group), now - 1).await.expect("holders").is_empty());
        drop(conn);
        assert_eq!(!held(&stage, id, group, at).await.is_empty(), holds, "{days} days, {ends}, at {at}");
    }
    stage.done().await;
}

/// Whatever is lent, lost and ended meanwhile: a stand-in never holds what the giver does not.
#[both]
async fn standing_in_never_exceeds_the_giver(engine: Engine) {
    let stage = open(engine).await;
    let mut draw = Draw::new();
    let mut lent_somewhere = false;
    for group in 1..25 {
        let (giver, mut client) = person(&stage, "Pemberi").await;
        let (deputy, _) = person(&stage, "Pengganti").await;
        let now = stage.kit.clock.now();
        let mut tx = stage.write().await;
        for role in GROUP_ROLES {
            if draw.one(any::<bool>()) {
                let until = draw.one(proptest::option::of(1i64..5)).map(|days| now + days * DAY);
                grant::give(&mut tx, giver, role, &Scope::Group(group), None, now, until).await.expect("given");
            }
        }
        grant::give(&mut tx, deputy, MEMBER, &Scope::Group(group), None, now, None).await.expect("given");
        tx.commit().await.expect("committed");
        let (from, long): (i64, i64) = draw.one((0i64..3, 0i64..5));
        let day = |after: i64| web::dates::day(now + after * DAY, "62");
        let (tempat, whom, from, until) = (format!("kim-{group}"), deputy.to_string(), day(from), day(from + long));
        let fields = [("tempat", tempat.as_str()), ("pengganti", &whom), ("mulai", &from), ("sampai", &until)];
        client.post("/akun/pengganti", &fields).await;
        // Something may end before its time.
        if draw.one(any::<bool>()) {
            let role = GROUP_ROLES[draw.one(0usize..3)];
            let mut tx = stage.write().await;
            grant::end(&mut tx, giver, role, &Scope::Group(group), now).await.expect("ended");
            tx.commit().await.expect("committed");
        }
        for after in 0..8 {
            let at = now + after * DAY;
            let theirs: BTreeSet<String> = held(&stage, giver, group, at).await.into_iter().map(|(role, _)| role).collect();
            let all = held(&stage, deputy, group, at).await;
            let lent: BTreeSet<String> = all.iter().filter(|(_, lent)| *lent).map(|(role, _)| role.clone()).collect();
            assert!(lent.is_subset(&theirs), "group {group}, day {after}: {lent:?} of {theirs:?}");
            assert!(all.contains(&("member".into(), false)), "their own stays");
            lent_somewhere |= !lent.is_empty();
            let within = day(after) >= from && day(after) <= until;
            assert!(within || lent.is_empty(), "group {group}: lent on {} of {from} to {until}", day(after));
        }
    }
    assert!(lent_somewhere, "the cases lend at all");
    stage.done().await;
}

/// Handing over makes and loses no right: the two together hold what they held before, and what was
/// chosen is the successor's.
#[both]
async fn handing_over_conserves_the_grants(engine: Engine) {
    let stage = open(engine).await;
    let mut draw = Draw::new();
    let mut moved = 0;
    for group in 1..25 {
        let (source, mut client) = person(&stage, "Yang menyerahkan").await;
        let (target, _) = person(&stage, "Yang menerima").await;
        let now = stage.kit.clock.now();
        let mut tx = stage.write().await;
        for (account, least) in [(source, false), (target, true)] {
            for role in GROUP_ROLES {
                if draw.one(any::<bool>()) || (least && role == MEMBER) {
                    grant::give(&mut tx, account, role, &Scope::Group(group), None, now, None).await.expect("given");
                }
            }
        }
        tx.commit().await.expect("committed");
        let before = (own(&stage, source, group).await, own(&stage, target, group).await);
        let chosen: Vec<&str> = GROUP_ROLES.iter().map(|role| role.0).filter(|_| draw.one(any::<bool>())).collect();
        let stays = draw.one(any::<bool>());
        let (tempat, to) = (format!("kim-{group}"), target.to_string());
        let mut fields = vec![("tempat", tempat.as_str()), ("penerima", &to)];
        fields.extend(chosen.iter().map(|role| ("peran", *role)));
        if stays {
            fields.push(("tetap", "1"));
        }
        let answer = client.post("/akun/serah-terima", &fields).await;
        let after = (own(&stage, source, group).await, own(&stage, target, group).await);
        let given: BTreeSet<String> = before.0.iter().filter(|role| chosen.contains(&role.as_str())).cloned().collect();
        if given.is_empty() {
            assert_ne!(answer.status.as_u16(), 303, "nothing to hand over");
            assert_eq!(before, after);
            continue;
        }
        answer.expect(303);
        moved += 1;
        assert_eq!(after.1, before.1.union(&given).cloned().collect(), "the successor holds both");
        let mut left: BTreeSet<String> = before.0.difference(&given).cloned().collect();
        if left.is_empty() && stays {
            left.insert(MEMBER.0.into());
        }
        assert_eq!(after.0, left, "and the other what was not chosen");
        let union = |pair: &(BTreeSet<String>, BTreeSet<String>)| pair.0.union(&pair.1).cloned().collect::<BTreeSet<_>>();
        assert_eq!(union(&before), union(&after), "nothing made, nothing lost");
    }
    assert!(moved > 5, "the cases hand over at all");
    stage.settle().await;
    stage.done().await;
}
