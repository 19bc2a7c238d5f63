//! Passwords come from the environment; they are shown nowhere, and without them nothing is published.

use super::bucket::hook::Hook;
use super::portal::Portal;

#[test]
fn no_part_of_a_secret_address_is_shown() {
    let hook = Hook::start();
    let portal = Portal::new("['${WEBHOOK}']");
    let secret = format!("{}/robot/SECRET?access_token=XYZW", hook.address);
    for (status, text) in [
        (301, "https://hook.example/robot/SECRET"),
        (301, "/robot/SECRET/"),
        (400, "no robot SECRET"),
        (400, "invalid access_token XYZW"),
        (400, "/robot/SECRET is not allowed"),
    ] {
        hook.will_answer(&[(status, text)]);
        let mut command = portal.command("");
        let output = command.env("WEBHOOK", &secret).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("error[after]"), "{said}");
        assert!(!said.contains("SECRET") && !said.contains("XYZW"), "{said}");
    }
}

#[test]
fn no_part_of_a_password_is_shown_where_an_answer_is_cut() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("'{}/x?t=${{TOKEN}}'", hook.address));
    let answer = format!("{}hush&hush", "x".repeat(294));
    hook.will_answer(&[(400, &answer)]);
    let said = portal.deploy("", 3);
    assert!(said.contains("xxx") && !said.contains("hush"), "{said}");
}

#[test]
fn without_a_variable_nothing_is_sent() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("['{0}/a', '{0}/b?t=${{ABSENT}}']", hook.address));
    let said = portal.deploy("", 2);
    assert!(said.contains("needs the variable `ABSENT`"), "{said}");
    let said = portal.deploy("--dry-run", 2);
    assert!(
        said.contains("/b?t=${ABSENT}") && said.contains("ABSENT"),
        "{said}"
    );
    assert!(!portal.has("index.html"));
    portal.deploy("--after", 2);
    assert_eq!(hook.told(), []);
}

#[test]
fn a_password_in_a_step_is_an_error() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("'{}/?token=abc'", hook.address));
    let said = portal.deploy("", 1);
    assert!(
        said.contains("error[secret]") && said.contains("${NAME}"),
        "{said}"
    );
    assert_eq!(hook.told(), []);
    assert!(!portal.has("index.html"));
}
