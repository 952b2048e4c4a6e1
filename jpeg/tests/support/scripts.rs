//! Random scan scripts: the number, the contents and the order of a file's scans.

use super::chance::RandomNumbers;
use super::encoder::Scan;
use super::picture::Picture;

/// The scans of a sequential file: one interleaved scan, or several.
pub(crate) fn sequential_scans(picture: &Picture, chance: &mut RandomNumbers) -> Vec<Scan> {
    let scan = |components: Vec<usize>| Scan { components, start: 0, end: 63, high: 0, low: 0 };
    let count = picture.components.len();
    let blocks: u32 = picture.components.iter().map(|each| each.across * each.down).sum();
    if blocks <= 10 && !chance.once_in(4) {
        return vec![scan((0..count).collect())];
    }
    if count > 2
        && chance.once_in(2)
        && picture.components[1..].iter().map(|each| each.across * each.down).sum::<u32>() <= 10
    {
        return vec![scan(vec![0]), scan((1..count).collect())];
    }
    (0..count).map(|component| scan(vec![component])).collect()
}

/// The scans of a progressive file.
pub(crate) fn progressive_scans(picture: &Picture, chance: &mut RandomNumbers) -> Vec<Scan> {
    let count = picture.components.len();
    let blocks: u32 = picture.components.iter().map(|each| each.across * each.down).sum();
    let mut scans = Vec::new();
    let dc_low = chance.below(3) as u8;
    let groups: Vec<Vec<usize>> = if blocks <= 10 && chance.once_in(2) {
        vec![(0..count).collect()]
    } else {
        (0..count).map(|component| vec![component]).collect()
    };
    let dc = |components: &Vec<usize>, high, low| Scan {
        components: components.clone(),
        start: 0,
        end: 0,
        high,
        low,
    };
    scans.extend(groups.iter().map(|group| dc(group, 0, dc_low)));
    // The later scans of each component keep their order; the components mix in any order.
    let mut queues: Vec<Vec<Scan>> = Vec::new();
    for low in (0..dc_low).rev() {
        queues.push(groups.iter().map(|group| dc(group, low + 1, low)).collect());
    }
    for component in 0..count {
        let mut queue = Vec::new();
        let low = chance.below(3) as u8;
        let cut = chance.within(1, 63) as u8;
        let bands: Vec<(u8, u8)> = if cut == 63 { vec![(1, 63)] } else { vec![(1, cut), (cut + 1, 63)] };
        for (start, end) in &bands {
            queue.push(Scan { components: vec![component], start: *start, end: *end, high: 0, low });
        }
        for low in (0..low).rev() {
            let bands = if chance.once_in(2) { vec![(1, 63)] } else { bands.clone() };
            for (start, end) in bands {
                queue.push(Scan { components: vec![component], start, end, high: low + 1, low });
            }
        }
        queues.push(queue);
    }
    // DC scans keep their order among themselves.
    let dc_queues = usize::from(dc_low);
    let merged: Vec<Scan> = queues.drain(..dc_queues).flatten().collect();
    queues.push(merged);
    while queues.iter().any(|queue| !queue.is_empty()) {
        let chosen = chance.below(queues.len() as u64) as usize;
        if !queues[chosen].is_empty() {
            scans.push(queues[chosen].remove(0));
        }
    }
    scans
}
