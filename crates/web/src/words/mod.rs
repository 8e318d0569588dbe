//! Sentences people read: dates, refusals, confirmations.

mod acts;
mod modes;
mod refusal;

use tongban_domain::{
    catalog::{Catalog, Recorder},
    project::ValueError,
    time::{Day, Instant},
};
use tongban_store::FileError;

pub(crate) use acts::{done, told};
pub(crate) use modes::{effect, measures, mode_reason};
pub(crate) use refusal::{refusal, refusal_status};

/// A name or a password was wrong; which of them is not said.
pub(crate) const WRONG_LOGIN: &str = "账号或者密码不对，请核对后重试";

/// Too many guesses at a password or at digits of a phone.
pub(crate) fn too_many(minutes: u32) -> String {
    format!("连续输错次数过多，请 {minutes} 分钟后再试")
}

/// 2026年6月12日.
pub(crate) fn day(day: Day) -> String {
    day.in_words()
}

/// The day with its year only where that is another one than today's.
pub(crate) fn day_in(it: Day, today: Day) -> String {
    if it.year() == today.year() { short_day(it) } else { day(it) }
}

/// 6月12日.
pub(crate) fn short_day(day: Day) -> String {
    let (_, month, date) = day.ymd();
    format!("{month}月{date}日")
}

/// 2026年6月12日 14:32.
pub(crate) fn moment(at: Instant) -> String {
    format!("{} {}", day(at.day()), time(at))
}

/// 14:32.
pub(crate) fn time(at: Instant) -> String {
    let (hour, minute) = at.hour_minute();
    format!("{hour:02}:{minute:02}")
}

/// How many, as far as they are counted.
pub(crate) fn count(number: &u64) -> String {
    if *number < tongban_store::read::MOST_COUNTED {
        number.to_string()
    } else {
        format!("{number}+")
    }
}

/// Bytes as people read them.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// A query value.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Who records a milestone.
pub(crate) fn recorder<'a>(recorder: &'a Recorder, catalog: &'a Catalog) -> &'a str {
    match recorder {
        Recorder::Owner => "建设单位",
        Recorder::Department(key) => {
            catalog.departments.get(key).map_or(key, |department| &department.title)
        }
    }
}

/// What is wrong with a typed value, after the label.
pub(crate) fn value_error(label: &str, error: &ValueError) -> String {
    match error {
        ValueError::Missing => format!("请填写{label}"),
        ValueError::NotANumber => format!("{label}请填写数字，如 86400.50"),
        ValueError::TooPrecise(places) => format!("{label}最多保留 {places} 位小数"),
        ValueError::OutOfRange => format!("{label}的数字过大，请核对"),
        ValueError::OutsideDegrees(least, most) => {
            format!("{label}请填写 {least} 至 {most} 之间的度数，请核对经度和纬度")
        }
        ValueError::NotADate => format!("{label}请填写日期，如 2026-06-12"),
        ValueError::NotAnOption => format!("请从选项中选择{label}"),
        ValueError::BadCode(_) => format!("{label}有误，请核对每一位"),
        ValueError::NotAPhone => format!("{label}请填写电话号码，如 13800001234"),
        ValueError::TooLong(longest) => format!("{label}最多 {longest} 个字"),
    }
}

/// What is wrong with a file.
pub(crate) fn file_error(error: &FileError) -> String {
    match error {
        FileError::Empty => "文件是空的，请重新选择。".to_owned(),
        FileError::TooLarge(most) => format!("文件超过 {most} MB，请压缩或者拆分后上传。"),
        FileError::KindNotAllowed(kinds) => format!("这里只能上传 {kinds} 文件。"),
        FileError::Lying { named } => {
            format!("文件名是 .{named}，但内容不是这种文件，请用原软件另存后上传。")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_days_read_well() {
        assert_eq!(size(900), "900 B");
        assert_eq!(size(13_000_000), "12.3 MB");
        assert_eq!(day("2026-06-12".parse().unwrap()), "2026年6月12日");
        assert_eq!(percent_encoded("/a?x=中"), "/a%3Fx%3D%E4%B8%AD");
    }
}
