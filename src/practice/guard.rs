//! The CSRF guard: a token a session, checked on every POST, as OWASP CSRFGuard does.

use axum::http::StatusCode;

use crate::practice::visit::{Answer, Visit};

/// The name of the token's parameter.
pub(super) const TOKEN_NAME: &str = "OWASP_CSRFTOKEN";

/// The address of the script that puts the token into pages.
pub(super) const SCRIPT_ADDRESS: &str = "/learning/JavaScriptServlet";

/// The page that a request without the right token is led to.
pub(super) const ERROR_ADDRESS: &str = "/learning/error.jsp";

/// Whether a request may pass: all that only read may, others need the session's token.
pub(super) fn passes(visit: &Visit, token: Option<&str>) -> bool {
    !visit.writes() || (token.is_some() && visit.token() == token)
}

/// The script that a browser runs to add the token to forms and links of its own site.
pub(super) fn script(token: &str) -> Answer {
    let body = SCRIPT.replace("@NAME@", TOKEN_NAME).replace("@VALUE@", token);
    Answer::typed("text/javascript;charset=UTF-8", body).with_status(StatusCode::OK)
}

const SCRIPT: &str = r##"(function () {
  function ownAddress(address) {
    var link = document.createElement("a");
    link.href = address || document.location.href;
    return link.host === document.location.host && link.protocol.indexOf("http") === 0;
  }

  function addToForms(name, value) {
    for (var i = 0; i < document.forms.length; i++) {
      var form = document.forms[i];
      if ((form.getAttribute("method") || "").toLowerCase() !== "post") continue;
      if (!ownAddress(form.getAttribute("action"))) continue;
      var field = document.createElement("input");
      field.setAttribute("type", "hidden");
      field.setAttribute("name", name);
      field.setAttribute("value", value);
      form.appendChild(field);
    }
  }

  function addToLinks(name, value) {
    for (var i = 0; i < document.links.length; i++) {
      var link = document.links[i];
      var address = link.getAttribute("href") || "";
      if (address.charAt(0) === "#" || !ownAddress(address) || address.indexOf(name) >= 0) continue;
      var parts = address.split("#");
      parts[0] += (parts[0].indexOf("?") < 0 ? "?" : "&") + name + "=" + value;
      link.setAttribute("href", parts.join("#"));
    }
  }

  function addToCalls(name, value) {
    var open = XMLHttpRequest.prototype.open;
    var send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.open = function (method, address) {
      this.isOwn = ownAddress(address);
      open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function () {
      if (this.isOwn) this.setRequestHeader(name.toLowerCase(), value);
      send.apply(this, arguments);
    };
  }

  function injectTokens(name, value) {
    addToForms(name, value);
    addToLinks(name, value);
  }

  function begin() {
    injectTokens("@NAME@", "@VALUE@");
  }

  addToCalls("@NAME@", "@VALUE@");

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }
})();
"##;
