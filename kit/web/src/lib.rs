//! The web platform: routes that declare who may call them, the layout, forms that never act twice,
//! one error page per case, the page cache, JSON helpers.
pub mod app;
pub mod arrival;
pub mod assets;
mod audit;
pub mod cache;
pub mod compress;
pub mod ctx;
pub mod dates;
mod domains;
mod dress;
mod error;
pub mod feed;
mod fields;
pub mod filters;
mod follow;
pub mod form;
mod guard;
pub use guard::hash;
pub mod headers;
mod health;
pub mod json;
pub mod limits;
mod media;
mod offers;
pub mod page;
pub mod privacy;
pub mod slice;

pub use app::App;
pub use ctx::{Credential, Ctx, Flash, Who};
pub use error::{Error, Errors, Problem, Result};
pub use form::{Form, Upload};
pub use page::Page;
pub use slice::{Access, FoundGroup, MenuItem, Named, Panel, Place, Route, Slice, Spot, Task};

/// The texts of the platform itself.
pub const TEXTS: &[base::i18n::Source] = texts!(".");

/// Lists the four Fluent files of a folder, relative to the calling file.
#[macro_export]
macro_rules! texts {
    ($folder:literal) => {
        &[
            (::base::Lang::Id, include_str!(concat!($folder, "/id.ftl"))),
            (::base::Lang::En, include_str!(concat!($folder, "/en.ftl"))),
            (::base::Lang::Nij, include_str!(concat!($folder, "/nij.ftl"))),
            (::base::Lang::Bjn, include_str!(concat!($folder, "/bjn.ftl"))),
        ]
    };
}
