use std::time::Instant;
use yugang::compile::*;
use yugang::*;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let n: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let root = std::path::Path::new(&root);
    let s = shell::read::read(root).value;
    let o = Options {
        as_of: shell::clock::now_at(&s),
        drafts: false,
        base_url: None,
    };
    let mut s2 = s.clone();
    let p = diag::SourcePath::new("content/reports/000/zzz.md");
    s2.files.insert(
        p,
        model::snapshot::InputFile::of_bytes(
            "---\ntitle: 新\ndate: 2050-01-01\norganizations: [妇联]\n---\n正文\n".into(),
        ),
    );
    let mut m = Memo::default();
    compile(&s, &o, &mut m);
    let mut k = vec![];
    for i in 0..n {
        let x = if i % 2 == 0 { &s2 } else { &s };
        let t = Instant::now();
        let mut l = Instant::now();
        let mut st = vec![];
        let r = compile_observed(x, &o, &mut m, &mut |g| {
            st.push((format!("{g:?}"), l.elapsed().as_secs_f64() * 1e3));
            l = Instant::now();
        });
        let a = l.elapsed().as_secs_f64() * 1e3;
        let tot = t.elapsed().as_secs_f64() * 1e3;
        k.push(tot);
        if i < 6 {
            eprintln!("{tot:.1} {st:.1?} {a:.1} rendered {}", m.rendered());
        }
        std::thread::spawn(move || drop(r)).join().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    k.sort_by(|a, b| a.total_cmp(b));
    eprintln!("p50 {:.1}", k[k.len() / 2]);
}
