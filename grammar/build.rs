//! Compiles the generated parser and the scanner.

fn main() {
    let mut build = cc::Build::new();
    build
        .std("c11")
        .include("src")
        .flag_if_supported("-Wno-unused-parameter")
        .flag_if_supported("-Wno-unused-but-set-variable")
        .opt_level(2);
    for file in ["src/parser.c", "src/scanner.c"] {
        println!("cargo:rerun-if-changed={file}");
        build.file(file);
    }
    build.compile("tree-sitter-nginx-conf");
}
