//! An owner fills in a set of papers while a register of others is away, says no, and says yes.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use tongban_domain::{application::Prospect, paper::RegisterAnswer};
use tongban_store::{OpenQuestion, RegisterProblem};

use crate::support::{TestNode, registered};

const NAME: &str = "市场监管部门";

/// The question that waits, once the writer has it.
fn question(node: &TestNode) -> OpenQuestion {
    // Nobody waits for the flush of a question; this is behind it.
    node.store.keep_setting("test", "1").unwrap();
    node.store.due_questions(NAME, 10).unwrap().remove(0)
}

fn says(node: &TestNode, question: &OpenQuestion, held: bool, lines: &str) {
    let (paper, register) = (question.paper.clone(), question.register.clone());
    let answer = RegisterAnswer { paper, register, held, until: None, says: None };
    node.store.record_register_answer(question, answer, lines).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_asked_behind_the_page_and_stands_in_nobodys_way() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let folded = node.store.project(project).unwrap().unwrap();
    let (catalog, credit, day) = (node.catalog(), node.store.credit(), node.store.now().day());
    let prospect = Prospect { catalog: &catalog, project: &folded, credit: &credit, day };
    let questions = prospect.questions(1, &BTreeMap::new());
    let answers: Vec<(&str, &str)> =
        questions.iter().map(|it| (it.key.as_str(), it.default.as_str())).collect();
    let started = owner.post(&format!("/a/p/{project}/apply?stage=1"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    let draft = started.location.split(['/', '?']).nth(3).unwrap().to_owned();
    let slots = format!("/a/d/{draft}/slots");

    let page = owner.get(&slots).await.text;
    assert!(page.contains("营业执照"), "{page}");
    let asked = tokio::task::block_in_place(|| question(&node));
    assert_eq!((asked.paper.as_str(), asked.register.as_str()), ("business-licence", NAME));
    let page = owner.get(&slots).await.text;
    assert!(page.contains("正在向市场监管部门核验") && page.contains("不影响申报"), "{page}");

    tokio::task::block_in_place(|| {
        node.store.put_off_question(&asked, RegisterProblem::Away).unwrap();
    });
    let page = owner.get(&slots).await.text;
    assert!(page.contains("起连接不上") && page.contains("也可以先上传"), "{page}");
    let pulled = |page: &str| page.matches("调取不到或者内容有误").count();
    let before = pulled(&page);

    tokio::task::block_in_place(|| says(&node, &asked, false, ""));
    let page = owner.get(&slots).await.text;
    let form = format!("action=\"{slots}/business-licence\"");
    assert!(page.contains("答复：没有登记") && page.contains(&form), "{page}");
    assert_eq!(pulled(&page), before - 1, "it is asked of the owner now");

    // It is entered two days later, and asked again when the page is opened.
    node.clock.set(day.plus(2).at(9, 30));
    let mut owner = node.as_("owner").await;
    owner.get(&slots).await;
    let again = tokio::task::block_in_place(|| question(&node));
    tokio::task::block_in_place(|| says(&node, &again, true, "名称：<b>某公司</b>"));
    let page = owner.get(&slots).await.text;
    assert!(page.contains("答复：有登记，免交"), "{page}");
    assert!(page.contains("&#60;b&#62;某公司"), "what others say is never markup: {page}");
}
