//! A whole KIM as one file: rows of every slice as lines of JSON, and the pictures they name. Pictures
//! are packed while it is sent, so that they cost no memory.
use std::collections::{HashSet, VecDeque};

use anyhow::Context;
use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::blobs::Blobs;
use base::clock::HOUR;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tar::{Builder, Header};
use web::limits::Limit;
use web::slice::{ArchiveRows, Archived};
use web::{Ctx, Error, Page, Result, dates, filters};

use super::rows::{FORMAT, VERSION};
use crate::access::{KEEPERS, own};
use crate::register::Kim;

/// An archive reads everything that a KIM has.
const ARCHIVES: Limit = Limit { name: "kim.archive", acts: 6, window: HOUR };

#[derive(Template)]
#[template(path = "export/archive.html")]
struct ArchivePage {
    kim: Kim,
    /// Name and number of rows of each part.
    parts: Vec<(&'static str, usize)>,
    files: usize,
}

/// The KIM of an address for those who keep it, also when it is over: an archive is its last wish.
async fn open(ctx: &Ctx, conn: &mut Conn, slug: &str) -> Result<Kim> {
    own(ctx, conn, slug, KEEPERS).await
}

/// Of this KIM, for this person: ages are for its own keepers.
fn of(ctx: &Ctx, kim: &Kim) -> Archived {
    Archived { group: kim.id, ages: ctx.owns(KEEPERS, &kim.region, Some(kim.id)) }
}

pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = open(&ctx, &mut conn, &slug).await?;
    let all = ctx.archive(&mut conn, of(&ctx, &kim)).await?;
    drop(conn);
    let files = all.iter().map(|part| part.files.len()).sum();
    let page = ArchivePage { parts: all.iter().map(|part| (part.name, part.rows.len())).collect(), files, kim };
    Ok(ctx.page(ctx.say("kim-archive-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn download(ctx: Ctx, Path((slug, file)): Path<(String, String)>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = open(&ctx, &mut conn, &slug).await?;
    if file != format!("{}.tar.gz", kim.slug) {
        return Err(Error::Missing);
    }
    let account = ctx.actor()?.account_id.to_string();
    ctx.limits().count(ARCHIVES, &account, ctx.now()).map_err(Error::TooMany)?;
    let parts = ctx.archive(&mut conn, of(&ctx, &kim)).await?;
    drop(conn);
    ctx.looks_at("kim.archive.exported", (&kim.region, Some(kim.id)), ("kim", kim.id), None).await?;
    let manifest = json!({
        "format": FORMAT,
        "version": VERSION,
        "kim": kim.slug,
        "site": ctx.kit.config.base_url,
        "made_at": dates::iso(ctx.now(), &kim.region),
        "parts": parts.iter().map(|part| json!({ "name": part.name, "rows": part.rows.len(), "files": part.files.len() })).collect::<Vec<_>>(),
    });
    let pack = Pack::new(ctx.kit.blobs.clone(), &format!("kim-{}", kim.slug), ctx.now(), &manifest, parts)?;
    let stream = futures::stream::try_unfold(pack, |mut pack| async move {
        let next: std::io::Result<Option<Bytes>> = pack.next().await.map_err(std::io::Error::other);
        Ok::<_, std::io::Error>(next?.map(|bytes| (bytes, pack)))
    });
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/gzip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"kim-{}.tar.gz\"", kim.slug);
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).context("a file name")?);
    Ok(response)
}

/// An archive on its way out: a piece at a time.
struct Pack {
    blobs: Blobs,
    /// Folder that everything lies in.
    folder: String,
    /// Epoch seconds.
    at: u64,
    out: Option<Builder<GzEncoder<Vec<u8>>>>,
    texts: VecDeque<(String, Vec<u8>)>,
    /// Path in the archive, and key in the store.
    files: VecDeque<(String, String)>,
}

impl Pack {
    fn new(blobs: Blobs, folder: &str, now: i64, manifest: &serde_json::Value, parts: Vec<ArchiveRows>) -> Result<Pack> {
        let mut texts = VecDeque::from([("manifest.json".to_owned(), serde_json::to_vec_pretty(manifest)?)]);
        let (mut files, mut seen) = (VecDeque::new(), HashSet::new());
        for part in parts {
            let mut lines = Vec::new();
            for row in part.rows {
                serde_json::to_writer(&mut lines, &row)?;
                lines.push(b'\n');
            }
            texts.push_back((format!("{}.jsonl", part.name), lines));
            for file in part.files {
                // A picture may be named by several rows.
                if seen.insert(file.0.clone()) {
                    files.push_back(file);
                }
            }
        }
        Ok(Pack {
            blobs,
            folder: folder.to_owned(),
            at: u64::try_from(now / base::clock::SECOND).unwrap_or(0),
            out: Some(Builder::new(GzEncoder::new(Vec::new(), Compression::fast()))),
            texts,
            files,
        })
    }

    /// The next bytes; none at the end.
    async fn next(&mut self) -> anyhow::Result<Option<Bytes>> {
        loop {
            if let Some((path, text)) = self.texts.pop_front() {
                self.append(&path, &text)?;
            } else if let Some((path, key)) = self.files.pop_front() {
                match self.blobs.get(&key).await {
                    Ok(bytes) => self.append(&path, &bytes)?,
                    // A picture that was deleted meanwhile does not spoil the rest.
                    Err(base::Error::Missing) => continue,
                    Err(error) => return Err(anyhow::anyhow!("{error}")),
                }
            } else {
                return match self.out.take() {
                    Some(out) => Ok(Some(out.into_inner()?.finish()?.into())),
                    None => Ok(None),
                };
            }
            if let Some(out) = &mut self.out {
                let ready = std::mem::take(out.get_mut().get_mut());
                if !ready.is_empty() {
                    return Ok(Some(ready.into()));
                }
            }
        }
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(u64::try_from(bytes.len())?);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        if let Some(out) = &mut self.out {
            out.append_data(&mut header, format!("{}/{path}", self.folder), bytes)?;
        }
        Ok(())
    }
}
