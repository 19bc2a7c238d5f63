//! Photos: what their header tells, and what is made of them.
//!
//! Invariants: no I/O; which files there are follows from [`Media`] alone, so that a site can be
//! compiled without looking at a single pixel.

use super::digest::Digest;
use super::snapshot::{Dimensions, Media};
use crate::diag::SourcePath;

/// The widths in pixels in which a photo is published, as far as it has them.
pub const WIDTHS: [u32; 3] = [480, 960, 1600];

/// The largest width of the one file for browsers that do not know WebP.
pub const FALLBACK_WIDTH: u32 = 960;

/// Most pixels that a JPEG may have: telephones take pictures of 108 million.
const MOST_JPEG_PIXELS: u64 = 120_000_000;

/// Most pixels that an image in another format may have, which takes twice as much memory.
const MOST_PIXELS: u64 = 60_000_000;

/// Largest file in bytes that is taken for a photo.
pub const LARGEST_FILE: u64 = 200 * 1024 * 1024;

/// Most pixels that a side may have, which is what JPEG can store.
pub const LONGEST_SIDE: u32 = 65_000;

/// Most pixels that a side of a WebP image can have (RFC 9649, section 2.6).
const LONGEST_WEBP: u32 = 16_383;

/// Whether this program can make smaller images; without the feature `images` photos are published
/// as they are, less their metadata.
const CAN_SCALE: bool = cfg!(feature = "images");

/// What the bytes of an image depend on besides its source and recipe: this module's own numbers
/// and qualities (the first number, raised by hand), and the crates that do the work.
pub const ENCODER: &str = "1 fast_image_resize-6.1.0 image-0.25.10 img-parts-0.4.2 \
     libwebp-sys-0.9.6 png-0.18.1 webp-0.3.1 zune-jpeg-0.5.15";

/// The format of an image, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// AVIF.
    Avif,
    /// HEIC and HEIF, which telephones of Apple and Huawei store and few browsers show.
    Heif,
    /// BMP.
    Bmp,
}

/// What the content of a file that calls itself an image looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    /// Its format.
    pub format: Format,
    /// Whether it moves: APNG, or WebP with frames.
    pub is_animated: bool,
    /// Whether parts of it may be transparent.
    pub has_alpha: bool,
}

impl Looks {
    /// An opaque image that does not move.
    pub fn plain(format: Format) -> Self {
        Looks {
            format,
            is_animated: false,
            has_alpha: false,
        }
    }
}

/// How an image is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// WebP with loss.
    Webp,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Encoding {
    /// The ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Encoding::Webp => "webp",
            Encoding::Jpeg => "jpg",
            Encoding::Png => "png",
        }
    }
}

/// What is made of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipe {
    /// The photo itself without metadata: its pixels stay what they are.
    Stripped,
    /// The photo, upright and without metadata, in another size.
    Scaled {
        /// Width and height of the result.
        size: Dimensions,
        /// How it is stored.
        encoding: Encoding,
    },
}

/// An output file that is made of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// The photo.
    pub source: SourcePath,
    /// Its size in bytes when it was read.
    pub size: u64,
    /// Its digest when it was read.
    pub digest: Digest,
    /// Its format.
    pub format: Format,
    /// Width and height as shown, 0 where they are not known.
    pub shown: Dimensions,
    /// Its EXIF orientation, 1 to 8.
    pub orientation: u8,
    /// What is made of it.
    pub recipe: Recipe,
}

impl ImageFile {
    /// The file that `recipe` makes of the photo at `source`; `None` where that is no image that
    /// this program understands.
    pub fn new(source: &SourcePath, media: &Media, recipe: Recipe) -> Option<Self> {
        let looks = media.looks?;
        let nothing = Dimensions {
            width: 0,
            height: 0,
        };
        Some(ImageFile {
            source: source.clone(),
            size: media.size,
            digest: media.digest,
            format: looks.format,
            shown: media.dimensions.unwrap_or(nothing),
            orientation: media.orientation.unwrap_or(1),
            recipe,
        })
    }

    /// What the bytes of the file depend on: files with one key are the same.
    pub fn key(&self) -> Digest {
        let recipe = match self.recipe {
            Recipe::Stripped => String::from("stripped"),
            Recipe::Scaled { size, encoding } => {
                format!("{}x{}.{}", size.width, size.height, encoding.extension())
            }
        };
        let digest = self.digest;
        Digest::of(format!("{ENCODER}\n{digest}\n{recipe}").as_bytes())
    }
}

/// The files in which a photo is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// The sizes as WebP, the smallest first; none where the photo is too tall or too wide for it.
    pub webp: Vec<Dimensions>,
    /// The size for browsers that do not know WebP.
    pub fallback: Dimensions,
    /// How that is stored: photos as JPEG, what may be transparent as PNG.
    pub encoding: Encoding,
}

impl Sizes {
    /// Those of a photo; `None` where it is published as it is, less its metadata: because it moves,
    /// is in a format that this program does not decode, or is too large.
    pub fn of(media: &Media) -> Option<Self> {
        let (looks, whole) = (media.looks?, media.dimensions?);
        let is_decoded = matches!(looks.format, Format::Jpeg | Format::Png | Format::Webp);
        if !CAN_SCALE || !is_decoded || looks.is_animated || is_too_large(media) {
            return None;
        }
        let steps = WIDTHS
            .into_iter()
            .filter(|step| is_step(*step, whole.width));
        let largest = whole.width.min(WIDTHS[WIDTHS.len() - 1]);
        let webp = steps.chain([largest]).map(|width| scaled(whole, width));
        let webp: Vec<Dimensions> = webp.collect();
        let fits = |size: &Dimensions| size.width.max(size.height) <= LONGEST_WEBP;
        Some(Sizes {
            // A poster of which only the smallest size fits would be illegible.
            webp: if webp.iter().all(fits) {
                webp
            } else {
                Vec::new()
            },
            fallback: scaled(whole, whole.width.min(FALLBACK_WIDTH)),
            encoding: if looks.has_alpha {
                Encoding::Png
            } else {
                Encoding::Jpeg
            },
        })
    }
}

/// Whether a photo has too many pixels or bytes to be worked on.
pub fn is_too_large(media: &Media) -> bool {
    let is_jpeg = media
        .looks
        .is_some_and(|looks| looks.format == Format::Jpeg);
    let most = if is_jpeg {
        MOST_JPEG_PIXELS
    } else {
        MOST_PIXELS
    };
    let has_too_many = |whole: Dimensions| {
        let pixels = u64::from(whole.width) * u64::from(whole.height);
        pixels > most || whole.width.max(whole.height) > LONGEST_SIDE
    };
    media.size > LARGEST_FILE || media.dimensions.is_some_and(has_too_many)
}

/// Whether a width is enough smaller than the largest one to be worth a file of its own.
fn is_step(step: u32, width: u32) -> bool {
    let largest = width.min(WIDTHS[WIDTHS.len() - 1]);
    u64::from(step) * 10 <= u64::from(largest) * 9
}

/// The size with this width and the same proportions.
fn scaled(whole: Dimensions, width: u32) -> Dimensions {
    let (across, down) = (u64::from(whole.width), u64::from(whole.height));
    let height = (down * u64::from(width) + across / 2) / across.max(1);
    Dimensions {
        width,
        height: u32::try_from(height).unwrap_or(u32::MAX).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(width: u32, height: u32, looks: Looks) -> Media {
        Media {
            size: 1,
            digest: Digest::of(b"x"),
            dimensions: Some(Dimensions { width, height }),
            orientation: None,
            looks: Some(looks),
        }
    }

    #[test]
    #[cfg(feature = "images")]
    fn no_size_is_larger_than_the_photo_or_nearly_the_same_as_another() {
        let sizes = |width, height| {
            let sizes = Sizes::of(&photo(width, height, Looks::plain(Format::Jpeg))).unwrap();
            let pair = |size: &Dimensions| (size.width, size.height);
            let webp: Vec<_> = sizes.webp.iter().map(pair).collect();
            (webp, pair(&sizes.fallback))
        };
        for (width, height, webp, fallback) in [
            (
                4000,
                3000,
                vec![(480, 360), (960, 720), (1600, 1200)],
                (960, 720),
            ),
            (
                1200,
                800,
                vec![(480, 320), (960, 640), (1200, 800)],
                (960, 640),
            ),
            (1000, 500, vec![(480, 240), (1000, 500)], (960, 480)),
            (500, 100, vec![(500, 100)], (500, 100)),
            (1, 1, vec![(1, 1)], (1, 1)),
            (60_000, 1, vec![(480, 1), (960, 1), (1600, 1)], (960, 1)),
            // A long picture of a poster.
            (1080, 20_000, vec![], (960, 17_778)),
            (700, 40_000, vec![], (700, 40_000)),
        ] {
            assert_eq!(sizes(width, height), (webp, fallback), "{width} × {height}");
        }
    }

    #[test]
    fn what_moves_or_is_not_decoded_stays_as_it_is() {
        let moving = |format| Looks {
            is_animated: true,
            ..Looks::plain(format)
        };
        for media in [
            photo(800, 600, moving(Format::Webp)),
            photo(800, 600, moving(Format::Png)),
            photo(800, 600, Looks::plain(Format::Gif)),
            photo(800, 600, Looks::plain(Format::Avif)),
            photo(20_000, 20_000, Looks::plain(Format::Jpeg)),
        ] {
            assert_eq!(Sizes::of(&media), None, "{media:?}");
        }
    }

    #[test]
    #[cfg(feature = "images")]
    fn what_may_be_transparent_falls_back_to_png() {
        let looks = Looks {
            has_alpha: true,
            ..Looks::plain(Format::Webp)
        };
        assert_eq!(
            Sizes::of(&photo(9, 9, looks)).unwrap().encoding,
            Encoding::Png
        );
    }

    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "the test reads the list of crates"
    )]
    fn the_encoder_is_named_by_the_crates_it_consists_of() {
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
        let lock = std::fs::read_to_string(lock).unwrap();
        for package in ENCODER.split(' ').skip(1) {
            let (name, version) = package.rsplit_once('-').unwrap();
            let locked = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(lock.contains(&locked), "raise ENCODER: {package}");
        }
    }
}
