//! Text of XML with places that are filled in later.

/// A part of a document. An element's attributes may depend on its content, which is written behind them.
#[derive(Debug, Default)]
pub(crate) struct Output {
    text: String,
    /// Texts to insert, with their places in ascending order of the places.
    insertions: Vec<(usize, String)>,
}

impl Output {
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Writes marks, which aren't escaped.
    pub(crate) fn push(&mut self, marks: &str) {
        self.text.push_str(marks);
    }

    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        self.content(value);
        self.text.push('"');
    }

    /// Writes text with marks escaped.
    pub(crate) fn content(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '&' => self.text.push_str("&amp;"),
                '"' => self.text.push_str("&quot;"),
                '\n' => self.text.push_str("&#10;"),
                '\r' => self.text.push_str("&#13;"),
                '\t' => self.text.push_str("&#9;"),
                other => self.text.push(other),
            }
        }
    }

    /// A place for [`Output::insert`].
    pub(crate) fn mark(&self) -> usize {
        self.text.len()
    }

    /// Inserts an attribute at a place.
    pub(crate) fn insert(&mut self, place: usize, name: &str, value: &str) {
        let mut attribute = Self::default();
        attribute.attribute(name, value);
        self.insertions.push((place, attribute.text));
    }

    pub(crate) fn finish(mut self) -> String {
        if self.insertions.is_empty() {
            return self.text;
        }
        self.insertions.sort_by_key(|(place, _)| *place);
        let mut text = String::with_capacity(self.text.len());
        let mut written = 0;
        for (place, inserted) in &self.insertions {
            text.push_str(self.text.get(written..*place).unwrap_or_default());
            text.push_str(inserted);
            written = *place;
        }
        text.push_str(self.text.get(written..).unwrap_or_default());
        text
    }
}
