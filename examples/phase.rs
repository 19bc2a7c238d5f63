use std::time::Instant;
use yugang::*; use yugang::compile::*;
#[global_allocator] static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main(){ let root=std::env::args().nth(1).unwrap(); let out=std::env::args().nth(2).unwrap(); let out=std::path::Path::new(&out); let root=std::path::Path::new(&root);
 let s=shell::read::read(root).value; let o=Options{as_of:shell::clock::now_at(&s),drafts:false,base_url:None}; let i=cache::Inputs::of(&s,&o); let b=shell::cache::load(out).unwrap(); let c=cache::Cache::decode(&b).unwrap(); let t=c.unchanged(&i,o.as_of).unwrap().value;
 for _ in 0..30 { let x=Instant::now(); let w=shell::write::write_or_keep(root,out,&t).unwrap().unwrap(); eprint!("{:.1} ",x.elapsed().as_secs_f64()*1e3); drop(w);} eprintln!();
}
