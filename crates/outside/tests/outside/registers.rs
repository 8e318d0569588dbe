//! A register asked over HTTP: good, slow, down and wrong.

use std::time::{Duration, Instant};

use crate::stand_in::{Manner, StandIn};
use tongban_outside::{Answer, Asking, HttpRegister, OutsideError, Question, Register as _};

const HELD: &str = r#"{"paper":"PAPER","owner":"OWNER","held":true,"until":"2031-05-01",
                       "says":[{"name":"名称","value":"苏州某公司"}]}"#;

fn ask(register: &StandIn) -> Result<Answer, OutsideError> {
    let question = Question {
        paper: "business-licence".to_owned(),
        owner: "91350100M000100Y43".parse().unwrap(),
        project: "2509-320571-89-01-000123".parse().unwrap(),
    };
    let asking = Asking {
        patience: Duration::from_millis(300),
        key: Some("a-key".to_owned()),
        authority: None,
    };
    HttpRegister::at(&register.address(), asking).unwrap().ask(&question)
}

fn says(status: u16, body: &str) -> StandIn {
    StandIn::that(Manner::Answers(status, body.to_owned()))
}

#[test]
fn it_is_asked_with_its_key_about_one_paper_of_one_owner() {
    let register = says(200, HELD);
    let answer = ask(&register).unwrap();
    assert!(answer.held);
    assert_eq!(answer.says[0].value, "苏州某公司");
    let head = &register.requests()[0];
    let asked = "GET /answers?paper=business-licence&owner=91350100M000100Y43&project=2509-320571-89-01-000123 ";
    assert!(head.starts_with(asked), "{head}");
    assert!(head.to_lowercase().contains("authorization: bearer a-key"), "{head}");
}

#[test]
fn one_that_is_slow_or_down_is_away_and_costs_no_more_than_patience() {
    let late = StandIn::that(Manner::Slow(Duration::from_secs(2), HELD.to_owned()));
    let began = Instant::now();
    assert!(matches!(ask(&late), Err(OutsideError::Away(_))));
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    let register = StandIn::that(Manner::HangsUp);
    assert!(matches!(ask(&register), Err(OutsideError::Away(_))));
    for status in [429, 500, 503] {
        register.behaves(Manner::Answers(status, "busy".to_owned()));
        assert!(matches!(ask(&register), Err(OutsideError::Away(_))));
    }
    register.behaves(Manner::Answers(200, HELD.to_owned()));
    assert!(ask(&register).is_ok(), "it came back");
}

#[test]
fn what_is_wrong_is_no_answer() {
    let other = HELD.replace("OWNER", "911100000000000000");
    let large = format!(r#"{{"more":"{}"}}"#, "x".repeat(70_000));
    for body in ["", "<html>登录</html>", "{}", "null", &other, &large] {
        let outcome = ask(&says(200, body));
        assert!(matches!(outcome, Err(OutsideError::Unclear(_))), "{outcome:?}");
    }
    assert_eq!(ask(&says(401, "")), Err(OutsideError::Refused(401)));
    // A wrong address is not "no record".
    assert_eq!(ask(&says(404, "")), Err(OutsideError::Refused(404)));
}

#[test]
fn a_question_goes_nowhere_else() {
    let other = says(200, HELD);
    let register = StandIn::that(Manner::Redirects(other.address()));
    assert_eq!(ask(&register), Err(OutsideError::Refused(302)));
    assert!(other.requests().is_empty());
}
