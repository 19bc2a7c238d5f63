use yugang::compile::*;
use yugang::*;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn rss(n: &str) {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    for l in s.lines() {
        if l.starts_with("VmHWM") || l.starts_with("VmRSS") {
            eprint!("{n} {l}  ");
        }
    }
    eprintln!();
}
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let out = std::env::args().nth(2).unwrap();
    let root = std::path::Path::new(&root);
    let out = std::path::Path::new(&out);
    let s = shell::read::read(root).value;
    rss("read");
    let o = Options {
        as_of: shell::clock::now_at(&s),
        drafts: false,
        base_url: None,
    };
    let i = cache::Inputs::of(&s, &o);
    rss("inputs");
    let mut m = Memo::default().for_last_build();
    let t = compile_observed(&s, &o, &mut m, &mut |st| rss(&format!("{st:?}"))).value;
    rss("compiled");
    let l = cache::Leavings::of(m, &i);
    rss("leavings");
    let w = shell::write::write_or_keep(root, out, &t).unwrap().unwrap();
    rss("written");
    let files = w
        .files
        .iter()
        .map(|(p, f)| (p.clone(), (f.digest, f.size)))
        .collect();
    let e = cache::encode(&l, (&i, o.as_of), &files, &[]);
    rss("encoded");
    std::mem::forget(e);
}
