//! Words and numbers as they stand in XML.

/// The first line of every file.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// The namespace of GB/T 33190.
pub(super) const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// A text, with what XML means something by written out.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            // XML has no place for these.
            control if control.is_control() => {}
            other => written.push(other),
        }
    }
    written
}

/// A length or factor to a ten thousandth, without zeros that say nothing.
pub(super) fn number(value: f64) -> String {
    let written = format!("{value:.4}");
    let short = written.trim_end_matches('0').trim_end_matches('.');
    if short.is_empty() || short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// Several, with blanks between.
pub(super) fn numbers(values: impl IntoIterator<Item = f64>) -> String {
    values.into_iter().map(number).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_what_xml_takes() {
        assert_eq!(escaped("<甲 & \"乙\">\u{7}"), "&lt;甲 &amp; &quot;乙&quot;&gt;");
        assert_eq!(numbers([0.0, -0.00001, 1.5, 10.0, 2.123_456]), "0 0 1.5 10 2.1235");
    }
}
