//! QR codes (ISO/IEC 18004) as inline SVG; the only module that names qrcodegen.
//!
//! Input: a text, such as the address of a page. Output: an `<svg>` without style, or that the text is
//! too long. The same text gives the same picture.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The empty margin that readers need around the code, in modules.
const QUIET: i32 = 4;

/// The longest text, in bytes of UTF-8: what the largest code (version 40) holds at level M.
pub(super) const LONGEST: usize = 2331;

/// The code of `text` as an `<svg class="qr">`, black on white in any colour scheme, with error
/// correction M (15 %); `label` is what a screen reader says, without one the picture is hidden from
/// it. `None` if the text is longer than
/// [`LONGEST`].
pub(super) fn svg(text: &str, label: Option<&str>) -> Option<String> {
    let code = encoded(text)?;
    let whole = code.size() + 2 * QUIET;
    let role = match label {
        Some(label) => format!("role=\"img\" aria-label=\"{}\"", escaped(label)),
        None => String::from("aria-hidden=\"true\""),
    };
    Some(format!(
        "<svg class=\"qr\" {role} viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/>\
         <path fill=\"none\" stroke=\"#000\" d=\"{}\"/></svg>",
        path(&code)
    ))
}

/// Always with the same mask, because to look for the best of the eight takes ten times as long, and
/// thousands of pages have a code. Readers decode any of them.
fn encoded(text: &str) -> Option<QrCode> {
    let segments = QrSegment::make_segments(text);
    let (level, mask) = (QrCodeEcc::Medium, Some(Mask::new(0)));
    let versions = (Version::MIN, Version::MAX);
    QrCode::encode_segments_advanced(&segments, level, versions.0, versions.1, mask, false).ok()
}

/// The dark modules as lines of their height, one for each run in a row, each placed by where the
/// one before has ended.
///
/// Written by hand because formatting the thousand numbers of a code took longer than encoding it.
fn path(code: &QrCode) -> String {
    let size = code.size();
    let mut path = format!("M{QUIET} {QUIET}.5");
    let (mut pen_x, mut pen_y) = (0, 0);
    for y in 0..size {
        let mut x = 0;
        while x < size {
            if !code.get_module(x, y) {
                x += 1;
                continue;
            }
            let start = x;
            // Outside of the code every module is light.
            while code.get_module(x, y) {
                x += 1;
            }
            if (start, y) != (pen_x, pen_y) {
                path.push('m');
                push_number(&mut path, start - pen_x);
                path.push(' ');
                push_number(&mut path, y - pen_y);
            }
            path.push('h');
            push_number(&mut path, x - start);
            (pen_x, pen_y) = (x, y);
        }
    }
    path
}

/// Appends a number of at most three digits, since no code has more modules in a row than 177.
fn push_number(text: &mut String, number: i32) {
    if number < 0 {
        text.push('-');
    }
    let number = number.unsigned_abs();
    for place in [100, 10, 1] {
        if number >= place || place == 1 {
            let digit = (number / place % 10) as u8;
            text.push(char::from(b'0' + digit));
        }
    }
}

/// Text as the value of an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = Vec::with_capacity(text.len());
    // Writing to memory cannot fail, and what is escaped stays UTF-8.
    let _ = tera::escape_html(text, &mut escaped);
    String::from_utf8(escaped).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees in the picture: its size and which modules are dark.
    fn seen(svg: &str) -> (usize, Vec<Vec<bool>>) {
        let after = |start: &str| svg.split(start).nth(1).unwrap();
        let size: usize = after("viewBox=\"0 0 ")
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let mut dark = vec![vec![false; size]; size];
        let path = after("stroke=\"#000\" d=\"").split('"').next().unwrap();
        let (mut x, mut y) = (0_i64, 0_i64);
        let commands = path.replace('h', " h").replace('m', " m");
        for command in commands
            .trim_start_matches('M')
            .split(" m")
            .flat_map(|part| {
                let mut parts = part.split(" h");
                let place = parts.next().unwrap().to_owned();
                std::iter::once(format!("m{place}")).chain(parts.map(|line| format!("h{line}")))
            })
        {
            let (kind, numbers) = command.split_at(1);
            if kind == "m" {
                let (aside, down) = numbers.split_once(' ').unwrap();
                x += aside.parse::<i64>().unwrap();
                y += down.trim_end_matches(".5").parse::<i64>().unwrap();
            } else {
                for _ in 0..numbers.parse().unwrap() {
                    dark[y as usize][x as usize] = true;
                    x += 1;
                }
            }
        }
        (size, dark)
    }

    /// What a reader reads.
    fn read(svg: &str) -> String {
        const SCALE: usize = 4;
        let (size, dark) = seen(svg);
        let whole = size * SCALE;
        let mut image = rqrr::PreparedImage::prepare_from_bitmap(whole, whole, |x, y| {
            dark[y / SCALE][x / SCALE]
        });
        let found = image.detect_grids();
        found[0].decode().unwrap().1
    }

    #[test]
    fn what_is_encoded_can_be_read() {
        for text in [
            "https://www.example.gov.cn/qt/reports/2021/qingjie-ri/",
            "https://www.example.gov.cn/qt/stations/568-haianxian/?from=%E6%B5%B7%E6%8A%A5#hours",
            "沈家门街道党群服务中心（568海岸线）",
            "A",
            &"https://x.example/".repeat(60),
        ] {
            assert_eq!(read(&svg(text, None).unwrap()), text);
        }
    }

    #[test]
    fn a_label_is_told_and_cannot_be_left() {
        let labelled = svg("A", Some("\"><b>二维码")).unwrap();
        assert!(labelled.contains("role=\"img\" aria-label=\"&quot;&gt;&lt;b&gt;二维码\""));
        let hidden = svg("A", None).unwrap();
        assert!(hidden.contains("aria-hidden=\"true\"") && !hidden.contains("style"));
    }

    #[test]
    fn a_text_that_is_too_long_has_no_code() {
        assert!(svg(&"x".repeat(LONGEST), None).is_some());
        assert_eq!(svg(&"x".repeat(LONGEST + 1), None), None);
    }
}
