//! Values of form fields: integers only, personal ones sealed.

use minicbor::{Decode, Encode};

use crate::{
    catalog::{Field, FieldType},
    codes::{ResidentId, Uscc},
    sealed::Sealed,
    time::Day,
};

/// A value of a form field as facts keep it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FieldValue {
    /// Text that is nobody's personal data.
    #[n(0)]
    Text(#[n(0)] String),
    /// Money in 分.
    #[n(1)]
    Money(#[n(0)] i64),
    /// Area in square centimetres.
    #[n(2)]
    Area(#[n(0)] i64),
    /// A number in thousandths of the field's unit.
    #[n(3)]
    Number(#[n(0)] i64),
    /// A day.
    #[n(4)]
    Date(#[n(0)] Day),
    /// Key of an option, or `yes` / `no`.
    #[n(5)]
    Choice(#[n(0)] String),
    /// A unified social credit code.
    #[n(6)]
    Uscc(#[n(0)] Uscc),
    /// Division or zone.
    #[n(7)]
    Region(#[n(0)] u32),
    /// Personal: the vault keeps it.
    #[n(8)]
    Sealed(#[n(0)] Sealed),
    /// Degrees of longitude or latitude (CGCS2000) in millionths.
    #[n(9)]
    Degrees(#[n(0)] i64),
}

/// Why a typed value was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Required and empty.
    #[error("required")]
    Missing,
    /// Not a number.
    #[error("not a number")]
    NotANumber,
    /// More decimals than the unit has.
    #[error("more than {0} decimals")]
    TooPrecise(u32),
    /// Negative or absurdly large.
    #[error("out of range")]
    OutOfRange,
    /// Not between these degrees: perhaps longitude and latitude were exchanged.
    #[error("not from {0} to {1} degrees")]
    OutsideDegrees(i64, i64),
    /// Not a date.
    #[error("not a date")]
    NotADate,
    /// Not one of the options.
    #[error("not one of the options")]
    NotAnOption,
    /// A code with a wrong check character.
    #[error("{0}")]
    BadCode(String),
    /// Not a telephone number.
    #[error("not a telephone number")]
    NotAPhone,
    /// Longer than allowed.
    #[error("longer than {0} characters")]
    TooLong(usize),
}

/// What reading a field gives: a value in clear, or personal text to be sealed by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadValue {
    /// In clear.
    Clear(FieldValue),
    /// To be sealed.
    Personal(String),
}

impl Field {
    /// Reads what was typed into the field. Empty gives none unless the field is required.
    ///
    /// # Errors
    /// When the text does not fit the type.
    pub fn read(&self, typed: &str) -> Result<Option<ReadValue>, ValueError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return if self.required { Err(ValueError::Missing) } else { Ok(None) };
        }
        let longest = if self.kind == FieldType::LongText { 4000 } else { 200 };
        if typed.chars().count() > longest {
            return Err(ValueError::TooLong(longest));
        }
        let value = match &self.kind {
            FieldType::Text | FieldType::LongText | FieldType::PersonName => {
                FieldValue::Text(typed.to_owned())
            }
            FieldType::Money => FieldValue::Money(decimal(typed, 6)?),
            FieldType::Area => FieldValue::Area(decimal(typed, 2)? * 100),
            FieldType::Number => FieldValue::Number(decimal(typed, 3)?),
            FieldType::Longitude => FieldValue::Degrees(degrees(typed, CHINA_EAST_WEST)?),
            FieldType::Latitude => FieldValue::Degrees(degrees(typed, CHINA_SOUTH_NORTH)?),
            FieldType::Date => FieldValue::Date(typed.parse().map_err(|_| ValueError::NotADate)?),
            FieldType::Choice(options) => {
                if !options.iter().any(|option| option.key == typed) {
                    return Err(ValueError::NotAnOption);
                }
                FieldValue::Choice(typed.to_owned())
            }
            FieldType::YesNo => {
                if !["yes", "no"].contains(&typed) {
                    return Err(ValueError::NotAnOption);
                }
                FieldValue::Choice(typed.to_owned())
            }
            FieldType::Uscc => {
                let code: Uscc = typed.parse().map_err(|error: crate::codes::UsccError| {
                    ValueError::BadCode(error.to_string())
                })?;
                FieldValue::Uscc(code)
            }
            FieldType::ResidentId => {
                let number: ResidentId =
                    typed.parse().map_err(|error: crate::codes::ResidentIdError| {
                        ValueError::BadCode(error.to_string())
                    })?;
                FieldValue::Text(number.in_clear().to_owned())
            }
            FieldType::Phone => {
                let digits = typed.bytes().filter(u8::is_ascii_digit).count();
                let allowed = typed.bytes().all(|b| b.is_ascii_digit() || b"-+ ".contains(&b));
                if !allowed || !(7..=15).contains(&digits) {
                    return Err(ValueError::NotAPhone);
                }
                FieldValue::Text(typed.to_owned())
            }
            FieldType::Division => {
                FieldValue::Region(typed.parse().map_err(|_| ValueError::NotAnOption)?)
            }
        };
        if self.personal {
            return Ok(Some(ReadValue::Personal(typed.to_owned())));
        }
        Ok(Some(ReadValue::Clear(value)))
    }
}

/// Reads a non-negative decimal with at most `places` decimals, scaled by 10^places.
fn decimal(typed: &str, places: u32) -> Result<i64, ValueError> {
    let typed: String = typed.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let (whole, fraction) = typed.split_once('.').unwrap_or((&typed, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(ValueError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places as usize {
        return Err(ValueError::TooPrecise(places));
    }
    let padded = format!("{whole}{fraction:0<width$}", width = places as usize);
    let value: i64 = padded.parse().map_err(|_| ValueError::OutOfRange)?;
    if value > 1_000_000_000_000_000 { Err(ValueError::OutOfRange) } else { Ok(value) }
}

/// Whole degrees of longitude between which China lies.
const CHINA_EAST_WEST: (i64, i64) = (73, 136);
/// Whole degrees of latitude between which China lies.
const CHINA_SOUTH_NORTH: (i64, i64) = (3, 54);

/// Reads degrees in millionths between two whole degrees.
fn degrees(typed: &str, (least, most): (i64, i64)) -> Result<i64, ValueError> {
    const MILLION: i64 = 1_000_000;
    let value = decimal(typed, 6)?;
    if (least * MILLION..=most * MILLION).contains(&value) {
        Ok(value)
    } else {
        Err(ValueError::OutsideDegrees(least, most))
    }
}

/// Writes a scaled decimal without trailing zeros.
fn write_decimal(value: i64, places: u32) -> String {
    let scale = 10i64.pow(places);
    let (whole, fraction) = (value / scale, value % scale);
    let fraction = format!("{fraction:0width$}", width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
}

impl FieldValue {
    /// The text that, typed into the field, gives this value again. Sealed values give an
    /// empty text: the caller looks them up.
    #[must_use]
    pub fn typed(&self) -> String {
        match self {
            Self::Text(text) | Self::Choice(text) => text.clone(),
            Self::Money(fen) => write_decimal(*fen, 6),
            Self::Area(square_centimetres) => write_decimal(*square_centimetres, 4),
            Self::Number(thousandths) => write_decimal(*thousandths, 3),
            Self::Degrees(millionths) => write_decimal(*millionths, 6),
            Self::Date(day) => day.to_string(),
            Self::Uscc(code) => code.to_string(),
            Self::Region(code) => code.to_string(),
            Self::Sealed(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldType) -> Field {
        Field {
            key: "f".to_owned(),
            label: "字段".to_owned(),
            help: String::new(),
            kind,
            unit: String::new(),
            personal: false,
            required: true,
            section: String::new(),
            at_registration: false,
            not_before: None,
            items: Vec::new(),
            flows: Vec::new(),
        }
    }

    fn clear(kind: FieldType, typed: &str) -> FieldValue {
        match field(kind).read(typed) {
            Ok(Some(ReadValue::Clear(value))) => value,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn ten_thousands_of_yuan_become_fen_without_loss() {
        assert_eq!(clear(FieldType::Money, "12,345.678901"), FieldValue::Money(12_345_678_901));
        assert_eq!(clear(FieldType::Money, "0.000001"), FieldValue::Money(1), "one fen");
        assert_eq!(field(FieldType::Money).read("1.0000001"), Err(ValueError::TooPrecise(6)));
        assert_eq!(FieldValue::Money(12_345_678_901).typed(), "12345.678901");
    }

    #[test]
    fn square_metres_become_square_centimetres() {
        assert_eq!(clear(FieldType::Area, "100.25"), FieldValue::Area(1_002_500));
        assert_eq!(FieldValue::Area(1_002_500).typed(), "100.25");
    }

    #[test]
    fn degrees_keep_six_decimals_and_are_not_exchanged() {
        let suzhou = FieldValue::Degrees(120_585_316);
        assert_eq!(clear(FieldType::Longitude, "120.585316"), suzhou);
        assert_eq!(suzhou.typed(), "120.585316");
        let exchanged = field(FieldType::Latitude).read("120.585316");
        assert_eq!(exchanged, Err(ValueError::OutsideDegrees(3, 54)));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_word() {
        assert_eq!(field(FieldType::Number).read("-1"), Err(ValueError::NotANumber));
        assert_eq!(field(FieldType::Date).read("2026-13-01"), Err(ValueError::NotADate));
        assert_eq!(field(FieldType::Phone).read("abc"), Err(ValueError::NotAPhone));
        assert_eq!(field(FieldType::Text).read("  "), Err(ValueError::Missing));
        assert!(matches!(field(FieldType::Uscc).read("9132"), Err(ValueError::BadCode(_))));
    }

    proptest::proptest! {
        #[test]
        fn what_was_read_can_be_typed_again(value in 0i64..1_000_000_000_000_000) {
            let values = [
                (FieldType::Money, FieldValue::Money(value)),
                (FieldType::Area, FieldValue::Area(value / 100 * 100)),
                (FieldType::Latitude, FieldValue::Degrees(3_000_000 + value % 51_000_000)),
            ];
            for (kind, value) in values {
                proptest::prop_assert_eq!(clear(kind, &value.typed()), value);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(typed in ".{0,40}") {
            use FieldType::{Area, Date, Latitude, Money, Uscc};
            for kind in [Money, Area, Date, Uscc, Latitude] {
                let _ = field(kind).read(&typed);
            }
        }
    }
}
