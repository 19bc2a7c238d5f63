//! Photos as pixels: decoding within bounds, other sizes, encoding.
//!
//! Input: the bytes of a photo without metadata. Output: the same in other sizes, upright.
//!
//! Invariants: no I/O; memory is bounded by the size that the header tells; the result is the same on
//! every run of one program.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fast_image_resize as resize;
use fast_image_resize::PixelTrait;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageReader, Limits};
use image::{RgbImage, RgbaImage};

use super::strip::{Flaw, with_profile};
use crate::model::picture::{Encoding, Format, ImageFile};
use crate::model::snapshot::Dimensions;

/// Quality of WebP files, of 100.
const WEBP_QUALITY: f32 = 80.0;

/// How hard the encoder of WebP tries, of 6. The usual 4 takes twice as long, half of all the time that
/// a photo takes, for files that are a twentieth smaller.
const WEBP_EFFORT: i32 = 2;

/// Quality of JPEG files, of 100.
const JPEG_QUALITY: u8 = 82;

/// Largest colour profile that is passed on, in bytes: those of cameras have a few hundred.
const LARGEST_PROFILE: usize = 64 * 1024;

/// Most bytes that a decoder may allocate.
const MOST_MEMORY: u64 = 600 * 1024 * 1024;

/// A decoded photo.
pub(super) struct Photo {
    pixels: Pixels,
    /// Its colour profile, unless that is the usual one.
    profile: Option<Vec<u8>>,
    orientation: Orientation,
}

enum Pixels {
    Rgb(RgbImage),
    Rgba(RgbaImage),
}

impl Photo {
    /// Decodes the photo `file`, whose `bytes` have been stripped.
    ///
    /// # Errors
    /// When it is damaged or needs too much memory.
    pub(super) fn decode(bytes: &[u8], file: &ImageFile) -> Result<Photo, Flaw> {
        // A decoder that fails on a strange file must not take the build with it.
        catch_unwind(AssertUnwindSafe(|| decode(bytes, file))).unwrap_or(Err(Flaw::Damaged))
    }

    /// The photo in these sizes, upright, the largest first; each is given to `take` as it is made.
    ///
    /// # Errors
    /// When one cannot be encoded, or what `take` says.
    pub(super) fn sizes<E>(
        mut self,
        wanted: &[(Dimensions, Encoding)],
        mut take: impl FnMut(usize, Vec<u8>) -> Result<(), E>,
    ) -> Result<Result<(), E>, Flaw> {
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(wanted[*at].0.width));
        let is_turned = matches!(
            self.orientation,
            Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH
        );
        for at in order {
            let (size, encoding) = wanted[at];
            let (width, height) = if is_turned {
                (size.height, size.width)
            } else {
                (size.width, size.height)
            };
            // Each size is made of the one before: a small one of a smaller one is as good, and fast.
            self.pixels = self.pixels.resized(width, height)?;
            let upright = self.pixels.turned(self.orientation);
            let profile = self.profile.as_deref();
            let bytes = encoded(upright.as_ref().unwrap_or(&self.pixels), encoding, profile)?;
            if let Err(error) = take(at, bytes) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

fn decode(bytes: &[u8], file: &ImageFile) -> Result<Photo, Flaw> {
    let format = match file.format {
        Format::Jpeg => image::ImageFormat::Jpeg,
        Format::Png => image::ImageFormat::Png,
        Format::Webp => image::ImageFormat::WebP,
        Format::Gif | Format::Avif | Format::Heif | Format::Bmp => return Err(Flaw::Damaged),
    };
    let (width, height) = match file.orientation {
        5..=8 => (file.shown.height, file.shown.width),
        _ => (file.shown.width, file.shown.height),
    };
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(width);
    limits.max_image_height = Some(height);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(flaw)?;
    if decoder.dimensions() != (width, height) {
        return Err(Flaw::Damaged);
    }
    // 16 bits a sample are first decoded as such, then halved.
    let pixels = u64::from(width) * u64::from(height);
    if decoder.total_bytes() + 4 * pixels > MOST_MEMORY && decoder.total_bytes() > 3 * pixels {
        return Err(Flaw::TooLarge);
    }
    let profile = decoder.icc_profile().ok().flatten();
    let decoded = DynamicImage::from_decoder(decoder).map_err(flaw)?;
    Ok(Photo {
        profile: profile.filter(|profile| is_worth_keeping(profile)),
        pixels: if decoded.color().has_alpha() {
            Pixels::Rgba(decoded.into_rgba8())
        } else {
            Pixels::Rgb(decoded.into_rgb8())
        },
        orientation: Orientation::from_exif(file.orientation).unwrap_or(Orientation::NoTransforms),
    })
}

fn flaw(error: ImageError) -> Flaw {
    match error {
        ImageError::Limits(_) => Flaw::TooLarge,
        ImageError::IoError(_) => Flaw::Truncated,
        _ => Flaw::Damaged,
    }
}

/// Whether a profile is one for red, green and blue (ICC.1:2022, section 7.2) that says something
/// else than what browsers assume anyway.
fn is_worth_keeping(profile: &[u8]) -> bool {
    let is_rgb = profile.get(16..20) == Some(b"RGB ");
    let wide: Vec<u8> = b"sRGB".iter().flat_map(|byte| [0, *byte]).collect();
    let names: [&[u8]; 2] = [b"sRGB", &wide];
    // After the header, whose field for the device may say so too.
    let rest = profile.get(128..).unwrap_or_default();
    let is_usual = names
        .iter()
        .any(|name| memchr::memmem::find(rest, name).is_some());
    is_rgb && !is_usual && profile.len() <= LARGEST_PROFILE
}

impl Pixels {
    fn parts(&self) -> (&[u8], u32, u32) {
        match self {
            Pixels::Rgb(image) => (image.as_raw(), image.width(), image.height()),
            Pixels::Rgba(image) => (image.as_raw(), image.width(), image.height()),
        }
    }

    fn resized(self, width: u32, height: u32) -> Result<Self, Flaw> {
        let (bytes, from_width, from_height) = self.parts();
        let (from, to) = ((from_width, from_height), (width, height));
        if from == to {
            return Ok(self);
        }
        let resized = match self {
            Pixels::Rgb(_) => {
                RgbImage::from_raw(width, height, scaled::<U8x3>(bytes, from, to)?).map(Pixels::Rgb)
            }
            Pixels::Rgba(_) => RgbaImage::from_raw(width, height, scaled::<U8x4>(bytes, from, to)?)
                .map(Pixels::Rgba),
        };
        resized.ok_or(Flaw::Damaged)
    }

    /// The same upright; `None` where it already is.
    fn turned(&self, orientation: Orientation) -> Option<Pixels> {
        if orientation == Orientation::NoTransforms {
            return None;
        }
        Some(match self {
            Pixels::Rgb(image) => {
                let mut turned = DynamicImage::ImageRgb8(image.clone());
                turned.apply_orientation(orientation);
                Pixels::Rgb(turned.into_rgb8())
            }
            Pixels::Rgba(image) => {
                let mut turned = DynamicImage::ImageRgba8(image.clone());
                turned.apply_orientation(orientation);
                Pixels::Rgba(turned.into_rgba8())
            }
        })
    }
}

/// The pixels of a picture, `from` wide and high, `to` wide and high.
///
/// The engine's own choice by the type of pixels would have it compiled for thirteen of them, a quarter of all that
/// this crate has compiled.
fn scaled<P: PixelTrait>(bytes: &[u8], from: (u32, u32), to: (u32, u32)) -> Result<Vec<u8>, Flaw> {
    let from = TypedImageRef::<P>::from_buffer(from.0, from.1, bytes).map_err(|_| Flaw::Damaged)?;
    let mut pixels = vec![0; to.0 as usize * to.1 as usize * P::size()];
    let mut into =
        TypedImage::<P>::from_buffer(to.0, to.1, &mut pixels).map_err(|_| Flaw::Damaged)?;
    let lanczos = resize::ResizeAlg::Convolution(resize::FilterType::Lanczos3);
    let options = resize::ResizeOptions::new().resize_alg(lanczos);
    let done = resize::Resizer::new().resize_typed(&from, &mut into, &options);
    done.map_err(|_| Flaw::Damaged)?;
    Ok(pixels)
}

fn encoded(pixels: &Pixels, encoding: Encoding, profile: Option<&[u8]>) -> Result<Vec<u8>, Flaw> {
    let (bytes, width, height) = pixels.parts();
    let mut out = Vec::new();
    match encoding {
        Encoding::Webp => {
            let encoder = match pixels {
                Pixels::Rgb(_) => webp::Encoder::from_rgb(bytes, width, height),
                Pixels::Rgba(_) => webp::Encoder::from_rgba(bytes, width, height),
            };
            let mut config = webp::WebPConfig::new().map_err(|()| Flaw::Damaged)?;
            config.quality = WEBP_QUALITY;
            config.method = WEBP_EFFORT;
            let made = encoder.encode_advanced(&config);
            out = made.map_err(|_| Flaw::TooLarge)?.to_vec();
            if let Some(profile) = profile {
                out = with_profile(out, profile);
            }
        }
        Encoding::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
            set_profile(&mut encoder, profile);
            let opaque;
            let bytes = match pixels {
                Pixels::Rgb(image) => image.as_raw(),
                // A file that has become transparent since its header was read is refused before.
                Pixels::Rgba(image) => {
                    opaque = DynamicImage::ImageRgba8(image.clone()).into_rgb8();
                    opaque.as_raw()
                }
            };
            let color = image::ExtendedColorType::Rgb8;
            let done = encoder.write_image(bytes, width, height, color);
            done.map_err(|_| Flaw::TooLarge)?;
        }
        Encoding::Png => {
            let (compression, filter) = (CompressionType::Default, FilterType::Adaptive);
            let mut encoder = PngEncoder::new_with_quality(&mut out, compression, filter);
            set_profile(&mut encoder, profile);
            let color = match pixels {
                Pixels::Rgb(_) => image::ExtendedColorType::Rgb8,
                Pixels::Rgba(_) => image::ExtendedColorType::Rgba8,
            };
            let done = encoder.write_image(bytes, width, height, color);
            done.map_err(|_| Flaw::TooLarge)?;
        }
    }
    Ok(out)
}

fn set_profile(encoder: &mut impl ImageEncoder, profile: Option<&[u8]>) {
    if let Some(profile) = profile {
        // Both formats take one.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
}
