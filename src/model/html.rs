//! The text of pages, of which thousands are held at once: what many have in common is kept once.

use std::borrow::Cow;
use std::sync::Arc;

/// HTML, UTF-8, with holes for what other pages have as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    own: Arc<[u8]>,
    holes: Box<[Hole]>,
}

/// A place where something belongs that is not the text's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// How many bytes of the own text stand before it.
    pub at: u32,
    /// What belongs there.
    pub filling: Filling,
}

/// What belongs in a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    /// Something of an asset of the theme.
    Asset(AssetText),
    /// A part that the theme renders once for all pages.
    Shared {
        /// Which of them it is, counted from 0.
        number: usize,
        /// The part.
        html: Arc<Html>,
    },
}

/// What a page tells of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetText {
    /// The asset's path below the theme's `assets/`.
    pub asset: Arc<str>,
    /// What is told.
    pub fact: AssetFact,
    /// The text that stands for it.
    pub text: Arc<str>,
}

/// What is told of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetFact {
    /// Its URL.
    Url,
    /// Its digest for an `integrity` attribute.
    Integrity,
}

/// A stretch of HTML.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'h> {
    /// Text.
    Text(&'h [u8]),
    /// Something of an asset.
    Asset(&'h AssetText),
}

impl Html {
    /// The text `own` with these holes, which are in order and lie within it.
    pub fn new(own: impl Into<Arc<[u8]>>, holes: Vec<Hole>) -> Self {
        Html {
            own: own.into(),
            holes: holes.into(),
        }
    }

    /// Calls `visit` with every piece, in order, those of shared parts included.
    pub fn pieces<'h>(&'h self, visit: &mut dyn FnMut(Piece<'h>)) {
        let mut done = 0;
        for hole in &self.holes {
            let at = hole.at as usize;
            visit(Piece::Text(self.own.get(done..at).unwrap_or_default()));
            done = at;
            match &hole.filling {
                Filling::Asset(asset) => visit(Piece::Asset(asset)),
                Filling::Shared { html, .. } => html.pieces(visit),
            }
        }
        visit(Piece::Text(self.own.get(done..).unwrap_or_default()));
    }

    /// The size of the whole in bytes.
    pub fn size(&self) -> usize {
        let holes = self.holes.iter().map(|hole| match &hole.filling {
            Filling::Asset(asset) => asset.text.len(),
            Filling::Shared { html, .. } => html.size(),
        });
        self.own.len() + holes.sum::<usize>()
    }

    /// Writes the whole into `bytes`, replacing what was there.
    pub fn write_into(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        self.pieces(&mut |piece| match piece {
            Piece::Text(text) => bytes.extend_from_slice(text),
            Piece::Asset(asset) => bytes.extend_from_slice(asset.text.as_bytes()),
        });
    }

    /// The whole.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        if self.holes.is_empty() {
            return Cow::Borrowed(&self.own);
        }
        let mut bytes = Vec::with_capacity(self.size());
        self.write_into(&mut bytes);
        Cow::Owned(bytes)
    }

    /// Whether it tells anything of an asset.
    pub fn has_assets(&self) -> bool {
        self.holes.iter().any(|hole| match &hole.filling {
            Filling::Asset(_) => true,
            Filling::Shared { html, .. } => html.has_assets(),
        })
    }

    /// The same text with other things in its holes, which `fill` gives for those that are there.
    ///
    /// # Errors
    /// The first of `fill`.
    pub fn refilled<E>(&self, fill: impl Fn(&Filling) -> Result<Filling, E>) -> Result<Self, E> {
        let holes = self.holes.iter().map(|hole| {
            Ok(Hole {
                at: hole.at,
                filling: fill(&hole.filling)?,
            })
        });
        Ok(Html {
            own: Arc::clone(&self.own),
            holes: holes.collect::<Result<_, E>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(text: &str) -> Filling {
        Filling::Asset(AssetText {
            asset: "main.css".into(),
            fact: AssetFact::Url,
            text: text.into(),
        })
    }

    fn text(own: &str, holes: Vec<(u32, Filling)>) -> Html {
        let holes = holes.into_iter();
        let holes = holes.map(|(at, filling)| Hole { at, filling });
        Html::new(own.as_bytes(), holes.collect())
    }

    fn whole(html: &Html) -> String {
        String::from_utf8(html.bytes().into_owned()).unwrap()
    }

    #[test]
    fn what_is_shared_stands_in_its_place() {
        let head = Arc::new(text("<link>", vec![(5, asset(" /a.css"))]));
        let shared = |number| Filling::Shared {
            number,
            html: Arc::clone(&head),
        };
        let page = text(
            "ab",
            vec![
                (0, shared(0)),
                (1, asset("/")),
                (1, shared(0)),
                (2, asset("!")),
            ],
        );
        assert_eq!(whole(&page), "<link /a.css>a/<link /a.css>b!");
        assert_eq!(page.size(), whole(&page).len());
        assert!(page.has_assets() && !text("a", Vec::new()).has_assets());
    }

    #[test]
    fn what_is_refilled_is_the_same_but_for_the_holes() {
        let page = text("ab", vec![(1, asset("old"))]);
        let refilled = page.refilled(|_| Ok::<_, ()>(asset("newer")));
        assert_eq!(whole(&refilled.unwrap()), "anewerb");
        assert_eq!(page.refilled(|_| Err("no")), Err("no"));
    }
}
