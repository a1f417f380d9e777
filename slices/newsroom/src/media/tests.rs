//! Photos: taken, refused, described, ordered, deleted and swept.
use both::both;
use stage::Engine;

use crate::testing::{City, body, draft, picture, story, with};

#[both]
async fn photos_are_taken_described_and_swept(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Kabar berfoto").await;
    let desk = format!("/meja/tulisan/{id}");
    let (one, two) = (picture(), picture());
    sari.post_files(&format!("{desk}/foto"), &[], &[("foto", "a.png", &one), ("foto", "b.png", &two)]).await.expect(303);
    let mut conn = city.stage.read().await;
    let photos = crate::media::of(&mut conn, id).await.expect("photos");
    drop(conn);
    assert_eq!(photos.len(), 2);
    assert_eq!((photos[0].width, photos[0].height), (64, 48));
    assert_eq!(city.article(id).await.cover_id, Some(photos[0].id), "the first is the cover");
    sari.get(&photos[0].path(320)).await.expect(200);
    // Each photo needs a description before others read the story.
    let page = sari.post(&format!("{desk}/kirim"), &[]).await.expect(422);
    assert_eq!(page.count(".error-summary li"), 2, "{}", page.main());
    assert_eq!(page.count(&format!("#e-alt-{}", photos[1].id)), 1);
    for photo in &photos {
        let words = [("alt", "Warga mengecat titian"), ("caption", "Titian"), ("credit", "Sari")];
        sari.post(&format!("{desk}/foto/{}", photo.id), &words).await.expect(303);
    }
    let second = photos[1].id;
    let words = [("alt", "Warga mengecat"), ("act", "naik")];
    sari.post(&format!("{desk}/foto/{second}"), &words).await.expect(303);
    sari.post(&format!("{desk}/foto/{second}"), &[("alt", "Warga mengecat"), ("act", "sampul")]).await.expect(303);
    let mut conn = city.stage.read().await;
    assert_eq!(crate::media::of(&mut conn, id).await.expect("photos")[0].id, second);
    drop(conn);
    sari.post(&format!("{desk}/foto/{second}"), &[("alt", "Warga mengecat"), ("act", "turun")]).await.expect(303);
    assert_eq!(city.article(id).await.cover_id, Some(second));
    let page = sari.get(&format!("{desk}/pratinjau")).await.expect(200);
    assert_eq!(page.count("img[alt='Warga mengecat']"), 1);
    sari.post(&format!("{desk}/foto/{second}/hapus"), &[]).await.expect(303);
    assert_eq!(city.article(id).await.cover_id, Some(photos[0].id));
    city.stage.settle().await;
    sari.get(&photos[1].path(320)).await.expect(404);
    // Deleting the story sweeps the rest.
    sari.post(&format!("{desk}/hapus"), &[]).await.expect(303);
    city.stage.settle().await;
    sari.get(&photos[0].path(320)).await.expect(404);
    city.stage.done().await;
}

#[both]
async fn photos_are_refused_by_name(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Kabar berfoto").await;
    let foto = format!("/meja/tulisan/{id}/foto");
    let page = sari.post_files(&foto, &[], &[("foto", "surat.pdf", b"%PDF-1.7")]).await.expect(422);
    assert!(page.main().contains("surat.pdf tidak bisa dibaca"), "{}", page.main());
    let page = sari.post_files(&foto, &[], &[]).await.expect(422);
    assert!(page.main().contains("Pilih foto dulu."), "{}", page.main());
    let big = vec![0u8; 15 * 1024 * 1024 + 1];
    let page = sari.post_files(&foto, &[], &[("foto", "besar.jpg", &big)]).await.expect(422);
    assert!(page.main().contains("besar.jpg terlalu besar"), "{}", page.main());
    let one = picture();
    let many: Vec<(&str, &str, &[u8])> = (0..11).map(|_| ("foto", "a.png", one.as_slice())).collect();
    let page = sari.post_files(&foto, &[], &many).await.expect(422);
    assert!(page.main().contains("Kirim paling banyak 10 foto sekaligus."), "{}", page.main());
    // A good one is kept beside a bad one.
    sari.post_files(&foto, &[], &[("foto", "a.png", &one), ("foto", "b.gif", b"GIF89a")]).await.expect(303);
    sari.post_files(&foto, &[], &many[..10]).await.expect(303);
    let page = sari.post_files(&foto, &[], &many[..10]).await.expect(422);
    assert!(page.main().contains("Satu kabar memuat paling banyak 20 foto."), "{}", page.main());
    let mut conn = city.stage.read().await;
    let photos = crate::media::of(&mut conn, id).await.expect("photos");
    drop(conn);
    assert_eq!(photos.len(), 11);
    let photo = photos[0].id;
    let long = "x".repeat(crate::media::ALT_MOST + 1);
    sari.post(&format!("{foto}/{photo}"), &[("alt", &long)]).await.expect(422);
    sari.post(&format!("{foto}/999"), &[("alt", "x")]).await.expect(404);
    sari.post(&format!("{foto}/999/hapus"), &[]).await.expect(404);
    // Not for a colleague, nor for a neighbour.
    let mut budi = city.member("Budi").await;
    budi.post_files(&foto, &[], &[("foto", "a.png", &one)]).await.expect(403);
    budi.post(&format!("{foto}/{photo}/hapus"), &[]).await.expect(403);
    city.neighbour("Tetangga").await.post(&format!("{foto}/{photo}"), &[("alt", "x")]).await.expect(404);
    // A photo of another story cannot be reached through this one.
    let other = draft(&mut sari, "Kabar lain").await;
    sari.post(&format!("/meja/tulisan/{other}/foto/{photo}/hapus"), &[]).await.expect(404);
    city.stage.done().await;
}

#[both]
async fn only_own_photos_stand_in_the_text(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Kabar berfoto").await;
    let desk = format!("/meja/tulisan/{id}");
    sari.post_files(&format!("{desk}/foto"), &[], &[("foto", "a.png", &picture())]).await.expect(303);
    let mut conn = city.stage.read().await;
    let name = crate::media::of(&mut conn, id).await.expect("photos")[0].name.clone();
    drop(conn);
    let own = format!("<figure><img src=\"/media/{name}-800.jpg\" alt=\"x\"></figure>");
    let text = format!("{}{own}<img src=\"/media/orang-800.jpg\">", body());
    sari.post(&desk, &with(&story("Kabar berfoto", &text), &[("version", "1")])).await.expect(303);
    let kept = city.article(id).await.body;
    assert!(kept.contains(&own) && !kept.contains("orang"), "{kept}");
    city.stage.done().await;
}
