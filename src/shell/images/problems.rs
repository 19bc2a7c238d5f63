//! What can be wrong with photos.

use std::io;

use super::strip::Flaw;
use crate::diag::{Code, Diagnostic, Problem, Span, text};
use crate::model::picture::ImageFile;
use crate::shell::fault;

/// A photo cannot be published.
pub(super) fn unusable(photo: &ImageFile, flaw: Flaw) -> Diagnostic {
    let name = photo.source.name();
    let (message, hint) = match flaw {
        Flaw::Truncated => (
            text!(
                "图片 `{name}` 不完整：文件在画面结束之前就断了",
                "the image `{name}` is incomplete: the file ends before the picture does"
            ),
            text!(
                "多半是没有传完：从手机或相机里再复制一次，或请对方重发原图",
                "it was probably not copied to the end: copy it again"
            ),
        ),
        Flaw::Damaged => (
            text!(
                "图片 `{name}` 已损坏，打不开",
                "the image `{name}` is damaged and cannot be opened"
            ),
            text!(
                "从手机或相机里再复制一次；还不行就用看图软件打开，另存为 JPEG",
                "copy it again from the phone or camera, or open it with an image viewer and save it as JPEG"
            ),
        ),
        Flaw::Indelible => (
            text!(
                "图片 `{name}` 里有拍摄地点一类的信息，这种格式去不掉",
                "the image `{name}` has data such as the place where it was taken, which cannot be removed from this format"
            ),
            text!(
                "用看图软件打开它，另存为 JPEG",
                "open it with an image viewer and save it as JPEG"
            ),
        ),
        #[cfg(feature = "images")]
        Flaw::TooLarge => (
            text!(
                "图片 `{name}` 太大，处理它需要的内存太多",
                "the image `{name}` is too large: it would need too much memory"
            ),
            text!(
                "用看图软件把它缩小到 6000 像素宽以内，另存为 JPEG",
                "scale it down to a width of at most 6000 pixels and save it as JPEG"
            ),
        ),
    };
    Problem::error(Code::UnusableImage, message)
        .hint(hint)
        .at(Span::file(photo.source.clone()))
}

/// Finished images cannot be kept.
pub(super) fn cannot_keep(error: &io::Error) -> Diagnostic {
    let message = text!(
        "输出文件夹里存不下做好的图片",
        "finished images cannot be kept in the output folder"
    );
    Problem::error(Code::Environment, fault::because(message, error))
        .hint(fault::remedy(error))
        .nowhere()
}
