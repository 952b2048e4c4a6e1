//! The keys and tokens were made with Python's `cryptography`; the private keys are deleted.

use super::*;

/// A key for each algorithm, and one of an ignored type.
pub(crate) const KEYS: &str = concat!(
    r#"{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"RSA","kid":"rsa","use":"sig","n":"zyO5fnqyqNxOTcLWMjdZ"#,
    r#"KstsN9ggeTa02VwcQUB6sT63adZ6y-DAfpm6owNqWcLUpoT5hBpPIjG2MWejztmT-K3DBNYVNWdWqEsj4M_K8rTKijGY5VY_"#,
    r#"wsQZteWrwNJesAIZ54ygdp2M9YvrOhoepRXm31WQAIB3G-aGRFMXRqq5ftgLg8ifO3tquXxn2vn3OT-_E0b36tcJKrRNz8Dh"#,
    r#"3cyZ3ED8mirk9KObwEMpRYDWBDd28XUXC9bbo0OFw5qf3ivGHsICJb6dgr9klYUTPiBFtXB5uQzicGV5uI_pHiKD3ruxq4sR"#,
    r#"Nw10DPr509iehw43ymKf19o-ayeANdzN4w","e":"AQAB"},{"kty":"EC","kid":"ec","crv":"P-256","alg":"ES25"#,
    r#"6","x":"lxbL3ImPSw_G9Z2CpcBaSKEd_tF1ia0N_rPgJ-Mm3qY","y":"KB4uQnlfN4qfYMzCv0kMRW0H8TaHsqvZnBdHKk"#,
    r#"8Ajhk"}]}"#,
);

/// Signed with the RSA key: issuer `https://issuer.example`, audience `uploads`, subject `alice`, expiry 2000.
pub(crate) const RS256: &str = concat!(
    r#"eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoidXBsb2F"#,
    r#"kcyIsInN1YiI6ImFsaWNlIiwiZXhwIjoyMDAwfQ.cXVxe8zYbsrKcEs0NMKYtr21Ex96yURrvDM86MKEzFHkyOE3pcYUwUK5"#,
    r#"PwS8wjgw-NDG-1wB0bQ2lU8xM-3yiBSvi2aMYhgPuK3CVoib5--pRA_zZbRq4FbLbyoMD1-BShGCw6wS6YDGZNWP9oZIbRRA"#,
    r#"andZh9xKBY8AUbx0MRv6aNP0ku42ecUK5U-o1DBbpZndiwLYnTZJFaMM8pRXkRKQwWNvuQT_uBjCUT56ij8Z0FrDxbkydyu2"#,
    r#"ZiE3hNseOxkBB9xBNtswQ7kYd4GrZixDFqXnfn5J9LfgJ8f-oORycxfWDaJbuZsrkD3rS7QKzuGNihr6e0UeZVVRcUxt3Q"#,
);

/// The same claims, signed with the key on P-256.
pub(crate) const ES256: &str = concat!(
    r#"eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoidXBsb2Fk"#,
    r#"cyIsInN1YiI6ImFsaWNlIiwiZXhwIjoyMDAwfQ.TNXpEOCVpGVCr8UpiwvnyH-g2dvShjiFyi4-jGfiLkZYjD2d0mhHag6zz"#,
    r#"X3tqr2KG6MxpnuCekEGnYyIfWTeOA"#,
);

fn verifies(keys: &Jwks, token: &str) -> bool {
    Token::parse(token).is_some_and(|token| keys.verifies(&token))
}

fn with_header(token: &str, header: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))
}

#[test]
fn tokens_of_both_algorithms_are_verified() {
    let keys = Jwks::parse(KEYS.as_bytes()).unwrap();
    assert!(verifies(&keys, RS256));
    assert!(verifies(&keys, ES256));
}

#[test]
fn any_flipped_bit_invalidates_a_signature() {
    let keys = Jwks::parse(KEYS.as_bytes()).unwrap();
    for token in [RS256, ES256] {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        for position in 0..signature.len() {
            let mut flipped = signature.clone();
            flipped[position] ^= 1;
            assert!(!verifies(&keys, &format!("{signed}.{}", URL_SAFE_NO_PAD.encode(flipped))));
        }
        assert!(!verifies(&keys, &format!("{signed}.")));
    }
}

#[test]
fn the_header_of_a_token_does_not_choose_algorithm_or_key() {
    let keys = Jwks::parse(KEYS.as_bytes()).unwrap();
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS256","kid":"rsa"}"#,
        r#"{"alg":"ES256","kid":"rsa"}"#,
        r#"{"alg":"RS256","kid":"ec"}"#,
        r#"{"alg":"RS256","kid":"other"}"#,
    ] {
        assert!(!verifies(&keys, &with_header(RS256, header)), "{header}");
    }
    let (claims, signature) = (RS256.split('.').nth(1).unwrap(), ES256.rsplit('.').next().unwrap());
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"rsa"}"#);
    assert!(!verifies(&keys, &format!("{header}.{claims}.{signature}")));
}

#[test]
fn a_set_without_a_usable_key_is_an_error() {
    let check = |json: &str, expected: &str| {
        let error = Jwks::parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{json}: {error}");
    };
    check("", "it is not a JSON Web Key Set");
    check("[]", "it is not a JSON Web Key Set");
    check(r#"{"keys":[]}"#, "it has no key");
    check(r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "it has no key");
    check(r#"{"keys":[{"kty":"RSA","n":"!","e":"AQAB"}]}"#, "it has no key");
    check(&KEYS.replace(r#""use":"sig""#, r#""use":"enc""#).replace("P-256", "P-521"), "it has no key");
}
