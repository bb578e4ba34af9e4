// Passkeys: asks the browser for one and sends its answer as any form is sent. What needs it is hidden until it runs.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  document.querySelectorAll("[data-with-passkey]").forEach((one) => { one.hidden = false; });
  document.querySelectorAll("[data-without-passkey]").forEach((one) => { one.hidden = true; });

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const made = async (options) => {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    };
    const one = await navigator.credentials.create({ publicKey });
    return {
      id: one.id, rawId: text(one.rawId), type: one.type,
      response: { attestationObject: text(one.response.attestationObject), clientDataJSON: text(one.response.clientDataJSON) },
    };
  };
  const used = async (options) => {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    };
    const one = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = one.response;
    return {
      id: one.id, rawId: text(one.rawId), type: one.type,
      response: {
        authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON),
        signature: text(signature), userHandle: userHandle && text(userHandle),
      },
    };
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    button.disabled = true;
    let wrong = form.dataset.failed;
    try {
      const makes = form.dataset.passkey === "make";
      const password = form.elements.nu;
      const data = new URLSearchParams(password ? { nu: password.value } : {});
      const begun = await fetch(form.dataset.begin, { method: "POST", body: data });
      if (begun.status === 401) { location.reload(); return; }
      if (!begun.ok) {
        wrong = await begun.text();
        throw new Error("refused");
      }
      // Sent once is enough.
      if (password) password.value = "";
      const options = await begun.json();
      form.elements.svar.value = JSON.stringify(await (makes ? made(options) : used(options)));
      form.submit();
    } catch {
      // Cancelled, refused, no such key here, or no connection: said in words, and the form is there as before.
      said.querySelector("span").textContent = wrong;
      said.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
})();
