//! Stand-in.
#![allow(clippy::disallowed_methods, missing_docs)]
pub mod read {
    use crate::diag::*;
    use crate::model::snapshot::*;
    use std::path::Path;
    pub fn read(root: &Path) -> Checked<Snapshot> {
        let mut s = Snapshot::default();
        for top in ["site.yaml", "content", "templates", "static", "themes"] {
            for e in walkdir::WalkDir::new(root.join(top)).into_iter().flatten() {
                if e.file_type().is_file() {
                    let rel = e
                        .path()
                        .strip_prefix(root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned();
                    let b = std::fs::read(e.path()).unwrap();
                    let p = SourcePath::new(&rel);
                    let ext = p.extension();
                    let f = if matches!(ext.as_str(), "md" | "yaml" | "yml" | "html" | "css" | "js")
                        && !rel.starts_with("static")
                    {
                        InputFile::Bytes(b.into())
                    } else {
                        InputFile::Media(Media {
                            size: b.len() as u64,
                            digest: crate::model::digest::Digest::of(&b),
                            dimensions: imagesize::blob_size(&b).ok().map(|d| Dimensions {
                                width: d.width as u32,
                                height: d.height as u32,
                            }),
                            orientation: None,
                        })
                    };
                    s.files.insert(p, f);
                }
            }
        }
        Checked::clean(s)
    }
}
pub mod write {
    use crate::diag::*;
    use crate::model::tree::*;
    use std::path::Path;
    #[derive(Default)]
    pub struct Written {
        pub written: usize,
        pub unchanged: usize,
        pub removed: usize,
    }
    pub fn write(root: &Path, out: &Path, tree: &OutputTree) -> Result<Written, Vec<Diagnostic>> {
        for (p, f) in tree {
            let d = out.join(p.as_str());
            std::fs::create_dir_all(d.parent().unwrap()).unwrap();
            match f {
                OutFile::Bytes(b) => std::fs::write(d, b).unwrap(),
                OutFile::Copy { source, .. } => {
                    std::fs::copy(root.join(source.as_str()), d).unwrap();
                }
            }
        }
        Ok(Written {
            written: tree.len(),
            ..Default::default()
        })
    }
}
pub mod clock {
    pub fn now_in(tz: &str) -> jiff::civil::DateTime {
        jiff::Timestamp::now().in_tz(tz).unwrap().datetime()
    }
    pub struct Stopwatch(std::time::Instant);
    impl Stopwatch {
        pub fn start() -> Self {
            Stopwatch(std::time::Instant::now())
        }
        pub fn seconds(&self) -> f64 {
            self.0.elapsed().as_secs_f64()
        }
    }
}
pub mod locale {
    pub fn lang() -> crate::diag::Lang {
        crate::diag::Lang::Zh
    }
}
