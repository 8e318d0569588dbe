//! The catalogue, accounts, credit and departments are kept.

use axum::http::StatusCode;
use serde_json::json;
use tongban_domain::permission::{Mandate, Role};
use tongban_store::NewAccount;

use crate::support::{TestNode, encoded, registered, submission, submitted};

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

/// Who keeps the list of the province is of another level than the node, and still one of its own:
/// granted, given a new password and closed like anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_of_the_province_is_granted_and_closed_on_the_node_of_a_city() {
    let node = TestNode::new();
    let mut maker = node.as_("sysadmin").await;
    let form = [("name", "周敏"), ("login", "zhou"), ("role", "administrator")];
    let province = [&form[..], &[("region", "320000")]].concat();
    let made = maker.post("/s/admin/setup", &province).await;
    assert!(made.text.contains("zhou"), "{}", made.words_of("error-summary"));
    let window = [("name", "李"), ("login", "li"), ("role", "window"), ("region", "320000")];
    let refused = maker.post("/s/admin/setup", &window).await;
    assert!(refused.text.contains("省级只有事项管理员"));
    let other = [("name", "李"), ("login", "li"), ("role", "window"), ("region", "320100")];
    assert!(maker.post("/s/admin/setup", &other).await.text.contains("请选择本节点辖区内的地区"));

    let id = node.store.account_named("zhou").unwrap().unwrap().id;
    let mut guard = node.as_("secadmin").await;
    for what in ["grant", "reset", "close"] {
        let done = guard.post(&format!("/s/admin/accounts/{id}/{what}"), &[]).await;
        assert!(done.status.is_success() || done.status.is_redirection(), "{what} {}", done.status);
    }
    let account = node.store.account(id).unwrap().unwrap();
    assert!(account.closed_at.is_some() && account.mandates[0].region == 320_000);
}

/// A city keeps its own list over the catalogue of the province, and that only.
#[tokio::test(flavor = "multi_thread")]
async fn a_city_writes_and_publishes_its_list_and_nothing_of_the_province() {
    let node = TestNode::new();
    let mut city = node.as_("admin-city").await;
    city.post("/s/admin/draft/begin", &[]).await;
    let page = city.get("/s/admin/draft").await;
    assert!(page.text.contains("只读，由上级管理") && page.text.contains("320583"));
    assert!(!page.text.contains("value=\"320100\""), "another city");
    let laws = city.get("/s/admin/draft/file?path=laws.toml").await;
    assert!(laws.text.contains("readonly"));
    let refused =
        city.post("/s/admin/draft/file?path=laws.toml", &[("text", "mine"), ("seen", "0")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("超出本级事项清单的范围：laws.toml"), "{}", refused.text);
    let refused = city.post("/s/admin/draft/overlay", &[("region", "320100")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let added = city.post("/s/admin/draft/overlay", &[("region", "320500")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let path = "/s/admin/draft/file?path=overlays%2F320500.toml";
    let draft = node.store.pack_draft().unwrap();
    let own = draft.iter().find(|it| it.file.path == "overlays/320500.toml").unwrap();
    let shorter =
        format!("{}\n[[item]]\ncode = \"GH-02\"\npromised = \"1 working days\"\n", own.file.text);
    let saved = city.post(path, &[("text", &shorter), ("seen", "1")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let from = node.store.now().day().plus(1);
    let publish = [("from", from.to_string()), ("agree", "yes".to_owned())];
    let publish: Vec<(&str, &str)> = publish.iter().map(|(key, it)| (*key, it.as_str())).collect();

    // What the province is writing meanwhile is not the city's to publish or to throw away.
    let mut province = node.as_("admin").await;
    let version = "/s/admin/draft/file?path=pack.toml";
    let pack = draft.iter().find(|it| it.file.path == "pack.toml").unwrap().file.text.clone();
    let next = pack.replace("2026.1", "2026.2");
    province.post(version, &[("text", &next), ("seen", "0")]).await;
    let done = city.post("/s/admin/draft/publish", &publish).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let published = node.store.publications().unwrap();
    assert_eq!((published.len(), published[1].version.as_str()), (2, "2026.1"));
    let discarded = city.post("/s/admin/draft/discard", &[]).await;
    assert_eq!(discarded.status, StatusCode::SEE_OTHER, "{}", discarded.text);
    let left = node.store.pack_draft().unwrap();
    assert!(left.iter().any(|it| it.file.text == next), "the province goes on writing");
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

/// One sees what is missing and makes accounts, with a password that is shown once; their offices
/// count when another has granted them; a third looks at both, and none does the work of another.
#[tokio::test(flavor = "multi_thread")]
async fn one_administrator_makes_accounts_another_grants_their_offices_a_third_sees_it() {
    let node = TestNode::new();
    let mut keeper = node.as_("sysadmin").await;
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
    assert!(account.organisation.is_none(), "not yet");
    let taken = keeper.post("/s/admin/setup", &fields).await;
    assert!(taken.text.contains("已经有人使用"));
    let mut officer = node.as_("officer-planning").await;
    assert_eq!(officer.post("/s/admin/setup", &fields).await.status, StatusCode::FORBIDDEN);

    // Nothing counts yet.
    let known = node.store.account_named("wangmin").unwrap().unwrap();
    assert!(known.mandates.is_empty() && known.waiting.len() == 1);
    let grant = format!("/s/admin/accounts/{}/grant", known.id);
    let mut guard = node.as_("secadmin").await;
    let mut auditor = node.as_("auditor").await;
    assert_eq!(keeper.post(&grant, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.post(&grant, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(guard.post("/s/admin/setup", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.post("/s/admin/setup", &fields).await.status, StatusCode::FORBIDDEN);
    let page = guard.get("/s/admin/accounts").await.text;
    assert!(page.contains("待授权") && page.contains(&grant), "{page}");
    assert!(!keeper.get("/s/admin/accounts").await.text.contains(&grant));
    assert!(guard.get("/s").await.text.contains("待授权的账号"));
    assert_eq!(guard.post(&grant, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(guard.post(&grant, &[]).await.status, StatusCode::BAD_REQUEST, "it is granted");
    let known = node.store.account_named("wangmin").unwrap().unwrap();
    assert!(known.is(Role::Window) && known.waiting.is_empty());
    let grant = format!("/s/admin/accounts/{id}/grant");
    assert_eq!(guard.post(&grant, &[]).await.status, StatusCode::SEE_OTHER);
    let account = node.store.account(id).unwrap().unwrap();
    assert_eq!(account.organisation.unwrap().to_string(), "91350100M000100Y43");
    let fields = [("name", "赵民"), ("login", "zhaomin"), ("role", "supervisor")];
    keeper.post("/s/admin/setup", &fields).await;
    let id = node.store.account_named("zhaomin").unwrap().unwrap().id;
    let refuse = format!("/s/admin/accounts/{id}/refuse");
    assert_eq!(guard.post(&refuse, &[]).await.status, StatusCode::SEE_OTHER);
    let account = node.store.account(id).unwrap().unwrap();
    assert!(account.mandates.is_empty() && account.waiting.is_empty());
    // The offices of the three are not to be had by a new password.
    let other = node.store.account_named("sysadmin").unwrap().unwrap().id;
    let reset = guard.post(&format!("/s/admin/accounts/{other}/reset"), &[]).await;
    assert_eq!(reset.status, StatusCode::BAD_REQUEST);

    let log = auditor.get("/s/admin/audit").await.text;
    for what in ["建立账号", "授予角色", "不予授权", "登录", "wangmin", "lijian", "sysadmin"]
    {
        assert!(log.contains(what), "{what}: {log}");
    }
    for other in [&mut keeper, &mut guard, &mut officer] {
        assert_eq!(other.get("/s/admin/audit").await.status, StatusCode::FORBIDDEN);
    }
}

/// Whoever made an account does not let it count, were the same person to hold both offices.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_grants_what_they_made_themselves() {
    let node = TestNode::new();
    tokio::task::block_in_place(|| {
        let account = |login: &str| node.store.account_named(login).unwrap().unwrap();
        let (maker, guard) = (account("sysadmin").id, account("secadmin").id);
        let mandate = Mandate { role: Role::Window, department: None, region: 320_500 };
        let made = node.store.make_account(NewAccount {
            login: "wangmin".to_owned(),
            password: "tongban-2026".to_owned(),
            name: "王敏".to_owned(),
            phone: String::new(),
            id_number: String::new(),
            organisation: None,
            mandates: vec![mandate],
            temporary: true,
            made_by: Some(maker),
        });
        let made = made.unwrap().id;
        assert!(!node.store.grant_offices(made, true, maker).unwrap());
        assert!(!node.store.grant_offices(made, true, made).unwrap());
        assert!(account("wangmin").mandates.is_empty());
        assert!(node.store.grant_offices(made, true, guard).unwrap());
        assert!(account("wangmin").is(Role::Window));
    });
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

/// Decided on a form, waiting for its day on the same page.
#[tokio::test(flavor = "multi_thread")]
async fn a_reorganisation_is_registered_with_its_day_and_document() {
    let node = TestNode::new();
    let mut keeper = node.as_("sysadmin").await;
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
