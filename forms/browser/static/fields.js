"use strict";
// How each kind of answer is typed. A field is {node, main, get(), set(value), invalid(on)}; `changed(now)` is called
// when a person has changed it: with true when nothing more will be typed for the moment.

let WORDS = {};

const byId = (id) => document.getElementById(id);

function say(name, values = {}) {
  return WORDS[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((one) => one !== null));
  return node;
}

const FEW = 4; // more than these are a list that opens, not buttons

function labelOf(asked) {
  const needed = asked.needed ? make("span", { class: "needed" }, ` — ${say("needed")}`) : null;
  return [asked.label, ...(needed ? [needed] : [])];
}

// A case file may hold the words of a choice in place of its code, and «yes» in place of «да».
function codeOf(asked, given) {
  const value = String(given);
  if (asked.kind === "yes_no") {
    const said = value.trim().toLowerCase();
    if (["да", "yes", "true", "1", "+", "д", "y"].includes(said)) return asked.choices[0][0];
    if (["нет", "no", "false", "0", "-", "н", "n"].includes(said)) return asked.choices[1][0];
  }
  const found = asked.choices.find(([code, label]) => value === code || value === label);
  return found ? found[0] : value;
}

function makeField(asked, id, described, changed) {
  const several = asked.kind === "choices";
  const one = asked.kind === "choice" || asked.kind === "yes_no";
  if (asked.kind === "table") return tableField(asked, id, described, changed);
  if (several) return boxField(asked, id, described, changed, "checkbox");
  if (one && !asked.cell && asked.choices.length <= FEW) return boxField(asked, id, described, changed, "radio");
  if (one) return listField(asked, id, described, changed);
  return textField(asked, id, described, changed);
}

function textField(asked, id, described, changed) {
  const lines = asked.kind === "lines";
  const attributes = {
    id, "aria-describedby": described, autocomplete: "off", "aria-required": asked.needed ? "true" : null,
    oninput: () => changed(false), onchange: () => changed(true),
  };
  const placeholder = asked.kind === "date" ? say("date") : null;
  const short = ["date", "time", "number", "money"].includes(asked.kind) ? "short" : null;
  const main = lines || asked.kind === "text"
    ? make("textarea", { ...attributes, rows: asked.cell ? 1 : 3 })
    : make("input", { ...attributes, type: "text", placeholder, class: short });
  return {
    node: make("div", { class: "field" }, make("label", { class: "label", for: id }, ...labelOf(asked)), main),
    main,
    get: () => (lines ? main.value.split("\n").filter((line) => line.trim()) : main.value),
    set: (value) => {
      const text = value === null ? "" : lines ? value.join("\n") : value;
      if (main.value !== text) main.value = text;
    },
    invalid: (on) => mark(main, on),
  };
}

function listField(asked, id, described, changed) {
  const main = make("select", { id, "aria-describedby": described, "aria-required": asked.needed ? "true" : null,
    onchange: () => changed(true) }, make("option", { value: "" }, `— ${say("choose")} —`));
  for (const [code, label] of asked.choices) main.append(make("option", { value: code }, label));
  return {
    node: make("div", { class: "field" }, make("label", { class: "label", for: id }, ...labelOf(asked)), main),
    main,
    get: () => main.value,
    set: (value) => {
      const code = value === null ? "" : codeOf(asked, value);
      // A wrong answer of the case file is shown as it stands there.
      if (![...main.options].some((one) => one.value === code)) main.append(make("option", { value: code }, code));
      if (main.value !== code) main.value = code;
    },
    invalid: (on) => mark(main, on),
  };
}

function boxField(asked, id, described, changed, type) {
  const boxes = make("div");
  const node = make("fieldset", { class: "field", "aria-describedby": described },
    make("legend", { class: "label" }, ...labelOf(asked)), boxes);
  const box = (code, label) => boxes.append(make("label", { class: "option" },
    make("input", { type, name: id, value: code, onchange: () => changed(true) }), make("span", {}, label)));
  asked.choices.forEach(([code, label]) => box(code, label));
  if (!asked.choices.length) boxes.append(make("p", { class: "hint" }, say("nobody")));
  const inputs = () => [...boxes.querySelectorAll("input")];
  const field = {
    node,
    get main() { return inputs().find((one) => one.checked) || inputs()[0] || null; },
    get: () => {
      const chosen = inputs().filter((one) => one.checked).map((one) => one.value);
      return type === "radio" ? chosen[0] || "" : chosen;
    },
    set: (value) => {
      const codes = (value === null ? [] : [].concat(value)).map((one) => codeOf(asked, one));
      for (const code of codes) if (!inputs().some((one) => one.value === code)) box(code, code);
      for (const one of inputs()) one.checked = codes.includes(one.value);
    },
    invalid: (on) => node.classList.toggle("wrong", on),
  };
  return field;
}

function mark(main, on) {
  if (on) main.setAttribute("aria-invalid", "true");
  else main.removeAttribute("aria-invalid");
}

// --- tables: a card for each row, so that they are the same on a telephone ------------------------------------

function tableField(asked, id, described, changed) {
  const given = asked.rows.length > 0;
  const key = asked.columns[0].name;
  const columns = given ? asked.columns.slice(1) : asked.columns;
  const body = make("div");
  const node = make("fieldset", { class: "field", "aria-describedby": described },
    make("legend", { class: "label" }, ...labelOf(asked)), body);
  let rows = [];
  let counted = 0;

  function makeRow(known, title) {
    const name = `${id}~${counted++}`;
    const cells = columns.map((column, at) => {
      const cell = `${name}~${at}`;
      const field = makeField({ ...column, cell: true, needed: column.needed && !given }, cell, `${cell}!`, changed);
      const error = make("p", { id: `${cell}!`, class: "error", role: "alert" });
      field.set(known[column.name] === undefined ? null : known[column.name]);
      const wide = column.kind === "text" || column.kind === "lines" ? "wide" : null;
      return { field, column, error, node: make("div", { class: wide }, field.node, error) };
    });
    const legend = make("legend", {}, title);
    const row = { known, cells, legend, node: make("fieldset", { class: "row" }, legend,
      make("div", { class: "cells" }, ...cells.map((cell) => cell.node))) };
    if (!given) {
      row.out = make("button", { type: "button", class: "quiet", onclick: () => takeOut(row) });
      row.node.append(row.out);
    }
    return row;
  }

  function takeOut(row) {
    const at = rows.indexOf(row);
    rows.splice(at, 1);
    row.node.remove();
    number();
    changed(true);
    const next = rows[Math.min(at, rows.length - 1)];
    (next ? next.cells[0].field.main : more).focus();
  }

  function number() {
    if (given) return;
    rows.forEach((row, at) => {
      row.legend.textContent = say("row", { number: at + 1 });
      row.out.textContent = say("remove_row", { number: at + 1 });
    });
  }

  const more = make("button", { type: "button", onclick: () => {
    const row = makeRow({}, "");
    rows.push(row);
    body.append(row.node);
    number();
    row.cells[0].field.main.focus();
  } }, `${say("add_row")}: ${asked.label}`);
  if (!given) node.append(more);

  const read = (row) => {
    const found = { ...row.known };
    for (const { field, column } of row.cells) {
      const text = field.get();
      if (text.trim()) found[column.name] = text;
      else delete found[column.name];
    }
    const filled = Object.keys(found).some((name) => !(given && name === key));
    return filled ? found : null;
  };

  const build = (value) => {
    // A case file may hold something else in the place of a table: the fault says so.
    const known = Array.isArray(value) ? value : [];
    const codes = asked.rows.map(([code]) => code);
    const of = (code) => known.find((row) => row[key] === code) || { [key]: code };
    rows = given
      ? [...asked.rows.map(([code, title]) => makeRow(of(code), title)),
         ...known.filter((row) => !codes.includes(row[key])).map((row) => makeRow(row, row[key] || "?"))]
      : known.map((row) => makeRow(row, ""));
    body.replaceChildren(...rows.map((row) => row.node));
    number();
  };

  const get = () => rows.map(read).filter((row) => row !== null);
  return {
    node,
    get main() { return (rows[0] && rows[0].cells[0].field.main) || (given ? null : more); },
    get,
    set: (value) => {
      if (!body.hasChildNodes() || JSON.stringify(get()) !== JSON.stringify(value || [])) build(value);
    },
    invalid: () => {},
    // Only rows that hold something are kept, so faults count those.
    tell: (words, path) => {
      let kept = 0;
      for (const row of rows) {
        const at = read(row) === null ? -1 : kept++;
        for (const { field, column, error } of row.cells) {
          const said = words.filter((one) => at >= 0 && isWithin(one.path, `${path}[${at}].${column.name}`));
          put(error, said.map((one) => one.words).join(" "));
          field.invalid(said.length > 0);
        }
      }
      const inCells = (one) => /\[\d+\]\.(\w+)/.test(one.path.slice(path.length))
        && columns.some((column) => isWithin(one.path.slice(path.length).replace(/^\[\d+\]/, ""), `.${column.name}`));
      return words.filter((one) => !inCells(one));
    },
  };
}

function isWithin(path, place) {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
