/** How long to wait for a response from other tabs, in milliseconds. */
export const RESPONSE_MS = 50;

/** A message may reach a tab after the lock does. So keep the lock this long after sending one, in milliseconds. */
export const DELIVERY_MS = 10;

/** setTimeout() fires at once for longer delays. */
export const LONGEST_TIMER_MS = 0x7fffffff;
