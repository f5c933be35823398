// One Node engine in a process of its own, as engines.py is for Python:
//
//     node engines.mjs docxtemplater|easy-template-x|carbone|docx-templates|docx-templates-noSandbox FOLDER
//
// A template is read from the disk once, where the engine lets us. None of them can use a compiled template twice.

import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";
import { promisify } from "node:util";

const [name, folder] = process.argv.slice(2);
const out = path.join(folder, name);
fs.mkdirSync(out, { recursive: true });

const library = name.replace("-noSandbox", "");
const dialect = { carbone: "carbone", "docx-templates": "scripted" }[library] ?? "mustache";
const kinds = fs.readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
const place = (kind) => path.join(folder, `${kind}.${dialect}.docx`);
const template = {};
const data = {};
for (const kind of kinds) {
    const said = JSON.parse(fs.readFileSync(path.join(folder, `${kind}.json`), "utf8"));
    template[kind] = fs.readFileSync(place(kind));
    data[kind] = dialect === "mustache" ? withNegations(said) : said;
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

// Each engine is loaded only where it is asked for: what is not installed is told by run.py.
const engines = {
    async docxtemplater() {
        const { default: Docxtemplater } = await import("docxtemplater");
        const { default: PizZip } = await import("pizzip");
        return (kind) => {
            const document = new Docxtemplater(new PizZip(template[kind]), { paragraphLoop: true, linebreaks: true });
            document.render(data[kind]);
            return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
        };
    },
    async "easy-template-x"() {
        const { TemplateHandler } = await import("easy-template-x");
        const handler = new TemplateHandler();
        return (kind) => handler.process(template[kind], data[kind]);
    },
    async carbone() {
        const { default: carbone } = await import("carbone");
        const render = promisify(carbone.render);
        return (kind) => render(place(kind), data[kind], {});
    },
    async "docx-templates"() {
        const { createReport } = await import("docx-templates");
        const noSandbox = name !== library;
        return (kind) => createReport({ template: template[kind], data: data[kind], cmdDelimiter: "+++", noSandbox });
    },
};

const engine = await engines[library]();
const draw = async (kind) => fs.writeFileSync(path.join(out, `${kind}.docx`), await engine(kind));

const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");
// A package may forbid to import its package.json; its file beside it is read in its place.
const main = createRequire(import.meta.url).resolve(library);
const home = main.slice(0, main.lastIndexOf(path.join("node_modules", library)) + path.join("node_modules", library).length);
say({ version: JSON.parse(fs.readFileSync(path.join(home, "package.json"), "utf8")).version });

for await (const line of readline.createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    const begun = process.cpuUsage();
    for (let number = 0; number < order.count; number++) await draw(order.kind);
    const spent = process.cpuUsage(begun);
    say({ cpu: (spent.user + spent.system) / 1e6 / order.count });
}
