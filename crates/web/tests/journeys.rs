//! Journeys through HTTP: what people and programs are answered, good and bad input alike.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use axum::http::StatusCode;
use serde_json::json;
use support::{TestNode, case_of, registered, registration, submission, submitted};
use tongban_domain::case::Standing;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_comes_back_to_the_form_with_the_name_kept() {
    let node = TestNode::new();
    let answer = node.anybody().post("/login", &[("user", "owner"), ("pass", "wrong")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"owner\""), "what was typed is kept");
    insta::assert_snapshot!(answer.words_of("error-summary"), @"有 1 处需要改正 账号或者密码不对，请核对后重试");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_failures_the_login_waits() {
    let node = TestNode::new();
    for _ in 0..5 {
        node.anybody().post("/login", &[("user", "owner"), ("pass", "wrong")]).await;
    }
    let right = [("user", "owner"), ("pass", tongban_simulator::DEMO_PASSWORD)];
    let answer = node.anybody().post("/login", &right).await;
    insta::assert_snapshot!(answer.words_of("error-summary"), @"有 1 处需要改正 连续输错次数过多，请 10 分钟后再试");
    let later = node.clock_plus_minutes(11);
    assert!(later, "the clock moved");
    let answer = node.anybody().post("/login", &right).await;
    assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_behind_the_login_is_reached_after_it() {
    let node = TestNode::new();
    let answer = node.anybody().get("/a/projects").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location, "/login?back=/a/projects");
    let form =
        [("user", "owner"), ("pass", tongban_simulator::DEMO_PASSWORD), ("back", "/a/projects")];
    let answer = node.anybody().post("/login", &form).await;
    assert_eq!(answer.location, "/a/projects");
    let elsewhere = [form[0], form[1], ("back", "//elsewhere.example/")];
    let answer = node.anybody().post("/login", &elsewhere).await;
    assert_eq!(answer.location, "/a", "never to another site");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_with_faults_comes_back_with_what_was_typed() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    form.insert("total-investment".to_owned(), "五亿".to_owned());
    form.insert("code".to_owned(), "2513-320571-89-01-000001".to_owned());
    form.remove("site-division");
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"五亿\""));
    assert!(answer.text.contains("href=\"#f-total-investment\""));
    assert!(answer.text.contains("aria-invalid=\"true\""));
    insta::assert_snapshot!(answer.words_of("error-summary"), @"有 3 处需要改正 项目代码应为 4-6-2-2-6 位数字，如 2509-320193-89-01-544060 请选择项目所在地 总投资额请填写数字，如 86400.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_code_is_registered_once() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    form.insert("code".to_owned(), "2509-320571-89-01-544060".to_owned());
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.words_of("error-summary").contains("已经登记过"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_somebody_elses_does_not_exist() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let case = case_of(&node, project, "LX-05");
    let mut other = node.as_("owner2").await;
    for path in [
        format!("/a/p/{project}"),
        format!("/a/j/{application}"),
        format!("/a/c/{case}"),
        format!("/api/v1/cases/{case}"),
        "/a/p/nonsense".to_owned(),
    ] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let act = format!("/a/c/{case}/acts/withdraw-case");
    assert_eq!(other.post(&act, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/s/desk").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_is_done_once() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let body = submission(&node, &mut owner, project, 1).await;
    let path = format!("/api/v1/projects/{project}/applications");
    let first = owner.post_json(&path, &body).await;
    let second = owner.repeat_json(&path, &body).await;
    assert_eq!((first.status, first.text), (second.status, second.text));
    let folded = node.store.project(project).unwrap().unwrap();
    assert_eq!(folded.applications.len(), 1);
    let other = owner.repeat_json(&path, &json!({ "stage": 2, "items": [] })).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "another body under the same key");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_api_come_in_one_envelope() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let path = format!("/api/v1/projects/{project}/applications");
    let empty = owner.post_json(&path, &json!({ "stage": 1, "items": ["LX-05"] })).await;
    insta::assert_snapshot!(empty.text, @r#"{"error":{"code":"refused","fields":{},"message":"还有 13 个问题没有回答。"}}"#);
    let faults = owner.post_json(&path, &json!({ "items": [], "papers": { "x": "y" } })).await;
    insta::assert_snapshot!(faults.text, @r#"{"error":{"code":"invalid","fields":{"papers:x":"没有这个文件","stage":"请给出阶段，1 至 4"},"message":"有 2 处需要改正"}}"#);
    let unknown = owner.get("/api/v1/cases/0000000000000000000000000a").await;
    insta::assert_snapshot!(unknown.text, @r#"{"error":{"code":"not-found","fields":{},"message":"没有找到这个页面，或者您没有查看的权限。"}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_is_not_allowed_says_who_could_do_it() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let accept = format!("/api/v1/applications/{application}/acts/accept-application");
    let refused = owner.post_json(&accept, &json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    insta::assert_snapshot!(refused.json()["error"]["message"].as_str().unwrap(), @"「受理」只能由综合窗口（本辖区）办理。");
    let mut window = node.as_("window").await;
    assert_eq!(window.post_json(&accept, &json!({})).await.status, StatusCode::OK);
    let again = window.post_json(&accept, &json!({})).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    insta::assert_snapshot!(again.json()["error"]["message"].as_str().unwrap(), @"办件现在是「承办审查」，不能受理；只有「待受理」「已补正，待受理」的办件可以。");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_officers_acting_at_once_one_wins_and_the_other_sees_what_changed() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    let accept = format!("/s/j/{application}/acts/accept-application");
    assert_eq!(window.post(&accept, &[]).await.status, StatusCode::SEE_OTHER);
    let case = case_of(&node, project, "LX-11b");
    let seen = node.store.project(project).unwrap().unwrap().cases[&case].changed.to_string();
    let opinion = format!("/s/c/{case}/acts/give-opinion");
    let form = [("verdict", "pass"), ("text", "符合条件"), ("seen", seen.as_str())];
    let mut first = node.as_("officer-planning").await;
    let mut second = node.as_("officer2-planning").await;
    assert_eq!(first.post(&opinion, &form).await.status, StatusCode::SEE_OTHER);
    let answer = second.post(&opinion, &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("其他人已经办理了这个办件"));
    assert!(answer.text.contains(&format!("href=\"/s/c/{case}\"")), "a way to what changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_its_name_says_is_refused_with_a_sentence() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let catalog = node.catalog();
    let folded = node.store.project(project).unwrap().unwrap();
    let credit = node.store.credit();
    let day = node.store.now().day();
    let prospect = tongban_domain::application::Prospect {
        catalog: &catalog,
        project: &folded,
        credit: &credit,
        day,
    };
    let questions = prospect.questions(1, &std::collections::BTreeMap::new());
    let answers: Vec<(&str, &str)> =
        questions.iter().map(|q| (q.key.as_str(), q.default.as_str())).collect();
    let started = owner.post(&format!("/a/p/{project}/apply?stage=1"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    let draft = started.location;
    let page = owner.get(&format!("{draft}/slots")).await;
    let slot = page.text.split("/slots/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let to = format!("{draft}/slots/{slot}");
    for (name, content, words) in [
        ("图.pdf", &b"MZ\x90"[..], "内容不是这种文件"),
        ("图.pdf", b"", "文件是空的"),
        ("图.exe", b"MZ\x90", "这里只能上传"),
    ] {
        let answer = owner.upload(&to, name, content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains(words), "{words}");
    }
    let answer = owner.upload(&to, "图.pdf", b"%PDF-1.7").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_progress_by_number_and_phone_and_nothing_else() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let folded = node.store.project(project).unwrap().unwrap();
    let number = &folded.applications[&application].number;
    let found = node.anybody().get(&format!("/track?no={number}&tail=6621")).await;
    assert!(found.text.contains("星湖智能制造厂房") && found.text.contains("综合窗口"));
    assert!(!found.text.contains("李工") && !found.text.contains("13800006621"));
    let wrong = node.anybody().get(&format!("/track?no={number}&tail=0000")).await;
    assert!(wrong.text.contains("没有查到") && !wrong.text.contains("星湖智能制造厂房"));
    // Four digits are soon tried out: after five wrong ones even the right ones have to wait.
    for tail in ["0001", "0002", "0003", "0004"] {
        node.anybody().get(&format!("/track?no={number}&tail={tail}")).await;
    }
    let late = node.anybody().get(&format!("/track?no={number}&tail=6621")).await;
    assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(late.text.contains("10 分钟") && !late.text.contains("星湖智能制造厂房"));
    let program = node.anybody().get(&format!("/api/v1/progress?number={number}&tail=6621")).await;
    assert_eq!(program.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_of_an_officer_comes_back_as_it_was_filled() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    // A demand without its reason: nothing that was ticked or written is lost.
    let demand = "field:project-capital";
    let note = format!("note:{demand}");
    let typed = [("demand", demand), (note.as_str(), "与附件中的不一致。")];
    let back = window.post(&format!("/s/j/{application}/acts/request-correction"), &typed).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text.contains("请选择补正原因") && back.text.contains("与附件中的不一致。"));
    assert!(back.text.contains("href=\"#f-request-correction-reason-field-project-capital\""));
    assert!(back.text.contains(&format!("value=\"{demand}\" checked")));
    let plan = owner.post(&format!("/a/p/{project}/acts/agree-plan"), &[]).await;
    assert_eq!(plan.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(plan.text.contains("约定里程碑计划"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leads_to_another_site_and_every_error_is_a_page() {
    let node = TestNode::new();
    for back in
        ["//elsewhere.invalid/", "/%5Celsewhere.invalid/", "http://elsewhere.invalid/", "/%09/x"]
    {
        let answer = node.anybody().get(&format!("/mode?to=standard&back={back}")).await;
        assert_eq!(answer.location, "/", "{back}");
    }
    let unread = node.anybody().get("/guide?stage=x").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    assert!(unread.text.contains("<h1>") && unread.text.contains("回到首页"));
    // What is refused is named, never by its key.
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let early = [("key", "start-of-works"), ("on", "2026-03-02")];
    let refused = owner.post(&format!("/a/p/{project}/acts/record-milestone"), &early).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("建筑工程施工许可证") && !refused.text.contains("SG-09"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_goes_from_hand_to_hand_to_its_result() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let mile = [("key", "land-contract"), ("on", "2026-03-02")];
    let refused = owner.post(&format!("/a/p/{project}/acts/record-milestone"), &mile).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("由自然资源和规划局登记"), "{}", refused.text);
    let mut planning = node.as_("officer-planning").await;
    let page = planning.get(&format!("/s/p/{project}")).await;
    assert!(page.text.contains("登记签订国有建设用地使用权出让合同"));
    let answer = planning.post(&format!("/s/p/{project}/acts/record-milestone"), &mile).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let filing = case_of(&node, project, "LX-05");
    let mut officer = node.as_("officer-development-reform").await;
    let decide = [("verdict", "pass"), ("text", "准予备案")];
    let answer = officer.post(&format!("/s/c/{filing}/acts/decide-case"), &decide).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let permit = case_of(&node, project, "LX-11b");
    for (login, act) in [
        ("officer-planning", "give-opinion"),
        ("reviewer-planning", "review-case"),
        ("approver-planning", "decide-case"),
    ] {
        let mut hand = node.as_(login).await;
        let form = [("verdict", "pass"), ("text", "同意")];
        let answer = hand.post(&format!("/s/c/{permit}/acts/{act}"), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}: {}", answer.text);
    }
    let folded = node.store.project(project).unwrap().unwrap();
    assert_eq!(folded.cases[&permit].standing, Standing::Passed);
    assert!(folded.stage_is_done(1));
    let page = owner.get(&format!("/a/p/{project}/licences")).await;
    assert!(page.text.contains("建设用地规划许可证"));
    assert!(node.store.verify(&tongban_store::VerifyOptions::default()).unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_withdrawn_is_applied_for_again() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let page = format!("/a/p/{project}");
    let again = format!("{page}/apply?stage=1");
    assert!(!owner.get(&page).await.text.contains(&again));
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let filing = case_of(&node, project, "LX-05");
    let reason = [("reason", "wrong-item")];
    let gone = owner.post(&format!("/a/c/{filing}/acts/withdraw-case"), &reason).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
    assert!(owner.get(&page).await.text.contains(&again));
}

#[test]
fn the_openapi_document_is_under_version_control() {
    insta::assert_snapshot!("openapi", format!("{:#}", tongban_web::openapi_document()));
}

/// People call the construction permit many things, and ask whole questions.
#[tokio::test(flavor = "multi_thread")]
async fn items_are_found_by_what_people_call_them() {
    let node = TestNode::new();
    for asked in ["开工证", "盖楼要办什么证", "我要办施工许可", "sgxk", "shigongxuke", "sg-09"]
    {
        let page = node.anybody().get(&format!("/guide/search?q={}", encoded(asked))).await;
        assert!(page.text.contains("建筑工程施工许可证"), "{asked}");
    }
    let nothing = node.anybody().get("/guide/search?q=qqqq").await;
    assert!(nothing.text.contains("没有"), "{}", nothing.text);
}

/// The keeper of the catalogue works on a draft, sees what is wrong, compares, tries it on the
/// projects there are, and publishes it from a day; running cases keep their version.
#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_goes_from_draft_to_publication() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    submitted(&node, &mut owner, project).await;
    let mut keeper = node.as_("admin").await;
    let began = keeper.post("/s/admin/draft/begin", &[]).await;
    assert_eq!(began.status, StatusCode::SEE_OTHER);

    let path = "/s/admin/draft/file?path=items%2F2-scheme.toml";
    let file = "items/2-scheme.toml";
    let text = || {
        let draft = node.store.pack_draft().unwrap();
        draft.into_iter().find(|one| one.file.path == file).unwrap()
    };
    let before = text();
    let broken = before.file.text.replace("20 working days + 10", "soon");
    keeper.post(path, &[("text", &broken), ("seen", "0")]).await;
    let page = keeper.get("/s/admin/draft").await;
    assert!(page.text.contains("不能发布") && page.text.contains("soon"), "{}", page.text);
    let refused =
        keeper.post("/s/admin/draft/publish", &[("from", "2099-01-01"), ("agree", "yes")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    // A colleague who began earlier is told, and loses nothing.
    let other = keeper.post(path, &[("text", "mine"), ("seen", "0")]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("另一位管理员") && other.text.contains("mine"));

    let shorter = before.file.text.replacen("promised = \"", "promised = \"1 working days\" # ", 1);
    keeper.post(path, &[("text", &shorter), ("seen", "1")]).await;
    let compared = keeper.get("/s/admin/packs/compare?to=draft").await;
    assert!(
        compared.text.contains("承诺时限") && compared.text.contains("1 处不同"),
        "{}",
        compared.text
    );
    let preview = keeper.get("/s/admin/draft/preview?flow=E").await;
    assert_eq!(preview.status, StatusCode::OK);
    keeper.post("/s/admin/draft/dry-run", &[]).await;
    let mut found = keeper.get("/s/admin/draft/dry-run").await;
    for _ in 0..100 {
        if found.text.contains("期限提前") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        found = keeper.get("/s/admin/draft/dry-run").await;
    }
    assert!(found.text.contains("期限提前"), "{}", found.text);

    let past = [("from", "2020-01-01"), ("agree", "yes")];
    let refused = keeper.post("/s/admin/draft/publish", &past).await;
    assert!(refused.text.contains("不能早于今天"));
    let from = node.store.now().day().plus(3).to_string();
    let done = keeper.post("/s/admin/draft/publish", &[("from", &from), ("agree", "yes")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = keeper.get("/s/admin/packs").await;
    assert!(page.text.contains("尚未生效") && page.text.contains("现行"));
    assert!(node.store.pack_draft().unwrap().is_empty());

    // Nobody else changes it.
    let mut officer = node.as_("officer-planning").await;
    assert_eq!(officer.post("/s/admin/draft/begin", &[]).await.status, StatusCode::FORBIDDEN);
    let mut supervisor = node.as_("supervisor").await;
    assert_eq!(supervisor.get("/s/admin/packs").await.status, StatusCode::OK);
    assert_eq!(supervisor.post("/s/admin/draft/begin", &[]).await.status, StatusCode::FORBIDDEN);
}

/// The list goes out as a spreadsheet, comes back with one cell changed, is shown row by row and
/// then taken over; a wrong cell takes nothing over.
#[tokio::test(flavor = "multi_thread")]
async fn the_item_list_goes_to_excel_and_back() {
    let node = TestNode::new();
    let mut keeper = node.as_("admin").await;
    keeper.post("/s/admin/draft/begin", &[]).await;
    let export = keeper.get("/s/admin/draft/lists/items").await;
    let mut sheets = tongban_spreadsheet::read(&export.bytes).unwrap();
    let column = |sheet: &tongban_spreadsheet::Sheet, name| sheet.column(name).unwrap();
    let (code, fee) = (column(&sheets[0], "编码"), column(&sheets[0], "收费"));
    let row = sheets[0].rows.iter().position(|row| row[code] == "SG-09").unwrap();
    sheets[0].rows[row][fee] = "每本 10 元".to_owned();
    let back = tongban_spreadsheet::write(&sheets).unwrap();
    let preview = "/s/admin/draft/lists/items/preview";
    let page = keeper.upload(preview, "items.xlsx", &back).await;
    assert!(page.text.contains("每本 10 元") && page.text.contains("1 行会改变"), "{}", page.text);
    let read = page.text.split("name=\"read\" value=\"").nth(1).unwrap();
    let read = read.split('"').next().unwrap().replace("&#34;", "\"").replace("&#38;", "&");
    let take_over = "/s/admin/draft/lists/items/take-over";
    for _ in 0..2 {
        let done = keeper.post(take_over, &[("read", &read)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let draft = node.store.pack_draft().unwrap();
    let changed: Vec<_> = draft.iter().filter(|one| one.version > 0).collect();
    assert_eq!(changed.len(), 1, "only the file of the item");
    assert!(changed[0].file.text.contains("fee = \"每本 10 元\""));

    // Somebody writes in the draft after it was shown: nothing of theirs is undone.
    let theirs = changed[0].file.text.replace("每本 10 元", "每本 20 元");
    let file = format!("/s/admin/draft/file?path={}", encoded(&changed[0].file.path));
    let saved = keeper.post(&file, &[("text", theirs.as_str()), ("seen", "1")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let stale = keeper.post(take_over, &[("read", &read)]).await;
    assert_eq!(stale.status, StatusCode::BAD_REQUEST);
    assert!(stale.text.contains("另一位管理员刚刚修改了草稿"));

    let stage = column(&sheets[0], "阶段");
    sheets[0].rows[row][stage] = "三".to_owned();
    let wrong = tongban_spreadsheet::write(&sheets).unwrap();
    let page = keeper.upload(preview, "items.xlsx", &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("SG-09 的「阶段」填写有误"), "{}", page.text);
    let page = keeper.upload(preview, "items.xlsx", b"PK not a workbook").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The administrator sees what is missing and makes accounts; the password is shown once.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_staff_are_made_by_the_administrator() {
    let node = TestNode::new();
    let mut keeper = node.as_("admin").await;
    let page = keeper.get("/s/admin/setup").await;
    assert!(page.text.contains("放假安排") && page.text.contains("自然资源和规划局"));
    let wrong = keeper.post("/s/admin/setup", &[("name", "王"), ("role", "officer")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("请填写账号") && wrong.text.contains("请选择部门"));
    let fields = [("name", "王敏"), ("login", "wangmin"), ("role", "window")];
    let made = keeper.post("/s/admin/setup", &fields).await;
    let password = made.text.split("初始密码 <b class=\"code\">").nth(1).unwrap();
    let password = password.split('<').next().unwrap().to_owned();
    assert!(matches!(
        node.store.check_login("wangmin", &password).unwrap(),
        tongban_store::Guess::Right(_)
    ));
    let mut owner = vec![("name", "李建"), ("login", "lijian"), ("role", "owner")];
    let without = keeper.post("/s/admin/setup", &owner).await;
    assert!(without.text.contains("统一社会信用代码有误") && without.text.contains("单位名称"));
    owner.extend([("uscc", "91350100M000100Y43"), ("unit", "苏州某公司")]);
    let made = keeper.post("/s/admin/setup", &owner).await;
    let password = made.text.split("初始密码 <b class=\"code\">").nth(1).unwrap();
    let password = password.split('<').next().unwrap().to_owned();
    let tongban_store::Guess::Right(id) = node.store.check_login("lijian", &password).unwrap()
    else {
        panic!("the password shown is not the password");
    };
    let account = node.store.account(id).unwrap().unwrap();
    assert_eq!(account.organisation.unwrap().to_string(), "91350100M000100Y43");
    let taken = keeper.post("/s/admin/setup", &fields).await;
    assert!(taken.text.contains("已经有人使用"));
    let mut officer = node.as_("officer-planning").await;
    assert_eq!(officer.post("/s/admin/setup", &fields).await.status, StatusCode::FORBIDDEN);
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Entered by supervision with the list it rests on; closes commitment to the owner with a
/// sentence; removed with a reason.
#[tokio::test(flavor = "multi_thread")]
async fn a_credit_record_changes_the_ways_of_handling_and_can_be_removed() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut supervisor = node.as_("supervisor").await;
    assert_eq!(owner.get("/s/credit").await.status, StatusCode::FORBIDDEN);
    let project = registered(&node, &mut owner, "E").await;
    let folded = node.store.project(project).unwrap().unwrap();
    let uscc = folded.owner.uscc.to_string();
    let faulty = supervisor.post("/s/credit", &[("subject", "123"), ("kind", "bad")]).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.text.contains("统一社会信用代码有误"));
    let until = node.store.now().day().plus(100).to_string();
    let fields = [
        ("subject", uscc.as_str()),
        ("name", "某公司"),
        ("kind", "bad"),
        ("list", "失信名单2026年第3号"),
        ("until", until.as_str()),
    ];
    let entered = supervisor.post("/s/credit", &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.words_of("error-summary"));
    let page = supervisor.get("/s/credit").await;
    assert!(page.text.contains("失信名单2026年第3号") && page.text.contains("不适用告知承诺"));

    let mut body = submission(&node, &mut owner, project, 1).await;
    body["items"] = json!(["LX-05"]);
    body["committed"] = json!(["LX-05"]);
    let path = format!("/api/v1/projects/{project}/applications");
    let refused = owner.post_json(&path, &body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("建设单位有“不良信用记录”"), "{}", refused.text);

    let record = page.text.split("data-record=\"").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/s/credit/{record}/remove");
    let without = supervisor.post(&path, &[("why", "")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let removed = supervisor.post(&path, &[("why", "信用修复决定书2号")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text);
    assert!(supervisor.get("/s/credit").await.text.contains("已移出"));
}

/// The right is told, the owner asks, time, place and chair are told, the minutes end the pause:
/// each by the form its page shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_hearing_goes_from_its_right_to_its_minutes() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut window = node.as_("window").await;
    let mut officer = node.as_("officer-planning").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let case = case_of(&node, project, "LX-11b");
    let (inside, outside) = (format!("/s/c/{case}"), format!("/a/c/{case}"));
    let act = |name: &str| format!("/acts/{name}");

    assert!(!owner.get(&outside).await.text.contains("申请听证"));
    let offer = [("text", "项目紧邻居民区")];
    let told = officer.post(&(inside.clone() + &act("offer-hearing")), &offer).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.words_of("error-summary"));
    let page = owner.get(&outside).await.text;
    assert!(page.contains("已告知听证权利") && page.contains("项目紧邻居民区"), "{page}");
    let asks = [("text", "我方请求听证")];
    let asked = owner.post(&(outside.clone() + &act("ask-hearing")), &asks).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);

    let page = officer.get(&inside).await.text;
    assert!(page.contains("应当在") && page.contains("通知听证时间和地点"));
    let min = page.split("min=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let chairs = page.split("name=\"chair\"").nth(1).unwrap().split("</select>").next().unwrap();
    let chair = chairs.split("value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let notify = inside.clone() + &act("notify-hearing");
    let today = node.store.now().day().to_string();
    let soon = [("on", today.as_str()), ("text", "九时三楼"), ("chair", chair.as_str())];
    assert!(officer.post(&notify, &soon).await.text.contains("七个工作日前"));
    let fitting = [("on", min.as_str()), ("text", "九时三楼"), ("chair", chair.as_str())];
    let done = officer.post(&notify, &fitting).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    assert!(owner.get(&outside).await.text.contains("九时三楼"));

    let minutes = [("text", "双方陈述完毕")];
    let early = officer.post(&(inside.clone() + &act("hold-hearing")), &minutes).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let folded = node.store.project(project).unwrap().unwrap();
    assert_eq!(folded.cases[&case].standing.name(), "特别程序");
}

/// Decided on a form, waiting for its day on the same page.
#[tokio::test(flavor = "multi_thread")]
async fn a_reorganisation_is_registered_with_its_day_and_document() {
    let node = TestNode::new();
    let mut keeper = node.as_("admin").await;
    let organisation = node.store.organisation();
    let of = |key: &str| organisation.departments().find(|it| it.key == key).unwrap().id;
    let (water, planning) = (of("water").to_string(), of("planning").to_string());
    let to = "/s/admin/setup/reorganise";
    let from = node.store.now().day().plus(30).to_string();
    let both = [("which", water.as_str()), ("new_name", "水务局"), ("into", planning.as_str())];
    let faulty = keeper.post(to, &both).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.text.contains("两项只能填一项") && faulty.text.contains("依据的文件和编号"));
    let merge = [
        ("which", water.as_str()),
        ("into", planning.as_str()),
        ("from", from.as_str()),
        ("basis", "苏府办〔2026〕1号"),
    ];
    let done = keeper.post(to, &merge).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    let page = keeper.get("/s/admin/setup").await.text;
    assert!(page.contains("即将生效的机构改革") && page.contains("办件和人员一并移交"), "{page}");
    let back = [
        ("which", planning.as_str()),
        ("into", water.as_str()),
        ("from", from.as_str()),
        ("basis", "x"),
    ];
    assert!(keeper.post(to, &back).await.text.contains("会回到原来的部门"));
    let mut officer = node.as_("officer-water").await;
    assert_eq!(officer.post(to, &merge).await.status, StatusCode::FORBIDDEN);
    let taken = [("which", water.as_str()), ("from", from.as_str())];
    let back = "/s/admin/setup/take-back";
    assert_eq!(officer.post(back, &taken).await.status, StatusCode::FORBIDDEN);
    for _ in 0..2 {
        assert_eq!(keeper.post(back, &taken).await.status, StatusCode::SEE_OTHER);
    }
    assert!(!keeper.get("/s/admin/setup").await.text.contains("即将生效的机构改革"));
}

/// In general, and for a place: the department there; which answers call for it; each paper with
/// form, number and sample.
#[tokio::test(flavor = "multi_thread")]
async fn a_guide_says_who_where_and_how_a_paper_may_look() {
    let node = TestNode::new();
    let mut anybody = node.as_("owner").await;
    let general = anybody.get("/guide/items/GH-05").await.text;
    assert!(general.contains("自然资源和规划主管部门") && general.contains("要不要办"));
    assert!(general.contains("电子件 1 份") && general.contains("有样例"));
    let local = anybody.get("/guide/items/GH-05?region=320500").await.text;
    assert!(local.contains("苏州市自然资源和规划局"), "{local}");
    assert_eq!(anybody.get("/guide/items/GH-05?region=nowhere").await.status, StatusCode::OK);
    let paper = anybody.get("/guide/papers/village-consent").await.text;
    assert!(paper.contains("村民代表会议决议") && paper.contains("乡村建设规划许可证"));
    let without = anybody.get("/guide/papers/site-plan").await.text;
    assert!(without.contains("还没有样例"));
    assert_eq!(anybody.get("/guide/papers/nothing").await.status, StatusCode::NOT_FOUND);
}

/// Fifty thousand square metres call for the full soil and water report: never asked, known from
/// the form, and part of the draft in the browser.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_known_answer_calls_for_is_in_the_draft() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    form.insert("land-area".to_owned(), "60000".to_owned());
    let body = serde_json::to_value(form).unwrap();
    let answer = owner.post_json("/api/v1/projects", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let project: tongban_domain::ids::ProjectId =
        answer.json()["project"].as_str().unwrap().parse().unwrap();
    let (catalog, credit) = (node.catalog(), node.store.credit());
    let folded = node.store.project(project).unwrap().unwrap();
    let day = node.store.now().day();
    let prospect = tongban_domain::application::Prospect {
        catalog: &catalog,
        project: &folded,
        credit: &credit,
        day,
    };
    let none = std::collections::BTreeMap::new();
    let questions = prospect.questions(1, &none);
    assert!(questions.iter().all(|question| question.key != "soil-water"));
    let answers: Vec<(&str, &str)> =
        questions.iter().map(|q| (q.key.as_str(), q.default.as_str())).collect();
    let started = owner.post(&format!("/a/p/{project}/apply?stage=1"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    let items = owner.get(&format!("{}/section/items", started.location)).await;
    assert!(items.text.contains("LX-17a"), "the report is among the items");
    let slots = owner.get(&format!("{}/slots", started.location)).await;
    assert!(slots.text.contains("水土保持方案报告书"), "and its papers are asked for");
}
