//! Tests of the program as its users start it: `commands` checks what commands print, `kill` what a killed stack leaves.
//! [`program`] starts it.
#![cfg(test)]

mod commands;
mod kill;
mod program;
