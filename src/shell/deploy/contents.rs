//! The contents that a run sends: of the finished site, or kept of an earlier release.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use rayon::prelude::*;

use super::bucket::{Bucket, Outcome, PART, Pieces};
use super::problems;
use crate::deploy::headers::{self, Headers, Keeps};
use crate::deploy::manifest::{Kept, Object, Row};
use crate::deploy::{codec, copy_file, pack, pack_file};
use crate::diag::Diagnostic;
use crate::model::digest::Digest;
use crate::model::picture::ImageFile;
use crate::model::target::DeployTarget;
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::shell::images::{HEAD, Images, Progress, Store};
use crate::shell::read::real_path;
use crate::shell::write::{Claim, Wanted, claim, digests, source_changed};

/// Most bytes of kept copies that are held from when they were looked at until they are sent.
const HELD: usize = 16 << 20;

/// Largest file that is packed.
const LARGEST_PACKED: usize = 4 << 20;

/// What is read to be sent.
pub(super) enum Content<'a> {
    /// All of it.
    Whole(Vec<u8>),
    /// Where it is too large for that, at its beginning.
    Large(Pieces<'a>),
}

/// The finished site.
pub(super) struct Site<'a> {
    root: &'a Path,
    tree: &'a OutputTree,
    store: Store,
    wanted: BTreeMap<OutPath, Wanted>,
    /// What is stored compressed.
    compressed: BTreeMap<OutPath, Vec<u8>>,
    _claim: Claim,
}

impl<'a> Site<'a> {
    /// Makes what is to be made of photos, and knows what each file is. What is made of photos lies beside the
    /// output folder `out`, of which nothing else is read.
    ///
    /// # Errors
    /// Every photo that cannot be published, or what the system refuses.
    pub(super) fn prepare(
        (root, out): (&'a Path, &Path),
        tree: &'a OutputTree,
        progress: &Progress<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let claim = claim(root, out)?;
        let store = Store::beside(out);
        let mut images = Images::default();
        let made = |file: &'a OutFile| match file {
            OutFile::Image(image) => Some(image),
            _ => None,
        };
        images.make(root, &store, tree, progress)?;
        let damaged = images.forget_damaged(&store, tree.values().filter_map(made));
        if damaged.map_err(|error| problems::unreadable(&out.display().to_string(), &error))? {
            images.make(root, &store, tree, progress)?;
        }
        let wanted = digests(tree, &images);
        Ok(Site {
            root,
            tree,
            store,
            wanted,
            compressed: BTreeMap::new(),
            _claim: claim,
        })
    }

    /// Compresses what a target has compressed, before anything is planned: an object is what the storage has of it.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub(super) fn compress(&mut self, target: &DeployTarget) -> Outcome<()> {
        let all: Vec<_> = self.wanted.iter().collect();
        let is_compressed = |(path, wanted): &&(&OutPath, &Wanted)| {
            headers::is_compressed(path, wanted.size, target)
        };
        let compressed = all.par_iter().filter(is_compressed).map(|(path, _)| {
            let content = match self.original(path)? {
                Content::Whole(bytes) => codec::gzipped(&bytes),
                Content::Large(_) => return Ok(None),
            };
            Ok(Some(((*path).clone(), content)))
        });
        let compressed: Vec<_> = compressed.collect::<Outcome<_>>()?;
        self.compressed = compressed.into_iter().flatten().collect();
        Ok(())
    }

    /// Every file as an object of a target whose storage keeps these headers.
    pub(super) fn objects(&self, target: &DeployTarget, keeps: Keeps) -> BTreeMap<OutPath, Object> {
        let objects = self.wanted.iter().map(|(path, wanted)| {
            let mut headers = headers::headers(path, &wanted.digest, &target.headers, keeps);
            let (mut digest, mut size) = (wanted.digest, wanted.size);
            if let Some(bytes) = self.compressed.get(path) {
                headers.content_encoding = Some(headers::GZIP.to_owned());
                (digest, size) = (Digest::of(bytes), bytes.len() as u64);
            }
            let object = Object {
                digest,
                size,
                headers,
            };
            (path.clone(), object)
        });
        objects.collect()
    }

    fn content(&self, path: &OutPath) -> Outcome<Content<'static>> {
        match self.compressed.get(path) {
            Some(bytes) => Ok(Content::Whole(bytes.clone())),
            None => self.original(path),
        }
    }

    /// What is compiled, not compressed.
    fn original(&self, path: &OutPath) -> Outcome<Content<'static>> {
        let failed = |error: io::Error| problems::unreadable(path.as_str(), &error);
        match self.tree.get(path) {
            Some(OutFile::Copy {
                source,
                size,
                digest,
            }) => {
                let real = real_path(self.root, source);
                let changed =
                    |error: Option<io::Error>| vec![source_changed(source, error.as_ref())];
                let found = fs::symlink_metadata(&real).map_err(|error| changed(Some(error)))?;
                if !found.is_file() || found.len() != *size {
                    return Err(changed(None));
                }
                let mut file = File::open(&real).map_err(|error| changed(Some(error)))?;
                if *size > PART as u64 {
                    // It is read twice: once to see that it is what was compiled.
                    let same = sum(&mut file).map_err(|error| changed(Some(error)))? == *digest;
                    let start = file.seek(SeekFrom::Start(0));
                    return match start {
                        Ok(_) if same => Ok(Content::Large(Pieces::File(file))),
                        Ok(_) => Err(changed(None)),
                        Err(error) => Err(changed(Some(error))),
                    };
                }
                let bytes = rest(&mut file).map_err(|error| changed(Some(error)))?;
                if Digest::of(&bytes) != *digest {
                    return Err(changed(None));
                }
                Ok(Content::Whole(bytes))
            }
            Some(OutFile::Image(image)) => self.image(image).map(Content::Whole).map_err(failed),
            Some(file) => Ok(Content::Whole(
                file.bytes().unwrap_or_default().into_owned(),
            )),
            None => Err(failed(io::ErrorKind::NotFound.into())),
        }
    }

    fn image(&self, image: &ImageFile) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.store.place(&image.key()))?;
        file.seek(SeekFrom::Start(HEAD))?;
        rest(&mut file)
    }

    /// The bytes of a file that is in memory.
    fn bytes(&self, path: &OutPath) -> Option<Cow<'_, [u8]>> {
        match self.compressed.get(path) {
            Some(bytes) => Some(Cow::Borrowed(bytes)),
            None => self.tree.get(path)?.bytes(),
        }
    }
}

fn rest(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn sum(file: &mut File) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    io::copy(file, &mut hasher)?;
    Ok(Digest::from_bytes(*hasher.finalize().as_bytes()))
}

/// Where a run's contents come from.
pub(super) enum Source<'a> {
    /// The finished site.
    Site(Site<'a>),
    /// What was kept of an earlier release, with its rows.
    Earlier(Earlier<'a>, BTreeMap<OutPath, Row>),
}

impl Source<'_> {
    /// What the storage is to have at a place.
    pub(super) async fn content(&self, path: &OutPath) -> Outcome<Content<'_>> {
        match self {
            Source::Site(site) => site.content(path),
            Source::Earlier(earlier, _) => {
                let content = earlier.content(path).await?;
                content.ok_or_else(|| problems::lost_content(path.as_str()))
            }
        }
    }

    /// What the storage will have at a place as a pack has it, where it is in memory and not too large to be packed.
    pub(super) fn packed(&self, path: &OutPath) -> Option<Vec<u8>> {
        let Source::Site(site) = self else {
            return None;
        };
        let content = site
            .bytes(path)
            .filter(|bytes| bytes.len() <= LARGEST_PACKED)?;
        Some(codec::compressed(&content))
    }

    /// Where the content for a place is kept already.
    pub(super) fn kept(&self, path: &OutPath) -> Option<Kept> {
        match self {
            Source::Site(_) => None,
            Source::Earlier(_, rows) => rows.get(path)?.kept.clone(),
        }
    }
}

/// What stands where something has expired, because pages of its time lead there.
const EXPIRED: &str = "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>已到期</title>\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n</head>\n\
    <body>\n<p>这里的内容已到期撤下。</p>\n</body>\n</html>\n";

/// A content of an earlier release which has been looked at and is whole.
enum Held {
    /// Its bytes.
    Whole(Vec<u8>),
    /// Its bytes as a pack has them.
    Packed(Vec<u8>),
    /// In a copy of its own of this digest and size, to be read again when it is sent.
    Copy(String, Digest, u64),
}

/// Contents of an earlier release.
pub(super) struct Earlier<'a> {
    /// Where copies are.
    state: &'a Bucket,
    contents: HashMap<OutPath, Held>,
    /// Bytes of copies that are held.
    held: usize,
}

impl<'a> Earlier<'a> {
    /// None yet; what was kept is in the private place `state`.
    pub(super) fn new(state: &'a Bucket) -> Self {
        Earlier {
            state,
            contents: HashMap::new(),
            held: 0,
        }
    }

    /// Adds a page that says that what was at this place has expired, and returns what it is.
    pub(super) fn stand_in(&mut self, path: &OutPath, headers: &Headers) -> Object {
        let object = Object {
            digest: Digest::of(EXPIRED.as_bytes()),
            size: EXPIRED.len() as u64,
            headers: Headers {
                content_encoding: None,
                ..headers.clone()
            },
        };
        let page = Held::Whole(EXPIRED.as_bytes().to_vec());
        self.contents.insert(path.clone(), page);
        object
    }

    /// The content for a place; `None` where there is none, or not any more.
    async fn content(&self, path: &OutPath) -> Outcome<Option<Content<'_>>> {
        Ok(match self.contents.get(path) {
            Some(Held::Whole(bytes)) => Some(Content::Whole(bytes.clone())),
            Some(Held::Packed(body)) => codec::decompressed(body).map(Content::Whole),
            Some(Held::Copy(file, _, size)) if *size > PART as u64 => {
                Some(Content::Large(Pieces::Object(self.state, file, *size, 0)))
            }
            Some(Held::Copy(file, digest, _)) => {
                let copy = self.state.read(file).await?;
                let copy = copy.filter(|copy| Digest::of(copy) == *digest);
                copy.map(Content::Whole)
            }
            None => None,
        })
    }

    /// Looks at what is kept of these rows in the private place: every content is whole.
    ///
    /// # Errors
    /// The first content that is not there any more.
    pub(super) async fn look(&mut self, rows: &[(&OutPath, &Row)]) -> Outcome<()> {
        let pack_of = |row: &Row| match &row.kept {
            Some(Kept::Pack(name)) => Some(name.clone()),
            _ => None,
        };
        let names: BTreeSet<String> = rows.iter().filter_map(|(_, row)| pack_of(row)).collect();
        for name in names {
            let file = pack_file(&name);
            let bytes = self.state.read(&file).await?.unwrap_or_default();
            let Some(pack) = pack::read(&bytes) else {
                continue;
            };
            for (path, row) in rows
                .iter()
                .filter(|(_, row)| pack_of(row).as_ref() == Some(&name))
            {
                if let Some(body) = pack.body(&row.object.digest) {
                    let body = Held::Packed(body.to_vec());
                    self.contents.insert((*path).clone(), body);
                }
            }
        }
        for (path, row) in rows {
            if self.contents.contains_key(*path) {
                continue;
            }
            // A run that did not finish made copies that no record names.
            let copy = match row.kept {
                Some(Kept::Pack(_)) => None,
                _ => self.copy(row).await?,
            };
            let copy = copy.ok_or_else(|| problems::lost_content(path.as_str()))?;
            self.contents.insert((*path).clone(), copy);
        }
        Ok(())
    }

    /// The copy of a row, where it is whole: as it is, or only known to be there when many or large ones are.
    async fn copy(&mut self, row: &Row) -> Outcome<Option<Held>> {
        let (file, digest, size) = (copy_file(row), row.object.digest, row.object.size);
        if size <= PART as u64 {
            let copy = self.state.read(&file).await?;
            let Some(copy) = copy.filter(|copy| Digest::of(copy) == digest) else {
                return Ok(None);
            };
            if self.held + copy.len() <= HELD {
                self.held += copy.len();
                return Ok(Some(Held::Whole(copy)));
            }
        } else if self.state.digest(&file, size).await? != Some(digest) {
            return Ok(None);
        }
        Ok(Some(Held::Copy(file, digest, size)))
    }
}
