use base::sql;
use stage::Engine;

use super::{reasons, upload};
use crate::register::Status;
use crate::scene::{self, WARD};

#[both::both]
async fn an_officer_brings_in_the_roster_and_takes_it_back(engine: Engine) {
    let stage = scene::open(engine).await;
    let kim = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, kim).await;
    let base = "/meja/kim/kim-riak/impor";
    let fields = [("nama", "Ani Lama"), ("jabatan", "secretary"), ("mulai", "2024-01-01"), ("lahir", "1990")];
    rina.post("/meja/kim/kim-riak/anggota/baru", &fields).await.expect(303);
    assert_eq!(
        crate::bulk::read_back(&rina.get(&format!("{base}/templat/templat-anggota.xlsx")).await.expect(200).body)[0][0],
        ["Nama lengkap", "Jabatan", "Bidang atau seksi", "Mulai bergabung"]
    );
    assert_eq!(rina.get(&format!("{base}/formulir")).await.expect(200).count("tbody tr"), 18);

    let csv = "Nama,Jabatan,Seksi,No HP,Mulai\n\
        Budi Satu,Ketua,,0812,1 Januari 2024\n\
        Citra Dua,Koordinator,Penulisan,0813,\n\
        Dedi Tiga,Ketua,,,\n\
        ani lama,Anggota,,,\n\
        budi satu,Anggota,,,\n\
        Eka Empat,Raja,,,\n";
    let path = upload(&mut rina, base, "anggota.csv", csv.as_bytes()).await;
    let page = rina.get(&path).await.expect(200);
    assert!(page.main().contains("berisi data pribadi dan tidak kami simpan: No HP."), "{}", page.main());
    assert_eq!(
        reasons(&page),
        [
            (4, "Jabatan “Ketua” Baris 2 sudah menjadi ketua. Satu KIM satu ketua.".to_owned()),
            (5, "Nama lengkap “ani lama” Orang ini sudah ada di daftar anggota.".to_owned()),
            (6, "Nama lengkap “budi satu” Sama dengan baris 2. Hapus salah satunya.".to_owned()),
            (7, "Jabatan “Raja” Jabatan “Raja” tidak kami kenal. Pakai salah satu dari petunjuk.".to_owned()),
        ]
    );
    // Members read the roster but do not keep it; officers of another KIM and overseers neither.
    for mut refused in
        [scene::member(&stage, kim).await, scene::officer(&stage, other).await, scene::verifier(&stage, "62").await]
    {
        refused.get(base).await.expect(403);
        refused.get(&path).await.expect(403);
        refused.post(&format!("{path}/masukkan"), &[]).await.expect(403);
    }
    // Under another KIM's address it does not exist.
    let lain = path.replace("kim-riak", "kim-lain");
    scene::officer(&stage, other).await.get(&lain).await.expect(404);

    rina.post(&format!("{path}/masukkan"), &[]).await.expect(303);
    let list = rina.get("/meja/kim/kim-riak/anggota").await.expect(200).main();
    assert!(list.contains("Budi Satu") && list.contains("Citra Dua") && !list.contains("Dedi Tiga"), "{list}");
    let mut conn = stage.read().await;
    let rows: Vec<(String,)> = conn.all(sql!("select cells from kim_import_row")).await.expect("rows");
    assert!(rows.iter().all(|row| !row.0.contains("081")), "no phone number of a member is kept");
    let budi = conn.int(sql!("select id from kim_member where name = 'Budi Satu'")).await.expect("an id");
    drop(conn);

    let fields = [("nama", "Budi Satu"), ("jabatan", "chair"), ("mulai", "2024-02-01"), ("lahir", "1990")];
    rina.post(&format!("/meja/kim/kim-riak/anggota/{budi}"), &fields).await.expect(303);
    let page = rina.get(&path).await.expect(200).main();
    assert!(page.contains("akan tetap ada: Budi Satu"), "{page}");
    let answer = rina.post(&format!("{path}/batalkan"), &[]).await.expect(303);
    assert!(rina.follow(answer).await.text().contains("1 baris dibatalkan, 1 tetap ada"));
    let list = rina.get("/meja/kim/kim-riak/anggota").await.expect(200).main();
    assert!(list.contains("Budi Satu") && list.contains("Ani Lama") && !list.contains("Citra Dua"), "{list}");
    assert!(rina.get(base).await.expect(200).main().contains("anggota.csv Sudah dibatalkan"));
    // What was turned down can be deleted before its day is over.
    let path = upload(&mut rina, base, "anggota.csv", b"Nama,Jabatan\nFajar,Raja\nGita,\n").await;
    rina.post(&format!("{path}/masukkan"), &[]).await.expect(303);
    assert!(rina.get(&path).await.main().contains("1 baris ditolak"));
    rina.post(&format!("{path}/buang"), &[]).await.expect(303);
    rina.get(&format!("{path}/ditolak/ditolak.csv")).await.expect(410);
    stage.settle().await;
    stage.done().await;
}
