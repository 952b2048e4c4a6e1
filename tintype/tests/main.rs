//! Tests of the program as its users start it: `commands` checks what commands print, `kill` what a killed stack leaves,
//! `isolation` what a hostile file costs.
//! [`program`] starts it.
#![cfg(test)]

mod commands;
mod isolation;
mod kill;
mod program;
