//! What is asked of a provider, and what it answers.
use anyhow::{Context, Result};
use base::config::Provider;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use web::Ctx;

type Ready = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What must be the same when the person comes back.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journey {
    pub provider: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    /// Where to go afterwards.
    pub onward: String,
    /// The person is logged in here and proves again who they are.
    pub proves: bool,
}

/// Who came back.
pub(super) struct Person {
    pub subject: String,
    /// Name for a new account; may be empty.
    pub name: String,
}

/// The address that the provider sends people back to.
fn back(ctx: &Ctx, provider: &Provider) -> String {
    ctx.absolute(&format!("/masuk/lewat/{}/kembali", provider.name))
}

async fn ready(ctx: &Ctx, provider: &Provider) -> Result<Ready> {
    let issuer = IssuerUrl::new(provider.issuer.clone()).context("issuer")?;
    let found = CoreProviderMetadata::discover_async(issuer, &base::fetch::send).await.context("asking the provider")?;
    let client = CoreClient::from_provider_metadata(
        found,
        ClientId::new(provider.client_id.clone()),
        Some(ClientSecret::new(provider.client_secret.clone())),
    );
    Ok(client.set_redirect_uri(RedirectUrl::new(back(ctx, provider))?))
}

/// The address at the provider where the person logs in, and what to keep until they are back.
/// With `proves` the provider must ask for the login anew.
pub(super) async fn begin(ctx: &Ctx, provider: &Provider, onward: &str, proves: bool) -> Result<(String, Journey)> {
    let client = ready(ctx, provider).await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (state, nonce) = (ctx.kit.ids.token(), ctx.kit.ids.token());
    let (given_state, given_nonce) = (state.clone(), nonce.clone());
    let mut request = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || CsrfToken::new(given_state), || Nonce::new(given_nonce))
        .add_scope(Scope::new("profile".into()))
        .set_pkce_challenge(challenge);
    if proves {
        request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
    }
    let (address, _, _) = request.url();
    let journey = Journey {
        provider: provider.name.clone(),
        state,
        nonce,
        verifier: verifier.secret().clone(),
        onward: onward.to_owned(),
        proves,
    };
    Ok((address.to_string(), journey))
}

/// Changes the code for the person, whose token must be signed, meant for us, and of this journey.
pub(super) async fn finish(ctx: &Ctx, provider: &Provider, journey: &Journey, code: &str) -> Result<Person> {
    let client = ready(ctx, provider).await?;
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .context("the provider has no token endpoint")?
        .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier.clone()))
        .request_async(&base::fetch::send)
        .await
        .context("changing the code")?;
    let token = answer.id_token().context("the provider sent no identity")?;
    let claims = token.claims(&client.id_token_verifier(), &Nonce::new(journey.nonce.clone())).context("the identity")?;
    if journey.proves {
        // A provider that ignores the wish for a new login proves nothing.
        let at = claims.auth_time().context("the identity does not say when the person logged in")?;
        let since = ctx.now() / base::clock::SECOND - at.timestamp();
        anyhow::ensure!((-120..120).contains(&since), "the login at the provider is {since} seconds old");
    }
    let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()).unwrap_or_default();
    Ok(Person { subject: claims.subject().to_string(), name })
}
