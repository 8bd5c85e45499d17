/**
 * Words for what people want to predict, as whole words (singular) of a column's name or at the head of its
 * description. 3: alone enough for a question somebody would ask; 2: with one more sign; 1: with several.
 */
const STRONG = `price cost wage salary earning payroll fare rent premium revenue gpa justifiability stance sale profit
  yield harvest mpg mileage consumption demand
  survived survival died death dead mortality fatality casualty killed
  default bankruptcy bankrupt churn churned fraud attrition cancelled canceled cancellation defaulted delinquent
  diagnosis diagnosed malignant malignancy relapse recurrence recidivism rearrest rearrested arrested remission
  outcome response resp rating
  dx diagnostic eliminated
  vote voted turnout
  approved approval accepted admitted admission granted
  success successful failure failed fail passed won winner victory
  purchased purchase bought subscribed clicked converted conversion
  spam sentiment toxicity toxic
  attendance
  claim loss damage donation
  infected diabetes
  fraud fraudulent attrited exited readmitted hospitalized`;

const MEDIUM = `income expenditure expense spending value worth payment tip grade quality
  score mark sat charge result percentile performance achievement points
  duration speed stay time lifespan label class target species variety cultivar
  rate incidence prevalence crime accident injury offence offense
  status stage severity risk
  election choice chosen decision verdict opinion support approve
  visit visitor passenger departure arrival traffic
  concentration temperature rainfall precipitation biomass volume depth magnitude
  infection cancer stroke disease disorder symptom depression anxiety pain distress
  satisfaction happiness happy trust wellbeing
  emission pollution ozone radon resistivity
  strength hardness
  employed unemployment unemployed participation
  smoker smoking drinking
  inflation growth expectancy
  survive event complication improved improvement recovery cured
  pregnancy birthweight lowbirthweight
  presence present abundance occurrence
  absence absenteeism
  delay lateness delayed late
  popularity share win goal run mass
  obesity genre`;

const strengths = new Map<string, number>();
for (const word of MEDIUM.split(/\s+/)) if (word) strengths.set(word, 2);
for (const word of STRONG.split(/\s+/)) if (word) strengths.set(word, 3);

/** 0 for words that are no outcomes. */
export function outcomeStrength(word: string): number {
  return strengths.get(word) ?? 0;
}

/** Names that machine-learning tables give to their target. */
export const TARGET_NAMES = new Set([
  "target",
  "label",
  "class",
  "y",
  "outcome",
  "response",
  "output",
  "result",
]);

/** Phrases by which documentation declares a column its outcome. */
export const DECLARES_OUTCOME =
  /\b((response|dependent|outcome|target) (variable|measure)s?|(the|main|primary) (response|outcome)|to be predicted|class label)\b/i;

/** Phrases in prose that are followed by what is predicted or explained. */
export const ASKS =
  /\b(?:to predict(?:ing)?|predict(?:s|ing|ion of|or of)?|explain(?:s|ing)?|determinants? of|factors? (?:affecting|influencing|associated with|related to)|classif(?:y|ying|ication of)|forecast(?:s|ing)?(?: of)?|response variable(?: is| was|,)?|dependent variable(?: is| was|,)?|outcome(?: variable)?s?(?: is| was| are|,)|response(?: is| was)|estimat(?:e|ing|ion of)(?: the)? effects? of [^.]{3,80}? on|(?:effects?|impact|influence|relationship) of [^.]{3,80}? on|detect(?:ing|ion of)?)\s+([^.;:]{3,120})/gi;

/** What happens in the end: when something else of this kind is asked for, it is not known yet. */
export const EVENTUAL = new Set(
  "survived survival died death dead outcome response result relapse recurrence diagnosis eliminated won winner win passed failed success failure cured improved improvement recovery remission default cancelled canceled churn attrition rearrested arrested event disposition verdict".split(
    " ",
  ),
);
