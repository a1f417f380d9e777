//! One handle to everything a request, a job or a command needs.
use std::ops::Deref;
use std::sync::Arc;

use crate::blobs::Blobs;
use crate::events::Bell;
use crate::search::Index;
use crate::{Clock, Config, Db, Ids, Texts};

/// Shared by the whole process; cheap to clone.
#[derive(Clone)]
pub struct Kit(Arc<Parts>);

/// What the handle holds.
pub struct Parts {
    pub db: Db,
    pub blobs: Blobs,
    pub index: Arc<Index>,
    pub clock: Clock,
    pub ids: Ids,
    pub config: Config,
    pub texts: Texts,
    pub bell: Bell,
}

impl Kit {
    pub fn new(parts: Parts) -> Kit {
        Kit(Arc::new(parts))
    }
}

impl Deref for Kit {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
