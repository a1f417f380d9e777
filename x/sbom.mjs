// Writes a list of what goes into the binary, in the form of CycloneDX 1.5: the crates that cargo
// resolves for it without those of the tests, and the packages of the browser side.
// Usage: cargo metadata --format-version 1 | node x/sbom.mjs
import { readFileSync } from "node:fs";

const metadata = JSON.parse(readFileSync(0, "utf8"));
const packages = new Map(metadata.packages.map((one) => [one.id, one]));
const nodes = new Map(metadata.resolve.nodes.map((one) => [one.id, one]));
const sums = new Map();
for (const part of readFileSync(new URL("../Cargo.lock", import.meta.url), "utf8").split("[[package]]")) {
  const field = (name) => part.match(new RegExp(`^${name} = "(.*)"$`, "m"))?.[1];
  sums.set(`${field("name")} ${field("version")}`, field("checksum"));
}

const root = metadata.packages.find((one) => one.name === "simpul");
const reached = new Set();
const waiting = [root.id];
while (waiting.length > 0) {
  const id = waiting.pop();
  if (reached.has(id)) continue;
  reached.add(id);
  for (const dep of nodes.get(id).deps) {
    if (dep.dep_kinds.some((kind) => kind.kind !== "dev")) waiting.push(dep.pkg);
  }
}

const purl = (kind, name, version) => `pkg:${kind}/${name.replace("@", "%40")}@${version}`;
const licences = (text) => (text ? [{ expression: text.replaceAll("/", " OR ") }] : []);
const crate = (id) => {
  const { name, version, license } = packages.get(id);
  const sum = sums.get(`${name} ${version}`);
  return {
    type: "library",
    "bom-ref": purl("cargo", name, version),
    name,
    version,
    purl: purl("cargo", name, version),
    ...(sum ? { hashes: [{ alg: "SHA-256", content: sum }] } : {}),
    licenses: licences(license),
  };
};

const web = JSON.parse(readFileSync(new URL("../web/package-lock.json", import.meta.url), "utf8"));
const bundled = Object.entries(web.packages)
  .filter(([path, one]) => path.startsWith("node_modules/") && !one.optional)
  .map(([path, one]) => {
    const name = path.replace(/^.*node_modules\//, "");
    const ref = purl("npm", name, one.version);
    return { type: "library", "bom-ref": ref, name, version: one.version, purl: ref, licenses: licences(one.license) };
  });

const own = crate(root.id);
const components = [...reached].filter((id) => id !== root.id).map(crate).concat(bundled);
components.sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
const dependencies = [...reached].map((id) => ({
  ref: crate(id)["bom-ref"],
  dependsOn: nodes.get(id).deps.map((dep) => dep.pkg).filter((dep) => reached.has(dep)).map((dep) => crate(dep)["bom-ref"]).sort(),
}));
dependencies.sort((a, b) => (a.ref < b.ref ? -1 : 1));

const bom = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  version: 1,
  metadata: { component: { ...own, type: "application" } },
  components,
  dependencies,
};
process.stdout.write(`${JSON.stringify(bom, null, 1)}\n`);
