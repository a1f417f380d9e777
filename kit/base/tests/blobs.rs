//! The file store: a folder, and a server that speaks S3.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use base::Error;
use base::blobs::{Blobs, S3};
use bytes::Bytes;

async fn keeps_and_forgets(blobs: Blobs) {
    let key = "media/ab/abc-800.webp";
    assert!(matches!(blobs.get(key).await, Err(Error::Missing)));
    blobs.put(key, Bytes::from_static(b"satu")).await.expect("stored");
    blobs.put(key, Bytes::from_static(b"dua")).await.expect("replaced");
    assert_eq!(blobs.get(key).await.expect("read"), "dua");
    let large = Bytes::from(vec![7u8; 3_000_000]);
    blobs.put("media/cd/large", large.clone()).await.expect("stored");
    assert_eq!(blobs.get("media/cd/large").await.expect("read"), large);
    assert_eq!(blobs.list("media").await.expect("listed"), [key, "media/cd/large"]);
    assert_eq!(blobs.all().await.expect("listed"), [(key.to_owned(), 3), ("media/cd/large".to_owned(), 3_000_000)]);
    blobs.delete(key).await.expect("deleted");
    blobs.delete(key).await.expect("deleted again");
    assert!(matches!(blobs.get(key).await, Err(Error::Missing)));
    assert!(blobs.get("../outside").await.is_err(), "no way out of the store");
}

#[test]
fn a_folder() {
    stage::run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("made/when/missing");
        keeps_and_forgets(Blobs::open(place.to_str().expect("utf-8"), &S3::default()).expect("opened")).await;
    });
}

#[test]
fn an_s3_server() {
    stage::run(async {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("ember")).expect("a bucket");
        let endpoint = serve_s3(folder.path()).await;
        let access = S3 { endpoint, region: "lokal".into(), access_key: "KUNCI".into(), secret_key: "RAHASIA".into() };
        keeps_and_forgets(Blobs::open("s3://ember/simpul", &access).expect("opened")).await;
        let wrong = S3 { secret_key: "SALAH".into(), ..access };
        let blobs = Blobs::open("s3://ember/simpul", &wrong).expect("opened");
        assert!(blobs.put("media/x", Bytes::from_static(b"x")).await.is_err(), "a wrong secret is refused");
    });
}

/// Starts a server over a folder whose subfolders are buckets; returns its address.
async fn serve_s3(folder: &std::path::Path) -> String {
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use hyper_util::server::conn::auto::Builder;
    let files = s3s_fs::FileSystem::new(folder).expect("a file system");
    let mut builder = s3s::service::S3ServiceBuilder::new(files);
    builder.set_auth(s3s::auth::SimpleAuth::from_single("KUNCI", "RAHASIA"));
    let service = builder.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = Builder::new(TokioExecutor::new());
                // A client that goes away is its own affair.
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    format!("http://{address}")
}
