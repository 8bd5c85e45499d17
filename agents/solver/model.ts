import { z } from "zod";
import { ModelError } from "../../core/errors.ts";
import { ACTION_DESCRIPTIONS, Action } from "../../task/environment/actions.ts";
import type { TaskEnvironment } from "../../task/environment/environment.ts";
import { DATA_PATH, WORK_PATH } from "../../task/environment/information.ts";
import { converse, type Tool } from "../model/conversation.ts";
import type { ModelPlayer } from "../model/player.ts";
import { clip, loadPrompt, printable, untrusted } from "../model/prompt.ts";
import { answerSchema } from "../model/structured.ts";

export const prompt = loadPrompt(new URL("./prompt.md", import.meta.url));

const Answer = z.strictObject({ approach: z.string() });

/** What the model is told at once, so that it takes no action to know it. */
const OPENING = ["overview", "sample_submission", "data_structure", "metadata"] as const;

/** Characters of the opening, of one observation, and of the approach in the record. */
const bounds = { opening: 16_000, observation: 3_500, approach: 300 };

/**
 * Lets a model act in a task's environment until it is done or has no actions left; returns its approach in a sentence.
 * Throws what the client throws, and ModelError when it never ran any code: then the model could not play, which says
 * nothing of the task.
 */
export async function solve(
  { client, signal, onCall }: Pick<ModelPlayer, "client" | "signal" | "onCall">,
  environment: TaskEnvironment,
): Promise<string> {
  const { actions } = environment;
  const opening = printable(await environment.tell(OPENING)).slice(0, bounds.opening);
  const result = await converse({
    client,
    role: "solver",
    system: prompt.render({ actions: String(actions), data: DATA_PATH, work: WORK_PATH }),
    user: untrusted("task", opening),
    answer: { name: "solution", schema: Answer },
    check: (answer) =>
      environment.best === null && environment.actionsLeft > 0
        ? {
            ok: false,
            errors: [
              `nothing has a score yet, and ${environment.actionsLeft} actions are left: execute code that writes submission.csv`,
            ],
          }
        : { ok: true, value: answer.approach },
    tools: Action.options.map((action) => toolOf(action, environment)),
    // A round holds one action at least; those whose arguments do not fit take none.
    exploration: { rounds: actions + 3, callsPerRound: actions, characters: actions * bounds.observation },
    signal,
    onCall,
  });
  if (!environment.steps.some(({ action }) => action === "execute_code"))
    throw new ModelError(
      `model ${client.modelOf("solver")}: it ran no code in the environment${result.ok ? "" : ` (${result.reason.slice(0, 300)})`}`,
      { hint: "choose another model for the solver (models.solver), or leave it out: models.solver=rules" },
    );
  return result.ok ? clip(result.value, bounds.approach) : "";
}

function toolOf(action: (typeof Action.options)[number], environment: TaskEnvironment): Tool {
  const name = action.shape.action.value;
  return {
    name,
    description: ACTION_DESCRIPTIONS[name],
    parameters: answerSchema(z.strictObject(action.shape).omit({ action: true })),
    call: async (input) => {
      const parsed = Action.safeParse({ ...(typeof input === "object" ? input : {}), action: name });
      if (!parsed.success) {
        const errors = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
        return { ok: false, text: `the arguments do not fit: ${errors.join("; ")}` };
      }
      const { status, feedback, actionsLeft } = await environment.act(parsed.data);
      const text = printable(feedback).slice(0, bounds.observation);
      return { ok: status === "SUCCESS", text: `${text}\nActions left: ${actionsLeft}` };
    },
  };
}
