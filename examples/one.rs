use std::collections::BTreeMap;
use std::time::Instant;
use yugang::compile::*;
use yugang::*;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let out = std::env::args().nth(2).unwrap();
    let out = std::path::Path::new(&out);
    let root = std::path::Path::new(&root);
    macro_rules! t {
        ($n:expr,$e:expr) => {{
            let t = Instant::now();
            let r = $e;
            eprint!("{} {:.1} | ", $n, t.elapsed().as_secs_f64() * 1e3);
            r
        }};
    }
    let s = t!("read", shell::read::read(root)).value;
    let o = Options {
        as_of: shell::clock::now_at(&s),
        drafts: false,
        base_url: None,
    };
    let i = t!("inputs", cache::Inputs::of(&s, &o));
    let b = t!("load", shell::cache::load(out)).unwrap();
    let c = t!("decode", cache::Cache::decode(&b)).unwrap();
    t!("unchanged", c.unchanged(&i, o.as_of).is_some());
    let mut m = t!("memo", c.into_memo(&i)).unwrap().for_last_build();
    let mut last = Instant::now();
    let tree = compile_observed(&s, &o, &mut m, &mut |st| {
        eprint!("..{:.1} {:?} ", last.elapsed().as_secs_f64() * 1e3, st);
        last = Instant::now();
    })
    .value;
    eprint!("..{:.1} | ", last.elapsed().as_secs_f64() * 1e3);
    let w = t!("write", shell::write::write_or_keep(root, out, &tree))
        .unwrap()
        .unwrap();
    let files = t!(
        "files",
        w.files
            .iter()
            .map(|(p, f)| (p.clone(), (f.digest, f.size)))
            .collect::<BTreeMap<_, _>>()
    );
    let e = t!("encode", cache::encode(&m, (&i, o.as_of), &files, &[]));
    t!("save", shell::cache::save(out, e.as_deref()).unwrap());
    eprintln!("rendered {} written {}", m.rendered(), w.written);
    std::mem::forget((s, m, tree, w, files));
}
