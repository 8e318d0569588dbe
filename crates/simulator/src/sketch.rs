//! What a project is: made up once, then typed into every form.

use tongban_domain::catalog::Catalog;

use crate::{
    city::{City, Owner, Trade},
    dice::Dice,
};

/// A project before anything is known about it officially.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    /// Number among the projects of the simulation.
    pub(crate) number: usize,
    /// Place of the owner in the city.
    pub(crate) owner: usize,
    /// Name.
    pub(crate) name: String,
    /// Division or zone of the site.
    pub(crate) region: u32,
    /// Key of the flow template.
    pub(crate) flow: String,
    /// Address of the site.
    pub(crate) address: String,
    /// Land in square metres.
    pub(crate) land: u32,
    /// Floor area in square metres.
    pub(crate) floor: u32,
    /// Investment in 万元.
    pub(crate) investment: u32,
}

const PLACES: [&str; 12] = [
    "东湖", "石湖", "北塘", "枫桥", "尧峰", "澄湖", "望虞", "同里", "青秋", "胥江", "娄葑", "浒墅",
];
const ROADS: [&str; 10] = [
    "星澜路",
    "翠薇街",
    "东方大道",
    "科教路",
    "长阳街",
    "望湖路",
    "旺山路",
    "金枫路",
    "相融路",
    "百合街",
];
const PUBLIC: [&str; 8] = [
    "实验小学新建工程",
    "社区卫生服务中心迁建工程",
    "全民健身中心新建工程",
    "文化馆改扩建工程",
    "养老服务中心新建工程",
    "公共停车楼工程",
    "中学教学楼扩建工程",
    "政务服务中心新建工程",
];
const COMMERCE: [&str; 9] = [
    "商业综合体项目",
    "人才公寓项目",
    "酒店及会议中心项目",
    "康养社区项目",
    "数据中心项目",
    "文旅街区更新项目",
    "总部办公楼项目",
    "住宅小区项目",
    "物流园项目",
];
const INDUSTRY: [&str; 9] = [
    "智能装备生产基地项目",
    "高端零部件扩产项目",
    "研发生产楼项目",
    "封装测试厂房项目",
    "新材料中试基地项目",
    "绿色储能生产线项目",
    "机器人产业化厂房项目",
    "精密模具车间扩建项目",
    "标准厂房二期项目",
];

impl Sketch {
    /// Makes up an ordinary project of the city; public ones are the rarest.
    pub(crate) fn draw(dice: &mut Dice, catalog: &Catalog, city: &City, number: usize) -> Self {
        let trade = match dice.below(10) {
            0 | 1 => Trade::Public,
            2..6 => Trade::Commerce,
            _ => Trade::Industry,
        };
        let region = Self::region(dice, catalog, city);
        let owner = owner(dice, city, trade);
        let usual = Self::of_owner(dice, catalog, city, number, (trade, owner), region);
        usual.perhaps_of_another_type(dice, catalog, trade)
    }

    /// Mostly the usual type of the trade, now and then a rarer one.
    fn perhaps_of_another_type(mut self, dice: &mut Dice, catalog: &Catalog, trade: Trade) -> Self {
        let rare = match (trade, dice.below(1000)) {
            (Trade::Public, 0..250) => "B",
            (Trade::Public, 250..350) => "H",
            (Trade::Public, 350..450) => "I",
            (Trade::Commerce, 240..320) => "G",
            (Trade::Commerce, 0..120) => "C",
            (Trade::Commerce, 120..240) => "F",
            (Trade::Public | Trade::Commerce | Trade::Industry, _) => return self,
        };
        if catalog.flows.contains_key(rare) {
            rare.clone_into(&mut self.flow);
            let place = region_name(catalog, self.region);
            match rare {
                "B" => self.name = format!("{place}{}改造工程", dice.pick(&ROADS)),
                "H" => self.name = format!("{place}{}老旧小区改造工程", dice.pick(&PLACES)),
                "I" => self.name = format!("{place}{}村污水治理工程", dice.pick(&PLACES)),
                // Small and of low risk: no more than ten thousand square metres.
                "G" => {
                    self.land = dice.between(2, 8) * 1000;
                    self.floor = self.land;
                    self.investment = self.floor / 100 * 40;
                }
                _ => {}
            }
        }
        self
    }

    /// Makes up a project of an owner, by the place in the city, in a region.
    pub(crate) fn of_owner(
        dice: &mut Dice,
        catalog: &Catalog,
        city: &City,
        number: usize,
        (trade, owner): (Trade, usize),
        region: u32,
    ) -> Self {
        let wanted = match trade {
            Trade::Public => "A",
            Trade::Commerce => "D",
            Trade::Industry => "E",
        };
        let (land, floor_per_land, price) = match trade {
            Trade::Public => (dice.between(6, 30) * 1000, 90, dice.between(45, 80)),
            Trade::Commerce => (dice.between(8, 60) * 1000, 220, dice.between(50, 120)),
            Trade::Industry => (dice.between(15, 120) * 1000, 140, dice.between(30, 90)),
        };
        let floor = land / 100 * floor_per_land;
        let place = region_name(catalog, region);
        let number_in_road = dice.between(1, 399);
        let address = format!("{place}{}{number_in_road}号", dice.pick(&ROADS));
        let name = name(dice, place, trade, city.owners.get(owner));
        let flow = if catalog.flows.contains_key(wanted) {
            Some(wanted)
        } else {
            catalog.flows.keys().next().map(String::as_str)
        };
        Self {
            number,
            owner,
            name,
            region,
            flow: flow.unwrap_or_default().to_owned(),
            address,
            land,
            floor,
            // Hundreds of yuan per square metre, in 万元.
            investment: floor / 100 * price,
        }
    }

    /// A district, county or zone of the city; the city itself when it has none.
    pub(crate) fn region(dice: &mut Dice, catalog: &Catalog, city: &City) -> u32 {
        let below: Vec<u32> = catalog
            .regions
            .values()
            .filter(|region| region.parent == Some(city.region))
            .map(|region| region.code)
            .collect();
        if below.is_empty() { city.region } else { dice.pick(&below) }
    }
}

fn region_name(catalog: &Catalog, region: u32) -> &str {
    catalog.regions.get(&region).map_or("", |region| region.name.as_str())
}

fn owner(dice: &mut Dice, city: &City, trade: Trade) -> usize {
    let fitting: Vec<usize> = city
        .owners
        .iter()
        .enumerate()
        .filter(|(_, owner)| owner.trade == trade)
        .map(|(place, _)| place)
        .collect();
    if fitting.is_empty() { 0 } else { dice.pick(&fitting) }
}

fn name(dice: &mut Dice, place: &str, trade: Trade, owner: Option<&Owner>) -> String {
    let company = owner.map_or("", |owner| owner.organisation.name.trim_end_matches("有限公司"));
    match trade {
        Trade::Public => format!("{place}{}{}", dice.pick(&PLACES), dice.pick(&PUBLIC)),
        Trade::Commerce => {
            format!("{company}{}{}", dice.pick(&PLACES), dice.pick(&COMMERCE))
        }
        Trade::Industry => format!("{company}{}", dice.pick(&INDUSTRY)),
    }
}
