//! The OpenAPI document, made from the declarations: an act that is declared is documented.

use axum::{Json, response::IntoResponse};
use serde_json::{Map, Value, json};
use tongban_domain::{
    acts::{ACTS, About, ActName, Declaration},
    case::Stance,
    project::Power,
};

use super::answer::ApiResult;
use crate::act_input::{Input, InputKind, inputs, is_plain};

pub(crate) async fn document() -> ApiResult {
    Ok(Json(openapi_document()).into_response())
}

/// The OpenAPI document of `/api/v1`.
#[must_use]
pub fn openapi_document() -> Value {
    let mut paths = Map::new();
    lookups(&mut paths);
    writes(&mut paths);
    for declaration in ACTS.iter().filter(|declaration| is_plain(declaration.name)) {
        let (path, operation) = act(declaration);
        paths.insert(path, json!({ "post": operation }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "通办 Tongban",
            "version": "1",
            "description": "工程建设项目审批管理系统。与页面使用同一张操作声明表；每个写请求都要带 Idempotency-Key。",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "session": [] }, { "system": [] }],
        "paths": paths,
        "components": components(),
    })
}

fn components() -> Value {
    json!({
        "securitySchemes": {
            "session": { "type": "http", "scheme": "bearer", "description": "POST /session 得到的令牌" },
            "system": {
                "type": "http", "scheme": "bearer",
                "description": "部门业务系统的密钥；同时在 Tongban-Officer 写明经办人的登录名，对办件的操作在 Tongban-Sequence 写明第几次"
            }
        },
        "parameters": {
            "IdempotencyKey": {
                "name": "Idempotency-Key", "in": "header", "required": true,
                "description": "由调用方选择；同一个键重复提交，只办理一次，回答相同",
                "schema": { "type": "string", "minLength": 8, "maxLength": 100 }
            }
        },
        "schemas": {
            "Error": {
                "type": "object",
                "required": ["error"],
                "properties": { "error": {
                    "type": "object",
                    "required": ["code", "message", "fields"],
                    "properties": {
                        "code": { "type": "string" },
                        "message": { "type": "string", "description": "可以照着做的一句话" },
                        "fields": { "type": "object", "additionalProperties": { "type": "string" } }
                    }
                } }
            },
            "Written": {
                "type": "object",
                "required": ["project", "version"],
                "properties": {
                    "project": { "type": "string" },
                    "version": { "type": "integer" },
                    "application": { "type": ["string", "null"] }
                }
            }
        },
        "responses": {
            "Written": {
                "description": "已经生效，断电也不会丢失",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Written" } } }
            },
            "Error": {
                "description": "没有办理",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } }
            }
        }
    })
}

fn error_responses() -> Map<String, Value> {
    let error = json!({ "$ref": "#/components/responses/Error" });
    ["400", "401", "403", "404", "409", "422"]
        .into_iter()
        .map(|status| (status.to_owned(), error.clone()))
        .collect()
}

fn written_responses() -> Value {
    let mut responses = error_responses();
    responses.insert("200".to_owned(), json!({ "$ref": "#/components/responses/Written" }));
    Value::Object(responses)
}

fn found_responses(description: &str) -> Value {
    let mut responses = error_responses();
    let content = json!({ "application/json": { "schema": { "type": "object" } } });
    responses.insert("200".to_owned(), json!({ "description": description, "content": content }));
    Value::Object(responses)
}

/// Where secrets could be guessed.
fn guarded_responses(description: &str) -> Value {
    let mut responses = found_responses(description);
    responses["429"] = json!({ "$ref": "#/components/responses/Error" });
    responses
}

fn path_parameter(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
}

fn query_parameter(name: &str, required: bool) -> Value {
    json!({ "name": name, "in": "query", "required": required, "schema": { "type": "string" } })
}

fn idempotency() -> Value {
    json!({ "$ref": "#/components/parameters/IdempotencyKey" })
}

fn schema(input: &Input) -> Value {
    let described = |kind: Value| {
        let mut kind = kind;
        kind["description"] = Value::String(input.label.to_owned());
        kind
    };
    described(match input.kind {
        InputKind::Words
        | InputKind::Paper
        | InputKind::Milestone
        | InputKind::Staff
        | InputKind::Line
        | InputKind::Department => {
            json!({ "type": "string" })
        }
        InputKind::Reason(kind) => {
            json!({ "type": "string", "x-reason-kind": format!("{kind:?}") })
        }
        InputKind::Powers => json!({
            "type": "array",
            "items": { "enum": Power::ALL.map(Power::key) },
        }),
        InputKind::Stance => json!({ "enum": Stance::ALL.map(Stance::key) }),
        InputKind::Flag => json!({ "enum": ["yes"] }),
        InputKind::Verdict => json!({ "enum": ["pass", "pass-with-gap", "refuse"] }),
        InputKind::Number => json!({ "type": "integer", "minimum": 1 }),
        InputKind::Date => json!({ "type": "string", "format": "date" }),
        InputKind::Release => json!({ "enum": ["together", "early"] }),
        InputKind::Papers | InputKind::Cases => {
            json!({ "type": "array", "items": { "type": "string" } })
        }
        InputKind::Demands => json!({
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["target", "reason"],
                "properties": {
                    "target": { "type": "string", "pattern": "^(paper|field):" },
                    "reason": { "type": "string" },
                    "note": { "type": "string" }
                }
            }
        }),
        InputKind::Plan => json!({
            "type": "object",
            "additionalProperties": { "type": "string", "format": "date" }
        }),
    })
}

fn act(declaration: &Declaration) -> (String, Value) {
    let name: ActName = declaration.name;
    let (path, parameter) = match name.about() {
        About::Project => (format!("/projects/{{project}}/acts/{}", name.key()), "project"),
        About::Application => {
            (format!("/applications/{{application}}/acts/{}", name.key()), "application")
        }
        About::Case => (format!("/cases/{{case}}/acts/{}", name.key()), "case"),
    };
    let fields = inputs(name);
    let properties: Map<String, Value> =
        fields.iter().map(|input| (input.name.to_owned(), schema(input))).collect();
    let required: Vec<&str> =
        fields.iter().filter(|input| input.required).map(|input| input.name).collect();
    let who: Vec<String> = declaration
        .by
        .iter()
        .map(|allowed| format!("{}（{}）", allowed.role.name(), allowed.scope.name()))
        .collect();
    let from: Vec<&str> = declaration.from.iter().map(|standing| standing.key()).collect();
    let operation = json!({
        "operationId": name.key(),
        "summary": declaration.title,
        "description": format!(
            "谁可以：{}。时限：{}。依据：{}。",
            who.join("、"),
            declaration.clock.name(),
            if declaration.basis.is_empty() { "—".to_owned() } else { declaration.basis.join("、") }
        ),
        "x-from": from,
        "parameters": [path_parameter(parameter), idempotency()],
        "requestBody": { "content": { "application/json": { "schema": {
            "type": "object", "properties": properties, "required": required
        } } } },
        "responses": written_responses(),
    });
    (path, operation)
}

fn lookups(paths: &mut Map<String, Value>) {
    let mut get = |path: &str, id: &str, summary: &str, parameters: Vec<Value>, public: bool| {
        let mut operation = json!({
            "operationId": id,
            "summary": summary,
            "parameters": parameters,
            "responses": found_responses(summary),
        });
        if public {
            operation["security"] = json!([]);
        }
        paths.insert(path.to_owned(), json!({ "get": operation }));
    };
    get(
        "/items",
        "find-items",
        "事项清单，或按名称、拼音首字母查找",
        vec![query_parameter("q", false)],
        true,
    );
    get("/items/{code}", "item", "一个事项", vec![path_parameter("code")], true);
    get("/projects", "projects", "本单位的项目", vec![], false);
    get(
        "/projects/{project}",
        "project",
        "一个项目，连同申报、办件和现在可以做的操作",
        vec![path_parameter("project")],
        false,
    );
    get(
        "/projects/{project}/persons",
        "persons",
        "联系人与个人信息，遮蔽显示；说明原因（read-in-clear）后十分钟内是完整的",
        vec![path_parameter("project")],
        false,
    );
    get(
        "/applications/{application}",
        "application",
        "一次申报",
        vec![path_parameter("application")],
        false,
    );
    get("/cases/{case}", "case", "一个办件，连同时限", vec![path_parameter("case")], false);
    get("/files/{file}", "file", "一份材料的内容", vec![path_parameter("file")], false);
    get(
        "/tasks",
        "tasks",
        "部门业务系统的新任务，按发生的先后",
        vec![query_parameter("after", false)],
        false,
    );
    let queue = vec![query_parameter("view", false), query_parameter("q", false)];
    get("/queue", "queue", "本部门的办件，按时限从紧到松", queue, false);
    if let Some(tasks) = paths.get_mut("/tasks") {
        tasks["get"]["security"] = json!([{ "system": [] }]);
    }
    if let Some(file) = paths.get_mut("/files/{file}") {
        file["get"]["responses"]["200"] = json!({ "description": "附件" });
    }
}

fn writes(paths: &mut Map<String, Value>) {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let body = |properties: Value, required: Value| {
        json!({ "required": true, "content": { "application/json": { "schema": {
            "type": "object", "properties": properties, "required": required
        } } } })
    };
    paths.insert("/session".to_owned(), json!({
        "post": {
            "operationId": "log-in", "summary": "登录，得到令牌", "security": [], "parameters": [],
            "requestBody": body(
                json!({ "login": text, "password": text, "code": text }),
                json!(["login", "password"]),
            ),
            "responses": guarded_responses("令牌"),
        },
        "delete": {
            "operationId": "log-out", "summary": "退出", "security": [], "parameters": [],
            "responses": { "204": { "description": "已退出" } },
        },
    }));
    let summary = "凭受理编号和电话后 4 位查进度";
    paths.insert("/progress".to_owned(), json!({
        "post": {
            "operationId": "progress", "summary": summary, "security": [], "parameters": [],
            "requestBody": body(json!({ "number": text, "tail": text }), json!(["number", "tail"])),
            "responses": guarded_responses(summary),
        },
    }));
    let registered = json!({
        "operationId": "register-project", "summary": "登记项目",
        "parameters": [idempotency()],
        "requestBody": { "required": true, "content": { "application/json": { "schema": {
            "type": "object",
            "properties": { "flow": text, "code": text },
            "required": ["flow"],
            "additionalProperties": { "type": "string", "description": "登记表的字段，键见字段目录" }
        } } } },
        "responses": written_responses(),
    });
    if let Some(projects) = paths.get_mut("/projects") {
        projects["post"] = registered;
    }
    paths.insert("/projects/{project}/files".to_owned(), json!({ "post": {
        "operationId": "keep-file", "summary": "上传一份材料，得到文件编号",
        "parameters": [path_parameter("project"), query_parameter("name", true), query_parameter("paper", true)],
        "requestBody": { "required": true, "content": { "application/octet-stream": {} } },
        "responses": found_responses("文件编号"),
    } }));
    paths.insert(
        "/projects/{project}/applications".to_owned(),
        json!({ "post": {
        "operationId": "submit-application", "summary": "提交申报",
        "parameters": [path_parameter("project"), idempotency()],
        "requestBody": body(json!({
            "stage": { "type": "integer", "minimum": 1, "maximum": 4 },
            "items": list, "committed": list, "answers": texts, "fields": texts, "papers": texts,
            "library": texts, "instead": texts, "not_needed": texts,
            "release": { "enum": ["together", "early"] }
        }), json!(["stage", "items"])),
        "responses": written_responses(),
    } }),
    );
    paths.insert(
        "/applications/{application}/corrections".to_owned(),
        json!({ "post": {
        "operationId": "submit-correction", "summary": "提交补正",
        "parameters": [path_parameter("application"), idempotency()],
        "requestBody": body(json!({ "papers": texts, "fields": texts }), json!([])),
        "responses": written_responses(),
    } }),
    );
    paths.insert(
        "/cases/{case}/files".to_owned(),
        json!({ "post": {
        "operationId": "keep-case-file", "summary": "上传一份部门材料，得到文件编号",
        "parameters": [path_parameter("case"), query_parameter("name", true)],
        "requestBody": { "required": true, "content": { "application/octet-stream": {} } },
        "responses": found_responses("文件编号"),
    } }),
    );
    paths.insert(
        "/cases/{case}/filed-papers".to_owned(),
        json!({ "post": {
        "operationId": "file-paper", "summary": "归入部门材料",
        "parameters": [path_parameter("case"), idempotency()],
        "requestBody": body(json!({ "title": text, "file": text }), json!(["title", "file"])),
        "responses": written_responses(),
    } }),
    );
    paths.insert(
        "/cases/{case}/owed-papers/{paper}".to_owned(),
        json!({ "post": {
        "operationId": "provide-owed-paper", "summary": "补交容缺材料",
        "parameters": [path_parameter("case"), path_parameter("paper"), idempotency()],
        "requestBody": body(json!({ "file": text }), json!(["file"])),
        "responses": written_responses(),
    } }),
    );
}
