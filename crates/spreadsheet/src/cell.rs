//! What a cell says, as text.

use calamine::{DataRef, ExcelDateTime};

use crate::{error::Fault, limits};

/// From here on Excel keeps fifteen digits and makes the others zeros.
const DIGITS_LOST: f64 = 1e15;

/// The text of a cell: trimmed, numbers without noise, days as 2026-01-31.
pub(crate) fn text(value: &DataRef<'_>) -> Result<String, Fault> {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => plain(text),
        DataRef::SharedString(text) => plain(text),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => self::number(*number)?,
        DataRef::DateTime(moment) => self::moment(moment)?,
        DataRef::DateTimeIso(moment) => {
            moment.replacen('T', " ", 1).trim_end_matches(" 00:00:00").to_owned()
        }
        DataRef::DurationIso(duration) => plain(duration),
        DataRef::Error(error) => return Err(Fault::ErrorValue(error.to_string())),
    };
    let letters = text.chars().count();
    if letters > limits::CELL_LETTERS { Err(Fault::TooLong(letters)) } else { Ok(text) }
}

/// Trims, also ideographic spaces; line ends as one character.
fn plain(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\r', "\n")
}

/// A number with the fifteen digits that Excel shows: 5, not 5.0; 0.3, not 0.30000000000000004.
fn number(number: f64) -> Result<String, Fault> {
    if !number.is_finite() {
        return Err(Fault::ErrorValue(number.to_string()));
    }
    if number.abs() >= DIGITS_LOST {
        return Err(Fault::DigitsLost);
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    // Adding zero makes of minus zero a plain one.
    Ok((rounded + 0.0).to_string())
}

/// A day, a time of day, both, or a duration in hours.
fn moment(moment: &ExcelDateTime) -> Result<String, Fault> {
    const SECONDS_OF_A_DAY: f64 = 86_400.0;
    /// The day after the last one that Excel knows, 9999-12-31.
    const END: f64 = 2_958_466.0;
    let value = moment.as_f64();
    if !(0.0..END).contains(&value) {
        return number(value);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() {
        let seconds = (value * SECONDS_OF_A_DAY).round();
        let (hours, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
        return Ok(format!("{hours}:{:02}:{:02}", (rest / 60.0).floor(), rest % 60.0));
    }
    let time = match second {
        0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    };
    let date = format!("{year:04}-{month:02}-{day:02}");
    Ok(match (value < 1.0, time.as_str()) {
        (true, _) => time,
        (false, "00:00") => date,
        (false, _) => format!("{date} {time}"),
    })
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn date(value: f64) -> String {
        moment(&ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false)).unwrap()
    }

    #[test]
    fn numbers_are_written_as_excel_shows_them() {
        let numbers = [5.0, -0.0, 0.1 + 0.2, 1.5e-7, 123_456_789_012_345.0, 320_100.0, 33.3];
        let texts = numbers.map(|number| self::number(number).unwrap());
        assert_eq!(texts, ["5", "0", "0.3", "0.00000015", "123456789012345", "320100", "33.3"]);
    }

    #[test]
    fn a_number_that_lost_digits_is_not_taken_over() {
        // An identity number that was typed as a number: Excel has zeroed its end.
        assert_eq!(text(&DataRef::Float(320_106_199_001_010_000.0)), Err(Fault::DigitsLost));
        assert!(matches!(text(&DataRef::Float(f64::NAN)), Err(Fault::ErrorValue(_))));
    }

    #[test]
    fn days_and_times_are_plain() {
        assert_eq!(date(46_053.0), "2026-01-31");
        assert_eq!(date(46_053.354_166_666_664), "2026-01-31 08:30");
        assert_eq!(date(0.354_178_240_740_741), "08:30:01");
        let duration = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(moment(&duration).unwrap(), "36:00:00");
        let day = DataRef::DateTimeIso("2026-01-31T00:00:00".to_owned());
        assert_eq!(text(&day).unwrap(), "2026-01-31");
    }

    #[test]
    fn texts_are_trimmed_and_errors_refused() {
        let spaced = DataRef::SharedString("\u{3000} 市城建局\r\n二楼\u{a0}");
        assert_eq!(text(&spaced).unwrap(), "市城建局\n二楼");
        let error = DataRef::Error(CellErrorType::NA);
        assert_eq!(text(&error), Err(Fault::ErrorValue("#N/A".to_owned())));
        let long = DataRef::String("长".repeat(limits::CELL_LETTERS + 1));
        assert_eq!(text(&long), Err(Fault::TooLong(limits::CELL_LETTERS + 1)));
    }
}
