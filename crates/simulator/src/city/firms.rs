//! Firms that design, survey, build and supervise. All names are invented.

use tongban_domain::codes::{Uscc, UsccError};

use super::companies::{Trade, code};

/// What a firm does in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Craft {
    /// 设计.
    Design,
    /// 勘察.
    Survey,
    /// 施工.
    Construction,
    /// 监理.
    Supervision,
}

const DESIGN: [&str; 4] = [
    "江苏澄构建筑设计有限公司",
    "苏州木石规划建筑设计有限公司",
    "苏州远岫工程设计有限公司",
    "江苏知衡建筑设计研究有限公司",
];
const SURVEY: [&str; 3] =
    ["苏州厚土岩土工程勘察有限公司", "江苏磐地勘测有限公司", "苏州测衡地理信息有限公司"];
const CONSTRUCTION: [&str; 4] = [
    "江苏宏桁建设工程有限公司",
    "苏州筑安建筑工程有限公司",
    "江苏瑞檐营造有限公司",
    "苏州鼎梁建设有限公司",
];
const SUPERVISION: [&str; 3] =
    ["苏州正绳工程监理有限公司", "江苏衡准项目管理有限公司", "苏州明鉴建设监理有限公司"];

/// The firm that does a craft in the project with this number, with its code.
pub(crate) fn firm(craft: Craft, project: usize) -> Result<(&'static str, Uscc), UsccError> {
    let names: &[&'static str] = match craft {
        Craft::Design => &DESIGN,
        Craft::Survey => &SURVEY,
        Craft::Construction => &CONSTRUCTION,
        Craft::Supervision => &SUPERVISION,
    };
    // Far from the serials of the owners, so that no two organisations share a code.
    let serial = match craft {
        Craft::Design => 1000,
        Craft::Survey => 1100,
        Craft::Construction => 1200,
        Craft::Supervision => 1300,
    };
    let place = project % names.len();
    Ok((names[place], code(Trade::Commerce, 320_500, serial + place as u32)?))
}
