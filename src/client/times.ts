/** How long to wait for a response from other tabs, in milliseconds. */
export const RESPONSE_MS = 50;

/** A message may reach a tab after the lock does. So keep the lock this long after sending one, in milliseconds. */
export const DELIVERY_MS = 10;

/** Less than 2^31, from where on setTimeout() fires at once. Whoever waits longer sets the next timer then. */
export const LONGEST_TIMER_MS = 1e9;
