//! What the tests of the writing half share: a city with two KIM and the people around them.
use base::authz::{Role, Scope};
use people::roles::{EDITOR, FOSTERING, MEMBER, OFFICER, OPERATOR, RESIDENT, VERIFIER};
use stage::{Answer, Client, Engine, Stage};

/// A stage with two KIM in the city and one across the border.
pub struct City {
    pub stage: Stage,
    pub kim: i64,
    pub other: i64,
}

/// Fifty words and a heading.
pub fn body() -> String {
    let words = "Warga Pahandut Seberang memasang tanda tinggi air di empat titian supaya semua tahu kapan harus pindah";
    format!("<p>{words}.</p><h2>Caranya</h2><p>{words}.</p><p>{words}.</p><p>{words}.</p>")
}

impl City {
    pub async fn open(engine: Engine) -> City {
        let slices = vec![people::slice(), regions::slice(), kim::slice(), crate::slice()];
        let stage = Stage::new(engine, slices, people::identify).await;
        regions::testing::sample(&stage.kit).await;
        let kim = kim::testing::active(&stage.kit, "kim-riak-seberang", "62.71.01.1006").await;
        let other = kim::testing::active(&stage.kit, "kim-sebelah", "62.71.02.1001").await;
        City { stage, kim, other }
    }

    /// A person with grants, signed in.
    pub async fn person(&self, name: &str, grants: &[(Role, Scope)]) -> (i64, Client) {
        let (id, cookie) = people::testing::person(&self.stage.kit, name, grants).await;
        let mut client = self.stage.client();
        client.cookie("__Host-simpul", &cookie);
        (id, client)
    }

    pub async fn member(&self, name: &str) -> Client {
        self.person(name, &[(MEMBER, Scope::Group(self.kim))]).await.1
    }

    pub async fn officer(&self, name: &str) -> Client {
        self.person(name, &[(OFFICER, Scope::Group(self.kim))]).await.1
    }

    pub async fn editor(&self, name: &str) -> Client {
        self.person(name, &[(EDITOR, Scope::Group(self.kim))]).await.1
    }

    pub async fn neighbour(&self, name: &str) -> Client {
        self.person(name, &[(EDITOR, Scope::Group(self.other))]).await.1
    }

    pub async fn fostering(&self, name: &str, region: &str) -> Client {
        self.person(name, &[(FOSTERING, Scope::Region(region.into()))]).await.1
    }

    pub async fn verifier(&self, name: &str, region: &str) -> Client {
        self.person(name, &[(VERIFIER, Scope::Region(region.into()))]).await.1
    }

    pub async fn resident(&self, name: &str) -> Client {
        self.person(name, &[(RESIDENT, Scope::All)]).await.1
    }

    pub async fn operator(&self, name: &str) -> Client {
        self.person(name, &[(OPERATOR, Scope::All)]).await.1
    }

    /// The city wants its officer to approve.
    pub async fn wants_approval(&self) {
        self.decides("62.71", "review_chain", "regency").await;
    }

    /// A region decides.
    pub async fn decides(&self, region: &str, policy: &str, value: &str) {
        let mut tx = self.stage.write().await;
        tx.run(base::sql!(
            "insert into regions_policy (region, policy, value, set_by, set_at) values ($1, $2, $3, 1, 1)",
            region,
            policy,
            value
        ))
        .await
        .expect("a policy");
        tx.commit().await.expect("a commit");
    }

    /// Kinds of events about an article, oldest first, without the slice's name.
    pub async fn events(&self, id: i64) -> Vec<String> {
        let mut conn = self.stage.read().await;
        let events = base::events::about(&mut conn, "article", id).await.expect("events");
        events.into_iter().map(|event| event.kind.replace("newsroom.article.", "")).collect()
    }

    /// `data` of the newest event about an article.
    pub async fn last_data(&self, id: i64) -> serde_json::Value {
        let mut conn = self.stage.read().await;
        base::events::about(&mut conn, "article", id).await.expect("events").last().expect("an event").json()
    }

    pub async fn article(&self, id: i64) -> crate::article::Article {
        let mut conn = self.stage.read().await;
        crate::article::store::by_id(&mut conn, id).await.expect("a read").expect("an article")
    }

    pub async fn count(&self, query: base::Query) -> i64 {
        self.stage.read().await.int(query).await.expect("a count")
    }
}

/// The fields of a whole story.
pub fn story<'a>(title: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("kim", "kim-riak-seberang"),
        ("title", title),
        ("lead", "Tanda cat kuning membantu warga tahu kapan harus memindahkan barang."),
        ("body", body),
        ("category", "kabar"),
        ("tags", "Banjir, Sungai"),
        ("lang", "id"),
        ("sheet", "lembar-satu"),
        ("text", "1"),
    ]
}

/// The fields with others put in place or added.
pub fn with<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> =
        fields.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).copied().collect();
    all.extend_from_slice(changes);
    all
}

/// The id in a redirect to the desk page of an article.
pub fn id_of(answer: &Answer) -> i64 {
    let rest = answer.location().strip_prefix("/meja/tulisan/").expect("a desk page");
    rest.split(['/', '?', '#']).next().and_then(|id| id.parse().ok()).expect("an id")
}

/// Writes a draft and returns its id.
pub async fn draft(client: &mut Client, title: &str) -> i64 {
    let body = body();
    id_of(&client.post("/meja/tulis", &story(title, &body)).await.expect(303))
}

/// Writes a story and hands it in.
pub async fn handed_in(client: &mut Client, title: &str) -> i64 {
    let body = body();
    id_of(&client.post("/meja/tulis", &with(&story(title, &body), &[("act", "kirim")])).await.expect(303))
}

/// A small picture that can be read.
pub fn picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 4) as u8, (y * 5) as u8, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}
