//! The scan of a decree: a photo, written anew, or a PDF as it came. Both lie where no public address leads.
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::pictures;
use web::{Ctx, Errors, Result, Upload};

use crate::register::profile::refusal;

/// Largest PDF, in bytes.
pub const PDF_MOST: usize = 10 * 1024 * 1024;
/// How every PDF begins.
const PDF_MAGIC: &[u8] = b"%PDF-";

/// Stores a scan; its key, or a problem of the field `foto`.
pub async fn keep(ctx: &Ctx, sent: Option<&Upload>, errors: &mut Errors) -> Result<Option<String>> {
    let Some(sent) = sent else { return Ok(None) };
    if sent.bytes.starts_with(PDF_MAGIC) {
        if sent.bytes.len() > PDF_MOST {
            errors.add("foto", "kim-decree-pdf-large");
            return Ok(None);
        }
        let key = format!("private/decree/{}.pdf", ctx.kit.ids.token());
        ctx.kit.blobs.put(&key, sent.bytes.clone()).await?;
        return Ok(Some(key));
    }
    match pictures::rewrite_private(sent.bytes.clone()).await? {
        Ok(bytes) => {
            let key = format!("private/decree/{}.jpg", ctx.kit.ids.token());
            ctx.kit.blobs.put(&key, bytes).await?;
            Ok(Some(key))
        }
        Err(pictures::Refused::Unreadable) => {
            errors.add("foto", "kim-decree-unreadable");
            Ok(None)
        }
        Err(refused) => {
            errors.add("foto", refusal(refused));
            Ok(None)
        }
    }
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
