//! Whatever an address can name, made anew for each request: of a village, of a person, of both.
use base::authz::Scope;
use base::clock::DAY;
use base::{Query, Value};
use newsroom::article::Status;
use people::roles::{MEMBER, VERIFIER};
use stage::Client;

use super::{SECRET, Village, World, number};

impl World {
    /// The number of a new thing of a village that acts use up. What belongs to a person is `owner`'s.
    async fn thing(&self, village: &Village, path: &str, owner: i64) -> i64 {
        if let Some(id) = self.own_thing(path, owner).await {
            return id;
        }
        let (group, target) = (village.group.id, self.target);
        let (text, values): (&'static str, Vec<Value>) = match path {
            "/akun/serah-terima/{id}/batal" => return self.handover(village, owner).await,
            path if path.starts_with("/akun/serah-terima/{id}") => return self.handover(village, self.giver).await,
            path if path.starts_with("/kelola/undangan/{id}") => return self.invite(village, true).await,
            path if path.contains("/undangan/{id}") => return self.invite(village, false).await,
            path if path.contains("/undangan/orang/{id}") => {
                let invite = self.invite(village, false).await;
                let text = "insert into people_join (invite_id, account_id, fresh, state, at)
                     values ($1, $2, false, 'waiting', 1) returning id";
                (text, vec![invite.into(), target.into()])
            }
            path if path.ends_with("/slip/{id}") => {
                let grant = (MEMBER, Scope::Group(group));
                return people::testing::person(&self.stage.kit, "Anggota", &[grant]).await.0;
            }
            path if path.contains("/jabatan/{id}") => {
                let text = "insert into kim_member (group_id, name, office, division, joined_at)
                     values ($1, 'Pengurus', 'secretary', '', 1) returning id";
                let member = number(&self.stage, text, vec![group.into()]).await;
                let text = "insert into kim_term (group_id, member_id, office, division, from_at)
                     values ($1, $2, 'secretary', '', 1) returning id";
                (text, vec![group.into(), member.into()])
            }
            path if path.contains("/impor/{id}") => {
                let roster = path.starts_with("/meja/");
                let kind = if roster { "roster" } else { "register" };
                let text =
                    "insert into kim_import (kind, region, group_id, account_id, file, state, good, bad, notes, created_at,
                         expires_at, imported_at)
                     values ($1, $2, $3, $4, 'a.csv', 'done', 0, 0, '[]', 1, 2, 1) returning id";
                (text, vec![kind.into(), village.region.into(), roster.then_some(group).into(), target.into()])
            }
            path if path.contains("/klaim/{id}") => {
                let mut tx = self.stage.write().await;
                let text = "update kim_claim set state = 'refused' where group_id = $1";
                tx.run(Query::new(text, vec![village.listing.into()])).await.expect("closed");
                tx.commit().await.expect("committed");
                let text = "insert into kim_claim (group_id, account_id, office, reason, state, answer, at)
                     values ($1, $2, 'chair', 'Saya', 'waiting', '', 1) returning id";
                (text, vec![village.listing.into(), target.into()])
            }
            path if path.contains("/pekerjaan/{id}") => {
                let text = "insert into base_job (kind, payload, state, attempts, run_at, created_at)
                     values ('people.session.sweep', '{}', 'dead', 1, 1, 1) returning id";
                (text, vec![])
            }
            path => panic!("nothing is made that {path} could name"),
        };
        number(&self.stage, text, values).await
    }

    /// The number of a new thing that belongs to one person.
    async fn own_thing(&self, path: &str, owner: i64) -> Option<i64> {
        let (secret, now) = (self.stage.kit.ids.token(), self.stage.kit.clock.now());
        let ends = now + DAY;
        let (text, values): (&'static str, Vec<Value>) = match path {
            "/akun/keamanan/identitas/{id}/lepas" => {
                let text = "insert into people_identity (account_id, provider, subject, created_at)
                     values ($1, 'uji', $2, 1) returning id";
                (text, vec![owner.into(), secret.into()])
            }
            "/akun/keamanan/faktor/{id}/hapus" => {
                let text = "insert into people_factor (account_id, kind, name, data, last_step, created_at)
                     values ($1, 'totp', 'Aplikasi', '-', 0, 1) returning id";
                (text, vec![owner.into()])
            }
            "/akun/keamanan/sesi/{id}/akhiri" => {
                let text = "insert into people_session (account_id, hash, created_at, seen_at, ends_at)
                     values ($1, $2, $3, $3, $4) returning id";
                (text, vec![owner.into(), secret.into(), now.into(), ends.into()])
            }
            "/akun/token/{id}/cabut" => {
                let text = "insert into people_token (account_id, hash, name, scopes, created_at)
                     values ($1, $2, 'uji', '', 1) returning id";
                (text, vec![owner.into(), secret.into()])
            }
            "/akun/data/permohonan/{id}/batal" => {
                let text = "insert into people_request (account_id, kind, words, status, created_at, due_at, answer)
                     values ($1, 'correction', 'Salah', 'open', $2, $3, '') returning id";
                (text, vec![owner.into(), now.into(), ends.into()])
            }
            "/akun/pengganti/{id}/akhiri" => {
                let text =
                    "insert into people_delegation (giver_id, deputy_id, reach, region, title, from_at, until_at, created_at)
                     values ($1, $2, 'region', '62.71', 'Kota', $3, $4, $3) returning id";
                (text, vec![owner.into(), self.taker.into(), now.into(), ends.into()])
            }
            // Who decided over many at once reads the result, and nobody else.
            "/bina/verifikasi/hasil/{id}" => {
                let text = "insert into kim_batch (account_id, at, approved, skipped) values ($1, 1, 0, '[]') returning id";
                (text, vec![owner.into()])
            }
            _ => return None,
        };
        Some(number(&self.stage, text, values).await)
    }

    /// An open invitation into a village's KIM, or to an office over its city.
    async fn invite(&self, village: &Village, office: bool) -> i64 {
        let (now, hash) = (self.stage.kit.clock.now(), self.stage.kit.ids.token());
        let (role, reach, region, group) = match office {
            true => ("verifier", "region", Some(village.region[..5].to_owned()), None),
            false => ("member", "group", None, Some(village.group.id)),
        };
        let text = "insert into people_invite (hash, many, role, reach, region, group_id, place, title, link, note, made_by,
                 created_at, ends_at)
             values ($1, true, $2, $3, $4, $5, $6, 'KIM', '', '', $7, $8, $9) returning id";
        let values = vec![
            hash.into(),
            role.into(),
            reach.into(),
            region.into(),
            group.into(),
            village.region.into(),
            self.target.into(),
            now.into(),
            (now + 3 * DAY).into(),
        ];
        number(&self.stage, text, values).await
    }

    /// A handover of the seat over a village's city, asked for by `maker`, that waits for a word from above.
    async fn handover(&self, village: &Village, maker: i64) -> i64 {
        let (now, city) = (self.stage.kit.clock.now(), &village.region[..5]);
        let mut tx = self.stage.write().await;
        let scope = Scope::Region(city.to_owned());
        let grant = people::grant::give(&mut tx, self.giver, VERIFIER, &scope, None, now, None).await.expect("a grant");
        let text =
            "insert into people_handover (source_id, target_id, made_by, reach, region, place, title, stays, state, created_at)
             values ($1, $2, $3, 'region', $4, $4, 'Kota', false, 'waiting', $5) returning id";
        let values = vec![self.giver.into(), self.taker.into(), maker.into(), city.into(), now.into()];
        let id = tx.int(Query::new(text, values)).await.expect("a handover");
        let text = "insert into people_handed (handover_id, grant_id, role) values ($1, $2, 'verifier')";
        tx.run(Query::new(text, vec![id.into(), grant.into()])).await.expect("a handed role");
        tx.commit().await.expect("committed");
        id
    }

    /// A right of the target, to be ended.
    async fn grant(&self, village: &Village) -> i64 {
        let (now, scope) = (self.stage.kit.clock.now(), Scope::Group(village.group.id));
        let mut tx = self.stage.write().await;
        let grant = people::grant::give(&mut tx, self.target, MEMBER, &scope, None, now, None).await.expect("a grant");
        tx.commit().await.expect("committed");
        grant
    }

    /// Lets an address of the target wait for the operator's word.
    async fn address(&self) -> i64 {
        let text = "insert into people_confirm (account_id, email, joins, sent_at, ends_at)
             values ($1, 'sasaran@contoh.id', false, 1, 2)
             on conflict (account_id) do update set ends_at = 2 returning account_id";
        number(&self.stage, text, vec![self.target.into()]).await
    }

    /// A path with each of its names filled from the village that `pick` says, new things each time, so
    /// that one act does not spoil the next. What belongs to one person is `me`'s (the target's for 0),
    /// or the target's where `pick` says that `id` is foreign.
    pub async fn fill(&self, path: &str, me: i64, pick: impl Fn(&str) -> bool) -> String {
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
        path = path.replace("{file}", file).replace("{provider}", "999999");
        path = path.replace("{rahasia}", SECRET).replace("{secret}", SECRET);
        // Two KIM that may be one; merging them uses them up.
        for name in ["one", "two"] {
            let place = format!("{{{name}}}");
            if path.contains(&place) {
                let slug = format!("kim-{}", self.stage.kit.ids.short());
                let id = kim::testing::active(&self.stage.kit, &slug, village(name).region).await;
                path = path.replace(&place, &id.to_string());
            }
        }
        let own = village("id");
        if path.contains("/klaim") {
            let listing = village(if path.contains("{slug}") { "slug" } else { "id" });
            let mut tx = self.stage.write().await;
            let text = Query::new("update kim_group set listing = 'unclaimed' where id = $1", vec![listing.listing.into()]);
            tx.run(text).await.expect("a listing again");
            tx.commit().await.expect("committed");
            path = path.replace("{slug}", &listing.listing_slug);
        }
        if path.contains("{grant}") {
            let grant = self.grant(village("grant")).await;
            path = path.replace("{grant}", &grant.to_string());
        }
        if path.contains("{id}") {
            let id = match path.as_str() {
                path if path.contains("/anggota/{id}") => own.member,
                path if path.contains("/sk/berkas/") => own.decree,
                path if path.starts_with("/kelola/permohonan/") => own.request,
                "/kelola/akun/{id}/email" => self.address().await,
                path if path.starts_with("/kelola/akun/") => self.target,
                path => self.thing(own, path, if me > 0 && pick("id") { me } else { self.target }).await,
            };
            path = path.replace("{id}", &id.to_string());
        }
        path.replace("{slug}", village("slug").slug)
    }
}

/// What a stand-in reads at a door that is for the one they stand in for.
const DEPUTY: &str = "Pengganti sementara tidak bisa mengubah hak orang lain";

/// Whether an answer shows that the door was open (`Some(true)`) or shut: a detour to the login, 401,
/// 403, the 404 of something that is there, the word to a stand-in. A 404 of something that is not
/// there tells nothing.
pub fn opened(answer: &stage::Answer, path: &str) -> Option<bool> {
    let unknown = ["/lewat/999999", "tidak/pernah", "/sitemap/1.xml"];
    match answer.status.as_u16() {
        401 | 403 => Some(false),
        404 if unknown.iter().any(|part| path.contains(part)) => None,
        404 => Some(false),
        409 if answer.text().contains(DEPUTY) => Some(false),
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
        // The first of the two stays.
        (_, "/bina/ganda/{one}/{two}/gabung") => {
            let stays = path.split('/').nth(3).unwrap_or_default();
            client.post(path, &[("tetap", stays)]).await
        }
        _ => client.post(path, &[]).await,
    }
}
