//! Files kept outside the database: a local folder by default, an S3-compatible store by setting.
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::{Error, Result};

/// The file store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

/// Access to an S3-compatible store; empty fields fall back to the provider's usual defaults.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3 {
    /// Address of the store, such as `https://s3.example.id`.
    pub endpoint: String,
    pub region: String,
    pub access_key: String,
    pub secret_key: String,
}

impl Blobs {
    /// `s3://bucket/prefix`, or a folder, which is made when missing.
    pub fn open(place: &str, s3: &S3) -> Result<Blobs> {
        if let Some(rest) = place.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
            if !s3.endpoint.is_empty() {
                builder = builder.with_endpoint(&s3.endpoint).with_allow_http(s3.endpoint.starts_with("http:"));
            }
            if !s3.region.is_empty() {
                builder = builder.with_region(&s3.region);
            }
            if !s3.access_key.is_empty() {
                builder = builder.with_access_key_id(&s3.access_key).with_secret_access_key(&s3.secret_key);
            }
            let store = builder.build().context("the s3 store")?;
            if prefix.is_empty() {
                return Ok(Blobs(Arc::new(store)));
            }
            return Ok(Blobs(Arc::new(object_store::prefix::PrefixStore::new(store, prefix.trim_end_matches('/')))));
        }
        std::fs::create_dir_all(place).with_context(|| format!("making the folder {place}"))?;
        let store = LocalFileSystem::new_with_prefix(place).context("the file store")?.with_fsync(true);
        Ok(Blobs(Arc::new(store)))
    }

    /// Stores bytes under a key such as `media/ab/cd/name.webp`, replacing what was there.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<()> {
        self.0.put(&path(key)?, bytes.into()).await.context("storing a file")?;
        Ok(())
    }

    /// [`Error::Missing`] when there is nothing under the key.
    pub async fn get(&self, key: &str) -> Result<Bytes> {
        match self.0.get(&path(key)?).await {
            Ok(found) => Ok(found.bytes().await.context("reading a file")?),
            Err(object_store::Error::NotFound { .. }) => Err(Error::Missing),
            Err(error) => Err(anyhow::Error::from(error).context("reading a file").into()),
        }
    }

    /// Nothing happens when there is nothing under the key.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.0.delete(&path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(anyhow::Error::from(error).context("deleting a file").into()),
        }
    }

    /// Every key with its size in bytes, sorted.
    pub async fn all(&self) -> Result<Vec<(String, u64)>> {
        let found: Vec<_> = self.0.list(None).try_collect().await.context("listing files")?;
        let mut keys: Vec<(String, u64)> = found.into_iter().map(|meta| (meta.location.to_string(), meta.size)).collect();
        keys.sort();
        Ok(keys)
    }

    /// Keys that start with a folder, sorted.
    pub async fn list(&self, folder: &str) -> Result<Vec<String>> {
        let folder = path(folder)?;
        let found: Vec<_> = self.0.list(Some(&folder)).try_collect().await.context("listing files")?;
        let mut keys: Vec<String> = found.into_iter().map(|meta| meta.location.to_string()).collect();
        keys.sort();
        Ok(keys)
    }
}

fn path(key: &str) -> Result<Path> {
    Ok(Path::parse(key).context("a file key")?)
}
