import { writeFileSync } from "node:fs";
import { metricsDocument } from "../task/metrics/document.ts";

// Writes docs/metrics.md anew from the catalogue; a test fails while the two differ.
writeFileSync(new URL("../docs/metrics.md", import.meta.url), metricsDocument());
