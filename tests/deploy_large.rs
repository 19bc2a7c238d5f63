//! What is too large, or too much, to be held as a whole: going back reads and sends it in pieces and one by one.
#![cfg(feature = "deploy")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test makes the folders that are published"
)]

mod bucket;
mod folder;

use std::path::PathBuf;

use bucket::process::{be_refused, order, succeed};
use bucket::site::assert_same;
use bucket::{BUCKET, Server, Trouble};
use folder::{Scratch, put};

/// Most bytes that are read at a time: a large file has two parts and a half.
const PART: usize = 8 << 20;

/// How many photos there are, of 3 MB each; five of them are held when one goes back.
const PHOTOS: usize = 6;

/// A site of one page, the same in every version, with photos and a large file.
fn version(scratch: &Scratch, name: u8) -> PathBuf {
    let folder = scratch.root().join(name.to_string());
    put(&folder, "index.html", "<a href=\"/large.jpg\">");
    let bytes = |size: usize, of: usize| -> Vec<u8> {
        let bytes = (0..size).map(|at| (at / 4096 + of) as u8 ^ name);
        bytes.collect()
    };
    put(&folder, "large.jpg", bytes(PART * 5 / 2, 0));
    for photo in 0..PHOTOS {
        put(&folder, &format!("{photo}.jpg"), bytes(3 << 20, photo));
    }
    folder
}

#[test]
fn going_back_holds_neither_large_files_nor_many() {
    let scratch = Scratch::new();
    let [one, other] = [1, 2].map(|name| version(&scratch, name));
    let [one, other] = [&one, &other].map(|folder| folder.to_str().unwrap());
    // With a whole release to go back from, and with one that did not finish.
    for is_whole in [true, false] {
        let server = Server::here();
        succeed(&order(&server, one, "private"));
        let before = server.objects(BUCKET, "");
        server.make(Trouble::default());
        if is_whole {
            succeed(&order(&server, other, "private"));
        } else {
            let requests = {
                let server = server.copy();
                succeed(&order(&server, other, "private"));
                server.requests()
            };
            // The attachment is there then, the record is not.
            let at = requests
                .iter()
                .rposition(|request| request.contains("manifest"));
            be_refused(&server, at.unwrap(), &order(&server, other, "private"));
        }
        assert_ne!(server.objects(BUCKET, "")["large.jpg"], before["large.jpg"]);
        server.make(Trouble::default());
        succeed(&order(&server, "rollback", "private break-lock"));
        assert_same(&server.objects(BUCKET, ""), &before, &format!("{is_whole}"));
        let reads = server.requests();
        let reads = reads
            .iter()
            .filter(|request| request.starts_with("GET /private/copies/"));
        // Each part twice, to see that all is there and to send it, but for what is held.
        assert_eq!(reads.count(), 3 + 3 + PHOTOS + 1, "{is_whole}");
        let largest = server.largest();
        assert!(largest <= PART, "{largest} bytes at once, {is_whole}");
    }
}
