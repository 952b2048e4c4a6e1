//! Tests of the program as its users start it: `commands` checks what commands print, `documents` runs the shell blocks of
//! the documents, `isolation` checks what a hostile file costs, `kill` what a killed stack leaves. [`program`] starts it.
#![cfg(test)]

mod commands;
mod documents;
mod isolation;
mod kill;
mod program;
