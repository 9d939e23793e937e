/** How long other tabs have to answer, in milliseconds. */
export const ANSWER_MS = 50;

/** A message may reach a tab later than the lock does, so the lock is held for as long after posting. */
export const DELIVERY_MS = 10;

/** setTimeout fires at once for anything longer. */
export const LONGEST_TIMER_MS = 0x7fffffff;
