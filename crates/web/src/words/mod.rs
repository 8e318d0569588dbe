//! Sentences people read: dates, refusals, confirmations.

mod acts;
mod modes;
mod passwords;
mod refusal;

use tongban_domain::{
    catalog::{Catalog, Recorder},
    paper::PaperFigure,
    project::ValueError,
    time::{Day, Instant},
};
use tongban_store::{Activity, Danger, FileError};

pub(crate) use acts::{done, told};
pub(crate) use modes::{effect, measures, mode_reason};
pub(crate) use passwords::{WRONG_CODE, new_password, password_faults};
pub(crate) use refusal::{refusal, refusal_status};

/// A name or a password was wrong; which of them is not said.
pub(crate) const WRONG_LOGIN: &str = "账号或者密码不对，请核对后重试";

/// How many papers were asked, pulled and saved; nothing before the first application.
pub(crate) fn paper_figure(figure: PaperFigure) -> Option<String> {
    (figure.in_sets > 0).then(|| {
        format!(
            "材料：各事项合计要 {} 份，合并为 {} 份；平台调取 {} 份，建设单位提交 {} 份，少交 {} 份。",
            figure.by_items,
            figure.in_sets,
            figure.pulled,
            figure.asked,
            figure.saved()
        )
    })
}

/// Too many guesses at a password or at digits of a phone.
pub(crate) fn too_many(minutes: u32) -> String {
    format!("连续输错次数过多，请 {minutes} 分钟后再试")
}

/// Files of the catalogue that another level of government keeps.
pub(crate) fn beyond_office(paths: &[String]) -> String {
    let named = paths.iter().take(3).cloned().collect::<Vec<_>>().join("、");
    let more =
        if paths.len() > 3 { format!("等 {} 个文件", paths.len()) } else { String::new() };
    format!(
        "超出本级事项清单的范围：{named}{more}。市、县只管理本地实施清单；其余由上级事项管理员修改和发布。如果草稿开始以后目录有了新版本，请在新版本上重新修改"
    )
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
        FileError::Unsafe(danger) => danger_sentence(danger),
        FileError::Harmful(_) => {
            "杀毒检查发现文件有问题，没有保存。请检查电脑后用原软件重新导出。".to_owned()
        }
        FileError::Unscanned => {
            "文件检查暂时不可用，没有保存。请稍后再上传，已填写的内容不受影响。".to_owned()
        }
        FileError::ProjectFull(quota) => format!(
            "一个项目最多保存 {} 个文件、合计 {} GB，已经满了。请联系窗口处理。",
            quota.files,
            quota.bytes >> 30
        ),
    }
}

/// What in a file is not taken, and what to do.
fn danger_sentence(danger: &Danger) -> String {
    match danger {
        Danger::OtherContent => "内容不是这种文件，请用原软件另存后上传。".to_owned(),
        Danger::Active(activity) => {
            let what = match activity {
                Activity::Script => "脚本",
                Activity::Launch => "启动程序的动作",
                Activity::Attachment => "附件",
                Activity::Media => "音频、视频或者三维模型",
                Activity::DynamicForm => "动态表单",
            };
            format!("PDF 中含有{what}，不能上传。请打印为不含{what}的 PDF 后上传。")
        }
        Danger::EncryptedPdf => {
            "PDF 设有密码或者权限限制，无法检查。请另存为没有限制的 PDF 后上传。".to_owned()
        }
        Danger::TwoInOne => "文件里还藏有另一个文件，不能上传。请用原软件重新导出。".to_owned(),
        Danger::DamagedArchive => {
            "压缩文件已损坏，或者使用了不支持的压缩方式。请重新压缩为 zip 后上传。".to_owned()
        }
        Danger::EncryptedArchive => "压缩包设有密码，请去掉密码后上传。".to_owned(),
        Danger::TooManyEntries(most) => format!("压缩包里的文件超过 {most} 个，请分成几个上传。"),
        Danger::TooMuchInside(_) => "文件解压后过大，不能上传。请拆分后上传。".to_owned(),
        Danger::BadName(name) => {
            format!("压缩包里有不能使用的文件名“{}”，请改名后重新压缩。", plain(name))
        }
        Danger::Nested(name) => {
            format!("压缩包里还有压缩包“{}”，请解开后重新压缩。", plain(name))
        }
        Danger::Program(name) => format!("压缩包里有程序“{}”，不能上传。", plain(name)),
        Danger::Macros => "文档中含有宏，请另存为不含宏的文档后上传。".to_owned(),
        Danger::TooManyPixels(most) => format!("图片超过 {most} 百万像素，请缩小后上传。"),
    }
}

/// The beginning of somebody's file name, without letters that nobody sees.
fn plain(name: &str) -> String {
    let unseen = |letter: &char| {
        letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().filter(|letter| !unseen(letter)).take(60).collect()
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
