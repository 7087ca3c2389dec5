// Prints which packages of npm are bundled into the extension, and the text of the licence of each: these go along with every copy.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";

const folders = new Set();
for (const options of [
  { entryPoints: ["src/extension.ts"], external: ["vscode"], platform: "node", format: "cjs" },
  { entryPoints: ["webview/graph/main.ts"], outdir: "dist", format: "iife" },
]) {
  const { metafile } = await esbuild.build({ ...options, bundle: true, write: false, metafile: true });
  for (const input of Object.keys(metafile.inputs)) {
    const end = input.lastIndexOf("node_modules/");
    if (end < 0) continue;
    const [scope, name] = input.slice(end + "node_modules/".length).split("/");
    folders.add(input.slice(0, end) + join("node_modules", scope, scope.startsWith("@") ? name : ""));
  }
}

const packages = [...folders].map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[sc]e|copying|notice|third-?party)/i.test(file));
  if (files.length === 0) throw new Error(`${name} ${version} brings no text of its licence`);
  return { title: `${name} ${version}`, license, texts: files.sort().map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trimEnd()) };
});
packages.sort((one, other) => (one.title < other.title ? -1 : 1));
console.log("The extension contains these packages of npm. The texts of their licences follow.\n");
for (const { title, license } of packages) console.log(`- ${title}: ${license}`);
for (const { title, texts } of packages) console.log(`\n${"=".repeat(80)}\n${title}\n\n${texts.join("\n\n")}`);
