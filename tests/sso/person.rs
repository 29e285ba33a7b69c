//! A person at a browser: goes to an instance, and signs in wherever that leads.

use std::net::{Ipv6Addr, TcpListener};

use lmskeep::practice::Practice;
use serde_json::{Value, json};

use crate::fidelity::chromium::{Browser, Tab, missing};
use crate::real::part;

/// Tells whether there is a browser for a person, and an address for the identity provider; see [`part::is_here`].
pub(crate) fn is_here() -> bool {
    part::is_here("Chromium", &missing()) && has_provider()
}

/// Tells whether the machine has the address that the identity provider listens on.
pub(crate) fn has_provider() -> bool {
    let tried = TcpListener::bind((Ipv6Addr::LOCALHOST, 0));
    let missing: Vec<String> = tried.err().iter().map(|cause| cause.to_string()).collect();
    part::is_here("an identity provider on [::1]", &missing)
}

/// A person at a tab.
pub(crate) struct Person<'a> {
    practice: &'a Practice,
    tab: Tab<'a>,
}

impl<'a> Person<'a> {
    /// Sits down at a browser.
    pub(crate) fn at(practice: &'a Practice, browser: &'a Browser) -> Self {
        let tab = browser.tab();
        Self { practice, tab }
    }

    /// Goes past the warning that nobody knows the authority.
    pub(crate) fn trusts_whoever_answers(&self) {
        self.tab
            .call("Security.setIgnoreCertificateErrors", json!({ "ignore": true }));
    }

    /// Opens the administration of stage.
    pub(crate) fn opens_stage(&self) {
        self.tab.go(&format!(
            "{}/learning/admin/main.do?fromSF=y",
            self.practice.stage
        ));
    }

    /// Gives the user name, and comes to the page that asks for the password.
    pub(crate) fn gives_name(&self) {
        let user = &self.practice.user;
        self.fills_in("loginName", user, "/saml2/idp/identify");
    }

    /// Gives a password, and comes to the page that asks for the code, or for the password again.
    pub(crate) fn gives_password(&self, password: &str) {
        self.fills_in("loginPassword", password, "/saml2/idp/authenticate");
    }

    /// Gives a code that is not the one that was sent.
    pub(crate) fn gives_wrong_code(&self) {
        let wrong = if self.code() == "111111" {
            "222222"
        } else {
            "111111"
        };
        self.fills_in("oneTimeCode", wrong, "/saml2/idp/verify");
    }

    /// Gives the code that was sent, and comes to an instance: scripts do the rest.
    pub(crate) fn gives_code(&self, instance: &str) {
        self.tab.type_into("[name=oneTimeCode]", &self.code());
        self.tab.click_through(
            "form button",
            &format!("{instance}/learning/admin/main.do?fromSF=y"),
        );
    }

    /// The same in a browser that runs no scripts: it stays where the last form is.
    pub(crate) fn gives_code_without_scripts(&self) {
        self.tab
            .call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
        self.fills_in("oneTimeCode", &self.code(), "/saml2/idp/verify");
    }

    /// Signs in at stage, and comes out in the shell of an instance.
    pub(crate) fn signs_in_at_stage(&self, comes_out: &str) {
        self.opens_stage();
        self.gives_name();
        self.gives_password(&self.practice.password);
        self.gives_code(comes_out);
        assert!(self.address().starts_with(comes_out), "{}", self.address());
        assert!(self.sees_the_shell(), "{}", self.reads());
    }

    /// Whether the frames of the shell are there, and the menu in one of them.
    pub(crate) fn sees_the_shell(&self) -> bool {
        let menu = "!!window.frames['menu']?.document.querySelector(\"a[href*='SYSTEM_CONFIGURATION']\")";
        self.tab.run(menu).unwrap()["value"] == true
    }

    /// The address that the browser shows.
    pub(crate) fn address(&self) -> String {
        self.text_of("location.href")
    }

    /// The text that the page shows.
    pub(crate) fn reads(&self) -> String {
        self.text_of("document.body.innerText")
    }

    /// All cookies that the browser holds, as extensions export them.
    pub(crate) fn exports_cookies(&self) -> Value {
        self.tab.call("Network.getAllCookies", json!({}))["cookies"].take()
    }

    /// The request for the page that is shown, as DevTools copy it: with the cookies of that host.
    pub(crate) fn copies_as_curl(&self) -> String {
        let address = self.address();
        let mut sent = self.tab.call("Network.getCookies", json!({ "urls": [&address] }));
        let pair = |cookie: &Value| {
            format!(
                "{}={}",
                cookie["name"].as_str().unwrap(),
                cookie["value"].as_str().unwrap()
            )
        };
        let pairs: Vec<String> = sent["cookies"]
            .take()
            .as_array()
            .unwrap()
            .iter()
            .map(pair)
            .collect();
        let agent = self.text_of("navigator.userAgent");
        format!(
            "curl '{address}' \\\n  -H 'User-Agent: {agent}' \\\n  -b '{}' \\\n  --compressed",
            pairs.join("; ")
        )
    }

    fn fills_in(&self, field: &str, text: &str, goes_to: &str) {
        let provider = self.practice.identity_provider.as_ref().unwrap();
        self.tab.type_into(&format!("[name={field}]"), text);
        self.tab
            .click_through("form button", &format!("{provider}{goes_to}"));
    }

    fn code(&self) -> String {
        let told = self.practice.ask("code", "stage").unwrap();
        told["code"].as_str().unwrap().to_owned()
    }

    fn text_of(&self, script: &str) -> String {
        self.tab.run(script).unwrap()["value"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}
