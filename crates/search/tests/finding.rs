//! What people type and what they mean, with names of the shipped catalogue.

use proptest::prelude::*;
use tongban_search::{Document, Index, Weight};

/// Codes, titles and aliases as they stand in the catalogue.
const ITEMS: &[(&str, &str, &[&str])] = &[
    ("GH-01", "建设工程设计方案联合审查", &["方案审查", "设计方案", "报规"]),
    ("GH-02", "建设工程规划许可证（建筑类）", &["规划证", "建规证", "工规证"]),
    ("SG-01", "施工图设计文件联合审查", &["审图", "图审", "联合审图"]),
    ("SG-02", "特殊建设工程消防设计审查", &["消防审查", "消审", "消防设计"]),
    ("SG-05", "工程招标投标（施工、监理、工程总承包）", &["招标", "招投标", "中标"]),
    ("SG-06", "工程直接发包登记", &["直接发包", "发包备案"]),
    ("SG-07", "建设工程质量监督手续", &["质监", "质量监督", "报监"]),
    ("SG-08", "建设工程安全施工措施备案", &["安监", "安全监督", "安全备案"]),
    ("SG-09", "建筑工程施工许可证", &["施工证", "施工许可", "开工证"]),
    ("SG-10", "桩基先行、分阶段施工许可", &["桩基施工许可", "桩基先行", "分阶段施工许可"]),
    ("SG-11", "拆除工程备案", &["拆除备案"]),
    ("SG-12", "城市建筑垃圾处置核准", &["渣土", "渣土证", "建筑垃圾"]),
    ("SG-13", "占用、挖掘城市道路审批", &["掘路", "占道", "道路挖掘"]),
    ("SG-14", "影响交通安全的占道施工许可", &["占道施工", "交警许可"]),
    ("SG-15a", "临时占用城市绿化用地审批", &["占绿", "临时占绿"]),
];

fn documents() -> Vec<Document> {
    let document = |(id, title, aliases): &(&str, &str, &[&str])| Document {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        body: Vec::new(),
    };
    ITEMS.iter().map(document).collect()
}

/// The catalogue's names with these passages for one document.
fn with_body(id: &str, body: &[(Weight, &str)]) -> Index {
    let mut documents = documents();
    let document = documents.iter_mut().find(|document| document.id == id);
    document.unwrap_or_else(|| panic!("no document {id}")).body =
        body.iter().map(|(weight, text)| (*weight, (*text).to_owned())).collect();
    Index::new(documents)
}

fn codes(index: &Index, text: &str) -> Vec<String> {
    index.find(text, 20).into_iter().map(|hit| hit.id).collect()
}

fn found(text: &str) -> Vec<String> {
    codes(&Index::new(documents()), text)
}

#[test]
fn a_code_is_found_however_it_is_typed() {
    assert_eq!(found("sg-09"), ["SG-09"]);
    assert_eq!(found("ＳＧ－１５Ａ"), ["SG-15a"]);
    assert_eq!(found("gh-0"), ["GH-01", "GH-02"]);
}

#[test]
fn names_come_before_parts_of_names() {
    assert_eq!(found("施工许可"), ["SG-09", "SG-10", "SG-14"]);
    assert_eq!(found("拆除工程备案"), ["SG-11"]);
    assert_eq!(found("规划证"), ["GH-02"]);
    assert_eq!(found("占道"), ["SG-13", "SG-14"]);
    assert_eq!(found("监理、工程总承包）"), ["SG-05"]);
}

#[test]
fn several_words_must_all_fit() {
    assert_eq!(found("占道 许可"), ["SG-14"]);
    assert_eq!(found("施工 sg-09"), ["SG-09"]);
    assert_eq!(found("占道 消防"), Vec::<String>::new());
}

#[test]
fn pinyin_finds_by_initials_and_by_syllables() {
    assert_eq!(found("sgxkz"), ["SG-09"]);
    assert_eq!(found("jzgcsgxkz"), ["SG-09"]);
    assert_eq!(found("shigongxuke")[0], "SG-09");
    assert_eq!(found("kaigongz"), ["SG-09"]);
    assert_eq!(found("zhatu"), ["SG-12"]);
    assert_eq!(found("ZHANLV"), ["SG-15a"]);
}

#[test]
fn letters_in_order_are_enough_at_last() {
    assert_eq!(found("规许证"), ["GH-02"]);
    assert_eq!(found("质监手续")[0], "SG-07");
}

#[test]
fn questions_find_what_they_are_about() {
    for question in [
        "我要办开工证",
        "开工证怎么办？",
        "请问办理施工许可证需要什么材料",
        "施工许可 怎么办理",
        "如何申请施工证，要哪些手续",
        "办施工许可要多久",
        "kaigongzheng 手续",
    ] {
        assert_eq!(found(question).first().map(String::as_str), Some("SG-09"), "{question}");
    }
    assert_eq!(found("渣土怎么办手续")[0], "SG-12");
    assert_eq!(found("我们公司想挖掘道路要办什么")[0], "SG-13");
    assert_eq!(found("消防设计审查要几天")[0], "SG-02");
}

#[test]
#[cfg(feature = "general-dictionary")]
fn what_nobody_knows_is_passed_over_but_not_the_greater_part() {
    assert_eq!(found("小区里挖掘道路要办什么"), ["SG-13"]);
    assert_eq!(found("小孩上学登记怎么办"), Vec::<String>::new());
    assert_eq!(found("小区 道路"), Vec::<String>::new(), "words apart must all fit");
}

#[test]
fn everyday_words_belong_into_the_aliases() {
    let mut documents = documents();
    for document in documents.iter_mut().filter(|document| document.id == "SG-09") {
        document.aliases.extend(["盖楼".to_owned(), "盖房子".to_owned()]);
    }
    let index = Index::new(documents);
    assert_eq!(codes(&index, "盖楼要办什么证"), ["SG-09"]);
    assert_eq!(codes(&index, "盖房子需要哪些手续？"), ["SG-09"]);
}

#[test]
fn what_every_question_says_counts_when_nothing_else_is_said() {
    assert_eq!(found("手续"), ["SG-07"]);
    assert_eq!(found("怎么办"), Vec::<String>::new());
    assert_eq!(found(" ，？ "), Vec::<String>::new());
}

#[test]
fn the_text_is_searched_and_shown() {
    let text = "申请人在桩基施工前提交地基处理方案，由住房和城乡建设部门核验。";
    let index = with_body("SG-10", &[(Weight::Plain, text)]);
    let hits = index.find("地基处理", 5);
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].id, "SG-10");
    assert_eq!(hits[0].excerpt.as_deref(), Some(text));

    let hits = index.find("地基处理方案找谁核验", 5);
    assert_eq!(hits.first().map(|hit| hit.id.as_str()), Some("SG-10"));
    assert_eq!(index.find("桩基先行", 5)[0].excerpt, None, "the name says it already");
}

#[test]
fn what_a_document_is_known_for_comes_first() {
    let index = Index::new(
        [Weight::Weak, Weight::Strong, Weight::Plain]
            .iter()
            .zip(["A-1", "A-2", "A-3"])
            .map(|(weight, id)| Document {
                id: id.to_owned(),
                title: "事项".to_owned(),
                aliases: Vec::new(),
                body: vec![(*weight, "地基处理".to_owned())],
            })
            .collect(),
    );
    assert_eq!(codes(&index, "地基处理"), ["A-2", "A-3", "A-1"]);
}

#[test]
#[cfg(feature = "general-dictionary")]
fn more_of_a_word_in_less_text_comes_first() {
    let document = |id: &str, text: String| Document {
        id: id.to_owned(),
        title: "事项".to_owned(),
        aliases: Vec::new(),
        body: vec![(Weight::Plain, text)],
    };
    let index = Index::new(vec![
        document("A-1", format!("消防{}", "，道路和绿化的要求".repeat(30))),
        document("A-2", "消防设计，消防验收".to_owned()),
        document("A-3", "道路".to_owned()),
    ]);
    assert_eq!(codes(&index, "消防"), ["A-2", "A-1"]);
}

#[test]
fn equals_stay_in_the_order_given_and_only_so_many_are_told() {
    assert_eq!(found("建设工程"), ["GH-01", "GH-02", "SG-07", "SG-08", "SG-02"]);
    assert_eq!(Index::new(documents()).find("建设工程", 2).len(), 2);
    assert_eq!(Index::new(Vec::new()).find("建设工程", 2), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_item_is_found_first_by_its_names(place in 0..ITEMS.len()) {
        let (id, title, aliases) = ITEMS[place];
        let index = shared();
        for name in aliases.iter().chain([&id, &title]) {
            prop_assert_eq!(&index.find(name, 1)[0].id, id, "{}", name);
        }
    }

    #[test]
    fn any_text_is_searched_without_a_panic(text: String, most in 0..4usize) {
        prop_assert!(shared().find(&text, most).len() <= most);
    }

    #[test]
    fn any_pieces_of_names_and_questions_give_ordered_hits(
        pieces in proptest::collection::vec("施工|许可|证|怎么办|sg|-|规划|[一-龥]|盖|，| ", 0..8)
    ) {
        let hits = shared().find(&pieces.concat(), 20);
        prop_assert!(hits.is_sorted_by(|first, second| first.score >= second.score));
    }
}

fn shared() -> &'static Index {
    static INDEX: std::sync::LazyLock<Index> =
        std::sync::LazyLock::new(|| with_body("SG-10", &[(Weight::Plain, "桩基施工前提交方案")]));
    &INDEX
}
