//! The contracts are embedded; a new file in their folder must be seen.

fn main() {
    println!("cargo::rerun-if-changed=contracts");
}
