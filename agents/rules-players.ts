import type { Defect } from "../verifiers/defect.ts";
import { brainstorm, FEWEST_ROWS } from "./brainstormer/rules.ts";
import { design } from "./designer/rules.ts";
import { type EarlierDefect, isGiveUp, type Players } from "./players.ts";
import { refactor } from "./refactor/rules.ts";
import { parseManifest, review } from "./reviewer/rules.ts";

/** Version of the built-in rules, as manifests name their author; raised when equal data would give another task. */
export const rulesVersion = "1";

/** The built-in rules as players: no key, no cost, from measurements alone. */
export function rulesPlayers(): Players {
  return {
    async brainstorm({ survey, count, earlier }) {
      const { candidates, rejectedIdeas } = brainstorm(survey, { tasks: count, earlier });
      if (candidates.length > 0) return { candidates };
      const whole = rejectedIdeas.filter(({ column }) => column.endsWith("(all)"));
      const reasons = (
        whole.length > 0
          ? whole.map(({ why }) => why)
          : rejectedIdeas.map(({ column, why }) => `${column}: ${why}`)
      ).slice(0, 12);
      return {
        candidates,
        ...(survey.views.every(({ rows }) => rows < FEWEST_ROWS)
          ? { help: "more rows, or let a model play: --model NAME" }
          : {}),
        reason: `no column makes a question that somebody would ask${reasons.length > 0 ? ` (${reasons.join("; ")})` : ""}`,
      };
    },
    async design({ candidate, survey, seed, history }) {
      return design(candidate, survey, { seed, defects: asked(history) });
    },
    designer: {
      name: "rules",
      readsRemarks: false,
      objection(candidate, survey, seed) {
        const designed = design(candidate, survey, { seed, defects: [] });
        return isGiveUp(designed) ? designed.giveUp : null;
      },
    },
    async refactor({ design: current, defects }) {
      return refactor(current, defects);
    },
    async review({ design: designed, files, records, siblings }) {
      return review({ manifest: parseManifest(files["task.json"]), design: designed, records, siblings });
    },
    // What rules can do to solve a task, the reference solvers do.
    solver: () => ({ absent: "no model" }),
  };
}

/** What was said of the attempts. Of one attempt, a check asks once for a repair, however many signs of the same it saw. */
function asked(history: readonly EarlierDefect[]): Defect[] {
  const seen = new Set<string>();
  return history.flatMap(({ attempt, defect }) => {
    const key = `${attempt} ${defect.check} ${JSON.stringify(defect.repair)}`;
    if (defect.repair !== null && seen.has(key)) return [];
    seen.add(key);
    return [defect];
  });
}
