#!/usr/bin/env node
// TypeScript is run as it is: no build step between a change and its effect.
import { register } from "tsx/esm/api";

register();
const { main } = await import("./main.ts");
await main(process.argv);
