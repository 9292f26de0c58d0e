//! Binds the calls inside the shared library when it is linked. Otherwise the loader looks up the 50,000 called
//! functions by name at every start of the migrator, which takes 62 of the 65 million instructions before `main`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-link-arg=-Wl,-Bsymbolic-functions");
    }
}
