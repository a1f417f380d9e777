//! The scan of a decree: a photo, written anew, or a PDF as it came. Both lie where no public address leads.
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::pictures::{self, Refused};
use web::{Ctx, Errors, Result, Upload};

use crate::register::profile::refusal;

/// Folder of the file store that holds scans.
pub const FOLDER: &str = "private/decree";

/// Stores a scan; its key, or a problem of the field `foto`.
pub async fn keep(ctx: &Ctx, sent: Option<&Upload>, errors: &mut Errors) -> Result<Option<String>> {
    let Some(sent) = sent else { return Ok(None) };
    let refused = match pictures::store_paper(&ctx.kit.blobs, FOLDER, &ctx.kit.ids.token(), sent.bytes.clone()).await? {
        Ok(key) => return Ok(Some(key)),
        Err(refused) => refused,
    };
    let key = match refused {
        Refused::TooLarge if pictures::is_pdf(&sent.bytes) => "kim-decree-pdf-large",
        Refused::Unreadable => "kim-decree-unreadable",
        Refused::TooLarge => refusal(refused),
    };
    errors.add("foto", key);
    Ok(None)
}

/// A scan for the few who may see it. A PDF was not written anew, so it is only handed over as a
/// file: nothing in it may run under this site's name.
pub async fn serve(ctx: &Ctx, key: &str) -> Result<Response> {
    let mut response = ctx.kit.blobs.get(key).await?.into_response();
    let (kind, disposition) = match key.ends_with(".pdf") {
        true => ("application/pdf", "attachment; filename=\"sk.pdf\""),
        false => ("image/jpeg", "inline; filename=\"sk.jpg\""),
    };
    let fixed = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
