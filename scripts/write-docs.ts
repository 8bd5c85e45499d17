import { readFileSync, writeFileSync } from "node:fs";
import { documents } from "./documents.ts";
import { withPicture } from "./graph-picture.ts";

// `npm run docs`: the generated pages anew; a test fails while they differ from what the code says.
for (const [name, text] of Object.entries(await documents()))
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);

const readme = new URL("../README.md", import.meta.url);
writeFileSync(readme, await withPicture(readFileSync(readme, "utf8")));
