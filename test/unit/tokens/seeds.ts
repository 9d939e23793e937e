/** How many random secrets each form is tried with. A mutation run repeats a test for each mutant and tries few. */
export const SEEDS = process.env.STRYKER_MUTATOR_WORKER === undefined ? 40 : 2;
