//! Logging in through an organisation's own provider (OpenID Connect): code flow with PKCE. A person of the
//! provider is an identity, linked to an account by its owner.
mod client;
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::config::Provider;
use web::Ctx;

/// The providers offered to a visitor: those of their region, or all when none is chosen.
pub(crate) fn offered(ctx: &Ctx) -> Vec<&Provider> {
    let chosen = ctx.region.as_deref().unwrap_or_default();
    ctx.kit.config.providers.iter().filter(|provider| is_near(provider, chosen)).collect()
}

/// Every provider of this site.
pub(crate) fn all(ctx: &Ctx) -> &[Provider] {
    &ctx.kit.config.providers
}

/// Whether visitors of a region see a provider; before they chose one they see all.
fn is_near(provider: &Provider, chosen: &str) -> bool {
    provider.region.is_empty() || chosen.is_empty() || base::authz::within(chosen, &provider.region)
}

/// The provider of a name in an address.
fn find<'a>(ctx: &'a Ctx, name: &str) -> Option<&'a Provider> {
    ctx.kit.config.providers.iter().find(|provider| provider.name == name)
}
