//! Decoding pictures within bounds and writing them anew: pure, and a crate of its own so that it is
//! compiled for speed even in debug builds.
use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

/// Widths written, in pixels, widest first. A narrower picture keeps its own width.
pub const WIDTHS: [u32; 3] = [1600, 800, 320];
/// Largest file taken.
pub const MOST_BYTES: usize = 15 * 1024 * 1024;
/// Most pixels decoded: enough for a 50-megapixel phone.
const MOST_PIXELS: u64 = 56_000_000;
/// Memory one decoding may take.
const MOST_MEMORY: u64 = 240 * 1024 * 1024;

/// Why a picture was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not JPEG, PNG or WebP, or damaged.
    Unreadable,
    /// More bytes or pixels than a phone makes.
    TooLarge,
}

/// One written file.
pub struct Written {
    pub width: u32,
    pub end: &'static str,
    pub bytes: Vec<u8>,
}

/// Longest side of a private picture, in pixels: a page of text stays readable.
const PRIVATE_SIDE: u32 = 2000;

/// One upright JPEG of at most the private size, for papers that are not published.
pub fn rewrite_upright(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let (mut picture, orientation) = decode(bytes)?;
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest > PRIVATE_SIDE {
        let target = u64::from(width) * u64::from(PRIVATE_SIDE) / u64::from(longest);
        picture = resize(picture, u32::try_from(target.max(1)).unwrap_or(1), false)?;
    }
    let mut upright = DynamicImage::ImageRgb8(picture);
    upright.apply_orientation(orientation);
    jpeg_bytes(&upright.into_rgb8())
}

/// Three sizes, each as WebP and JPEG, with the upright width and height of the original.
pub fn rewrite(bytes: &[u8]) -> Result<(u32, u32, Vec<Written>), Refused> {
    let (picture, orientation) = decode(bytes)?;
    let sideways = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let (width, height) = if sideways { (picture.height(), picture.width()) } else { picture.dimensions() };
    let mut files = Vec::new();
    let mut source = picture;
    let mut turned = false;
    for target in WIDTHS {
        let wide = if turned || !sideways { source.width() } else { source.height() };
        if wide > target {
            source = resize(source, target, !turned && sideways)?;
        }
        if !turned {
            // Turning after the first resize costs a tenth of turning before it.
            let mut upright = DynamicImage::ImageRgb8(source);
            upright.apply_orientation(orientation);
            source = upright.into_rgb8();
            turned = true;
        }
        files.push(Written { width: target, end: "webp", bytes: webp_bytes(&source)? });
        files.push(Written { width: target, end: "jpg", bytes: jpeg_bytes(&source)? });
    }
    Ok((width, height, files))
}

fn decode(bytes: &[u8]) -> Result<(RgbImage, Orientation), Refused> {
    if bytes.len() > MOST_BYTES {
        return Err(Refused::TooLarge);
    }
    let format = image::guess_format(bytes).map_err(|_| Refused::Unreadable)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Refused::Unreadable);
    }
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().map_err(|_| Refused::Unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width > 20_000 || height > 20_000 {
        return Err(Refused::TooLarge);
    }
    if width < 8 || height < 8 {
        return Err(Refused::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    decoder.set_limits(limits).map_err(|_| Refused::TooLarge)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Refused::Unreadable)?;
    Ok((flatten(picture), orientation))
}

/// Transparent places become paper white, as they would look on the page.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let source = picture.into_rgba8();
    let mut flat = RgbImage::new(source.width(), source.height());
    for (to, from) in flat.pixels_mut().zip(source.pixels()) {
        let alpha = u16::from(from[3]);
        for channel in 0..3 {
            let mixed = (u16::from(from[channel]) * alpha + 255 * (255 - alpha)) / 255;
            to[channel] = u8::try_from(mixed).unwrap_or(255);
        }
    }
    flat
}

/// Scales so that the upright width becomes `target`.
fn resize(source: RgbImage, target: u32, sideways: bool) -> Result<RgbImage, Refused> {
    let (width, height) = source.dimensions();
    let upright = if sideways { height } else { width };
    let scale = |side: u32| {
        let scaled = (u64::from(side) * u64::from(target) + u64::from(upright) / 2) / u64::from(upright);
        u32::try_from(scaled.max(1)).unwrap_or(1)
    };
    let (new_width, new_height) = (scale(width), scale(height));
    let source = Image::from_vec_u8(width, height, source.into_raw(), PixelType::U8x3).map_err(|_| Refused::Unreadable)?;
    let mut scaled = Image::new(new_width, new_height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut scaled, &options).map_err(|_| Refused::Unreadable)?;
    RgbImage::from_raw(new_width, new_height, scaled.into_vec()).ok_or(Refused::Unreadable)
}

fn webp_bytes(picture: &RgbImage) -> Result<Vec<u8>, Refused> {
    let encoder = webp::Encoder::from_rgb(picture.as_raw(), picture.width(), picture.height());
    let mut config = webp::WebPConfig::new().map_err(|()| Refused::Unreadable)?;
    config.quality = 72.0;
    config.method = 2;
    Ok(encoder.encode_advanced(&config).map_err(|_| Refused::Unreadable)?.to_vec())
}

fn jpeg_bytes(picture: &RgbImage) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 78).encode_image(picture).map_err(|_| Refused::Unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn refuses_bombs_and_strangers() {
        // The header claims 30,000 × 30,000 pixels; refused before any of them is decoded.
        let mut bomb = png(16, 16);
        bomb[16..20].copy_from_slice(&30_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&30_000u32.to_be_bytes());
        assert!(rewrite(&bomb).is_err());
        assert_eq!(rewrite(b"<svg xmlns='http://www.w3.org/2000/svg'/>").err(), Some(Refused::Unreadable));
        assert_eq!(rewrite(b"GIF89a").err(), Some(Refused::Unreadable));
        assert_eq!(rewrite(&png(16, 16)[..40]).err(), Some(Refused::Unreadable));
        assert_eq!(rewrite(&vec![0; MOST_BYTES + 1]).err(), Some(Refused::TooLarge));
    }
}
