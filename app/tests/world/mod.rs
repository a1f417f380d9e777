//! Two villages with a KIM each, everything that an address can name, and persons of every role,
//! account status and membership status. For the tests over permissions.
#![allow(dead_code, reason = "each test uses its part")]
use base::authz::{Role, Scope};
use base::clock::DAY;
use base::{Query, Value};
use newsroom::article::Status;
use people::roles::{AGENCY, EDITOR, FOSTERING, MEMBER, OFFICER, OPERATOR, VERIFIER};
use stage::{Client, Engine, Stage};

/// The village whose objects the matrix asks for, and one across the border of the province.
pub const HERE: &str = "62.71.01.1005";
pub const THERE: &str = "63.71.01.1001";

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Active,
    /// Its data is hidden; it works on.
    Restricted,
    Locked,
    Erased,
    /// Made by an invitation and not let in yet.
    Joining,
}

/// How a right stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    Holds,
    /// Over the other village or its province.
    Elsewhere,
    /// Was ended.
    Ended,
    /// Ran out.
    Expired,
    /// Is yet to begin.
    Future,
}

/// Somebody at the door.
#[derive(Clone, Debug)]
pub struct Person {
    pub role: &'static str,
    pub account: Account,
    pub membership: Membership,
}

impl Person {
    pub fn new(role: &'static str, account: Account, membership: Membership) -> Person {
        Person { role, account, membership }
    }

    /// As whom the doors must treat them.
    pub fn acts_as(&self) -> String {
        match (self.account, self.membership) {
            (Account::Locked | Account::Erased, _) => "nobody".into(),
            // A token of such an account is nobody's.
            (Account::Joining, _) if self.role == "token" => "nobody".into(),
            (Account::Joining, _) => "joining".into(),
            (_, Membership::Holds) => self.role.into(),
            (_, Membership::Elsewhere) => format!("other {}", self.role),
            (_, Membership::Ended | Membership::Expired | Membership::Future) => "resident".into(),
        }
    }

    pub fn name(&self) -> String {
        format!("{:?} {} whose right {:?}", self.account, self.role, self.membership).to_lowercase()
    }
}

pub const ROLES: &[(&str, Role)] = &[
    ("member", MEMBER),
    ("officer", OFFICER),
    ("editor", EDITOR),
    ("verifier", VERIFIER),
    ("fostering", FOSTERING),
    ("agency", AGENCY),
    ("operator", OPERATOR),
];

/// Role × account status × membership status × own or other village; and those without a role.
pub fn persons() -> Vec<Person> {
    use Account::{Active, Erased, Locked, Restricted};
    use Membership::{Elsewhere, Ended, Expired, Future, Holds};
    let mut all = vec![Person::new("nobody", Active, Holds), Person::new("token", Active, Holds)];
    all.extend([Active, Restricted, Locked, Erased].map(|account| Person::new("resident", account, Holds)));
    // Whatever they hold by mistake counts for nothing before they are in.
    all.extend(["token", "officer", "editor", "verifier", "operator"].map(|role| Person::new(role, Account::Joining, Holds)));
    for (role, _) in ROLES {
        for account in [Active, Restricted, Locked, Erased] {
            for membership in [Holds, Elsewhere, Ended, Expired, Future] {
                // A locked account is locked whatever it holds, and the operator has no elsewhere.
                let told = matches!(account, Locked | Erased) && membership != Holds;
                let nowhere = *role == "operator" && membership == Elsewhere;
                let twice = account == Restricted && !matches!(membership, Holds | Elsewhere);
                if !told && !nowhere && !twice {
                    all.push(Person::new(role, account, membership));
                }
            }
        }
    }
    all
}

/// One village and what lies in it.
#[derive(Clone, Debug)]
pub struct Village {
    pub region: &'static str,
    pub slug: &'static str,
    pub group: kim::Brief,
    pub member: i64,
    pub decree: i64,
    pub request: i64,
    /// A KIM of the register that nobody keeps yet.
    pub listing: i64,
    pub listing_slug: String,
}

/// The secret of a link that nobody ever got.
const SECRET: &str = "abcdefghijkmnpqrstuvwxyz23456789";

/// What an address may name, of one village.
#[derive(Clone, Debug)]
pub struct Story {
    pub id: i64,
    pub slug: String,
    pub photo: i64,
    pub revision: i64,
}

pub struct World {
    pub stage: Stage,
    pub here: Village,
    pub there: Village,
    /// An account that the operator may do things to.
    pub target: i64,
}

async fn number(stage: &Stage, text: &'static str, values: Vec<Value>) -> i64 {
    let mut tx = stage.write().await;
    let id = tx.int(Query::new(text, values)).await.expect("an id");
    tx.commit().await.expect("committed");
    id
}

async fn village(stage: &Stage, slug: &'static str, region: &'static str, by: i64) -> Village {
    let id = kim::testing::active(&stage.kit, slug, region).await;
    let now = stage.kit.clock.now();
    let member = number(
        stage,
        "insert into kim_member (group_id, name, office, division, joined_at) values ($1, 'Anggota Lama', 'member', '', $2) returning id",
        vec![id.into(), now.into()],
    );
    let member = member.await;
    let scan = format!("private/decree/{slug}.jpg");
    stage.kit.blobs.put(&scan, bytes::Bytes::from_static(b"jpg")).await.expect("a scan");
    let decree = number(
        stage,
        "insert into kim_decree (group_id, number, issued_at, signer, scan, created_at) values ($1, '1', $2, 'Lurah', $3, $2) returning id",
        vec![id.into(), now.into(), scan.into()],
    );
    let decree = decree.await;
    let request = number(
        stage,
        "insert into people_request (account_id, kind, words, region, status, created_at, due_at, answer)
         values ($1, 'correction', 'Salah', $2, 'open', $3, $4, '') returning id",
        vec![by.into(), region.into(), now.into(), (now + 3 * DAY).into()],
    );
    let request = request.await;
    let listing_slug = format!("{slug}-daftar");
    let listing = kim::testing::active(&stage.kit, &listing_slug, region).await;
    let group = kim::briefs(&mut stage.read().await, &[id]).await.expect("briefs").remove(&id).expect("the group");
    Village { region, slug, group, member, decree, request, listing, listing_slug }
}

impl World {
    pub async fn open(engine: Engine) -> World {
        let mut stage = Stage::new(engine, simpul::slices(), people::identify).await;
        // Requests are refused and answered in the middle of things; their jobs do not matter here.
        stage.leave_jobs();
        regions::testing::sample(&stage.kit).await;
        let (target, _) = people::testing::person(&stage.kit, "Sasaran", &[]).await;
        let here = village(&stage, "kim-sini", HERE, target).await;
        let there = village(&stage, "kim-sana", THERE, target).await;
        World { stage, here, there, target }
    }

    /// The scope of a role over a village.
    fn scope(&self, role: &str, village: &Village) -> Scope {
        match role {
            "member" | "officer" | "editor" => Scope::Group(village.group.id),
            // The city, or the province above it: both hold the village.
            "verifier" | "agency" => Scope::Region(village.region[..5].into()),
            "fostering" => Scope::Region(village.region[..2].into()),
            _ => Scope::All,
        }
    }

    /// Somebody, signed in as far as they can be.
    pub async fn client(&self, person: &Person) -> Client {
        self.enter(person).await.1
    }

    /// As [`World::client`], with the number of the account; 0 for nobody.
    pub async fn enter(&self, person: &Person) -> (i64, Client) {
        let kit = &self.stage.kit;
        let mut client = self.stage.client();
        if person.role == "nobody" {
            return (0, client);
        }
        let now = kit.clock.now();
        let village = if person.membership == Membership::Elsewhere { &self.there } else { &self.here };
        let named = if person.role == "token" { "editor" } else { person.role };
        let role = ROLES.iter().find(|(name, _)| *name == named).map(|(_, role)| *role);
        let (id, cookie) = people::testing::person(kit, &person.name(), &[]).await;
        let mut tx = self.stage.write().await;
        if let Some(role) = role {
            let scope = self.scope(named, village);
            let (from, until) = match person.membership {
                Membership::Expired => (now - 2 * DAY, Some(now - DAY)),
                Membership::Future => (now + DAY, None),
                _ => (now, None),
            };
            people::grant::give(&mut tx, id, role, &scope, None, from, until).await.expect("given");
            if person.membership == Membership::Ended {
                people::grant::end(&mut tx, id, role, &scope, now).await.expect("ended");
            }
        }
        match person.account {
            Account::Active | Account::Joining => {}
            Account::Restricted => {
                let text = Query::new("update people_account set restricted_at = 1 where id = $1", vec![id.into()]);
                tx.run(text).await.expect("restricted");
            }
            Account::Locked => {
                people::operator::pages::set_lock(&mut tx, id, true, now).await.expect("locked");
            }
            Account::Erased => {
                let who = people::privacy::person(&mut tx, id).await.expect("read").expect("a person");
                web::privacy::erase(&web::app::personal(&simpul::slices()), &mut tx, &who, now).await.expect("erased");
            }
        }
        tx.commit().await.expect("committed");
        if person.account == Account::Joining {
            people::testing::joining(kit, id).await;
        }
        if person.role == "token" {
            return (id, client.bearer(&people::testing::token(kit, id, &["articles:write"]).await));
        }
        client.cookie("__Host-simpul", &cookie);
        (id, client)
    }

    /// A new story of a village, with a photo and an older version.
    pub async fn story(&self, village: &Village, status: Status) -> Story {
        let kit = &self.stage.kit;
        let story = newsroom::seed::Story {
            group: village.group.clone(),
            author_id: None,
            author_name: "Penulis".into(),
            title: format!("Cerita {}", kit.ids.short()),
            lead: "Ringkasan.".into(),
            body: "<p>Isi.</p>".into(),
            category: "kabar".into(),
            tags: vec![],
            lang: "id".into(),
            status,
            at: kit.clock.now(),
            picture: None,
        };
        let id = newsroom::seed::add(kit, &story).await.expect("a story");
        let photo = number(
            &self.stage,
            "insert into newsroom_photo (article_id, name, width, height, alt, caption, credit, position, created_at)
             values ($1, 'foto', 1, 1, '', '', '', 1, 1) returning id",
            vec![id.into()],
        );
        let photo = photo.await;
        let revision = number(
            &self.stage,
            "insert into newsroom_revision (article_id, at, account_name, title, lead, body, note)
             values ($1, 1, 'Penulis', 'Dulu', 'Dulu.', '<p>Dulu.</p>', '') returning id",
            vec![id.into()],
        );
        let revision = revision.await;
        let article = newsroom::article::store::by_id(&mut self.stage.read().await, id).await.expect("read").expect("there");
        Story { id, slug: article.slug, photo, revision }
    }

    /// The number of a new thing of a village that acts use up.
    async fn thing(&self, village: &Village, path: &str) -> Option<i64> {
        let group = village.group.id;
        if path.ends_with("/slip/{id}") {
            let grant = (MEMBER, Scope::Group(group));
            return Some(people::testing::person(&self.stage.kit, "Anggota", &[grant]).await.0);
        }
        if path.contains("/undangan/orang/{id}") {
            let invite = self.invite(village).await;
            let text = "insert into people_join (invite_id, account_id, fresh, state, at) values ($1, $2, false, 'waiting', 1) returning id";
            return Some(number(&self.stage, text, vec![invite.into(), self.target.into()]).await);
        }
        if path.contains("/undangan/{id}") && path.starts_with("/meja/") {
            return Some(self.invite(village).await);
        }
        if path.contains("/jabatan/{id}") {
            let text = "insert into kim_member (group_id, name, office, division, joined_at) values ($1, 'Pengurus', 'secretary', '', 1) returning id";
            let member = number(&self.stage, text, vec![group.into()]).await;
            let text = "insert into kim_term (group_id, member_id, office, division, from_at) values ($1, $2, 'secretary', '', 1) returning id";
            return Some(number(&self.stage, text, vec![group.into(), member.into()]).await);
        }
        if path.contains("/impor/{id}") {
            let roster = path.starts_with("/meja/");
            let text = "insert into kim_import (kind, region, group_id, account_id, file, state, good, bad, notes, created_at, expires_at, imported_at)
                 values ($1, $2, $3, $4, 'a.csv', 'done', 0, 0, '[]', 1, 2, 1) returning id";
            let kind = if roster { "roster" } else { "register" };
            let group = roster.then_some(group);
            let values = vec![kind.into(), village.region.into(), group.into(), self.target.into()];
            return Some(number(&self.stage, text, values).await);
        }
        // Who decided over many at once reads the result, and nobody else.
        if path == "/bina/verifikasi/hasil/{id}" {
            let text = "insert into kim_batch (account_id, at, approved, skipped) values ($1, 1, 0, '[]') returning id";
            return Some(number(&self.stage, text, vec![self.target.into()]).await);
        }
        if path.contains("/klaim/{id}") {
            let mut tx = self.stage.write().await;
            let text = Query::new("update kim_claim set state = 'refused' where group_id = $1", vec![village.listing.into()]);
            tx.run(text).await.expect("closed");
            tx.commit().await.expect("committed");
            let text = "insert into kim_claim (group_id, account_id, office, reason, state, answer, at) values ($1, $2, 'chair', 'Saya', 'waiting', '', 1) returning id";
            return Some(number(&self.stage, text, vec![village.listing.into(), self.target.into()]).await);
        }
        None
    }

    /// An open invitation into a village's KIM.
    async fn invite(&self, village: &Village) -> i64 {
        let now = self.stage.kit.clock.now();
        let text = "insert into people_invite (hash, many, role, reach, region, group_id, place, title, link, note, made_by, created_at, ends_at)
             values ($1, true, 'member', 'group', null, $2, $3, 'KIM', '', '', $4, $5, $6) returning id";
        let hash = self.stage.kit.ids.token();
        let ends = now + 3 * DAY;
        let values =
            vec![hash.into(), village.group.id.into(), village.region.into(), self.target.into(), now.into(), ends.into()];
        number(&self.stage, text, values).await
    }

    /// A path with each of its names filled from the village that `pick` says, new stories each time,
    /// so that one act does not spoil the next.
    pub async fn fill(&self, path: &str, pick: impl Fn(&str) -> bool) -> String {
        let village = |name: &str| if pick(name) { &self.here } else { &self.there };
        let code = &village("code").region[..5];
        let mut path = path.replace("{kategori}", "kabar").replace("{feed}", "feed.atom").replace("{part}", "1.xml");
        path = path.replace("/bahasa/{code}", "/bahasa/en").replace("{code}", code).replace("{*lama}", "tidak/pernah/ada");
        let public = !path.starts_with("/meja/");
        let about_story = path.contains("/tulisan/{id}") || path.contains("/kabar/{slug}") || path.contains("articles/{slug}");
        if about_story {
            let status = if public { Status::Published } else { Status::Draft };
            let own = self.story(village("id"), status).await;
            let photo = if pick("photo") == pick("id") { own.photo } else { self.story(village("photo"), status).await.photo };
            let rev = if pick("rev") == pick("id") { own.revision } else { self.story(village("rev"), status).await.revision };
            path = path.replace("{id}", &own.id.to_string()).replace("{slug}", &own.slug);
            path = path.replace("{photo}", &photo.to_string()).replace("{rev}", &rev.to_string());
        }
        let file = match path.as_str() {
            "/bina/impor/templat/{file}" => "templat-kim.csv",
            "/meja/kim/{slug}/impor/templat/{file}" => "templat-anggota.csv",
            "/kim/ekspor/{file}" => "kim.csv",
            "/bina/ekspor/{file}" => "register-kim.csv",
            "/meja/kim/{slug}/anggota/ekspor/{file}" => "anggota.csv",
            "/meja/kim/{slug}/ekspor/{file}" => "kim-sini.tar.gz",
            _ => "ditolak.csv",
        };
        path = path.replace("{file}", file).replace("{one}", "999998").replace("{two}", "999999");
        path = path.replace("{rahasia}", SECRET).replace("{secret}", SECRET).replace("{provider}", "999999");
        let own = village("id");
        if path.contains("/klaim") {
            let listing = village(if path.contains("{slug}") { "slug" } else { "id" });
            let mut tx = self.stage.write().await;
            let text = Query::new("update kim_group set listing = 'unclaimed' where id = $1", vec![listing.listing.into()]);
            tx.run(text).await.expect("a listing again");
            tx.commit().await.expect("committed");
            path = path.replace("{slug}", &listing.listing_slug);
        }
        let id = match &path {
            path if path.contains("/anggota/{id}") => own.member,
            path if path.contains("/sk/berkas/") => own.decree,
            path if path.starts_with("/kelola/permohonan/") => own.request,
            path if path.starts_with("/kelola/akun/") => self.target,
            // Things of one's own and jobs: there is none of that number.
            path => self.thing(own, path).await.unwrap_or(999_999),
        };
        path.replace("{slug}", village("slug").slug).replace("{id}", &id.to_string()).replace("{grant}", "999999")
    }
}

/// Whether an answer shows that the door was open (`Some(true)`) or shut: a detour to the login, 401,
/// 403, or the 404 of something that is there. A 404 of something that is not there tells nothing.
pub fn opened(answer: &stage::Answer, path: &str) -> Option<bool> {
    let unknown = ["999999", "tidak/pernah", "/sitemap/1.xml"];
    match answer.status.as_u16() {
        401 | 403 => Some(false),
        404 if unknown.iter().any(|part| path.contains(part)) => None,
        404 => Some(false),
        303 if answer.location() == "/gabung" && !path.starts_with("/gabung") => Some(false),
        _ => Some(!answer.location().starts_with("/masuk?")),
    }
}

/// Sends what a route takes, with nothing filled in but what the door needs to know.
pub async fn knock(client: &mut Client, method: &str, route: &str, path: &str) -> stage::Answer {
    match (method, route) {
        ("GET", _) => client.get(path).await,
        (_, route) if route.starts_with("/api/") => client.post_json(path, &serde_json::json!({})).await,
        (_, "/meja/tulis") => client.post(path, &[("kim", "kim-sini")]).await,
        _ => client.post(path, &[]).await,
    }
}
