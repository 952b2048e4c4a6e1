//! Tests of the program as its users start it: `commands` checks what commands print, `documents` runs the shell blocks
//! of the documents, `full_disk` fills the disk, `fuzz` sends damaged files, `isolation` checks the cost of a hostile file, `kill` the data that a killed stack leaves.
//! [`program`] starts it.
#![cfg(test)]

mod commands;
mod documents;
mod full_disk;
mod fuzz;
mod isolation;
mod kill;
mod program;
