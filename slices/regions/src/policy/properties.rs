//! Policy inheritance over made-up decisions: the nearest one counts, whichever way it is asked for.
//! Drawn by proptest with a fixed seed, so that a failure comes again.
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use stage::{Engine, Stage};

use super::*;

const CODES: &[&str] =
    &[COUNTRY, "62", "62.71", "62.71.01", "62.71.01.1001", "62.71.01.1003", "62.71.02", "62.01", "63", "63.71", "63.71.01.1001"];
const POLICIES: &[Policy] = &[Policy::KimSizeMin, Policy::TermYears, Policy::ReviewChain];

/// What was decided, by region and policy.
type Decisions = BTreeMap<(&'static str, &'static str), String>;

/// The nearest decision, said anew: from the region itself outwards.
fn expected(decisions: &Decisions, code: &str, policy: Policy) -> (String, String) {
    let parts: Vec<&str> = if code == COUNTRY { Vec::new() } else { code.split('.').collect() };
    let line = (1..=parts.len()).rev().map(|n| parts[..n].join(".")).chain([COUNTRY.to_owned()]);
    for region in line {
        if let Some(value) = decisions.get(&(region.as_str(), policy.key())) {
            return (value.clone(), region);
        }
    }
    (policy.default_value().to_owned(), String::new())
}

#[both::both]
async fn the_nearest_decision_counts_whichever_way_it_is_asked_for(engine: Engine) {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    let (by, _) = people::testing::person(&stage.kit, "Sari", &[]).await;
    let mut runner = TestRunner::deterministic();
    let step = (select(CODES), select(POLICIES), proptest::option::weighted(0.7, 1i64..20));
    let mut decisions = Decisions::new();
    let mut inherited = 0;
    for _ in 0..120 {
        let (code, policy, value) = step.new_tree(&mut runner).expect("a step").current();
        let mut tx = stage.write().await;
        match value {
            Some(value) => {
                let value = value.to_string();
                store::set(&mut tx, code, policy, &value, by, stage.kit.clock.now()).await.expect("set");
                decisions.insert((code, policy.key()), value);
            }
            None => {
                store::clear(&mut tx, code, policy).await.expect("cleared");
                decisions.remove(&(code, policy.key()));
            }
        }
        tx.commit().await.expect("committed");

        let mut conn = stage.read().await;
        for code in CODES {
            let root = select(CODES).new_tree(&mut runner).expect("a root").current();
            let below = root == COUNTRY || base::authz::within(code, root);
            let table = Table::load(&mut conn, if root == COUNTRY { "" } else { root }).await.expect("a table");
            for setting in all(&mut conn, code).await.expect("settings") {
                let (value, from) = expected(&decisions, code, setting.policy);
                assert_eq!((&setting.value, &setting.from), (&value, &from), "{code} {}", setting.policy.key());
                if below {
                    assert_eq!(table.get(code, setting.policy), value, "{code} read with all below {root}");
                }
                inherited += usize::from(!from.is_empty() && from != *code);
            }
        }
    }
    assert!(inherited > 1000, "only {inherited} inherited");
    stage.done().await;
}
