//! TLS, with the certificates of a run and with one's own.

use rcgen::{CertificateParams, KeyPair};

use crate::common::wire::Folder;

/// The client of the examples boots; it trusts what OS_CACERT names.
const BOOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");

#[test]
fn a_client_trusts_the_authority_of_the_run() {
    let folder = Folder::new();
    let ran = folder.mockstack(&["run", "--tls", "--record", "run.jsonl", "--", BOOT]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "ACTIVE\n"), "{}", ran.err);
    let project = r#"curl -sf --cacert "$OS_CACERT" -d '{"name": "own"}' "$MOCKSTACK_URL/__mockstack/projects"; curl -s --cacert "$OS_CACERT" "$OS_AUTH_URL""#;
    let project = folder.mockstack(&["run", "--tls", "--", "sh", "-c", project]);
    assert!(project.out.contains(r#""OS_CACERT":""#) && project.out.contains(r#"\"cacert\""#), "{}", project.out);
    let show = r#"echo "$OS_AUTH_URL"; grep -c cacert "$OS_CLIENT_CONFIG_FILE"; openssl x509 -in "$OS_CACERT" -noout 2>/dev/null || cat "$OS_CACERT""#;
    let shown = folder.mockstack(&["run", "--tls-ca", "ca.pem", "--", "sh", "-c", show]);
    assert!(shown.out.starts_with("https://127.0.0.1:"), "{}", shown.out);
    assert!(shown.out.contains("\n1\n"), "{}", shown.out);
    assert!(folder.read("ca.pem").starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(!folder.read("run.jsonl").contains("PRIVATE"));
}

#[test]
fn who_does_not_trust_it_or_speaks_in_the_clear_fails_the_run() {
    let folder = Folder::new();
    for (ask, why) in [
        ("curl -s --cacert /dev/null $OS_AUTH_URL", "the client refused the certificate"),
        ("curl -s http://${OS_AUTH_URL#https://}", "they are not TLS; this cloud is to be asked with https"),
    ] {
        let ran = folder.mockstack(&["run", "--tls", "--", "sh", "-c", &format!("{ask} || true")]);
        // A client that finds nothing to trust may leave before it has said a word.
        assert!(ran.err.contains(why) || ran.err.contains("no request arrived"), "{}", ran.err);
        assert_ne!(ran.code, Some(0));
    }
}

#[test]
fn ones_own_certificate_is_shown() {
    let folder = Folder::new();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    folder.write("own.pem", &own.pem());
    folder.write("own.key", &key.serialize_pem());
    let files = ["--tls-cert", "own.pem", "--tls-key", "own.key"];
    let boot = format!("OS_CACERT=own.pem {BOOT}");
    let ran = folder.mockstack(&[&["run"], &files[..], &["--", "sh", "-c", &boot]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "ACTIVE\n"), "{}", ran.err);

    let other = KeyPair::generate().unwrap();
    folder.write("own.key", &other.serialize_pem());
    let wrong = folder.mockstack(&[&["run"], &files[..], &["--", "true"]].concat());
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(wrong.err.contains("cannot use the certificate"), "{}", wrong.err);
    folder.write("own.key", "no key\n");
    let none = folder.mockstack(&[&["run"], &files[..], &["--", "true"]].concat());
    assert!(none.code == Some(2) && none.err.contains("own.key"), "{}", none.err);
    let half = folder.mockstack(&["run", "--tls-cert", "own.pem", "--", "true"]);
    assert!(half.code == Some(2) && half.err.contains("--tls-key"), "{}", half.err);
}
