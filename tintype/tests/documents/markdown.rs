//! Fenced blocks of a Markdown document.

/// The beginnings of lines that are commands of a shell.
const COMMANDS: [&str; 11] =
    ["./", "$EDITOR", "aws ", "cargo ", "cd ", "curl ", "deploy/", "export ", "npm ", "npx ", "tintype "];

/// A fenced block.
pub(super) struct Block {
    /// The line of the opening fence, counted from 1.
    pub(super) line: usize,
    /// The text after the opening fence.
    pub(super) info: String,
    /// The lines between the fences.
    pub(super) text: String,
}

impl Block {
    /// `true` if the block is a shell script that runs against a local stack.
    pub(super) fn runs(&self) -> bool {
        self.words() == ["sh"]
    }

    /// The words of the info string.
    pub(super) fn words(&self) -> Vec<&str> {
        self.info.split_whitespace().collect()
    }

    /// The first line that looks like a command.
    pub(super) fn command(&self) -> Option<&str> {
        self.text.lines().find(|line| COMMANDS.iter().any(|command| line.starts_with(command)))
    }
}

/// The fenced blocks of a document, in their order.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in markdown.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(info), None) => {
                open = Some(Block { line: index + 1, info: info.into(), text: String::new() });
            }
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block has no closing fence");
    blocks
}

#[test]
fn fences_enclose_the_text_of_a_block() {
    let [first, second] = &blocks("a\n```sh no-run: needs AWS\naws s3 ls\n```\n\n```\n[x]\n\n```\n")[..]
    else {
        panic!("two blocks")
    };
    assert_eq!((first.line, first.words().as_slice()), (2, &["sh", "no-run:", "needs", "AWS"][..]));
    assert_eq!((first.command(), first.runs()), (Some("aws s3 ls"), false));
    assert_eq!((second.line, second.text.as_str(), second.command()), (6, "[x]\n\n", None));
}
