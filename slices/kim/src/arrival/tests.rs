//! What stands in the way of an archive before anything of it is kept.
use std::collections::BTreeMap;

use serde_json::{Value, json};
use stage::{Engine, Stage};
use web::arrival::{Arrival, Sort};

use super::check;
use crate::register::Status;
use crate::scene::{self, WARD};

fn row(region: &str) -> Value {
    json!({
        "id": 41, "slug": "kim-riak", "former_slugs": [], "name": "KIM Riak", "number": null, "region": region,
        "status": "active", "listing": "", "about": "", "themes": [], "founded": null, "phone": "", "email": "",
        "address": "", "show_phone": false, "show_email": false, "show_address": false, "logo": "files/a-1600.jpg",
        "cover": null, "colour": "", "blocks": "", "connectivity": "", "equipment": [], "equipment_other": "",
        "created_at": "2026-01-02T08:00:00+07:00", "submitted_at": null, "verified_at": null
    })
}

fn arrival(site: &str, rows: Vec<Value>) -> Arrival {
    let decree =
        json!({ "id": 1, "number": "1", "issued": "2026-01-02", "signer": "Lurah", "expires": null, "scan": "files/sk-1.pdf" });
    let parts = [("kim".to_owned(), rows), ("decrees".to_owned(), vec![decree])];
    Arrival::new(2, site.into(), BTreeMap::from(parts))
}

async fn looked(stage: &Stage, arrival: &mut Arrival, region: Option<&str>) -> Result<Option<String>, String> {
    let mut conn = stage.read().await;
    match check(&stage.kit, &mut conn, arrival, region).await {
        Ok(found) => Ok(found.map(|kim| kim.slug)),
        Err(error) => Err(format!("{error:#}")),
    }
}

#[both::both]
async fn the_region_must_be_a_village_that_is_known(engine: Engine) {
    let stage = scene::open(engine).await;
    let site = "https://asal.example.id";
    for (region, wish, problem) in [
        ("11.01.01.2001", None, "--region CODE"),
        (WARD, Some("99.99.99.9999"), "there is no region 99.99.99.9999"),
        (WARD, Some("62.71"), "no village or ward"),
    ] {
        let error = looked(&stage, &mut arrival(site, vec![row(region)]), wish).await.expect_err("no place");
        assert!(error.contains(problem), "{error}");
    }
    let mut elsewhere = arrival(site, vec![row("11.01.01.2001")]);
    assert_eq!(looked(&stage, &mut elsewhere, Some(WARD)).await, Ok(None));
    assert_eq!((elsewhere.home.region.as_str(), elsewhere.home.was_region.as_str()), (WARD, "11.01.01.2001"));
    for rows in [vec![], vec![row(WARD), row(WARD)]] {
        let error = looked(&stage, &mut arrival(site, rows), None).await.expect_err("not one row");
        assert!(error.contains("one row"), "{error}");
    }
    stage.done().await;
}

#[both::both]
async fn a_code_that_ended_leads_to_the_one_that_took_its_place(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut tx = stage.write().await;
    let ended = base::sql!("update regions_region set valid_until = 1, replaced_by = '62.71.01.1001' where code = $1", WARD);
    tx.run(ended).await.expect("ended");
    tx.commit().await.expect("committed");
    let site = "https://asal.example.id";
    let mut arrival = arrival(site, vec![row(WARD)]);
    assert_eq!(looked(&stage, &mut arrival, None).await, Ok(None));
    assert_eq!(arrival.home.region, "62.71.01.1001");
    stage.done().await;
}

#[both::both]
async fn a_kim_that_never_left_is_here(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let kim = crate::by_id(&mut stage.read().await, id).await.expect("a read").expect("a group");
    let mut own = row(WARD);
    own["id"] = id.into();
    own["created_at"] = web::dates::iso(kim.created_at, WARD).into();
    let mut same = arrival(&stage.kit.config.base_url, vec![own.clone()]);
    assert_eq!(looked(&stage, &mut same, None).await, Ok(Some("kim-riak".into())));
    // Another site may have given the same number at the same moment.
    assert_eq!(looked(&stage, &mut arrival("https://asal.example.id", vec![own]), None).await, Ok(None));
    stage.done().await;
}

#[test]
fn files_are_kept_as_what_they_are() {
    let wanted = super::read(&arrival("https://asal.example.id", vec![row(WARD)])).expect("read");
    let sorts: Vec<(&str, Sort)> = wanted.iter().map(|one| (one.path.as_str(), one.sort)).collect();
    assert_eq!(sorts, [("files/a-1600.jpg", Sort::Picture), ("files/sk-1.pdf", Sort::Paper("private/decree"))]);
}
