//! Editing what a KIM says of itself: name and address, themes, contacts and who may see them, pictures.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::pictures::{self, Refused};
use serde::Deserialize;
use web::{Ctx, Errors, Form, Page, Result, Upload, dates, filters};

use super::{Kim, rules, step, store};
use crate::access::kept;
use crate::privacy::contact;

/// What the profile form holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    pub nama: String,
    pub alamat_halaman: String,
    pub tentang: String,
    pub berdiri: String,
    pub tema: Vec<String>,
    pub telepon: String,
    pub surel: String,
    pub alamat: String,
    pub tampil_telepon: String,
    pub tampil_surel: String,
    pub tampil_alamat: String,
    pub hapus_logo: String,
    pub hapus_sampul: String,
}

#[derive(Template)]
#[template(path = "register/profile.html")]
struct ProfilePage {
    kim: Kim,
    errors: Errors,
    data: ProfileForm,
    /// Code, key of the name, chosen.
    themes: Vec<(&'static str, &'static str, bool)>,
    today: String,
    key: String,
}

fn tick(on: bool) -> String {
    if on { "1".into() } else { String::new() }
}

impl ProfileForm {
    fn of(kim: &Kim) -> ProfileForm {
        ProfileForm {
            nama: kim.name.clone(),
            alamat_halaman: kim.slug.clone(),
            tentang: kim.about.clone(),
            berdiri: kim.founded_at.map(|at| dates::day(at, &kim.region)).unwrap_or_default(),
            tema: kim.themes().into_iter().map(str::to_owned).collect(),
            telepon: kim.contact_phone.clone(),
            surel: kim.contact_email.clone(),
            alamat: kim.contact_address.clone(),
            tampil_telepon: tick(kim.show_phone),
            tampil_surel: tick(kim.show_email),
            tampil_alamat: tick(kim.show_address),
            hapus_logo: String::new(),
            hapus_sampul: String::new(),
        }
    }
}

fn render(ctx: &Ctx, kim: Kim, data: ProfileForm, errors: Errors) -> Result<Page> {
    let chosen = |code: &str| data.tema.iter().any(|theme| theme == code);
    let page = ProfilePage {
        themes: rules::THEMES.iter().map(|(code, key)| (*code, *key, chosen(code))).collect(),
        today: dates::day(ctx.now(), &kim.region),
        key: ctx.kit.ids.token(),
        kim,
        errors,
        data,
    };
    Ok(ctx.page(ctx.say("kim-profile-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn edit(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let data = ProfileForm::of(&kim);
    render(&ctx, kim, data, Errors::default())
}

/// A form that holds.
struct Read {
    name: String,
    slug: String,
    about: String,
    founded_at: Option<i64>,
    phone: String,
    email: String,
    address: String,
}

fn read(ctx: &Ctx, kim: &Kim, data: &ProfileForm, errors: &mut Errors) -> Read {
    let read = Read {
        name: rules::tidy(&data.nama),
        slug: data.alamat_halaman.trim().to_lowercase(),
        about: data.tentang.trim().to_owned(),
        founded_at: dates::parse_day(&data.berdiri, &kim.region),
        phone: people::account::phone(data.telepon.trim()).unwrap_or_default(),
        email: data.surel.trim().to_lowercase(),
        address: rules::tidy(&data.alamat),
    };
    errors.text(&read.name, "nama", "kim-name-empty", rules::NAME_MOST);
    errors.check(read.name.trim().is_empty() || rules::is_name(&read.name), "nama", "kim-name-empty");
    errors.check(rules::is_slug(&read.slug), "alamat_halaman", "kim-slug-bad");
    errors.most(&read.about, "tentang", rules::ABOUT_MOST);
    let founded = data.berdiri.trim().is_empty() || read.founded_at.is_some_and(|at| at <= ctx.now());
    errors.check(founded, "berdiri", "kim-founded-bad");
    errors.check(data.tema.len() <= rules::THEMES_MOST, "tema", "kim-themes-many");
    errors.check(data.telepon.trim().is_empty() || !read.phone.is_empty(), "telepon", "kim-phone-bad");
    errors.check(read.email.is_empty() || is_email(&read.email), "surel", "kim-email-bad");
    errors.most(&read.address, "alamat", rules::ADDRESS_MOST);
    errors.check(data.tampil_telepon.is_empty() || !data.telepon.trim().is_empty(), "telepon", "kim-phone-show-empty");
    errors.check(data.tampil_surel.is_empty() || !read.email.is_empty(), "surel", "kim-email-show-empty");
    errors.check(data.tampil_alamat.is_empty() || !read.address.is_empty(), "alamat", "kim-address-show-empty");
    read
}

pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()\"',;:".contains(c));
    let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@');
    plain && dotted && !name.is_empty() && text.len() <= 120
}

pub async fn save(ctx: Ctx, Path(slug): Path<String>, form: Form<ProfileForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let mut errors = Errors::default();
    let read = read(&ctx, &kim, &form.data, &mut errors);
    if read.slug != kim.slug && errors.of("alamat_halaman").is_none() {
        errors.check(!store::slug_taken(&mut conn, &read.slug, kim.id).await?, "alamat_halaman", "kim-slug-taken");
    }
    if !form.data.tampil_telepon.is_empty() && !read.phone.is_empty() {
        contact::check(&ctx, &mut conn, &read.phone, &mut errors).await?;
    }
    let place = regions::full_name(&mut conn, &kim.region).await?;
    drop(conn);
    if !errors.is_empty() {
        return Ok(render(&ctx, kim, form.data, errors)?.invalid().into_response());
    }
    let logo = picture(&ctx, form.files("logo").next(), "logo", &mut errors).await?;
    let cover = picture(&ctx, form.files("sampul").next(), "sampul", &mut errors).await?;
    if !errors.is_empty() {
        return Ok(render(&ctx, kim, form.data, errors)?.invalid().into_response());
    }

    let data = &form.data;
    let pick =
        |new: Option<String>, old: &Option<String>, drop: &str| new.or_else(|| if drop.is_empty() { old.clone() } else { None });
    let profile = store::Profile {
        slug: &read.slug,
        name: &read.name,
        needle: &rules::needle(&read.name, &place, kim.number.as_deref()),
        about: &read.about,
        founded_at: read.founded_at,
        themes: &rules::join_themes(&data.tema),
        phone: &read.phone,
        email: &read.email,
        address: &read.address,
        show_phone: !data.tampil_telepon.is_empty(),
        show_email: !data.tampil_surel.is_empty(),
        show_address: !data.tampil_alamat.is_empty(),
        logo: pick(logo, &kim.logo, &data.hapus_logo),
        cover: pick(cover, &kim.cover, &data.hapus_sampul),
    };
    let now = Kim { name: read.name.clone(), slug: read.slug.clone(), ..kim.clone() };
    let mut tx = ctx.kit.db.write().await?;
    store::set_profile(&mut tx, kim.id, &profile, ctx.now()).await?;
    if read.slug != kim.slug {
        store::keep_slug(&mut tx, kim.id, &kim.slug, &read.slug, ctx.now()).await?;
    }
    let kind = if read.name != kim.name && kim.status.is_public() { "kim.group.renamed" } else { "kim.group.changed" };
    tx.emit(step::event(&ctx, &now, kind)).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}", read.slug), "kim-done-profile");
    let answer = ctx.commit(tx, &form, answer).await?;
    let replaced = [(&kim.logo, &profile.logo), (&kim.cover, &profile.cover)];
    for old in replaced.into_iter().filter(|(old, new)| old != new).filter_map(|(old, _)| old.as_deref()) {
        pictures::delete(&ctx.kit.blobs, old).await?;
    }
    Ok(answer)
}

/// Stores a picture that came with a form; a problem of its field when it is none.
pub async fn picture(ctx: &Ctx, sent: Option<&Upload>, field: &str, errors: &mut Errors) -> Result<Option<String>> {
    let Some(sent) = sent else { return Ok(None) };
    match pictures::store(&ctx.kit.blobs, ctx.kit.ids.token(), sent.bytes.clone()).await? {
        Ok(stored) => Ok(Some(stored.name)),
        Err(refused) => {
            errors.add(field, refusal(refused));
            Ok(None)
        }
    }
}

/// Key of why a picture was refused.
pub fn refusal(refused: Refused) -> &'static str {
    match refused {
        Refused::Unreadable => "kim-picture-unreadable",
        Refused::TooLarge => "kim-picture-large",
    }
}
