/** Words of columns that nobody asks to predict, or that no task may ask for; singular, whole words of a name. */
const set = (text: string) => new Set(text.split(/\s+/).filter((word) => word.length > 0));

/** What an experimenter chose or a coder assigned: it cannot be predicted, it was decided. */
export const DESIGN =
  set(`block blk plot subplot wholeplot row col bed rep replicate replication rpt treat treatment trt
  manner method mode arm armcd actarm trtp trta dose dosage randomized randomised allocation assignment condition cond group grp control
  fold part split order sequence seq session trial run batch tray field range position entry iblock check intervention exposure
  visitnum wave round cycle version sample specimen occasion phase period program programme timepoint measurement`);

/** Coordinates and times: inputs of questions, not answers. */
export const COORDINATES = set(
  `lat latitude lon long longitude easting northing x y z coord coordinate geometry zip zipcode postcode fips`,
);
export const TIMES = set(
  `year yr month day date week weekday quarter hour minute timestamp decade century season`,
);

/** Names and codes of things. */
export const NAMES =
  set(`id ids uid uuid key code name index idx nr no title url link uri isbn email phone address street comment note
  county state city country province district region district town village municipality iso iso2 iso3 nation locality neighborhood
  neighbourhood station site location area place school hospital company manufacturer brand model store shop team player artist author
  firm plant judge clinic center centre ward constituency`);

/** Traits of people that are inputs at best: a question that asks for them is odd, or harmful. */
export const PERSONAL =
  set(`age sex gender male female agegrp agegroup married marital maritl kids children child sibling sibs family household
  education educ schooling edu race ethnicity ethnic eth black white hispanic hisp asian nonwhite minority religion religious
  birth birthday born mother father parent height bmi weight`);

/** Never asked for, whatever the documentation says. */
export const HARMFUL =
  set(`race racial ethnicity ethnic eth black hispanic hisp asian nonwhite minority white religion religious bornagain catholic muslim
  protestant jewish baptist mormon gay lesbian homosexual heterosexual sexuality orientation transgender disability disabled caste nationality
  citizenship immigrant refugee gender sex female male sexf`);
export const HARMFUL_PHRASE =
  /\b(sexual orientation|race|ethnicity|ethnic group|religio(n|us)|nationality|gender|\bsex\b)/i;

/** Marks of a column that is a transform of another: what stands before or after its name. */
export const TRANSFORM_PREFIXES =
  "ln log10 log2 log l sqrt sq z std stand norm d c g cl gr delta diff chg pct rank cat is has bin raw adj num lag".split(
    " ",
  );
export const TRANSFORM_SUFFIXES =
  "sq squared sqd 2 log ln z std cat cats grp group bin class rank pct perc percent num code dummy flag ind cat2 01 new raw adj binary discrete f n cl min hrs hours cont fac factor f2 level levels".split(
    " ",
  );

/** A description or name that says it was there before the outcome. */
export const EARLIER =
  /\b(baseline|before|previous|previously|prior|pre|initial|initially|early|first|lag|lagged|last (year|period|month|week)|earlier|past|history|at (admission|entry|enrol+ment|intake|start|diagnosis)|intake|screening|pre-?treatment|pre-?test|parents?'?|mother'?s?|father'?s?)\b/i;

/** A description or name that says it is known only after the outcome. */
export const LATER =
  /\b(final|finally|post|posttest|follow-?up|outcome|subsequent|subsequently|discharged?|eventual(ly)?|cause of death|date of death|died|death|survived|ex post|resolved|resolution|completion|predicted|prediction|fitted|residuals?$|won|winner|lost|losses|error term|random error|disturbance|noise term)\b/i;

/** Times until an event and the event's mark tell each other. */
export const DURATION =
  /\b(time|survival|surv|futime|duration|durat|days|weeks|months|follow|followup|pgtime|os|pfs|lifetime|year of death|month of death|day of death|yrdth|modth|dadth|ttr|date of (last|death)|stop|end)\b/i;
export const EVENT = /\b(status|event|censor(ed|ing)?|cens|death|died|dead|relapse|arrest|outcome|cause)\b/i;

/** A name or description that says it lies ahead of the rest of the row. */
export const FUTURE =
  /\b(tomorrow|next (day|week|month|year|quarter|season|period|visit)|in the future|(\d+|one|two|three|five|ten)[- ](day|week|month|year) (outcome|survival|mortality|follow)|re-?admi\w+|reoffend\w*|subsequent)\b/i;

/** Totals and averages of other columns. */
export const TOTAL =
  /\b(total|sum|overall|composite|combined?|combination|index|average|mean|aggregate|ratio|difference|diff|percent change|change)\b/i;

/** Times until an event, which end with it or are cut off. */
export const TIME_TO_EVENT =
  /\b(surviv\w*|follow-?up|futime|time (to|until|till|from|since) |days (to|until)|months (to|until)|years (to|until)|until (death|event|relapse)|censor\w*|surv\w*)\b/i;
