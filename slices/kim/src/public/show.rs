//! The page of one KIM: who we are, what we do, how to reach us.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::clock::DAY;
use people::roles::OVERSEERS;
use serde_json::json;
use web::{Ctx, Error, Panel, Result, Spot, dates, filters};

use crate::access::{INSIDERS, KEEPERS, may_know};
use crate::activity::{self, Month};
use crate::decree::{self, Decree};
use crate::history::{self, Past};
use crate::member::{self, Member};
use crate::page::{self, Block};
use crate::privacy::contact;
use crate::register::{self, Kim, Status, rules, store};

/// Months that the bars show.
pub const MONTHS: usize = 7;

/// A bar of the figure: its place, its month, its number.
struct Bar {
    x: String,
    y: String,
    height: String,
    name: String,
    articles: i64,
    now: bool,
}

#[derive(Template)]
#[template(path = "public/show.html")]
struct ShowPage {
    kim: Kim,
    mark: String,
    trail: Vec<regions::Region>,
    /// Code and key of the name.
    themes: Vec<(String, &'static str)>,
    /// Key of the words for how lately it published; empty when long ago.
    pulse: &'static str,
    decree: Option<Decree>,
    /// Percent of the term that has passed.
    used: Option<i64>,
    leaders: Vec<Member>,
    bars: Vec<Bar>,
    total: i64,
    whatsapp: Option<String>,
    /// What is shown, in the order of the group.
    blocks: Vec<Block>,
    /// Class of its colour; empty for the colour of the site.
    hue: String,
    panels: Vec<Panel>,
    insider: bool,
    overseer: bool,
    keeps: bool,
    cover: Option<String>,
}

impl ShowPage {
    /// The panels of a block.
    fn panels_of(&self, block: &Block) -> impl Iterator<Item = &Panel> {
        let wanted = match block {
            Block::News => Some(Panel::NEWS),
            Block::Gallery => Some(Panel::GALLERY),
            _ => None,
        };
        self.panels.iter().filter(move |panel| match wanted {
            Some(order) => panel.order == order,
            None => panel.order != Panel::NEWS && panel.order != Panel::GALLERY,
        })
    }

    /// Whether a block has something to show.
    fn is_filled(&self, block: Block) -> bool {
        let kim = &self.kim;
        match block {
            Block::News | Block::Gallery | Block::More => self.panels_of(&block).next().is_some(),
            Block::Contact => kim.public_phone().is_some() || kim.public_email().is_some() || kim.public_address().is_some(),
            Block::Themes => !self.themes.is_empty(),
            Block::Work | Block::About | Block::Members => true,
        }
    }
}

/// The KIM of an address as this visitor may see it, or the answer to give instead.
async fn visible(ctx: &Ctx, conn: &mut Conn, slug: &str) -> Result<Result<Kim, Response>> {
    match register::find(conn, slug).await? {
        Some(kim) if may_know(ctx, &kim) && kim.slug != slug => {
            let rest = ctx.path.strip_prefix(&format!("/kim/{slug}")).unwrap_or_default();
            Ok(Err(web::ctx::moved(&format!("{}{rest}", kim.path()))))
        }
        Some(kim) if may_know(ctx, &kim) => Ok(Ok(kim)),
        Some(_) => Err(Error::Missing),
        None => match store::moved(conn, slug).await? {
            Some(now) => {
                // A moved draft must not tell that it exists.
                let known = register::find(conn, &now).await?.is_some_and(|kim| may_know(ctx, &kim));
                let rest = ctx.path.strip_prefix(&format!("/kim/{slug}")).unwrap_or_default();
                if known { Ok(Err(web::ctx::moved(&format!("/kim/{now}{rest}")))) } else { Err(Error::Missing) }
            }
            None => Err(Error::Missing),
        },
    }
}

/// Leaders whom the group chose to name and who, if they have an account, agree to it; and the tags
/// of all who were asked.
pub async fn leaders(conn: &mut Conn, group: i64) -> Result<(Vec<Member>, Vec<String>)> {
    let mut members = member::store::current(conn, group).await?;
    members.retain(|member| member.show && member.office.leads());
    let asked: Vec<i64> = members.iter().filter_map(|member| member.account_id).collect();
    let agreed = people::consent::named(conn, &asked).await?;
    members.retain(|member| member.account_id.is_none_or(|id| agreed.contains(&id)));
    Ok((members, asked.into_iter().map(people::tag).collect()))
}

pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let mut kim = match visible(&ctx, &mut conn, &slug).await? {
        Ok(kim) => kim,
        Err(answer) => return Ok(answer),
    };
    let owner = contact::hide(&mut conn, &mut kim).await?;
    let months = activity::store::months(&mut conn, kim.id).await?;
    let months = activity::last_months(&months, MONTHS, ctx.now(), &kim.region);
    let decree = decree::store::latest(&mut conn, kim.id).await?;
    let (leaders, mut tags) = leaders(&mut conn, kim.id).await?;
    let panels = ctx.panels(&mut conn, &Spot::Group(kim.id)).await?;
    let arranged = page::store::get(&mut conn, kim.id).await?;
    let mut page = ShowPage {
        mark: kim.mark(true),
        trail: regions::trail(&mut conn, &kim.region).await.or_else(unplaced)?,
        themes: kim.themes().into_iter().filter_map(|code| Some((code.to_owned(), rules::theme_key(code)?))).collect(),
        pulse: pulse(activity::store::last(&mut conn, kim.id).await?, ctx.now()),
        used: decree.as_ref().and_then(|decree| decree.used(ctx.now())),
        decree,
        leaders,
        total: months.iter().map(|month| month.articles).sum(),
        bars: bars(&ctx, &months),
        whatsapp: kim.public_phone().map(|phone| format!("https://wa.me/{}", phone.trim_start_matches('+'))),
        blocks: Vec::new(),
        hue: if arranged.colour.is_empty() { String::new() } else { format!("hue-{}", arranged.colour) },
        panels,
        insider: ctx.may(INSIDERS, &kim.region, Some(kim.id)),
        overseer: ctx.may(OVERSEERS, &kim.region, Some(kim.id)),
        keeps: ctx.may(KEEPERS, &kim.region, Some(kim.id)),
        cover: kim.cover.as_deref().map(|name| base::pictures::path(name, 1600, "webp")),
        kim,
    };
    drop(conn);
    let shown = page::read(&arranged.blocks).into_iter().filter(|one| one.shown).map(|one| one.block);
    page.blocks = shown.filter(|block| page.is_filled(*block)).collect();
    let json_ld = json_ld(&ctx, &page)?;
    let kim = &page.kim;
    let region = page.trail.last().map(|region| (region.name.clone(), region.url()));
    let (open, id, slug, about) = (kim.is_public(), kim.id, kim.path(), kim.about.clone());
    let picture = kim.cover.as_deref().map(|name| ctx.absolute(&base::pictures::path(name, 800, "jpg"))).unwrap_or_default();
    let (dissolved, listing) = (kim.status == Status::Dissolved, kim.is_listing());
    let answer = ctx.page(kim.name.clone(), &page)?.section("/kim").head(|head| {
        head.description = about;
        head.canonical = slug;
        head.picture = picture;
        head.region = region;
        head.private = !open || dissolved || listing;
        head.json_ld = if open { json_ld } else { String::new() };
    });
    tags.extend(owner);
    tags.extend([format!("kim:{id}"), "kim".into()]);
    let answer = if open { answer.tags(tags) } else { answer };
    Ok(answer.into_response())
}

/// A group whose region is not in the table yet still has a page.
fn unplaced(error: base::Error) -> Result<Vec<regions::Region>> {
    if matches!(error, base::Error::Missing) { Ok(Vec::new()) } else { Err(error.into()) }
}

fn pulse(last: Option<i64>, now: i64) -> &'static str {
    match last.map(|last| now - last) {
        Some(passed) if passed < 7 * DAY => "kim-pulse-week",
        Some(passed) if passed < 31 * DAY => "kim-pulse-month",
        _ => "",
    }
}

/// Bars within 100 by 24 units.
fn bars(ctx: &Ctx, months: &[Month]) -> Vec<Bar> {
    let most = months.iter().map(|month| month.articles).max().unwrap_or(0).max(1);
    let step = 100.0 / months.len().max(1) as f64;
    let one = |(i, month): (usize, &Month)| {
        let height = 24.0 * month.articles as f64 / most as f64;
        Bar {
            x: format!("{:.1}", i as f64 * step),
            y: format!("{:.1}", 24.0 - height),
            height: format!("{height:.1}"),
            name: month_name(ctx, &month.month),
            articles: month.articles,
            now: i + 1 == months.len(),
        }
    };
    months.iter().enumerate().map(one).collect()
}

/// "November 2026" of `2026-11`.
fn month_name(ctx: &Ctx, month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap_or((month, "1"));
    format!("{} {year}", dates::month(number.parse().unwrap_or(1), ctx.lang))
}

fn json_ld(ctx: &Ctx, page: &ShowPage) -> Result<String> {
    let kim = &page.kim;
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": ctx.absolute(&kim.path()),
        "url": ctx.absolute(&kim.path()),
        "name": kim.name,
        "areaServed": page.trail.iter().rev().map(|region| region.name.as_str()).collect::<Vec<_>>().join(", "),
    });
    if !kim.about.is_empty() {
        data["description"] = kim.about.as_str().into();
    }
    if let Some(number) = &kim.number {
        data["identifier"] = number.as_str().into();
    }
    if let Some(at) = kim.founded_at {
        data["foundingDate"] = dates::day(at, &kim.region).into();
    }
    if let Some(logo) = &kim.logo {
        data["logo"] = ctx.absolute(&base::pictures::path(logo, 320, "jpg")).into();
    }
    if let Some(phone) = kim.public_phone() {
        data["telephone"] = phone.into();
    }
    if let Some(email) = kim.public_email() {
        data["email"] = email.into();
    }
    if let Some(address) = kim.public_address() {
        data["address"] = address.into();
    }
    // It stands inside a script element, which `</` would end.
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

#[derive(Template)]
#[template(path = "public/history.html")]
struct HistoryPage {
    kim: Kim,
    history: Vec<Past>,
    /// With every step and its reason: for its own people and those who watch over it.
    whole: bool,
}

pub async fn history(ctx: Ctx, Path(slug): Path<String>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = match visible(&ctx, &mut conn, &slug).await? {
        Ok(kim) => kim,
        Err(answer) => return Ok(answer),
    };
    let whole = ctx.may(INSIDERS, &kim.region, Some(kim.id)) || ctx.may(OVERSEERS, &kim.region, Some(kim.id));
    let history = history::of(&mut conn, &kim, whole).await?.steps;
    drop(conn);
    let (open, id) = (kim.is_public(), kim.id);
    let title = ctx.say_with("kim-history-of", &[("name", &kim.name)]);
    let page = ctx.page(title, &HistoryPage { kim, history, whole })?.section("/kim").head(|head| head.private = !open);
    let page = if open { page.tags(vec![format!("kim:{id}"), "kim".into()]) } else { page };
    Ok(page.into_response())
}
