//! Divisions (行政区划) and development zones.

/// What a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Division {
    /// 省.
    Province,
    /// 设区市.
    City,
    /// 县(市、区).
    County,
    /// A development zone (功能区), which GB/T 2260 does not list.
    Zone,
}

/// A region with its code of six digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Code, such as 320571.
    pub code: u32,
    /// Name.
    pub name: String,
    /// The region above.
    pub parent: Option<u32>,
    /// What it is.
    pub level: Division,
}
