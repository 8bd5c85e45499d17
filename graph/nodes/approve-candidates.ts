import { editCandidate } from "../../agents/brainstormer/edit-candidate.ts";
import type { Candidate } from "../../agents/roles.ts";
import type { Survey } from "../../dataset/survey.ts";
import { type Defect, personChecks } from "../../verifiers/defect.ts";
import { loadSurvey } from "../artefacts.ts";
import { type CandidatesAnswer, candidatesAnswer } from "../people/answers.ts";
import { ask, type Judged } from "../people/ask.ts";
import { clipped, few } from "../people/texts.ts";
import { rejected } from "../rejected.ts";
import { candidatesToTry } from "../routing.ts";
import type { Services } from "../services.ts";
import type { SmithUpdate, SmithValues } from "../state.ts";

/** What a person made of the candidates: those kept, in their places, and those dropped with a reason. */
interface Choice {
  kept: Map<string, Candidate>;
  dropped: Map<string, string>;
}

const allDropped = {
  reason: "a person dropped every candidate",
  help: "run the dataset again and keep one, or edit one into the question that you would ask",
};

/** Asks a person which of the new candidates become tasks; they may be dropped and edited. */
export async function approveCandidates(services: Services, state: SmithValues): Promise<SmithUpdate> {
  const waiting = candidatesToTry(state).filter(
    ({ candidate }) => !state.approvedCandidates.includes(candidate.id),
  );
  const { opened } = state;
  // A run may be resumed without people being asked.
  if (!services.configuration.approve.candidates || waiting.length === 0 || opened === null) return {};
  const survey = await loadSurvey(services, state.surveyKey);
  const candidates = waiting.map(({ candidate }) => candidate);
  const ids = candidates.map(({ id }) => id);
  const { designer } = services.players;
  const choice = ask(
    {
      asks: "approve_candidates",
      question: questionText(candidates.length, designer.name),
      dataset: opened.name,
      designer: designer.name,
      candidates: candidates.map(({ edited: _, dataUse, rationale, question, target, ...facts }) => ({
        ...facts,
        target: few(target),
        question: clipped(question, 400),
        dataUse: clipped(dataUse, 600),
        rationale: clipped(rationale, 400),
      })),
    },
    candidatesAnswer(ids),
    (answer) => choose(answer, { services, survey, candidates, all: state.candidates }),
  );
  services.emit({
    event: "person_answered",
    dataset: state.dataset,
    asked: "approve_candidates",
    kept: [...choice.kept.values()].map(({ id }) => id),
    dropped: [...choice.dropped.keys()],
    edited: [...choice.kept.values()].flatMap(({ id, edited }) =>
      edited === undefined ? [] : [{ id, fields: edited }],
    ),
  });
  const results = waiting.flatMap(({ candidate, slot }) => {
    const reason = choice.dropped.get(candidate.id);
    return reason === undefined
      ? []
      : [droppedResult(services, { dataset: state.dataset, candidate, slot }, reason)];
  });
  const kept = state.candidates.map((candidate) => choice.kept.get(candidate.id) ?? candidate);
  const nothingLeft = results.length === state.candidates.length;
  return {
    candidates: kept,
    approvedCandidates: [...state.approvedCandidates, ...[...choice.kept.values()].map(({ id }) => id)],
    results,
    ...(nothingLeft ? { refusal: allDropped } : {}),
  };
}

function questionText(count: number, designer: string): string {
  const which =
    count === 1
      ? "Shall this candidate become a task?"
      : `Which of these ${count} candidates shall become tasks?`;
  const rules =
    designer === "rules"
      ? " Built-in rules will design them: they follow an edited title, question, target and metric, and refuse what they cannot design."
      : ` ${designer} will design them.`;
  return `${which} Keep, drop or edit each.${rules}`;
}

function choose(
  answer: CandidatesAnswer,
  {
    services,
    survey,
    candidates,
    all,
  }: { services: Services; survey: Survey; candidates: Candidate[]; all: Candidate[] },
): Judged<Choice> {
  const choice: Choice = { kept: new Map(), dropped: new Map() };
  const errors: string[] = [];
  const decisions = new Map(
    answer.decision === "approve" ? [] : answer.candidates.map((one) => [one.id, one] as const),
  );
  for (const candidate of candidates) {
    const decision = decisions.get(candidate.id);
    if (decision?.decision === "drop") choice.dropped.set(candidate.id, decision.reason ?? "no reason given");
    else if (decision?.decision === "edit") {
      const others = all
        .filter((other) => other.id !== candidate.id)
        .map((other) => choice.kept.get(other.id) ?? other);
      const edited = editCandidate(survey, candidate, decision.changes, others, `${candidate.id}.changes`);
      const objection = edited.ok
        ? services.players.designer.objection(edited.value, survey, services.configuration.seed)
        : null;
      if (!edited.ok) errors.push(...edited.errors);
      else if (objection !== null) errors.push(`${candidate.id}: ${objection}`);
      else choice.kept.set(candidate.id, edited.value);
    } else choice.kept.set(candidate.id, candidate);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: choice };
}

function droppedResult(
  services: Services,
  about: Pick<Parameters<typeof rejected>[1], "dataset" | "candidate" | "slot">,
  reason: string,
) {
  const defect: Defect = {
    check: personChecks.dropped,
    layer: "review",
    severity: "fatal",
    blame: "brainstormer",
    message: reason,
    evidence: "a person's own words",
    repair: null,
  };
  const attempts = { designer: 0, refactor: 0 };
  const state = { ...about, attempts, openDefects: [defect], history: [{ attempt: 0, defect }] };
  // What a person does not want needs no replacement: somebody looked at it and said so.
  return rejected(services, state, { unsoundIdea: false });
}
