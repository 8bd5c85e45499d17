/**
 * Statistical formulas in documentation (`lm(price ~ rooms, data = d)`, also of Python's statsmodels): the best
 * evidence there is of what people predict from what in this very data.
 */
export interface Formula {
  /** Columns on the left: the response. */
  left: string[];
  /** Columns on the right: the predictors. */
  right: string[];
  /** Survival models: duration and event of `Surv(time, status)`. */
  survival: { duration: string; event: string } | null;
  /** `model` fits the left from the right, `plot` shows it, `layout` only arranges (maps, pivots, counts). */
  use: "model" | "plot" | "layout";
  /** The text, at most 160 characters. */
  text: string;
}

const MODELS =
  /^(lm|glm|glm\.nb|aov|lmer|lme|nlme|glmer|nlmer|gls|nls|loess|rpart|ctree|cforest|tree|gam|gamm|coxph|cph|survreg|survfit|survdiff|randomforest|ranger|polr|multinom|clm|clmm|hurdle|zeroinfl|tobit|plm|pglm|feols|felm|iv_?reg(\.fit)?|ivreg|iv_robust|lm_robust|rq|rqss|nlrq|rlm|lmrob|glmrob|betareg|asreml|drm|boxcox|drc|drmc|nnet|svm|train|lda|qda|knn|mblogit|logit|probit|ols|wls|mixedlm|poisson|negativebinomial|quantreg|stan_glm|stan_lmer|stan_glmer|stan_polr|brm|bayesglm|geeglm|gee|ordgee|crr|ksvm|naivebayes|gbm|xgboost|lrm|orm|rms|regsubsets|step|manova|t\.test|wilcox\.test|kruskal\.test|oneway\.test|anova|censreg|selection|heckit|lmlist|nlslist|nlsList|gge|lmdme|mob|glmtree|lmtree|earth|mars|workflow|fit|linear_reg|logistic_reg|sem|gmm|systemfit|mlogit|vglm|gamlss|gnm|ppr|lars|pcr|plsr|cv\.glm|hglm|inla|mcmcglmm|spreg|lagsarlm|gstat|krige|blmer|bglmer|rfsrc|survexp|cox_ph|coxphfitter|flexsurvreg|psm|aggregate_test|ttest|tukeyhsd|leveneTest|levenetest|bartlett\.test|fligner\.test|aovp|ezanova|ancova|medmod|mediate)$/i;
const PLOTS =
  /^(plot|xyplot|bwplot|boxplot|dotplot|stripplot|stripchart|spineplot|cdplot|scatterplot|densityplot|histogram|qplot|gf_\w+|beanplot|vioplot|interaction\.plot|coplot|pairs|scatter3d|segplot|aggregate|ddply|favstats|mean|median|sd|tally|bargraph\.ci|lineplot\.ci|ggplot|smooth|lines|points|text|useouterstrips|ecdfplot|qqmath)$/i;
const LAYOUT =
  /^(desplot|levelplot|contourplot|wireframe|cloud|mosaic|mosaicplot|facet_grid|facet_wrap|xtabs|table|ftable|cast|acast|dcast|recast|reshape|structable|doubledecker|tile|assoc|loglm|reshapeGUI|case_when|variogram|ggdesplot|sieve|cotabplot|prop\.table|pivot|coordinates|heplot|covellipses|boxm)$/i;

/** Formulas whose sides name columns of the table; at most 60, in text order. */
export function formulas(raw: string, columns: ReadonlySet<string>): Formula[] {
  const found: Formula[] = [];
  for (let at = raw.indexOf("~"); at >= 0 && found.length < 60; at = raw.indexOf("~", at + 1)) {
    if (raw[at - 1] === "~" || raw[at + 1] === "~") continue;
    const start = leftEnd(raw, at);
    const end = rightEnd(raw, at);
    const leftText = raw.slice(start, at);
    const rightText = raw.slice(at + 1, end);
    if (/[.?!]\s/.test(leftText) || leftText.length > 160) continue;
    const left = namesIn(leftText, columns);
    const right = namesIn(rightText, columns);
    if (left.length === 0 && right.length === 0) continue;
    found.push({
      left,
      right,
      survival: survivalOf(leftText, left),
      use: useOf(raw, start),
      text: raw.slice(start, end).replace(/\s+/g, " ").trim().slice(0, 160),
    });
  }
  return found;
}

/** `Surv(time, status == 2)` names a duration and an event; with three arguments the rows are intervals, which we do not ask for. */
function survivalOf(text: string, left: string[]): Formula["survival"] {
  const inside = /\bSurv\s*\(([^()]*)\)?/.exec(text)?.[1];
  const [duration, event] = left;
  if (inside === undefined || duration === undefined || event === undefined) return null;
  return inside.split(",").length === 2 ? { duration, event } : null;
}

function leftEnd(raw: string, at: number): number {
  let depth = 0;
  let index = at - 1;
  for (; index >= 0 && at - index < 200; index--) {
    const sign = raw[index] ?? "";
    if (sign === ")" || sign === "]") depth++;
    else if (sign === "(" || sign === "[") {
      if (depth === 0) break;
      depth--;
    } else if (
      depth === 0 &&
      (sign === "," ||
        sign === "\n" ||
        sign === "=" ||
        sign === "{" ||
        sign === "#" ||
        sign === '"' ||
        sign === "'" ||
        sign === "`")
    )
      break;
    else if (depth === 0 && sign === "-" && raw[index - 1] === "<") break;
  }
  return index + 1;
}

function rightEnd(raw: string, at: number): number {
  let depth = 0;
  let index = at + 1;
  let lastSign = "~";
  for (; index < raw.length && index - at < 400; index++) {
    const sign = raw[index] ?? "";
    if (sign === "(" || sign === "[") depth++;
    else if (sign === ")" || sign === "]") {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && (sign === "," || sign === '"' || sign === "'" || sign === "`")) break;
    else if (sign === "\n" && depth === 0 && !/[+*~|:\-/]/.test(lastSign)) break;
    if (!/\s/.test(sign)) lastSign = sign;
  }
  return index;
}

/** The call that the formula stands in decides what it is used for; unknown functions count as plots. */
function useOf(raw: string, start: number): Formula["use"] {
  let depth = 0;
  for (let index = start - 1; index >= 0 && start - index < 400; index--) {
    const sign = raw[index] ?? "";
    if (sign === ")" || sign === "]") depth++;
    else if (sign === "(" || sign === "[") {
      if (depth > 0) {
        depth--;
        continue;
      }
      const name = /([A-Za-z_][\w.]*)\s*$/.exec(raw.slice(Math.max(0, index - 60), index))?.[1];
      if (name === undefined) return "plot";
      if (LAYOUT.test(name)) return "layout";
      if (MODELS.test(name)) return "model";
      if (PLOTS.test(name)) return "plot";
      if (
        /^(formula|as\.formula|Formula|bf|fixed|list|c|summary|coef|print|update|invisible|with|suppressWarnings)$/.test(
          name,
        )
      )
        continue;
      return "plot";
    }
  }
  return "plot";
}

/** Columns named in one side of a formula; `d$price` and `data["price"]` count as price, function names do not. */
function namesIn(text: string, columns: ReadonlySet<string>): string[] {
  const names: string[] = [];
  const pattern = /(`[^`]+`|[A-Za-z][\w.]*\$)?([A-Za-z][\w.]*)(\s*\()?/g;
  for (const match of text.slice(0, 400).matchAll(pattern)) {
    const name = match[2] ?? "";
    if (match[3] !== undefined && match[3] !== "") {
      // A function such as log(): its name is no column; what stands in its brackets follows as matches of its own.
      continue;
    }
    if (columns.has(name) && !names.includes(name)) names.push(name);
  }
  return names;
}
