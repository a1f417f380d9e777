// Processes that this run started. They end with it.
import { spawn } from "node:child_process";

const living = new Set();

/** Starts a program; what it says on standard error is kept for when it fails. */
export const start = (program, words, options = {}) => {
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"], ...options });
  child.said = "";
  child.stderr?.on("data", (text) => { child.said = (child.said + text).slice(-2000); });
  child.ended = new Promise((resolve) => {
    const end = (why) => { living.delete(child); child.over = true; resolve(why); };
    child.once("exit", (code, signal) => end(code ?? signal));
    child.once("error", (error) => { child.said += error.message; end(error.code); });
  });
  living.add(child);
  return child;
};

/** Runs a program to its end and returns what it printed. */
export const output = async (program, words, options = {}) => {
  const child = start(program, words, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let text = "";
  child.stdout?.on("data", (part) => { text += part; });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const code = await child.ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${child.said.trim()}`);
  await closed;
  return text;
};

/** Asks a process to end, and insists after half a minute. */
export const stop = async (child, signal = "SIGTERM") => {
  if (child.over) return;
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await child.ended;
  clearTimeout(insist);
};

/** Ends at once whatever still lives. */
export const endAll = () => {
  for (const child of living) child.kill("SIGKILL");
};
