// One Node engine in a process of its own, as engines.py is for Python:
//
//     node engines.mjs docxtemplater|easy-template-x FOLDER
//
// A template is read from the disk once. Neither engine can use a compiled template twice.

import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";
import Docxtemplater from "docxtemplater";
import PizZip from "pizzip";
import { TemplateHandler } from "easy-template-x";

const [name, folder] = process.argv.slice(2);
const out = path.join(folder, name);
fs.mkdirSync(out, { recursive: true });

const kinds = fs.readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
const template = {};
const data = {};
for (const kind of kinds) {
    template[kind] = fs.readFileSync(path.join(folder, `${kind}.mustache.docx`));
    data[kind] = withNegations(JSON.parse(fs.readFileSync(path.join(folder, `${kind}.json`), "utf8")));
}

// The dialect has no «else» in one of the two engines: the data says of every flag also what it is not.
function withNegations(value) {
    if (Array.isArray(value)) return value.map(withNegations);
    if (value === null || typeof value !== "object") return value;
    const both = {};
    for (const [key, one] of Object.entries(value)) {
        both[key] = withNegations(one);
        if (typeof one === "boolean") both[`not_${key}`] = !one;
    }
    return both;
}

const handler = new TemplateHandler();
const engines = {
    docxtemplater(kind) {
        const document = new Docxtemplater(new PizZip(template[kind]), { paragraphLoop: true, linebreaks: true });
        document.render(data[kind]);
        return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    },
    "easy-template-x": (kind) => handler.process(template[kind], data[kind]),
};

const draw = async (kind) => fs.writeFileSync(path.join(out, `${kind}.docx`), await engines[name](kind));

const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");
// A package may forbid to import its package.json; its file beside it is read in its place.
const main = createRequire(import.meta.url).resolve(name);
const home = main.slice(0, main.lastIndexOf(path.join("node_modules", name)) + path.join("node_modules", name).length);
say({ version: JSON.parse(fs.readFileSync(path.join(home, "package.json"), "utf8")).version });

for await (const line of readline.createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    const begun = process.cpuUsage();
    for (let number = 0; number < order.count; number++) await draw(order.kind);
    const spent = process.cpuUsage(begun);
    say({ cpu: (spent.user + spent.system) / 1e6 / order.count });
}
