//! Two villages with a KIM each, everything that an address can name, and persons of every role,
//! account status and membership status. For the tests over permissions.
#![allow(dead_code, unused_imports, reason = "each test uses its part")]
mod rows;
mod things;

use base::authz::{Role, Scope};
use base::clock::DAY;
use base::{Config, Query, Tx, Value};
use newsroom::article::Status;
use people::roles::{AGENCY, EDITOR, FOSTERING, MEMBER, OFFICER, OPERATOR, VERIFIER};
pub use rows::{Rows, changes};
use stage::{Client, Engine, Stage};
pub use things::{knock, opened};

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
    /// Was lent for a while by somebody who holds it.
    Lent,
    /// Is held, and held back: the account lacks what the site asks of this role.
    Withheld,
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
            (_, Membership::Lent) => format!("lent {}", self.role),
            (_, Membership::Ended | Membership::Expired | Membership::Future | Membership::Withheld) => "resident".into(),
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

/// The roles that wait for a second factor in [`World::guarded`].
const GUARDED: [&str; 6] = ["officer", "editor", "verifier", "fostering", "agency", "operator"];

/// Role × account status × membership status × own or other village; those without a role; those who
/// stand in for somebody, and those whose role is held back. For [`World::guarded`].
pub fn persons() -> Vec<Person> {
    use Account::{Active, Erased, Locked, Restricted};
    use Membership::{Elsewhere, Ended, Expired, Future, Holds, Lent, Withheld};
    let mut all = vec![Person::new("nobody", Active, Holds), Person::new("token", Active, Holds)];
    all.extend([Active, Restricted, Locked, Erased].map(|account| Person::new("resident", account, Holds)));
    // Whatever they hold by mistake counts for nothing before they are in.
    all.extend(["token", "officer", "editor", "verifier", "operator"].map(|role| Person::new(role, Account::Joining, Holds)));
    all.extend(["officer", "verifier"].map(|role| Person::new(role, Active, Lent)));
    all.extend(GUARDED.map(|role| Person::new(role, Active, Withheld)));
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
    /// An account that the operator may do things to, and whose things are not the visitor's.
    pub target: i64,
    /// Two who hand a seat over.
    giver: i64,
    taker: i64,
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
        World::set(engine, |_| ()).await
    }

    /// As [`World::open`], on a site that asks a second factor of every role with power over others.
    pub async fn guarded(engine: Engine) -> World {
        World::set(engine, |config| config.second_factor = GUARDED.join(",")).await
    }

    async fn set(engine: Engine, change: impl FnOnce(&mut Config)) -> World {
        let mut stage = Stage::set(engine, simpul::slices(), people::identify, change).await;
        // Requests are refused and answered in the middle of things; their jobs do not matter here.
        stage.leave_jobs();
        regions::testing::sample(&stage.kit).await;
        let (target, _) = people::testing::person(&stage.kit, "Sasaran", &[]).await;
        let (giver, _) = people::testing::person(&stage.kit, "Yang Menyerahkan", &[]).await;
        let (taker, _) = people::testing::person(&stage.kit, "Yang Menerima", &[]).await;
        let here = village(&stage, "kim-sini", HERE, target).await;
        let there = village(&stage, "kim-sana", THERE, target).await;
        World { stage, here, there, target, giver, taker }
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
        let lent = person.membership == Membership::Lent;
        if let Some(role) = role.filter(|_| lent) {
            self.lend(id, role, &self.scope(named, village)).await;
        }
        let mut tx = self.stage.write().await;
        guard(&mut tx, id, person.membership != Membership::Withheld).await;
        if let Some(role) = role.filter(|_| !lent) {
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

    /// Lends a role for a day, from somebody who holds it.
    async fn lend(&self, deputy: i64, role: Role, scope: &Scope) {
        let (giver, _) = people::testing::person(&self.stage.kit, "Yang Diganti", &[(role, scope.clone())]).await;
        let (now, ends) = (self.stage.kit.clock.now(), self.stage.kit.clock.now() + DAY);
        let (reach, region, group) = match scope {
            Scope::All => ("all", None, None),
            Scope::Region(code) => ("region", Some(code.clone()), None),
            Scope::Group(id) => ("group", None, Some(*id)),
        };
        let own = number(&self.stage, "select id from people_grant where account_id = $1", vec![giver.into()]).await;
        let text =
            "insert into people_delegation (giver_id, deputy_id, reach, region, group_id, title, from_at, until_at, created_at)
             values ($1, $2, $3, $4, $5, 'Tempat', $6, $7, $6) returning id";
        let values =
            vec![giver.into(), deputy.into(), reach.into(), region.clone().into(), group.into(), now.into(), ends.into()];
        let delegation = number(&self.stage, text, values).await;
        let text = "insert into people_grant (account_id, role, reach, region, group_id, from_at, until_at, given_by, created_at,
                 delegation_id, delegated_from)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $6, $9, $10) returning id";
        let values = vec![
            deputy.into(),
            role.0.into(),
            reach.into(),
            region.into(),
            group.into(),
            now.into(),
            ends.into(),
            giver.into(),
            delegation.into(),
            own.into(),
        ];
        number(&self.stage, text, values).await;
    }
}

/// Gives an account what a guarded role asks for, a second factor and a long password, or neither.
async fn guard(tx: &mut Tx, id: i64, guarded: bool) {
    let chars: i64 = if guarded { 15 } else { 0 };
    let text = "update people_account set password_hash = 'x', password_chars = $2 where id = $1";
    tx.run(Query::new(text, vec![id.into(), chars.into()])).await.expect("a password");
    if guarded {
        let text = "insert into people_factor (account_id, kind, name, data, last_step, created_at)
             values ($1, 'totp', 'Aplikasi', '-', 0, 1)";
        tx.run(Query::new(text, vec![id.into()])).await.expect("a factor");
    }
}
