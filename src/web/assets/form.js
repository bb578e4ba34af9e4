/* What makes the form more pleasant. Everything works without it: each part asks whether its page has what it needs. */
'use strict';

(() => {
  /* What is said on top is read first: an error summary, a receipt's heading. */
  function focusFirst() {
    const first = document.querySelector('[data-focus]');
    if (first) first.focus();
  }

  const number = (n) => n.toLocaleString(document.documentElement.lang === 'en' ? 'en-GB' : 'da-DK');

  /* How many characters are left: seen at once, and told to a screen reader when typing pauses. */
  function count(form) {
    const group = form.querySelector('.form-limit');
    if (!group) return;
    const text = group.querySelector('textarea');
    const seen = group.querySelector('.character-limit');
    const heard = group.querySelector('.character-limit-sr-only');
    const most = Number(group.dataset.maxlength);
    let timer;
    const words = () => {
      const left = most - [...text.value].length;
      return (left < 0 ? group.dataset.over : group.dataset.left).replace('{antal}', number(Math.abs(left)));
    };
    const tell = () => {
      seen.textContent = words();
      clearTimeout(timer);
      timer = setTimeout(() => { heard.textContent = words(); }, 1500);
    };
    seen.textContent = words();
    text.addEventListener('input', tell);
  }

  /* The draft, in this browser alone and only when asked for. The word for the private page is never kept. */
  function draft(form) {
    const box = form.querySelector('#kladde');
    if (!box) return;
    const key = 'indgang-kladde';
    const fields = ['besked', 'frist', 'navn', 'email', 'telefon', 'omraade'];
    let store;
    try { store = window.localStorage; store.getItem(key); } catch { return; }
    box.closest('.draft').hidden = false;
    const save = () => {
      if (!box.checked) return;
      const kept = {};
      for (const id of fields) { const field = form.querySelector('#' + id); if (field) kept[id] = field.value; }
      try { store.setItem(key, JSON.stringify(kept)); } catch { box.checked = false; }
    };
    const written = fields.some((id) => { const field = form.querySelector('#' + id); return field && field.value; });
    try {
      const kept = JSON.parse(store.getItem(key) || 'null');
      if (kept) {
        box.checked = true;
        if (!written) for (const id of fields) { const field = form.querySelector('#' + id); if (field && kept[id]) field.value = kept[id]; }
      }
    } catch { store.removeItem(key); }
    box.addEventListener('change', () => { if (box.checked) save(); else store.removeItem(key); });
    form.addEventListener('input', save);
  }

  function forgetDraft() {
    try { window.localStorage.removeItem('indgang-kladde'); } catch { /* there is none */ }
  }

  /* The puzzle, begun as soon as the page is there. */
  function puzzle(form) {
    const bits = Number(form.dataset.puzzleBits || 0);
    if (!bits || !window.Worker) return Promise.resolve();
    return new Promise((solved) => {
      const worker = new Worker(form.dataset.puzzle);
      worker.onmessage = (message) => { form.elements.puzzle.value = message.data; worker.terminate(); solved(); };
      worker.onerror = () => solved();
      worker.postMessage({ token: form.elements.token.value, bits });
    });
  }

  /* Sending with a progress bar, once however often it is pressed. */
  function sending(form) {
    const status = form.querySelector('.form-status');
    const row = form.querySelector('.progress-row');
    if (!status || !row || !window.FormData) return;
    const bar = row.querySelector('progress'), label = row.querySelector('span'), cancel = row.querySelector('button');
    const files = form.querySelector('input[type=file]');
    const solved = puzzle(form);
    let busy = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (busy) return;
      const size = [...files.files].reduce((sum, file) => sum + file.size, 0);
      if (size > Number(form.dataset.mostBytes)) {
        status.textContent = form.dataset.tooLarge;
        files.focus();
        return;
      }
      busy = true;
      const body = new FormData(form);
      if (event.submitter && event.submitter.name) body.append(event.submitter.name, event.submitter.value);
      status.textContent = form.dataset.puzzleBits && !form.elements.puzzle.value ? form.dataset.solving : form.dataset.sending;
      await solved;
      body.set('puzzle', form.elements.puzzle.value);
      const request = new XMLHttpRequest();
      request.open('POST', form.action);
      const done = (words) => { busy = false; row.hidden = true; status.textContent = words || ''; };
      if (size > 0) {
        row.hidden = false;
        let told = -1;
        request.upload.onprogress = (progress) => {
          const percent = Math.floor(progress.loaded / progress.total * 100);
          bar.value = percent;
          label.textContent = form.dataset.uploading.replace('{antal}', percent);
          if (percent - told >= 25) { told = percent; status.textContent = label.textContent; }
        };
      }
      cancel.onclick = () => request.abort();
      request.onabort = () => done(form.dataset.cancelled);
      /* The browser's own way: it shows what went wrong, and tries by itself. */
      request.onerror = () => { busy = false; form.submit(); };
      request.onload = () => {
        const from = new URL(request.responseURL || form.action, location.href);
        if (from.pathname !== location.pathname) {
          if (/\/(kvittering|receipt)\//.test(from.pathname)) forgetDraft();
          location.assign(from.pathname);
          return;
        }
        const page = new DOMParser().parseFromString(request.responseText, 'text/html');
        /* No form came back: what was typed stays where it is, with what was said beside the button. */
        if (!page.getElementById('henvendelse')) {
          const said = page.querySelector('#main-content');
          return said ? done(said.textContent.replace(/\s+/g, ' ').trim()) : request.onerror();
        }
        document.title = page.title;
        document.getElementById('main-content').replaceWith(page.getElementById('main-content'));
        begin();
        focusFirst();
        window.scrollTo(0, 0);
      };
      request.send(body);
    });
  }

  function begin() {
    const form = document.getElementById('henvendelse');
    if (!form) return;
    count(form);
    draft(form);
    sending(form);
  }

  begin();
  focusFirst();
})();
