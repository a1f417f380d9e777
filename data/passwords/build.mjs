// Builds breached.txt.gz from the password list of the npm package @zxcvbn-ts/language-common.
// Usage: node build.mjs path/to/package/src/passwords.json
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const source = JSON.parse(readFileSync(process.argv[2], "utf8"));
const own = readFileSync(new URL("./local.txt", import.meta.url), "utf8").split("\n");
const all = new Set([...source, ...own].map((p) => p.trim().toLowerCase()).filter((p) => [...p].length >= 8));
const sorted = [...all].sort();
writeFileSync(new URL("./breached.txt.gz", import.meta.url), gzipSync(sorted.join("\n"), { level: 9 }));
console.log(`${sorted.length} passwords`);
