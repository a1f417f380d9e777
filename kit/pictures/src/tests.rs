use super::*;

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 255) as u8, (y % 255) as u8, 90]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

#[test]
fn writes_three_sizes_twice() {
    let (width, height, files) = rewrite(&png(2000, 1000)).expect("taken");
    assert_eq!((width, height, files.len()), (2000, 1000, 6));
    for file in &files {
        let read = image::load_from_memory(&file.bytes).expect("a picture again");
        assert_eq!((read.width(), read.height()), (file.width, file.width / 2));
    }
}

#[test]
fn turns_upright_and_drops_metadata() {
    let exif = [
        b"Exif\0\0II*\0\x08\0\0\0\x02\0".as_slice(),
        b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0",
        b"\x0e\x01\x02\0\x0e\0\0\0\x26\0\0\0",
        b"\0\0\0\0GPS -2.21 1139\0",
    ]
    .concat();
    let plain = jpeg_bytes(&RgbImage::new(400, 200)).expect("a jpeg");
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    let sent = [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat();
    let (width, height, files) = rewrite(&sent).expect("taken");
    assert_eq!((width, height), (200, 400), "stands upright");
    for file in files {
        let found = |needle: &[u8]| file.bytes.windows(needle.len()).any(|part| part == needle);
        assert!(!found(b"GPS") && !found(b"Exif") && !found(b"EXIF"), "{} {}", file.width, file.end);
    }
}

#[test]
fn a_private_picture_is_one_small_upright_jpeg() {
    let written = rewrite_upright(&png(1500, 3000)).expect("taken");
    assert_eq!(image::guess_format(&written).expect("a format"), ImageFormat::Jpeg);
    let read = image::load_from_memory(&written).expect("a picture again");
    assert_eq!((read.width(), read.height()), (1000, 2000));
    assert_eq!(rewrite_upright(b"%PDF-1.7").err(), Some(Refused::Unreadable));
}

/// A chunk of a PNG with its right checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    [length.as_slice(), kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A sound PNG but for what its header claims. `colour` as PNG numbers it: 2 is RGB, 6 is RGBA.
fn claimed(width: u32, height: u32, depth: u8, colour: u8, packed: &[u8]) -> Vec<u8> {
    let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = [sizes.as_slice(), &[depth, colour, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &header), &chunk(b"IDAT", packed), &chunk(b"IEND", &[])].concat()
}

/// The header of a JPEG of three colours up to its first scan of one or three. `start` is 0xc0 for a plain
/// frame and 0xc2 for a progressive one.
fn jpeg_header(start: u8, width: u16, height: u16, scan: u8) -> Vec<u8> {
    let sizes = [height.to_be_bytes(), width.to_be_bytes()].concat();
    let colours = [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    let frame = [[0xff, 0xd8, 0xff, start, 0, 17, 8].as_slice(), &sizes, &[3], &colours].concat();
    let first = [0xff, 0xda, 0, 6 + 2 * scan, scan];
    let parts = [1, 0, 2, 0, 3, 0];
    let first = [first.as_slice(), &parts[..usize::from(2 * scan)], &[0, 0, 0]].concat();
    [frame, first].concat()
}

#[test]
fn refuses_bombs_by_their_header() {
    let taken = |bytes: &[u8]| rewrite(bytes).err();
    // Headers that hold, so that the claim alone is refused, before any pixel is decoded.
    assert_eq!(taken(&claimed(30_000, 30_000, 8, 2, &[])), Some(Refused::TooLarge));
    assert_eq!(taken(&claimed(0x7fff_ffff, 0x7fff_ffff, 8, 6, &[])), Some(Refused::TooLarge));
    assert_eq!(taken(&claimed(20_001, 8, 8, 2, &[])), Some(Refused::TooLarge), "one long side");
    assert_eq!(taken(&claimed(8192, 6145, 8, 2, &[])), Some(Refused::TooLarge), "a row more than allowed");
    assert_eq!(taken(&claimed(6000, 6000, 16, 6, &[])), Some(Refused::TooLarge), "deep colours take too much memory");
    assert_eq!(taken(&jpeg_header(0xc0, 60_000, 60_000, 3)), Some(Refused::TooLarge));
    assert_eq!(taken(&jpeg_header(0xc2, 60_000, 60_000, 1)), Some(Refused::TooLarge));
    assert_eq!(taken(&jpeg_header(0xc2, 8000, 6000, 1)), Some(Refused::TooLarge), "progressive keeps every coefficient");
    assert_eq!(taken(&jpeg_header(0xc0, 8000, 6000, 1)), Some(Refused::TooLarge), "so do several scans");
    // The same claims within bounds are no bombs, only unfinished.
    assert_eq!(taken(&claimed(16, 16, 8, 2, &[])), Some(Refused::Unreadable));
    assert_eq!(taken(&jpeg_header(0xc2, 16, 16, 1)), Some(Refused::Unreadable));
    // A header whose checksum does not fit is damaged, whatever it claims.
    let mut damaged = png(16, 16);
    damaged[16..20].copy_from_slice(&30_000u32.to_be_bytes());
    assert_eq!(taken(&damaged), Some(Refused::Unreadable));
}

#[test]
fn refuses_strangers() {
    assert_eq!(rewrite(b"<svg xmlns='http://www.w3.org/2000/svg'/>").err(), Some(Refused::Unreadable));
    assert_eq!(rewrite(b"GIF89a").err(), Some(Refused::Unreadable));
    assert_eq!(rewrite(&png(16, 16)[..40]).err(), Some(Refused::Unreadable));
    assert_eq!(rewrite(&vec![0; MOST_BYTES + 1]).err(), Some(Refused::TooLarge));
}

#[test]
fn large_pictures_are_known_by_their_header() {
    assert!(!is_large(&claimed(4032, 3024, 8, 2, &[])), "a common photo");
    assert!(is_large(&claimed(4033, 3024, 8, 2, &[])));
    assert!(!is_large(&claimed(30_000, 30_000, 8, 2, &[])), "refused anyway");
    assert!(!is_large(b"GIF89a"));
}

#[test]
fn scans_of_a_jpeg_are_counted() {
    let plain = jpeg_bytes(&RgbImage::new(16, 16)).expect("a jpeg");
    assert_eq!(kept_between_scans(&plain), 0);
    assert_eq!(kept_between_scans(&jpeg_header(0xc0, 16, 16, 3)), 0);
    assert_eq!(kept_between_scans(&jpeg_header(0xc0, 16, 16, 1)), 6);
    assert_eq!(kept_between_scans(&jpeg_header(0xc2, 16, 16, 3)), 6);
    let odd = [[0xff, 0xd8, 0xff, 0xff].as_slice(), &jpeg_header(0xc2, 16, 16, 3)[2..]].concat();
    assert_eq!(kept_between_scans(&odd), 6, "fill bytes are passed over");
    assert_eq!(kept_between_scans(&[[0xff, 0xd8, 0].as_slice(), &plain[2..]].concat()), 8, "what is odd counts as the worst");
}

#[test]
fn transparent_places_become_paper() {
    let mut picture = image::RgbaImage::from_pixel(16, 8, image::Rgba([10, 20, 30, 255]));
    picture.put_pixel(3, 2, image::Rgba([10, 20, 30, 0]));
    picture.put_pixel(15, 7, image::Rgba([0, 100, 200, 51]));
    let flat = flatten(DynamicImage::ImageRgba8(picture)).expect("taken");
    assert_eq!((flat.dimensions(), flat.as_raw().len()), ((16, 8), 16 * 8 * 3));
    assert_eq!(flat.get_pixel(0, 0).0, [10, 20, 30]);
    assert_eq!(flat.get_pixel(3, 2).0, [255, 255, 255]);
    assert_eq!(flat.get_pixel(15, 7).0, [204, 224, 244]);
}

/// Run by the test below in a process of its own, whose peak is that of this picture.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "the test below runs it"]
fn decodes_the_largest_picture() {
    use std::io::Write;
    let (width, height) = (8192, 6144);
    let row = vec![0u8; 1 + 4 * 8192];
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..height {
        packed.write_all(&row).expect("packed");
    }
    let picture = claimed(width, height, 8, 6, &packed.finish().expect("packed"));
    let (got_width, got_height, _) = rewrite(&picture).expect("taken");
    assert_eq!((got_width, got_height), (width, height));
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the peak");
    println!("{peak}");
}

/// The largest plain picture: with transparent places, 192 MiB of pixels.
#[cfg(target_os = "linux")]
#[test]
fn the_largest_picture_stays_within_its_memory() {
    let own = std::env::current_exe().expect("this program");
    let words = ["--exact", "tests::decodes_the_largest_picture", "--ignored", "--nocapture"];
    let told = std::process::Command::new(own).args(words).output().expect("it runs");
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let peak = told.lines().find_map(|line| line.split_once("VmHWM:")).expect("it told its peak").1;
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(peak * 1024 > 8192 * 6144 * 4, "the whole picture was there: {peak} kB");
    assert!(peak * 1024 < MOST_MEMORY, "{peak} kB");
}
