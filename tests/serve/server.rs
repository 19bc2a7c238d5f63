//! Ports, several previews, and the end.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use crate::client;
use crate::preview::{Site, entry};

#[test]
fn a_port_that_is_taken_is_said_and_the_next_one_used() {
    let site = Site::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let preview = site.serve_from(port, &[]);
    assert!(preview.port > port);
    preview.says(&format!("端口 {port} 已被占用，改用 {}", preview.port));
    preview.shows("/about/", "最初的正文");
}

#[test]
fn two_previews_of_one_site_do_not_disturb_each_other() {
    let site = Site::new();
    let first = site.serve(&[]);
    let second = site.serve_from(first.port, &[]);
    assert_ne!(first.port, second.port);
    site.put("content/pages/about.md", entry("关于", "两边都看到"));
    first.shows("/about/", "两边都看到");
    second.shows("/about/", "两边都看到");
    drop(first);
    site.put("content/pages/about.md", entry("关于", "只剩一边"));
    second.shows("/about/", "只剩一边");
}

#[test]
fn ctrl_c_ends_it_at_once_and_frees_the_port() {
    let site = Site::new();
    // What a shell runs in the background, this test perhaps, ignores Ctrl-C.
    let mut preview = match cfg!(target_os = "linux") {
        true => site.serve_through(&["env", "--default-signal=INT"]),
        false => site.serve(&[]),
    };
    let port = preview.port;
    let streams: Vec<_> = (0..20).map(|_| client::stream(port, "/")).collect();
    let idle: Vec<_> = (0..5).map(|_| client::connect(port)).collect();
    let took = preview.interrupt();
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop((streams, idle));
    let again = site.serve_from(port, &[]);
    assert_eq!(again.port, port);
    again.shows("/about/", "最初的正文");
}
