//! `tintype check-policy`: checks a policy and prints what it means.

use std::fmt::{Display, Write as _};
use std::path::PathBuf;

use cdn_config::policy::{Keep, Policy};
use clap::Args;
use contract::policy::{Rules, UnknownParameters, UnsignedAccess};
use contract::variant_count::variants_per_source;

use crate::output::{OutputError, print_line};
use crate::policy_file::{self, PolicyFileError};

/// Options of the command.
#[derive(Args, Debug)]
pub struct CheckPolicyArgs {
    /// The policy, in the form of cdn-config/policy.json.
    file: PathBuf,
}

/// The reason why the command fails.
#[derive(Debug, thiserror::Error)]
pub enum CheckPolicyError {
    /// The file isn't a policy.
    #[error(transparent)]
    Policy(#[from] PolicyFileError),
    /// The result can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Prints what a policy means.
pub fn run(args: &CheckPolicyArgs) -> Result<(), CheckPolicyError> {
    let policy = policy_file::read(Some(&args.file))?;
    let file = args.file.display();
    Ok(print_line(&format!("{file} is a policy.\n\n{}", meaning(&policy).trim_end()))?)
}

/// The description of a policy, in lines.
fn meaning(policy: &Policy) -> String {
    let rules = &policy.rules;
    let mut text = format!("Without a signature, viewers get the level '{}':\n\n", rules.unsigned.name());
    for level in UnsignedAccess::ALL {
        let mark = if level == rules.unsigned { '*' } else { ' ' };
        let count = variants_per_source(&Rules { unsigned: level, ..rules.clone() });
        let count = count.map_or_else(|| "no bound".to_owned(), grouped);
        let _ =
            writeln!(text, "{mark} {:<8} {count:>14} variants of a source: {}", level.name(), access(level));
    }
    let _ = writeln!(text);
    let mut line = |name: &str, value: &dyn Display| {
        let _ = writeln!(text, "  {name:<19} {value}");
    };
    line("ladder", &listed(rules.ladder.iter().map(|side| side.pixels())));
    line("qualities", &listed(rules.qualities.iter().map(|quality| quality.get())));
    line("shapes of crops", &listed(&rules.shapes));
    line("presets", &listed(rules.presets.keys()));
    line("prewarmed presets", &listed(&policy.prewarm));
    line("stored variants", &kept(policy.keep));
    line("unknown parameters", &unknown(rules.unknown));
    let limits = policy.limits;
    let (megabytes, megapixels) = (limits.source_bytes >> 20, limits.source_pixels / 1_000_000);
    line("sources", &format!("at most {megabytes} MiB, {megapixels} megapixels, {} frames", limits.frames));
    line("fallback image", &policy.fallback_image.as_ref().map_or("none", |key| key.as_str()));
    text
}

/// The parameters that a level opens, in words.
const fn access(level: UnsignedAccess) -> &'static str {
    match level {
        UnsignedAccess::Presets => "only presets",
        UnsignedAccess::Widths => "widths of the ladder too",
        UnsignedAccess::Sizes => "crops of the listed shapes too",
        UnsignedAccess::Open => "everything; anyone can cause costs",
    }
}

fn kept(keep: Keep) -> String {
    match keep {
        Keep::Dear { from_milliseconds } => {
            format!("those that take {from_milliseconds} ms and more, and prewarmed presets")
        }
        Keep::Always => "all".to_owned(),
        Keep::Never => "none; there is no bucket for them".to_owned(),
    }
}

const fn unknown(treatment: UnknownParameters) -> &'static str {
    match treatment {
        UnknownParameters::Ignore => "ignored",
        UnknownParameters::Reject => "refused",
    }
}

/// The items with commas between them; `none` for an empty list.
fn listed(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

/// A number with a comma between groups of three digits.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meaning_has_each_level_with_its_number_of_variants() {
        let policy = Policy::built_in();
        let text = meaning(&policy);
        for level in UnsignedAccess::ALL {
            let count = variants_per_source(&Rules { unsigned: level, ..policy.rules.clone() });
            let count = count.map_or_else(|| "no bound".to_owned(), grouped);
            let line = text
                .lines()
                .find(|line| line.get(2..).is_some_and(|line| line.starts_with(level.name())))
                .unwrap();
            assert!(line.contains(&format!(" {count} variants of a source")), "{line}");
            assert_eq!(line.starts_with('*'), level == policy.rules.unsigned, "{line}");
        }
        assert!(text.contains("  ladder              16, 32, 48"), "{text}");
        assert!(text.contains("  presets             none\n"), "{text}");
        let stored = "  stored variants     those that take 180 ms and more, and prewarmed presets\n";
        assert!(text.contains(stored), "{text}");
    }

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }
}
