import { candidateFunnel } from "../funnel.ts";
import type { Services } from "../services.ts";
import type { SmithUpdate, SmithValues } from "../state.ts";

/** What became of the candidates, in figures. */
export function report(services: Services, state: SmithValues): SmithUpdate {
  return { funnel: candidateFunnel(state.results), cost: services.cost() };
}
