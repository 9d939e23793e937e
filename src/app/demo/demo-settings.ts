/** The demo's own login sessions: separate from the app's, and with shorter lifetimes, so that changes can be seen. */
export const DEMO_PATH = 'demo/auth';
export const DEMO_COOKIE = 'demo_refresh_token';
export const DEMO_LEEWAY_MS = 5_000;
export const DEMO_LIFETIMES = {
  access: '20s',
  leeway: `${DEMO_LEEWAY_MS / 1000}s`,
  idle: '1h',
  absolute: '12h',
};

/** Sessions with ordinary rotation, to compare with. */
export const ORDINARY_PATH = 'demo/ordinary';
export const ORDINARY_COOKIE = 'ordinary_refresh_token';
