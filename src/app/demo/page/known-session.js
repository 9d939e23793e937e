const KEY = 'demo-has-session';

/**
 * Whether this browser may have a session. If it never had one, asking the server would only get a 401, which the browser
 * writes into its console as an error.
 */
export function mayHaveSession() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

/** Keeps it for the next visit. A session that can't be refreshed for now is still one. */
export function rememberSession({ status }) {
  try {
    if (status === 'authenticated') localStorage.setItem(KEY, 'yes');
    if (status === 'anonymous') localStorage.removeItem(KEY);
  } catch {
    // Storage is switched off in this browser.
  }
}
