//! How many sheets a second one core sets: `--release --example rate`.

use std::{path::Path, time::Instant};

use tongban_documents::Sheet;
use tongban_domain::document::Layout;
use tongban_typesetter::{Fonts, Press};

const SHEETS: u32 = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let begun = Instant::now();
    let press = Press::new(Fonts::open(Path::new("/usr/share/fonts/opentype/noto"))?);
    println!("fonts read in {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    for layout in [Layout::Letter, Layout::Licence] {
        let mut times = Vec::new();
        let mut size = 0;
        for number in 0..SHEETS {
            let begun = Instant::now();
            size = press.set(&sheet(layout, number))?.pdf.len();
            times.push(begun.elapsed());
        }
        times.sort();
        let rate = f64::from(SHEETS) / times.iter().sum::<std::time::Duration>().as_secs_f64();
        let median = times[times.len() / 2].as_secs_f64() * 1e3;
        println!("{layout:?}: {rate:.0} a second, median {median:.1} ms, {} KB", size / 1024);
    }
    Ok(())
}

fn sheet(layout: Layout, number: u32) -> Sheet {
    let labels = "建设单位 统一社会信用代码 工程名称 项目代码 建设地址 建设规模 总建筑面积 合同价格 \
                  计划开工日期 计划竣工日期 勘察单位 设计单位 施工单位 监理单位";
    Sheet {
        layout,
        title: "建筑工程施工许可证".to_owned(),
        number: format!("编号 3205812026070{number:05}"),
        addressee: "苏州澄阳度假村有限公司".to_owned(),
        paragraphs: vec![
            "根据《中华人民共和国建筑法》第八条规定，经审查，本建筑工程符合施工条件，准予施工。"
                .to_owned(),
        ],
        rows: labels
            .split_whitespace()
            .map(|label| (label.to_owned(), format!("苏州澄阳度假村澄湖住宅小区第{number}期")))
            .collect(),
        closing: vec!["本证放置施工现场，作为准予施工的凭证。".to_owned(); 5],
        issuer: "苏州市住房和城乡建设局".to_owned(),
        seal_code: "11320500MA3222035D".to_owned(),
        date: "2026年7月7日".to_owned(),
        on: (2026, 7, 7),
        address: format!("https://spgl.example.gov.cn/verify/{number:026}"),
        marks: vec![("查验码".to_owned(), format!("{number:026}"))],
    }
}
