//! Decoding pictures within bounds and writing them anew: pure, and a crate of its own so that it is
//! compiled for speed even in debug builds.
use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

/// Widths written, in pixels, widest first. A narrower picture keeps its own width.
pub const WIDTHS: [u32; 3] = [1600, 800, 320];
/// Largest file taken.
pub const MOST_BYTES: usize = 15 * 1024 * 1024;
/// Most pixels decoded: what a 50-megapixel phone makes.
const MOST_PIXELS: u64 = 8192 * 6144;
/// Longest side decoded.
const MOST_SIDE: u32 = 20_000;
/// Memory one decoding may take: the largest plain picture with transparent places needs two thirds.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// Above a common 12-megapixel photo, a picture is large: only one of these should be decoded at a time.
const LARGE: u64 = 4032 * 3024;

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

/// Whether decoding takes so much memory that it should happen one at a time. Reads the header only.
pub fn is_large(bytes: &[u8]) -> bool {
    open(bytes).is_ok_and(|decoder| pixels(&decoder) > LARGE)
}

fn pixels(decoder: &impl ImageDecoder) -> u64 {
    let (width, height) = decoder.dimensions();
    u64::from(width) * u64::from(height)
}

/// Reads the header and refuses what would take too much, before a single pixel is decoded.
fn open(bytes: &[u8]) -> Result<impl ImageDecoder, Refused> {
    if bytes.len() > MOST_BYTES {
        return Err(Refused::TooLarge);
    }
    let format = image::guess_format(bytes).map_err(|_| Refused::Unreadable)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Refused::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    let pixels = pixels(&decoder);
    if pixels > MOST_PIXELS || width > MOST_SIDE || height > MOST_SIDE {
        return Err(Refused::TooLarge);
    }
    if width < 8 || height < 8 {
        return Err(Refused::Unreadable);
    }
    let converted = match decoder.color_type() {
        ColorType::Rgb8 | ColorType::Rgba8 => 0,
        other if other.has_alpha() => 4,
        _ => 3,
    };
    let scans = if format == ImageFormat::Jpeg { kept_between_scans(bytes) } else { 0 };
    if decoder.total_bytes() + pixels * (converted + scans) > MOST_MEMORY {
        return Err(Refused::TooLarge);
    }
    Ok(decoder)
}

fn refused(error: ImageError) -> Refused {
    if matches!(error, ImageError::Limits(_)) { Refused::TooLarge } else { Refused::Unreadable }
}

/// Bytes a pixel that a JPEG keeps until its last scan, beside the picture: two for each colour of one that
/// comes in several scans, none of one that comes in a single scan. What is written oddly counts as the worst.
fn kept_between_scans(jpeg: &[u8]) -> u64 {
    const WORST: u64 = 8;
    let (mut at, mut colours) = (2, 0);
    while let Some(&[0xff, marker, high, low]) = jpeg.get(at..at + 4) {
        match marker {
            // Fill bytes before a marker.
            0xff => {
                at += 1;
                continue;
            }
            // Start of a progressive frame, of another frame, of a scan.
            0xc2 | 0xc6 | 0xca | 0xce => return jpeg.get(at + 9).map_or(WORST, |n| 2 * u64::from(*n)),
            0xc0 | 0xc1 | 0xc3 | 0xc5 | 0xc7 | 0xc9 | 0xcb | 0xcd | 0xcf => colours = jpeg.get(at + 9).copied().unwrap_or(0),
            0xda => {
                let whole = jpeg.get(at + 4).is_some_and(|n| *n == colours);
                return if whole { 0 } else { 2 * u64::from(colours) };
            }
            0xc4 | 0xdb..=0xfe => {}
            _ => return WORST,
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    WORST
}

fn decode(bytes: &[u8]) -> Result<(RgbImage, Orientation), Refused> {
    let mut decoder = open(bytes)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    Ok((flatten(picture)?, orientation))
}

/// Transparent places become paper white, as they would look on the page. The picture shrinks in its place.
fn flatten(picture: DynamicImage) -> Result<RgbImage, Refused> {
    if !picture.color().has_alpha() {
        return Ok(picture.into_rgb8());
    }
    let source = picture.into_rgba8();
    let (width, height) = source.dimensions();
    let mut bytes = source.into_raw();
    for pixel in 0..bytes.len() / 4 {
        let alpha = u16::from(bytes[4 * pixel + 3]);
        for channel in 0..3 {
            let mixed = (u16::from(bytes[4 * pixel + channel]) * alpha + 255 * (255 - alpha)) / 255;
            bytes[3 * pixel + channel] = u8::try_from(mixed).unwrap_or(255);
        }
    }
    bytes.truncate(bytes.len() / 4 * 3);
    RgbImage::from_raw(width, height, bytes).ok_or(Refused::Unreadable)
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
mod tests;
