"use strict";
// Sending: the page keeps what the person types and papka keeps what came to it; between them is a queue. What papka
// has not taken yet stays in the queue, whatever happens to the connection.

const AGAIN = 2000; // milliseconds until papka is asked once more
const ALIVE = 20000;
const PATIENCE = 20000; // milliseconds after which a reply is no more expected

let over = false; // the form is done, or it goes on in another window
const queue = [];
let sending = false;
let timer = null;

function ask(deed) {
  if (over) return;
  if (deed.path) {
    // A newer answer takes the place of one that waits, if nothing was added or taken out in between.
    for (let at = queue.length - 1; at >= 0 && queue[at].path && !queue[at].away; at--) {
      if (queue[at].path === deed.path) queue.splice(at, 1);
    }
  }
  queue.push(deed);
  tellSaving();
  send();
}

async function send() {
  if (sending || !queue.length || over) return;
  clearTimeout(timer);
  sending = true;
  const deeds = queue.slice();
  deeds.forEach((deed) => { deed.away = true; });
  let reply = null;
  try {
    reply = await fetch("do", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ deeds }), keepalive: JSON.stringify(deeds).length < 60000,
      signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    reply = null;
  }
  const told = reply && (reply.ok || reply.status === 500) ? await reply.json().catch(() => null) : null;
  sending = false;
  if (reply && reply.ok && told) {
    queue.splice(0, deeds.length);
    put(byId("lost"), "");
    take(told, deeds);
    return queue.length ? send() : null;
  }
  deeds.forEach((deed) => { deed.away = false; });
  if (reply && reply.status === 400) {
    queue.splice(0, deeds.length);
    put(byId("lost"), say("refused"));
    return null;
  }
  if (reply && (reply.status === 409 || reply.status === 403)) {
    put(byId("lost"), say(reply.status === 409 ? "taken" : "locked"));
    over = reply.status === 409;
    return null;
  }
  put(byId("lost"), (told && told.fault) || say("lost"));
  put(byId("saved"), "");
  timer = setTimeout(send, AGAIN);
  return null;
}

function take(told, deeds) {
  state = { ...state, ...told };
  draw();
  for (const deed of deeds) if (deed.then) deed.then();
  tellSaving();
}

function tellSaving() {
  if (over || byId("lost").textContent) return;
  const busy = queue.length > 0 || [...questions.values()].some((one) => one.timer !== null);
  put(byId("saved"), say(busy ? "saving" : "all_saved"));
  byId("saved").classList.toggle("settled", !busy);
}

async function look() {
  if (over || sending || queue.length) return;
  try {
    const reply = await fetch("alive", { signal: AbortSignal.timeout(PATIENCE) });
    if (reply.status === 403) return void put(byId("lost"), say("locked"));
    const { version } = await reply.json();
    put(byId("lost"), "");
    if (version !== state.version && !queue.length) {
      state = await (await fetch("state")).json();
      draw();
    }
    tellSaving();
  } catch {
    put(byId("lost"), say("lost"));
    put(byId("saved"), "");
  }
}
