use std::time::Instant;
use yugang::compile::*;
use yugang::*;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn hwm() -> u64 {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    for l in s.lines() {
        if let Some(r) = l.strip_prefix("VmHWM:") {
            return r
                .trim()
                .trim_end_matches(" kB")
                .trim()
                .parse::<u64>()
                .unwrap()
                / 1024;
        }
    }
    0
}
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let out = std::env::args().nth(2).unwrap();
    let out = std::path::Path::new(&out);
    let root = std::path::Path::new(&root);
    macro_rules! t {
        ($n:expr,$e:expr) => {{
            let t = Instant::now();
            let r = $e;
            eprint!(
                "{} {:.1} ({}M) | ",
                $n,
                t.elapsed().as_secs_f64() * 1e3,
                hwm()
            );
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
    let b = t!("load", shell::cache::load(out));
    let mut m = Memo::default();
    if let Some(b) = &b {
        let c = t!("decode", cache::Cache::decode(b)).unwrap();
        m = t!("memo", c.into_memo(&i)).unwrap();
    }
    let mut m = m.for_last_build();
    let mut last = Instant::now();
    let tree = compile_observed(&s, &o, &mut m, &mut |st| {
        eprint!(
            "..{:.1} ({}M) {:?} ",
            last.elapsed().as_secs_f64() * 1e3,
            hwm(),
            st
        );
        last = Instant::now();
    })
    .value;
    eprint!(
        "..{:.1} ({}M) | ",
        last.elapsed().as_secs_f64() * 1e3,
        hwm()
    );
    let r = m.rendered();
    let l = t!("leavings", cache::Leavings::of(m, &i));
    let w = t!("write", shell::write::write_or_keep(root, out, &tree))
        .unwrap()
        .unwrap();
    let e = t!(
        "encode",
        cache::encode(
            &l,
            (&i, o.as_of),
            w.files.iter().map(|(p, f)| (p, f.digest, f.size)),
            &[]
        )
    );
    t!(
        "save",
        shell::cache::save(out, e.as_ref().map(|e| &e[..])).unwrap()
    );
    eprintln!("rendered {} written {}", r, w.written);
    std::mem::forget((s, tree));
}
