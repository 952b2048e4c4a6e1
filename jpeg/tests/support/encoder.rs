//! An encoder: writes a picture's coefficients to a file, in any order of scans.

use super::chance::RandomNumbers;
use super::entropy::{TableId, Token, encode, tables_for};
use super::picture::{Block, Picture};

/// The structure of a file.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) is_progressive: bool,
    pub(crate) scans: Vec<Scan>,
    /// Number of MCUs between restart markers, 0 for no markers.
    pub(crate) restart_interval: u16,
}

/// A scan: its components, the band of their coefficients, and the bits of those (ITU-T T.81, annex B.2.3).
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    pub(crate) components: Vec<usize>,
    pub(crate) start: u8,
    pub(crate) end: u8,
    pub(crate) high: u8,
    pub(crate) low: u8,
}

/// Encodes a picture to a file.
pub(crate) fn file(picture: &Picture, layout: &Layout, chance: &mut RandomNumbers) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    for (number, component) in picture.components.iter().enumerate() {
        let mut content = vec![0x10 | number as u8];
        content.extend(component.steps.iter().flat_map(|step| step.to_be_bytes()));
        segment(&mut file, 0xdb, &content);
    }
    let mut frame = vec![8];
    frame.extend((picture.height as u16).to_be_bytes());
    frame.extend((picture.width as u16).to_be_bytes());
    frame.push(picture.components.len() as u8);
    for (number, component) in picture.components.iter().enumerate() {
        frame.extend([number as u8 + 1, (component.across << 4 | component.down) as u8, number as u8]);
    }
    segment(&mut file, if layout.is_progressive { 0xc2 } else { chance.one_of(&[0xc0, 0xc1]) }, &frame);
    if layout.restart_interval > 0 {
        segment(&mut file, 0xdd, &layout.restart_interval.to_be_bytes());
    }
    for scan in &layout.scans {
        let tokens = tokens(picture, layout, scan);
        let tables = tables_for(&tokens, chance);
        for ((class, number), table) in &tables {
            let mut content = vec![class << 4 | number];
            content.extend(table.counts);
            content.extend(&table.symbols);
            segment(&mut file, 0xc4, &content);
        }
        let mut header = vec![scan.components.len() as u8];
        for component in &scan.components {
            let table = table_of(*component);
            header.extend([*component as u8 + 1, table << 4 | table]);
        }
        header.extend([scan.start, scan.end, scan.high << 4 | scan.low]);
        segment(&mut file, 0xda, &header);
        file.extend(encode(&tokens, &tables));
    }
    file.extend([0xff, 0xd9]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    file.extend([0xff, marker]);
    file.extend((content.len() as u16 + 2).to_be_bytes());
    file.extend(content);
}

/// The number of a component's tables: 0 for luma, 1 for all others.
fn table_of(component: usize) -> u8 {
    component.min(1) as u8
}

/// The tokens of a scan.
fn tokens(picture: &Picture, layout: &Layout, scan: &Scan) -> Vec<Token> {
    let mut writer = ScanWriter::new(scan);
    let mcus = mcus(picture, scan);
    for (number, mcu) in mcus.iter().enumerate() {
        let interval = usize::from(layout.restart_interval);
        if interval > 0 && number > 0 && number % interval == 0 {
            writer.end_run();
            writer.tokens.push(Token::Restart);
            writer.predictions = [0; 4];
        }
        for (component, block) in mcu {
            let block = &picture.components[*component].blocks[*block];
            match (layout.is_progressive, scan.start, scan.high) {
                (false, _, _) => writer.sequential(*component, block),
                (true, 0, 0) => writer.dc(*component, block),
                (true, 0, _) => writer.tokens.push(Token::Bits((block[0] >> scan.low) as u32 & 1, 1)),
                (true, _, 0) => writer.ac(*component, block),
                (true, _, _) => writer.refine(*component, block),
            }
        }
    }
    writer.end_run();
    writer.tokens
}

/// The blocks of each MCU: index of the component, and index of the block.
fn mcus(picture: &Picture, scan: &Scan) -> Vec<Vec<(usize, usize)>> {
    let mut mcus = Vec::new();
    if let [alone] = scan.components.as_slice() {
        let component = &picture.components[*alone];
        let (across, down) = picture.own_blocks(component);
        for row in 0..down {
            mcus.extend(
                (0..across).map(|column| vec![(*alone, (row * component.blocks_across + column) as usize)]),
            );
        }
        return mcus;
    }
    let (across, down) = picture.largest();
    for row in 0..picture.height.div_ceil(down * 8) {
        for column in 0..picture.width.div_ceil(across * 8) {
            let mut mcu = Vec::new();
            for number in &scan.components {
                let component = &picture.components[*number];
                for v in 0..component.down {
                    for h in 0..component.across {
                        let (row, column) = (row * component.down + v, column * component.across + h);
                        mcu.push((*number, (row * component.blocks_across + column) as usize));
                    }
                }
            }
            mcus.push(mcu);
        }
    }
    mcus
}

/// Writes blocks as tokens (ITU-T T.81, annexes F.1 and G.1).
struct ScanWriter<'a> {
    scan: &'a Scan,
    tokens: Vec<Token>,
    predictions: [i32; 4],
    /// Number of blocks in the current end-of-band run.
    run: u32,
    /// Refinement bits of those blocks.
    run_bits: Vec<u32>,
    run_table: TableId,
}

impl<'a> ScanWriter<'a> {
    fn new(scan: &'a Scan) -> Self {
        Self {
            scan,
            tokens: Vec::new(),
            predictions: [0; 4],
            run: 0,
            run_bits: Vec::new(),
            run_table: (1, 0),
        }
    }

    fn sequential(&mut self, component: usize, block: &Block) {
        self.difference(component, i32::from(block[0]));
        let table = (1, table_of(component));
        let mut zeros = 0;
        for value in &block[1..] {
            if *value == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 {
                self.tokens.push(Token::Symbol(table, 0xf0));
                zeros -= 16;
            }
            self.value(table, zeros, i32::from(*value));
            zeros = 0;
        }
        if zeros > 0 {
            self.tokens.push(Token::Symbol(table, 0));
        }
    }

    fn dc(&mut self, component: usize, block: &Block) {
        self.difference(component, i32::from(block[0]) >> self.scan.low);
    }

    fn ac(&mut self, component: usize, block: &Block) {
        self.run_table = (1, table_of(component));
        let mut zeros = 0;
        for value in self.band(block) {
            let value = i32::from(value);
            // Rounds towards zero.
            let value = if value < 0 { -(-value >> self.scan.low) } else { value >> self.scan.low };
            if value == 0 {
                zeros += 1;
                continue;
            }
            self.end_run();
            while zeros > 15 {
                self.tokens.push(Token::Symbol(self.run_table, 0xf0));
                zeros -= 16;
            }
            self.value(self.run_table, zeros, value);
            zeros = 0;
        }
        if zeros > 0 {
            self.lengthen_run();
        }
    }

    fn refine(&mut self, component: usize, block: &Block) {
        self.run_table = (1, table_of(component));
        let band = self.band(block);
        let magnitudes: Vec<u32> =
            band.iter().map(|value| u32::from(value.unsigned_abs()) >> self.scan.low).collect();
        let last_new = magnitudes.iter().rposition(|magnitude| *magnitude == 1);
        let mut zeros = 0;
        let mut bits = Vec::new();
        for (place, (value, magnitude)) in band.iter().zip(&magnitudes).enumerate() {
            if *magnitude == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && last_new.is_some_and(|last| place <= last) {
                self.end_run();
                self.tokens.push(Token::Symbol(self.run_table, 0xf0));
                self.push_bits(&mut bits);
                zeros -= 16;
            }
            if *magnitude > 1 {
                bits.push(magnitude & 1);
                continue;
            }
            self.end_run();
            self.tokens.push(Token::Symbol(self.run_table, zeros << 4 | 1));
            self.tokens.push(Token::Bits(u32::from(*value > 0), 1));
            self.push_bits(&mut bits);
            zeros = 0;
        }
        if zeros > 0 || !bits.is_empty() {
            self.run_bits.append(&mut bits);
            self.lengthen_run();
        }
    }

    fn band(&self, block: &Block) -> Vec<i16> {
        block[usize::from(self.scan.start)..=usize::from(self.scan.end)].to_vec()
    }

    fn difference(&mut self, component: usize, dc: i32) {
        let difference = dc - self.predictions[component];
        self.predictions[component] = dc;
        self.value((0, table_of(component)), 0, difference);
    }

    fn value(&mut self, table: TableId, zeros: u8, value: i32) {
        let size = (32 - value.unsigned_abs().leading_zeros()) as u8;
        self.tokens.push(Token::Symbol(table, zeros << 4 | size));
        let bits = if value < 0 { value - 1 } else { value };
        self.tokens.push(Token::Bits(bits as u32 & ((1 << size) - 1), size));
    }

    fn push_bits(&mut self, bits: &mut Vec<u32>) {
        self.tokens.extend(bits.drain(..).map(|bit| Token::Bits(bit, 1)));
    }

    fn lengthen_run(&mut self) {
        self.run += 1;
        if self.run == 0x7fff || self.run_bits.len() > 900 {
            self.end_run();
        }
    }

    /// Writes the current end-of-band run.
    fn end_run(&mut self) {
        if self.run > 0 {
            let size = self.run.ilog2();
            self.tokens.push(Token::Symbol(self.run_table, (size << 4) as u8));
            self.tokens.push(Token::Bits(self.run & ((1 << size) - 1), size as u8));
            self.run = 0;
        }
        let mut bits = std::mem::take(&mut self.run_bits);
        self.push_bits(&mut bits);
    }
}
