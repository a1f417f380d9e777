//! Finds the files of pictures in a copy of the uploads folder. Nothing outside that folder is read.
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use base::pictures::MOST_BYTES;
use bytes::Bytes;

use super::report::Reason;

/// A folder that holds `wp-content/uploads`, is `wp-content`, or is the uploads folder itself.
pub struct Media {
    roots: Vec<PathBuf>,
}

impl Media {
    pub fn open(folder: &Path) -> anyhow::Result<Media> {
        let top = folder.canonicalize().with_context(|| format!("the media folder {}", folder.display()))?;
        anyhow::ensure!(top.is_dir(), "the media folder {} is no folder", folder.display());
        let roots = ["wp-content/uploads", "uploads", ""].map(|below| top.join(below));
        // A link that leads out of the folder is not followed here either.
        let roots =
            roots.into_iter().filter_map(|root| root.canonicalize().ok()).filter(|root| root.starts_with(&top) && root.is_dir());
        Ok(Media { roots: roots.collect() })
    }

    /// The bytes of the first file there is, by paths under the uploads folder.
    pub fn read(&self, files: &[String]) -> Result<Bytes, Reason> {
        let path = files.iter().find_map(|file| self.find(file)).ok_or(Reason::MissingFile)?;
        let size = fs::metadata(&path).map_err(|_| Reason::MissingFile)?.len();
        if size > MOST_BYTES as u64 {
            return Err(Reason::PictureTooLarge);
        }
        Ok(fs::read(&path).map_err(|_| Reason::MissingFile)?.into())
    }

    fn find(&self, file: &str) -> Option<PathBuf> {
        let relative = Path::new(file);
        if file.is_empty() || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        self.roots.iter().find_map(|root| {
            let path = root.join(relative).canonicalize().ok()?;
            (path.starts_with(root) && path.is_file()).then_some(path)
        })
    }
}
