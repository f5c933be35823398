"use strict";
// The form on the page: what papka says is asked stands here, and nothing moves under the person's fingers.

const PAUSE = 700; // milliseconds without a letter after which an answer is sent

let state = null;
let showEmpty = false; // whether questions without answer are told beside their fields: after «Write into the case»
const questions = new Map(); // path -> what stands on the page for a question
const parts = new Map();

// --- one question -------------------------------------------------------------------------------------------------

function makeQuestion(asked) {
  const id = `q:${asked.path}`;
  const one = { asked, looks: looksOf(asked), timer: null, stale: false, told: false };
  const hints = [asked.hint, asked.kind === "lines" ? say("lines") : null,
    asked.example && !asked.choices.length && asked.kind !== "table" && asked.kind !== "yes_no"
      ? say("example", { example: asked.example }) : null].filter(Boolean);
  one.error = make("p", { id: `${id}!`, class: "error", role: "alert" });
  one.unknown = make("button", { type: "button", class: "quiet", tabindex: "-1", "aria-keyshortcuts": "F2",
    "aria-label": `${say("unknown")}: ${asked.label}`, onclick: () => toggleUnknown(one) }, say("unknown"));
  one.remark = make("p", { class: "remark", role: "status" });
  one.clash = make("div");
  one.field = makeField(asked, id, `${id}? ${id}!`, (now) => changed(one, now));
  one.node = make("div", { class: "question", onfocusin: () => { one.here = true; },
    onfocusout: (event) => left(one, event) },
    one.field.node, one.error, one.remark, one.clash,
    make("div", { class: "foot" }, make("p", { id: `${id}?`, class: "hint" }, hints.join(". ")), one.unknown));
  one.node.question = one;
  one.field.set(asked.value);
  one.known = JSON.stringify(one.field.get());
  return one;
}

const looksOf = (asked) => JSON.stringify([asked.label, asked.kind, asked.choices, asked.needed, asked.columns, asked.rows,
  asked.hint, asked.example]);

const isPending = (one) => one.timer !== null || queue.some((deed) => deed.path === one.asked.path);

function changed(one, now) {
  clearTimeout(one.timer);
  one.timer = setTimeout(() => keep(one), now ? 0 : PAUSE);
  tellSaving();
}

function keep(one) {
  clearTimeout(one.timer);
  one.timer = null;
  const value = one.field.get();
  if (JSON.stringify(value) === one.known) return tellSaving();
  one.known = JSON.stringify(value);
  return ask({ do: "answer", path: one.asked.path, place: one.asked.place, value });
}

function keepAll() {
  for (const one of questions.values()) if (one.timer !== null) keep(one);
}

function left(one, event) {
  if (one.node.contains(event.relatedTarget)) return;
  one.here = false;
  if (one.timer !== null) keep(one);
  showFaults(one);
  if (one.stale) setTimeout(draw, 0);
}

function toggleUnknown(one) {
  if (one.unknown.hidden) return null;
  clearTimeout(one.timer);
  one.timer = null;
  const { path, place } = one.asked;
  if (one.asked.unknown) return ask({ do: "answer", path, place, value: null });
  one.field.set(null);
  one.known = JSON.stringify(one.field.get());
  return ask({ do: "unknown", path, place });
}

function renew(one, asked) {
  one.asked = asked;
  one.stale = false;
  if (!isPending(one)) {
    const now = JSON.stringify(one.field.get());
    // Under the fingers nothing changes but what the person asked for.
    if (!one.here || asked.value === null !== (now === '""' || now === "[]")) one.field.set(asked.value);
    one.known = JSON.stringify(one.field.get());
  }
  one.unknown.setAttribute("aria-pressed", String(asked.unknown));
  // What has to be answered is left empty until it is known.
  one.unknown.hidden = asked.needed && !asked.unknown;
  showFaults(one);
  showClash(one.clash, state.clashes.filter((clash) => clash.path === asked.path));
}

function showFaults(one) {
  let told = one.asked.faults.filter((fault) => showEmpty || !fault.empty);
  // While a day is half typed, it is not wrong yet; what was told already goes as soon as it is mended.
  if (one.here && !one.told && one.timer === null && document.hasFocus() && isTyping(one)) told = [];
  one.told = told.length > 0;
  const left = one.field.tell ? one.field.tell(told, one.asked.path) : told;
  put(one.error, [...new Set(left.map((fault) => fault.words))].join(" "));
  one.field.invalid(left.length > 0);
  // What should be looked at is said when the person goes on; it stops nothing.
  put(one.remark, one.here && isTyping(one) ? one.remark.textContent : one.asked.remarks.join(" "));
}

function isTyping(one) {
  const at = document.activeElement;
  return one.node.contains(at) && (at.tagName === "TEXTAREA" || at.type === "text");
}

function showClash(where, clashes) {
  const looks = JSON.stringify(clashes);
  if (where.looks === looks) return;
  where.looks = looks;
  const choose = (clash, side) => ask({ do: "settle", place: clash.place, take: side });
  where.replaceChildren(...clashes.map((clash) => make("div", { class: "clash", role: "group", "aria-label": clash.name },
    make("p", {}, clash.path ? say("both") : `${clash.name}. ${say("both")}`),
    make("button", { type: "button", onclick: () => choose(clash, "mine") }, say("keep_mine", { value: clash.mine })),
    make("button", { type: "button", onclick: () => choose(clash, "theirs") }, say("keep_theirs", { value: clash.theirs })))));
}

// --- the form -----------------------------------------------------------------------------------------------------

// Puts children in order without moving those that stay: one that is moved would lose the focus.
function arrange(where, wanted, after = 0) {
  for (const node of [...where.children].slice(after)) if (!wanted.includes(node)) node.remove();
  wanted.forEach((node, at) => {
    if (where.children[at + after] !== node) where.insertBefore(node, where.children[at + after] || null);
  });
}

function questionNode(asked) {
  let one = questions.get(asked.path);
  const differs = one && one.looks !== looksOf(asked);
  if (differs && (one.node.contains(document.activeElement) || isPending(one))) one.stale = true;
  if (!one || (differs && !one.stale)) {
    one = makeQuestion(asked);
    questions.set(asked.path, one);
  }
  const stale = one.stale;
  renew(one, asked);
  one.stale = stale && one.looks !== looksOf(asked);
  return one.node;
}

function itemNode(part, shown, item) {
  const key = item.number === null ? "" : item.number;
  let one = shown.items.get(key);
  if (!one) {
    one = { body: make("div") };
    one.node = one.body;
    if (item.number !== null) {
      one.summary = make("summary");
      one.out = make("button", { type: "button", class: "remove", onclick: () => takeOut(one) });
      one.node = make("details", { class: "item" }, one.summary, one.body, one.out);
      // What the case held before is not gone through again, unless somebody wants to.
      one.node.open = !item.held || !part.adds;
    }
    shown.items.set(key, one);
  }
  Object.assign(one, { part, item });
  arrange(one.body, item.questions.map(questionNode));
  if (one.summary) {
    put(one.summary, item.heading);
    one.out.hidden = item.held || !part.adds;
    if (!one.sure) put(one.out, say("remove", { what: item.title }));
    if (item.questions.some((asked) => asked.faults.some((fault) => showEmpty || !fault.empty))) one.node.open = true;
    if (state.clashes.some((clash) => item.questions.some((asked) => asked.path === clash.path))) one.node.open = true;
  }
  return one.node;
}

function takeOut(one) {
  keepAll();
  if (!one.sure && one.item.questions.some((asked) => asked.value !== null)) {
    one.sure = true;
    put(one.out, say("remove_sure"));
    one.out.addEventListener("blur", () => {
      one.sure = false;
      put(one.out, say("remove", { what: one.item.title }));
    }, { once: true });
    return;
  }
  const shown = parts.get(one.part.index);
  shown.more.focus();
  ask({ do: "remove", part: one.part.index, number: one.item.number, of: one.part.of });
}

function partNode(part) {
  let shown = parts.get(part.index);
  if (!shown) {
    shown = { items: new Map() };
    shown.list = make("div");
    shown.more = make("button", { type: "button", onclick: () => addItem(shown) });
    shown.node = make("section", { id: `part-${part.index}`, "aria-labelledby": `title-${part.index}` },
      make("h2", { id: `title-${part.index}`, tabindex: "-1" }, part.title),
      part.note ? make("p", { class: "note" }, part.note) : null, shown.list, shown.more);
    parts.set(part.index, shown);
  }
  shown.part = part;
  const nodes = part.items.map((item) => itemNode(part, shown, item));
  for (const [key, one] of shown.items) if (!nodes.includes(one.node)) shown.items.delete(key);
  arrange(shown.list, nodes);
  shown.more.hidden = !part.adds;
  if (part.adds) put(shown.more, part.adds);
  return shown.node;
}

function addItem(shown) {
  keepAll();
  const { index, of } = shown.part;
  ask({ do: "add", part: index, of, then: () => {
    const item = shown.items.get(of);
    if (item) focusOn(questions.get(item.item.questions[0].path));
  } });
}

function draw() {
  if (state.written || state.stopped) return finish();
  const nodes = state.parts.map(partNode);
  const asked = new Set(state.parts.flatMap((part) => part.items.flatMap((item) => item.questions.map((one) => one.path))));
  for (const path of [...questions.keys()]) if (!asked.has(path)) questions.delete(path);
  arrange(byId("form"), [...nodes, endNode()]);
  drawContents();
  drawEnd();
  return null;
}

// --- contents, progress -------------------------------------------------------------------------------------------

const lackOf = (asked) => asked.faults.filter((fault) => showEmpty || !fault.empty || asked.needed);

function drawContents() {
  const said = { answered: state.answered, asked: state.asked };
  put(byId("progress"), `${say("answered", said)}. ${say("needed_left", { count: state.needed })}.`);
  const links = state.parts.map((part) => {
    const asked = part.items.flatMap((item) => item.questions);
    const left = asked.filter((one) => lackOf(one).length).length;
    const done = asked.some((one) => one.value !== null);
    return contentsLink(`part-${part.index}`, part.title, left ? say("part_left", { count: left }) : done ? `✓ ${say("done")}` : "");
  });
  arrange(byId("contents"), [...links, contentsLink("end", say("end"), "")]);
}

const contents = new Map();

function contentsLink(id, title, text) {
  if (!contents.has(id)) {
    const told = make("span", { class: "part-state" });
    contents.set(id, { told, node: make("li", {}, make("a", { href: `#${id}` }, title), told) });
  }
  put(contents.get(id).told, text);
  return contents.get(id).node;
}

// --- the end of the form ------------------------------------------------------------------------------------------

let end = null;

function endNode() {
  if (!end) {
    end = { told: make("div", { class: "told", role: "alert" }), clash: make("div"), list: make("ul"), remarks: make("ul", { hidden: true }), look: make("h3"),
      head: make("h3", { tabindex: "-1" }) };
    end.node = make("section", { id: "end", "aria-labelledby": "end-title" },
      make("h2", { id: "end-title", tabindex: "-1" }, say("end")), end.told, end.clash, end.head, end.list, end.look, end.remarks,
      make("div", { class: "buttons" },
        make("button", { type: "button", class: "main", id: "write", onclick: write }, say("write")),
        make("button", { type: "button", id: "later", onclick: () => { keepAll(); ask({ do: "stop" }); } }, say("later"))));
  }
  return end.node;
}

// What is said at the fields, gathered: path, whose question it is, the words.
function gathered(wordsOf) {
  const found = [];
  for (const part of state.parts) for (const item of part.items) for (const asked of item.questions) {
    const words = wordsOf(asked);
    if (words) found.push([asked.path, item.heading ? `${item.heading} — ${asked.label}` : asked.label, words]);
  }
  return found;
}

function drawList(list, found) {
  const looks = JSON.stringify(found);
  if (list.looks === looks || list.contains(document.activeElement)) return;
  list.looks = looks;
  list.replaceChildren(...found.map(([path, name, words]) => make("li", {},
    make("a", { href: `#q:${path}`, onclick: (event) => { event.preventDefault(); focusOn(questions.get(path)); } }, name),
    `: ${words}`)));
  list.hidden = !found.length;
}

function drawEnd() {
  const lacking = gathered((asked) => asked.faults.length ? asked.faults[0].words : "");
  const remarks = gathered((asked) => asked.remarks.join(" "));
  put(end.head, lacking.length ? `${say("missing")}: ${lacking.length}` : say("none_missing"));
  drawList(end.list, lacking);
  put(end.look, say("look_at"));
  end.look.hidden = !remarks.length;
  drawList(end.remarks, remarks);
  showClash(end.clash, state.clashes.filter((clash) => !clash.path));
  const note = state.note;
  const said = note ? [note.words, ...note.more].join("\n") : "";
  if (end.said !== said) {
    end.said = said;
    end.told.replaceChildren(...(note ? [make("p", {}, note.words), ...note.more.map((one) => make("p", {}, one))] : []));
  }
}

function write() {
  keepAll();
  showEmpty = true;
  ask({ do: "finish", then: () => { if (!over) end.head.focus(); } });
}

function finish() {
  over = true;
  const said = state.written ? [say("written"), say("written_next", { case: state.case })] : [say("stopped"), say("stopped_next")];
  const head = make("h2", { tabindex: "-1" }, said[0]);
  byId("form").replaceChildren(make("section", { class: "over" }, head, make("p", {}, said[1])));
  byId("contents").replaceChildren();
  put(byId("progress"), "");
  put(byId("saved"), "");
  byId("keys").hidden = byId("skip").hidden = true;
  head.focus();
}

// --- keys ---------------------------------------------------------------------------------------------------------

function focusOn(one) {
  if (!one) return;
  const closed = one.node.closest("details:not([open])");
  if (closed) closed.open = true;
  (one.field.main || one.unknown).focus();
  one.node.scrollIntoView({ block: "nearest" });
}

function next(from) {
  const all = [...byId("form").querySelectorAll("input, select, textarea, button, summary")].filter(
    (one) => one.tabIndex >= 0 && !one.hidden && one.getClientRects().length);
  // Of radio buttons with one name only one is a stop.
  const at = all.indexOf(from);
  return all.slice(at + 1).find((one) => from.type !== "radio" || one.name !== from.name);
}

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "F2") {
    const node = at.closest && at.closest(".question");
    if (node) {
      event.preventDefault();
      toggleUnknown(node.question);
    }
  } else if (event.key === "Enter" && at.tagName === "INPUT" && !event.isComposing) {
    event.preventDefault();
    const to = next(at);
    if (to) to.focus();
  }
});

byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  const open = [...questions.values()].find((one) => one.asked.value === null && !one.asked.unknown
    && !one.node.closest("details:not([open])"));
  if (open) focusOn(open);
  else end.head.focus();
});

window.addEventListener("pagehide", keepAll);
document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); else look(); });
window.addEventListener("beforeunload", (event) => {
  keepAll();
  if (queue.length && !over) event.preventDefault();
});

// --- a case that has no code yet ----------------------------------------------------------------------------------

function drawOpening(opening) {
  const chosen = () => [...document.querySelectorAll("input[name=programme]")].find((one) => one.checked);
  const fault = make("p", { class: "error", role: "alert" }, opening.fault);
  const code = make("input", { id: "code", type: "text", class: "short", autocomplete: "off", "aria-describedby": "code-hint" });
  const only = opening.programmes.length === 1;
  const propose = () => { code.value = (opening.programmes.find((one) => one.code === chosen().value)).folder; };
  const open = async (deed) => {
    const reply = await fetch("do", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ deeds: [deed] }) }).catch(() => null);
    const told = reply && (reply.ok || reply.status === 500) ? await reply.json().catch(() => null) : null;
    if (told && told.opening === null) return void location.reload();
    put(fault, told ? told.fault || told.opening.fault : say("lost"));
    return void code.focus();
  };
  const pick = (one) => make("label", { class: "option" },
    make("input", { type: "radio", name: "programme", value: one.code, checked: only, onchange: propose }),
    make("span", {}, one.title));
  const begun = opening.begun.map((name) => make("p", {},
    make("button", { type: "button", onclick: () => open({ do: "open", folder: name }) }, say("go_on_with", { name }))));
  byId("form").replaceChildren(
    ...(begun.length ? [make("section", {}, make("h2", {}, say("begun")), ...begun)] : []),
    make("section", {}, make("h2", {}, say("new_case")),
      make("div", { class: "question" }, make("fieldset", { class: "field" },
        make("legend", { class: "label" }, say("programme")), ...opening.programmes.map(pick))),
      make("div", { class: "question" }, make("label", { class: "label", for: "code" }, say("code")), code,
        make("p", { class: "hint", id: "code-hint" }, say("code_hint")), fault),
      make("div", { class: "buttons" }, make("button", { type: "button", class: "main", id: "open",
        onclick: () => open({ do: "open", folder: code.value, programme: chosen() ? chosen().value : "" }) }, say("new_case")))));
  if (only) propose();
  else code.value = opening.programmes[0].folder;
  byId("skip").hidden = byId("keys").hidden = true;
  document.querySelector("main input, main button").focus();
}

(async function start() {
  state = await (await fetch("state")).json();
  WORDS = state.words;
  if (state.opening) return void drawOpening(state.opening);
  put(byId("case"), state.case);
  put(byId("purpose"), state.purpose || "");
  put(byId("keys"), say("keys"));
  draw();
  tellSaving();
  setInterval(look, ALIVE);
})();
