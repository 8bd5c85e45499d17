/**
 * Words for what people want to predict, as whole words (singular) of a column's name or at the head of its
 * description. 3: alone enough for a question somebody would ask; 2: with one more sign; 1: with several.
 */
const STRONG = `price cost wage salary earning payroll fare rent premium charge revenue sale profit
  yield harvest mpg mileage consumption demand
  survived survival died death dead mortality fatality casualty killed
  default bankruptcy bankrupt churn churned fraud attrition cancelled canceled cancellation defaulted delinquent
  diagnosis diagnosed malignant malignancy benign relapse recurrence recidivism rearrest rearrested arrested remission
  outcome response target label class species variety quality grade rating
  approved approval accepted admitted admission enrolled granted
  success successful failure failed passed won win winner victory
  purchased purchase bought subscribed clicked converted conversion
  spam sentiment toxicity toxic activity_class
  attendance absenteeism
  claim loss damage
  infected infection diabetes cancer stroke`;

const MEDIUM = `income expenditure spending value worth loan amount payment tip
  score result mark gpa sat act percentile performance achievement
  weight height length duration time speed lifespan
  rate incidence prevalence crime accident injury offence
  type category kind status stage severity level risk
  vote voted election turnout choice chosen decision verdict opinion
  visit visitor passenger departure arrival count number demand traffic
  concentration temperature rainfall precipitation density biomass volume
  disease disorder symptom condition depression anxiety pain
  satisfaction happiness trust approval
  emission pollution ozone radon resistivity
  strength hardness
  employed unemployment participation employment
  smoker smoking drinking
  inflation return growth gdp
  survive alive event relapsed complication improved improvement recovery cured
  pregnancy lowbirthweight birthweight
  presence absence abundance occurrence
  delay lateness delayed late
  popularity share votes wins points goals`;

const strengths = new Map<string, number>();
for (const word of MEDIUM.split(/\s+/)) if (word) strengths.set(word, 2);
for (const word of STRONG.split(/\s+/)) if (word) strengths.set(word, 3);

/** 0 for words that are no outcomes. */
export function outcomeStrength(word: string): number {
  return strengths.get(word) ?? 0;
}

/** Names that machine-learning tables give to their target. */
export const TARGET_NAMES = new Set(["target", "label", "class", "y", "outcome", "response", "output", "result"]);

/** Phrases by which documentation declares a column its outcome. */
export const DECLARES_OUTCOME =
  /\b(response( variable)?|dependent variable|outcome( variable| measure)?s?|target( variable)?|variable (to be|to) predict(ed)?|to be predicted|class label|predicted variable|endogenous)\b/i;

/** Phrases in prose that are followed by what is predicted or explained. */
export const ASKS =
  /\b(?:to predict(?:ing)?|predict(?:s|ing|ion of|or of)?|explain(?:s|ing)?|determinants? of|factors? (?:affecting|influencing|associated with|related to)|classif(?:y|ying|ication of)|forecast(?:s|ing)?(?: of)?|response variable(?: is| was|,)?|dependent variable(?: is| was|,)?|outcome(?: variable)?s?(?: is| was| are|,)|response(?: is| was)|estimat(?:e|ing|ion of)(?: the)? effects? of [^.]{3,80}? on|(?:effects?|impact|influence|relationship) of [^.]{3,80}? on|model(?:l?ing)?(?: for)?|detect(?:ing|ion of)?)\s+([^.;:]{3,120})/gi;
