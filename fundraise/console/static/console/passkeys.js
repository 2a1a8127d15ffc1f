"use strict";
// Passkeys: a form with data-passkey asks the browser, and is sent with its answer. The options
// come from data-options, or from data-options-from when a challenge shall be made at the press.
(() => {
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const readable = (options) => {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    for (const one of [...(key.excludeCredentials || []), ...(key.allowCredentials || [])]) {
      one.id = bytes(one.id);
    }
    return options;
  };

  const sendable = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(form.dataset.optionsFrom, {
      method: "POST",
      headers: { "X-CSRFToken": token },
    });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };

  const ask = async (form) => {
    const said = form.querySelector("[data-passkey-said]");
    said.hidden = true;
    try {
      const options = readable(await optionsOf(form));
      const answer = await navigator.credentials[form.dataset.passkey](options);
      const into = form.querySelector("[data-passkey-into], input[name=passkey]");
      into.value = JSON.stringify(sendable(answer));
      form.submit();
    } catch {
      said.textContent = form.querySelector("[data-passkey-refused]").textContent;
      said.hidden = false;
    } finally {
      delete form.dataset.asking;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      if (!window.PublicKeyCredential) {
        form.querySelector("[data-passkey-missing]").hidden = false;
        form.querySelector("button[type=submit]").disabled = true;
        continue;
      }
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (form.dataset.asking) return;
        form.dataset.asking = "yes";
        ask(form);
      });
    }
  });
})();
