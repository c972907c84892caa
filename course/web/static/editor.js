// The editor in the place of the form's text area. The form works without it; every request here is one of the form's own.
import {
  bracketMatching, closeBrackets, closeBracketsKeymap, Decoration, defaultKeymap, EditorState, EditorView,
  HighlightStyle, highlightActiveLine, highlightActiveLineGutter, highlightSelectionMatches, highlightSpecialChars,
  history, historyKeymap, indentOnInput, indentUnit, indentWithTab, keymap, lineNumbers, Prec, python, search,
  searchKeymap, StateEffect, StateField, syntaxHighlighting, tags, Transaction, WidgetType,
} from "./codemirror.min.js";

const PAUSE = 800; // milliseconds without a key after which the text is saved
const LOOK = 1000; // how often the file on disk is looked at

const form = document.getElementById("editor");
const area = form.elements.code;
const token = form.elements.token.value;
const phrases = JSON.parse(form.dataset.phrases);
const draftName = `course-draft:${form.dataset.workspace}:${form.dataset.slug}`;
const place = new URL(form.getAttribute("action"), location.href).href;
const at = (id) => document.getElementById(id);

let digest = form.elements.digest.value; // of the version on disk that the text was made from
let onDisk = area.value; // its text
let theirs = null; // the version on disk while the learner chooses
let stream = null; // the check under way
let timer = 0;
let queue = Promise.resolve(); // one request that writes after the other

// ---- marks: failed lines, with what the test says below them

class Note extends WidgetType {
  constructor(text) { super(); this.text = text; }
  eq(other) { return other.text === this.text; }
  toDOM() {
    const made = document.createElement("div");
    made.className = "cm-note";
    made.textContent = this.text;
    return made;
  }
}

const marked = StateEffect.define();
const marks = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    shown = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(marked)) continue;
      const { doc } = transaction.state;
      const found = effect.value.filter((mark) => mark.line >= 1 && mark.line <= doc.lines);
      shown = Decoration.set(found.flatMap((mark) => {
        const line = doc.line(mark.line);
        return [
          Decoration.line({ class: "cm-failed" }).range(line.from),
          Decoration.widget({ widget: new Note(mark.text), block: true, side: 1 }).range(line.to),
        ];
      }), true);
    }
    return shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// ---- the editor; its colours are the page's

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null, tags.self], color: "var(--keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: tags.comment, color: "var(--comment)", fontStyle: "italic" },
  { tag: tags.number, color: "var(--number)" },
  { tag: [tags.definition(tags.variableName), tags.definition(tags.className), tags.function(tags.variableName),
      tags.meta], color: "var(--name)" },
]);

const view = new EditorView({
  state: EditorState.create({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(form.dataset.nonce),
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({
        "aria-label": phrases.code, "aria-describedby": "keys", spellcheck: "false", autocorrect: "off",
        autocapitalize: "off", translate: "no", tabindex: "0",
      }),
      lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), history(),
      indentUnit.of("    "), indentOnInput(), bracketMatching(), closeBrackets(), python(),
      syntaxHighlighting(colours), highlightSelectionMatches(), search({ top: true }), marks,
      EditorState.tabSize.of(4),
      Prec.highest(keymap.of([
        { key: "Mod-Enter", run: () => (check(), true) },
        { key: "Mod-s", preventDefault: true, run: () => (save(true), true) },
        // Tab leaves the editor after Esc, until something is typed.
        { key: "Escape", run: (editor) => (editor.setTabFocusMode(true), false) },
      ])),
      keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        view.setTabFocusMode(false);
        if (update.transactions.some((each) => each.annotation(Transaction.remote))) return;
        remember();
        clearTimeout(timer);
        timer = setTimeout(later, PAUSE);
      }),
    ],
  }),
  parent: at("code"),
});
area.hidden = true;
area.disabled = true; // its text is not sent twice
for (const each of document.querySelectorAll(".scripted")) each.hidden = false;
const text = () => view.state.doc.toString();

function show(newText) {
  // Only what differs is replaced: the cursor, and marks elsewhere, stay where they are.
  const old = text();
  let from = 0;
  while (from < old.length && from < newText.length && old[from] === newText[from]) from += 1;
  let end = 0;
  while (end < Math.min(old.length, newText.length) - from && old.at(-1 - end) === newText.at(-1 - end)) end += 1;
  if (old === newText) return;
  view.dispatch({
    changes: { from, to: old.length - end, insert: newText.slice(from, newText.length - end) },
    annotations: Transaction.remote.of(true),
  });
}

// ---- what was typed survives a closed tab and a stopped server

function remember() {
  if (text() === onDisk) return forget();
  say(phrases["kept here"]);
  try {
    localStorage.setItem(draftName, JSON.stringify({ text: text(), digest }));
  } catch { /* private windows and full disks: it is saved in a moment all the same */ }
}

function forget() {
  try {
    const kept = JSON.parse(localStorage.getItem(draftName));
    if (kept && (kept.text === onDisk || kept.text === text())) localStorage.removeItem(draftName);
  } catch { /* nothing was kept */ }
}

function restore() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(draftName)); } catch { return; }
  if (!kept || kept.text === onDisk) return forget();
  show(kept.text);
  if (kept.digest === digest) {
    later();
    say(phrases.restored);
  } else {
    choose({ text: onDisk, digest });
  }
}

// ---- saving

function say(words) { at("saved").textContent = words; }
function complain(words) { if (at("trouble").textContent !== words) at("trouble").textContent = words; }

// A field of the form with an action; null where it was not done, which is said.
async function post(action, fields) {
  let answer;
  try {
    answer = await fetch(place, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ token, action, ...fields }),
    });
  } catch {
    complain(phrases["no answer"]);
    return null;
  }
  if (answer.status === 409) {
    choose(await answer.json());
    return null;
  }
  if (answer.status === 403) {
    complain(phrases["another start"]);
    return null;
  }
  const data = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : {};
  complain(answer.ok ? "" : data.problem ?? `${answer.status}`);
  return answer.ok ? data : null;
}

function write(action) {
  clearTimeout(timer);
  const done = queue.then(async () => {
    if (theirs) return false;
    const sent = text();
    say(phrases.saving);
    const data = await post(action, { code: sent, digest });
    if (!data) return say(text() === onDisk ? "" : phrases["kept here"]), false;
    [digest, onDisk] = [data.digest, sent];
    if (text() === sent) {
      forget();
      say(phrases.saved);
    } else {
      remember();
      timer = setTimeout(later, PAUSE);
    }
    return true;
  });
  queue = done.catch(() => {});
  return done;
}

function later() {
  if (view.composing) { // a syllable is being put together
    timer = setTimeout(later, PAUSE);
  } else if (text() !== onDisk) {
    save(false);
  }
}

function save(asked) {
  return asked && at("check-on-save").checked ? check() : write("save");
}

// ---- the file changed elsewhere: nothing is overwritten, the learner chooses

function choose(version) {
  if (version.text === text()) {
    [digest, onDisk] = [version.digest, version.text];
    forget();
    return;
  }
  theirs = version;
  clearTimeout(timer);
  say(phrases["kept here"]);
  at("theirs").textContent = version.text;
  at("conflict").hidden = false;
  at("conflict").scrollIntoView({ block: "nearest" });
  at("keep").focus();
}

async function chosen(action) {
  const version = theirs;
  const mine = text();
  const data = await post(action, { code: mine, digest: version.digest });
  if (!data) return;
  theirs = null;
  at("conflict").hidden = true;
  if (action === "keep") {
    [digest, onDisk] = [data.digest, mine];
  } else {
    [digest, onDisk] = [version.digest, version.text];
    show(version.text);
  }
  forget();
  localStorage.removeItem(draftName);
  say(phrases.saved);
  view.focus();
}

async function look() {
  setTimeout(look, LOOK);
  if (document.hidden || theirs) return;
  let answer;
  const seen = digest;
  try {
    answer = await fetch(`${place}/file?seen=${seen}`);
  } catch { return; } // said when there is something to save
  if (answer.status !== 200 || seen !== digest || theirs) return;
  const version = await answer.json();
  if (seen !== digest || theirs || version.digest === digest) return;
  if (text() === onDisk) {
    [digest, onDisk] = [version.digest, version.text];
    show(version.text);
    say(phrases.reloaded);
  } else {
    choose(version);
  }
}

// ---- checking

async function check() {
  stream?.close();
  view.dispatch({ effects: marked.of([]) });
  say(phrases.checking);
  if (await write("check")) follow();
}

function follow() {
  stream?.close();
  at("stop").hidden = false;
  say(phrases.checking);
  const heard = new EventSource(`${place}/check`);
  stream = heard;
  let list = null;
  const failed = [];
  heard.addEventListener("test", (event) => {
    const data = JSON.parse(event.data);
    if (!list) {
      list = document.createElement("ul");
      const box = document.createElement("div");
      box.className = "course-exercise running";
      box.append(list);
      fill(box);
    }
    list.insertAdjacentHTML("beforeend", data.html);
    failed.push(...data.marks);
    mark(failed);
  });
  heard.addEventListener("over", (event) => {
    const data = JSON.parse(event.data);
    end(heard);
    say(data.said);
    if (data.html === undefined) return;
    const made = document.createElement("template");
    made.innerHTML = data.html;
    fill(made.content);
    mark(data.marks);
    if (data.passed) after();
  });
  heard.addEventListener("error", () => end(heard));
}

function mark(found) {
  const effects = [marked.of(found)];
  const first = Math.min(...found.map((each) => each.line));
  if (first <= view.state.doc.lines) effects.push(EditorView.scrollIntoView(view.state.doc.line(first).from, { y: "nearest", yMargin: 60 }));
  view.dispatch({ effects });
}

function end(heard) {
  heard.close();
  if (stream !== heard) return;
  stream = null;
  at("stop").hidden = true;
}

// The section itself stays: it asks for results that come from a terminal.
function fill(node) {
  const section = document.querySelector("#live > section");
  const heading = section.querySelector("h2");
  section.replaceChildren(heading, node);
}

async function after() {
  const answer = await fetch(`${place}/after`);
  if (answer.status === 200) at("after").innerHTML = await answer.text();
}

// ---- the form's buttons

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const action = event.submitter?.value ?? "save";
  if (action === "check") return check();
  if (action === "save") return save(true);
  if (action === "stop") return post("stop", {});
  const before = text();
  if (text() !== onDisk && !(await write("save"))) return;
  const data = await post(action, { digest });
  if (!data) return;
  [digest, onDisk] = [data.digest, data.text];
  // As typed: undo brings one's own text back.
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: data.text },
    annotations: Transaction.remote.of(true), effects: marked.of([]),
  });
  if (before !== data.text && data.backup) say(phrases.backup.replace("{path}", data.backup));
  view.focus();
});
at("keep").addEventListener("click", () => chosen("keep"));
at("take").addEventListener("click", () => chosen("aside"));
addEventListener("pagehide", () => {
  if (text() !== onDisk) remember();
});
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey)) return;
  if (event.key === "Enter") { event.preventDefault(); check(); }
  if (event.key === "s") { event.preventDefault(); save(true); }
});

restore();
setTimeout(look, LOOK);
if ("checking" in form.dataset) follow();
