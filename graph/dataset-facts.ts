import type { Survey } from "../dataset/survey.ts";
import type { DatasetFacts } from "../task/dataset-facts.ts";
import type { Services } from "./services.ts";
import type { DatasetReference } from "./state.ts";

/** Licences (SPDX names) under which anybody may pass the data on. */
const free = /^(CC0|CC-BY|PDDL|ODbL|ODC-By|MIT|BSD|Apache|Unlicense|0BSD|GPL|LGPL)/i;

/** What packages say of their dataset. A licence is what the user states or what a licence file was recognised as; never a guess. */
export function datasetFacts(services: Services, dataset: DatasetReference, survey: Survey): DatasetFacts {
  const licence = services.configuration.license ?? survey.licence?.name ?? null;
  const nonCommercialOrNoDerivatives = licence !== null && /-(NC|ND)/i.test(licence);
  const redistributable =
    licence === null ? "unknown" : free.test(licence) && !nonCommercialOrNoDerivatives ? "yes" : "unknown";
  return {
    name: dataset.name,
    title: survey.dataset.title,
    fingerprint: dataset.fingerprint,
    source: survey.source,
    licence,
    licenceText: survey.documentation.find(({ path }) => path === survey.licence?.path)?.text ?? null,
    redistributable,
  };
}
