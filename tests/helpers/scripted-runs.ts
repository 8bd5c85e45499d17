import { afterAll, afterEach, vi } from "vitest";
import { runGenerate } from "../../cli/generate.ts";
import { createRun, reopenRun } from "../../cli/run-folder.ts";
import type { Summary } from "../../cli/summary.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import type { StampedEvent } from "../../core/events.ts";
import { Folders, onlyRun, tasksOf } from "./command-line.ts";
import { type ReceivedRequest, type Reply, ScriptedModel, type Step } from "./scripted-model.ts";

/** What a run of the whole graph came to. */
export interface Played {
  out: string;
  summary: Summary;
  events: StampedEvent[];
  /** Folders of its tasks. */
  tasks: string[];
  /** All that the model was asked, in runs that were resumed as well. */
  requests: ReceivedRequest[];
}

/**
 * Runs of the whole graph in this process, with a model that answers by a script behind real HTTP. For the tests of one file:
 * after each, the script must have been followed to its end; after all, the folders are removed.
 */
export class ScriptedRuns {
  readonly folders = new Folders();
  #model: ScriptedModel | undefined;

  constructor() {
    afterAll(() => this.folders.remove());
    afterEach(async () => {
      vi.unstubAllEnvs();
      await this.#close();
    });
  }

  /** Runs one dataset to its end. The model plays all that make a task, and no solver, unless `flags` say otherwise. */
  async play(dataset: string, steps: (Step | Reply)[], flags: Record<string, unknown> = {}): Promise<Played> {
    await this.#close();
    this.#model = await ScriptedModel.start(steps);
    vi.stubEnv("OPENAI_API_KEY", "none-needed");
    const out = this.folders.make();
    const configuration = loadConfiguration({
      flags: {
        model: "scripted",
        models: { solver: "rules" },
        baseUrl: this.#model.url,
        tasks: 1,
        retry: { attempts: 1 },
        ...flags,
      },
    });
    return this.#end(createRun(out, [dataset], configuration), out);
  }

  /** Resumes the run, with what is left of its script. */
  async resume({ out }: Played): Promise<Played> {
    return this.#end(reopenRun(out, onlyRun(out).id), out);
  }

  async #end(run: Parameters<typeof runGenerate>[0], out: string): Promise<Played> {
    const summary = await runGenerate(run, { signal: new AbortController().signal });
    const requests = this.#model?.requests ?? [];
    return { out, summary, events: onlyRun(out).events, tasks: tasksOf(out), requests };
  }

  /** Throws when a request was unexpected or a step was left. */
  async #close(): Promise<void> {
    const closing = this.#model;
    this.#model = undefined;
    await closing?.close();
  }
}
