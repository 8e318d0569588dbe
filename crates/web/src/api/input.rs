//! Reads JSON bodies into the same fields that forms have, and the idempotency key.

use std::borrow::Cow;

use axum::http::HeaderMap;
use serde_json::Value;
use sm3::Digest as _;
use tongban_domain::ids::{AccountId, CaseId};
use tongban_store::Request;

use super::answer::ApiError;
use crate::forms::Typed;

/// The fields of a JSON object. Arrays give several values; `{"plan": {"GH-02": "…"}}` gives
/// `plan:GH-02`; a demand `{"target", "reason", "note"}` gives the fields of its form.
pub(crate) fn typed(body: &Value) -> Result<Typed, ApiError> {
    let Value::Object(fields) = body else {
        return Err(ApiError::bad_request("请求体应为 JSON 对象。"));
    };
    let mut pairs = Vec::new();
    for (name, value) in fields {
        flatten(name, value, &mut pairs)?;
    }
    Ok(Typed::new(pairs))
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) -> Result<(), ApiError> {
    match value {
        Value::Null => {}
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        Value::Number(number) => pairs.push((name.to_owned(), number.to_string())),
        Value::Bool(flag) => {
            pairs.push((name.to_owned(), if *flag { "yes" } else { "no" }.to_owned()));
        }
        Value::Array(values) => {
            for value in values {
                match value {
                    Value::Object(demand) if name == "demand" => {
                        let text = |key: &str| {
                            demand.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
                        };
                        let target = text("target");
                        pairs.push((format!("reason:{target}"), text("reason")));
                        pairs.push((format!("note:{target}"), text("note")));
                        pairs.push((name.to_owned(), target));
                    }
                    other => flatten(name, other, pairs)?,
                }
            }
        }
        Value::Object(inner) => {
            for (key, value) in inner {
                flatten(&format!("{name}:{key}"), value, pairs)?;
            }
        }
    }
    Ok(())
}

/// Every write carries a key of the caller's choice; a repeat with it does nothing more.
pub(crate) fn request(
    headers: &HeaderMap,
    account: AccountId,
    path: &str,
    body: &[u8],
) -> Result<Request, ApiError> {
    let key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .filter(|key| (8..=100).contains(&key.len()));
    let Some(key) = key else {
        return Err(ApiError::bad_request("每个写请求都要带 Idempotency-Key（8 到 100 个字符）。"));
    };
    let body = without_proof(body);
    let digest =
        sm3::Sm3::new().chain_update(path).chain_update([0]).chain_update(&body).finalize();
    Ok(Request { account, key: key.to_owned(), digest: digest.into() })
}

/// The case that a path of the API is about.
pub(crate) fn case_of(path: &str) -> Option<CaseId> {
    let mut parts = path.split('/').skip_while(|part| *part != "cases");
    parts.nth(1)?.parse().ok()
}

/// The body without what proves who somebody is: it is no part of what was asked, and nothing that
/// is kept may help to guess it.
fn without_proof(body: &[u8]) -> Cow<'_, [u8]> {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(mut fields)) if fields.contains_key("confirm") => {
            fields.remove("confirm");
            Cow::Owned(Value::Object(fields).to_string().into_bytes())
        }
        Ok(_) | Err(_) => Cow::Borrowed(body),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::typed;

    #[test]
    fn json_becomes_the_fields_of_the_form() {
        let body = json!({
            "verdict": "pass",
            "planned_days": 10,
            "case": ["a", "b"],
            "plan": { "GH-02": "2026-06-12" },
            "demand": [{ "target": "paper:red-line-map", "reason": "unreadable", "note": "x" }],
        });
        let Ok(typed) = typed(&body) else { panic!("an object is read") };
        assert_eq!(typed.get("verdict"), "pass");
        assert_eq!(typed.get("planned_days"), "10");
        assert_eq!(typed.all("case").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(typed.get("plan:GH-02"), "2026-06-12");
        assert_eq!(typed.get("demand"), "paper:red-line-map");
        assert_eq!(typed.get("reason:paper:red-line-map"), "unreadable");
    }
}
