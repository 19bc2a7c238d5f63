use rayon::prelude::*;
use std::time::Instant;
use yugang::compile::*;
use yugang::*;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let root = std::path::Path::new(&root);
    macro_rules! t {
        ($n:expr,$e:expr) => {{
            let t = Instant::now();
            let r = $e;
            eprint!("{} {:.1} | ", $n, t.elapsed().as_secs_f64() * 1e3);
            r
        }};
    }
    let s = shell::read::read(root).value;
    let o = Options {
        as_of: shell::clock::now_at(&s),
        drafts: false,
        base_url: None,
    };
    let mut m = Memo::default();
    compile(&s, &o, &mut m);
    let theme = theme::load(&s, m.linked().unwrap().site.config.theme())
        .value
        .unwrap();
    let site = &m.linked().unwrap().site;
    {
        let c = view::Cards::new(site);
        let ps = view::pages(site);
        for _ in 0..40 {
            let _: usize = ps
                .par_iter()
                .map_init(Vec::new, |b, p| {
                    let v = view::view(p, &c, &theme);
                    render::key(&v, b).parts.len()
                })
                .sum();
        }
    }
    for _ in 0..1 {
        let c = t!("cards", view::Cards::new(site));
        let ps = t!("pages", view::pages(site));
        let n: usize = t!(
            "views",
            ps.par_iter()
                .map(|p| {
                    let v = view::view(p, &c, &theme);
                    v.breadcrumbs.len()
                })
                .sum()
        );
        let k: usize = t!(
            "keys",
            ps.par_iter()
                .map_init(Vec::new, |b, p| {
                    let v = view::view(p, &c, &theme);
                    render::key(&v, b).parts.len()
                })
                .sum()
        );
        let outs: Vec<_> = t!("outs", ps.iter().map(|p| p.out(site)).collect());
        t!("sitemap", feeds::sitemap(site).len());
        t!("atom", feeds::atom(site));
        let tr: std::collections::BTreeMap<_, _> = t!(
            "tree",
            outs.iter()
                .map(|o| (o.clone(), model::tree::OutFile::Bytes(Default::default())))
                .collect()
        );
        t!("clone", tr.clone().len());
        eprintln!("{n} {k}");
    }
}
