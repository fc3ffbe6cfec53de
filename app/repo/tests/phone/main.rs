//! One phone against a scripted server: every answer a server can give, and what must become of the
//! person's work. Whole towns with the real server live in `server/harness`.

mod acting;
mod ahead;
mod attention;
mod bench;
mod births;
mod blobs;
mod clones;
mod disk;
mod fetching;
mod lists;
mod pages;
mod poison;
mod troubles;
mod undoing;
mod witness;
