//! `#[both]`: one async test body, run once on SQLite and once on PostgreSQL.
use proc_macro::TokenStream;
use quote::quote;

/// The function takes one argument, the name of the engine (`stage::Engine`).
#[proc_macro_attribute]
pub fn both(_attr: TokenStream, item: TokenStream) -> TokenStream {
    let function = syn::parse_macro_input!(item as syn::ItemFn);
    let name = &function.sig.ident;
    quote! {
        mod #name {
            use super::*;
            #function

            #[test]
            fn sqlite() {
                ::stage::run(#name(::stage::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                ::stage::run(#name(::stage::Engine::Postgres));
            }
        }
    }
    .into()
}
