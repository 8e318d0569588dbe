//! A security key in software: Ed25519, no attestation (WebAuthn Level 3 §6, §8.7).

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use minicbor::Encoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// One key.
pub(crate) struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    /// How often it has answered.
    pub(crate) count: u32,
    /// The page it believes to be on.
    pub(crate) origin: String,
}

fn coded(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

impl Authenticator {
    pub(crate) fn new(seed: u8, origin: &str) -> Self {
        let origin = origin.to_owned();
        Self { key: SigningKey::from_bytes(&[seed; 32]), id: vec![seed; 32], count: 0, origin }
    }

    fn client_data(&self, kind: &str, asked: &Value) -> Vec<u8> {
        let challenge = asked["challenge"].as_str().unwrap();
        let origin = &self.origin;
        format!(
            r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
        )
        .into_bytes()
    }

    fn data(&mut self, party: &str, flags: u8) -> Vec<u8> {
        self.count += 1;
        let mut data = Sha256::digest(party).to_vec();
        data.push(flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// What it answers to `navigator.credentials.create`.
    pub(crate) fn makes(&mut self, asked: &Value) -> String {
        let client = self.client_data("webauthn.create", asked);
        let mut data = self.data(asked["rp"]["id"].as_str().unwrap(), 0x41);
        data.extend([0; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(&self.id);
        let mut public = Encoder::new(Vec::new());
        public.map(4).unwrap();
        public.i8(1).unwrap().i8(1).unwrap().i8(3).unwrap().i8(-8).unwrap();
        public.i8(-1).unwrap().i8(6).unwrap().i8(-2).unwrap();
        public.bytes(self.key.verifying_key().as_bytes()).unwrap();
        data.extend(public.into_writer());
        let mut whole = Encoder::new(Vec::new());
        whole.map(3).unwrap().str("fmt").unwrap().str("none").unwrap();
        whole.str("attStmt").unwrap().map(0).unwrap();
        whole.str("authData").unwrap().bytes(&data).unwrap();
        json!({
            "id": coded(&self.id), "rawId": coded(&self.id), "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": coded(&client), "attestationObject": coded(&whole.into_writer()),
                "transports": ["usb"],
            },
        })
        .to_string()
    }

    /// What it answers to `navigator.credentials.get`.
    pub(crate) fn answers(&mut self, asked: &Value) -> String {
        let client = self.client_data("webauthn.get", asked);
        let data = self.data(asked["rpId"].as_str().unwrap(), 0x01);
        let signed = [data.clone(), Sha256::digest(&client).to_vec()].concat();
        let signature = self.key.sign(&signed).to_bytes();
        json!({
            "id": coded(&self.id), "rawId": coded(&self.id), "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": coded(&client), "authenticatorData": coded(&data),
                "signature": coded(&signature),
            },
        })
        .to_string()
    }
}
