//! The demo: Palangka Raya as its city reported it in 2025 (31 KIM in 17 of 30 wards), with invented
//! groups, stories and drawings of `data/demo`.
use std::collections::HashMap;

use anyhow::{Context, Result};
use base::authz::{Role, Scope};
use base::clock::{DAY, HOUR};
use base::pictures::Stored;
use bytes::Bytes;
use kim::Status as KimStatus;
use kim::seed::{Decree, Facility, Group, Member};
use newsroom::article::Status;
use newsroom::seed::{Picture, Story};
use people::account::NewAccount;
use people::roles;
use rust_embed::RustEmbed;
use web::{App, dates};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../data/demo"]
#[include = "kim.tsv"]
#[include = "stories/*.md"]
#[include = "pictures/*.jpg"]
#[include = "pictures/pictures.tsv"]
struct Files;

/// The password of every demo account; the demo refuses a database that has accounts.
const PASSWORD: &str = "demo palangka raya";
const CITY: &str = "62.71";
/// The group whose people have accounts.
const HOME: &str = "riak-seberang";
/// A second one, to try what other groups may not do.
const OTHER: &str = "tambun-langkai";

/// Groups that have not answered the yearly question for a month.
const SILENT: [&str; 2] = ["lereng-tangkiling", "gohong-bercerita"];

/// An account of the demo.
pub struct Account {
    pub login: &'static str,
    pub role: &'static str,
}

const ACCOUNTS: &[Account] = &[
    Account { login: "warga", role: "resident" },
    Account { login: "anggota", role: "member of KIM Riak Seberang" },
    Account { login: "pengurus", role: "officer of KIM Riak Seberang" },
    Account { login: "penyunting", role: "editor of KIM Riak Seberang" },
    Account { login: "tetangga", role: "editor of KIM Tambun Langkai" },
    Account { login: "pemeriksa", role: "verifier of Kota Palangka Raya" },
    Account { login: "pembina", role: "fostering officer of Kota Palangka Raya" },
    Account { login: "dinas", role: "agency officer of Kota Palangka Raya" },
    Account { login: "pengelola", role: "operator" },
];

/// Prints how to log in.
pub fn print(accounts: &[Account], base_url: &str) {
    println!("\nThe demo is loaded. Log in at {base_url}/masuk with the password: {PASSWORD}\n");
    for account in accounts {
        println!("  {:12} {}", account.login, account.role);
    }
    println!();
}

/// Fills an empty database.
pub async fn fill(app: &App, progress: &dyn Fn(u64, u64)) -> Result<&'static [Account]> {
    let ids = people(app).await?;
    let groups = groups(app, &ids).await?;
    stories(app, &ids, &groups, progress).await?;
    app.catch_up().await?;
    Ok(ACCOUNTS)
}

async fn people(app: &App) -> Result<HashMap<&'static str, i64>> {
    let kit = app.kit();
    let mut ids = HashMap::new();
    for account in ACCOUNTS {
        let name = format!("{} (demo)", title(account.login));
        let new = NewAccount { name, username: Some(account.login.into()), password: PASSWORD.into(), ..NewAccount::default() };
        let mut tx = kit.db.write().await?;
        let id = people::account::add(&mut tx, kit, &new).await?;
        people::consent::say(&mut tx, id, people::consent::NAME, true, "/daftar", kit.clock.now()).await?;
        let city = Scope::Region(CITY.into());
        let held: Option<(Role, Scope)> = match account.login {
            "pemeriksa" => Some((roles::VERIFIER, city)),
            "pembina" => Some((roles::FOSTERING, city)),
            "dinas" => Some((roles::AGENCY, city)),
            "pengelola" => Some((roles::OPERATOR, Scope::All)),
            _ => None,
        };
        if let Some((role, scope)) = held {
            people::grant::give(&mut tx, id, role, &scope, None, kit.clock.now(), None).await?;
        }
        tx.commit().await?;
        ids.insert(account.login, id);
    }
    Ok(ids)
}

fn title(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

async fn groups(app: &App, ids: &HashMap<&'static str, i64>) -> Result<HashMap<String, kim::Brief>> {
    let kit = app.kit();
    let mut made = HashMap::new();
    for (row, line) in text("kim.tsv")?.lines().skip(1).enumerate() {
        let group = group(row, line, ids, kit.clock.now()).with_context(|| format!("line {}", row + 2))?;
        let mut tx = kit.db.write().await?;
        let id = kim::seed::add(&mut tx, &group).await?;
        let brief = kim::briefs(&mut tx, &[id]).await?.remove(&id).context("the group is there")?;
        tx.commit().await?;
        made.insert(group.slug, brief);
    }
    Ok(made)
}

fn group(row: usize, line: &str, ids: &HashMap<&'static str, i64>, now: i64) -> Result<Group> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [slug, name, region, status, themes, about, members, number, issued, signer, founded] = fields.as_slice() else {
        anyhow::bail!("{} fields", fields.len());
    };
    let day = |text: &str| dates::parse_day(text, region).with_context(|| format!("date {text}"));
    let status = match *status {
        "active" => KimStatus::Active,
        "dormant" => KimStatus::Dormant,
        "verified" => KimStatus::Verified,
        "submitted" => KimStatus::Submitted,
        _ => KimStatus::Draft,
    };
    let settled = !matches!(status, KimStatus::Draft | KimStatus::Submitted);
    let issued = day(issued)?;
    // A group that has just applied did so this week, whenever it was founded.
    let created_at = if settled { issued - 20 * DAY } else { now - 5 * DAY };
    Ok(Group {
        slug: (*slug).into(),
        name: (*name).into(),
        region: (*region).into(),
        status,
        about: (*about).into(),
        themes: themes.split(',').map(theme).map(str::to_owned).collect(),
        number: settled.then(|| format!("KIM-{:04}", 201 + row)),
        founded_at: Some(day(founded)?),
        created_at,
        decree: settled.then(|| Decree {
            number: number.trim_start_matches("SK ").into(),
            issued_at: issued,
            signer: (*signer).into(),
            expires_at: Some(ends(slug, row, issued, now)),
        }),
        members: roster(slug, members.parse()?, ids),
        verified_by: ids.get("pemeriksa").copied(),
        facility: facility(row, region),
        confirmed_at: settled.then(|| now - i64::try_from(40 + row % 7 * 30).unwrap_or(40) * DAY),
        asked_at: SILENT.contains(slug).then(|| now - 34 * DAY),
    })
}

/// When its decree ends: for a few soon, so that a reminder is to be seen.
fn ends(slug: &str, row: usize, issued: i64, now: i64) -> i64 {
    match slug {
        HOME => now + 21 * DAY,
        "banturung-berseri" => now + 6 * DAY,
        _ => issued + if row.is_multiple_of(2) { 1_135 } else { 1_500 } * DAY,
    }
}

/// The far wards lie beyond the towers; invented like everything here.
fn facility(row: usize, region: &str) -> Facility {
    let connectivity = match &region[..8] {
        "62.71.05" => "blank",
        "62.71.02" | "62.71.04" if row.is_multiple_of(3) => "blank",
        "62.71.02" | "62.71.04" => "hotspot",
        _ => "good",
    };
    let tools = ["ponsel", "mading", "laptop", "pengeras", "kamera", "cetak"];
    Facility { connectivity: connectivity.into(), equipment: tools.iter().take(2 + row % 5).map(|one| (*one).into()).collect() }
}

/// The register's code of a theme of the demo file.
fn theme(word: &str) -> &str {
    match word {
        "umkm" => "usaha",
        "kebencanaan" => "bencana",
        "literasi-digital" => "pendidikan",
        "pelayanan-publik" => "pelayanan",
        other => other,
    }
}

/// Plainly demo names; people of the two groups with accounts come first.
fn roster(slug: &str, size: usize, ids: &HashMap<&'static str, i64>) -> Vec<Member> {
    let with_accounts: &[(&str, &'static str, bool)] = match slug {
        HOME => &[("pengurus", "chair", false), ("penyunting", "secretary", true), ("anggota", "member", false)],
        OTHER => &[("tetangga", "chair", true)],
        _ => &[],
    };
    let mut members: Vec<Member> = with_accounts
        .iter()
        .map(|(login, office, edits)| Member {
            account_id: ids.get(login).copied(),
            name: format!("{} (demo)", title(login)),
            office,
            edits: *edits,
            show: true,
            ..able(0)
        })
        .collect();
    for office in ["chair", "secretary", "treasurer"] {
        if members.len() < size && !members.iter().any(|member| member.office == office) {
            members.push(plain(members.len(), office));
        }
    }
    while members.len() < size {
        members.push(plain(members.len(), "member"));
    }
    members
}

fn plain(number: usize, office: &'static str) -> Member {
    Member { name: format!("Warga Contoh {}", number + 1), office, ..able(number) }
}

/// A member who can do some things, not everyone the same.
fn able(number: usize) -> Member {
    let some = |codes: &[&str], most: usize| {
        let turned = codes.iter().cycle().skip(number % codes.len());
        turned.take(number % (most + 1)).map(|code| (*code).to_owned()).collect::<Vec<_>>()
    };
    Member {
        account_id: None,
        name: String::new(),
        office: "member",
        edits: false,
        show: false,
        skills: some(&["tulis", "foto", "medsos", "video", "pandu"], 2),
        languages: [vec!["ind".to_owned()], some(&["nij", "bjn", "jav"], 1)].concat(),
    }
}

/// What stands above a story's body.
#[derive(serde::Deserialize)]
struct Front {
    kim: String,
    title: String,
    lead: String,
    category: String,
    tags: Vec<String>,
    lang: String,
    picture: String,
    caption: String,
    hours_ago: i64,
}

async fn stories(
    app: &App,
    ids: &HashMap<&'static str, i64>,
    groups: &HashMap<String, kim::Brief>,
    progress: &dyn Fn(u64, u64),
) -> Result<()> {
    let kit = app.kit();
    let mut read = Vec::new();
    for name in Files::iter().filter(|name| name.starts_with("stories/")) {
        read.push(parse(&text(&name)?).with_context(|| name.into_owned())?);
    }
    // The oldest first, so that the history reads as it happened.
    read.sort_by_key(|(front, _)| std::cmp::Reverse(front.hours_ago));
    let drawings = drawings(app).await?;
    let total = u64::try_from(read.len())?;
    let alts = alts()?;
    let mut used: HashMap<String, usize> = HashMap::new();
    for (done, (front, body)) in read.into_iter().enumerate() {
        let group = groups.get(&front.kim).with_context(|| format!("no KIM {}", front.kim))?;
        let turn = used.entry(front.picture.clone()).or_default();
        let file = drawing(&front.picture, *turn);
        *turn += 1;
        let picture = drawings.get(file).map(|stored| Picture {
            stored: stored.clone(),
            alt: alts.get(file).cloned().unwrap_or_default(),
            caption: front.caption.clone(),
            credit: group.name.clone(),
        });
        let home = front.kim == HOME;
        // A group at rest has been quiet for two months, one that has yet to start writes nothing.
        let quiet = match group.status {
            KimStatus::Dormant => front.hours_ago + 60 * 24,
            _ => front.hours_ago,
        };
        // The newest of the home group are still on its desk, so that each role finds work.
        let status = match (home, front.hours_ago) {
            (true, ..48) => Status::Review,
            _ => Status::Published,
        };
        let writer = if home { ids.get("anggota") } else { None };
        let story = Story {
            group: group.clone(),
            author_id: writer.copied(),
            author_name: if home { "Anggota (demo)".into() } else { format!("Warga Contoh {}", 4 + done % 4) },
            title: front.title,
            lead: front.lead,
            body,
            category: front.category,
            tags: front.tags,
            lang: front.lang,
            status,
            at: kit.clock.now() - quiet * HOUR,
            picture,
        };
        newsroom::seed::add(kit, &story).await?;
        progress(u64::try_from(done)? + 1, total);
    }
    Ok(())
}

fn parse(text: &str) -> Result<(Front, String)> {
    let rest = text.strip_prefix("+++\n").context("no front matter")?;
    let (front, body) = rest.split_once("\n+++\n").context("front matter does not end")?;
    Ok((toml::from_str(front)?, body.trim().to_owned()))
}

/// The drawing of a scene; scenes with several drawings take turns.
fn drawing(scene: &str, turn: usize) -> &'static str {
    let files: &[&'static str] = match scene {
        "sungai" => &["sungai-pagi.jpg", "tanda-air.jpg"],
        "panggung" => &["titian-baru.jpg", "tanda-air.jpg"],
        "perahu" => &["perahu-sekolah.jpg", "sungai-pagi.jpg"],
        "jembatan" | "matahari-terbit" => &["sungai-pagi.jpg"],
        "pasar" => &["pasar-sayur.jpg", "pasar-subuh.jpg"],
        "sawah-sayur" => &["ladang-sawi.jpg"],
        "menara-api" => &["pos-pantau-api.jpg", "patroli-gambut.jpg"],
        "sekolah" => &["sekolah.jpg"],
        "posyandu" => &["posyandu.jpg", "cek-tensi.jpg"],
        "ponsel" => &["rekam-video.jpg"],
        "pengeras-suara" => &["pengeras-suara.jpg"],
        "mading" => &["mading.jpg"],
        "anyaman" => &["menganyam.jpg", "tas-rotan.jpg"],
        "keramba" => &["keramba.jpg"],
        "kanal-gambut" => &["kanal-gambut.jpg", "patroli-gambut.jpg"],
        "hujan" => &["hujan-titian.jpg"],
        "rapat" => &["balai-rapat.jpg", "rembuk-malam.jpg"],
        "pojok-baca" => &["pojok-baca.jpg"],
        "jalan" => &["perbaikan-jalan.jpg", "lampu-jalan.jpg"],
        "hutan" => &["hutan-pagi.jpg"],
        "dapur" => &["dapur.jpg"],
        "gendang" => &["gendang.jpg"],
        "lapangan" => &["lapangan-bola.jpg"],
        "komputer" => &["kelas-komputer.jpg"],
        "bibit" => &["persemaian.jpg"],
        "bank-sampah" => &["bank-sampah.jpg"],
        "sumur" => &["sumur-pompa.jpg"],
        "bengkel" => &["bengkel.jpg"],
        "radio" => &["radio.jpg"],
        _ => &["dermaga.jpg"],
    };
    files[turn % files.len()]
}

/// Re-encodes each drawing once; stories that share one get copies.
async fn drawings(app: &App) -> Result<HashMap<String, Stored>> {
    let kit = app.kit();
    let mut working = Vec::new();
    for name in Files::iter().filter(|name| name.ends_with(".jpg")) {
        let bytes = Files::get(&name).context("a drawing")?.data.into_owned();
        let file = name.trim_start_matches("pictures/").to_owned();
        let (blobs, new) = (kit.blobs.clone(), kit.ids.token());
        working.push(tokio::spawn(async move { (file, base::pictures::store(&blobs, new, Bytes::from(bytes)).await) }));
    }
    let mut stored = HashMap::new();
    for work in working {
        let (file, outcome) = work.await?;
        let picture = outcome?.map_err(|refused| anyhow::anyhow!("{file}: {refused:?}"))?;
        stored.insert(file, picture);
    }
    Ok(stored)
}

fn alts() -> Result<HashMap<String, String>> {
    let table = text("pictures/pictures.tsv")?;
    let rows = table.lines().skip(1).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?.to_owned(), fields.next()?.to_owned()))
    });
    Ok(rows.collect())
}

fn text(name: &str) -> Result<String> {
    let file = Files::get(name).with_context(|| format!("{name} is not in the binary"))?;
    Ok(String::from_utf8(file.data.into_owned())?)
}
