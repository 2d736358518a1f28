// Makes one file of cell.mjs and the packages it needs, and a second one with their licences, in the folder named.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const SOURCES = ["build.mjs", "cell.mjs", "package-lock.json", "package.json"];
const [, , target] = process.argv;
const hash = createHash("sha256");
for (const name of SOURCES) hash.update(readFileSync(name));

const { metafile, outputFiles } = await build({
  entryPoints: ["cell.mjs"], bundle: true, minify: true, format: "esm", target: "es2022", metafile: true, write: false,
  banner: { js: `// ${hash.digest("hex")}\n// Made by \`make editor\`. Licences: code_cell-LICENSE.txt` },
});
writeFileSync(join(target, "code_cell.js"), outputFiles[0].contents);

const parts = Object.entries(Object.values(metafile.outputs)[0].inputs).filter(([, { bytesInOutput }]) => bytesInOutput);
const packages = parts.flatMap(([path]) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
const licences = [...new Set(packages)].sort().map((name) => {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(join(target, "code_cell-LICENSE.txt"), `code_cell.js contains these packages.\n\n${licences.join("\n\n")}`);
