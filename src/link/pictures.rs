//! Photos beside entries: what is published of each, and why one cannot be.

use super::urls::{Addresses, UrlPath};
use crate::diag::{Code, Problem, SourcePath, Text, text};
use crate::markdown::ImageTarget;
use crate::model::picture::{Encoding, Format, Recipe, Sizes, is_too_large};
use crate::model::snapshot::{Dimensions, InputFile, Media, Snapshot};
use crate::model::tree::OutPath;

/// A file beside an entry that is published with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCopy {
    /// Where it is published, if it is.
    pub out: OutPath,
    /// Whether it is published itself: a key or a link names it, or it is shown as it is.
    pub is_published: bool,
    /// What is made of it to be shown as an image.
    pub picture: Option<Picture>,
    /// Width and height, for images whose header could be read.
    pub dimensions: Option<Dimensions>,
    /// Size in bytes.
    pub size: u64,
}

/// A photo in several sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The sizes as WebP, the smallest first.
    pub webp: Vec<(OutPath, Dimensions)>,
    /// The size for browsers that do not know WebP.
    pub fallback: (OutPath, Dimensions),
    /// What makes each of them.
    pub recipes: Vec<(OutPath, Recipe)>,
}

/// How an entry uses a file beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is shown as an image.
    Shown,
    /// It can be downloaded.
    Offered,
}

impl FileCopy {
    /// A file of which nothing is published yet, called `below` in the folder of the entry at `path`.
    pub(super) fn new(path: &UrlPath, below: &str, file: Option<&InputFile>) -> Self {
        let (dimensions, size) = match file {
            Some(InputFile::Media(media)) => (media.dimensions, media.size),
            Some(file) => (None, file.bytes().map_or(0, <[u8]>::len) as u64),
            None => (None, 0),
        };
        FileCopy {
            out: path.file(below),
            is_published: false,
            picture: None,
            dimensions,
            size,
        }
    }

    /// Notes a use of the file at `source`; of one that cannot be used, which is reported elsewhere,
    /// nothing is published.
    pub(super) fn add(&mut self, usage: Use, source: &SourcePath, snapshot: &Snapshot) {
        let problem = match usage {
            Use::Shown => unshowable(source, snapshot),
            Use::Offered => unofferable(source, snapshot),
        };
        if problem.is_some() {
            return;
        }
        if usage == Use::Shown
            && self.picture.is_none()
            && let Some(InputFile::Media(media)) = snapshot.files.get(source)
        {
            self.picture = Sizes::of(media).map(|sizes| Picture::new(&self.out, sizes));
        }
        self.is_published |= usage == Use::Offered || self.picture.is_none();
    }

    /// Where the image is that is shown by default, with its width and height.
    pub fn shown(&self) -> (&OutPath, Option<Dimensions>) {
        match &self.picture {
            Some(picture) => (&picture.fallback.0, Some(picture.fallback.1)),
            None => (&self.out, self.dimensions),
        }
    }

    /// Where the file itself is, or the nearest to it that is published.
    pub fn file(&self) -> &OutPath {
        if self.is_published {
            &self.out
        } else {
            self.shown().0
        }
    }

    /// The WebP files for the attribute `srcset`; `None` where there are none.
    pub fn srcset(&self, addresses: &Addresses) -> Option<String> {
        let sizes = &self.picture.as_ref()?.webp;
        let sizes = sizes.iter();
        let sizes = sizes.map(|(out, size)| format!("{} {}w", addresses.file(out), size.width));
        let sizes: Vec<String> = sizes.collect();
        (!sizes.is_empty()).then(|| sizes.join(", "))
    }

    /// The image as a text shows it.
    pub(super) fn target(&self, addresses: &Addresses) -> ImageTarget {
        let (out, dimensions) = self.shown();
        ImageTarget {
            src: addresses.file(out),
            srcset: self.srcset(addresses),
            dimensions,
        }
    }

    /// Everything that is published, with what makes it.
    pub fn outputs(&self) -> impl Iterator<Item = (&OutPath, Recipe)> {
        let own = self.is_published.then_some((&self.out, Recipe::Stripped));
        let made = self.picture.iter().flat_map(|picture| &picture.recipes);
        own.into_iter()
            .chain(made.map(|(out, recipe)| (out, *recipe)))
    }
}

impl Picture {
    /// `1.jpg` becomes `1.480.webp`, `1.960.webp`, `1.1600.webp` and `1.960.jpg` in the same folder.
    fn new(out: &OutPath, sizes: Sizes) -> Self {
        let whole = out.as_str();
        let name = whole.rfind('/').map_or(0, |slash| slash + 1);
        let stem = whole[name..]
            .rfind('.')
            .map_or(whole.len(), |dot| name + dot);
        let stem = &whole[..stem];
        let mut recipes = Vec::new();
        let mut add = |size: Dimensions, encoding| {
            let extension = Encoding::extension(encoding);
            let out = OutPath::new(format!("{stem}.{}.{extension}", size.width));
            recipes.push((out.clone(), Recipe::Scaled { size, encoding }));
            (out, size)
        };
        let webp = sizes.webp.into_iter();
        let webp = webp.map(|size| add(size, Encoding::Webp));
        Picture {
            webp: webp.collect(),
            fallback: add(sizes.fallback, sizes.encoding),
            recipes,
        }
    }
}

/// Why the file at `source` cannot be shown as an image.
pub(super) fn unshowable(source: &SourcePath, snapshot: &Snapshot) -> Option<Problem> {
    let InputFile::Media(media) = snapshot.files.get(source)? else {
        return None;
    };
    if source.extension() == "svg" {
        return None;
    }
    let name = source.name();
    let (message, hint) = match (media.looks.map(|looks| looks.format), media.dimensions) {
        (_, _) if media.size == 0 => empty(name),
        (Some(Format::Heif), _) => heif(name),
        (None, _) => unknown(name),
        (Some(_), None) => damaged(name),
        _ if is_too_large(media) => too_large(name, media),
        _ => return None,
    };
    Some(Problem::error(Code::UnusableImage, message).hint(hint))
}

/// Why the file at `source` cannot be offered for download: it may tell where it was taken, and that
/// cannot be removed.
pub(super) fn unofferable(source: &SourcePath, snapshot: &Snapshot) -> Option<Problem> {
    let InputFile::Media(media) = snapshot.files.get(source)? else {
        return None;
    };
    let is_heif = media.looks.map(|looks| looks.format) == Some(Format::Heif);
    let (message, hint) = match source.extension().as_str() {
        _ if is_heif => heif(source.name()),
        ending if INDELIBLE.contains(&ending) => indelible(source.name()),
        _ => return None,
    };
    Some(Problem::error(Code::UnusableImage, message).hint(hint))
}

/// Endings of scans, of what cameras store before it is developed, and of other photos whose metadata is
/// not removed.
const INDELIBLE: [&str; 17] = [
    "3fr", "arw", "cr2", "cr3", "dng", "iiq", "jp2", "jxl", "nef", "nrw", "orf", "pef", "raf",
    "rw2", "srw", "tif", "tiff",
];

fn indelible(name: &str) -> (Text, Text) {
    (
        text!(
            "`{name}` 里可能记着拍摄地点、设备等信息，这种格式的去不掉，不能提供下载",
            "`{name}` may tell where and with what it was taken, which cannot be removed from this format: it cannot be offered for download"
        ),
        text!(
            "照片用看图软件另存为 JPEG，扫描件另存为 PDF，再放到这里",
            "save a photo as JPEG and a scan as PDF, and put that here"
        ),
    )
}

fn empty(name: &str) -> (Text, Text) {
    (
        text!("`{name}` 是空文件（0 字节）", "`{name}` is an empty file"),
        text!(
            "多半是没有传完：从手机或相机里再复制一次",
            "it was probably not copied to the end: copy it again"
        ),
    )
}

fn heif(name: &str) -> (Text, Text) {
    (
        text!(
            "`{name}` 是 HEIC 照片，多数浏览器不能显示，里面的拍摄位置也去不掉",
            "`{name}` is a HEIC photo, which most browsers do not show and from which the place cannot be removed"
        ),
        text!(
            "用看图软件另存为 JPEG；手机以后可改为直接存 JPEG：苹果在“设置→相机→格式”选“兼容性最佳”，华为、小米等在相机设置里关闭“HEIF/高效格式”",
            "save it as JPEG; set the phone to take JPEG (Settings, Camera, Formats, Most Compatible)"
        ),
    )
}

fn unknown(name: &str) -> (Text, Text) {
    (
        text!(
            "`{name}` 不是浏览器能显示的图片，或文件已损坏",
            "`{name}` is no image that browsers show, or is damaged"
        ),
        text!(
            "用看图软件打开它，另存为 JPEG 或 PNG",
            "open it with an image viewer and save it as JPEG or PNG"
        ),
    )
}

fn damaged(name: &str) -> (Text, Text) {
    (
        text!(
            "图片 `{name}` 已损坏，读不出宽和高",
            "the image `{name}` is damaged: its size cannot be read"
        ),
        text!(
            "从手机或相机里再复制一次；还不行就用看图软件打开，另存为 JPEG",
            "copy it again from the phone or camera, or open it with an image viewer and save it as JPEG"
        ),
    )
}

/// What is wrong with an image that is too large, and what to do.
fn too_large(name: &str, media: &Media) -> (Text, Text) {
    let whole = media.dimensions;
    let (width, height) = whole.map_or((0, 0), |whole| (whole.width, whole.height));
    let megabytes = media.size / (1024 * 1024);
    (
        text!(
            "图片 `{name}` 太大（{width}×{height} 像素，{megabytes} MB）：JPEG 最多 1.2 亿像素，其他格式最多 6000 万像素，单边最多 65000 像素，文件最多 200 MB",
            "the image `{name}` is too large ({width}×{height} pixels, {megabytes} MB): at most 120 million pixels as JPEG and 60 million in other formats, 65000 on a side, 200 MB"
        ),
        text!(
            "用看图软件把它缩小到 6000 像素宽以内，另存为 JPEG",
            "scale it down to a width of at most 6000 pixels and save it as JPEG"
        ),
    )
}
