//! Owners of the city. All names are invented.

use tongban_domain::codes::{Uscc, UsccError};

/// What an organisation builds for; it decides the flow of its projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trade {
    /// Industry (flow E).
    Industry,
    /// Commerce, housing, services (flow D).
    Commerce,
    /// Public buildings with public money (flow A).
    Public,
}

/// The owners; the first one has the story project.
pub(super) const COMPANIES: [(&str, Trade); 40] = [
    ("苏州星澜新能源汽车有限公司", Trade::Industry),
    ("苏州恒砺精密机械有限公司", Trade::Industry),
    ("苏州曜芯半导体科技有限公司", Trade::Industry),
    ("昆山启泰电子材料有限公司", Trade::Industry),
    ("苏州禾川生物医药有限公司", Trade::Industry),
    ("常熟远驰汽车零部件有限公司", Trade::Industry),
    ("张家港锦岭新材料有限公司", Trade::Industry),
    ("太仓瀚德智能装备有限公司", Trade::Industry),
    ("苏州清涟环保科技有限公司", Trade::Industry),
    ("苏州微澈光电有限公司", Trade::Industry),
    ("吴江盛帆纺织科技有限公司", Trade::Industry),
    ("苏州博越机器人有限公司", Trade::Industry),
    ("昆山嘉岩模具有限公司", Trade::Industry),
    ("苏州泓储能源科技有限公司", Trade::Industry),
    ("常熟明禾食品有限公司", Trade::Industry),
    ("苏州云栈供应链管理有限公司", Trade::Industry),
    ("苏州桐里文旅发展有限公司", Trade::Commerce),
    ("苏州金屿置业有限公司", Trade::Commerce),
    ("苏州湖东商业管理有限公司", Trade::Commerce),
    ("苏州澄和置地有限公司", Trade::Commerce),
    ("苏州锦汐酒店管理有限公司", Trade::Commerce),
    ("苏州青禾康养服务有限公司", Trade::Commerce),
    ("苏州桐桥医院有限公司", Trade::Commerce),
    ("苏州云岫数据服务有限公司", Trade::Commerce),
    ("苏州澄阳度假村有限公司", Trade::Commerce),
    ("苏州平川城市更新有限公司", Trade::Commerce),
    ("苏州嘉木教育发展有限公司", Trade::Commerce),
    ("苏州石浦科创园发展有限公司", Trade::Commerce),
    ("苏州宝玑房地产开发有限公司", Trade::Commerce),
    ("苏州虎阜物流有限公司", Trade::Commerce),
    ("苏州市澄怀公共建筑建设中心", Trade::Public),
    ("苏州市丹枫中学", Trade::Public),
    ("苏州市兰舟实验小学", Trade::Public),
    ("苏州市杏屏医院", Trade::Public),
    ("苏州市文瀚图书馆", Trade::Public),
    ("苏州市听枫体育中心", Trade::Public),
    ("苏州市同济桥社区卫生服务中心", Trade::Public),
    ("苏州市望亭驿养护院", Trade::Public),
    ("苏州市锦帆幼儿园", Trade::Public),
    ("苏州市吴门公共设施管理中心", Trade::Public),
];

/// A valid unified social credit code of an organisation that does not exist.
///
/// # Errors
/// When `region` has not six digits.
pub(super) fn code(trade: Trade, region: u32, serial: u32) -> Result<Uscc, UsccError> {
    let registrar = match trade {
        Trade::Industry | Trade::Commerce => "91",
        Trade::Public => "12",
    };
    Uscc::with_check(&format!("{registrar}{region}{}", organisation_code(serial)))
}

/// A valid unified social credit code (机关) of a department that does not exist.
///
/// # Errors
/// When `region` has not six digits.
pub(super) fn department_code(region: u32, serial: u32) -> Result<Uscc, UsccError> {
    Uscc::with_check(&format!("11{region}{}", organisation_code(800 + serial)))
}

/// Nine characters of organisation code with their own check character (GB 11714).
fn organisation_code(serial: u32) -> String {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("MA{:06}", 210_000 + serial * 137);
    let value = |c: u8| if c.is_ascii_digit() { c - b'0' } else { c - b'A' + 10 };
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(c, weight)| u32::from(value(c)) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    };
    format!("{body}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_has_a_code_of_its_own_that_checks() {
        let mut codes = Vec::new();
        for (serial, (_, trade)) in COMPANIES.iter().enumerate() {
            let code = code(*trade, 320_500, serial as u32).unwrap();
            assert!(code.organisation_code_fits(), "{code}");
            assert!(!codes.contains(&code), "{code}");
            codes.push(code);
        }
    }
}
