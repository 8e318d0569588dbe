//! What a provider of OpenID Connect has to show before anybody comes in (OpenID Connect Core 1.0 §3.1.3.7).

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::stand_in::{Manner, StandIn};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use tongban_outside::{
    Asking, ClaimNames, LoginSecrets, OpenIdProvider, OutsideError, ProviderAt, UnifiedLogin as _,
    Wanted,
};

const USCC: &str = "91350100M000100Y43";

fn secrets() -> LoginSecrets {
    LoginSecrets {
        state: "the-state".to_owned(),
        nonce: "the-nonce".to_owned(),
        verifier: "0123456789abcdef0123456789abcdef0123456789abcdef".to_owned(),
    }
}

fn issuer(there: &StandIn) -> String {
    there.address().trim_end_matches("/answers").to_owned()
}

fn at(there: &StandIn) -> ProviderAt {
    ProviderAt {
        issuer: issuer(there),
        client: "tongban".to_owned(),
        back: "https://spgl.example.gov.cn/login/unified/back".to_owned(),
        scopes: vec!["profile".to_owned()],
        claims: ClaimNames::default(),
    }
}

fn asking() -> Asking {
    Asking { key: Some("secret".to_owned()), ..Asking::default() }
}

fn provider(there: &StandIn) -> OpenIdProvider {
    OpenIdProvider::at(at(there), asking()).unwrap()
}

fn coded(value: &Value) -> String {
    Base64UrlUnpadded::encode_string(value.to_string().as_bytes())
}

fn token(key: &SigningKey, head: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", coded(head), coded(claims));
    let signature = key.sign(signed.as_bytes()).to_bytes();
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
}

/// What a good provider says in the token.
fn claims(there: &StandIn) -> Value {
    #[expect(clippy::disallowed_methods, reason = "tokens are judged by the clock of the machine")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({
        "iss": issuer(there), "aud": "tongban", "sub": "person-1", "nonce": "the-nonce",
        "iat": now, "exp": now + 300, "auth_time": now, "name": "陆文",
    })
}

/// A provider that published `key` and answers with this token, and more of the person elsewhere.
fn says(there: &StandIn, key: &SigningKey, token: &str, more: &Value) {
    let at = issuer(there);
    let about = json!({
        "issuer": at, "authorization_endpoint": format!("{at}/auth"),
        "token_endpoint": format!("{at}/token"), "jwks_uri": format!("{at}/keys"),
        "userinfo_endpoint": format!("{at}/person"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA"],
    });
    let public = Base64UrlUnpadded::encode_string(key.verifying_key().as_bytes());
    let own = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "1", "x": public });
    let tokens = json!({ "access_token": "opaque", "token_type": "Bearer", "id_token": token });
    there.behaves(Manner::Knows(BTreeMap::from([
        ("/.well-known/openid-configuration", about.to_string()),
        ("/keys", json!({ "keys": [own] }).to_string()),
        ("/token", tokens.to_string()),
        ("/person", more.to_string()),
    ])));
}

fn head() -> Value {
    json!({ "alg": "EdDSA", "typ": "JWT", "kid": "1" })
}

#[test]
fn a_browser_is_sent_with_what_keeps_its_login_apart() {
    let there = StandIn::that(Manner::HangsUp);
    let away = provider(&there).begin(&secrets(), Wanted::Entry);
    assert!(matches!(away, Err(OutsideError::Away(_))), "{away:?}");
    says(&there, &SigningKey::from_bytes(&[1; 32]), "", &json!({}));
    let provider = provider(&there);
    let to = provider.begin(&secrets(), Wanted::Entry).unwrap();
    for part in [
        "response_type=code",
        "client_id=tongban",
        "state=the-state",
        "nonce=the-nonce",
        "scope=openid+profile",
        "code_challenge_method=S256",
        "code_challenge=",
    ] {
        assert!(to.contains(part), "{part}: {to}");
    }
    assert!(!to.contains(&secrets().verifier) && !to.contains("prompt"));
    let proof = provider.begin(&secrets(), Wanted::Proof).unwrap();
    assert!(proof.contains("prompt=login") && proof.contains("max_age=0"), "{proof}");
}

#[test]
fn who_comes_back_is_whom_the_token_and_the_page_of_the_person_name() {
    let there = StandIn::that(Manner::HangsUp);
    let key = SigningKey::from_bytes(&[1; 32]);
    let more = json!({
        "sub": "person-1", "uscc": USCC, "organisation_name": "福州某公司", "id_number": "",
        "phone_number": "13812345678",
    });
    says(&there, &key, &token(&key, &head(), &claims(&there)), &more);
    let found = provider(&there).finish("code-1".to_owned(), &secrets()).unwrap();
    assert_eq!(found.subject, (issuer(&there), "person-1".to_owned()));
    assert_eq!((found.name.as_str(), found.id_number), ("陆文", None));
    assert_eq!(found.phone.as_deref(), Some("13812345678"));
    let (code, name) = found.organisation.unwrap();
    assert_eq!((code.as_str(), name.as_str()), (USCC, "福州某公司"));
    assert!(found.proved_at.is_some());
    let asked = there.requests();
    let fetched = asked.iter().find(|it| it.starts_with("POST /token")).unwrap();
    assert!(fetched.contains("code=code-1") && fetched.contains(&secrets().verifier));
    // A key that is newer than what is known of the provider.
    let newer = SigningKey::from_bytes(&[2; 32]);
    let provider = provider(&there);
    provider.begin(&secrets(), Wanted::Entry).unwrap();
    says(&there, &newer, &token(&newer, &head(), &claims(&there)), &more);
    provider.finish("code-2".to_owned(), &secrets()).unwrap();
}

#[test]
fn a_token_that_is_not_for_this_login_opens_nothing() {
    let there = StandIn::that(Manner::HangsUp);
    let key = SigningKey::from_bytes(&[1; 32]);
    let more = json!({ "sub": "person-1" });
    let with = |name: &str, value: Value| {
        let mut claims = claims(&there);
        claims[name] = value;
        token(&key, &head(), &claims)
    };
    let right = claims(&there);
    let unsigned = format!("{}.{}.", coded(&json!({ "alg": "none" })), coded(&right));
    for (what, token) in [
        ("another nonce", with("nonce", json!("of-another-login"))),
        ("no nonce", with("nonce", Value::Null)),
        ("for somebody else", with("aud", json!("another-client"))),
        ("by somebody else", with("iss", json!("https://elsewhere.example"))),
        ("too old", with("exp", json!(1_700_000_000))),
        ("another key", token(&SigningKey::from_bytes(&[3; 32]), &head(), &right)),
        ("no signature", unsigned),
        ("no token", String::new()),
    ] {
        says(&there, &key, &token, &more);
        let refused = provider(&there).finish("code".to_owned(), &secrets());
        assert!(matches!(refused, Err(OutsideError::Unclear(_))), "{what}: {refused:?}");
    }
    says(&there, &key, &token(&key, &head(), &right), &json!({ "sub": "person-2" }));
    let refused = provider(&there).finish("code".to_owned(), &secrets());
    assert!(matches!(refused, Err(OutsideError::Unclear(_))), "the page of another person");
}

#[test]
fn a_code_that_is_none_makes_nobody_a_natural_person() {
    let there = StandIn::that(Manner::HangsUp);
    let key = SigningKey::from_bytes(&[1; 32]);
    let more = json!({ "sub": "person-1", "uscc": "not a code" });
    says(&there, &key, &token(&key, &head(), &claims(&there)), &more);
    let refused = provider(&there).finish("code".to_owned(), &secrets());
    assert!(matches!(refused, Err(OutsideError::Unclear(_))), "{refused:?}");
}

#[test]
fn while_it_is_away_nobody_waits_for_another() {
    let there = StandIn::that(Manner::Slow(Duration::from_secs(3), String::new()));
    let mut asking = asking();
    asking.patience = Duration::from_millis(400);
    let provider = OpenIdProvider::at(at(&there), asking).unwrap();
    let begun = std::time::Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert!(provider.begin(&secrets(), Wanted::Entry).is_err()));
        }
    });
    assert!(provider.begin(&secrets(), Wanted::Entry).is_err(), "it is left alone for a while");
    assert!(begun.elapsed() < Duration::from_millis(2500), "{:?}", begun.elapsed());
}
