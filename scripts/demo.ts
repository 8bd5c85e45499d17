import { join } from "node:path";
import { main } from "../cli/main.ts";

/** `npm run demo`: verified tasks of the bundled penguins, with built-in rules, into `smith-out/`. */
const dataset = join(import.meta.dirname, "..", "examples", "penguins");
process.stderr.write("Making tasks of examples/penguins (344 penguins, CC0) with built-in rules …\n");
await main(["node", "mle-smith", "generate", dataset, "--license", "CC0-1.0", ...process.argv.slice(2)]);
