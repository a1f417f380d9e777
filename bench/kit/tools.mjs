// wrk and nginx: used when there, installed by apt when missing and run by root.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { output } from "./children.mjs";

const found = (program) => [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"].some((folder) => {
  try {
    accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

const seen = new Set();

/** Makes sure of a program, by the Debian package that holds it. */
export const need = async (program, name) => {
  if (seen.has(program)) return;
  if (!found(program)) {
    if (process.getuid() !== 0) throw new Error(`${program} is missing; install the package ${name}`);
    console.log(`          installing ${name} with apt-get`);
    // The run level keeps the package from starting a service of its own.
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    const install = () => output("apt-get", ["install", "-y", "--no-install-recommends", name], { env });
    await install().catch(async () => {
      await output("apt-get", ["update"], { env });
      await install();
    });
    console.log(`          ${await output("dpkg-query", ["-W", "-f", "${Package} ${Version}", name])} installed`);
  }
  seen.add(program);
};
