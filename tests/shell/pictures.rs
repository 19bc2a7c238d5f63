//! Photos made for tests: with metadata, on their side, in odd formats, broken.

use std::io::Cursor;

use base64::Engine;
use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};

/// What stands in all metadata, and must stand in no published file.
pub(crate) const SECRET: &str = "secret-of-the-camera";

pub(crate) const RED: [u8; 3] = [220, 30, 30];
pub(crate) const GREEN: [u8; 3] = [30, 180, 30];
pub(crate) const BLUE: [u8; 3] = [30, 30, 220];
pub(crate) const WHITE: [u8; 3] = [240, 240, 240];

/// Two thousandths of a colour's range: what compression may do to it.
const NEAR: u8 = 40;

/// A picture with quarters red and green above, blue and white below.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

/// The same as a camera stores it that tells of this orientation (Exif 3.0, table 6: which sides of
/// the picture the first row and the first column are).
pub(crate) fn stored(upright: &RgbImage, orientation: u8) -> RgbImage {
    let (width, height) = upright.dimensions();
    let is_turned = orientation >= 5;
    let (columns, rows) = if is_turned {
        (height, width)
    } else {
        (width, height)
    };
    RgbImage::from_fn(columns, rows, |column, row| {
        let (right, down) = if is_turned {
            (row, column)
        } else {
            (column, row)
        };
        let is_right = [2, 3, 6, 7].contains(&orientation);
        let is_bottom = [3, 4, 7, 8].contains(&orientation);
        let x = if is_right { width - 1 - right } else { right };
        let y = if is_bottom { height - 1 - down } else { down };
        *upright.get_pixel(x, y)
    })
}

pub(crate) fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub(crate) fn jpeg(image: &RgbImage) -> Vec<u8> {
    encoded(image.clone(), ImageFormat::Jpeg)
}

/// An EXIF block as telephones write it.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let degrees = |degrees, minutes, seconds| {
        let rational = |num| Rational { num, denom: 1 };
        Value::Rational(vec![
            rational(degrees),
            rational(minutes),
            rational(seconds),
        ])
    };
    let ascii = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let fields = [
        (Tag::Orientation, Value::Short(vec![orientation.into()])),
        (Tag::Make, ascii(SECRET)),
        (Tag::DateTime, ascii("2021:05:20 09:00:00")),
        (Tag::GPSLatitudeRef, ascii("N")),
        (Tag::GPSLatitude, degrees(29, 56, 44)),
        (Tag::GPSLongitudeRef, ascii("E")),
        (Tag::GPSLongitude, degrees(122, 18, 6)),
    ]
    .map(|(tag, value)| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    out.into_inner()
}

fn xmp() -> String {
    format!("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">{SECRET}</x:xmpmeta>")
}

/// A JPEG with everything that programs write into one, and a film behind it.
pub(crate) fn telling_jpeg(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut photo = Jpeg::from_bytes(jpeg(image).into()).unwrap();
    photo.set_exif(Some(exif(orientation).into()));
    let segments = [
        (0xE1, format!("http://ns.adobe.com/xap/1.0/\0{}", xmp())),
        (0xE2, format!("MPF\0{SECRET}")),
        (0xED, format!("Photoshop 3.0\0{SECRET}")),
        (0xFE, SECRET.to_owned()),
    ];
    for (marker, content) in segments {
        let segment = JpegSegment::new_with_contents(marker, content.into());
        photo.segments_mut().insert(2, segment);
    }
    let mut bytes = photo.encoder().bytes().to_vec();
    bytes.extend_from_slice(format!("ftypmp42 {SECRET}").as_bytes());
    bytes
}

pub(crate) fn telling_png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let bytes = encoded(image, ImageFormat::Png);
    let mut photo = Png::from_bytes(bytes.into()).unwrap();
    let texts = [
        (*b"tEXt", format!("Author\0{SECRET}")),
        (*b"iTXt", format!("XML:com.adobe.xmp\0\0\0\0\0{}", xmp())),
    ];
    for (kind, content) in texts {
        photo
            .chunks_mut()
            .insert(1, PngChunk::new(kind, content.into()));
    }
    photo.set_exif(Some(exif(1).into()));
    photo.encoder().bytes().to_vec()
}

pub(crate) fn telling_webp(image: &RgbImage) -> Vec<u8> {
    let bytes = webp::Encoder::from_rgb(image.as_raw(), image.width(), image.height()).encode(90.0);
    let mut photo = WebP::from_bytes(Bytes::copy_from_slice(&bytes)).unwrap();
    photo.set_exif(Some(exif(1).into()));
    let xmp = RiffContent::Data(xmp().into());
    photo.chunks_mut().push(RiffChunk::new(*b"XMP ", xmp));
    photo.encoder().bytes().to_vec()
}

/// The beginning of a file from a telephone that stores HEIC.
pub(crate) fn heic() -> Vec<u8> {
    [
        &b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..],
        b"\0\0\0\x08meta",
        SECRET.as_bytes(),
    ]
    .concat()
}

/// A PNG whose header claims this size, with hardly any pixels.
pub(crate) fn claiming_png(width: u32, height: u32) -> Vec<u8> {
    let mut photo = Png::from_bytes(encoded(quarters(8, 8), ImageFormat::Png).into()).unwrap();
    let mut header = photo.chunks()[0].contents().to_vec();
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    photo.chunks_mut()[0] = PngChunk::new(*b"IHDR", header.into());
    photo.encoder().bytes().to_vec()
}

/// A JPEG whose header claims this size.
pub(crate) fn claiming_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(&quarters(16, 16));
    let frame = bytes
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn decoded(base64: &str) -> Vec<u8> {
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(base64).unwrap()
}

/// A JPEG in the colours of printers, 16 × 8: red on the left, green on the right.
pub(crate) fn cmyk_jpeg() -> Vec<u8> {
    decoded(concat!(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAKBwcIBwYKCAgICwoKCw4YEA4NDQ4dFRYRGCMfJSQiHyIhJis3LyYpNCkhIjBB",
        "MTQ5Oz4+PiUuRElDPEg3PT47/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYH",
        "CAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBka",
        "JSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeo",
        "qaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD2avGa",
        "8Zr2avjOvsyiiv/Z"
    ))
}

/// Twelve by eight pixels that change from red to green: a GIF, a PNG, a WebP.
pub(crate) fn moving() -> [(&'static str, Vec<u8>); 3] {
    [
        (
            "gif",
            "R0lGODlhDAAIAIEAAP8AAAAAAAAAAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAADAAIAAAIEgABCBxI\
             sKDBgwgTKlzIsGHBgAAh+QQBCgABACwAAAAADAAIAIEA/wAAAAAAAAAAAAAIEgABCBxIsKDBgwgTKlzIsGHBgAA7",
        ),
        (
            "png",
            "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAICAIAAABChommAAAACGFjVEwAAAACAAAAAPONk3AAAAAaZmNUTAAAAAAAAAAM\
             AAAACAAAAAAAAAAAAAEACgAAGya3gAAAABNJREFUeJxj/M9AGDARoWaYKwIAMFABD2fgE/AAAAAaZmNUTAAAAAEAAAAM\
             AAAACAAAAAAAAAAAAAEACgAAgFVdVAAAABhmZEFUAAAAAnicY2T4z0AQMBFWMtwVAQAvUQEP4X0ZegAAAABJRU5ErkJg\
             gg==",
        ),
        (
            "webp",
            "UklGRsoAAABXRUJQVlA4WAoAAAACAAAACwAABwAAQU5JTQYAAAAAAAAAAABBTk1GSgAAAAAAAAAAAAsAAAcAAGQAAAJW\
             UDggMgAAADABAJ0BKgwACAABQCYloAADcAD+8ut///mwP/bz/wR6Af//0uD//pcH//S4P/SkAAAAQU5NRkwAAAAAAAAA\
             AAALAAAHAABkAAAAVlA4IDQAAAA0AQCdASoMAAgAAAAmJaAAA3AA/ukiH//3nz//ufP/+58/6M///yn7//I4//8jj/5Q\
             IAAA",
        ),
    ]
    .map(|(extension, base64)| (extension, decoded(base64)))
}

/// Whether the four quarters of an image have their colours.
pub(crate) fn is_upright(image: &RgbImage) -> bool {
    let (width, height) = image.dimensions();
    let near = |x: u32, y: u32, color: [u8; 3]| is_near(image.get_pixel(x, y).0, color);
    let (left, right) = (width / 4, width - 1 - width / 4);
    let (above, below) = (height / 4, height - 1 - height / 4);
    near(left, above, RED)
        && near(right, above, GREEN)
        && near(left, below, BLUE)
        && near(right, below, WHITE)
}

pub(crate) fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| one.abs_diff(other) < NEAR)
}

pub(crate) fn pixels(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// Whether a file holds anything that a camera or a program has written into it, but for the
/// orientation.
pub(crate) fn tells(name: &str, bytes: &[u8]) -> Option<String> {
    let marks = [
        SECRET,
        "xmpmeta",
        "ns.adobe.com",
        "Photoshop",
        "GPS",
        "MPF\0",
    ];
    let has = |mark: &&str| {
        bytes
            .windows(mark.len())
            .any(|part| part == mark.as_bytes())
    };
    if let Some(mark) = marks.iter().find(|mark| has(mark)) {
        return Some(format!("{name} has {mark}"));
    }
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes));
    let mut fields = exif.iter().flat_map(exif::Exif::fields);
    let other = fields.find(|field| field.tag != exif::Tag::Orientation);
    other.map(|field| format!("{name} has {}", field.tag))
}
