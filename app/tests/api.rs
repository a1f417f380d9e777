//! What the API says of itself: every route is described, and every list goes on the same way.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use axum::http::Method;

/// The description of the API and the API agree.
#[test]
fn the_api_is_described_whole() {
    let described = simpul::serve::description(simpul::slices(), "http://simpul.test");
    let text = serde_json::to_value(&described).expect("json");
    let paths = text["paths"].as_object().expect("paths");
    for slice in simpul::slices() {
        for route in slice.routes.iter().filter(|route| route.path.starts_with("/api/v1/")) {
            let verb = if route.method == Method::GET { "get" } else { "post" };
            assert!(
                paths.get(route.path).and_then(|path| path.get(verb)).is_some(),
                "{} {} is not described",
                route.method,
                route.path
            );
        }
    }
    for path in paths.keys() {
        assert!(
            simpul::slices().iter().any(|slice| slice.routes.iter().any(|r| r.path == path)),
            "{path} is described but absent"
        );
    }
}

/// A list takes its cursor by the name that the answer gives it, too.
#[test]
fn every_list_goes_on_by_both_names() {
    let described = simpul::serve::description(simpul::slices(), "http://simpul.test");
    let text = serde_json::to_value(&described).expect("json");
    let mut lists = Vec::new();
    for (path, verbs) in text["paths"].as_object().expect("paths") {
        let Some(parameters) = verbs["get"]["parameters"].as_array() else { continue };
        let takes = |name: &str| parameters.iter().any(|one| one["name"] == name && one["in"] == "query");
        assert_eq!(takes("after"), takes("next"), "{path}");
        if takes("after") {
            lists.push(path.as_str());
        }
    }
    lists.sort_unstable();
    assert_eq!(lists, ["/api/v1/articles", "/api/v1/kim", "/api/v1/regions", "/api/v1/search"]);
}
