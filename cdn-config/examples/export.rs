//! Prints the JSON document for the deployment: `deploy/cdn.json`.

use std::io::{self, Write as _};

use cdn_config::export::export;
use cdn_config::policy::Policy;

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "{:#}", export(&Policy::built_in()))
}
