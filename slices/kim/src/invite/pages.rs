//! The officers' page of invitations: making one, sharing it, who waits, who came, revoking.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::authz::{Role, Scope};
use people::invite::{self, Joined, Listed, NOTE_MOST, New, Standing};
use people::roles::{self, EDITOR, MEMBER, OFFICER};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use crate::access::{KEEPERS, id_of, kept};
use crate::member::{Member, store};
use crate::register::{Kim, rules};

/// Invitations on one page.
const PAGE: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Entry of the roster that the invitation is for.
    pub anggota: String,
    /// Id of the last invitation before this page.
    pub setelah: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    pub peran: String,
    /// `satu` or `banyak`.
    pub untuk: String,
    pub anggota: String,
    pub catatan: String,
}

/// An invitation with what the list says of it.
struct Line {
    invite: Listed,
    standing: Standing,
    /// Whom it is for: an entry of the roster or the note.
    whom: String,
    joined: Vec<Joined>,
}

#[derive(Template)]
#[template(path = "invite/list.html")]
struct ListPage {
    kim: Kim,
    waiting: Vec<Joined>,
    /// The entry that the form is about.
    entry: Option<Member>,
    roles: Vec<(&'static str, &'static str)>,
    /// A stand-in invites members only.
    stands_in: bool,
    lines: Vec<Line>,
    next: Option<String>,
    errors: Errors,
    data: InviteForm,
    key: String,
}

/// Roles that the person may give: a stand-in gives no lasting rights. For an entry of the roster they
/// follow from its office.
fn offered(ctx: &Ctx, kim: &Kim, entry: Option<&Member>) -> Vec<Role> {
    let lasting = ctx.owns(KEEPERS, &kim.region, Some(kim.id));
    let fits = |role: &Role| match entry {
        Some(member) if member.office.keeps() => *role == OFFICER,
        Some(_) => *role != OFFICER,
        None => true,
    };
    invite::OF_GROUP.iter().copied().filter(|role| lasting || *role == MEMBER).filter(fits).collect()
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, asked: &str, data: InviteForm, errors: Errors) -> Result<Page> {
    let roster = store::current(conn, kim.id).await?;
    let entry = roster.iter().find(|member| member.account_id.is_none() && member.id.to_string() == data.anggota).cloned();
    let mut listed = invite::list(conn, Some(kim.id), asked.parse().unwrap_or(i64::MAX), PAGE + 1).await?;
    let more = listed.len() > PAGE as usize;
    listed.truncate(PAGE as usize);
    let next = listed.last().filter(|_| more).map(|last| format!("/meja/kim/{}/undangan?setelah={}", kim.slug, last.id));
    let mut lines = Vec::new();
    for invite in listed {
        let meant = roster.iter().find(|member| Some(member.id) == invite.entry_id);
        let whom = meant.map_or_else(|| invite.note.clone(), |member| member.name.clone());
        let standing = invite.standing(ctx.now());
        lines.push(Line { joined: invite::joined(conn, invite.id).await?, standing, whom, invite });
    }
    let page = ListPage {
        waiting: invite::waiting(conn, kim.id).await?,
        roles: offered(ctx, &kim, entry.as_ref()).into_iter().map(|role| (role.0, roles::key(role.0))).collect(),
        stands_in: !ctx.owns(KEEPERS, &kim.region, Some(kim.id)),
        entry,
        lines,
        next,
        errors,
        data,
        key: ctx.kit.ids.token(),
        kim,
    };
    Ok(ctx.page(ctx.say("kim-invite-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn list(ctx: Ctx, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let data = InviteForm { anggota: asked.anggota, untuk: "satu".into(), ..InviteForm::default() };
    page(&ctx, &mut conn, kim, &asked.setelah, data, Errors::default()).await
}

pub async fn make(ctx: Ctx, Path(slug): Path<String>, form: Form<InviteForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let data = &form.data;
    let mut errors = Errors::default();
    let entry = match data.anggota.trim() {
        "" => None,
        id => {
            let member = store::get(&mut conn, kim.id, id_of(id)?).await?;
            Some(
                member
                    .filter(|one| one.left_at.is_none() && one.account_id.is_none())
                    .ok_or(Error::Conflict("kim-invite-linked"))?,
            )
        }
    };
    let role = roles::parse(&data.peran).filter(|role| offered(&ctx, &kim, entry.as_ref()).contains(role));
    errors.check(role.is_some(), "peran", "kim-invite-role-empty");
    let many = data.untuk == "banyak";
    errors.check(matches!(data.untuk.as_str(), "satu" | "banyak"), "untuk", "kim-invite-for-empty");
    errors.check(!many || entry.is_none(), "untuk", "kim-invite-entry-one");
    let note = rules::tidy(&data.catatan);
    errors.most(&note, "catatan", NOTE_MOST);
    let (Some(role), true) = (role, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, kim, "", form.data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let back = format!("/meja/kim/{}/undangan", kim.slug);
    let new = New {
        role,
        scope: Scope::Group(kim.id),
        place: &kim.region,
        title: &kim.name,
        link: &back,
        many,
        entry: entry.as_ref().map(|member| member.id),
        note: &note,
    };
    made(&ctx, &new, &back).await
}

#[derive(Template)]
#[template(path = "invite/made.html")]
struct MadePage<'a> {
    title: &'a str,
    role: &'static str,
    many: bool,
    address: String,
    qr: String,
    whatsapp: String,
    ends_at: i64,
    back: &'a str,
}

/// Makes an invitation and shows it: the one time that its link can be seen.
pub(crate) async fn made(ctx: &Ctx, new: &New<'_>, back: &str) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let secret = invite::make(ctx, &mut tx, new).await?;
    // Not kept for replay: the secret is shown once and stored nowhere.
    ctx.commit_plain(tx).await?;
    let address = invite::address(ctx, &secret);
    let words = ctx.say_with("kim-invite-words", &[("title", new.title), ("address", &address)]);
    let page = MadePage {
        title: new.title,
        role: roles::key(new.role.0),
        many: new.many,
        qr: invite::qr(&address)?,
        whatsapp: whatsapp(&words),
        address,
        ends_at: ctx.now() + invite::LASTS,
        back,
    };
    Ok(ctx.page(ctx.say("kim-invite-made"), &page)?.head(|head| head.private = true).into_response())
}

/// The address that opens WhatsApp with a text.
fn whatsapp(words: &str) -> String {
    let text: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    // A plus sign is a space in forms only.
    format!("https://wa.me/?text={}", text.replace('+', "%20"))
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn revoke(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    if !invite::revoke(&ctx, &mut tx, id_of(&id)?, Some(kim.id)).await? {
        return Err(Error::Missing);
    }
    let answer = ctx.onward(&format!("/meja/kim/{}/undangan", kim.slug), "kim-invite-done-revoked");
    ctx.commit(tx, &form, answer).await
}

pub async fn approve(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<Nothing>) -> Result<Response> {
    decide(ctx, slug, &id, form, true).await
}

pub async fn refuse(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<Nothing>) -> Result<Response> {
    decide(ctx, slug, &id, form, false).await
}

async fn decide(ctx: Ctx, slug: String, id: &str, form: Form<Nothing>, yes: bool) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let join = id_of(id)?;
    let done = match yes {
        true => invite::approve(&ctx, &mut tx, join, kim.id).await?,
        false => invite::refuse(&ctx, &mut tx, join, kim.id).await?,
    };
    if !done {
        return Err(Error::Missing);
    }
    let text = if yes { "kim-invite-done-approved" } else { "kim-invite-done-refused" };
    ctx.commit(tx, &form, ctx.onward(&format!("/meja/kim/{}/undangan", kim.slug), text)).await
}

impl ListPage {
    /// Whether a role is chosen; the first unless another was sent.
    fn chosen(&self, role: &str) -> bool {
        match self.data.peran.as_str() {
            "" => self.roles.first().is_some_and(|first| first.0 == role),
            sent => sent == role,
        }
    }

    /// What a role may do, in a few words.
    fn note(&self, role: &str) -> &'static str {
        match role {
            _ if role == EDITOR.0 => "kim-invite-editor",
            _ if role == OFFICER.0 => "kim-invite-officer",
            _ => "kim-invite-member",
        }
    }
}
