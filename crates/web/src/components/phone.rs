//! The picture from which a phone reads the secret of its one-time passwords.

use base64ct::{Base64, Encoding as _};
use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use tongban_store::OneTimeSecret;

/// As the address of an image; empty when the names are too long for one.
pub(crate) fn phone_picture(secret: &OneTimeSecret, place: &str, login: &str) -> String {
    let Ok(code) = QRBuilder::new(secret.address(&format!("{place}通办"), login)).build() else {
        return String::new();
    };
    let svg = SvgBuilder::default().to_str(&code);
    format!("data:image/svg+xml;base64,{}", Base64::encode_string(svg.as_bytes()))
}
