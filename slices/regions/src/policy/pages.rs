//! The page of a region's policies: open for reading, a form for those who foster there.
use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Conn, Event};
use people::roles::OVERSEERS;
use web::{Ctx, Error, Errors, Form, Page, filters};

use super::{Kind, Policy, Setting, TEXT, check, store};
use crate::region::{self, COUNTRY, Region};

/// A policy as it is read.
pub struct Line {
    /// Text key.
    pub label: &'static str,
    /// The value in words.
    pub said: String,
    /// Who decided, where and when.
    pub source: String,
}

/// What holds in a region, in the reader's words.
pub async fn lines(ctx: &Ctx, conn: &mut Conn, region: &str) -> web::Result<Vec<Line>> {
    let settings = super::all(conn, region).await?;
    let words = Words::load(conn, &settings).await?;
    Ok(settings.iter().map(|setting| words.line(ctx, setting)).collect())
}

/// Names of the regions and persons behind some settings.
pub(super) struct Words {
    regions: HashMap<String, String>,
    persons: HashMap<i64, String>,
}

impl Words {
    pub(super) async fn load(conn: &mut Conn, settings: &[Setting]) -> web::Result<Words> {
        let mut regions = HashMap::new();
        for setting in settings.iter().filter(|setting| !setting.from.is_empty() && setting.from != COUNTRY) {
            if !regions.contains_key(&setting.from) {
                let name = region::get(conn, &setting.from).await?.name;
                regions.insert(setting.from.clone(), name);
            }
        }
        let mut ids: Vec<i64> = settings.iter().filter_map(|setting| setting.set_by).collect();
        ids.sort_unstable();
        ids.dedup();
        let agreed = people::consent::named(conn, &ids).await?;
        let mut persons = people::account::names(conn, &ids).await?;
        persons.retain(|id, _| agreed.contains(id));
        Ok(Words { regions, persons })
    }

    fn line(&self, ctx: &Ctx, setting: &Setting) -> Line {
        Line { label: setting.policy.label(), said: said(ctx, setting), source: self.source(ctx, setting) }
    }

    /// Name of the place that decided.
    pub(super) fn place(&self, ctx: &Ctx, setting: &Setting) -> String {
        match self.regions.get(&setting.from) {
            Some(name) => name.clone(),
            None => ctx.say("regions-kind-country"),
        }
    }

    /// Who decided, if they agree to be named.
    pub(super) fn person(&self, setting: &Setting) -> Option<&String> {
        setting.set_by.and_then(|id| self.persons.get(&id))
    }

    fn source(&self, ctx: &Ctx, setting: &Setting) -> String {
        let Some(at) = setting.set_at else { return ctx.say("regions-policy-from-default") };
        let place = self.place(ctx, setting);
        let date = web::dates::date(at, ctx.lang, &setting.from);
        match self.person(setting) {
            Some(name) => ctx.say_with("regions-policy-from", &[("place", &place), ("name", name), ("date", &date)]),
            None => ctx.say_with("regions-policy-from-place", &[("place", &place), ("date", &date)]),
        }
    }
}

/// A value in words.
pub(super) fn said(ctx: &Ctx, setting: &Setting) -> String {
    match (setting.policy.kind(), setting.policy.unit()) {
        (_, Some(unit)) => ctx.say_with(unit, &[("n", &setting.value)]),
        (Kind::Choice(choices), _) => {
            let key = choices.iter().find(|(value, _)| *value == setting.value).map(|(_, key)| *key);
            key.map_or(setting.value.clone(), |key| ctx.say(key))
        }
        _ => setting.value.clone(),
    }
}

/// One field of the form.
struct Field {
    name: &'static str,
    label: &'static str,
    /// What holds while the field is empty.
    hint: String,
    value: String,
    kind: Kind,
}

#[derive(Template)]
#[template(path = "policy/show.html")]
struct Show {
    key: String,
    /// `None` for the whole country.
    region: Option<Region>,
    place: String,
    path: String,
    above: Vec<Region>,
    lines: Vec<Line>,
    /// Empty for those who may only read.
    fields: Vec<Field>,
    errors: Errors,
}

/// The region of the address; `None` for the whole country.
struct Place {
    code: String,
    above: Vec<Region>,
    region: Option<Region>,
}

async fn place(conn: &mut Conn, code: &str) -> web::Result<Place> {
    if code == COUNTRY {
        return Ok(Place { code: code.into(), above: Vec::new(), region: None });
    }
    let mut above = region::trail(conn, code).await?;
    let region = above.pop().ok_or(Error::Missing)?;
    Ok(Place { code: code.into(), above, region: Some(region) })
}

impl Place {
    /// As grants name it: the country is the empty code.
    fn authority(&self) -> &str {
        if self.code == COUNTRY { "" } else { &self.code }
    }

    fn name(&self, ctx: &Ctx) -> String {
        self.region.as_ref().map_or_else(|| ctx.say("regions-kind-country"), |region| region.name.clone())
    }

    fn is_current(&self) -> bool {
        self.region.as_ref().is_none_or(Region::is_current)
    }

    fn path(&self) -> String {
        format!("/wilayah/{}/aturan", self.code)
    }
}

/// What would hold without the region's own decisions.
async fn without_own(conn: &mut Conn, place: &Place) -> web::Result<(Vec<Setting>, Vec<Setting>)> {
    let rows = store::decided(conn, &place.code).await?;
    let (own, above): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.region == place.code);
    let inherited = Policy::ALL.into_iter().map(|policy| super::nearest(&above, policy)).collect();
    let own = Policy::ALL.into_iter().map(|policy| super::nearest(&own, policy));
    Ok((own.filter(|setting| !setting.from.is_empty()).collect(), inherited))
}

/// `GET /wilayah/{code}/aturan`
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let place = place(&mut conn, &code).await?;
    let page = render(&ctx, &mut conn, &place, None, Errors::default()).await?;
    let deciders = super::all(&mut conn, &place.code).await?.into_iter().filter_map(|setting| setting.set_by).map(people::tag);
    Ok(page.tags(deciders.chain([format!("region:{code}"), "regions".into()]).collect()))
}

async fn render(
    ctx: &Ctx,
    conn: &mut Conn,
    place: &Place,
    typed: Option<&BTreeMap<String, String>>,
    errors: Errors,
) -> web::Result<Page> {
    let lines = lines(ctx, conn, &place.code).await?;
    let mut fields = Vec::new();
    if place.is_current() && ctx.may(OVERSEERS, place.authority(), None) {
        let (own, inherited) = without_own(conn, place).await?;
        let words = Words::load(conn, &inherited).await?;
        for setting in &inherited {
            let line = words.line(ctx, setting);
            let name = setting.policy.key();
            let kept = own.iter().find(|own| own.policy == setting.policy).map(|own| own.value.clone());
            let value = typed.map_or(kept, |typed| typed.get(name).cloned()).unwrap_or_default();
            let hint = ctx.say_with("regions-policy-hint", &[("value", &line.said), ("source", &line.source)]);
            fields.push(Field { name, label: line.label, hint, value, kind: setting.policy.kind() });
        }
    }
    let name = place.name(ctx);
    let show = Show {
        key: ctx.kit.ids.token(),
        region: place.region.clone(),
        place: name.clone(),
        path: place.path(),
        above: place.above.clone(),
        lines,
        fields,
        errors,
    };
    ctx.page(ctx.say_with("regions-policy-title", &[("name", &name)]), &show)
}

/// `POST /wilayah/{code}/aturan`
pub async fn save(ctx: Ctx, Path(code): Path<String>, form: Form<BTreeMap<String, String>>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let place = place(&mut conn, &code).await?;
    let by = ctx.require(OVERSEERS, place.authority(), None)?.account_id;
    if !place.is_current() {
        return Err(Error::Missing);
    }
    let (own, inherited) = without_own(&mut conn, &place).await?;
    let values = match check(&form.data, &inherited) {
        Ok(values) => values,
        Err(errors) => {
            return Ok(render(&ctx, &mut conn, &place, Some(&form.data), errors).await?.invalid().into_response());
        }
    };
    drop(conn);
    let name = place.name(&ctx);
    let mut tx = ctx.kit.db.write().await?;
    let mut changes = serde_json::Map::new();
    for (policy, value) in values {
        let before = own.iter().find(|setting| setting.policy == policy).map_or("", |setting| &setting.value);
        if before == value {
            continue;
        }
        match value.is_empty() {
            true => store::clear(&mut tx, &code, policy).await?,
            false => store::set(&mut tx, &code, policy, &value, by, ctx.now()).await?,
        }
        changes.insert(policy.key().into(), serde_json::json!([before, value]));
    }
    if changes.is_empty() {
        let answer = ctx.onward(&place.path(), "regions-policy-unchanged");
        return ctx.commit(tx, &form, answer).await;
    }
    tx.emit(Event {
        actor_id: Some(by),
        region: place.region.as_ref().map(|region| region.code.clone()),
        link: place.path(),
        title: name.clone(),
        data: serde_json::json!({ "changes": changes }).to_string(),
        ..Event::new(ctx.now(), "regions.policy.changed", ("region", region::subject_id(&code)))
    })
    .await?;
    let answer = ctx.onward_with(&place.path(), "positive", "regions-policy-saved", &[("name", &name)]);
    ctx.commit(tx, &form, answer).await
}
