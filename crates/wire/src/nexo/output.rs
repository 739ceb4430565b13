//! Content of displays and prints: texts with their form, menus, codes.
//!
//! Dossier chapters 7.1, 12.2 and 13.3. Invariant: text is kept letter by letter, leading blanks included.

use super::element::elements;
use super::scalar::Base64;
use super::values::{
    Alignment, BarcodeType, CharacterHeight, CharacterStyle, CharacterWidth, Color, MenuEntryTag,
    OutputFormat,
};

elements! {
    /// What to show or print. Swedbank Pay uses the format `Text` and `output_texts` only.
    OutputContent {
        /// Which of the parts is used.
        output_format: OutputFormat = attribute("OutputFormat"),
        /// A text known to the other side by name.
        predefined_content: Option<PredefinedContent> = child("PredefinedContent"),
        /// One line each, or the base64 of a receipt.
        output_texts: Vec<OutputText> = child("OutputText"),
        /// XHTML, unused.
        output_xhtml: Option<Base64> = child("OutputXHTML"),
        /// A code to print.
        output_barcode: Option<OutputBarcode> = child("OutputBarcode"),
    }

    /// A text known to the other side by name.
    #[derive(Default)]
    PredefinedContent {
        /// The name.
        reference_id: Option<String> = attribute("ReferenceID"),
        /// Two small letters.
        language: Option<String> = attribute("Language"),
    }

    /// A text with its form (dossier chapter 13.3).
    #[derive(Default)]
    OutputText {
        /// 3–2000.
        character_set: Option<u32> = attribute("CharacterSet"),
        /// Font.
        font: Option<String> = attribute("Font"),
        /// Vertical feed in pixels before the line, 1–500.
        start_row: Option<u32> = attribute("StartRow"),
        /// 1–100.
        start_column: Option<u32> = attribute("StartColumn"),
        /// Colour.
        color: Option<Color> = attribute("Color"),
        /// Width of characters.
        character_width: Option<CharacterWidth> = attribute("CharacterWidth"),
        /// Height of characters.
        character_height: Option<CharacterHeight> = attribute("CharacterHeight"),
        /// Style of characters.
        character_style: Option<CharacterStyle> = attribute("CharacterStyle"),
        /// Alignment; Justified with a tab inside makes a left and a right part.
        alignment: Option<Alignment> = attribute("Alignment"),
        /// Whether the line ends here.
        end_of_line: Option<bool> = attribute("EndOfLineFlag"),
        /// The text.
        text: String = content(),
    }

    /// A code to print.
    #[derive(Default)]
    OutputBarcode {
        /// Symbology; absent means EAN13.
        barcode_type: Option<BarcodeType> = attribute("BarcodeType"),
        /// 1–40.
        qr_code_version: Option<String> = attribute("QRCodeVersion"),
        /// Encoding of a QR code.
        qr_code_encoding_mode: Option<String> = attribute("QRCodeEncodingMode"),
        /// Error correction of a QR code.
        qr_code_error_correction: Option<String> = attribute("QRCodeErrorCorrection"),
        /// Content as text.
        barcode_value: Option<String> = child("BarcodeValue"),
        /// Content as bytes.
        qr_code_binary_value: Option<Base64> = child("QRCodeBinaryValue"),
    }

    /// A line of a menu.
    MenuEntry {
        /// Whether it can be chosen.
        menu_entry_tag: Option<MenuEntryTag> = attribute("MenuEntryTag"),
        /// Which of the parts is used.
        output_format: OutputFormat = attribute("OutputFormat"),
        /// Chosen at the start.
        default_selected: Option<bool> = attribute("DefaultSelectedFlag"),
        /// A text known to the other side by name.
        predefined_content: Option<PredefinedContent> = child("PredefinedContent"),
        /// The text.
        output_texts: Vec<OutputText> = child("OutputText"),
        /// XHTML, unused.
        output_xhtml: Option<Base64> = child("OutputXHTML"),
    }
}

impl OutputContent {
    /// Plain text, one [`OutputText`] per line.
    pub fn lines<I: IntoIterator<Item = S>, S: Into<String>>(lines: I) -> Self {
        Self::texts(lines.into_iter().map(OutputText::new).collect())
    }

    /// Texts with their form.
    pub fn texts(output_texts: Vec<OutputText>) -> Self {
        Self {
            output_format: OutputFormat::Text,
            predefined_content: None,
            output_texts,
            output_xhtml: None,
            output_barcode: None,
        }
    }

    /// The texts alone.
    pub fn plain(&self) -> impl Iterator<Item = &str> {
        self.output_texts.iter().map(|text| text.text.as_str())
    }
}

impl OutputText {
    /// A text without any form.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}
