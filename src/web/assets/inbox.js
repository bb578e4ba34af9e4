// What makes the inbox quicker; everything works without. Nothing is kept in the browser: drafts are on the server.
"use strict";
(() => {
  const body = document.body;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  document.documentElement.classList.add("js");

  // Panels: a link to one opens it, and puts the cursor where one writes.
  const openPanel = (id) => {
    const panel = document.getElementById(id);
    if (!panel) return false;
    if (panel.tagName === "DETAILS") {
      all("details.composer").forEach((other) => { if (other !== panel) other.open = false; });
      panel.open = true;
    }
    const field = one("textarea, select, input:not([type=hidden])", panel);
    (id === "afslut" ? one("select", panel) : one("textarea", panel) || field)?.focus();
    panel.scrollIntoView({ block: "nearest" });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && ["svar", "note", "afslut", "forsinkelse", "videresend"].includes(link.hash.slice(1))) {
      event.preventDefault();
      openPanel(link.hash.slice(1));
    }
  });
  if (location.hash.length > 1) openPanel(location.hash.slice(1));
  one(".thread .newline")?.scrollIntoView({ block: "center" });
  if (!one(".thread .newline")) { const thread = one(".thread"); if (thread) thread.scrollTop = thread.scrollHeight; }
  one(".row a[aria-current]")?.scrollIntoView({ block: "nearest" });

  const send = (url, data) => fetch(url, {
    method: "POST",
    headers: { "X-Requested-With": "indbakke" },
    body: data instanceof FormData ? new URLSearchParams(data) : data,
    keepalive: true,
  });
  const signedOut = (response) => response.status === 401;

  // Drafts: saved as one types, at most once in a second and a half, and when the page is left.
  const enquiry = one("[data-enquiry]")?.dataset.enquiry;
  const drafts = [];
  all("form[data-draft]").forEach((form) => {
    const text = one("textarea", form);
    if (!text) return;
    const note = one("#gemt");
    let timer = 0;
    let saved = text.value;
    const save = async () => {
      clearTimeout(timer);
      timer = 0;
      if (text.value === saved) return;
      const value = text.value;
      const data = new URLSearchParams({ slags: form.dataset.draft, tekst: value, via: form.elements.via?.value || "" });
      try {
        const response = await send(`/indbakke/h/${enquiry}/kladde`, data);
        if (response.ok) {
          saved = value;
          if (note && form.dataset.draft === "reply") note.dataset.saved = await response.text();
          one("#offline").hidden = true;
          count();
        } else if (signedOut(response)) {
          form.requestSubmit(one("[value=gem]", form) || undefined);
        }
      } catch {
        one("#offline").hidden = false;
        timer = setTimeout(save, 5000);
      }
    };
    const count = () => {
      if (!note || form.dataset.draft !== "reply") return;
      const parts = [];
      const length = [...text.value].length;
      if (text.value) parts.push(note.dataset.chars.replace("{antal}", length));
      if (form.elements.via?.value.startsWith("sms:") && text.value) parts.push(note.dataset.sms.replace("{antal}", segments(text.value)));
      if (note.dataset.saved) parts.push(note.dataset.saved);
      if (parts.length) note.textContent = parts.join(" · ");
    };
    text.addEventListener("input", () => { count(); clearTimeout(timer); timer = setTimeout(save, 1500); });
    form.elements.via?.addEventListener("change", count);
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(one("button.primary", form)); }
    });
    form.addEventListener("submit", () => { clearTimeout(timer); saved = text.value; });
    addEventListener("pagehide", () => { if (timer) save(); });
    drafts.push(save);
    count();
  });

  // GSM 03.38, as the gateways count: the table and its extension, 160 or 153; everything else 70 or 67.
  const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  const extended = "\f^{}\\[~]|€";
  const segments = (text) => {
    let units = 0;
    for (const letter of text) {
      if (basic.includes(letter)) units += 1;
      else if (extended.includes(letter)) units += 2;
      else return text.length <= 70 ? 1 : Math.ceil(text.length / 67);
    }
    return units <= 160 ? 1 : Math.ceil(units / 153);
  };

  // The panel saves each change by itself.
  const panel = one("form[data-panel]");
  panel?.addEventListener("change", async (event) => {
    const field = event.target;
    const data = new URLSearchParams();
    if (field.dataset.flag) data.append(field.dataset.flag, field.checked ? "1" : "0");
    else if (field.name === "opgave") {
      data.append("opgaver", "1");
      all("[name=opgave]:checked", panel).forEach((box) => data.append("opgave", box.value));
    } else if (field.dataset.save !== undefined) data.append(field.name, field.value);
    else return;
    const note = one("#panel-gemt");
    try {
      const response = await send(panel.action, data);
      if (response.ok) note.textContent = panel.dataset.saved;
      else panel.requestSubmit();
    } catch {
      one("#offline").hidden = false;
    }
  });

  // Choosing several.
  const rows = one("#liste");
  const bulk = one("#valgte");
  const picks = () => all(".pick:checked");
  const picked = () => {
    if (!bulk) return;
    const count = picks().length;
    bulk.hidden = count === 0;
    one("#antal").textContent = rows.dataset.chosen.replace("{antal}", count);
  };
  rows?.addEventListener("change", picked);

  // News: told, never moving what one reads.
  const news = one("#nye");
  let title = document.title.replace(/^\(\d+\) /, "");
  const tell = (told) => {
    document.title = told.handling > 0 ? `(${told.handling}) ${title}` : title;
    if (!news || told.nye < 1) return;
    const words = told.nye === 1 ? rows.dataset.newOne : rows.dataset.newMany.replace("{antal}", told.nye);
    one("span", news).textContent = words;
    news.hidden = false;
  };
  if (rows?.dataset.newest !== undefined) {
    const source = new EventSource(`/indbakke/nyt?siden=${rows.dataset.newest}`);
    source.onmessage = (event) => { one("#live").hidden = false; tell(JSON.parse(event.data)); };
    source.onopen = () => { one("#live").hidden = false; one("#offline").hidden = true; };
    source.onerror = () => { one("#live").hidden = true; };
    addEventListener("pagehide", () => source.close());
  }

  // Who else is here.
  if (enquiry) {
    const others = one("#andre");
    const here = async () => {
      try {
        const response = await send(`/indbakke/h/${enquiry}/her`);
        if (!response.ok) return;
        const lines = await response.json();
        const same = all("span", others).map((span) => span.textContent).join("\n") === lines.join("\n");
        if (same) return;
        others.replaceChildren(...lines.map((line) => {
          const paragraph = document.createElement("p");
          paragraph.className = "collide";
          const span = document.createElement("span");
          span.textContent = line;
          paragraph.append(span);
          return paragraph;
        }));
      } catch { /* Asked again. */ }
    };
    setInterval(() => { if (!document.hidden) here(); }, 20000);
    here();
  }

  // Two minutes before the session runs out.
  const idle = Number(body.dataset.idle || 0) * 1000;
  const expiry = one("#udloeb");
  let last = Date.now();
  const alive = () => { last = Date.now(); };
  addEventListener("keydown", alive);
  addEventListener("pointerdown", alive);
  if (expiry && idle > 180000) {
    let renewed = Date.now();
    setInterval(async () => {
      const now = Date.now();
      if (now - last > idle - 120000 && !expiry.open) { drafts.forEach((save) => save()); expiry.showModal(); }
      else if (now - last < 60000 && now - renewed > 120000) { renewed = now; fetch("/indbakke/tal?siden=0").catch(() => {}); }
    }, 10000);
    one("#bliv").addEventListener("click", () => { alive(); fetch("/indbakke/tal?siden=0").catch(() => {}); expiry.close(); });
  }

  // Dialogs.
  const keys = one("#genveje");
  one("#genveje-link")?.addEventListener("click", (event) => { event.preventDefault(); keys.showModal(); });
  all("[data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

  // The palette: everything that can be clicked here, by name.
  const palette = one("#palet");
  const field = one("#palet-felt");
  const list = one("#palet-liste");
  let commands = [];
  let active = 0;
  const collect = () => {
    const found = [];
    const add = (label, run) => { label = label.replace(/\s+/g, " ").trim(); if (label) found.push({ label, run }); };
    all(".read-tools a, .read-tools button").forEach((item) => add(item.getAttribute("aria-label") || item.firstChild?.nextSibling?.textContent || item.textContent, () => item.click()));
    all("details.composer > summary").forEach((item) => add(item.textContent, () => openPanel(item.parentElement.id)));
    all("#sag select[data-save]").forEach((select) => all("option", select).forEach((option) => {
      const label = one(`label[for=${select.id}]`).firstChild.textContent;
      add(`${label}: ${option.textContent}`, () => { select.value = option.value; select.dispatchEvent(new Event("change", { bubbles: true })); });
    }));
    all("#sag [name=type]").forEach((radio) => add(radio.parentElement.textContent, () => { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); }));
    all(".triage section button").forEach((button) => add(button.textContent, () => button.click()));
    all(".rail a, .bar-nav a, #registrer").forEach((item) => add(one(".label-long", item)?.textContent || item.textContent, () => item.click()));
    return found;
  };
  const draw = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = commands.filter((command) => words.every((word) => command.label.toLowerCase().includes(word))).slice(0, 12);
    active = Math.min(active, Math.max(0, fits.length - 1));
    list.replaceChildren(...fits.map((command, index) => {
      const option = document.createElement("div");
      option.id = `p${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", index === active);
      option.textContent = command.label;
      option.addEventListener("click", () => { palette.close(); command.run(); });
      return option;
    }));
    if (fits.length) field.setAttribute("aria-activedescendant", `p${active}`);
    else field.removeAttribute("aria-activedescendant");
    return fits;
  };
  const openPalette = () => {
    if (!palette || palette.open) return;
    commands = collect();
    active = 0;
    field.value = "";
    palette.showModal();
    draw();
    field.focus();
  };
  field?.addEventListener("input", () => { active = 0; draw(); });
  field?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { active += 1; draw(); event.preventDefault(); }
    else if (event.key === "ArrowUp") { active = Math.max(0, active - 1); draw(); event.preventDefault(); }
    else if (event.key === "Enter") {
      event.preventDefault();
      const command = draw()[active];
      if (command) { palette.close(); command.run(); }
    }
  });

  // Keys. Single ones never fire in fields, and can be switched off (WCAG 2.1.4).
  const single = body.dataset.keys === "1";
  const links = () => all(".row > a");
  const move = (by) => {
    const rows = links();
    if (!rows.length) return;
    const focused = rows.indexOf(document.activeElement);
    const current = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, current + by))];
    next.focus();
    if (one("[data-enquiry]") && next !== rows[current]) next.click();
  };
  const act = {
    j: () => move(1),
    k: () => move(-1),
    x: () => {
      const row = (document.activeElement.closest?.(".row")) || one(".row > a[aria-current]")?.closest(".row");
      const pick = row && one(".pick", row);
      if (pick) { pick.checked = !pick.checked; picked(); }
    },
    "/": () => one("#q")?.focus(),
    "?": () => keys?.showModal(),
    r: () => openPanel("svar"),
    n: () => openPanel("note"),
    e: () => openPanel("afslut"),
    u: () => one("button[data-key=u]")?.click(),
    z: () => { const undo = one("[data-undo]"); if (undo) undo.click(); else undoLast(); },
    s: () => one("#status")?.focus(),
    o: () => one("#omraade")?.focus(),
    t: () => one("#sag [name=type]:checked, #sag [name=type]")?.focus(),
    c: () => one("#registrer")?.click(),
  };
  const undoLast = () => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/indbakke/fortryd";
    const back = document.createElement("input");
    back.type = "hidden";
    back.name = "tilbage";
    back.value = location.pathname + location.search;
    form.append(back);
    body.append(form);
    form.submit();
  };
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    const target = event.target;
    const writing = target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog[open]");
    if (event.key === "Escape" && target.matches?.("textarea, input, select")) { target.blur(); return; }
    if (!single || writing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const run = act[event.key];
    if (run) { event.preventDefault(); run(); }
  });
})();
